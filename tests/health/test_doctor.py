import pytest

from rag.config import load_settings
from rag.embed.minilm import MiniLM
from rag.health.doctor import diagnose
from rag.nn.model_folder import file_sha256, folder_digest
from tests.embed.towers import save_tower


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A thin tower in the place of the one that comes with the program."""
    folder = save_tower(tmp_path / "shipped", locked_text=MiniLM().fingerprint, dim=384)
    monkeypatch.setattr("rag.embed.tower.FOLDER", folder)
    monkeypatch.setattr("rag.embed.tower.DIGEST", folder_digest(folder))
    return folder


def image_finding(tmp_path, **settings):
    findings = diagnose(load_settings(data_dir=tmp_path, chat="extractive", ocr=False, **settings))
    return next(finding for finding in findings if finding.message.startswith("image: "))


def test_the_tower_is_named_with_its_dimension_and_hash(tmp_path, shipped):
    finding = image_finding(tmp_path, image_model="tower")
    assert finding.severity == "ok"
    assert finding.message.startswith("image: vision-tower@")
    assert f"384-d, sha256 {file_sha256(shipped / 'model.safetensors')}" in finding.message


def test_a_tower_that_is_not_as_it_was_shipped_is_an_error(tmp_path, shipped):
    weights = shipped / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    finding = image_finding(tmp_path, image_model="tower")
    assert finding.severity == "error"
    assert "not the vision tower of this version" in finding.message


def test_no_image_model_is_a_warning_with_what_to_set(tmp_path):
    finding = image_finding(tmp_path, image_model="")
    assert finding.severity == "warning"
    assert "RAG_IMAGE_MODEL=sight" in finding.remedy
