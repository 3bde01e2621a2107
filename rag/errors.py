"""Every exception this project raises on purpose.

Each message says what we have, what we need and what to type. The CLIs print it without a traceback.

    RagError
    ├── ConfigError                a setting that cannot be used
    ├── FilterSyntaxError          a `--where` expression that cannot be parsed or typed
    ├── ImageError                 bytes that are not a usable picture
    ├── AssetError                 a picture that is not in the asset store, or a store that cannot be opened
    ├── PromptError                a prompt file that misses or invents a variable
    ├── KnowledgeBaseNotFound      no such knowledge base in this store
    ├── FingerprintMismatch        the knowledge base was built with other models
    ├── StoreError                 Milvus refused or failed
    │   ├── StoreLocked            an embedded store held by another process
    │   ├── StoreFormatError       an embedded store of an older format, or not a store at all
    │   ├── StoreAuthError         wrong or missing token
    │   └── StoreUnreachable       the server is down
    ├── ModelError                 an embedding or reranking model that cannot be loaded or used
    ├── ChatError                  the chat model failed
    │   ├── ChatUnreachable        no Ollama server answers
    │   ├── ChatModelMissing       the server has no such model
    │   └── ChatStopped            its first words were what a reply is stopped at
    └── IngestError                a document that cannot be ingested
        ├── DocumentError          permanent: the document itself (broken, encrypted, unsupported)
        └── TransientError         worth another try as it is (time-out, worker died, disk full)
"""

import re

_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class RagError(Exception):
    """Base of every error a user is meant to read."""

    exit_code = 1

    @property
    def code(self) -> str:
        """What went wrong, for programs: the name of the class, as in `knowledge_base_not_found`."""
        return _INNER_CAPITAL.sub("_", type(self).__name__).lower()


class ConfigError(RagError):
    """A setting that cannot be used; the message names it."""

    exit_code = 2


class FilterSyntaxError(RagError):
    """A filter expression that cannot be parsed or typed.

    Args:
        message: what is wrong and what would be right.
        expression: the whole expression as given.
        position: offset of the offending character in `expression`, from 0.
    """

    exit_code = 2

    def __init__(self, message: str, expression: str = "", position: int = 0) -> None:
        self.expression = expression
        self.position = position
        pointer = f"\n  {expression}\n  {' ' * position}^" if expression else ""
        super().__init__(message + pointer)


class ImageError(RagError):
    """Bytes that are not a usable picture."""


class AssetError(RagError):
    """A picture that is not in the asset store, or an asset store that cannot be opened."""


class PromptError(RagError):
    """A prompt file that misses a variable, or uses one that does not exist."""


class KnowledgeBaseNotFound(RagError):
    """No such knowledge base in this store."""


class FingerprintMismatch(RagError):
    """The knowledge base was built with other models, dimensions or fields."""


class StoreError(RagError):
    """Milvus refused or failed."""


class StoreLocked(StoreError):
    """An embedded store held by another process."""


class StoreFormatError(StoreError):
    """An embedded store of an older format, or a path that is not a store."""


class StoreAuthError(StoreError):
    """Wrong or missing token."""


class StoreUnreachable(StoreError):
    """The server is down."""


class ModelError(RagError):
    """An embedding or reranking model that cannot be loaded or used."""


class ChatError(RagError):
    """The chat model failed."""


class ChatUnreachable(ChatError):
    """No Ollama server answers."""


class ChatModelMissing(ChatError):
    """The Ollama server has no such model."""


class ChatStopped(ChatError):
    """The reply was stopped at its first words: they were marks of sources, or a question of its own."""


class IngestError(RagError):
    """A document that cannot be ingested."""


class DocumentError(IngestError):
    """Permanent: the document itself is broken, encrypted, empty or unsupported."""


class TransientError(IngestError):
    """Worth another try with the same bytes: a time-out, a worker that died, a full disk."""
