"""One place that pushes go to: how it is doing, and what is under way to it.

Used by the thread that leads; workers read, and note in ``failed_epoch`` that nothing goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.push_patience import Backoff
    from codefx_desktop.jobs.push_route import Route

CALM_S: Final = 5.0
"""So long after it was told to slow down a place is tried with twice as many transfers."""


class Phase(Enum):
    """What is being done about a push."""

    NEW = auto()
    SURVEYING = auto()
    SENDING = auto()
    CHECKING = auto()


@dataclass(slots=True)
class Lane:
    """A target while this program transfers.

    Attributes:
        target: The target.
        store: Its place.
        most_slots: Transfers to it at the same time, at most.
        backoff: How long it is left alone.
        slots: Transfers to it at the same time, now.
        routes: Its pushes that were begun, by number.
        phases: How far each of them is.
        large: Pieces of several parts that are under way.
        epoch: Counts pauses, so that what failed before one does not lead to another.
        failed_epoch: The epoch in which a worker heard that nothing goes; the others need not try.
        resting_until_s: When it is tried again, on the clock of the lead; None: it answers.
        is_probed: Whether it is being tried.
        slowed_at_s: When it asked to slow down last.
        sent_bytes: What its pushes had sent when they were looked at last.
        is_tidied: Whether it was told to forget what it is to forget.
    """

    target: Target
    store: ObjectStore
    most_slots: int
    backoff: Backoff
    slots: int = 0
    routes: dict[int, Route] = field(default_factory=dict)
    phases: dict[int, Phase] = field(default_factory=dict)
    large: set[int] = field(default_factory=set)
    epoch: int = 0
    failed_epoch: int = -1
    resting_until_s: float | None = None
    is_probed: bool = False
    slowed_at_s: float = 0.0
    sent_bytes: int = 0
    is_tidied: bool = False

    @property
    def name(self) -> str:
        """Name of the target."""
        return self.target.name

    @property
    def is_failing(self) -> bool:
        """Whether nothing goes, and the lead has not decided yet what to do."""
        return self.failed_epoch == self.epoch

    def of_phase(self, phase: Phase) -> list[int]:
        """Return the pushes that are in a phase."""
        return [push_id for push_id, now in self.phases.items() if now is phase]

    def rest(self, now_s: float, at_least_s: float, *, is_slowed: bool) -> float:
        """Begin a pause; return how long it is."""
        pause_s = self.backoff.pause_s(at_least_s)
        self.epoch += 1
        self.resting_until_s = now_s + pause_s
        if is_slowed:
            self.slots = max(1, self.slots // 2)
            self.slowed_at_s = now_s
        return pause_s

    def recover_slots(self, now_s: float) -> bool:
        """Take more slots when it was calm for a while; return whether that changed anything."""
        if self.slots >= self.most_slots or now_s - self.slowed_at_s < CALM_S:
            return False
        self.slots = min(self.most_slots, max(1, self.slots * 2))
        self.slowed_at_s = now_s
        return True

    def forget(self, push_id: int) -> None:
        """Forget what is known of a push that does not go on now."""
        self.routes.pop(push_id, None)
        self.phases.pop(push_id, None)
