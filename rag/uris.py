"""Addresses as they may be shown. Pure."""

from __future__ import annotations

import re

_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@|^[^/?#:\s]+:[^/?#\s]*@")


def shown(uri: str) -> str:
    """The URI without a name and password that somebody wrote into it: it is on its way to a screen or a log."""
    return _CREDENTIALS.sub("", uri)
