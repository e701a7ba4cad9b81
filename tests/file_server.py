"""A web server on this machine that serves one file, well or badly, as a test wants it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass
class Manner:
    """How one request is answered.

    Attributes:
        status: Anything but 200 is sent without the file.
        stop_after: Close the connection when so many bytes of the file are sent.
        ranges: Whether parts are sent when they are asked for.
        etag: Sent, and compared with ``If-Range``.
        content: Another file instead.
        delay_s: Between blocks.
        block: Bytes sent at once.
        silent_s: Wait before anything is sent.
        location: Where a redirect leads.
        retry_after: Sent with a refusal.
        first: What a part is said to begin with; by default what was asked for.
        tell_length: Whether the length is told.
    """

    status: int = 200
    stop_after: int | None = None
    ranges: bool = True
    etag: str = '"one"'
    content: bytes | None = None
    delay_s: float = 0.0
    block: int = 16 * 1024
    silent_s: float = 0.0
    location: str = ""
    retry_after: str = ""
    first: int | None = None
    tell_length: bool = True


@dataclass
class Asked:
    """What a request said."""

    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """The server: answers one request after the other by its manners, the last one for ever."""

    content: bytes
    manners: Sequence[Manner] = (Manner(),)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/weights.pt"

    @property
    def ranges(self) -> list[str | None]:
        return [one.headers.get("Range") for one in self.asked]

    def next_manner(self) -> Manner:
        return self.manners[min(len(self.asked), len(self.manners)) - 1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Server

    def do_GET(self) -> None:
        self.served.asked.append(Asked(self.path, dict(self.headers.items())))
        manner = self.served.next_manner()
        time.sleep(manner.silent_s)
        self.close_connection = True
        with suppress(OSError):  # the other side has gone
            self._answer(manner)

    def _answer(self, manner: Manner) -> None:
        if manner.status != 200:
            self.send_response(manner.status)
            for name, value in (("Location", manner.location), ("Retry-After", manner.retry_after)):
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = self.served.content if manner.content is None else manner.content
        start = self._start(manner)
        if start > len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            first = start if manner.first is None else manner.first
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        if manner.etag:
            self.send_header("ETag", manner.etag)
        if manner.tell_length:
            self.send_header("Content-Length", str(len(content) - start))
        self.send_header("Connection", "close")
        self.end_headers()
        stop = len(content) if manner.stop_after is None else start + manner.stop_after
        for at in range(start, min(stop, len(content)), manner.block):
            self.wfile.write(content[at : min(at + manner.block, stop)])
            time.sleep(manner.delay_s)

    def _start(self, manner: Manner) -> int:
        asked = self.headers.get("Range")
        if not manner.ranges or asked is None:
            return 0
        if self.headers.get("If-Range", manner.etag) != manner.etag:
            return 0
        return int(asked.removeprefix("bytes=").partition("-")[0])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(content: bytes, *manners: Manner) -> Iterator[Server]:
    """Serve a file on this machine while the block runs."""
    server = Server(content, manners or (Manner(),))
    handler = type("Handler", (_Handler,), {"served": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.daemon_threads = True
        server.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
