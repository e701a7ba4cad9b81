"""What an outbox card says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import PushState
from codefx_desktop.ui.models import push_words, words

if TYPE_CHECKING:
    from datetime import datetime

    from codefx_desktop.domain.push import PushProgress


@dataclass(frozen=True, slots=True)
class PushCard:
    """What the outbox shows of a push.

    Attributes:
        name: File name of the clip.
        target: Where it goes.
        state: Its state.
        headline: State in words, with the one figure that matters.
        part: How much the target has, 0 to 1; None where no bar is shown.
        left: Bytes and speed while it goes; when it was pushed afterwards.
        right: Time left, or until the next try.
        note: Why it waits or stopped.
        action: What the card's own button does: ``pause``, ``resume``, ``retry`` or ``links``.
    """

    name: str
    target: str
    state: PushState
    headline: str
    part: float | None = None
    left: str = ""
    right: str = ""
    note: str = ""
    action: str = ""

    @property
    def spoken(self) -> str:
        """The card in one sentence, for a screen reader."""
        told = (f"{self.name} to {self.target}", self.headline, self.left, self.right, self.note)
        return ", ".join(part for part in told if part)


ACTION_WORDS = {
    "pause": "Pause this push",
    "resume": "Resume this push",
    "retry": "Try again now",
    "links": "Show links",
}
_ACTIONS = {
    PushState.WAITING: "pause",
    PushState.SENDING: "pause",
    PushState.PAUSED: "resume",
    PushState.STOPPED: "retry",
    PushState.PUSHED: "links",
}


def push_card(progress: PushProgress, now: datetime, *, paused: bool = False) -> PushCard:
    """Return the card of a push; ``paused`` tells that a person wants nothing to be sent."""
    push = progress.push
    ended = push.state.is_final
    when = f"{words.moment(push.changed_at)}" if push.changed_at else ""
    return PushCard(
        name=push.job_name,
        target=push.target,
        state=push.state,
        headline=push_words.headline(progress),
        part=None if ended else push_words.part_done(push),
        left=when if ended else push_words.amount(progress),
        right="" if paused else push_words.left(progress) or push_words.next_try(push, now),
        note=push_words.waiting(push, paused=paused),
        action=_ACTIONS.get(push.state, ""),
    )
