"""What a cold search does not import, and that all of it is there for whoever wants it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "requests", "scipy")
SEARCH = """
import sys
from rag.knowledge_base import KnowledgeBase
from rag.store.lean import own_process
{own}
with KnowledgeBase.open("notes", create=True, store_uri=sys.argv[1]) as kb:
    kb.search("which valve closes first")
print(*[name for name in {heavy} if name in sys.modules])
"""


def _printed(code: str, *arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_cold_search_of_a_command_imports_nothing_heavy(tmp_path: Path) -> None:
    code = SEARCH.format(own="own_process()", heavy=HEAVY)
    assert _printed(code, str(tmp_path / "milvus.db")) == []


def test_pymilvus_and_arrow_still_import_pandas_by_themselves() -> None:
    """Where this fails, `rag.store.lean` has less to do."""
    names = [f"'{name}' in sys.modules" for name in ("pandas", "requests")]
    assert _printed(f"import sys, pymilvus; print({', '.join(names)})") == ["True", "True"]
    assert _printed("import sys, pyarrow.dataset; print('pandas' in sys.modules)") == ["True"]


def test_pymilvus_still_imports_scipy_to_look_at_a_vector() -> None:
    looked = "from pymilvus.client.utils import SciPyHelper as s; s.is_scipy_sparse([1.0]); import sys"
    assert _printed(f"{looked}; print('scipy.sparse' in sys.modules)") == ["True"]


def test_data_frames_and_matrices_are_known_after_a_lean_import(tmp_path: Path) -> None:
    """In a process of somebody else's."""
    code = """
import sys
from rag.store import connect
connect(sys.argv[1]).close()
import pandas, pyarrow, scipy.sparse
from pymilvus.client.utils import SciPyHelper
from pymilvus.orm.schema import is_valid_insert_data
from pymilvus.orm.types import infer_dtype_bydata
frame = pandas.DataFrame({"a": [1, 2]})
print(is_valid_insert_data(frame), is_valid_insert_data("a"), infer_dtype_bydata([0.5]).name)
print(SciPyHelper.is_scipy_sparse(scipy.sparse.eye(2)), SciPyHelper.is_scipy_sparse([1.0]))
print(pyarrow.array(frame["a"]).to_pandas().sum(), pyarrow.Table.from_pandas(frame).num_rows)
"""
    assert _printed(code, str(tmp_path / "milvus.db")) == ["True", "False", "FLOAT_VECTOR", "True", "False", "3", "2"]
