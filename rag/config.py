"""Settings: one flat model; flags, environment `RAG_*`, `.env`, `rag.toml`, defaults, in this order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from rag.errors import ConfigError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PROFILES: Mapping[str, Mapping[str, Any]] = {
    "mini": {"text_model": "minilm", "image_model": "sight", "reranker": "maxsim"},
    "full": {
        "text_model": "BAAI/bge-m3",
        "image_model": "google/siglip2-base-patch16-224",
        "reranker": "Qwen/Qwen3-Reranker-0.6B",
        "analyzer": "standard",
    },
}
"""What a profile stands for: the value of each setting that is not set by itself."""


_OWN_SETTINGS = {
    "num_ctx": "CONTEXT_TOKENS",
    "num_predict": "MAX_OUTPUT_TOKENS",
    **{name: name.upper() for name in ("temperature", "seed", "top_p", "repeat_penalty", "stop")},
}
"""Options of Ollama that have a setting."""


class _DotEnv(DotEnvSettingsSource):
    """`.env` often holds other programs' variables too: only those that begin with `RAG_` are ours."""

    def __call__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__call__().items() if f"rag_{name}" in self.env_vars}


class Settings(BaseSettings):
    """Everything a user can set: by a flag where a command has one, as `RAG_<NAME>`, or in a file."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", env_file=".env", toml_file="rag.toml", extra="forbid", frozen=True, validate_default=True
    )

    profile: Literal["mini", "full"] = Field(
        "mini",
        description="named choice of models: mini comes with the program and reads English; full is pulled from a hub "
        "('rag models pull') and reads over a hundred languages",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("rag", appauthor=False),
        description="where the embedded store, assets and histories are kept",
    )
    store_uri: str = Field("", description="path of the embedded Milvus, or http(s)://host:port of a server")
    store_token: SecretStr | None = Field(None, description="token of a Milvus server: user:password or an API key")
    asset_uri: str = Field("", description="folder or bucket (fsspec URL) for pictures")
    models_dir: Path = Field(Path(), description="where pulled models are kept; empty: in the data folder")

    text_model: str = Field(
        "",
        description="text embedder: minilm (comes with the program), a hub id or folder of BGE-M3 or of a "
        "sentence-transformers model, or ollama:NAME",
    )
    image_model: str = Field(
        "",
        description="sight (comes with the program; a folder of that name is ./sight), tower (its half for drawings "
        "alone), a hub id or folder of a CLIP-class model or vision tower; empty: the image channel is off",
    )
    reranker: str = Field("", description="maxsim, none, or a hub id or folder of a Qwen3-Reranker or cross-encoder")
    rerank_instruction: str = Field("", description="what a Qwen3-Reranker is told to judge by; empty: its default")
    analyzer: str = Field(
        "english",
        description="analyzer of the lexical channel: english, standard, chinese, french, german and others, icu on a "
        "Milvus server (docs/models.md)",
    )
    device: str = Field("auto", description="where pulled models run: auto, cuda, cuda:1, mps, cpu")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="number format of pulled models; auto: what the device is good at, float32 on a CPU"
    )
    threads: int = Field(0, ge=0, le=256, description="threads for model work; 0: as many as cores")

    fusion: Literal["calibrated", "rrf", "weighted"] = Field("calibrated", description="how channels are fused")
    weight_image: float = Field(1.0, ge=0, le=10, description="weight of the image channel")
    weight_text: float = Field(1.0, ge=0, le=10, description="weight of the dense text channel")
    weight_lexical: float = Field(0.25, ge=0, le=10, description="weight of the lexical channel")
    candidates: int = Field(50, ge=1, le=1000, description="records that each channel returns")
    rerank_candidates: int = Field(20, ge=1, le=1000, description="records that the reranker sees, best first")
    rerank_budget_s: float = Field(10.0, gt=0, le=600, description="seconds the reranker may take")

    understand: bool = Field(
        True,
        description="dates, places, people and kinds of files in questions become filters (docs/metadata.md)",
    )

    ocr: bool = Field(True, description="read the words inside pictures at ingest and in query pictures")
    keep_location: bool = Field(True, description="keep the coordinates that picture files hold, as lat and lon")
    caption_model: str = Field("", description="Ollama vision model that captions pictures at ingest; empty: none")

    chat: Literal["auto", "ollama", "extractive"] = Field("auto", description="who writes answers")
    chat_model: str = Field("qwen3:4b-instruct", description="Ollama model for answers")
    ollama_url: str = Field("http://127.0.0.1:11434", description="address of the Ollama server")
    context_tokens: int = Field(
        16_384,
        ge=1024,
        le=1_000_000,
        description="context to load the chat model with; unless it is set, 8,192 and this at most for long questions",
    )
    max_output_tokens: int = Field(1024, ge=16, le=100_000, description="most tokens an answer may have")
    chat_timeout_s: float = Field(
        600.0, gt=0, le=7200, description="longest silence of a model of Ollama that nothing explains"
    )
    chat_parallel: int = Field(
        0, ge=0, le=64, description="questions that Ollama answers at the same time; 0: find out"
    )
    keep_alive: str = Field(
        "30m",
        pattern=r"^-?\d+(ns|us|ms|s|m|h)?$",
        description="how long Ollama keeps the model loaded after a question",
    )
    first_word_s: float = Field(
        20.0, gt=0, le=3600, description="fewer sources are sent where reading them would take the model longer"
    )
    temperature: float = Field(0.0, ge=0, le=2, description="0: the same question has the same answer")
    seed: int | None = Field(None, description="of the chance that a temperature above 0 brings in")
    top_p: float | None = Field(None, gt=0, le=1, description="only the likeliest words, of this probability together")
    repeat_penalty: float | None = Field(None, gt=0, le=10, description="above 1: words just used become less likely")
    stop: list[str] = Field([], max_length=16, description='texts at which an answer ends: ["\\n\\n"]')
    ollama_options: dict[str, Any] = Field({}, description='other options of Ollama by name: {"num_thread": 4}')
    prompts_dir: str = Field("", description="folder of prompt files; empty: the ones that come with the program")

    serve_host: str = Field("127.0.0.1", description="address that 'rag serve' listens on; others need a token")
    serve_port: int = Field(8642, ge=0, le=65_535, description="port of 'rag serve'; 0: any free one")
    serve_token: SecretStr | None = Field(None, description="token that may do everything over HTTP")
    serve_tokens: dict[SecretStr, list[str]] = Field(
        {}, description='more tokens, each with its knowledge bases: {"TOKEN": ["manuals", "reports:write"]}; * is all'
    )
    serve_hosts: list[str] = Field([], description='names this server is reached by, such as ["rag.example.org"]')
    serve_origins: list[str] = Field([], description='pages elsewhere that may call it: ["https://chat.example.org"]')
    serve_running: int = Field(16, ge=1, le=1000, description="requests that are worked on at the same time")
    serve_waiting: int = Field(256, ge=0, le=10_000, description="requests that may wait; more are refused (429)")
    serve_log: Literal["text", "json"] = Field("text", description="how 'rag serve' writes its log: lines, or JSON")
    serve_links: bool = Field(
        False,
        description="leave links and pictures by address in answers to OpenAI's clients; off: taken apart",
    )
    serve_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="address that readers reach 'rag serve' by, for links to sources; empty: as the request names it",
    )
    serve_warm: bool = Field(False, description="load the chat model when 'rag serve' starts")
    serve_grace: float = Field(
        30.0, ge=0, le=3600, description="seconds that answers under way have to end when the server is stopped"
    )
    serve_connections: int = Field(
        0, ge=0, le=1_000_000, description="connections at the same time; 0: as many as the limit of open files allows"
    )
    serve_jobs: int = Field(
        2, ge=1, le=64, description="ingests of uploads at the same time, one a knowledge base; each takes all cores"
    )
    serve_body_mb: int = Field(32, ge=1, le=1000, description="largest request, in MiB")
    serve_upload_mb: int = Field(1024, ge=1, le=100_000, description="largest upload of documents, in MiB")

    @field_validator("data_dir", "models_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve() if value != Path() else value

    @field_validator("ollama_options")
    @classmethod
    def _without_a_setting_of_its_own(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name, setting in _OWN_SETTINGS.items():
            if name in value:
                raise ValueError(f"{name} has a setting of its own: set RAG_{setting}")
        return value

    @field_validator("serve_origins")
    @classmethod
    def _as_browsers_send(cls, value: list[str]) -> list[str]:
        return [origin.rstrip("/").lower() for origin in value]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _DotEnv(settings_cls), TomlConfigSettingsSource(settings_cls)

    def model_post_init(self, context: Any, /) -> None:
        for name, value in PROFILES[self.profile].items():
            if name not in self.model_fields_set:
                object.__setattr__(self, name, value)
        if not self.store_uri:
            object.__setattr__(self, "store_uri", str(self.data_dir / "milvus.db"))
        if self.models_dir == Path():
            object.__setattr__(self, "models_dir", self.data_dir / "models")
        if not self.asset_uri:
            object.__setattr__(self, "asset_uri", str(self.data_dir / "assets"))


def load_settings(**flags: Any) -> Settings:
    """Settings from everywhere; flags that are None count as not given.

    Raises:
        ConfigError: a value that does not fit, naming the setting and its bounds, or an unknown setting.
    """
    _refuse_unknown_variables()
    try:
        return Settings(**_given(flags))
    except ValidationError as error:
        lines = [f"{_name(e['loc'])}: {e['msg']} (have {_shown(e)})" for e in error.errors()]
        message = "a setting cannot be used; 'rag config show' lists them all:\n  "
        raise ConfigError(message + "\n  ".join(lines)) from error
    except (SettingsError, ValueError) as error:
        raise ConfigError(f"the settings cannot be read: {error}. Mend rag.toml, .env or the environment") from error


def origins(**flags: Any) -> dict[str, str]:
    """Where each setting's value comes from: `flag`, `environment`, `.env`, `rag.toml`, `profile mini` or `default`."""
    settings = load_settings(**flags)
    sources: list[tuple[str, Mapping[str, Any]]] = [
        ("flag", _given(flags)),
        ("environment", EnvSettingsSource(Settings)()),
        (".env", _DotEnv(Settings)()),
        ("rag.toml", TomlConfigSettingsSource(Settings)()),
        (f"profile {settings.profile}", PROFILES[settings.profile]),
    ]
    return {
        name: next((origin for origin, values in sources if name in values), "default")
        for name in Settings.model_fields
    }


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def _refuse_unknown_variables() -> None:
    """pydantic-settings passes over unknown variables; a misspelt one would be ignored in silence."""
    for origin, names in (("the environment", os.environ), (".env", _DotEnv(Settings).env_vars)):
        for name in names:
            setting = name.lower().removeprefix("rag_")
            if name.lower().startswith("rag_") and setting not in Settings.model_fields:
                close = get_close_matches(setting, Settings.model_fields, n=1)
                hint = f"Did you mean RAG_{close[0].upper()}? " if close else ""
                raise ConfigError(f"unknown setting {name.upper()} in {origin}. {hint}'rag config show' lists them all")


def _name(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _shown(error: ErrorDetails) -> str:
    return "a secret" if "token" in _name(error["loc"]) else f"{error.get('input')!r:.80}"
