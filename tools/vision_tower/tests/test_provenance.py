"""Old drawings are never taken for those of today's code."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from tools.vision_tower import drawing
from tools.vision_tower.drawing.provenance import claim, digest_of_drawing_code

FOLDER = Path(drawing.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))


def test_drawings_of_other_code_are_refused_by_name(tmp_path: Path) -> None:
    claim(tmp_path / "new", {"drawing code": "a1"})
    claim(tmp_path / "new", {"drawing code": "a1"})
    with pytest.raises(ValueError, match=r"made by drawing code a1, this is b2\. Delete the folder"):
        claim(tmp_path / "new", {"drawing code": "b2"})
    (tmp_path / "old").mkdir()
    with pytest.raises(ValueError, match="drawing code unknown"):
        claim(tmp_path / "old", {"drawing code": "b2"})


@pytest.mark.parametrize("name", ["augment.py", "charts/matplotlib/bars.py", "pictograms/sets.toml"])
def test_a_change_anywhere_in_what_draws_is_another_digest(name: str, tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    assert digest_of_drawing_code(copy) == digest_of_drawing_code()
    (copy / name).write_text((copy / name).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert digest_of_drawing_code(copy) != digest_of_drawing_code()


def test_a_module_moved_is_another_digest(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "maps/ways.py").rename(copy / "ways.py")
    assert digest_of_drawing_code(copy) != digest_of_drawing_code()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_what_draws_depends_on_no_code_outside_its_digest(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    own = {module for module in modules if module.split(".")[0] in {"tools", "rag", "ingest", "benchmarks", "torch"}}
    assert not {module for module in own if not f"{module}.".startswith(f"{drawing.__name__}.")}
