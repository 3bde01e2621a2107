"""What a job does: places its files, runs an ingest over all of them, finds out what became of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from rag.errors import KnowledgeBaseNotFound, RagError
from rag.serve.jobs.folder import JobFolder
from rag.serve.jobs.job import Job
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.uploads.process import environment_of, run_ingest
from rag.serve.uploads.report import ReportOut
from rag.system import module_command
from rag.types import Document
from rag.uploads import Uploads
from rag.uploads.files import MEMBER
from rag.uploads.json_file import write_json

INGEST = module_command("rag.serve.uploads.tethered", str(os.getpid()), "ingest")
_FEW = 20
_AT_ONCE = 100


class Work:
    """Does jobs.

    Args:
        library: what is filled.
        uploads: where files go.
        folder: of the jobs.
        command: runs an ingest.

    Attributes:
        removed: knowledge bases from which documents were removed, perhaps while an ingest had them in hand.
    """

    def __init__(
        self, library: OpenKnowledgeBases, uploads: Uploads, folder: JobFolder, command: Sequence[str]
    ) -> None:
        self._library, self._uploads, self._folder, self._command = library, uploads, folder, command
        self.removed: set[str] = set()

    async def do(self, job: Job, lock: anyio.Lock, tell: Callable[[], None]) -> ReportOut:
        """Ingests, and says how far it is in the job.

        The whole folder of the knowledge base is ingested, not only what came: a list of captions or a linked picture
        may concern earlier files, an ingest that was stopped is completed, and what an archive no longer holds goes.

        Args:
            job: is told of progress, failures, and what became of its files.
            lock: of the knowledge base; held while files are placed.
            tell: called when the job has changed.

        Raises:
            IngestStopped: the ingest could not work.
            StoreError: the store does not work.
            OSError: the disk is full or failed.
        """
        if not job.folder:
            async with lock:
                await to_thread.run_sync(self._place, job)
        self.removed.discard(job.kb)
        out = self._folder.of(job) / "report.json"
        said: dict[str, Any] = {}
        command = self._ingest(job, await to_thread.run_sync(self._names, job))
        try:
            async with aclosing(run_ingest(command, environment_of(self._library.settings), out)) as told:
                async for event in told:
                    if "report" in event:
                        said = dict(event["report"])
                    elif "failed" in event:
                        job.fail(str(event["failed"]["source"]), str(event["failed"]["reason"]))
                    else:
                        job.say(str(event["stage"]), int(event["done"]), event["total"])
                    tell()
            async with lock:
                if job.kb in self.removed:
                    await to_thread.run_sync(self._remove_again, job.kb)
        except RagError:
            with suppress(RagError):  # what is known already is said; that the store fails too adds nothing
                await to_thread.run_sync(partial(self._find_out, job, has_ended=False))
            raise
        await to_thread.run_sync(partial(self._find_out, job, has_ended=True))
        _name_captions(job, (said.get("captions") or {}).get("sidecars") or {})
        return ReportOut.model_validate({**said, "files": [file.out() for file in job.files]})

    def take_back(self, job: Job) -> None:
        """Of a cancelled job: removes the files that were not read."""
        placed = [file for file in job.files if file.doc_id]
        documents, archives = self._of_uploads(job.kb) if placed else ({}, set())
        unread = []
        for file in placed:
            path = self._uploads.of(job.kb) / file.path
            if (found := documents.get(str(path))) is not None and found.state == "done":
                file.state, file.n_records, file.error = found.state, found.n_records, found.error
            elif str(path) in archives:
                file.state = "none"
            else:
                self._uploads.remove(job.kb, path)
                file.state, file.error = "none", "cancelled before it was read"
                unread += [found.doc_id] if found is not None else []
        if unread:
            self._delete(job.kb, unread)

    def _of_uploads(self, kb: str) -> tuple[dict[str, Document], set[str]]:
        """The documents that were read from uploads, by path, and the archives that some of them are in."""
        with suppress(KnowledgeBaseNotFound):
            every = self._library.store.kb(kb).documents()
            found = {document.path: document for document in every if self._uploads.holds(kb, document.path)}
            return found, {path.partition(MEMBER)[0] for path in found if MEMBER in path}
        return {}, set()

    def _place(self, job: Job) -> None:
        folder = self._folder.of(job)
        self._uploads.of(job.kb).mkdir(mode=0o700, parents=True, exist_ok=True)
        files = {file.name: file for file in job.files if file.content}
        stored = self._uploads.store_files(job.kb, {name: folder / file.content for name, file in files.items()})
        for name, doc_id in stored.ids.items():
            files[name].doc_id, files[name].path = doc_id, stored.paths[name]
        for name, why in stored.refused.items():
            files[name].state, files[name].error = "failed", why
        self._folder.save(job)

    def _names(self, job: Job) -> Path | None:
        """A file with the true names of uploads, for the ingest; None where there are none."""
        names = {} if job.folder else self._uploads.true_names(job.kb)
        if not names:
            return None
        path = self._folder.of(job) / "names.json"
        write_json(path, names)
        return path

    def _ingest(self, job: Job, names: Path | None) -> Sequence[str]:
        folder = job.folder or str(self._uploads.of(job.kb))
        command = [*self._command, *(["retry"] if job.retry else []), folder, "--kb", job.kb]
        if not job.folder and not job.retry:
            command.append("--prune")
        return [*command, "--json", "--progress", "json", *(["--names", str(names)] if names else [])]

    def _find_out(self, job: Job, *, has_ended: bool) -> None:
        """What became of each file. What is no document by now is none, if the ingest has ended as it should."""
        files = [file for file in job.files if file.doc_id is not None]
        documents = self._documents(job.kb, {file.doc_id for file in files if file.doc_id})
        for file in files:
            found = documents.get(file.doc_id or "")
            if found is not None:
                file.state, file.n_records, file.error = found.state, found.n_records, found.error
            elif has_ended and file.state != "failed":
                file.state = "none"

    def _documents(self, kb: str, ids: set[str]) -> dict[str, Document]:
        try:
            stored = self._library.store.kb(kb)
            if len(ids) <= _FEW:
                found = [stored.document(id_) for id_ in ids]
                return {document.doc_id: document for document in found if document is not None}
            return {document.doc_id: document for document in stored.documents() if document.doc_id in ids}
        except KnowledgeBaseNotFound:
            return {}

    def _remove_again(self, kb: str) -> None:
        """Documents whose file was removed while the ingest had it in hand."""
        self.removed.discard(kb)
        documents, _ = self._of_uploads(kb)
        self._delete(kb, [each.doc_id for each in documents.values() if self._uploads.file_of(kb, each.path) is None])

    def _delete(self, kb: str, doc_ids: list[str]) -> None:
        for start in range(0, len(doc_ids), _AT_ONCE):
            self._library.store.kb(kb).delete_documents(doc_ids[start : start + _AT_ONCE])


def _name_captions(job: Job, sidecars: Mapping[str, str]) -> None:
    """Says of files that became words of a picture where they went: nobody would look for them there."""
    for file in job.files:
        picture = sidecars.get(f"{job.kb}/{file.name}")
        if file.state == "none" and picture:
            file.error = f"it lies beside the picture '{picture}' and is its caption now, no document of its own"
