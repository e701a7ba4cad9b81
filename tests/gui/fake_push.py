"""A push desk without workers: pushes from memory that a test moves on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.push import (
    Push,
    PushEstimate,
    PushOptions,
    PushPart,
    PushProgress,
    PushState,
)
from codefx_desktop.jobs.push_values import CopyStep, Estimated, FetchStep, FreeSpace

if TYPE_CHECKING:
    from collections.abc import Sequence

T0 = datetime(2026, 11, 21, 14, 3, 22, tzinfo=UTC)


def push(
    push_id: int, state: PushState = PushState.WAITING, job_id: str = "", **fields: object
) -> Push:
    """Return a push; fields as given."""
    values: dict[str, object] = {
        "job_name": f"boom-lap-{push_id}.mp4",
        "target": "Team R2",
        "options": PushOptions(),
        "created_at": T0,
        "files": 812,
        "size_bytes": 61_400_000,
    }
    return Push(push_id, job_id or f"job-{push_id}", state=state, **{**values, **fields})


def sending(push_id: int, **fields: object) -> PushProgress:
    """Return a push that is being sent."""
    known = {"files_sent": 310, "files_done": 0, "sent_bytes": 24_800_000, **fields}
    return PushProgress(push(push_id, PushState.SENDING, **known), 4_200_000.0, 8.7)


def offline(push_id: int, seconds: float = 40) -> PushProgress:
    """Return a push that waits for a network."""
    return PushProgress(
        push(
            push_id,
            reason="Offline: nobody answers at the bucket.",
            next_try_at=datetime.now(UTC) + timedelta(seconds=seconds),
            files_sent=120,
            sent_bytes=3_100_000,
        )
    )


def slowed(push_id: int, seconds: float = 40) -> PushProgress:
    """Return a push that waits because the target asks to slow down."""
    one = offline(push_id, seconds)
    reason = "The bucket asks to slow down."
    return replace(one, push=replace(one.push, reason=reason, is_slowed=True))


def stopped(push_id: int) -> PushProgress:
    """Return a push that needs a person."""
    reason = "The bucket refuses the key: the secret does not fit. Enter it again in the targets."
    return PushProgress(push(push_id, PushState.STOPPED, reason=reason))


def pushed(push_id: int, **fields: object) -> PushProgress:
    """Return a push that ended well."""
    known = {"files_sent": 812, "files_done": 812, "sent_bytes": 61_400_000, "changed_at": T0}
    return PushProgress(push(push_id, PushState.PUSHED, **{**known, **fields}))


def some_estimate() -> PushEstimate:
    """Return what a job with everything would send."""
    files = (2, 803, 400, 1, 1)
    sizes = (48_200, 5_930_000, 31_000_000, 24_400_000, 184_320_000)
    return PushEstimate(
        dict(zip(PushPart, files, strict=True)), dict(zip(PushPart, sizes, strict=True))
    )


class FakePushDesk(QObject):
    """The same signals and calls as ``jobs.push_desk.PushDesk``.

    Attributes:
        known: What is in the outbox.
        estimates: What pushing would send; told for any jobs.
        calls: What it was asked.
    """

    pushes = Signal(object)
    estimated = Signal(object)
    pushed = Signal(object)
    links_ready = Signal(object)
    fetched = Signal(object)
    copied = Signal(object)
    space = Signal(object)
    deleted = Signal(str)
    all_paused = Signal(bool)
    trouble = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: tuple[PushProgress, ...] = ()
        self.estimates = some_estimate()
        self.free = FreeSpace()
        self.calls: list[tuple[object, ...]] = []
        self._request = 0

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    def start(self) -> None:
        self.calls.append(("start",))
        QTimer.singleShot(0, self, lambda: self.pushes.emit(self.known))

    def request_list(self) -> None:
        self.calls.append(("request_list",))

    def estimate(self, job_ids: Sequence[str]) -> int:
        request = self._next("estimate", tuple(job_ids))
        answer = Estimated(request, tuple(job_ids), self.estimates)
        QTimer.singleShot(0, self, lambda: self.estimated.emit(answer))
        return request

    def push(self, job_ids: Sequence[str], target: str, options: PushOptions) -> None:
        self.calls.append(("push", tuple(job_ids), target, options))

    def pause(self, push_id: int) -> None:
        self.calls.append(("pause", push_id))

    def resume(self, push_id: int) -> None:
        self.calls.append(("resume", push_id))

    def retry(self, push_id: int) -> None:
        self.calls.append(("retry", push_id))

    def cancel(self, push_id: int) -> None:
        self.calls.append(("cancel", push_id))

    def forget(self, push_id: int) -> None:
        self.calls.append(("forget", push_id))

    def pause_all(self, paused: bool) -> None:
        self.calls.append(("pause_all", paused))
        self.all_paused.emit(paused)

    def set_limit(self, mbit: float) -> None:
        self.calls.append(("set_limit", mbit))

    def links(self, job_id: str, target: str, ttl_s: int) -> int:
        return self._next("links", job_id, target, ttl_s)

    def fetch(
        self, url_or_id: str, target: str, parts: frozenset[PushPart], *, update: bool = False
    ) -> int:
        updated = ("update",) if update else ()
        request = self._next("fetch", url_or_id, target, parts, *updated)
        self.fetched.emit(FetchStep(request))
        return request

    def stop_fetch(self, request_id: int) -> None:
        self.calls.append(("stop_fetch", request_id))

    def copy_sources(self, job_ids: Sequence[str]) -> int:
        return self._next("copy_sources", tuple(job_ids))

    def stop_copy(self, request_id: int) -> None:
        self.calls.append(("stop_copy", request_id))
        self.copied.emit(CopyStep(request_id, message="Stopped.", is_final=True))

    def delete_remote(self, job_id: str) -> None:
        self.calls.append(("delete_remote", job_id))

    def ask_free_space(self) -> None:
        self.calls.append(("ask_free_space",))
        QTimer.singleShot(0, self, lambda: self.space.emit(self.free))

    def free_space(self, job_ids: Sequence[str]) -> None:
        self.calls.append(("free_space", tuple(job_ids)))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def show(self, *pushes: PushProgress) -> None:
        """Make these the outbox, and tell."""
        self.known = pushes
        self.pushes.emit(pushes)

    def change(self, push_id: int, **fields: object) -> None:
        """Change a push, and tell."""
        self.show(
            *(
                replace(one, push=replace(one.push, **fields)) if one.push.id == push_id else one
                for one in self.known
            )
        )

    def _next(self, *call: object) -> int:
        self._request += 1
        self.calls.append(call)
        return self._request
