"""Sends one large piece in parts, several at a time, and goes on where it was cut off.

The size of the parts is fixed when the upload begins; its id and every part that the place has
confirmed are in the outbox before anything else is done. After a kill only the parts that were
under way are sent again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import (
    CorruptedInFlight,
    ForeignObject,
    RemoteError,
    UploadGone,
)
from codefx_desktop.domain.push import Piece
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.push_files import (
    joined_etag,
    md5_hex,
    read_bytes,
    sha256_of,
)
from codefx_desktop.jobs.push_route import There
from codefx_desktop.jobs.push_sending import is_fresh, there
from codefx_desktop.jobs.push_together import Together
from codefx_desktop.store.outbox import SentPiece

if TYPE_CHECKING:
    from codefx_desktop.jobs.push_route import Route
    from codefx_desktop.jobs.push_together import Help


def send_in_parts(route: Route, piece: Piece, with_help: Help) -> SentPiece | None:
    """Send a piece in parts, unless the place has it.

    Args:
        route: Its push.
        piece: The piece.
        with_help: Has a call made on another worker, if there is one to spare.

    Returns:
        What the place confirmed; None where nobody wants it any more, or it begins anew.

    Raises:
        Cancelled: If the push is not to go on.
        RemoteError: If the place refuses.
        OutputError: If the file is gone.
    """
    if not is_fresh(route, piece):
        return None
    if not piece.upload_id:
        begun = _begin(route, piece)
        if not isinstance(begun, Piece):
            return begun
        piece = begun
    try:
        _Parts(route, piece).send_missing(with_help)
        return _complete(route, piece) if is_fresh(route, piece) else None
    except UploadGone:
        return _after_gone(route, piece)


def _begin(route: Route, piece: Piece) -> Piece | SentPiece | None:
    """Return the piece with its upload, or what the place has of it already."""
    sha256 = sha256_of(piece.path, route.cancel)
    found = route.before_sending(piece, sha256)
    if isinstance(found, There):
        return there(piece, sha256, found)
    key, size = route.key(piece), route.part_bytes(piece.size_bytes)
    upload_id = route.store.begin_upload(key, route.sending(piece, sha256, found))
    begun = route.outbox.upload_begun(piece.id, upload_id, size, sha256)
    if begun is None:
        route.store.abort_upload(key, upload_id)
    return begun


class _Parts:
    """The parts of one upload."""

    def __init__(self, route: Route, piece: Piece) -> None:
        self._route, self._piece = route, piece

    def send_missing(self, with_help: Help) -> None:
        """Send the parts that the place has not confirmed yet.

        Raises:
            Cancelled: If the push is not to go on.
            CodefxError: The first failure of any worker.
        """
        missing = [number for number, etag in enumerate(self._piece.etags, start=1) if not etag]
        Together(missing, self._send).run(self._route.settings.parts_at_once, with_help)

    def _send(self, number: int) -> None:
        route, piece = self._route, self._piece
        data = read_bytes(piece.path, (number - 1) * piece.part_bytes, piece.part_bytes)
        if len(data) != min(piece.part_bytes, piece.size_bytes - (number - 1) * piece.part_bytes):
            raise CorruptedInFlight(f"{piece.path} changed while it was sent.")
        etag = self._put(number, data)
        if not route.outbox.part_sent(piece.id, piece.upload_id, number, etag, md5_hex(data)):
            raise Cancelled

    def _put(self, number: int, data: bytes) -> str:
        """Send a part; once more where it was damaged on the way."""
        try:
            return self._put_once(number, data)
        except CorruptedInFlight:
            return self._put_once(number, data)

    def _put_once(self, number: int, data: bytes) -> str:
        route, piece = self._route, self._piece
        with route.bandwidth.sending(len(data), route.cancel):
            return route.store.put_part(route.key(piece), piece.upload_id, number, data)


def _complete(route: Route, piece: Piece) -> SentPiece | None:
    now = route.outbox.piece(piece.id)
    if now is None or now.upload_id != piece.upload_id:
        return None
    key = route.key(piece)
    replaces = piece.replaces
    for is_last in (False, True):
        sending = route.sending(piece, piece.sha256, replaces)
        try:
            etag = route.store.complete_upload(key, piece.upload_id, now.etags, sending)
        except ForeignObject:
            found = route.in_the_way(piece, piece.sha256)
            if isinstance(found, There):
                route.outbox.upload_gone(piece.id)  # the place is told to forget it
                return there(piece, piece.sha256, found)
            if is_last:
                raise
            replaces = found
        else:
            sums = route.outbox.part_sums(piece.id)
            return SentPiece(piece.id, piece.sha256, etag, etag == joined_etag(sums))
    return None


def _after_gone(route: Route, piece: Piece) -> SentPiece:
    """Return the object if it was completed and only the answer was lost; else begin anew.

    Raises:
        UploadGone: If it is not there.
    """
    facts = route.store.facts(route.key(piece))
    sums = route.outbox.part_sums(piece.id)
    if (
        facts is not None
        and facts.sha256 == piece.sha256
        and facts.stored.size_bytes == piece.size_bytes
    ):
        etag = facts.stored.etag
        return SentPiece(piece.id, piece.sha256, etag, etag == joined_etag(sums))
    route.outbox.upload_gone(piece.id)
    with suppress(RemoteError):
        route.store.abort_upload(route.key(piece), piece.upload_id)
    raise UploadGone(
        f"The {route.store.label} forgot the upload of {route.key(piece)}.",
        hint="It begins anew by itself.",
    )
