"""Hidden parts of a page that a reader can open: tabs, accordions, footnotes. The rest was never meant to be read."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

_OPENS = re.compile(
    rb"""(?:aria-controls|aria-describedby|data-[\w-]*target|data-toggle-id|href|for)\s*=\s*["']?#?([\w:.-]{1,80})""",
    re.I,
)
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:tab|tabs?-?panes?|tab-?panels?|tab-?content|panels?|panes?|accordions?|collaps\w*|toggle\w*|expand\w*"
    r"|spoilers?|faq|answers?|footnotes?|endnotes?|read-?more|more-?text|details|slides?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(
    r"modal|dialog|popup|cookie|consent|menu|nav|search|dropdown|tooltip|newsletter|log-?in|sign-?in|share|overlay|offcanvas"
    r"|lightbox|template|loading|spinner|honeypot|captcha|toast|banner|error|sr-only|visually",
    re.IGNORECASE,
)
_CONTENT_ROLES = frozenset({"tabpanel", "region", "note", "doc-footnote", "doc-endnote", "doc-endnotes"})
_MOST_IDS = 20_000


def opened_ids(page: bytes) -> frozenset[str]:
    """Ids that links, buttons and labels of the page lead to."""
    found: set[str] = set()
    for match in _OPENS.finditer(page):
        found.add(match[1].decode("utf-8", "replace"))
        if len(found) >= _MOST_IDS:
            break
    return frozenset(found)


def can_be_opened(attributes: Mapping[str, str], opened: Container[str]) -> bool:
    """Whether a hidden part is content that a reader reaches."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if _NO_CONTENT.search(names) or (attributes.get("role") or "").lower() in {"dialog", "alertdialog", "menu"}:
        return False
    if (attributes.get("role") or "").lower() in _CONTENT_ROLES or "note" in (attributes.get("epub:type") or ""):
        return True
    return attributes.get("id") in opened or _CONTENT.search(names) is not None


def opens_something(attributes: Mapping[str, str]) -> bool:
    """Whether a button is the heading of a tab or an accordion's part, and not a command."""
    if (attributes.get("role") or "").lower() == "tab":
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    opens = any(name in attributes for name in ("aria-controls", "data-target", "data-bs-target"))
    return (opens or _CONTENT.search(names) is not None) and not _NO_CONTENT.search(names)
