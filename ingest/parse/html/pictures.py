"""Where a page says that a picture is: `src`, `srcset`, lazy-loading attributes, posters, links to picture files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ingest.parse.pictures import Picture

_PICTURE_FILE = re.compile(r"\.(?:png|jpe?g|jfif|gif|webp|bmp|tiff?|avif|svg)(?:[?#]|$)", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)[wxh]")
_LAZY = re.compile(r"src|original|lazy|full|image|img|large|zoom|hi-?res", re.IGNORECASE)
_MAKESHIFT = re.compile(r"placeholder|thumb|low|blur|preview|fallback|tiny", re.IGNORECASE)
_SRCSET_CHARS = 20_000
_MOST_REFS = 12


def picture_in(attributes: Mapping[str, str], sources: Iterable[str] = ()) -> Picture:
    """The picture of an `<img>`: what is shown now first, then what a script or another screen would show.

    Args:
        attributes: of the tag.
        sources: `srcset` of the `<source>` tags beside it.
    """
    src = (attributes.get("src") or "").strip()
    is_inline = src[:5].lower() == "data:"
    refs = [] if is_inline else [src]
    refs += lazy_refs(attributes)
    for srcset in (attributes.get("srcset") or "", *sources):
        refs += srcset_refs(srcset)
    return picture_at([*refs, src], alt=attributes.get("alt") or "", title=attributes.get("title") or "")


def picture_at(refs: Iterable[str], *, alt: str = "", title: str = "") -> Picture:
    """A picture that any of these links leads to, the best first."""
    first, *others = [*dict.fromkeys(filter(None, refs))][:_MOST_REFS] or [""]
    return Picture(first, alt=alt, title=title, others=tuple(others))


def drawn_refs(tag: str, attributes: Mapping[str, str]) -> list[str]:
    """Pictures that other tags show: SVG's `<image>`, `<object>`, `<embed>`, picture buttons and videos' posters."""
    if tag == "image":
        return [attributes.get("href") or attributes.get("xlink:href") or ""]
    if tag == "video":
        return [attributes.get("poster") or "", *lazy_refs({k: v for k, v in attributes.items() if "poster" in k})]
    ref = attributes.get("data" if tag == "object" else "src") or ""
    is_picture = (attributes.get("type") or "").lower().startswith("image") or is_picture_file(ref)
    return [ref] if is_picture and ref[:5].lower() != "data:" else []


def is_picture_file(ref: str) -> bool:
    """Whether a link's path ends as picture files do."""
    return len(ref) < 2000 and _PICTURE_FILE.search(ref) is not None


def lazy_refs(attributes: Mapping[str, str]) -> list[str]:
    """Links in attributes that scripts of lazy loading read, whatever each calls them; small copies last."""
    found: list[tuple[bool, str]] = []
    for name, value in attributes.items():
        name = name.lower()
        if name in {"src", "srcset", "href", "alt", "title", "class", "id", "style", "data"} or not value:
            continue
        is_lazy = "src" in name or (name.startswith("data-") and _LAZY.search(name) is not None)
        if not is_lazy:
            continue
        if "srcset" in name:
            found += ((bool(_MAKESHIFT.search(name)), ref) for ref in srcset_refs(value))
        elif (is_picture_file(value.strip()) or "src" in name) and not re.search(r"[\s{}<>]", value.strip()):
            found.append((_MAKESHIFT.search(name) is not None, value.strip()))
    return [ref for _, ref in sorted(found, key=lambda one: one[0])]


def srcset_refs(srcset: str) -> list[str]:
    """The links of a `srcset`, the largest first."""
    sized = list(_candidates(re.sub(r"\s+", " ", srcset[:_SRCSET_CHARS])))
    return [ref for _, ref in sorted(sized, key=lambda one: -one[0])]


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    """(descriptor, link) of each; links may hold commas themselves (HTML, 4.8.4.2.1)."""
    rest = srcset
    while rest := rest.lstrip(" \t\n\r\f,"):
        ref, _, after = rest.partition(" ") if " " in rest else (rest, "", "")
        descriptor = ""
        if ref.endswith(","):
            rest = after
        else:
            descriptor, _, rest = after.partition(",")
        size = _SIZE.fullmatch(descriptor.strip())
        if ref := ref.strip(","):
            yield float(size[1]) if size else 1.0, ref
