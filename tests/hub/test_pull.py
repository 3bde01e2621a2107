import hashlib
import io
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import huggingface_hub
import pytest
from filelock import FileLock

from rag.errors import ConfigError, ModelError
from rag.hub import api as hub_api
from rag.hub.lockfile import LOCK_NAME, read_pins
from rag.hub.names import ModelRef, locate, parse_name
from rag.hub.pull import pull
from tests.hub.hub_server import running

NAME = "org/tiny"
WEIGHTS = bytes(range(256)) * 4096
"""1 MiB: the client reads it in several pieces."""
FILES = {
    "config.json": b"{}",
    "tokenizer.json": b'{"model": {}}',
    "vocab.txt": b"a\nb\n",
    "sentencepiece.bpe.model": b"\x00pieces",
    "chat_template.jinja": b"{{ messages }}",
    "model.safetensors": WEIGHTS,
}
UNWANTED = {
    "README.md": b"# Tiny",
    ".gitattributes": b"",
    "modeling_tiny.py": b"import os",
    "pytorch_model.bin": b"pickle",
    "training_args.bin": b"pickle",
    "flax_model.msgpack": b"flax",
    "open_clip_model.safetensors": WEIGHTS,
    "model.fp16.safetensors": WEIGHTS,
    "model.safetensors.index.json": b"{}",
    "model-00001-of-00002.safetensors": WEIGHTS,
    "onnx/model.onnx": WEIGHTS,
    "onnx/config.json": b"{}",
    "1_Pooling/../../../evil.json": b"{}",
}


@pytest.fixture(autouse=True)
def online(monkeypatch):
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hub_api, "FIRST_WAIT_S", 0.0)


@pytest.fixture
def hub():
    with running() as server:
        server.push(NAME, FILES | UNWANTED)
        yield server


@pytest.fixture
def fetch(hub, tmp_path):
    """Pulls into the test's own folder."""

    def call(name=NAME, told=lambda stage, done, total: None, **options):
        return pull(name, tmp_path, told, endpoint=hub.url, **options)

    return call


def held(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("BAAI/bge-m3", ModelRef("BAAI/bge-m3")),
        ("Qwen/Qwen3-Reranker-0.6B", ModelRef("Qwen/Qwen3-Reranker-0.6B")),
        ("BAAI/bge-m3@5617a9f", ModelRef("BAAI/bge-m3", "5617a9f")),
        ("BAAI/bge-m3@refs/pr/12", ModelRef("BAAI/bge-m3", "refs/pr/12")),
    ],
)
def test_a_name_of_a_hub_is_read_and_written_alike(name, ref):
    assert parse_name(name) == ref
    assert str(ref) == name


def test_a_folder_is_whatever_looks_like_one_or_exists(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert parse_name("./org/name") == Path("org/name")
    assert parse_name("/models/x") == Path("/models/x")
    assert parse_name("~/x") == Path("/home/somebody/x")
    assert parse_name("org/name") == ModelRef("org/name")
    (tmp_path / "org" / "name").mkdir(parents=True)
    assert parse_name("org/name") == Path("org/name")


@pytest.mark.parametrize(
    "name", ["", "bge-m3", "a/b/c", "a/b@", "a/..", "a--b/c", "a/b@../../x", "a/b;rm", "https://hub/a/b"]
)
def test_anything_else_is_refused_with_what_to_write(name):
    with pytest.raises(ConfigError, match="org/name"):
        parse_name(name)


def test_a_model_that_is_not_here_names_the_command_that_fetches_it(tmp_path):
    with pytest.raises(ModelError, match=r"'rag models pull org/tiny@v2'"):
        locate("org/tiny@v2", tmp_path)
    with pytest.raises(ModelError, match="no model folder"):
        locate("./nowhere", tmp_path)


def test_a_folder_is_where_it_is_and_has_no_identity(tmp_path):
    model = locate(str(tmp_path), tmp_path / "models")
    assert (model.folder, model.revision, model.identity) == (tmp_path, "", "")


def test_a_pull_takes_what_is_needed_and_no_more(hub, fetch, tmp_path):
    done = fetch()
    commit = hub.repos[NAME].heads["main"]
    assert held(done.folder) == FILES
    assert done.folder == tmp_path / "org--tiny" / commit[:12]
    assert (done.commit, done.size_bytes) == (commit, sum(map(len, FILES.values())))
    assert done.fetched_bytes == done.size_bytes
    model = locate(NAME, tmp_path)
    assert (model.folder, model.revision, model.identity) == (done.folder, commit, f"{NAME}@{commit[:12]}")
    recorded = json.loads((tmp_path / LOCK_NAME).read_text())["snapshots"][f"{NAME}@{commit}"]
    assert recorded["licence"] == "mit"
    assert recorded["files"]["model.safetensors"] == {
        "sha256": hashlib.sha256(WEIGHTS).hexdigest(), "size_bytes": len(WEIGHTS)
    }  # fmt: skip


def test_modules_of_sentence_transformers_come_with_their_model(hub, fetch):
    dense = {"2_Dense/config.json": b"{}", "2_Dense/model.safetensors": b"w", "modules.json": b"[]"}
    hub.push(NAME, FILES | dense | {"2_Dense/pytorch_model.bin": b"pickle", "openvino/config.json": b"{}"})
    assert held(fetch().folder) == FILES | dense


def test_weights_in_parts_come_with_their_index(hub, fetch):
    parts = {f"model-0000{i}-of-00002.safetensors": b"w" * i for i in (1, 2)}
    files = {"config.json": b"{}", "model.safetensors.index.json": b"{}", **parts}
    hub.push("org/large", files | {"pytorch_model.bin.index.json": b"{}"})
    assert held(fetch("org/large").folder) == files


def test_a_model_without_weights_for_transformers_says_what_it_has(hub, fetch):
    hub.push("org/onnx", {"config.json": b"{}", "open_clip_model.safetensors": b"w", "model.onnx": b"w"})
    with pytest.raises(ModelError, match=r"open_clip_model\.safetensors, model\.onnx"):
        fetch("org/onnx")


def test_a_revision_that_was_pulled_stays_until_an_upgrade(hub, fetch, tmp_path):
    old = fetch().commit
    new = hub.push(NAME, FILES | {"config.json": b'{"new": 1}'})
    again = fetch()
    assert (again.commit, again.newer, again.fetched_bytes) == (old, new, 0)
    upgraded = fetch(upgrade=True)
    assert (upgraded.commit, upgraded.before, upgraded.newer) == (new, old, "")
    assert locate(NAME, tmp_path).revision == new
    assert locate(f"{NAME}@{old[:12]}", tmp_path).revision == old


def test_a_revision_can_be_asked_for(hub, fetch, tmp_path):
    tagged = hub.push(NAME, FILES | {"config.json": b'{"tag": 1}'}, head="v1")
    main = hub.repos[NAME].heads["main"]
    assert fetch(f"{NAME}@v1").commit == tagged
    assert fetch(f"{NAME}@{main}").commit == main
    assert locate(f"{NAME}@v1", tmp_path).revision == tagged
    with pytest.raises(ModelError, match="not on this machine"):
        locate(NAME, tmp_path)


def test_a_pull_that_was_stopped_goes_on_with_the_same_bytes_of_the_same_commit(hub, fetch, tmp_path):
    def stops(stage, done, total):
        if "model.safetensors" in stage and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(told=stops)
    with pytest.raises(ModelError, match="not on this machine"):
        locate(NAME, tmp_path)
    (partial,) = tmp_path.rglob("model.safetensors.partial")
    had_bytes = partial.stat().st_size
    assert 0 < had_bytes < len(WEIGHTS)
    started = hub.repos[NAME].heads["main"]
    hub.push(NAME, FILES | {"config.json": b'{"moved": 1}'})
    hub.requests.clear()
    done = fetch()
    assert done.commit == started
    assert held(done.folder) == FILES
    assert {request.headers.get("range") for request in hub.requests if "model.saf" in request.path} == {
        f"bytes={had_bytes}-"
    }
    assert "config.json" not in hub.fetched()


def test_a_connection_that_drops_is_taken_up_where_it_broke(hub, fetch):
    hub.cuts["model.safetensors"] = [300_000, 0, 0, 400_000, 0, 0, 0]
    assert held(fetch().folder) == FILES


def test_a_connection_that_brings_nothing_is_given_up(hub, fetch):
    hub.cuts["model.safetensors"] = [0] * 50
    with pytest.raises(ModelError, match=r"cannot be reached.*goes on where it stopped"):
        fetch()
    assert len(hub.cuts["model.safetensors"]) == 50 - hub_api.TRIES


@pytest.mark.parametrize("path", ["model.safetensors", "config.json"])
@pytest.mark.parametrize("change", ["other", "longer"])
def test_bytes_that_the_hub_did_not_announce_are_deleted_and_refused(hub, fetch, tmp_path, path, change):
    hub.altered[path] = FILES[path][:-1] + b"?" if change == "other" else FILES[path] + b"more"
    with pytest.raises(ModelError, match=r"is not what the hub announced"):
        fetch()
    assert not [found for found in tmp_path.rglob("*") if found.name.startswith(path)]
    hub.altered.clear()
    assert held(fetch().folder) == FILES


def test_a_hub_that_rewrites_a_recorded_commit_is_not_believed(hub, fetch, tmp_path):
    commit = fetch().commit
    shutil.rmtree(tmp_path / "org--tiny")  # as on another machine that got a copy of models.lock.json
    hub.repos[NAME].commits[commit]["config.json"] = b"[]"
    with pytest.raises(ModelError, match=r"not what models\.lock\.json records"):
        fetch()


def test_a_copied_record_pulls_the_same_commit_elsewhere(hub, fetch, tmp_path):
    commit = fetch().commit
    shutil.rmtree(tmp_path / "org--tiny")
    hub.push(NAME, FILES | {"config.json": b'{"moved": 1}'})
    with pytest.raises(ModelError, match="not on this machine"):
        locate(NAME, tmp_path)
    assert fetch().commit == commit
    assert locate(NAME, tmp_path).revision == commit


def test_a_damaged_file_alone_is_fetched_again(hub, fetch, tmp_path):
    folder = fetch().folder
    (folder / "vocab.txt").write_bytes(b"a\nc\n")
    (folder / "tokenizer.json").write_bytes(b"")
    with pytest.raises(ModelError, match=r"damaged \(tokenizer.json .* 'rag models pull org/tiny'"):
        locate(NAME, tmp_path)
    hub.requests.clear()
    assert held(fetch().folder) == FILES
    assert hub.fetched() == ["tokenizer.json", "vocab.txt"]


def test_a_folder_that_is_not_on_record_is_checked_against_the_hub(hub, fetch, tmp_path):
    folder = fetch().folder
    (tmp_path / LOCK_NAME).unlink()
    (folder / "vocab.txt").write_bytes(b"a\nc\n")
    hub.requests.clear()
    assert held(fetch().folder) == FILES
    assert hub.fetched() == ["vocab.txt"]
    assert locate(NAME, tmp_path).folder == folder


def test_a_pull_that_was_killed_at_its_very_end_fetches_nothing_again(hub, fetch, tmp_path):
    folder = fetch().folder
    folder.rename(f"{folder}.part")
    hub.requests.clear()
    assert fetch().folder == folder
    assert hub.fetched() == []
    assert locate(NAME, tmp_path).folder == folder


def test_too_little_room_is_said_before_anything_is_fetched(hub, fetch, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(1000))
    with pytest.raises(ModelError, match="RAG_MODELS_DIR"):
        fetch()
    assert hub.fetched() == []


def test_a_second_pull_at_the_same_time_is_refused(fetch, tmp_path):
    with FileLock(tmp_path / ".pull.lock"), pytest.raises(ModelError, match="another 'rag models pull'"):
        fetch()


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("org/none", {}, r"no model 'org/none' at .*HF_TOKEN"),
        (f"{NAME}@v9", {}, "no revision 'v9'"),
        (NAME, {"status": 503}, "HTTP 503.*later"),
        (NAME, {"status": 401}, "token"),
        (NAME, {"body": b"<html>Log in to the wifi</html>"}, "does not answer as a hub"),
        (NAME, {"body": b'{"id": "org/tiny"}'}, "does not answer as a hub"),
    ],
)
def test_whatever_a_hub_refuses_is_said_with_what_to_do(hub, fetch, name, change, message):
    for attribute, value in change.items():
        setattr(hub, attribute, value)
    with pytest.raises(ModelError, match=message):
        fetch(name)


def test_a_gated_model_names_the_page_with_its_terms(hub, fetch):
    hub.repos[NAME].gated = True
    with pytest.raises(ModelError, match=rf"gated: accept its terms at {hub.url}/{NAME}"):
        fetch()


def test_a_hub_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ModelError, match="cannot be reached"):
        pull(NAME, tmp_path, lambda *_: None, endpoint="http://127.0.0.1:9")


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_nothing_is_asked_and_what_is_here_works(hub, fetch, tmp_path, monkeypatch, variable):
    fetch()
    hub.requests.clear()
    monkeypatch.setenv(variable, "1")
    with pytest.raises(ModelError, match=f"{variable}.*is set"):
        fetch()
    assert locate(NAME, tmp_path).identity
    assert hub.requests == []


@pytest.mark.parametrize("value", ["0", "", "false"])
def test_a_variable_that_says_no_forbids_nothing(fetch, monkeypatch, value):
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    assert fetch().commit


def test_a_folder_is_not_pulled(fetch, tmp_path):
    with pytest.raises(ConfigError, match="nothing to pull"):
        fetch(str(tmp_path))


def test_the_token_stays_with_the_hub_and_nothing_else_is_told(hub, fetch, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch()
    seen = {(request.host, request.headers.get("authorization")) for request in hub.requests}
    assert seen == {("127.0.0.1", "Bearer hf_secret"), ("localhost", None)}
    agents = {request.headers["user-agent"] for request in hub.requests if request.host == "127.0.0.1"}
    assert all("torch/" not in agent and "agent/" not in agent for agent in agents)
    assert all(request.path.startswith(("/api/models/", f"/{NAME}/", "/large/")) for request in hub.requests)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"commits": {"org/tiny": "main"}}', b'{"version": 2}'])
def test_a_damaged_record_is_said(tmp_path, content):
    (tmp_path / LOCK_NAME).write_bytes(content)
    with pytest.raises(ConfigError, match=rf"{LOCK_NAME}' is damaged"):
        read_pins(tmp_path)


def saved(tensors):
    import torch

    out = io.BytesIO()
    torch.save(tensors, out)
    return out.getvalue()


def test_pickles_become_safetensors_once_and_are_gone(hub, fetch, tmp_path):
    import torch
    from safetensors.torch import load_file

    weight = torch.arange(6.0).reshape(2, 3)
    hub.push("org/m3", {
        "config.json": b"{}",
        "pytorch_model.bin": saved({"weight": weight}),
        "sparse_linear.pt": saved({"weight": weight[:1], "bias": torch.zeros(1)}),
    })  # fmt: skip
    done = fetch("org/m3")
    assert set(held(done.folder)) == {"config.json", "model.safetensors", "sparse_linear.safetensors"}
    assert sorted(done.converted) == ["model.safetensors", "sparse_linear.safetensors"]
    assert torch.equal(load_file(done.folder / "model.safetensors")["weight"], weight)
    assert locate("org/m3", tmp_path).folder == done.folder
    hub.requests.clear()
    assert fetch("org/m3").fetched_bytes == 0
    done.folder.rename(f"{done.folder}.part")  # as a pull that was killed before its last step leaves it
    assert fetch("org/m3").fetched_bytes == 0
    assert hub.fetched() == []
    (done.folder / "sparse_linear.safetensors").write_bytes(b"")
    assert set(held(fetch("org/m3").folder)) == set(held(done.folder))
    assert hub.fetched() == ["sparse_linear.pt"]


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_pickle_that_would_run_code_is_refused_without_running_it(hub, fetch, tmp_path):
    trap = tmp_path / "trap"
    hub.push("org/evil", {"config.json": b"{}", "pytorch_model.bin": pickle.dumps({"weight": Evil(trap)})})
    with pytest.raises(ModelError, match=r"'pytorch_model.bin' is not opened"):
        fetch("org/evil")
    assert not trap.exists()
    with pytest.raises(ModelError, match="not on this machine"):
        locate("org/evil", tmp_path)


@pytest.fixture
def environment(hub, tmp_path):
    base = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "HF_"))}
    settings = {"RAG_MODELS_DIR": str(tmp_path / "models"), "RAG_DATA_DIR": str(tmp_path), "HF_ENDPOINT": hub.url}
    settings |= {"RAG_RERANKER": NAME, "RAG_IMAGE_MODEL": "", "RAG_OCR": "false", "RAG_CHAT": "extractive"}

    return base | settings


@pytest.fixture
def run(environment, tmp_path):
    def call(*words, **extra):
        return subprocess.run(
            [sys.executable, "-m", "rag", "models", *words],
            capture_output=True, text=True, check=False, cwd=tmp_path, env=environment | extra,
        )  # fmt: skip

    return call


def test_the_command_pulls_what_the_settings_name_and_is_missing(hub, run, tmp_path):
    first = run("pull", "--json")
    assert first.returncode == 0, first.stderr
    (done,) = json.loads(first.stdout)
    assert (done["name"], done["commit"]) == (NAME, hub.repos[NAME].heads["main"])
    assert "org/tiny: model.safetensors (1.0 MB)" in first.stderr
    hub.requests.clear()
    second = run("pull")
    assert (second.returncode, second.stdout) == (0, "")
    assert f"{NAME}@{done['commit'][:12]} is here" in second.stderr
    assert hub.requests == []
    checked = run("pull", NAME)
    assert "checked, nothing to fetch" in checked.stdout


def test_the_command_without_a_network_says_what_to_do(hub, run):
    done = run("pull", HF_HUB_OFFLINE="1")
    assert done.returncode == 1
    assert "HF_HUB_OFFLINE" in done.stderr
    assert "Traceback" not in done.stderr
    assert hub.requests == []


def test_the_command_has_nothing_to_do_for_models_that_come_with_the_program(run):
    done = run("pull", RAG_RERANKER="maxsim")
    assert done.returncode == 0
    assert "rag models pull --profile full" in done.stderr


def test_the_command_goes_on_with_the_other_models_and_ends_with_what_failed(hub, run, tmp_path):
    hub.push("org/pickled", {"config.json": b"{}"})
    done = run("pull", "org/absent", NAME, "org/pickled", "--json")
    assert done.returncode == 1
    assert [sorted(one)[:2] == ["error", "name"] for one in json.loads(done.stdout)] == [True, False, True]
    assert locate(NAME, tmp_path / "models")
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert [name in line for name, line in zip(("org/absent", "org/pickled"), errors, strict=True)] == [True, True]
    assert done.stderr.splitlines()[-2:] == errors


def test_ctrl_c_leaves_what_came_and_the_next_pull_goes_on_there(hub, environment, run, tmp_path):
    hub.halts["model.safetensors"] = 600_000
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "models", "pull", NAME],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment,
    ) as command:  # fmt: skip
        had_bytes = wait_for_bytes(tmp_path, "model.safetensors.partial", 500_000)
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=30)
    assert (command.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "stopped; run the same command again and it goes on where it stopped"
    assert "Traceback" not in err
    (partial,) = tmp_path.rglob("model.safetensors.partial")
    assert had_bytes <= partial.stat().st_size < len(WEIGHTS)
    left_bytes = partial.stat().st_size
    hub.requests.clear()
    again = run("pull", NAME)
    assert again.returncode == 0, again.stderr
    assert {request.headers.get("range") for request in hub.requests if "model.saf" in request.path} == {
        f"bytes={left_bytes}-"
    }
    assert held(locate(NAME, tmp_path / "models").folder) == FILES


INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from rag.cli.app import main
main()
"""
"""Ctrl-C reaches it even where the tests run in the background of a shell, which ignores it for its children."""


def wait_for_bytes(folder, name, n_bytes):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        size_bytes = sum(path.stat().st_size for path in folder.rglob(name))
        if size_bytes >= n_bytes:
            return size_bytes
        time.sleep(0.02)
    raise AssertionError(f"{name} did not arrive")
