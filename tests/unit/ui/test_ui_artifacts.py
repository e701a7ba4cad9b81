"""The artifacts in view: rows, scenes, which frame, when the folder is looked at again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_artifacts import ALL, FakeArtifactDesk, artifact_list
from gui.fake_hub import FakeHub, record
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.artifact_values import (
    UNKNOWN,
    ArtifactFile,
    ArtifactState,
    FrameNote,
)
from codefx_desktop.ui.models import artifact_facts as facts
from codefx_desktop.ui.models.artifact_rows import MISSING_ROLE, ArtifactRows, Column
from codefx_desktop.ui.models.artifact_view import ALL_PICTURES, ArtifactView
from codefx_desktop.ui.models.selection import Selection
from codefx_desktop.ui.models.side_by_side import SideBySide
from codefx_desktop.ui.models.words import NONE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models.job_book import JobBook

NUMBERS = tuple(range(0, 600, 5))


@pytest.fixture
def rows(qtbot: QtBot) -> ArtifactRows:
    model = ArtifactRows()
    model.tester = QAbstractItemModelTester(model)
    return model


def shown(rows: ArtifactRows) -> list[int | None]:
    return [rows.number_at(row) for row in range(rows.rowCount())]


def cells(rows: ArtifactRows, row: int) -> list[str]:
    return [rows.index(row, column).data() for column in Column]


# -- rows -------------------------------------------------------------------------------------


def test_rows_tell_what_is_known_and_ask_for_the_rest(qtbot: QtBot, rows: ArtifactRows) -> None:
    rows.show_list(artifact_list())
    with qtbot.waitSignal(rows.notes_wanted) as asked:
        assert cells(rows, 3) == ["15", "00:00:00.600", "0", "…", "…", "…"]
        cells(rows, 4)
    assert sorted(asked.args[0]) == [15, 20]
    rows.describe([FrameNote(15, 600, 0, 7, None, 0)])
    assert cells(rows, 3)[3:] == ["7", NONE, "0"]


def test_time_and_scene_come_from_the_file_where_nothing_else_tells_them(
    rows: ArtifactRows,
) -> None:
    unknown = np.full(3, UNKNOWN)
    rows.show_list(
        artifact_list((0, 5, 10), times_ms=unknown.astype("i8"), scenes=unknown.astype("i4"))
    )
    assert cells(rows, 1)[:3] == ["5", NONE, NONE]
    rows.describe([FrameNote(5, 1234, 2)])
    assert cells(rows, 1)[:3] == ["5", "00:00:01.234", "2"]


def test_only_the_rows_looked_at_last_are_asked_for(qtbot: QtBot, rows: ArtifactRows) -> None:
    rows.show_list(artifact_list(tuple(range(1000))))
    with qtbot.waitSignal(rows.notes_wanted) as asked:
        for row in range(1000):
            cells(rows, row)
    assert asked.args[0] == tuple(range(872, 1000))


def test_a_scene_filters_and_the_nearest_row_is_found(rows: ArtifactRows) -> None:
    rows.show_list(artifact_list())
    assert rows.scenes() == tuple((scene, 20) for scene in range(6))
    rows.set_scene(2)
    assert shown(rows) == list(range(200, 300, 5))
    assert rows.number_at(rows.row_of(0)) == 200
    assert rows.number_at(rows.row_of(262)) == 260
    assert rows.number_at(rows.row_of(10_000)) == 295
    rows.set_scene(None)
    assert len(shown(rows)) == 120
    assert ArtifactRows().row_of(3) == -1


def test_a_growing_list_is_added_to_and_keeps_its_scene(rows: ArtifactRows) -> None:
    rows.show_list(artifact_list(NUMBERS[:50]))
    rows.set_scene(2)
    resets, added = QSignalSpy(rows.modelReset), QSignalSpy(rows.rowsInserted)
    rows.show_list(artifact_list(NUMBERS[:55]))
    assert (resets.count(), added.count()) == (0, 1)
    assert shown(rows) == list(range(200, 275, 5))
    rows.show_list(artifact_list((3, *NUMBERS[:55])))
    assert shown(rows) == list(range(200, 275, 5))
    rows.set_scene(None)
    rows.show_list(artifact_list((3, 4, *NUMBERS[1:55])))
    assert resets.count() == 2
    assert shown(rows)[:3] == [3, 4, 5]


def test_another_job_begins_without_scene_and_notes(qtbot: QtBot, rows: ArtifactRows) -> None:
    rows.show_list(artifact_list())
    rows.set_scene(2)
    rows.describe([FrameNote(0, 0, 0, 7)])
    rows.show_list(artifact_list(job_id="b"))
    assert rows.scene is None
    assert cells(rows, 0)[3] == "…"
    rows.show_list(None)
    assert rows.rowCount() == 0


def test_what_could_not_be_read_is_asked_for_again(rows: ArtifactRows) -> None:
    rows.show_list(artifact_list())
    trouble = FrameNote(0, trouble="frame_0.json is not there.")
    rows.describe([trouble, FrameNote(5, 200, 0, 7)])
    assert cells(rows, 0)[3] == NONE
    assert rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == trouble.trouble
    rows.show_list(artifact_list())
    assert cells(rows, 0)[3] == "…"
    assert cells(rows, 1)[3] == "7"


def test_a_missing_file_is_marked_but_not_while_the_job_writes(rows: ArtifactRows) -> None:
    files = np.full(120, int(ALL), np.uint8)
    files[4] = int(ALL & ~(ArtifactFile.TOON | ArtifactFile.FACE))
    found = artifact_list(files=files, state=ArtifactState.PARTIAL)
    rows.show_list(found)
    assert [rows.index(row, 0).data(MISSING_ROLE) for row in (3, 4)] == [False, True]
    assert rows.index(4, 0).data(Qt.ItemDataRole.ToolTipRole) == "Missing: Faces, TOON"
    rows.show_list(replace(found, state=ArtifactState.GROWING))
    assert not rows.index(4, 0).data(MISSING_ROLE)


# -- the view ---------------------------------------------------------------------------------


@pytest.fixture
def desk(qtbot: QtBot) -> FakeArtifactDesk:
    return FakeArtifactDesk()


@pytest.fixture
def selection(book: JobBook) -> Selection:
    return Selection(book)


@pytest.fixture
def artifacts(
    qtbot: QtBot, hub: FakeHub, book: JobBook, selection: Selection, desk: FakeArtifactDesk
) -> ArtifactView:
    """The artifacts of a complete job in sight, its first frame shown."""
    done = record("a.mp4", id="a", status=JobStatus.COMPLETE)
    book.know(done)
    selection.choose("a")
    desk.put(artifact_list())
    view = ArtifactView(desk, book, selection)
    view.set_in_front(True)
    qtbot.waitUntil(lambda: view.shown is not None)
    return view


def test_the_first_frame_is_shown(artifacts: ArtifactView, desk: FakeArtifactDesk) -> None:
    assert artifacts.number == 0
    assert artifacts.shown is not None
    assert artifacts.shown.number == 0
    assert desk.of("show") == [(0, ALL_PICTURES, (640, 360))]


def test_out_of_sight_nothing_is_read(
    qtbot: QtBot, hub: FakeHub, book: JobBook, selection: Selection, desk: FakeArtifactDesk
) -> None:
    view = ArtifactView(desk, book, selection)
    hub.put(record("a.mp4", id="a"))
    assert selection.job_id == "a"
    qtbot.wait(20)
    assert not desk.calls
    assert view.job_id is None


def test_steps_stop_at_the_ends(
    qtbot: QtBot, artifacts: ArtifactView, desk: FakeArtifactDesk
) -> None:
    artifacts.step(-1)
    assert artifacts.number == 0
    artifacts.step(3)
    assert artifacts.number == 15
    artifacts.step(10_000)
    assert artifacts.number == 595
    qtbot.waitUntil(lambda: artifacts.shown.number == 595)


def test_who_looks_at_a_frame_is_not_taken_away(
    artifacts: ArtifactView, selection: Selection, hub: FakeHub
) -> None:
    selection.following = True
    artifacts.choose(5)
    hub.put(record("b.mp4", id="b", status=JobStatus.PROCESSING))
    assert (selection.job_id, artifacts.job_id) == ("a", "a")


def test_another_job_in_focus_is_another_list(
    qtbot: QtBot, artifacts: ArtifactView, selection: Selection, book: JobBook,
    desk: FakeArtifactDesk,
) -> None:  # fmt: skip
    book.know(record("b.mp4", id="b", status=JobStatus.COMPLETE))
    desk.put(artifact_list((7, 9), job_id="b"))
    selection.choose("b")
    assert (artifacts.found, artifacts.shown, artifacts.number) == (None, None, None)
    qtbot.waitUntil(lambda: artifacts.shown is not None)
    assert artifacts.number == 7


def test_a_job_at_work_is_looked_at_again_and_the_frame_stays(
    qtbot: QtBot, artifacts: ArtifactView, desk: FakeArtifactDesk
) -> None:
    growing = artifact_list(NUMBERS[:20], state=ArtifactState.GROWING)
    desk.put(growing)
    artifacts.choose(40)
    assert artifacts._again.isActive()
    assert artifacts._again.interval() == 2_000
    desk.put(artifact_list(NUMBERS[:30], state=ArtifactState.GROWING, took_s=0.9))
    assert artifacts._again.interval() == 18_000  # a twentieth of the time, not more
    assert artifacts.number == 40
    assert artifacts.rows.rowCount() == 30
    asked = len(desk.of("open"))
    artifacts._again.timeout.emit()
    assert len(desk.of("open")) == asked + 1
    desk.put(artifact_list())
    assert len(artifacts.found) == 120
    assert not artifacts._again.isActive()


def test_the_end_of_the_job_is_looked_at_at_once(
    artifacts: ArtifactView, desk: FakeArtifactDesk, book: JobBook, hub: FakeHub
) -> None:
    asked = len(desk.of("open"))
    hub.say_progress("a", 0.5)
    assert len(desk.of("open")) == asked
    book.know(record("a.mp4", id="a", status=JobStatus.FAILED))
    assert len(desk.of("open")) == asked + 1


def test_what_was_not_there_yet_is_read_when_the_list_grows(
    qtbot: QtBot, artifacts: ArtifactView, desk: FakeArtifactDesk
) -> None:
    desk.broken[5] = "frame_5.json is not there."
    artifacts.choose(5)
    qtbot.waitUntil(lambda: artifacts.shown.number == 5)
    desk.broken.clear()
    desk.put(artifact_list(size_bytes=None))
    qtbot.waitUntil(lambda: not artifacts.shown.json.trouble)
    asked = len(desk.of("show"))
    desk.put(artifact_list(size_bytes=None))
    assert len(desk.of("show")) == asked


def test_a_filter_takes_the_nearest_frame_of_the_scene(artifacts: ArtifactView) -> None:
    artifacts.choose(310)
    artifacts.filter_scene(1)
    assert artifacts.number == 195
    artifacts.filter_scene(None)
    assert artifacts.number == 195


def test_looks_of_one_picture_and_of_all(
    qtbot: QtBot, artifacts: ArtifactView, desk: FakeArtifactDesk
) -> None:
    artifacts.look_at(ArtifactFile.FACE)
    assert artifacts.kinds() == (ArtifactFile.FACE,)
    assert desk.of("show")[-1][1] == ArtifactFile.FACE
    expected = ArtifactFile.ORIGINAL | ArtifactFile.JSON | ArtifactFile.TOON
    files = np.full(120, int(expected), np.uint8)
    desk.put(artifact_list(files=files, expected=expected))
    assert artifacts.pictures() == (ArtifactFile.ORIGINAL,)
    assert artifacts.kinds() == (ArtifactFile.ORIGINAL,)  # this job has no faces


def test_pictures_are_read_anew_when_they_have_more_room(
    qtbot: QtBot, artifacts: ArtifactView, desk: FakeArtifactDesk
) -> None:
    artifacts.set_place(300, 200)
    assert not artifacts._resized.isActive()
    artifacts.set_place(800, 450)
    qtbot.waitUntil(lambda: desk.of("show")[-1][2] == (800, 450))


def test_a_job_whose_frames_go_shows_none(artifacts: ArtifactView, desk: FakeArtifactDesk) -> None:
    desk.put(artifact_list((), state=ArtifactState.PARTIAL, why="Gone."))
    assert (artifacts.number, artifacts.shown) == (None, None)


# -- words ------------------------------------------------------------------------------------


def test_summaries() -> None:
    found = artifact_list()
    assert facts.summary(found) == "120 frames · 6 scenes · 720 files · 48.2 MB"
    assert facts.summary(replace(found, size_bytes=None, scene_count=None)) == (
        "120 frames · 720 files"
    )
    assert facts.partial_text(found) == ""


def test_why_they_are_partial_and_how_much_is_whole() -> None:
    files = np.full(120, int(ALL), np.uint8)
    files[:20] = 1
    found = artifact_list(files=files, state=ArtifactState.PARTIAL, why="The disk is full.")
    assert facts.partial_text(found) == (
        "Partial. The disk is full. 100 of the 120 frames listed here are whole."
    )
    whole = artifact_list(state=ArtifactState.PARTIAL, why="The job was cancelled.")
    assert facts.partial_text(whole).endswith("All frames listed here are whole.")


@pytest.mark.parametrize("state", list(ArtifactState))
def test_every_state_has_words_and_a_blank_page(state: ArtifactState) -> None:
    found = artifact_list((), state=state, why="Why.")
    blank = facts.blank_of(found)
    assert blank.title
    assert blank.text
    assert {state} <= set(facts.STATE_WORDS) & set(facts.STATE_GLYPHS) & set(facts.STATE_TONES)
    if state in (ArtifactState.PARTIAL, ArtifactState.UNREADABLE):
        assert "Why." in blank.text
    nothing = facts.blank_of(artifact_list((), state=ArtifactState.NONE, expected=ArtifactFile(0)))
    assert "start sheet" in nothing.text
    assert "codefx run" in nothing.text


# -- two texts as one -------------------------------------------------------------------------


def test_lines_that_say_the_same_stand_side_by_side() -> None:
    pairs = SideBySide([(0, 0), (10, 4), (50, 8), (60, 8)])
    assert [pairs.right_of(line) for line in (0, 5, 10, 30, 50, 55, 60, 99)] == [
        0, 2, 4, 6, 8, 8, 8, 8,
    ]  # fmt: skip
    assert [pairs.left_of(line) for line in (0, 2, 4, 6, 8, 99)] == [0, 5, 10, 30, 60, 60]
    assert SideBySide().right_of(7) == 0
    assert SideBySide([(0, 0), (1, 0), (10, 4)]).left_of(0) == 0


def test_both_texts_come_to_their_end_together() -> None:
    pairs = SideBySide([(0, 0), (90, 10), (100, 20)]).within(80, 15)
    assert pairs.right_of(0) == 0
    assert pairs.right_of(80) == 15
    assert pairs.left_of(15) == 80
    assert pairs.left_of(0) == 0
    rising = [pairs.right_of(line) for line in range(81)]
    assert rising == sorted(rising)
