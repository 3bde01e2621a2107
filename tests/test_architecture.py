"""Who imports whom, and what an import costs."""

import ast
import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ingest
import rag
from ingest.parse import _READERS

ROOT = Path(rag.__file__).parent.parent
HEAVY = {
    "torch", "transformers", "pymilvus", "milvus_lite", "langchain", "ollama", "rapidocr", "pypdfium2", "numpy",
    "FlagEmbedding", "sentence_transformers", "huggingface_hub", "fastapi", "uvicorn", "mcp",
    "langchain_core", "llama_index",
}  # fmt: skip
ADAPTERS = {
    "pymilvus": ("rag/store/",),
    "torch": ("rag/nn/", "rag/embed/", "rag/rerank/"),
    "onnxruntime": ("rag/nn/graphs/session.py",),
    "transformers": ("rag/nn/", "rag/embed/", "rag/rerank/"),
    "ollama": ("rag/ollama/", "rag/chat/ollama", "rag/embed/ollama.py"),
    "sentence_transformers": ("rag/embed/sentence.py",),
    "huggingface_hub": ("rag/hub",),
    "rapidocr": ("rag/ocr/rapid.py",),
    "pypdfium2": ("ingest/parse/",),
    "fastapi": ("rag/serve/",),
    "starlette": ("rag/serve/",),
    "uvicorn": ("rag/serve/",),
    "mcp": ("rag/serve/mcp",),
    "langchain_core": ("rag/integrations/langchain.py",),
    "llama_index": ("rag/integrations/llamaindex.py",),
}
"""Only these places may import these packages."""


def modules():
    return sorted([*(ROOT / "rag").rglob("*.py"), *(ROOT / "ingest").rglob("*.py")])


@functools.cache
def imports(path):
    """Names of modules, and of what is taken from them, which may be modules too; late imports count."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def lint_imports(folder):
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_each_layer_imports_those_below_it_only():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rag/text/words.py", "import rag.store.names"),
        ("rag/embed/minilm.py", "from rag.rerank.packs import score_in_packs"),
        ("rag/store/rows/records.py", "import ingest.types"),
        ("ingest/parse/clean.py", "from ingest.scan.walk import walk"),
    ],
)
def test_an_import_against_the_layers_is_found(module, line, tmp_path):
    for path in (*modules(), ROOT / "pyproject.toml"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    planted = tmp_path / module
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout
    assert module.removesuffix(".py").replace("/", ".") in result.stdout


def test_no_room_is_a_hall_and_none_holds_a_single_module():
    counts = {}
    for path in modules():
        if path.name not in ("__init__.py", "__main__.py"):
            counts[path.parent] = counts.get(path.parent, 0) + 1
    assert {folder: n for folder, n in counts.items() if n > 16 or n == 1} == {}
    long = {path: n for path in modules() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def names_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def reached_from(doors, edges):
    """The modules that these files import, and what those import, and so on."""
    reached, left = set(), {name for door in doors for name in imports(door)}
    while left:
        reached.add(name := left.pop())
        left |= edges.get(name, set()) - reached
    return reached


def test_the_map_in_the_readme_names_every_room_and_no_other():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(\w+)/", text.split("## Where things are")[1].split("```")[1]))
    rooms = {
        path.name for top in ("rag", "ingest") for path in (ROOT / top).iterdir() if (path / "__init__.py").is_file()
    }
    assert rooms - named == set()
    known = {path.name for top in ("rag", "ingest", "tools") for path in (ROOT / top).rglob("*") if path.is_dir()}
    assert named - known - {path.name for path in ROOT.iterdir()} == set()


def test_tests_mirror_the_code():
    """For `rag/a/b.py` there is `tests/a/test_b.py`, or a test in `tests/a` (or above it) goes through it."""
    edges = {names_of(path): imports(path) for path in modules()}
    edges["ingest.parse"] |= {f"ingest.parse.{module}" for module, *_ in _READERS.values()}
    untested, reached = [], {}
    for path in modules():
        folder = ROOT / "tests" / path.parent.relative_to(ROOT / "rag" if path.is_relative_to(ROOT / "rag") else ROOT)
        if path.name in ("__init__.py", "__main__.py") or (folder / f"test_{path.stem}.py").is_file():
            continue
        while not folder.is_dir():
            folder = folder.parent
        if folder not in reached:
            above = [each / "conftest.py" for each in folder.parents if each.is_relative_to(ROOT / "tests")]
            doors = [*folder.glob("*.py"), *filter(Path.is_file, above)]
            reached[folder] = reached_from(doors, edges)
        if names_of(path) not in reached[folder]:
            untested.append(f"{path.relative_to(ROOT)}: no {folder.relative_to(ROOT)}/test_{path.stem}.py")
    assert untested == []


@pytest.mark.parametrize("package", sorted(ADAPTERS))
def test_only_its_adapter_knows_a_heavy_package(package):
    users = {
        path.relative_to(ROOT).as_posix() for path in modules() if package in {m.split(".")[0] for m in imports(path)}
    }
    assert users, f"nobody imports {package}"
    assert [user for user in users if not user.startswith(ADAPTERS[package])] == []


def test_settings_are_built_at_the_front_doors_only():
    doors = {
        "rag/cli/app.py",
        "rag/cli/mcp.py",
        "rag/cli/models.py",
        "rag/cli/serve.py",
        "rag/knowledge_base.py",
        "rag/cli/kb.py",
        "rag/health/doctor.py",
        "ingest/cli.py",
        "rag/config.py",
        "rag/__init__.py",
    }
    users = {
        path.relative_to(ROOT).as_posix() for path in modules() if "load_settings" in path.read_text(encoding="utf-8")
    }
    assert users <= doors


@pytest.mark.parametrize("module", ["rag", "ingest", "rag.cli.app", "ingest.cli"])
def test_an_import_stays_light(module):
    code = f"import sys, {module}; print(*{HEAVY!r} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


def test_the_public_names_are_these():
    assert set(rag.__all__) == {
        "Answer", "AnswerEvent", "ChannelScore", "Citation", "Hit", "KnowledgeBase", "Note", "Question", "RagError",
        "Record", "SearchResult", "Settings", "SourcesEvent", "TokenEvent", "Turn", "load_settings",
    }  # fmt: skip
    assert all(getattr(rag, name) is not None for name in rag.__all__)
    assert set(ingest.__all__) == {"IngestReport", "ingest_paths"}
    assert all(getattr(ingest, name) is not None for name in ingest.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'bogus'"):
        rag.bogus  # noqa: B018
