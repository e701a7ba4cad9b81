"""What the Statistics workspace asks the history, and what came back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.statistics import StatFilter
from codefx_desktop.jobs.statistics_values import Answer, Over, Question

if TYPE_CHECKING:
    from codefx_desktop.domain.statistics import GroupBy, TimedStop
    from codefx_desktop.jobs.statistics_desk import StatisticsDesk
    from codefx_desktop.jobs.statistics_values import GroupTold, StopKey

ASK_MS: Final = 120
"""So long nothing more is typed before the history is asked."""
FRESHEN_MS: Final = 1_000
"""Several jobs that change at once are looked at together."""


class StatisticsView(QObject):
    """The question that is on screen and its answer; nothing is asked before somebody looks.

    Args:
        desk: Answers.
    """

    asked = Signal()
    """The question is another one."""
    changed = Signal()
    """The answer is another one."""
    copied = Signal()
    """What is being copied is another part; said for every job, so nothing else is shown anew."""
    picked = Signal()
    """Another group is looked at."""

    def __init__(self, desk: StatisticsDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.question = Question()
        self.answer: Answer | None = None
        self.group: str | None = None
        """Name of the group that is looked at; None: all of them."""
        self.copying = ""
        """What is being copied from older jobs, or could not be, in words."""
        self.is_in_front = False
        self._asks = self._timer(ASK_MS, self._ask)
        self._freshens = self._timer(FRESHEN_MS, self._look_again)
        desk.answered.connect(self._on_answer)
        desk.freshening.connect(self._on_freshening)
        desk.freshened.connect(self._on_freshened)

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether anybody sees the statistics."""
        self.is_in_front = in_front
        if in_front:
            self._ask()
            self._freshen()
        else:
            self._asks.stop()

    def note_change(self) -> None:
        """Tell that a job is another one."""
        if self.is_in_front:
            self._freshens.start()

    def narrow(self, **changes: Any) -> None:  # noqa: ANN401 - fields of a StatFilter
        """Have others of the durations and stops count: fields of ``StatFilter``."""
        self._put(replace(self.question, wanted=replace(self.question.wanted, **changes)))

    def group_by(self, by: GroupBy) -> None:
        """Have stops told apart by something else."""
        self.group = None
        self._put(replace(self.question, by=by))

    def tell_over(self, over: Over) -> None:
        """Have trends told over something else."""
        self._put(replace(self.question, over=over))

    def choose(self, key: StopKey | None) -> None:
        """Place another stop among its peers."""
        self._put(replace(self.question, chosen=key))

    def reset(self) -> None:
        """Let all stops count, of the same duration."""
        wanted = self.question.wanted
        self._put(replace(self.question, wanted=StatFilter(wanted.name, wanted.place)))

    def pick(self, name: str | None) -> None:
        """Look at one group, or at all of them."""
        if name != self.group:
            self.group = name
            self.picked.emit()

    @property
    def rows(self) -> tuple[TimedStop, ...]:
        """What counts, in order of time."""
        return () if self.answer is None else self.answer.sample.rows

    @property
    def told(self) -> GroupTold | None:
        """The group that is looked at, or all."""
        if self.answer is None:
            return None
        found = (one for one in self.answer.groups if one.name == self.group)
        return next(found, self.answer.whole)

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        wanted = self.question.wanted
        return wanted != StatFilter(wanted.name, wanted.place)

    # -- inside -------------------------------------------------------------------------------

    def _put(self, question: Question) -> None:
        if question == self.question:
            return
        self.question = question
        self.asked.emit()
        if self.is_in_front:
            self._asks.start()

    def _ask(self) -> None:
        self._desk.ask(self.question)

    def _look_again(self) -> None:
        """Ask once more: a job may be gone, or be said to be of another race."""
        if self.is_in_front:
            self._ask()
            self._freshen()

    def _freshen(self) -> None:
        self._desk.freshen()

    def _on_answer(self, answer: Answer) -> None:
        self.answer = answer
        if all(one.name != self.group for one in answer.groups):
            self.group = None
        self.changed.emit()

    def _on_freshening(self, done: int, of: int) -> None:
        self.copying = f"Looking at the stops of older jobs: {done:,} of {of:,}"
        self.copied.emit()

    def _on_freshened(self, count: int, trouble: str) -> None:
        self.copying = f"Not all stops are counted. {trouble}" if trouble else ""
        if count and self.is_in_front:
            self._ask()
        self.copied.emit()

    def _timer(self, after_ms: int, slot: Any) -> QTimer:  # noqa: ANN401 - any callable
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(slot)
        return timer
