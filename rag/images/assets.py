"""The asset store: pictures by content, in a folder or a bucket. `ingest.assets.writer` writes it.

Layout: `images/ab/cd/abcd....webp`, named by the sha256 of the stored bytes, and `notes/` for texts made from them.
"""

from __future__ import annotations

import re
from typing import Any

import fsspec

from rag.errors import AssetError
from rag.text.uris import shown

_ID = re.compile(r"[0-9a-f]{64}\.(?:webp|png|jpg|gif)")


class StoredAssets:
    """Pictures of one asset store. Safe for several threads and processes; can be pickled.

    Args:
        uri: a folder, or any fsspec URL such as `s3://bucket/prefix`.

    Raises:
        AssetError: no driver for this kind of URL.
    """

    def __init__(self, uri: str) -> None:
        try:
            # Listings are not cached: another process may be writing.
            fs, root = fsspec.core.url_to_fs(uri, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise AssetError(f"asset store {shown(uri)!r} cannot be opened: {error}; check RAG_ASSET_URI") from error
        self._fs: Any = fs
        self._root = str(root).rstrip("/")
        self.uri = uri

    def get(self, asset: str) -> bytes:
        """The encoded picture.

        Raises:
            AssetError: not an id, not there, or not readable.
        """
        try:
            return bytes(self._fs.cat_file(self._path(asset)))
        except FileNotFoundError as error:
            raise AssetError(
                f"picture {asset} is not in the asset store {shown(self.uri)}; ingest its document again to restore it"
            ) from error
        except OSError as error:
            raise AssetError(f"picture {asset} cannot be read from {shown(self.uri)}: {error}") from error

    def exists(self, asset: str) -> bool:
        """Whether `get` would find it; False for what is no id."""
        return is_asset_id(asset) and bool(self._fs.isfile(self._path(asset)))

    def drop(self) -> None:
        """Removes pictures and notes, and the store's folder if nothing else is in it.

        Raises:
            AssetError: they cannot be removed.
        """
        try:
            for part in ("images", "notes"):
                if self._fs.isdir(f"{self._root}/{part}"):
                    self._fs.rm(f"{self._root}/{part}", recursive=True)
            if self._fs.isdir(self._root) and not self._fs.ls(self._root):
                self._fs.rmdir(self._root)
        except OSError as error:
            raise AssetError(f"the pictures in {shown(self.uri)} cannot be removed: {error}") from error

    def _path(self, asset: str) -> str:
        if not is_asset_id(asset):
            raise AssetError(f"{asset!r:.80} is not an asset id: need 64 hex digits and .webp, .png, .jpg or .gif")
        return f"{self._root}/images/{asset[:2]}/{asset[2:4]}/{asset}"


def is_asset_id(text: str) -> bool:
    """Whether it has an id's exact form, so that it can name nothing outside the store."""
    return _ID.fullmatch(text) is not None
