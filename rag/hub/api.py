"""A hub over HTTP, through huggingface_hub: what is in a repository, and the bytes of a file.

Files are received here rather than by `snapshot_download`, which begins a file again from its first byte after the
program was stopped (https://github.com/huggingface/huggingface_hub/issues/4196): weights are one file of gigabytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, ModelInfo, constants, get_session, hf_hub_url, hf_raise_for_status
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined] # public, but loaded lazily

from rag.errors import ModelError
from rag.hub.files import HubFile
from rag.text.uris import shown

TIMEOUT_S = 30.0
"""Of silence."""
TRIES = 5
"""That bring no byte, before a file is given up."""
FIRST_WAIT_S = 1.0
"""Before the second try; doubled before each further one."""
_LIBRARY = "multimodal-rag"
_TRY_AGAIN = {408, 429, 500, 502, 503, 504}
_BLOCK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit.

    Attributes:
        name: `org/name`.
        commit: in full.
        licence: as its card says; empty where it says nothing.
        files: all of them.
    """

    name: str
    commit: str
    licence: str
    files: tuple[HubFile, ...]


class Hub:
    """The hub at `endpoint`; None: HF_ENDPOINT, or huggingface.co. Sends the token of HF_TOKEN or 'hf auth login'.

    Its methods raise ModelError with what to do: no such model, no permission, no connection.
    """

    def __init__(self, endpoint: str | None = None) -> None:
        constants.HF_HUB_DISABLE_TELEMETRY = True  # the variable is read at the import, which may be long ago
        self._api = HfApi(endpoint=endpoint, library_name=_LIBRARY)

    def listing(self, name: str, revision: str = "") -> Listing:
        """What a branch, tag or commit holds now; of the main branch where it is empty."""
        with self._explained(name, revision):
            info = self._api.model_info(name, revision=revision or None, files_metadata=True, timeout=TIMEOUT_S)
            return _listing(name, info)

    def fetch(self, listing: Listing, file: HubFile, path: Path, on_bytes: Callable[[int], None]) -> None:
        """Appends to `path` what it still lacks of the file.

        Args:
            listing: where the file is.
            file: which one.
            path: empty, missing, or the first bytes of the file from an earlier try.
            on_bytes: of the bytes that are there, now and then.
        """
        if path.is_file() and path.stat().st_size > file.size_bytes:
            path.unlink()
        path.touch()
        failures = 0
        with self._explained(listing.name, listing.commit):
            while (have := path.stat().st_size) < file.size_bytes:
                try:
                    self._receive(listing, file, path, on_bytes)
                except (httpx2.TransportError, HfHubHTTPError) as error:
                    failures = 0 if path.stat().st_size > have else failures + 1
                    if failures == TRIES or not _is_passing(error):
                        raise
                    time.sleep(FIRST_WAIT_S * 2**failures)

    def _receive(self, listing: Listing, file: HubFile, path: Path, on_bytes: Callable[[int], None]) -> None:
        """One request. Raises TransportError where it ends early."""
        url = hf_hub_url(listing.name, file.path, revision=listing.commit, endpoint=self._api.endpoint)
        have = path.stat().st_size
        headers = {**build_hf_headers(library_name=_LIBRARY), "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT_S) as response:
            hf_raise_for_status(response)
            with path.open("ab" if response.status_code == httpx2.codes.PARTIAL_CONTENT else "wb") as out:
                for block in response.iter_bytes(_BLOCK_BYTES):
                    out.write(block)
                    on_bytes(out.tell())
                    if out.tell() > file.size_bytes:  # the check of the digest, which follows, tells the user
                        return
        if path.stat().st_size < file.size_bytes:
            raise httpx2.RemoteProtocolError("the connection ended before the file did")

    @contextmanager
    def _explained(self, name: str, revision: str) -> Iterator[None]:
        address = shown(self._api.endpoint)
        log_in = "'hf auth login', or set HF_TOKEN, and pull again"
        try:
            yield
        except GatedRepoError as error:
            raise ModelError(f"model '{name}' is gated: accept its terms at {address}/{name}, then {log_in}") from error
        except RepositoryNotFoundError as error:
            raise ModelError(
                f"there is no model '{name}' at {address}, or it is private. Check the name; for a private one {log_in}"
            ) from error
        except RevisionNotFoundError as error:
            raise ModelError(
                f"model '{name}' has no revision '{revision}' (a commit is given in full); see "
                f"{address}/{name}/commits/main"
            ) from error
        except HfHubHTTPError as error:
            raise ModelError(_refusal(name, address, error)) from error
        except httpx2.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise ModelError(
                f"{address} cannot be reached to pull '{name}': {reason}. Check the connection (and HTTPS_PROXY, "
                "HF_ENDPOINT, where they are set) and run the command again: it goes on where it stopped"
            ) from error
        except (httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"what answers at {address} does not answer as a hub does ({error}); check HF_ENDPOINT and whether "
                "this network wants a log-in"
            ) from error


def _listing(name: str, info: ModelInfo) -> Listing:
    files = []
    for sibling in info.siblings or ():
        lfs = sibling.lfs
        size_bytes = lfs.size if lfs else sibling.size
        if size_bytes is None or not (lfs or sibling.blob_id):
            raise ValueError(f"no size or digest of {sibling.rfilename}")
        files.append(HubFile(sibling.rfilename, size_bytes, lfs.sha256 if lfs else "", sibling.blob_id or ""))
    if not info.sha:
        raise ValueError("no commit")
    licence = getattr(info.card_data, "license", None)
    return Listing(name, info.sha, licence if isinstance(licence, str) else "", tuple(files))


def _is_passing(error: Exception) -> bool:
    return not isinstance(error, HfHubHTTPError) or error.response.status_code in _TRY_AGAIN


def _refusal(name: str, address: str, error: HfHubHTTPError) -> str:
    status = error.response.status_code
    reason = f": {error.server_message}" if error.server_message else ""
    if status in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
        return (
            f"{address} refuses '{name}' (HTTP {status}{reason}): the token of HF_TOKEN or 'hf auth login' is not "
            "valid or may not read it. Mend or unset it"
        )
    return f"{address} answered HTTP {status} for '{name}'{reason}. Try again later"
