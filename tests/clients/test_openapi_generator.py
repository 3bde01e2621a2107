"""openapi-generator's clients: they are made, checked for types, and ask."""

import json
import shutil
import subprocess

import pytest

from tests.clients.conftest import HERE, INSTALL_S, printed
from tests.clients.test_javascript import LAST_CAR

pytestmark = pytest.mark.slow


@pytest.fixture
def generate(node, server):
    """`generate(language, folder, *more)` makes a client there."""
    if shutil.which("java") is None:
        pytest.skip("there is no Java here")
    (node / "openapitools.json").write_text(json.dumps({"generator-cli": {"version": "7.16.0"}}))

    def made(language, folder, *more):
        what = ["generate", "-i", f"{server}/openapi.json", "-g", language, "-o", str(folder), *more]
        done = subprocess.run(
            ["npx", "openapi-generator-cli", *what], cwd=node, capture_output=True, text=True, timeout=INSTALL_S
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    return made


def checked(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S)
    assert done.returncode == 0, done.stdout[-2000:]


def test_its_python_client_is_typed_and_asks(generate, python, server, tmp_path):
    generate("python", tmp_path / "made", "--package-name", "rag_client")
    program = python("mypy==2.4.1", "types-python-dateutil", tmp_path / "made")
    script = HERE / "python" / "openapi_generator_run.py"
    checked([program, "-m", "mypy", "--strict", script], tmp_path)
    checked([program, "-m", "mypy", "-p", "rag_client"], tmp_path)  # its own templates are not strict
    made = printed([program, script, server])
    assert LAST_CAR in made["text"]
    assert (made["n"], made["names"]) == (3, ["demo"])


def test_its_typescript_client_is_strict_and_asks(generate, node, server):
    generate("typescript-fetch", node / "ts")
    (node / "node.d.ts").write_text("declare const process: { argv: string[] };\n")
    options = "--strict --target es2022 --lib es2022,dom --module esnext --moduleResolution bundler --skipLibCheck"
    checked(["npx", "tsc", *options.split(), "--noEmit", "node.d.ts", "openapi-generator.ts"], node)
    bundle = "--bundle --format=esm --platform=node --outfile=openapi-generator.mjs --log-level=error".split()
    checked(["npx", "esbuild", "openapi-generator.ts", *bundle], node)
    made = printed(["node", "openapi-generator.mjs", server], cwd=node)
    assert LAST_CAR in made["text"]
    assert (made["n"], made["names"]) == (3, ["demo"])
