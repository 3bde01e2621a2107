"""Settings: one flat model; flags, environment `RAG_*`, `.env`, `rag.toml`, defaults, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import ConfigError

PROFILES: Mapping[str, Mapping[str, Any]] = {
    "mini": {"text_model": "minilm", "image_model": "", "reranker": "maxsim"},
}
"""What a profile stands for: the value of each setting that is not set by itself."""


class Settings(BaseSettings):
    """Everything a user can set. Each can be given as a flag where a command offers it, as `RAG_<NAME>`, or in a file."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", env_file=".env", toml_file="rag.toml", extra="forbid", frozen=True, validate_default=True
    )

    profile: Annotated[Literal["mini"], Field(description="named choice of models")] = "mini"
    data_dir: Annotated[Path, Field(description="where the embedded store, assets and histories are kept")] = Field(
        default_factory=lambda: user_data_path("rag", appauthor=False)
    )
    store_uri: Annotated[
        str, Field(description="Milvus: a path for the embedded store, or http(s)://host:port; default data_dir/milvus.db")
    ] = ""
    store_token: Annotated[SecretStr | None, Field(description="token of a Milvus server: user:password or an API key")] = None
    asset_uri: Annotated[str, Field(description="folder or bucket (fsspec URL) for pictures; default data_dir/assets")] = ""

    text_model: Annotated[str, Field(description="text embedder: minilm")] = ""
    image_model: Annotated[str, Field(description="folder of a CLIP-class model; empty: the image channel is off")] = ""
    reranker: Annotated[str, Field(description="maxsim or none")] = ""
    analyzer: Annotated[str, Field(description="analyzer of the lexical channel: english, standard, chinese")] = "english"
    threads: Annotated[int, Field(ge=0, le=256, description="threads for model work; 0: as many as cores")] = 0

    fusion: Annotated[Literal["calibrated", "rrf", "weighted"], Field(description="how channels are fused")] = "calibrated"
    weight_image: Annotated[float, Field(ge=0, le=10, description="weight of the image channel")] = 1.0
    weight_text: Annotated[float, Field(ge=0, le=10, description="weight of the dense text channel")] = 1.0
    weight_lexical: Annotated[float, Field(ge=0, le=10, description="weight of the lexical channel")] = 1.0
    candidates: Annotated[int, Field(ge=1, le=1000, description="records a channel returns, and the reranker sees at most")] = 50
    rerank_budget_s: Annotated[float, Field(gt=0, le=600, description="seconds the reranker may take")] = 10.0

    ocr: Annotated[bool, Field(description="read the words inside pictures at ingest and in query pictures")] = True
    caption_model: Annotated[str, Field(description="Ollama vision model that captions pictures at ingest; empty: none")] = ""

    chat: Annotated[Literal["auto", "ollama", "extractive"], Field(description="who writes answers")] = "auto"
    chat_model: Annotated[str, Field(description="Ollama model for answers")] = "qwen3:4b"
    ollama_url: Annotated[str, Field(description="address of the Ollama server")] = "http://127.0.0.1:11434"
    context_tokens: Annotated[int, Field(ge=1024, le=1_000_000, description="most context tokens to ask Ollama for")] = 16_384
    max_output_tokens: Annotated[int, Field(ge=16, le=100_000, description="most tokens an answer may have")] = 1024
    chat_timeout_s: Annotated[float, Field(gt=0, le=3600, description="longest silence of the chat model")] = 120.0
    prompts_dir: Annotated[str, Field(description="folder of prompt files; empty: the ones that come with the program")] = ""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    def model_post_init(self, context: Any, /) -> None:
        for name, value in PROFILES[self.profile].items():
            if name not in self.model_fields_set:
                object.__setattr__(self, name, value)
        if not self.store_uri:
            object.__setattr__(self, "store_uri", str(self.data_dir / "milvus.db"))
        if not self.asset_uri:
            object.__setattr__(self, "asset_uri", str(self.data_dir / "assets"))


def load_settings(**flags: Any) -> Settings:
    """Settings from all places; flags that are None count as not given.

    Raises:
        ConfigError: a value that does not fit, naming the setting and its bounds, or an unknown setting.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']} (have {e.get('input')!r:.80})" for e in error.errors()
        ]
        raise ConfigError(
            "a setting cannot be used; 'rag config show' lists them all:\n  " + "\n  ".join(lines)
        ) from error
