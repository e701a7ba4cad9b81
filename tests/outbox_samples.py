"""Pushes for tests of the outbox, whose files are nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import Piece, Priority, PushOptions
from codefx_desktop.store.outbox import SentPiece, Wanted

if TYPE_CHECKING:
    from codefx_desktop.store.outbox import Outbox


def piece(
    key: str, size_bytes: int = 10, priority: Priority = Priority.FRAME, job: str = "a", **how: int
) -> Piece:
    path = Path("/job") / key
    changed = how.get("modified_ns", 1)
    return Piece(
        0, f"jobs/{job}/{key}", path, size_bytes, "image/jpeg", priority, modified_ns=changed
    )


def wanted(
    *pieces: Piece,
    job: str = "a",
    target: str = "pits",
    kept: tuple[str, ...] = (),
    options: PushOptions | None = None,
) -> Wanted:
    manifest = piece("manifest.json", 0, Priority.MANIFEST, job)
    return Wanted(job, f"{job}.mp4", target, options or PushOptions(), [*pieces, manifest], kept)


def confirmed(one: Piece, etag: str = "") -> SentPiece:
    return SentPiece(one.id, "5" * 64, etag or f"etag of {one.key}", True)


def send_all(outbox: Outbox, push_id: int) -> tuple[Piece, ...]:
    taken = outbox.take(outbox.push(push_id).target, [push_id], 1000)
    outbox.sent([confirmed(one) for one in taken])
    return taken


def finish(outbox: Outbox, push_id: int) -> None:
    send_all(outbox, push_id)
    manifest = outbox.manifest(push_id)
    assert manifest is not None
    outbox.sent([confirmed(manifest)])
    outbox.verified(one.id for one in outbox.pieces(push_id))
    assert outbox.finish(push_id, 1)
