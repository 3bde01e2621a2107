"""`make` installs with uv where it can be had, and with pip otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import install

STUB = """#!{python}
import os, sys
from pathlib import Path
command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
with open({log!r}, "a") as log:
    log.write(command + " | " + os.environ.get("UV_DEFAULT_INDEX", "") + "\\n")
if sys.argv[1:] == ["config", "list"]:
    print({config!r})
sys.exit(1 if any(word in command for word in {fails!r}) else 0)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    return tmp_path / "venv"


def stub(path: Path, log: Path, *, fails: tuple[str, ...] = (), config: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STUB.format(python=sys.executable, log=str(log), fails=fails, config=config), encoding="utf-8")
    path.chmod(0o755)


def said(log: Path) -> list[str]:
    return [line.split(" --", 1)[0] for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_uv_that_is_here_installs(environment: Path, log: Path, tmp_path: Path) -> None:
    stub(tmp_path / "path" / "uv", log)
    assert install.main(["--environment", str(environment), ".[dev]"]) == 0
    assert log.read_text() == (
        f"uv pip install --quiet --python {environment}/bin/python --constraint constraints.txt --editable .[dev] | \n"
    )


def test_bytecode_is_made_at_once_where_it_is_not_made_later(
    environment: Path, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    stub(tmp_path / "path" / "uv", log)
    install.main(["--environment", str(environment), "."])
    assert "--compile-bytecode" in log.read_text()


def test_where_uv_fails_pip_installs_and_it_is_said(
    environment: Path, log: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stub(tmp_path / "path" / "uv", log, fails=("uv pip install",))
    stub(environment / "bin" / "pip", log)
    assert install.main(["--environment", str(environment), "."]) == 0
    assert said(log) == ["uv pip install", "pip install"]
    assert "now pip tries" in capfd.readouterr().err


def test_without_uv_it_is_fetched_as_pip_is_set_up_and_pip_installs_if_it_cannot_be_had(
    environment: Path, log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stub(environment / "bin" / "pip", log, fails=("--target",), config="global.index-url='https://mirror/simple'")
    assert install.main(["--environment", str(environment), "."]) == 0
    assert said(log) == ["pip config list | ", "pip install", "pip install"]
    assert "could not be had" in capfd.readouterr().err
    assert [path.name for path in environment.iterdir()] == ["bin"]


def test_a_failure_of_both_is_one(environment: Path, log: Path) -> None:
    stub(environment / "bin" / "pip", log, fails=("install",))
    assert install.main(["--environment", str(environment), "."]) == 1


def test_settings_of_pip_become_those_of_uv(tmp_path: Path) -> None:
    config = f"""global.index-url='https://mirror/simple'
:env:.find-links='{tmp_path} /no/such/folder https://wheels/'
:env:.default-timeout='180'
install.cert='/etc/ca.pem'"""
    assert install.settings_of_uv(config) == {
        "UV_DEFAULT_INDEX": "https://mirror/simple",
        "UV_FIND_LINKS": f"{tmp_path},https://wheels/",
        "SSL_CERT_FILE": "/etc/ca.pem",
    }


@pytest.mark.parametrize("name", ["extra-index-url", "trusted-host", "proxy", "no-index"])
def test_a_setting_that_uv_has_no_equal_for_is_left_to_pip(
    environment: Path, log: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    assert install.settings_of_uv(f"global.{name}='x'") == name
    stub(environment / "bin" / "pip", log, config=f"global.{name}='x'")
    assert install.main(["--environment", str(environment), "."]) == 0
    assert said(log) == ["pip config list | ", "pip install"]
    assert name in capfd.readouterr().err
