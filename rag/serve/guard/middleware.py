"""What stands before every route: who may call, from where, and how much."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import ConfigError
from rag.serve.errors import refusal
from rag.serve.guard.access import EVERYTHING, Access, Keyring

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_OPEN_PATHS = frozenset({"/", "/healthz", "/readyz", "/favicon.ico", "/docs"})
_OPEN_PREFIXES = ("/page/", "/source/")
"""The page itself holds nothing that is secret: it asks for the token. Addresses of sources carry a signature."""
_FORWARDED_FOR = re.compile(r'(?:^|[;,\s])for=("[^"]*"|[^;,\s]+)', re.IGNORECASE)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""Of every response that does not say otherwise itself."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach such an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class Guard:
    """Refuses callers by Host, Origin and token; puts what a caller may do into `request.state.access`.

    A page elsewhere cannot read from here: browsers send its Origin, and a name that was made to point to this machine
    (DNS rebinding) is not among the hosts.

    Args:
        app: what is guarded.
        host: address that is listened on.
        keys: tokens; empty: everybody who reaches the address may do everything.
        hosts: further names that this server is reached by.
        origins: pages elsewhere that may call it.

    Raises:
        ConfigError: others than this machine could call without a token.
    """

    app: ASGIApp
    host: str
    keys: Keyring
    hosts: Iterable[str] = ()
    origins: Iterable[str] = ()
    _names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        elsewhere = [name for name in (self.host, *self.hosts) if not is_loopback(name)]
        if elsewhere and not self.keys:
            raise ConfigError(
                f"{elsewhere[0]} can be reached from other machines, and no token is set: anybody there could read "
                "your documents. Set RAG_SERVE_TOKEN (or RAG_SERVE_TOKENS), or listen on 127.0.0.1 and leave out "
                "RAG_SERVE_HOSTS"
            )
        names = {*_LOOPBACK_NAMES, self.host.lower(), *(name.lower() for name in self.hosts)}
        if not is_loopback(self.host):
            names.add(socket.gethostname().lower())
        object.__setattr__(self, "_names", frozenset(names))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers, send = Headers(scope=scope), _with_headers(send)
        problem = self._foreign(scope, headers)
        access = EVERYTHING if problem or not self.keys else self._access(scope["path"], headers)
        if problem:
            await refusal(*problem)(scope, receive, send)
        elif access is None:
            message = "a token is needed: send 'Authorization: Bearer TOKEN', as RAG_SERVE_TOKEN names it on the server"
            await refusal(401, message, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
        else:
            scope.setdefault("state", {})["access"] = access
            await self.app(scope, receive, send)

    def _foreign(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_own(host):
            return 421, f"this server is not called {host!r:.80}; add the name to RAG_SERVE_HOSTS if it is"
        # uvicorn has put there who stands behind a proxy on this machine; the proxy itself may be open to the world.
        client = (scope.get("client") or ("",))[0]
        if not self.keys and ((_is_address(client) and not is_loopback(client)) or _is_relayed(headers)):
            return 403, "others than this machine need a token; set RAG_SERVE_TOKEN on the server"
        origin = headers.get("origin")
        own = (f"http://{host}".lower(), f"https://{host}".lower())  # TLS may end at a proxy
        if origin is not None and origin not in self.origins and origin.lower() not in own:
            return 403, f"pages of {origin!r:.80} may not call this server; add it to RAG_SERVE_ORIGINS if they may"
        # A picture or script of ours inside somebody else's page comes without an Origin.
        embedded = headers.get("sec-fetch-mode") != "navigate" or scope["method"] not in ("GET", "HEAD")
        is_signed = scope["path"].startswith("/source/")
        if origin is None and embedded and not is_signed and headers.get("sec-fetch-site") == "cross-site":
            return 403, "pages elsewhere may not embed what this server has"
        return None

    def _is_own(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
        except ValueError:
            return False
        name = parts.hostname or ""
        if parts.netloc != host or parts.username is not None:
            return False
        if name in self._names:
            return True
        return not is_loopback(self.host) and _is_address(name)  # no name: it cannot have been rebound

    def _access(self, path: str, headers: Headers) -> Access | None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        access = self.keys.open(token.strip()) if scheme.lower() == "bearer" else None
        if access is None and (path in _OPEN_PATHS or path.startswith(_OPEN_PREFIXES)):
            return Access(frozenset(), frozenset())
        return access


def _is_relayed(headers: Headers) -> bool:
    """Whether a proxy says that it hands on what another asked: only it stands on this machine, perhaps."""
    if headers.get("via"):
        return True
    named = [headers.get("x-real-ip", ""), *headers.get("x-forwarded-for", "").split(",")]
    named += _FORWARDED_FOR.findall(headers.get("forwarded", ""))
    addresses = [_bare(name) for name in named]
    return any(address and not is_loopback(address) for address in addresses)


def _bare(name: str) -> str:
    """An address without quotes, brackets and port."""
    name = name.strip().strip('"')
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.rpartition(":")[0] if name.count(":") == 1 else name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped
