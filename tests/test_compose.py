"""No engine runs in the tests: what can be checked of the containers is what is written."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from pydantic import SecretStr

from rag.config import Settings
from rag.errors import ConfigError
from rag.serve.guard.access import Keyring
from rag.serve.guard.middleware import Guard

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
GIVEN = {"MILVUS_ROOT_PASSWORD": "from-the-environment"}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")
EXACT_VERSION = re.compile(r":v?\d+\.\d+\.\d+[-\w.]*$")


def interpolate(text: str, environment: Mapping[str, str]) -> str:
    """As Compose does it, for the two forms that the file uses: `${A:-default}` and `${A:?message}`."""

    def value(match: re.Match[str]) -> str:
        if match["name"] in environment:
            return environment[match["name"]]
        if match["kind"] == "-":
            return match["rest"]
        raise KeyError(f"{match['name']}: {match['rest']}")

    return VARIABLE.sub(value, text)


def compose(**environment: str) -> dict[str, Any]:
    loaded = yaml.safe_load(interpolate((ROOT / "docker-compose.yml").read_text(), {**GIVEN, **environment}))
    assert isinstance(loaded, dict)
    return loaded


FILE = compose()
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def started_by(*profiles: str) -> set[str]:
    return {
        name
        for name, service in SERVICES.items()
        if not service.get("profiles") or set(service["profiles"]) & {*profiles}
    }


def test_the_file_follows_the_compose_specification() -> None:
    jsonschema.validate(FILE, SCHEMA)


def test_the_schema_refuses_a_key_that_compose_does_not_know() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"services": {"app": {"image": "a:1.0.0", "prots": []}}}, SCHEMA)


@pytest.mark.parametrize("name", SERVICES)
def test_every_published_port_is_bound_to_loopback(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:")


def test_the_ports_without_a_password_are_not_published() -> None:
    inside = {port.rsplit(":", 1)[-1] for service in SERVICES.values() for port in service.get("ports", [])}
    assert inside == {"19530", "11434", "8642"}


def test_the_server_without_a_token_says_so_and_does_not_start() -> None:
    environment = SERVICES["serve"]["environment"]
    assert (environment["RAG_SERVE_HOST"], environment["RAG_SERVE_TOKEN"]) == ("0.0.0.0", "")
    with pytest.raises(ConfigError, match="RAG_SERVE_TOKEN"):
        Guard(None, environment["RAG_SERVE_HOST"], Keyring(SecretStr(environment["RAG_SERVE_TOKEN"]), {}))


def test_two_services_never_want_the_same_host_port() -> None:
    published = [port.rsplit(":", 1)[0] for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(published) == len(set(published))


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_every_volume_is_named_and_only_the_dump_is_a_folder_that_cannot_be_written(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        if isinstance(volume, dict):
            assert (volume["type"], volume["target"], volume["read_only"]) == ("bind", "/dump", True)
        else:
            assert volume.split(":")[0] in FILE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_or_built_here(name: str) -> None:
    service = SERVICES[name]
    assert "build" in service or EXACT_VERSION.search(service["image"])


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service.get("profiles")])
def test_what_a_service_waits_for_is_started_by_its_profile(name: str) -> None:
    for profile in SERVICES[name]["profiles"]:
        assert set(SERVICES[name].get("depends_on", {})) <= started_by(profile)


def test_up_starts_the_servers_and_the_gpu_profile_adds_ollama_with_a_gpu() -> None:
    assert started_by() == {"milvus", "ollama"}
    assert started_by("gpu") == {"milvus", "ollama", "ollama-gpu"}
    with_gpu = [name for name, service in SERVICES.items() if "devices" in json.dumps(service.get("deploy", {}))]
    assert with_gpu == ["ollama-gpu"]


def test_the_password_has_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    with pytest.raises(KeyError, match="MILVUS_ROOT_PASSWORD"):
        interpolate(text, {})
    secret = compose(MILVUS_ROOT_PASSWORD="another")["services"]
    assert secret["milvus"]["environment"]["COMMON_SECURITY_DEFAULTROOTPASSWORD"] == "another"
    assert secret["app"]["environment"]["RAG_STORE_TOKEN"] == "root:another"


def test_milvus_asks_for_the_password() -> None:
    user = yaml.safe_load(FILE["configs"]["milvus-user"]["content"])
    assert user["common"]["security"]["authorizationEnabled"] is True
    targets = {config["source"]: config["target"] for config in SERVICES["milvus"]["configs"]}
    assert targets["milvus-user"] == "/milvus/configs/user.yaml"
    assert targets["milvus-etcd"] == SERVICES["milvus"]["environment"]["ETCD_CONFIG_PATH"]


@pytest.mark.parametrize("name", ["app", "app-gpu"])
def test_every_setting_that_the_app_is_given_exists(name: str) -> None:
    given = {key.removeprefix("RAG_").lower() for key in SERVICES[name]["environment"]}
    assert given <= set(Settings.model_fields)


@pytest.mark.parametrize("name", ["app", "app-gpu"])
def test_the_app_asks_the_services_that_it_waits_for(name: str) -> None:
    hosts = {value.split("/")[2].split(":")[0] for value in SERVICES[name]["environment"].values() if "://" in value}
    assert hosts == set(SERVICES[name]["depends_on"])


def test_the_image_runs_as_a_user_that_is_not_root() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users
    assert int(users[-1]) >= 1000
    assert "/healthz" in DOCKERFILE[DOCKERFILE.index("HEALTHCHECK") :]
    assert DOCKERFILE.rindex("USER ") < DOCKERFILE.rindex("CMD ")


def test_the_base_image_is_pinned_and_the_same_in_both_stages() -> None:
    base = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert base
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", base[1])
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${PYTHON_IMAGE}"}


def test_the_image_takes_the_torch_that_the_project_pins_from_the_cpu_index() -> None:
    pinned = re.search(r'"(torch==[^"]+)"', (ROOT / "pyproject.toml").read_text())
    assert pinned
    assert f"--index-url https://download.pytorch.org/whl/cpu {pinned[1]}" in DOCKERFILE


@pytest.mark.parametrize("name", ["app", "app-gpu", "serve"])
def test_extras_and_profile_reach_the_program(name: str) -> None:
    service = compose(RAG_EXTRAS="full", RAG_PROFILE="full")["services"][name]
    assert service["build"] == {"context": ".", "args": {"RAG_EXTRAS": "full"}}
    assert service["environment"]["RAG_PROFILE"] == "full"
    assert SERVICES[name]["build"]["args"] == {"RAG_EXTRAS": ""}
    assert SERVICES[name]["environment"]["RAG_PROFILE"] == Settings().profile


@pytest.mark.parametrize(
    ("extras", "run"),
    [
        ("", []),
        ("heic", []),
        ("full", ["pip install --index-url"]),
        ("heic,full", ["pip install --index-url"]),
        ("archives", ["apt-get update", "apt-get install"]),
    ],
)
def test_what_an_extra_needs_beside_its_packages_is_installed(tmp_path: Path, extras: str, run: list[str]) -> None:
    for program in ("pip", "apt-get", "rm"):
        (tmp_path / program).write_text(f'#!/bin/sh\necho {program} "$@" >> {tmp_path}/log\n')
        (tmp_path / program).chmod(0o755)
    (tmp_path / "log").touch()
    for command in re.findall(r"^RUN (case (?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE):
        environment = {"PATH": str(tmp_path), "RAG_EXTRAS": extras}
        subprocess.run(["/bin/sh", "-euc", command], env=environment, check=True)
    said = [line for line in (tmp_path / "log").read_text().splitlines() if not line.startswith("rm ")]
    assert [" ".join(line.split()[: 3 if line.startswith("pip") else 2]) for line in said] == run


def test_what_the_image_copies_exists_and_reaches_the_builder() -> None:
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    ]
    let_in = {
        line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    assert set(copied) == let_in
