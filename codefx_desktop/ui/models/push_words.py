"""How pushes are told on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.push import PushPart, PushState
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.model_words import of_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from codefx_desktop.domain.push import Push, PushProgress

DOT = " \N{MIDDLE DOT} "
FIRST_PART = 20
"""The time left is told from a twentieth on."""

_STATES = {
    PushState.WAITING: "Waiting",
    PushState.SENDING: "Sending",
    PushState.PAUSED: "Paused",
    PushState.STOPPED: "Needs you",
    PushState.CANCELLED: "Cancelled",
    PushState.PUSHED: "Pushed",
}
_IN_SHORT = {
    PushState.STOPPED: "push needs you",
    PushState.SENDING: "pushing",
    PushState.WAITING: "push waits",
    PushState.PAUSED: "push paused",
    PushState.PUSHED: "pushed",
}
"""What counts most first."""
_PARTS = {
    PushPart.REPORT: "Report",
    PushPart.ANALYSIS: "Analysis",
    PushPart.FRAMES: "Frames",
    PushPart.OUTPUT: "Annotated video",
    PushPart.SOURCE: "Source footage",
}
_PART_HINTS = {
    PushPart.REPORT: "tables and sheets of the stop",
    PushPart.ANALYSIS: "JSON and TOON of every frame, all detections",
    PushPart.FRAMES: "pictures of the frames",
    PushPart.OUTPUT: "the clip with everything drawn in",
    PushPart.SOURCE: "the clip as it was filmed",
}


def state_word(state: PushState) -> str:
    """Return a state as it is written on screen."""
    return _STATES[state]


def part_word(part: PushPart) -> str:
    """Return what a part of a push is called."""
    return _PARTS[part]


def part_hint(part: PushPart) -> str:
    """Return what is in a part."""
    return _PART_HINTS[part]


def files(number: int) -> str:
    """Return ``1 file`` or ``2,400 files``."""
    return "1 file" if number == 1 else f"{words.count(number)} files"


def pushes(number: int) -> str:
    """Return ``1 push`` or ``3 pushes``."""
    return "1 push" if number == 1 else f"{words.count(number)} pushes"


def bytes_per_s(rate: float) -> str:
    """Return a transfer's speed: ``4.2 MB/s``."""
    return f"{words.size(round(rate))}/s"


def span(seconds: float) -> str:
    """Return a short wait in words: ``40 s``, ``3 min``, ``2 h``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{-(-whole // 60)} min"
    return f"{-(-whole // 3600)} h"


def headline(progress: PushProgress) -> str:
    """Return the state in words, with the one figure that matters."""
    push = progress.push
    word = state_word(push.state)
    if push.state is PushState.PUSHED:
        return DOT.join((word, files(push.files), words.size(push.size_bytes)))
    if progress.is_checking:
        return f"Verifying{DOT}{words.count(push.files_done)} of {files(push.files)}"
    if push.files and push.state is not PushState.CANCELLED:
        return f"{word}{DOT}{words.count(push.files_sent)} of {files(push.files)}"
    return word


def amount(progress: PushProgress) -> str:
    """Return bytes and speed: ``12.4 of 40.7 MB · 3.2 MB/s``."""
    push = progress.push
    parts = [of_bytes(push.sent_bytes, push.size_bytes)] if push.size_bytes else []
    if progress.bytes_per_s > 0:
        parts.append(bytes_per_s(progress.bytes_per_s))
    return DOT.join(parts)


def left(progress: PushProgress) -> str:
    """Return the time left; empty while nobody could know it: small files go first, and slowly."""
    push = progress.push
    begun = push.sent_bytes * FIRST_PART >= push.size_bytes
    if progress.eta_s is None or push.state is not PushState.SENDING or not begun:
        return ""
    return f"{words.duration(progress.eta_s)} left"


def next_try(push: Push, now: datetime) -> str:
    """Return when a push that waits goes on by itself; empty if nothing keeps it waiting."""
    if push.state is not PushState.WAITING or push.next_try_at is None:
        return ""
    seconds = (push.next_try_at - now).total_seconds()
    return f"next try in {span(seconds)}" if seconds >= 1 else "trying again…"


def waiting(push: Push, *, paused: bool = False) -> str:
    """Return why a push waits or stopped; ``paused`` tells that all do."""
    if paused and push.state in (PushState.WAITING, PushState.SENDING):
        return "All pushes are paused."
    if push.state is PushState.WAITING and push.next_try_at is None:
        return push.reason or "Waits for its turn."
    if push.state is PushState.PAUSED:
        return "Goes on when you resume it."
    return push.reason


def part_done(push: Push) -> float:
    """Return how much of a push the target has, 0 to 1; by bytes, or files where all are empty."""
    if push.state is PushState.PUSHED:
        return 1.0
    if push.size_bytes:
        return min(1.0, push.sent_bytes / push.size_bytes)
    return push.files_sent / push.files if push.files else 0.0


def in_short(pushes: Sequence[Push]) -> str:
    """Return how the pushes of a job stand, in a word or two; empty where there are none."""
    states = {push.state for push in pushes}
    found = (word for state, word in _IN_SHORT.items() if state in states)
    return next(found, "")


def of_job(pushes: Sequence[Push]) -> str:
    """Return how the pushes of a job stand, a line for each; empty where there are none."""
    return "\n".join(line for push in pushes if (line := _line(push)))


def _line(push: Push) -> str:
    if push.state is PushState.PUSHED:
        when = f", {words.moment(push.changed_at)}" if push.changed_at else ""
        return f"Pushed to {push.target}{when}"
    if push.state in (PushState.WAITING, PushState.SENDING):
        return f"In the outbox for {push.target}"
    if push.state is PushState.PAUSED:
        return f"Push to {push.target} is paused"
    return f"Push to {push.target} needs you" if push.state is PushState.STOPPED else ""
