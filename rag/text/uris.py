"""What can be said of an address without going there. Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@|^[^/?#:\s]+:[^/?#\s]*@")


def shown(uri: str) -> str:
    """The URI without a name and password that somebody wrote into it: it is on its way to a screen or a log."""
    return _CREDENTIALS.sub("", uri)


def is_loopback(url: str) -> bool:
    """Whether the server is this machine itself, as far as its address says so."""
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or "localhost"
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
