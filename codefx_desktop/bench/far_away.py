"""A server as if it were far away: bytes to it and from it take their time, and none is held back.

Run in a process of its own, which ends with its input: ``python -m codefx_desktop.bench.far_away
PORT ROUND_TRIP_MS``; says ``READY <port>``. TLS goes through as it is.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from typing import Final, cast

FULL_BYTES: Final = 4 * 1024 * 1024
"""So much may be on its way in one direction; whoever sends more waits."""


class Way(asyncio.Protocol):
    """One end of a connection; what it hears leaves at the other end later.

    Args:
        delay_s: How much later.
    """

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._loop = asyncio.get_running_loop()
        self._on_its_way: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._is_due = False
        self.other: Way | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note where to write."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Send bytes on their way."""
        self._put(data)

    def eof_received(self) -> bool:
        """Say at the other end, when all has arrived, that no more comes."""
        self._put(b"")
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        """Close the other end."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def _put(self, data: bytes) -> None:
        self._on_its_way.append((self._loop.time() + self._delay_s, data))
        self._bytes += len(data)
        if self._bytes > FULL_BYTES and self.transport is not None:
            self.transport.pause_reading()
        if not self._is_due:
            self._is_due = True
            self._loop.call_later(self._delay_s, self.arrive)

    def arrive(self) -> None:
        """Hand over what is due."""
        self._is_due = False
        if self.other is None or self.other.transport is None:
            return  # not connected yet: comes back when it is
        now = self._loop.time()
        while self._on_its_way and self._on_its_way[0][0] <= now:
            self._hand_over(self.other.transport, self._on_its_way.popleft()[1])
        if self._on_its_way:
            self._is_due = True
            self._loop.call_at(self._on_its_way[0][0], self.arrive)

    def _hand_over(self, sink: asyncio.Transport, data: bytes) -> None:
        if sink.is_closing():
            return
        if not data:
            if sink.can_write_eof():
                sink.write_eof()
            return
        sink.write(data)
        is_full = self._bytes > FULL_BYTES
        self._bytes -= len(data)
        if is_full and self._bytes <= FULL_BYTES and self.transport is not None:
            self.transport.resume_reading()


class Near(Way):
    """The end that clients connect to.

    Args:
        port: Of the server.
        delay_s: Of each direction.
    """

    def __init__(self, port: int, delay_s: float) -> None:
        super().__init__(delay_s)
        self._port = port
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect to the server."""
        super().connection_made(transport)
        self._connecting = self._loop.create_task(self._connect())

    async def _connect(self) -> None:
        far = Way(self._delay_s)
        far.other = self
        try:
            await self._loop.create_connection(lambda: far, "127.0.0.1", self._port)
        except OSError:
            if self.transport is not None:
                self.transport.abort()
            return
        self.other = far
        self.arrive()


async def serve(port: int, round_trip_s: float) -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Near(port, round_trip_s / 2), "127.0.0.1", 0)
    sys.stdout.write(f"READY {server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
