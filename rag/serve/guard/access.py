"""Who may see and change which knowledge base."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from rag.errors import ConfigError, KnowledgeBaseNotFound, RagError

_ALL = "*"
_WRITE = ":write"
MIN_TOKEN_CHARS = 16


class Forbidden(RagError):
    """The caller may read this knowledge base, but not change it."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one caller may do. `*` among the names stands for every knowledge base."""

    readable: frozenset[str]
    writable: frozenset[str]

    @property
    def is_limited(self) -> bool:
        """Whether there may be knowledge bases that the caller is not to know of."""
        return _ALL not in self.readable

    def visible(self, names: Iterable[str]) -> list[str]:
        """Those of the names that the caller may see."""
        return [name for name in names if self._among(name, self.readable)]

    def may_write(self, kb: str) -> bool:
        return self._among(kb, self.writable)

    def may_create(self, names: Collection[str]) -> bool:
        """Whether the caller may make a knowledge base beside those of the names."""
        return _ALL in self.writable or not self.writable.issubset(names)

    def check(self, kb: str, *, write: bool = False) -> None:
        """Lets pass what the caller may do.

        Raises:
            KnowledgeBaseNotFound: it is not the caller's to see: as if it did not exist.
            Forbidden: it may be read only.
        """
        if not self._among(kb, self.readable):
            raise not_found(kb)
        if write and not self.may_write(kb):
            raise Forbidden(f"this token may read knowledge base '{kb}', but not change it")

    @staticmethod
    def _among(kb: str, names: frozenset[str]) -> bool:
        return kb in names or _ALL in names


def not_found(kb: str) -> KnowledgeBaseNotFound:
    """Names no other knowledge base and no place: the caller may not be allowed to see them."""
    return KnowledgeBaseNotFound(f"there is no knowledge base '{kb:.64}'; GET /v1/kb lists them")


EVERYTHING = Access(frozenset({_ALL}), frozenset({_ALL}))


class Keyring:
    """The tokens that are let in, each with what it opens.

    Args:
        token: opens everything.
        tokens: others, each with its knowledge bases: `name`, `name:write`, `*` or `*:write`.

    Raises:
        ConfigError: a token that is easily guessed, or that no request could send.
    """

    def __init__(self, token: SecretStr | None, tokens: Mapping[SecretStr, Sequence[str]]) -> None:
        self._keys = {secret.get_secret_value(): _access(names) for secret, names in tokens.items()}
        if token is not None and token.get_secret_value():
            self._keys[token.get_secret_value()] = EVERYTHING
        if any(len(key) < MIN_TOKEN_CHARS for key in self._keys):
            raise ConfigError(
                f"a token of RAG_SERVE_TOKEN or RAG_SERVE_TOKENS has fewer than {MIN_TOKEN_CHARS} characters; make one "
                "with: python -c 'import secrets; print(secrets.token_urlsafe())'"
            )
        if not all(key.isascii() and key.isprintable() and key == key.strip() for key in self._keys):
            raise ConfigError(
                "a token of RAG_SERVE_TOKEN or RAG_SERVE_TOKENS has characters that no header brings unchanged; use "
                "ASCII letters, digits and signs, without a space or line end at either end"
            )

    def __bool__(self) -> bool:
        return bool(self._keys)

    def open(self, token: str) -> Access | None:
        """What the token opens; None for one that is not known. Takes as long whichever it is."""
        given = token.encode("utf-8", "surrogateescape")
        found = None
        for key, access in self._keys.items():
            if hmac.compare_digest(key.encode(), given):
                found = access
        return found


def _access(names: Sequence[str]) -> Access:
    writable = frozenset(name.removesuffix(_WRITE) for name in names if name.endswith(_WRITE))
    return Access(writable | frozenset(name for name in names if not name.endswith(_WRITE)), writable)
