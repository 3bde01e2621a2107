import pytest

from rag.config import PROFILES, Settings, load_settings, origins
from rag.errors import ConfigError


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in __import__("os").environ if name.startswith("RAG_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_flags_beat_the_environment_beats_dotenv_beats_toml(in_empty_folder, monkeypatch):
    (in_empty_folder / "rag.toml").write_text("candidates = 1\nthreads = 1\nweight_text = 1.5\nocr = false\n")
    (in_empty_folder / ".env").write_text("RAG_CANDIDATES=2\nRAG_THREADS=2\nRAG_WEIGHT_TEXT=2.5\n")
    monkeypatch.setenv("RAG_CANDIDATES", "3")
    monkeypatch.setenv("RAG_THREADS", "3")
    settings = load_settings(candidates=4)
    assert (settings.candidates, settings.threads, settings.weight_text, settings.ocr) == (4, 3, 2.5, False)
    places = origins(candidates=4)
    assert [places[name] for name in ("candidates", "threads", "weight_text", "ocr", "fusion")] == [
        "flag",
        "environment",
        ".env",
        "rag.toml",
        "default",
    ]


def test_a_profile_fills_in_what_is_not_set_by_itself():
    assert load_settings().text_model == "minilm"
    assert load_settings(reranker="none").reranker == "none"
    assert origins()["reranker"] == "profile mini"


@pytest.mark.parametrize("place", ["flag", "environment", ".env", "rag.toml"])
def test_an_empty_value_switches_off_what_the_profile_switches_on(in_empty_folder, monkeypatch, place):
    monkeypatch.setitem(PROFILES["mini"], "image_model", "tower")
    flags = {}
    assert load_settings().image_model == "tower"
    if place == "flag":
        flags = {"image_model": ""}
    elif place == "environment":
        monkeypatch.setenv("RAG_IMAGE_MODEL", "")
    else:
        (in_empty_folder / place).write_text({".env": "RAG_IMAGE_MODEL=\n", "rag.toml": 'image_model = ""\n'}[place])
    assert load_settings(**flags).image_model == ""
    assert origins(**flags)["image_model"] == place


def test_the_store_and_the_assets_follow_the_data_folder(tmp_path):
    settings = load_settings(data_dir=tmp_path / "data")
    assert settings.store_uri == str(tmp_path / "data" / "milvus.db")
    assert settings.asset_uri == str(tmp_path / "data" / "assets")
    assert load_settings(store_uri="http://x:19530").store_uri == "http://x:19530"


def test_a_value_out_of_bounds_names_the_setting_and_the_bound():
    with pytest.raises(ConfigError, match=r"candidates: .*greater than or equal to 1 \(have 0\)"):
        load_settings(candidates=0)


def test_a_misspelt_variable_is_refused_with_the_likely_name(monkeypatch):
    monkeypatch.setenv("RAG_CANDIDATE", "9")
    with pytest.raises(ConfigError, match="Did you mean RAG_CANDIDATES"):
        load_settings()


def test_a_misspelt_variable_in_dotenv_is_refused_too(in_empty_folder):
    (in_empty_folder / ".env").write_text("RAG_THREDS=9\n")
    with pytest.raises(ConfigError, match=r"RAG_THREDS in \.env"):
        load_settings()


def test_variables_of_other_programs_in_dotenv_are_none_of_our_business(in_empty_folder):
    (in_empty_folder / ".env").write_text("OPENAI_API_KEY=x\nOCR=false\n")
    assert load_settings().ocr is True


def test_an_unknown_key_in_the_file_is_refused(in_empty_folder):
    (in_empty_folder / "rag.toml").write_text("candidatez = 1\n")
    with pytest.raises(ConfigError, match="candidatez"):
        load_settings()


def test_a_broken_file_is_a_clear_error(in_empty_folder):
    (in_empty_folder / "rag.toml").write_text("candidates = \n")
    with pytest.raises(ConfigError, match=r"rag\.toml"):
        load_settings()


def test_the_token_is_never_shown():
    settings = load_settings(store_token="root:hunter2")
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings.store_token)


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())
