"""The detections that follow from the steps of a review: at once where they are known or quick."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from codefx_desktop.jobs.review_apply import done_steps, stepped, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.domain.corrected import CorrectedObjects
    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.jobs.open_job_desk import WorkOut
    from codefx_desktop.ui.models.review_state import Reviewed

    States = dict[int, CorrectedObjects]

STATES_KEPT: Final = 8
"""Detections before so many of the last steps that changed any are kept."""
_FEW: Final = 3
"""With fewer of them left to undo, those before are worked out meanwhile."""


class KnownStates:
    """What the first steps of a log led to, for the last numbers of steps.

    Most steps change no detections: what is kept is limited by how many different ones there are,
    for 1,000,000 detections are up to 38 MB.

    Args:
        most: So many different ones before the last.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._states: list[CorrectedObjects | None] = [None]

    def reset(self, depth: int, state: CorrectedObjects | None) -> None:
        """Know only this one: what ``depth`` steps lead to."""
        self._states = [*[None] * depth, state]

    @property
    def depth(self) -> int:
        """How many steps are done."""
        return len(self._states) - 1

    @property
    def now(self) -> CorrectedObjects | None:
        """What all of them lead to; None where that is not known."""
        return self._states[-1]

    @property
    def nearest(self) -> States:
        """The last that is known, by how many steps lead to it; none where none is."""
        for depth in range(self.depth, -1, -1):
            state = self._states[depth]
            if state is not None:
                return {depth: state}
        return {}

    @property
    def undoable(self) -> int | None:
        """How many different ones follow upon another before the last; None: back to the first."""
        different: list[CorrectedObjects] = []
        for state in reversed(self._states):
            if state is None:
                return max(len(different) - 1, 0)
            if not different or state is not different[-1]:
                different.append(state)
        return None

    def push(self, state: CorrectedObjects | None) -> None:
        """Take in what a step more leads to; None where that is not known yet."""
        self._states.append(state)
        self._trim()

    def pop(self) -> None:
        """Forget the last: its step was taken back."""
        if self.depth:
            self._states.pop()

    def fill(self, states: Mapping[int, CorrectedObjects], most: int) -> None:
        """Take in some that were worked out, up to a number of steps."""
        for depth, state in states.items():
            if depth <= min(most, self.depth) and self._states[depth] is None:
                self._states[depth] = state
        self._trim()

    def _trim(self) -> None:
        different: list[CorrectedObjects] = []
        for depth in range(self.depth, -1, -1):
            state = self._states[depth]
            if state is not None and not any(state is other for other in different[-1:]):
                different.append(state)
            if len(different) > self._most + 1:
                self._states[: depth + 1] = [None] * (depth + 1)
                break


class ReviewDetections:
    """Follows a review's steps; has a worker find what is neither known nor quick.

    Args:
        model: The review; it has its steps before it tells of them here.
        work_out: Has something worked out.
        came: Called when what was waited for is there.
        failed: Called with why it never will be.
    """

    def __init__(
        self,
        model: Reviewed,
        work_out: WorkOut,
        came: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        self._model, self._work_out = model, work_out
        self._came, self._failed = came, failed
        self._known = KnownStates(STATES_KEPT)
        self._log = 0
        self._asked_at: int | None = None
        """So many steps were done at the fewest since they were asked for; None: nobody asks."""

    @property
    def now(self) -> CorrectedObjects | None:
        """The detections as all steps left them; None while they are being worked out."""
        return self._known.now

    @property
    def waits(self) -> bool:
        """Whether they are being worked out."""
        read = self._model.read
        return read is not None and read.corrected is not None and self._known.now is None

    def begin(self, *, is_known: bool) -> None:
        """Follow another log; ``is_known``: the review has the detections that it leads to."""
        read = self._model.read
        self._log += 1
        self._asked_at = None
        state = read.corrected if read is not None and is_known else None
        self._known.reset(0 if read is None else len(done_steps(read)), state)

    def go_on(self, ops: Sequence[EditOp]) -> None:
        """Follow a step that was done."""
        read, before = self._model.read, self._known.now
        known = read is not None and before is not None
        self._known.push(stepped(read, before, ops) if known else None)  # type: ignore[arg-type]

    def take_back(self) -> None:
        """Follow a step that was taken back."""
        self._known.pop()
        if self._asked_at is not None:
            self._asked_at = min(self._asked_at, self._known.depth)

    def ask(self) -> None:
        """Have worked out what is missing: what all steps lead to, or what undo will want next."""
        read, left = self._model.read, self._known.undoable
        if read is None or self._asked_at is not None:
            return
        if not self.waits and (left is None or not 0 < left < _FEW):
            return
        steps, nearest = done_steps(read), self._known.nearest if self.waits else {}
        self._asked_at = len(steps)
        work = partial(walk, read, steps, nearest, STATES_KEPT)
        self._work_out("boxes", work, partial(self._take, self._log), self._failed)

    def _take(self, log: int, states: States) -> None:
        if log != self._log or self._asked_at is None:
            return  # it is another one by now
        waited, asked_at, self._asked_at = self.waits, self._asked_at, None
        self._known.fill(states, asked_at)
        if waited and not self.waits:
            self._came()
        self.ask()
