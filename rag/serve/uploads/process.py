"""One ingest in a process of its own: what it says while it works, and how it is stopped."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from anyio.abc import ByteReceiveStream, Process
from pydantic import SecretStr

from rag.config import Settings
from rag.errors import RagError
from rag.system import kill_group, lower_priority
from rag.text.quoting import plain

log = logging.getLogger("rag.serve")

STOP_S = 5.0
"""An ingest that is told to stop ends what it is writing; then it is killed, which does no harm either."""
NICENESS = 10
"""Whoever asks goes first."""
_SERVER_ONLY = "serve_"
_STOP = signal.SIGINT if os.name == "posix" else signal.SIGTERM
_MAX_LINE_BYTES = 64 * 1024
_KEPT_LINES = 50
_MAX_REPORT_BYTES = 16 * 1024**2

IngestEvent = Mapping[str, Any]
"""What an ingest says: `{"stage", "done", "total"}`, `{"failed": {"source", "reason"}}`, and at its end
`{"report": {...}}`."""


class IngestStopped(RagError):
    """The ingest ended without a report."""


class JobCancelled(RagError):
    """Somebody cancelled the job that was waited for."""


class ServerStopping(IngestStopped):
    """The server is about to leave; the job goes on with the next one."""


async def run_ingest(command: Sequence[str], env: Mapping[str, str], out: Path) -> AsyncGenerator[IngestEvent, None]:
    """Runs an ingest; closing the generator stops it, and the next one goes on where it was.

    Args:
        command: `ingest ... --json --progress json`.
        env: its whole environment.
        out: file for its report.

    Raises:
        IngestStopped: it could not work, or was killed.
    """
    rest: deque[str] = deque(maxlen=_KEPT_LINES)
    with out.open("wb") as stdout:
        process = await anyio.open_process(command, stdin=None, stdout=stdout, env=env, start_new_session=True)
    try:
        _yield_to_others(process.pid)
        assert process.stderr is not None
        async with aclosing(_lines(process.stderr)) as lines:
            async for line in lines:
                said = _progress(line)
                if said is not None:
                    yield said
                else:
                    rest.append(plain(line))
        code = await process.wait()
        report = await to_thread.run_sync(_read_report, out)
        if report is None or "error" in report:
            log.error("an ingest ended with code %s:\n%s", code, "\n".join(rest))
            raise IngestStopped(_why(code, report))
        yield {"report": report}
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)


def environment_of(settings: Settings) -> dict[str, str]:
    """This process's environment, with every setting as it is here, wherever it came from; without the server's own.

    An ingest then uses the same store, models and folders even where they were set by a flag or in a file.
    """
    env = {name: value for name, value in os.environ.items() if not name.lower().startswith("rag_")}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name.startswith(_SERVER_ONLY) or value is None:
            continue
        env[f"RAG_{name.upper()}"] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return env


def _why(code: int, failure: Mapping[str, Any] | None) -> str:
    """For people. Only what an ingest gives as its error is meant for them; a trace is not."""
    if code < 0:
        return "the ingest was killed; try it again and it goes on where it was"
    if failure is None:
        return f"the ingest ended with code {code}; the server's log says why"
    return plain(str(failure["error"]["message"]))


def _progress(line: str) -> IngestEvent | None:
    """A line of progress; None for everything else that may be on stderr."""
    with suppress(ValueError):
        said = json.loads(line)
        if isinstance(said, dict) and (said.keys() >= {"stage", "done", "total"} or said.keys() == {"failed"}):
            return said
    return None


def _read_report(out: Path) -> dict[str, Any] | None:
    """What an ingest printed: its report, or `{"error": {"code", "message"}}`; None where it did not come to that."""
    with out.open("rb") as file, suppress(ValueError):
        said = json.loads(file.read(_MAX_REPORT_BYTES))
        return said if isinstance(said, dict) else None
    return None


async def _lines(stream: ByteReceiveStream) -> AsyncGenerator[str, None]:
    """Lines of text; one without an end is cut."""
    pending = b""
    async for piece in stream:
        *whole, pending = (pending + piece).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")
        pending = pending[-_MAX_LINE_BYTES:]
    yield pending.decode(errors="replace")


def _yield_to_others(pid: int) -> None:
    lower_priority(pid, NICENESS)


async def _end(process: Process) -> None:
    """Tells it to stop, if it runs; kills what is left of it and of the processes that it started."""
    by_itself = process.returncode is not None and process.returncode >= 0
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.send_signal(_STOP)
        with anyio.move_on_after(STOP_S):
            await process.wait()
    if not by_itself:
        kill_group(process.pid)
    await process.aclose()
