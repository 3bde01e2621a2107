"""What is said of an address that leads nowhere: the right one, where somebody means OpenAI's."""

from __future__ import annotations

_OPENAI = ("/v1/models", "/v1/chat/completions", "/v1/responses", "/v1/embeddings")
_THEIRS = (
    "completions", "images", "audio", "files", "uploads", "batches", "fine_tuning", "moderations", "assistants",
    "threads", "vector_stores", "realtime", "conversations", "videos", "evals", "containers", "responses", "chat",
    "models", "embeddings",
)  # fmt: skip


def not_here(path: str) -> str:
    """A sentence for a 404 of the whole server."""
    first, _, rest = path.strip("/").partition("/")
    if f"/v1{path.rstrip('/')}" in _OPENAI or (first == "models" and rest):
        return f"there is no {path:.80} here: the base address of OpenAI's API ends with /v1, as in /v1{path:.80}"
    if first == "v1" and rest.startswith("v1/"):
        return "the address has /v1 twice: give the client the base address with one /v1 at its end"
    if first == "v1" and rest.partition("/")[0] in _THEIRS:
        return f"there is no {path:.80} here; of OpenAI's API there is {', '.join(_OPENAI)}"
    if first == "api" and rest in ("chat", "generate", "tags", "show", "version", "embed"):
        return (
            "this does not speak Ollama's protocol: add it as an OpenAI connection, with /v1 at the end of its address"
        )
    return f"there is nothing at {path:.80}; /docs lists what there is"
