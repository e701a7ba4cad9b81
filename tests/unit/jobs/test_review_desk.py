"""The review desk without threads: what is told, in which order, kept, dropped and refused.

Over 400 lines because all of it is asked of one desk over the same fake files.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_footage import InlinePools
from gui.fake_hub import record
from gui.fake_review import demo_review, threshold
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.domain.edit import EditStep
from codefx_desktop.domain.errors import HistoryError, NoSpace
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.review_values import (
    Edit,
    EditDeed,
    EditKept,
    FrameLooks,
    MovedOn,
    Retracked,
    ReviewRead,
    ReviewState,
    StopsAgain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal

A = record("a.mp4", id="a")
DO = EditDeed.DO
OP = threshold(1, 0.3)


class FakeFiles:
    """Reviews out of memory; what was asked is noted."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.keys: list[str] = []
        self.errors: dict[str, Exception] = {}
        self.state = ReviewState.READY
        self.more: ReviewRead | None = None
        self.steps: tuple[EditStep, ...] = ()
        self.kept: JobRecord | None = A
        self.held_back = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def read(self, job_id: str, cancel: CancelSignal) -> ReviewRead:
        self._note("read", job_id)
        if cancel.is_set():
            raise Cancelled
        found = ReviewRead(job_id, self.state, steps=self.steps, held_back=self.held_back)
        self._let_happen()
        return found

    def grown(self, before: ReviewRead, cancel: CancelSignal) -> ReviewRead | None:
        self._note("grown", before.processed_to)
        self._let_happen()
        return self.more

    def edit(
        self,
        job_id: str,
        deed: EditDeed,
        text: str,
        ops: Sequence[EditOp],
        run: str = "",
        key: str = "",
    ) -> tuple[tuple[EditStep, ...], tuple[int, ...]]:
        del run
        self._note("edit", job_id, deed, text)
        self.keys.append(key)
        self._let_happen()
        self.steps = (*self.steps, EditStep(len(self.steps) + 1, "", "me", text, tuple(ops)))
        return self.steps, ()

    def put_aside(self, edits: Sequence[Edit]) -> None:
        self._note("put_aside", tuple(edit.text for edit in edits))
        self.keys += [edit.key for edit in edits]

    def log_of(self, job_id: str) -> tuple[tuple[EditStep, ...], tuple[int, ...]]:
        self._note("log_of", job_id)
        return self.steps, ()

    def stops_again(
        self, read: ReviewRead, ops: Sequence[EditOp], revision: int, cancel: CancelSignal
    ) -> StopsAgain:
        if cancel.is_set():
            raise Cancelled
        self._note("stops_again", read.job_id, tuple(ops))
        return StopsAgain(read.job_id, revision)

    def suspected(
        self, read: ReviewRead, ops: Sequence[EditOp], again: StopsAgain, cancel: CancelSignal
    ) -> StopsAgain | None:
        del read, again
        self._note("suspected", tuple(ops))
        self._let_happen()
        if cancel.is_set():
            self._note("suspected no more")
            raise Cancelled
        return None

    def keep_stops(self, again: StopsAgain) -> JobRecord | None:
        self._note("keep_stops", again.revision)
        self._let_happen()
        return self.kept

    def settle(self, job_id: str, cancel: CancelSignal) -> JobRecord | None:
        del cancel
        self._note("settle", job_id)
        return self.kept

    def looks_of(self, job_id: str, number: int) -> FrameLooks:
        self._note("looks_of", number)
        return FrameLooks(job_id, number)

    def retracked(
        self, read: ReviewRead, progress: Callable[[float], None], cancel: CancelSignal
    ) -> Retracked:
        self._note("retracked")
        progress(0.5)
        assert read.corrected is not None
        return Retracked(read.job_id, read.corrected, np.zeros(0, np.int32))

    def _let_happen(self) -> None:
        happens, self.meanwhile = self.meanwhile, lambda: None
        happens()

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if (error := self.errors.get(str(call[0]))) is not None:
            raise error


class Table(InlinePools):
    """A desk on inline pools, and all that it said."""

    def __init__(self) -> None:
        super().__init__()
        self.files = FakeFiles()
        self.said: list[object] = []
        self.desk = ReviewDesk(lambda _cancel: self.files, new_pool=self.new_pool)
        names = ("read", "edited", "stops", "looks_of_frame", "retracked", "retracking", "changed")
        for name in names:
            getattr(self.desk, name).connect(self.said.append)
        self.desk.noticed.connect(lambda one: self.said.append((one.level, one.text)))

    def of(self, kind: type) -> list[object]:
        return [one for one in self.said if isinstance(one, kind)]


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table()
    yield made
    made.desk.shutdown()
    made.desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_newest_reading_wins(table: Table) -> None:
    table.hold()
    for job_id in ("a", "b", "c"):
        table.desk.open(job_id)
    table.release()
    assert table.files.calls == [("read", "c")]
    assert [one.job_id for one in table.of(ReviewRead)] == ["c"]


def test_a_job_that_cannot_be_read_says_why(table: Table) -> None:
    table.files.errors["read"] = HistoryError("It is damaged.", hint="Run the job again.")
    table.desk.open("a")
    (told,) = table.of(ReviewRead)
    assert (told.state, told.why) == (ReviewState.UNREADABLE, "It is damaged. Run the job again.")
    table.files.errors["read"] = ZeroDivisionError("oops")
    table.desk.open("a")
    assert "ZeroDivisionError" in table.of(ReviewRead)[1].why


def test_all_changes_are_kept_in_order_also_of_a_job_that_was_left(table: Table) -> None:
    table.desk.open("a")
    table.hold()
    for text in ("one", "two"):
        table.desk.edit("a", DO, text, (OP,))
    table.desk.open("b")
    table.release()
    assert [call for call in table.files.calls if call[0] == "edit"] == [
        ("edit", "a", DO, "one"),
        ("edit", "a", DO, "two"),
    ]
    assert [one.left for one in table.of(EditKept)] == [1, 0]


def test_after_a_change_that_is_not_kept_the_next_ones_are_not_tried(table: Table) -> None:
    table.files.errors["edit"] = NoSpace("The disk is full.")
    table.hold()
    table.desk.edit("a", DO, "one", (OP,))
    table.desk.edit("a", EditDeed.UNDO, "one", (OP,))
    table.release()
    assert [call[2] for call in table.files.calls if call[0] == "edit"] == [DO]
    assert [bool(one.why) for one in table.of(EditKept)] == [True, True]
    assert [one for one in table.said if isinstance(one, tuple)] == [
        ("error", "Not kept: one. The disk is full.")
    ]
    table.files.errors.clear()
    table.desk.edit("a", DO, "again", (OP,))
    assert table.of(EditKept)[-1].why == ""


def test_the_newest_wish_for_stops_is_told_and_all_that_are_to_be_kept_are(table: Table) -> None:
    table.desk.open("a")
    read = ReviewRead("a", ReviewState.READY)
    table.hold()
    table.desk.find_stops(read, (), keeps=True)
    table.desk.find_stops(read, (OP,), keeps=False)
    newest = table.desk.find_stops(read, (), keeps=False)
    table.release()
    assert ("keep_stops", 1) in table.files.calls
    assert ("keep_stops", newest) not in table.files.calls
    assert [one.revision for one in table.of(StopsAgain)] == [newest]
    assert A in table.said


def test_stops_of_a_job_that_moved_on_are_found_again(table: Table) -> None:
    table.desk.open("a")
    table.files.errors["keep_stops"] = MovedOn()
    table.desk.find_stops(ReviewRead("a", ReviewState.READY), (), keeps=True)
    assert [call[0] for call in table.files.calls].count("read") == 2  # it is found from that
    table.desk.find_stops(ReviewRead("b", ReviewState.READY), (), keeps=True)
    assert table.files.calls[-1] == ("settle", "b")
    assert table.said[-1] == A


def test_what_is_only_tried_is_not_kept(table: Table) -> None:
    step = EditStep(1, "", "me", "one", (OP,))
    read = ReviewRead("a", ReviewState.READY, steps=(step,))
    table.desk.open("a")
    table.desk.find_stops(read, (OP, threshold(1, 0.7)), keeps=True)
    found = [call for call in table.files.calls if call[0] == "stops_again"]
    assert [call[2] for call in found] == [(OP, threshold(1, 0.7)), (OP,)]


def test_tracks_are_not_doubted_for_a_threshold_that_is_only_tried(table: Table) -> None:
    step = EditStep(1, "", "me", "one", (OP,))
    read = ReviewRead("a", ReviewState.READY, steps=(step,))
    table.desk.open("a")
    table.desk.find_stops(read, (OP, threshold(1, 0.7)), keeps=False)
    table.desk.find_stops(read, (OP,), keeps=False)
    doubted = [call[1] for call in table.files.calls if call[0] == "suspected"]
    assert doubted == [(OP,)]


def test_of_a_job_that_was_left_only_what_is_kept_is_found(table: Table) -> None:
    table.desk.open("a")
    read = ReviewRead("a", ReviewState.READY)
    table.desk.close()
    table.desk.find_stops(read, (), keeps=False)
    assert "stops_again" not in [call[0] for call in table.files.calls]
    table.desk.find_stops(read, (), keeps=True)
    found = [call[0] for call in table.files.calls if call[0] != "read"]
    assert found == ["stops_again", "keep_stops"]


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("comes_back", [True, False])
@pytest.mark.parametrize("for_another", [True, False])
def test_a_look_at_tracks_ends_when_the_job_is_left(
    table: Table, keeps: bool, comes_back: bool, for_another: bool
) -> None:
    table.desk.open("a")

    def leave() -> None:
        if table.files.calls[-1][0] == "suspected":
            if for_another:
                table.desk.open("b")
            else:
                table.desk.close()
            if comes_back:  # it is read anew, and looked at anew
                table.desk.open("a")
        else:
            table.files.meanwhile = leave

    leave()
    table.desk.find_stops(ReviewRead("a", ReviewState.READY), (), keeps=keeps)
    assert ("suspected no more",) in table.files.calls
    assert (A in table.said) is keeps  # what was kept is told all the same


def test_stops_that_cannot_be_found_say_why(table: Table) -> None:
    table.desk.open("a")
    table.files.errors["stops_again"] = HistoryError("It is damaged.")
    table.desk.find_stops(ReviewRead("a", ReviewState.READY), (), keeps=True)
    (told,) = table.of(StopsAgain)
    assert told.why == "It is damaged."


def test_a_running_job_is_followed_until_it_has_ended(table: Table) -> None:
    table.files.state = ReviewState.GROWING
    table.desk.open("a")
    timer = table.desk._grows
    assert timer.isActive()
    timer.timeout.emit()
    assert len(table.of(ReviewRead)) == 1
    table.files.more = ReviewRead("a", ReviewState.GROWING, processed_to=7)
    timer.timeout.emit()
    timer.timeout.emit()
    assert [call[1] for call in table.files.calls if call[0] == "grown"] == [-1, -1, 7]
    table.files.more = replace(table.files.more, state=ReviewState.READY)
    timer.timeout.emit()
    assert not timer.isActive()


def test_what_another_run_keeps_back_is_told_once(table: Table) -> None:
    table.files.held_back = 2
    table.desk.open("a")
    table.desk.open("a")
    ((level, text),) = [one for one in table.said if isinstance(one, tuple)]
    assert level == "warning"
    assert "2 changes of boxes and tracks" in text


def test_outlines_of_the_newest_frame_are_read(table: Table) -> None:
    table.desk.open("a")
    table.hold()
    for number in (1, 2, 3):
        table.desk.look_at("a", number)
    table.release()
    assert [one.number for one in table.of(FrameLooks)] == [3]


def test_finding_tracks_again_tells_how_far_it_is(table: Table) -> None:
    table.desk.open("a")
    table.desk.retrack(demo_review())
    told = table.said[1:]
    assert told[:2] == [0.0, 0.5]
    assert isinstance(told[2], Retracked)
    assert told[3] is None
    table.files.errors["retracked"] = HistoryError("No tracker.")
    table.desk.retrack(demo_review())
    assert table.said[-2:] == [("error", "Tracks were not found again. No tracker."), None]


def test_changes_that_the_end_has_no_time_for_are_put_aside(
    table: Table, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    table.hold()
    for text in ("one", "two"):
        table.desk.edit("a", DO, text, (OP,))
    edits = next(pool for pool in table.pools if pool.waiting)
    monkeypatch.setattr(edits, "waitForDone", lambda _msecs: False)  # the disk does not answer
    table.desk.shutdown()
    assert table.files.calls == [("put_aside", ("one", "two"))]
    assert "Put aside, not kept yet: two (job a)" in caplog.text
    edits.release()  # it answers after all
    assert len(table.files.calls) == 1


def test_the_change_that_the_disk_holds_up_at_the_end_is_put_aside_too(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its key it is kept once, be it that the disk answers after all."""
    table.hold()
    for text in ("one", "two"):
        table.desk.edit("a", DO, text, (OP,))
    edits = next(pool for pool in table.pools if pool.waiting)
    monkeypatch.setattr(edits, "waitForDone", lambda _msecs: False)
    table.files.meanwhile = table.desk.shutdown
    edits.release()
    assert table.files.calls == [("edit", "a", DO, "one"), ("put_aside", ("one", "two"))]
    kept, *aside = table.files.keys
    assert aside[0] == kept != ""
    assert aside[1] not in ("", kept)


def test_nothing_is_begun_after_the_end(table: Table) -> None:
    table.desk.shutdown()
    table.desk.open("a")
    table.desk.edit("a", DO, "one", (OP,))
    table.desk.find_stops(ReviewRead("a"), (), keeps=True)
    assert table.files.calls == []


def test_a_change_that_is_kept_while_a_job_is_read_stays_in_sight(table: Table) -> None:
    table.files.state = ReviewState.GROWING
    table.files.meanwhile = lambda: table.desk.edit("a", DO, "one", (OP,))
    table.desk.open("a")
    (told,) = table.of(ReviewRead)
    assert [step.text for step in told.steps] == ["one"]
    # What a running job stored is joined to what was known before the change.
    table.files.more = ReviewRead("a", ReviewState.GROWING, processed_to=7, steps=told.steps)
    table.files.meanwhile = lambda: table.desk.edit("a", DO, "two", (OP,))
    table.desk._grows.timeout.emit()
    assert [step.text for step in table.of(ReviewRead)[-1].steps] == ["one", "two"]
    table.files.steps = ()  # others took the log back to its beginning
    table.desk.open("a")
    assert table.of(ReviewRead)[-1].steps == ()


def test_a_log_that_cannot_be_read_takes_no_step_out_of_sight(table: Table) -> None:
    step = EditStep(1, "", "me", "one", (OP,))
    table.files.state, table.files.steps = ReviewState.GROWING, (step,)
    table.desk.open("a")
    table.files.errors["edit"] = NoSpace("The disk is full.")
    table.files.errors["log_of"] = HistoryError("It is locked.")
    table.desk.edit("a", DO, "two", (OP,))
    assert table.of(EditKept)[-1].why == "The disk is full."
    assert table.desk._newest.steps == (step,)
