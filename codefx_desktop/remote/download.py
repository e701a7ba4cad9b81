"""Fetches a file over https, goes on where it broke off, and names it only when it is right.

Trackside networks break often and in the middle. What arrived stays in ``<name>.part``; the next
try, in the same call or days later, asks for the rest. Size and SHA-256 are known beforehand, so
whatever a server, a proxy or an earlier try left there, nothing wrong is ever given its name.

Nothing here opens a connection but ``HttpsDownloads.get``.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    DownloadDamaged,
    DownloadError,
    NoNetwork,
    NoSpace,
    NotWritable,
)
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.remote.https import (
    BLOCK_BYTES,
    USB,
    Broken,
    RangeRefused,
    blocks,
    host,
    open_address,
)
from codefx_desktop.remote.rate import Meter

if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.models import Transfer
    from codefx_desktop.domain.ports import Download
    from codefx_desktop.domain.run import CancelSignal

log = logging.getLogger(__name__)

SILENCE_S: Final = 10.0
"""A connection that is silent for so long is given up and begun anew; so long may a cancel have
to wait, too. Short, because going on costs one request."""
WAITS_S: Final = (1.0, 2.0, 4.0, 8.0)
"""Between tries that bring nothing; after these the fetch is given up."""
POLL_S: Final = 0.05
SPARE_BYTES: Final = 64 * 1024 * 1024
"""Stays free on the disk: the history must still be able to write."""
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Manners:
    """How a fetch behaves; tests have shorter ones.

    Attributes:
        allow_http: Whether addresses may be plain http. For a test's own server alone.
        silence_s: How long a connection may be silent.
        waits_s: Pauses between tries that brought nothing.
        free_bytes: Tells the free space of a folder's disk.
        clock: Seconds that only grow.
    """

    allow_http: bool = False
    silence_s: float = SILENCE_S
    waits_s: tuple[float, ...] = WAITS_S
    free_bytes: Callable[[Path], int] = _free_bytes
    clock: Callable[[], float] = time.monotonic


class HttpsDownloads:
    """Fetches files (``domain.ports.Downloads``). Blocks; belongs on a worker.

    Args:
        manners: How it behaves.
    """

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()

    def get(
        self, wanted: Download, progress: Callable[[Transfer], None], cancel: CancelSignal
    ) -> None:
        """Fetch a file; see ``domain.ports.Downloads``.

        Raises:
            Cancelled: If the signal was seen.
            NoNetwork: If nobody answers, or the connection keeps breaking.
            DownloadDamaged: If something else arrived; it is thrown away.
            DownloadError: If the server refuses, or the address is not https.
            NoSpace: If the disk cannot hold it.
            NotWritable: If the folder cannot be written to.
        """
        with _writing(wanted.target):
            wanted.target.parent.mkdir(parents=True, exist_ok=True)
            was_begun = _size(wanted.part) > 0
            _Fetch(wanted, self._manners, progress, cancel).run()
            if not _is_right(wanted) and was_begun:
                # What an earlier try left may be of another file.
                log.info("%s is not right; fetched anew from its beginning", wanted.part)
                wanted.part.unlink()
                _Fetch(wanted, self._manners, progress, cancel).run()
            if not _is_right(wanted):
                wanted.part.unlink()
                raise _damaged(wanted)
            wanted.part.replace(wanted.target)


class _Fetch:
    """Brings the part to its full size, over as many connections as it takes."""

    def __init__(
        self,
        wanted: Download,
        manners: Manners,
        progress: Callable[[Transfer], None],
        cancel: CancelSignal,
    ) -> None:
        self._wanted, self._manners, self._cancel = wanted, manners, cancel
        self._meter = Meter(wanted.size_bytes, progress, manners.clock)
        self._etag = ""

    def run(self) -> None:
        wanted = self._wanted
        if _size(wanted.part) > wanted.size_bytes:
            wanted.part.unlink()
        self._require_space()
        failures, begun_with = 0, _size(wanted.part)
        while (before := _size(wanted.part)) < wanted.size_bytes:
            self._look_for_cancel()
            try:
                self._continue(before)
            except Broken as broken:
                brought = _size(wanted.part) - before
                failures = 0 if brought >= BLOCK_BYTES else failures + 1
                is_final = broken.is_final and before <= begun_with
                if is_final or failures > len(self._manners.waits_s):
                    raise _gave_up(wanted, broken) from broken
                log.info("%s at %d bytes: %s", wanted.url, before + brought, broken.why)
                pause = self._manners.waits_s[failures - 1] if failures else 0.0
                self._wait(max(pause, broken.wait_s))

    def _continue(self, start: int) -> None:
        """Ask for what is missing and append it.

        Raises:
            Broken: If it is not whole then.
        """
        try:
            answer = self._ask(start)
        except RangeRefused:
            self._wanted.part.unlink(missing_ok=True)
            raise
        with answer:
            self._etag = _strong(answer.headers.get("ETag"))
            goes_on = answer.status == HTTPStatus.PARTIAL_CONTENT
            if goes_on and not _fits(answer.headers.get("Content-Range"), start, self._wanted):
                self._wanted.part.unlink(missing_ok=True)
                raise Broken("another part came than was asked for", has_answered=True)
            if not goes_on and _length(answer) not in (None, self._wanted.size_bytes):
                raise _damaged(self._wanted)  # often the log-in page of a network
            there = self._append(answer, start if goes_on else 0)
        if there < self._wanted.size_bytes:
            raise Broken("the connection was closed too early")

    def _ask(self, start: int) -> http.client.HTTPResponse:
        headers = {}
        if start:
            headers["Range"] = f"bytes={start}-"
            if self._etag:
                headers["If-Range"] = self._etag
        manners = self._manners
        return open_address(
            self._wanted.url, headers, silence_s=manners.silence_s, allow_http=manners.allow_http
        )

    def _append(self, answer: http.client.HTTPResponse, there: int) -> int:
        """Write what arrives behind the first ``there`` bytes; return how many there are then."""
        wanted = self._wanted
        with wanted.part.open("ab" if there else "wb") as file:
            self._meter.begin(there)
            for block in blocks(answer):
                self._look_for_cancel()
                there += len(block)
                if there > wanted.size_bytes:
                    break
                file.write(block)
                self._meter.tell(there)
        if there > wanted.size_bytes:
            wanted.part.unlink()
            raise _damaged(wanted)
        return there

    def _require_space(self) -> None:
        wanted = self._wanted
        folder = wanted.target.parent
        needed = wanted.size_bytes - _size(wanted.part) + SPARE_BYTES
        if (free := self._manners.free_bytes(folder)) < needed:
            raise NoSpace(
                f"{wanted.target.name} needs {needed / 1e6:,.0f} MB in {folder}, and "
                f"{free / 1e6:,.0f} MB are free.",
                hint="Free some space and try again.",
                path=folder,
            )

    def _wait(self, seconds: float) -> None:
        until = self._manners.clock() + seconds
        while (left := until - self._manners.clock()) > 0:
            self._look_for_cancel()
            time.sleep(min(POLL_S, left))

    def _look_for_cancel(self) -> None:
        if self._cancel.is_set():
            raise Cancelled


def _fits(content_range: str | None, start: int, wanted: Download) -> bool:
    """Return whether a part begins where ours ends, and belongs to a file of the right size."""
    kind, _, rest = (content_range or "").partition(" ")
    places, _, total = rest.partition("/")
    first = places.partition("-")[0]
    return kind == "bytes" and first == str(start) and total in ("*", str(wanted.size_bytes))


def _length(answer: http.client.HTTPResponse) -> int | None:
    """Return how much a server says it will send."""
    told = answer.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else None


def _strong(etag: str | None) -> str:
    """Return an ETag that says the bytes are the same; a weak one does not."""
    return etag if etag and not etag.startswith("W/") else ""


def _is_right(wanted: Download) -> bool:
    with wanted.part.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == wanted.sha256


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _gave_up(wanted: Download, broken: Broken) -> DownloadError:
    stays = " What was fetched is kept; the next try goes on from there."
    kept = stays if _size(wanted.part) else ""
    name = wanted.target.name
    if broken.has_answered:
        return DownloadError(
            f"{name} could not be fetched: {broken.why}.{kept}",
            hint=f"Try again later, {USB}.",
            path=wanted.target,
        )
    return NoNetwork(
        f"No network: {broken.why}.{kept}",
        hint=f"Connect to one and try again, {USB}.",
        path=wanted.target,
    )


def _damaged(wanted: Download) -> DownloadDamaged:
    return DownloadDamaged(
        f"What {host(wanted.url)} sent is not {wanted.target.name}: its size or SHA-256 is "
        "another one. It was thrown away.",
        hint=f"If this network asks for a log-in, do that first; try again, {USB}.",
        path=wanted.target,
    )


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Translate the system's errors about the file that is written."""
    try:
        yield
    except (DownloadError, NoSpace, NotWritable):
        raise
    except OSError as error:
        kind = NoSpace if error.errno in _FULL else NotWritable
        raise kind(
            f"{target} could not be written: {error.strerror or error}.",
            hint="Free some space, or change the permissions of the folder.",
            path=target,
        ) from error
