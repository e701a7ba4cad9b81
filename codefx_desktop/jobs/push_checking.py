"""Decides whether a job is pushed: looks at all that should be there, and writes its manifest.

Everything is compared by a listing (size and ETag). What cannot lie in a listing, the bytes, is
read back by random samples, and always where a place's ETag is no hash of what was sent.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from codefx_desktop import __version__
from codefx_desktop.artifacts.manifest import Manifest, ManifestEntry, manifest_bytes
from codefx_desktop.artifacts.pushed_keys import inside, part_of
from codefx_desktop.domain.errors import CorruptedInFlight, ForeignObject
from codefx_desktop.domain.push import Piece, PieceState, Priority
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.push_files import read_bytes, sha256_hex
from codefx_desktop.jobs.push_sending import is_fresh, send_bytes
from codefx_desktop.jobs.push_together import Together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.jobs.push_route import Route
    from codefx_desktop.jobs.push_together import Help

log = logging.getLogger(__name__)

SAMPLES: Final = 4
"""Objects of each size, small and large, that are read back at random."""
UNPROVEN: Final = 64
"""Most objects that are read back because their ETags prove nothing."""
RANGES: Final = 4
RANGE_BYTES: Final = 64 * 1024
WHOLE_BYTES: Final = 1024 * 1024
"""Objects up to this size are read back whole."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """What is read back of a piece: all of it, or a range that begins at ``start``."""

    piece: Piece
    start: int | None


def check_push(route: Route, with_help: Help, draw: random.Random | None = None) -> int | None:
    """Verify a push whose pieces are all sent, and write its manifest.

    Args:
        route: The push.
        with_help: Has a call made on another worker, if there is one to spare.
        draw: What samples are drawn with.

    Returns:
        The revision of the manifest that is there now; None where some pieces are to be sent
        again first.

    Raises:
        Cancelled: If the push is not to go on.
        RemoteError: If the place refuses, or keeps losing or changing a piece.
    """
    draw = draw or random.Random()  # noqa: S311 - no secret
    route.look()
    sent = route.outbox.pieces(route.push.id, PieceState.SENT, PieceState.VERIFIED)
    pieces = _listed(route, [one for one in sent if one.priority is not Priority.MANIFEST])
    if pieces is None or not _all_fresh(route, pieces):
        return None
    if not _read_back(route, _samples(pieces, draw), with_help):
        return None
    route.outbox.verified(piece.id for piece in pieces)
    revision = _put_manifest(route, pieces)
    route.abort_orphans()
    return revision


def _listed(route: Route, pieces: list[Piece]) -> list[Piece] | None:
    """Return the pieces that the place has; None where some are to be sent again."""
    found, gone, again = [], [], False
    for piece in pieces:
        stored = route.there.get(route.key(piece))
        if stored is None and not piece.path.exists():
            gone.append(piece.id)
        elif stored is None:
            again = _send_again(route, piece, "It was not in the bucket any more.")
        elif (stored.size_bytes, stored.etag) != (piece.size_bytes, piece.etag):
            # Whoever put it there: what may be replaced is decided when it is sent.
            again = _send_again(route, piece, "Something else was under its key.")
        else:
            found.append(piece)
    if gone:
        log.warning(
            "%d files of job %s are neither in the %s nor here any more",
            len(gone),
            route.push.job_id,
            route.store.label,
        )
        route.outbox.drop_pieces(gone)
    return None if again else found


def _all_fresh(route: Route, pieces: Sequence[Piece]) -> bool:
    """Return whether no file changed since it was sent; results that were freed did not."""
    return all(is_fresh(route, piece) for piece in pieces if piece.path.exists())


def _samples(pieces: Sequence[Piece], draw: random.Random) -> list[_Sample]:
    """Return what of a push is read back."""
    unproven = [piece for piece in pieces if not piece.is_proven]
    large = [piece for piece in pieces if piece.is_proven and piece.size_bytes > WHOLE_BYTES]
    small = [piece for piece in pieces if piece.is_proven and piece.size_bytes <= WHOLE_BYTES]
    chosen = [
        *_some(unproven, UNPROVEN, draw),
        *_some(large, SAMPLES, draw),
        *_some(small, SAMPLES, draw),
    ]
    return [_Sample(piece, start) for piece in chosen for start in _starts(piece, draw)]


def _starts(piece: Piece, draw: random.Random) -> list[int | None]:
    if piece.size_bytes <= WHOLE_BYTES:
        return [None]
    if not piece.path.exists():
        return []  # freed after an earlier push had verified it
    last = piece.size_bytes - RANGE_BYTES
    return [0, last, *(draw.randrange(last) for _ in range(RANGES - 2))]


def _read_back(route: Route, samples: Sequence[_Sample], with_help: Help) -> bool:
    """Read samples of what is there; return whether all are what was sent."""
    damaged: list[Piece] = []

    def look(sample: _Sample) -> None:
        if route.cancel.is_set():
            raise Cancelled
        if not _is_as_sent(route, sample):
            damaged.append(sample.piece)

    Together(samples, look).run(route.settings.parts_at_once, with_help)
    for piece in {one.id: one for one in damaged}.values():
        _send_again(route, piece, "It was damaged in the bucket.", piece.etag)
    return not damaged


def _is_as_sent(route: Route, sample: _Sample) -> bool:
    piece, start, key = sample.piece, sample.start, route.key(sample.piece)
    if start is None:
        return sha256_hex(route.store.read(key)) == piece.sha256
    stop = start + RANGE_BYTES
    return route.store.read(key, start, stop) == read_bytes(piece.path, start, RANGE_BYTES)


def _some(pieces: list[Piece], most: int, draw: random.Random) -> list[Piece]:
    return pieces if len(pieces) <= most else draw.sample(pieces, most)


def _send_again(route: Route, piece: Piece, reason: str, replaces: str = "") -> bool:
    """Have a piece sent again; return True.

    Raises:
        CorruptedInFlight: If that happened too often.
    """
    lost = route.outbox.send_again(piece.id, reason, replaces)
    log.warning("%s of the %s: %s", route.key(piece), route.store.label, reason)
    if lost > route.settings.tries:
        raise CorruptedInFlight(
            f"{route.key(piece)} does not stay in the {route.store.label} as it was sent. {reason}",
            hint="Look at what else writes there, then retry.",
            job_id=route.push.job_id,
        )
    return True


def _kept_of_others(route: Route, before: Manifest, pieces: Sequence[Piece]) -> list[ManifestEntry]:
    """Return what other machines pushed of the job and this push has nothing of.

    Who fetched a job without its video pushes corrections: the video stays part of the job. So
    does the review that somebody made of a job that is only pushed once more here.
    """
    job_id, keys = route.push.job_id, {piece.key for piece in pieces}
    parts = {part_of(inside(key, job_id)) for key in keys}

    def stays(entry: ManifestEntry) -> bool:
        stored = route.there.get(route.target.key(entry.key))
        if entry.key in keys or stored is None or stored.size_bytes != entry.size_bytes:
            return False
        part = part_of(inside(entry.key, job_id))
        return entry.key == route.review_key or (part is not None and part not in parts)

    return [entry for entry in before.entries if stays(entry)]


def _put_manifest(route: Route, pieces: Sequence[Piece]) -> int:
    """Write the manifest, unless the one that is there says the same; return its revision."""
    piece = route.outbox.manifest(route.push.id)
    if piece is None:
        raise Cancelled
    stored = route.there.get(route.manifest_key)
    before = None if stored is None else route.read_manifest()
    if stored is not None and before is None:
        raise ForeignObject(
            f"Something else is under {route.manifest_key} in the {route.store.label}; "
            "it was not replaced.",
            hint="Look at it, and move it away if nobody needs it; then retry.",
            job_id=route.push.job_id,
        )
    mine = [ManifestEntry(one.key, one.size_bytes, one.sha256, one.content_type) for one in pieces]
    theirs = [] if before is None else _kept_of_others(route, before, pieces)
    entries = tuple(sorted((*mine, *theirs), key=lambda one: one.key))
    if before is None or before.entries != entries:
        revision = 1 if before is None else before.revision + 1
        before = Manifest(route.push.job_id, revision, datetime.now(UTC), __version__, entries)
    data = manifest_bytes(before)
    may_replace = stored.etag if stored is not None else ""
    piece = replace(piece, size_bytes=len(data), replaces=may_replace)
    sent = send_bytes(route, piece, data)
    if route.store.read(route.manifest_key) != data:
        raise CorruptedInFlight(
            f"{route.manifest_key} in the {route.store.label} is not as it was sent.",
            hint="It is sent again.",
        )
    route.outbox.sent([sent])
    route.outbox.verified([sent.piece_id])
    return before.revision
