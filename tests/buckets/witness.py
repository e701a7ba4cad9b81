"""A witness before a server: it takes requests as the server itself, and writes each of them down.

What was sent, how often and in which order is told by what came to the server, not by what the
program believes. It may answer in the server's place, and turn a bit of what it passes on. ::

    with Witness(r2.port, r2.certificate, folder) as witness:
        store = r2.store(witness.port, witness.certificate)
        ...
        assert [one.key for one in witness.heard if one.kind == "put"] == [...]

Over https it stands in for the server with a certificate of its own, so that it sees what TLS hides
from a ``FaultProxy``, which may stand before it.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from buckets.s3_stub import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

SILENCE_S: Final = 60.0
METHODS: Final = ("GET", "PUT", "POST", "DELETE", "HEAD")
BLOCK_BYTES: Final = 64 * 1024
_UPLOAD_ID: Final = re.compile(rb"<UploadId>([^<]+)</UploadId>")
_KEPT_BACK: Final = frozenset({"expect", "connection", "keep-alive", "transfer-encoding"})


@dataclass(slots=True)
class Heard:
    """One request.

    Attributes:
        port: Of the client's connection: a cut one tells it.
        kind: ``put``, ``begin``, ``part``, ``complete``, ``abort``, ``list``, ``uploads``,
            ``read``, ``facts`` or ``delete``.
        key: Of the object; empty where it is about none.
        upload_id: Of the upload, also of one that is begun; empty where it is about none.
        number: Of the part; 0 where it is none.
        wanted_bytes: How large its body was to be.
        came_bytes: How much of it came.
        status: What the server answered; 0: it was not asked, as not all came.
        sha256: Of the body that came whole, as the server got it.
    """

    port: int
    kind: str
    key: str
    upload_id: str
    number: int
    wanted_bytes: int
    came_bytes: int = 0
    status: int = 0
    sha256: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the server did what was asked."""
        return 200 <= self.status < 300

    @property
    def what(self) -> str:
        """What it sends, by its name in the place."""
        return f"{self.upload_id}/{self.number}" if self.kind == "part" else self.key


@dataclass
class Witness:
    """Stands before a server of this machine.

    Args:
        upstream: The server's port.
        authority: A file of the server's certificate, where it speaks https; None: http.
        folder: Where the witness's own certificate is written.

    Attributes:
        port: On which it listens.
        certificate: A file of its own certificate; None over http.
        heard: All requests so far, in the order in which their heads came.
        answers: Returns an answer in the server's place, or None.
        damages: Returns whether a bit of a request's body is turned on its way to the server.
        damages_answer: The same of what the server answers.
        hears: Called with each request when its head has come.
    """

    upstream: int
    authority: Path | None
    folder: Path
    port: int = 0
    certificate: Path | None = None
    heard: list[Heard] = field(default_factory=list)
    answers: Callable[[Heard], Answer | None] = lambda _: None
    damages: Callable[[Heard], bool] = lambda _: False
    damages_answer: Callable[[Heard], bool] = lambda _: False
    hears: Callable[[Heard], None] = lambda _: None

    def __enter__(self) -> Self:
        methods = {f"do_{name}": _Handler.do_any for name in METHODS}
        here = {"witness": self, "context": self._context(), **methods}
        handler = type("Handler", (_Handler,), here)
        self._server = _Server(handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        for line in list(self._server.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def done(self, *kinds: str) -> list[Heard]:
        """Return what of some kinds the server did."""
        return [one for one in self.heard if one.kind in kinds and one.is_done]

    def open_uploads(self) -> dict[str, str]:
        """Return the uploads that were begun and neither completed nor aborted, with their keys."""
        begun = {one.upload_id: one.key for one in self.done("begin")}
        for one in self.done("complete", "abort"):
            begun.pop(one.upload_id, None)
        return begun

    def list_uploads(self, heard: Heard) -> Answer | None:
        """Answer who asks for open uploads: R2 does, its simulator does not (``answers``)."""
        if heard.kind != "uploads":
            return None
        found = "".join(
            f"<Upload><Key>{key}</Key><UploadId>{upload_id}</UploadId></Upload>"
            for upload_id, key in self.open_uploads().items()
        )
        xml = f"<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>{found}"
        return Answer(200, body=f"{xml}</ListMultipartUploadsResult>".encode())

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection to the server."""
        if self.authority is None:
            return http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=SILENCE_S)
        context = ssl.create_default_context(cafile=self.authority)
        return http.client.HTTPSConnection(
            "127.0.0.1", self.upstream, timeout=SILENCE_S, context=context
        )

    def _context(self) -> ssl.SSLContext | None:
        if self.authority is None:
            return None
        self.certificate = self.folder / "witness.pem"
        key = self.folder / "witness.key"
        _certify(self.certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        return context


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # who closes it waits for them
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.lines: set[socket.socket] = set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: connections are cut all the time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    witness: Witness
    context: ssl.SSLContext | None

    def setup(self) -> None:
        if self.context is not None:
            self.request = self.context.wrap_socket(self.request, server_side=True)
        self.server.lines.add(self.request)
        super().setup()

    def handle_one_request(self) -> None:
        with suppress(OSError):  # cut
            super().handle_one_request()
            return
        self.close_connection = True

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.server.lines.discard(self.request)
        self.request.close()

    def do_any(self) -> None:
        heard = _heard(self)
        self.witness.heard.append(heard)
        self.witness.hears(heard)
        body = bytearray()
        while missing := heard.wanted_bytes - len(body):
            block = self.rfile.read1(min(missing, BLOCK_BYTES))
            body += block
            heard.came_bytes = len(body)
            if not block:
                self.close_connection = True
                return
        answer = self.witness.answers(heard)
        if answer is None:
            if body and self.witness.damages(heard):
                body[len(body) // 2] ^= 1
            heard.sha256 = hashlib.sha256(body).hexdigest()
            answer = self._ask(bytes(body))
        if heard.kind == "begin" and (found := _UPLOAD_ID.search(answer.content)):
            heard.upload_id = found[1].decode()
        heard.status = answer.status
        self._answer(answer, heard)

    def _ask(self, body: bytes) -> Answer:
        """Ask the server the very same, byte for byte: it is signed."""
        with closing(self.witness.connect()) as line:
            line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _KEPT_BACK:
                    line.putheader(name, value)
            line.endheaders(body or None)
            told = line.getresponse()
            headers = {
                name: value for name, value in told.getheaders() if name.lower() not in _KEPT_BACK
            }
            return Answer(told.status, headers=headers, body=told.read())

    def _answer(self, answer: Answer, heard: Heard) -> None:
        content = answer.content
        if content and self.witness.damages_answer(heard):
            content = content[:-1] + bytes([content[-1] ^ 1])
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        if self.command != "HEAD" and answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _heard(handler: _Handler) -> Heard:
    address = urlsplit(handler.path)
    query = parse_qs(address.query, keep_blank_values=True)
    key = unquote(address.path).partition("/test-bucket/")[2]
    return Heard(
        port=handler.client_address[1],
        kind=_kind(handler.command, query, key),
        key=key,
        upload_id=query.get("uploadId", [""])[0],
        number=int(query.get("partNumber", ["0"])[0]),
        wanted_bytes=int(handler.headers.get("Content-Length", 0)),
    )


def _kind(method: str, query: dict[str, list[str]], key: str) -> str:
    if "uploads" in query:
        return "begin" if method == "POST" else "uploads"
    if "uploadId" in query:
        return {"PUT": "part", "POST": "complete", "DELETE": "abort"}[method]
    if "delete" in query or method == "DELETE":
        return "delete"
    whole = {"PUT": "put", "GET": "read", "HEAD": "facts"}[method]
    return whole if key or method != "GET" else "list"


def _certify(certificate: Path, key: Path) -> None:
    """Write a certificate for this machine that vouches for itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "witness")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
