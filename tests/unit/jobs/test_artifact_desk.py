"""The artifact desk without threads: what is told, in which order, and what is dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fake_footage import InlinePools
from gui.fake_artifacts import artifact_list
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.domain.errors import HistoryError, UnknownJob
from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.jobs.artifact_desk import ArtifactDesk
from codefx_desktop.jobs.artifact_values import (
    ArtifactFile,
    ArtifactList,
    ArtifactPicture,
    ArtifactState,
    ArtifactText,
    FrameNote,
    FrameNotes,
    FullPicture,
    ShownArtifact,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytestqt.qtbot import QtBot

ORIGINAL = ArtifactFile.ORIGINAL
PLACE = (640, 360)


class FakeFiles:
    """Artifacts out of memory; what was asked is noted, and something can happen meanwhile."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.error: Exception | None = None
        self.meanwhile: Callable[[str, CancelSignal], None] = lambda _what, _cancel: None

    def list(self, job_id: str, cancel: CancelSignal) -> ArtifactList:
        self._note("list", cancel, job_id)
        return replace(artifact_list(job_id=job_id), size_bytes=None)

    def measure(self, job_id: str, cancel: CancelSignal) -> int:
        self._note("measure", cancel, job_id)
        return 1234

    def describe(
        self, job_id: str, numbers: Sequence[int], cancel: CancelSignal
    ) -> tuple[FrameNote, ...]:
        self._note("describe", cancel, job_id, tuple(numbers))
        return tuple(FrameNote(number) for number in numbers)

    def read(
        self, job_id: str, number: int, kinds: ArtifactFile, at_most: tuple[int, int]
    ) -> ShownArtifact:
        self._note("read", None, job_id, number, kinds, at_most)
        text = ArtifactText(Path("a"))
        return ShownArtifact(job_id, number, FrameNote(number), (), text, text)

    def picture(self, job_id: str, number: int, kind: ArtifactFile) -> ArtifactPicture:
        self._note("picture", None, job_id, number, kind)
        return ArtifactPicture(kind, Path("a"))

    def _note(self, what: str, cancel: CancelSignal | None, *rest: object) -> None:
        self.calls.append((what, *rest))
        if self.error is not None:
            raise self.error
        if cancel is not None:
            self.meanwhile(what, cancel)
            if cancel.is_set():
                raise Cancelled


class Table(InlinePools):
    """A desk on inline pools, and all that it said."""

    def __init__(self) -> None:
        super().__init__()
        self.files = FakeFiles()
        self.said: list[object] = []
        self.desk = ArtifactDesk(lambda _cancel: self.files, new_pool=self.new_pool)
        for signal in ("listed", "described", "shown", "fetched"):
            getattr(self.desk, signal).connect(self.said.append)

    @property
    def asked(self) -> list[object]:
        return [call[0] for call in self.files.calls]

    def lists(self) -> list[ArtifactList]:
        return [value for value in self.said if isinstance(value, ArtifactList)]


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table()
    yield made
    made.desk.shutdown()
    made.desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_job_is_listed_at_once_and_then_with_its_bytes(table: Table) -> None:
    table.desk.open("a")
    first, second = table.lists()
    assert (first.size_bytes, second.size_bytes) == (None, 1234)
    assert second.numbers is first.numbers
    assert second.took_s > first.took_s


def test_a_frame_its_notes_and_a_picture(table: Table) -> None:
    table.desk.open("a")
    table.said.clear()
    table.desk.show(5, ORIGINAL, PLACE)
    table.desk.describe([5, 10])
    table.desk.fetch(5, ORIGINAL)
    shown, notes, full = table.said
    assert isinstance(shown, ShownArtifact)
    assert isinstance(notes, FrameNotes)
    assert isinstance(full, FullPicture)
    assert table.files.calls[-3] == ("read", "a", 5, ORIGINAL, PLACE)
    assert [note.number for note in notes.notes] == [5, 10]


def test_of_several_requests_the_newest_counts(table: Table) -> None:
    table.desk.open("a")
    table.hold()
    for number in range(50):
        table.desk.show(number, ORIGINAL, PLACE)
        table.desk.describe([number])
    table.desk.fetch(7, ORIGINAL)
    table.said.clear()
    table.files.calls.clear()
    table.release()
    assert sorted(call[:3] for call in table.files.calls) == [
        ("describe", "a", (49,)),
        ("picture", "a", 7),
        ("read", "a", 49),
    ]


def test_nothing_is_asked_of_no_job(table: Table) -> None:
    table.desk.show(5, ORIGINAL, PLACE)
    table.desk.describe([5])
    table.desk.fetch(5, ORIGINAL)
    assert not table.files.calls


def test_what_waits_for_a_job_that_is_left_is_forgotten(table: Table) -> None:
    table.desk.open("a")
    table.hold()
    table.desk.open("a")
    table.desk.show(5, ORIGINAL, PLACE)
    table.files.calls.clear()
    table.desk.open("b")
    table.release()
    assert [call[:2] for call in table.files.calls] == [("list", "b"), ("measure", "b")]
    assert {value.job_id for value in table.lists()[2:]} == {"b"}


def test_a_look_ends_when_another_job_is_opened(table: Table) -> None:
    table.files.meanwhile = lambda what, _: (
        table.desk.open("b") if what == "list" and table.asked == ["list"] else None
    )
    table.desk.open("a")
    assert {value.job_id for value in table.lists()} == {"b"}


def test_late_answers_about_a_former_job_are_dropped(table: Table) -> None:
    answer = table.files.read

    def late(*asked: Any) -> ShownArtifact:  # noqa: ANN401 - handed on as it came
        shown = answer(*asked)
        table.desk.open("b")  # while the answer is on its way
        table.said.clear()
        return shown

    table.files.read = late  # type: ignore[method-assign]
    table.desk.open("a")
    table.desk.show(5, ORIGINAL, PLACE)
    assert not table.said


def test_what_is_known_to_go_wrong_is_told_in_words(table: Table) -> None:
    table.files.error = HistoryError("The history is locked.", hint="Try again.")
    table.desk.open("a")
    (found,) = table.lists()
    assert found.state is ArtifactState.UNREADABLE
    assert found.why == "The history is locked. Try again."
    assert "measure" not in table.asked
    table.desk.show(5, ORIGINAL, PLACE)
    table.desk.describe([5])
    table.desk.fetch(5, ORIGINAL)
    (full,) = table.said[1:]
    assert isinstance(full, FullPicture)
    assert full.picture.trouble == "The history is locked. Try again."


def test_a_bug_is_told_and_does_not_end_the_work(
    table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    table.files.error = KeyError("oops")
    table.desk.open("a")
    (found,) = table.lists()
    assert found.why.startswith("Something unexpected happened (KeyError")
    table.desk.show(5, ORIGINAL, PLACE)
    for what in ("list", "show"):
        assert f"The ArtifactDesk failed unexpectedly: {what}" in caplog.text
    table.files.error = None
    table.desk.show(6, ORIGINAL, PLACE)
    assert isinstance(table.said[-1], ShownArtifact)


def test_a_deleted_job_is_no_bug(table: Table, caplog: pytest.LogCaptureFixture) -> None:
    table.desk.open("a")
    table.files.error = UnknownJob("There is no job a.", job_id="a")
    table.desk.show(5, ORIGINAL, PLACE)
    table.desk.describe([5])
    table.desk.open("a")
    assert table.lists()[-1].state is ArtifactState.UNREADABLE
    assert "unexpected" not in caplog.text


def test_after_the_end_nothing_is_done_and_nothing_told(table: Table) -> None:
    table.desk.open("a")
    table.hold()
    table.desk.show(5, ORIGINAL, PLACE)
    table.said.clear()
    table.files.calls.clear()
    table.desk.shutdown()
    table.desk.shutdown()
    table.release()
    table.desk.open("b")
    table.desk.show(6, ORIGINAL, PLACE)
    assert not table.files.calls
    assert not table.said
