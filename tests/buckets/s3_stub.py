"""A small S3 server over plain http that answers as a script says, then as a bucket would.

For what no real server can be made to say: that it is full, busy, wrong about the time, or that a
key may not do something. It checks no signatures and no sums. ::

    with stubbing(Answer(503, "SlowDown", headers={"Retry-After": "7"})) as stub:
        stub.store().put(...)              # Throttled, retry_after_s 7
"""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from buckets.shared_models import share_models

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Answer:
    """What one request is answered.

    Attributes:
        status: Of HTTP.
        code: S3's name of the error; empty: no text at all.
        message: Its words.
        headers: Sent besides.
        body: Sent instead of an error's text.
        delay_s: Before anything is sent.
    """

    status: int
    code: str = ""
    message: str = "As the script says."
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay_s: float = 0.0

    @property
    def content(self) -> bytes:
        if self.body is not None:
            return self.body
        if not self.code:
            return b""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{self.code}</Code>'
            f"<Message>{self.message}</Message></Error>"
        ).encode()


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stub:
    """The server.

    Attributes:
        script: Answers to come; afterwards requests are done.
        clock_s: Added to the date of every answer; None: none is told.
        requests: What was asked so far.
        objects: What is there.
    """

    script: list[Answer] = field(default_factory=list)
    clock_s: float | None = 0.0
    requests: list[Request] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    port: int = 0

    def begin(self, *script: Answer, clock_s: float | None = 0.0) -> None:
        """Forget what was, and follow another script."""
        self.script[:] = script
        self.clock_s = clock_s
        self.requests.clear()
        self.objects.clear()

    def target(self, port: int | None = None) -> Target:
        endpoint = f"http://127.0.0.1:{port or self.port}"
        return Target(
            "stub", TargetKind.S3, bucket="test-bucket", endpoint=endpoint, access_key_id="stubkey"
        )

    def store(
        self, access: Access | None = None, port: int | None = None, silence_s: float = 5.0
    ) -> S3Store:
        used = access or Access("stubkey", "stubsecret")
        return S3Store(self.target(port), used, Manners(2.0, silence_s))

    def answer(self, request: Request) -> Answer:
        """Return the next answer of the script, or do what is asked."""
        self.requests.append(request)
        if self.script:
            return self.script.pop(0)
        key = unquote(urlsplit(request.path).path).partition("/test-bucket/")[2]
        if request.method == "PUT":
            self.objects[key] = request.body
            etag = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
            return Answer(200, headers={"ETag": f'"{etag}"'})
        if not key:
            return Answer(200, body=b"<ListBucketResult></ListBucketResult>")
        data = self.objects.get(key)
        return Answer(404, "NoSuchKey") if data is None else _part(request, data)


def _part(request: Request, data: bytes) -> Answer:
    etag = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
    wanted = request.headers.get("If-Match", etag)
    if wanted != etag:
        return Answer(412, "PreconditionFailed")
    first, _, last = request.headers.get("Range", "bytes=0-")[6:].partition("-")
    start, stop = int(first), int(last) + 1 if last else len(data)
    told = f"bytes {start}-{min(stop, len(data)) - 1}/{len(data)}"
    headers = {"ETag": etag, "Content-Range": told, "Last-Modified": date(0)}
    status = 206 if "Range" in request.headers else 200
    return Answer(status, headers=headers, body=data[start:stop])


def date(clock_s: float) -> str:
    """Return now, by a clock that is off, as servers write it."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=clock_s), usegmt=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stub: Stub

    def handle_one_request(self) -> None:
        with suppress(OSError):  # the other side has gone
            super().handle_one_request()
            return
        self.close_connection = True

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.stub.answer(Request(self.command, self.path, dict(self.headers), body))
        time.sleep(answer.delay_s)
        self.send_response_only(answer.status)
        if self.stub.clock_s is not None:
            self.send_header("Date", date(self.stub.clock_s))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stubbing(*script: Answer, clock_s: float | None = 0.0) -> Iterator[Stub]:
    """Serve on this machine while the block runs."""
    share_models()
    stub = Stub(list(script), clock_s)
    methods = {f"do_{name}": _Handler.do_any for name in ("GET", "PUT", "POST", "DELETE", "HEAD")}
    handler = type("Handler", (_Handler,), {"stub": stub, **methods})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.daemon_threads = True
        stub.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield stub
        finally:
            http.shutdown()
            thread.join()
