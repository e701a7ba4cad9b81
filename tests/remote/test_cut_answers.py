"""Answers that are cut at any byte: a broken connection, never another answer."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from buckets.s3_stub import Stub

from codefx_desktop.domain.errors import Offline
from codefx_desktop.domain.object_store import Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.remote.s3_store import S3Store

KEY = "jobs/7/report/stops.json"
SENDING = Sending("application/json", "f" * 64)
LIST = (
    b"<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>jobs/7</Key><Size>3</Size>"
    b'<ETag>"ab"</ETag><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>'
    b"</ListBucketResult>"
)
BEGUN = b"<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>"
COMPLETED = b'<CompleteMultipartUploadResult><ETag>"ab-1"</ETag></CompleteMultipartUploadResult>'
CALLS: dict[str, tuple[bytes, Callable[[S3Store], object]]] = {
    "list": (LIST, lambda place: list(place.list("jobs/"))),
    "facts": (b"", lambda place: place.facts(KEY)),
    "read": (b"three", lambda place: place.read(KEY)),
    "part": (b"", lambda place: place.put_part(KEY, "7", 1, b"data")),
    "begin": (BEGUN, lambda place: place.begin_upload(KEY, SENDING)),
    "complete": (COMPLETED, lambda place: place._calls.ask("complete_multipart_upload", KEY, **UP)),
}
UP = {"UploadId": "7", "MultipartUpload": {"Parts": [{"ETag": '"ab"', "PartNumber": 1}]}}


class Cutter(threading.Thread):
    """Answers each connection with the first bytes of an answer, and hangs up."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.answer = b""

    def run(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:  # closed
                return
            with line:
                line.recv(65536)
                line.sendall(self.answer)

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


@pytest.fixture(scope="module")
def cutter() -> Iterator[Cutter]:
    made = Cutter()
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def place(cutter: Cutter) -> Iterator[S3Store]:
    store = Stub(port=cutter.port).store(silence_s=2.0)
    yield store
    store.close()


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_that_is_cut_is_a_broken_connection(
    cutter: Cutter, place: S3Store, name: str
) -> None:
    body, call = CALLS[name]
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) or 3}\r\n"
        'ETag: "abcdef"\r\nLast-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\n'
        f"x-amz-meta-sha256: {SENDING.sha256}\r\n\r\n"
    ).encode()
    if name == "part":
        head = head.replace(b"Content-Length: 3", b"Content-Length: 0")
    whole = head + body
    for at in {*range(1, len(whole), 9), len(head) - 1, len(whole) - 1}:
        cutter.answer = whole[:at]
        with pytest.raises(Offline):
            call(place)
    cutter.answer = whole
    assert call(place)


@pytest.mark.timeout(30)
def test_leave_to_send_that_is_cut_is_not_waited_for(cutter: Cutter, place: S3Store) -> None:
    for answer in (b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"):
        cutter.answer = answer
        with pytest.raises(Offline):
            place.put(KEY, b"data", SENDING)
