"""A proxy on this machine that misbehaves on purpose, for what comes between us and a bucket.

It forwards bytes and understands none of them, so that TLS stays end to end. ::

    with FaultProxy(r2.port, [Fault(cut_up=100_000), Fault(black_hole=True)]) as proxy:
        store = r2.store(proxy.port)       # the first connection is cut, the second swallowed

``proxy.offline = True`` takes the network away from everybody; False gives it back.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

CHUNK = 16 * 1024


@dataclass(frozen=True)
class Fault:
    """What one connection suffers.

    Attributes:
        cut_up: Bytes from the client after which both sides are reset.
        cut_down: Bytes to the client after which both sides are reset.
        black_hole: Everything is taken and nothing ever answered.
        delay_s: Round trip: half of it is added in each direction, at full throughput.
        bytes_per_s: Slower than that in each direction; 0: not.
        flip_up: Place of a byte from the client of which one bit is turned.
        flip_down: Place of a byte to the client of which one bit is turned.
    """

    cut_up: int | None = None
    cut_down: int | None = None
    black_hole: bool = False
    delay_s: float = 0.0
    bytes_per_s: float = 0.0
    flip_up: int | None = None
    flip_down: int | None = None


class FaultProxy:
    """Forwards a free port of this machine to another, one planned fault per connection.

    Args:
        upstream: The port of the server.
        plan: What the first connections suffer, one after the other.
        default: What all later ones do; may be changed.
        port: On which it listens; 0: a free one.

    Attributes:
        default: What connections suffer that are not planned.
        port: On which it listens.
        connections: How many there were.
        lost: How many answers ``lose_answers`` has swallowed.
        cut_ports: Of each connection that a fault has cut: its port as the server sees it.
        bytes_up: How many bytes clients sent.
        bytes_down: How many bytes clients were sent.
        offline: Whether the network is away.
    """

    def __init__(
        self,
        upstream: int,
        plan: Sequence[Fault] = (),
        default: Fault | None = None,
        port: int = 0,
    ) -> None:
        self._upstream = upstream
        self._plan = list(plan)
        self.default = default or Fault()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._losing: set[asyncio.StreamWriter] = set()
        self._offline = False
        self.port = port
        self.connections = 0
        self.lost = 0
        self.cut_ports: list[int] = []
        self.bytes_up = 0
        self.bytes_down = 0

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def offline(self) -> bool:
        return self._offline

    @offline.setter
    def offline(self, is_offline: bool) -> None:
        self._offline = is_offline
        if is_offline:
            self.cut()

    def plan(self, *faults: Fault) -> None:
        """Plan what the next connections suffer."""
        self._plan[self.connections :] = faults

    def fault_of(self, number: int) -> Fault:
        """Return what a connection suffers; they are counted from 0."""
        return self._plan[number] if number < len(self._plan) else self.default

    def lose_answers(self) -> None:
        """Reset each connection that stands when the server says its next word."""
        self._losing = set(self._writers)

    def cut(self) -> None:
        """Reset every connection there is."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._handle, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        self._abort()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks, timeout=0.1)
            self._abort()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self.connections = self.connections, self.connections + 1
        fault = self.fault_of(number)
        self._writers.add(writer)
        try:
            if self._offline:
                writer.transport.abort()
            elif fault.black_hole:
                while await reader.read(CHUNK):
                    pass
            else:
                await self._forward(reader, writer, fault)
        except OSError:
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault
    ) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        self._writers.add(far_writer)
        ways = (
            asyncio.ensure_future(self._pump(reader, far_writer, fault, is_up=True)),
            asyncio.ensure_future(self._pump(far_reader, writer, fault, is_up=False)),
        )
        try:
            await asyncio.gather(*ways)
        except Cut:
            self.cut_ports.append(far_writer.get_extra_info("sockname")[1])
            writer.transport.abort()
            far_writer.transport.abort()
        finally:
            self._writers.discard(far_writer)
            far_writer.close()
            # The loop holds its tasks weakly: one that nobody waits for may be collected at work.
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        fault: Fault,
        *,
        is_up: bool,
    ) -> None:
        """Forward one direction; a queue in between delays without holding back."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1024)
        cut, flip = (fault.cut_up, fault.flip_up) if is_up else (fault.cut_down, fault.flip_down)
        feeder = asyncio.ensure_future(self._feed(source, queue, cut, flip, is_up))
        try:
            while True:
                due_s, data = await queue.get()
                if not data:
                    break
                if not is_up and sink in self._losing:
                    self.lost += 1
                    raise Cut
                await asyncio.sleep(due_s + fault.delay_s / 2 - self._loop.time())
                if fault.bytes_per_s:
                    await asyncio.sleep(len(data) / fault.bytes_per_s)
                sink.write(data)
                await sink.drain()
            await feeder
            with suppress(OSError):
                sink.write_eof() if sink.can_write_eof() else sink.close()
        finally:
            feeder.cancel()
            with suppress(asyncio.CancelledError, Cut, OSError):
                await feeder

    async def _feed(
        self,
        source: asyncio.StreamReader,
        queue: asyncio.Queue[tuple[float, bytes]],
        cut: int | None,
        flip: int | None,
        is_up: bool,
    ) -> None:
        seen = 0
        try:
            while data := await source.read(CHUNK):
                if flip is not None and seen <= flip < seen + len(data):
                    changed = bytearray(data)
                    changed[flip - seen] ^= 1
                    data = bytes(changed)
                seen += len(data)
                if is_up:
                    self.bytes_up += len(data)
                else:
                    self.bytes_down += len(data)
                if cut is not None and seen > cut:
                    raise Cut
                await queue.put((self._loop.time(), data))
        finally:
            with suppress(asyncio.QueueFull):
                queue.put_nowait((0.0, b""))


class Cut(Exception):  # noqa: N818 - a signal
    """The connection is to be reset here."""
