"""Sends one piece that goes in one request."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import CorruptedInFlight, ForeignObject, OutputError
from codefx_desktop.jobs.push_files import (
    is_unchanged,
    md5_hex,
    read_unchanged,
    sha256_hex,
    state_of,
)
from codefx_desktop.store.outbox import SentPiece

if TYPE_CHECKING:
    from codefx_desktop.domain.push import Piece
    from codefx_desktop.jobs.push_route import Route, There

log = logging.getLogger(__name__)

_MD5: Final = re.compile(r"[0-9a-f]{32}")


def is_fresh(route: Route, piece: Piece) -> bool:
    """Return whether a piece's file is as it was queued; if not, the piece begins anew.

    Raises:
        OutputError: If the file is gone, or keeps changing.
    """
    if is_unchanged(piece):
        return True
    _begin_anew(route, piece)
    return False


def _begin_anew(route: Route, piece: Piece) -> None:
    log.warning(
        "%s changed since it was queued; it is pushed as it is now (job %s)",
        piece.path,
        route.push.job_id,
    )
    if piece.attempts >= route.settings.tries:
        raise OutputError(
            f"{piece.path} keeps changing while it is pushed.",
            hint="Let whatever writes it come to its end, then retry.",
            path=piece.path,
            job_id=route.push.job_id,
        )
    route.outbox.refile(piece, *state_of(piece.path))


def send_whole(route: Route, piece: Piece) -> SentPiece | None:
    """Send a piece's file, unless the place has it.

    Returns:
        What the place confirmed; None where the file changed, and the piece begins anew.

    Raises:
        Cancelled: If the push is not to go on.
        RemoteError: If the place refuses.
        OutputError: If the file is gone, or keeps changing.
    """
    data = read_unchanged(piece)
    if data is None:
        _begin_anew(route, piece)
        return None
    return send_bytes(route, piece, data)


def send_bytes(route: Route, piece: Piece, data: bytes) -> SentPiece:
    """Send what a piece is made of, unless the place has it; see ``send_whole``."""
    sha256, md5 = sha256_hex(data), md5_hex(data)
    found = route.before_sending(piece, sha256, md5)
    if isinstance(found, str):
        try:
            return _put(route, piece, data, sha256, found)
        except ForeignObject:
            found = route.in_the_way(piece, sha256, md5)
        if isinstance(found, str):
            return _put(route, piece, data, sha256, found)
    return there(piece, sha256, found)


def there(piece: Piece, sha256: str, found: There) -> SentPiece:
    """Return a piece that the place had before it was sent."""
    return SentPiece(piece.id, sha256, found.stored.etag, found.is_proven)


def _put(route: Route, piece: Piece, data: bytes, sha256: str, replaces: str) -> SentPiece:
    key = route.key(piece)
    with route.bandwidth.sending(len(data), route.cancel):
        etag = route.store.put(key, data, route.sending(piece, sha256, replaces))
    is_proven = etag == md5_hex(data)
    if not is_proven and _MD5.fullmatch(etag) and sha256_hex(route.store.read(key)) != sha256:
        # Buckets with keys of their own call objects by something that is no MD5; this one lies.
        route.outbox.replaceable(piece.id, etag)
        raise CorruptedInFlight(
            f"Something else than {key} arrived in the {route.store.label}.",
            hint="It is sent again.",
        )
    return SentPiece(piece.id, sha256, etag, is_proven)
