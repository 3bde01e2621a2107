"""Who has connected and not yet said what it wants: kept at the price of a socket, until its header has come whole.

A protocol of its own for each of them costs half a millisecond, and a thousand that never end their header and come
back as soon as they are cut off are a second that everybody else waits for. Here one costs some 40 microseconds.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from contextlib import suppress

from rag.serve.guard.connections import CHANCE_S, TOO_MANY, Connections, refusal

ACCEPTED_AT_ONCE = 256
"""Before those that are there are looked at."""
SWEEP_S = 0.5
A_MOMENT_S, NO_DESCRIPTOR_S = 0.01, 0.2
"""Until the next try where all places are taken by who came just now, and where the system has no descriptor."""
_PIECE_BYTES = 64 * 1024
_MAX_HEADER_BYTES = 64 * 1024
"""More is handed on as it is, for the protocol to refuse."""
_END_OF_HEADER = re.compile(rb"\n\r?\n")


class Arrival:
    """Somebody who has connected. A place among `Connections`, as a protocol is."""

    def __init__(self, door: Door, client: socket.socket, address: str) -> None:
        self._door, self.client, self.address = door, client, address
        self.said = b""
        self.n_sweeps = 0

    @property
    def had_its_chance(self) -> bool:
        return bool(self.said) or self.n_sweeps * SWEEP_S > CHANCE_S

    def give_way(self) -> None:
        self._door.turn_away(self)

    def has_said_enough(self) -> bool:
        """Whether there is something to answer: a whole header, or what can be none."""
        said = self.said
        return len(said) > _MAX_HEADER_BYTES or said[0] <= 0x20 or _END_OF_HEADER.search(said) is not None


class Door:
    """Takes connections in, and hands those over that have sent a whole header. Used by its event loop only.

    Args:
        listener: a socket that listens.
        connections: where everybody has a place.
        protocol: makes one for a connection; told what has come of it already.
    """

    def __init__(
        self, listener: socket.socket, connections: Connections, protocol: Callable[[bytes], asyncio.Protocol]
    ) -> None:
        self._listener, self._all, self._protocol = listener, connections, protocol
        self._loop = asyncio.get_running_loop()
        self._here: dict[Arrival, None] = {}
        self._handing: set[asyncio.Task[None]] = set()
        self._reopening: asyncio.TimerHandle | None = None
        listener.setblocking(False)
        self._open()
        self._timer = self._loop.call_later(SWEEP_S, self._sweep)

    def close(self) -> None:
        """Takes nobody in any more; who has not said what it wants is turned away."""
        self._timer.cancel()
        if self._reopening is not None:
            self._reopening.cancel()
        self._loop.remove_reader(self._listener)
        for arrival in list(self._here):
            self.turn_away(arrival)

    def turn_away(self, arrival: Arrival) -> None:
        self._leave(arrival)
        self._all.closed(arrival)
        arrival.client.close()

    def _open(self) -> None:
        self._loop.add_reader(self._listener, self._take_in)

    def _take_in(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            if self._all.is_about_to_have_room():
                self._shut_for(A_MOMENT_S)
                return
            try:
                client, peer = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError, InterruptedError):
                return
            except OSError as error:
                self._loop.call_exception_handler({"message": "no connection can be taken in", "exception": error})
                self._shut_for(NO_DESCRIPTOR_S)
                return
            client.setblocking(False)
            arrival = Arrival(self, client, peer[0] if isinstance(peer, tuple) else "")
            if self._all.opened(arrival):
                self._all.waits(arrival)
                self._here[arrival] = None
                self._loop.add_reader(client, self._listen, arrival)
            else:
                with suppress(OSError):
                    client.send(refusal(503, TOO_MANY))
                client.close()

    def _shut_for(self, seconds: float) -> None:
        """Who comes meanwhile is kept by the system."""
        self._loop.remove_reader(self._listener)
        self._reopening = self._loop.call_later(seconds, self._open)

    def _listen(self, arrival: Arrival) -> None:
        try:
            piece = arrival.client.recv(_PIECE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        if not piece:
            self.turn_away(arrival)
            return
        arrival.said += piece
        if arrival.has_said_enough():
            self._leave(arrival)
            task = self._loop.create_task(self._hand_over(arrival))
            self._handing.add(task)
            task.add_done_callback(self._handing.discard)

    async def _hand_over(self, arrival: Arrival) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: self._protocol(arrival.said), arrival.client)
        except OSError:
            self._all.closed(arrival)
            arrival.client.close()

    def _leave(self, arrival: Arrival) -> None:
        self._here.pop(arrival, None)
        self._all.asks(arrival)
        self._loop.remove_reader(arrival.client)

    def _sweep(self) -> None:
        self._timer = self._loop.call_later(SWEEP_S, self._sweep)
        for arrival in list(self._here):
            arrival.n_sweeps += 1
            if arrival.n_sweeps * SWEEP_S > self._all.header_s:
                self.turn_away(arrival)
