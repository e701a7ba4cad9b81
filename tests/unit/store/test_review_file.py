"""The log of a review: kept at once, over restarts, between programs, and never rewritten.

Over 400 lines because all of it is asked of the same small file.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from review_edits import some_op

from codefx_desktop.analysis.corrections import active, thresholds_of
from codefx_desktop.domain.edit import ChooseOp, ThresholdOp
from codefx_desktop.domain.edit_log import LogDeed, LogEntry
from codefx_desktop.domain.errors import HistoryError, NoSpace, NotWritable
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.edit import EditOp

OPS = (ThresholdOp(1, 0.5),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "analysis" / "review.sqlite"


def held(file: ReviewFile) -> str:
    """Return the texts of the steps that hold."""
    return " ".join(step.text for step in file.steps() if not step.is_undone)


def test_without_a_step_there_is_no_file(path: Path) -> None:
    with ReviewFile(path) as file:
        assert file.steps() == ()
    assert not path.exists()


def test_steps_come_back_as_they_were_done(path: Path) -> None:
    rng, numbers = np.random.default_rng(1), np.arange(50, dtype=np.int32)
    given = [tuple(some_op(rng, numbers, n) for _ in range(3)) for n in range(20)]
    with ReviewFile(path) as file:
        for number, ops in enumerate(given, start=1):
            step = file.append(ops, f"Step {number}", "A. Name")
            assert (step.number, step.ops, step.is_undone) == (number, ops, False)
    with ReviewFile(path) as file:
        steps = file.steps()
    assert [step.ops for step in steps] == given
    assert {step.who for step in steps} == {"A. Name"}
    assert len({step.key for step in steps}) == 20
    assert all(step.at.endswith("+00:00") for step in steps)


def test_undo_and_redo_go_on_after_a_restart(path: Path) -> None:
    with ReviewFile(path) as file:
        for text in "abcd":
            file.append(OPS, text, "me")
        undone = file.undo("you")
        assert undone is not None
        assert (undone.text, undone.is_undone) == ("d", True)
    with ReviewFile(path) as file:
        assert held(file) == "a b c"
        file.undo()
        redone = file.redo()
        assert redone is not None
        assert (redone.text, redone.is_undone) == ("c", False)
        assert held(file) == "a b c"
    with ReviewFile(path) as file:
        assert [entry.who for entry in file.entries()][4] == "you"
        again = file.redo()
        assert again is not None
        assert again.text == "d"


def test_what_has_a_key_is_done_once(path: Path) -> None:
    with ReviewFile(path) as file:
        for key in "xxy":
            assert file.append(OPS, "Move", "me", key=key).key == key
        for _ in range(2):
            file.undo("me", "Move", key="u")
        assert [step.is_undone for step in file.steps()] == [False, True]
        file.undo("me", "Move")
        for _ in range(2):
            file.redo("me", "Move", key="r")
        assert [step.is_undone for step in file.steps()] == [False, True]
        assert len(file.entries()) == 5


def test_more_than_200_steps_can_be_taken_back_and_done_again(path: Path) -> None:
    with ReviewFile(path) as file:
        for number in range(250):
            file.append(OPS, str(number), "me")
        whole = held(file)
        for _ in range(250):
            assert file.undo() is not None
        assert file.undo() is None
        assert held(file) == ""
        while file.redo() is not None:
            pass
        assert held(file) == whole
        assert len(file.entries()) == 750


def test_what_was_taken_back_stays_in_the_audit_after_a_new_step(path: Path) -> None:
    with ReviewFile(path) as file:
        for text in "ab":
            file.append(OPS, text, "me")
        file.undo()
        file.append(OPS, "c", "me")
        assert file.redo() is None
        assert [step.text for step in file.steps()] == ["a", "b", "c"]
        assert held(file) == "a c"


def test_a_step_that_does_nothing_is_a_mistake(path: Path) -> None:
    with ReviewFile(path) as file, pytest.raises(ValueError, match="does something"):
        file.append((), "nothing", "me")


def test_two_programs_see_each_other_and_share_one_order(path: Path) -> None:
    with ReviewFile(path) as mine, ReviewFile(path) as theirs:
        mine.append(OPS, "a", "me")
        assert theirs.append(OPS, "b", "you").number == 2
        assert mine.append(OPS, "c", "me").number == 3
        assert held(mine) == held(theirs) == "a b c"
        undone = theirs.undo()
        assert undone is not None
        assert undone.text == "c"
        assert held(mine) == "a b"


def test_the_log_is_only_added_to(path: Path) -> None:
    with ReviewFile(path) as file:
        file.append(OPS, "a", "me")
    with closing(sqlite3.connect(path)) as other:
        for statement in ("DELETE FROM log", "UPDATE log SET who = 'nobody'"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                other.execute(statement)


def test_revisions_tell_what_others_have(path: Path) -> None:
    with ReviewFile(path) as file:
        keys = [file.append(OPS, text, "me").key for text in "abc"]
        was = path.read_bytes()
        file.note_pushed(4, keys[1])
        file.note_pushed(6, keys[2])
        assert path.read_bytes() == was
        file.append(OPS, "d", "me")
        assert [step.revision for step in file.steps()] == [4, 4, 6, 0]


def entry(name: str, *ops: EditOp) -> LogEntry:
    return LogEntry(name, "2026", "you", LogDeed.DO, name, name, ops or OPS)


def test_a_pushed_log_comes_before_what_only_this_one_has(path: Path) -> None:
    with ReviewFile(path) as file, ReviewFile(path) as other:
        file.append(OPS, "a", "me")
        common = file.entries()
        file.note_pushed(1, common[0].key)
        file.append(OPS, "mine", "me")
        assert held(other) == "a mine"
        merge = file.take_in((*common, entry("theirs")), 2)
        assert [one.text for one in merge.theirs] == ["theirs"]
        for one in (file, other):
            assert held(one) == "a theirs mine"
            assert [step.number for step in one.steps()] == [1, 2, 3]
            assert [step.revision for step in one.steps()] == [1, 2, 0]
        file.undo()
        assert held(other) == "a theirs"
        # Once more changes nothing.
        entries = file.entries()
        assert file.take_in(entries[:2], 2).theirs == ()
        assert file.entries() == entries
    with ReviewFile(path) as file:
        assert held(file) == "a theirs"


def test_conflicts_stay_until_a_person_takes_one_of_the_steps_back(path: Path) -> None:
    with ReviewFile(path) as file:
        file.append([ThresholdOp(1, 0.3)], "mine", "me")
        file.take_in([entry("theirs", ThresholdOp(1, 0.9))], 2)
    with ReviewFile(path) as file:
        (conflict,) = file.conflicts()
        assert (conflict.mine.text, conflict.theirs.text) == ("mine", "theirs")
        assert conflict.about == ("the threshold of class 1",)
        file.undo()
        assert file.conflicts() == ()


def test_a_choice_between_two_steps_is_kept_goes_with_the_log_and_is_taken_back(
    path: Path, tmp_path: Path
) -> None:
    with ReviewFile(path) as file:
        file.append([ThresholdOp(1, 0.3)], "mine", "me")
        file.take_in([entry("theirs", ThresholdOp(1, 0.9))], 2)
        (conflict,) = file.conflicts()
        file.append([ChooseOp(conflict.theirs.key, conflict.mine.key)], "choice", "me")
    with ReviewFile(path) as file, ReviewFile(tmp_path / "other.sqlite") as other:
        assert thresholds_of(active(file.steps())) == {1: 0.9}
        # Whoever fetches it has what was decided.
        other.take_in(file.entries(), 3)
        assert thresholds_of(active(other.steps())) == {1: 0.9}
        file.undo()
        assert thresholds_of(active(file.steps())) == {1: 0.3}


def test_a_log_can_be_taken_in_where_there_is_none(path: Path) -> None:
    with ReviewFile(path) as file:
        assert file.conflicts() == ()
        file.take_in([entry("x"), entry("y")], 3)
        assert [(step.text, step.revision) for step in file.steps()] == [("x", 3), ("y", 3)]


# -- trouble ------------------------------------------------------------------------------------


def make(path: Path) -> None:
    with ReviewFile(path) as file:
        file.append(OPS, "a", "me")


def test_damage_is_told(path: Path) -> None:
    make(path)
    path.write_bytes(b"this is not a database" * 400)
    with pytest.raises(HistoryError, match="damaged") as caught, ReviewFile(path):
        pass
    assert "begin the review anew" in caught.value.hint


def test_a_damaged_step_is_told(path: Path) -> None:
    make(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "INSERT INTO log (key, at, who, deed, step, text, version, ops)"
            " VALUES ('k', '', '', 'do', 'k', '', 1, '[{\"op\": \"what\"}]')"
        )
        other.commit()
    with ReviewFile(path) as file:
        with pytest.raises(HistoryError, match="knows no op 'what'"):
            file.steps()
        with pytest.raises(HistoryError, match="cannot be read"):
            file.append(OPS, "b", "me")


def test_damage_anywhere_is_told_or_does_not_matter(path: Path) -> None:
    rng, numbers = np.random.default_rng(1), np.arange(50, dtype=np.int32)
    with ReviewFile(path) as file:
        for number in range(60):
            file.append([some_op(rng, numbers, n) for n in range(8)], str(number), "me")
        whole = file.entries()
    data = path.read_bytes()
    pages = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    assert len(pages) > 12
    met = 0
    for at in range(1, len(pages)):
        for other in (bytes(4096), pages[at - 1], pages[(at + 1) % len(pages)], pages[at][::-1]):
            path.write_bytes(b"".join([*pages[:at], other, *pages[at + 1 :]]))
            try:
                with ReviewFile(path) as file:
                    found = file.entries()
            except HistoryError:
                met += 1
            else:
                assert found == whole
    assert met > 2 * len(pages)


def test_a_lost_step_is_told(path: Path) -> None:
    with ReviewFile(path) as file:
        for text in "abc":
            file.append(OPS, text, "me")
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TRIGGER log_is_kept")
        other.execute("DELETE FROM log WHERE place = 2")
        other.commit()
    with ReviewFile(path) as file, pytest.raises(HistoryError, match="entry 2 is missing"):
        file.steps()


@pytest.mark.parametrize(
    ("pragma", "words"),
    [("user_version = 9", "newer version"), ("application_id = 7", "another program")],
)
def test_what_is_not_ours_is_left_alone(path: Path, pragma: str, words: str) -> None:
    make(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA {pragma}")
    was = path.read_bytes()
    with pytest.raises(HistoryError, match=words), ReviewFile(path):
        pass
    assert path.read_bytes() == was


def test_a_step_is_bound_to_the_run_whose_boxes_it_names(path: Path) -> None:
    with ReviewFile(path) as file:
        assert file.append(OPS, "a", "me").run == ""
        assert file.append(OPS, "b", "me", "0123").run == "0123"
    with ReviewFile(path) as file:
        assert [(step.run, step.ops) for step in file.steps()] == [("", OPS), ("0123", OPS)]
    with closing(sqlite3.connect(path)) as other:
        rows = other.execute("SELECT version FROM log ORDER BY place").fetchall()
    assert rows == [(1,), (2,)]  # an older program reads what it can


def test_a_step_of_a_newer_version_is_told(path: Path) -> None:
    make(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "INSERT INTO log (key, at, who, deed, step, text, version, ops)"
            " VALUES ('k', '', '', 'do', 'k', '', 3, '[]')"
        )
        other.commit()
    with ReviewFile(path) as file, pytest.raises(HistoryError, match="a step of version 3"):
        file.steps()


def test_a_file_that_cannot_be_written_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    monkeypatch.setattr("codefx_desktop.store.review_file.os.access", lambda *_: False)
    with ReviewFile(path) as file:
        assert held(file) == "a"
        with pytest.raises(NotWritable, match="cannot be written"):
            file.append(OPS, "b", "me")
        assert held(file) == "a"


def test_steps_that_are_in_the_log_of_a_dead_program_alone_are_read(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    copy = tmp_path / "copy" / path.name
    copy.parent.mkdir()
    with ReviewFile(path) as file:
        file.append(OPS, "b", "me")
        for suffix in ("", "-wal"):  # as it lies on the disk when the program dies
            data = path.with_name(path.name + suffix).read_bytes()
            copy.with_name(path.name + suffix).write_bytes(data)
    assert copy.with_name(f"{path.name}-wal").stat().st_size > 0
    monkeypatch.setattr("codefx_desktop.store.review_file.os.access", lambda *_: False)
    was = sorted((one.name, one.read_bytes()) for one in copy.parent.iterdir())
    with ReviewFile(copy) as file:
        assert held(file) == "a b"
    assert sorted((one.name, one.read_bytes()) for one in copy.parent.iterdir()) == was


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "analysis").write_text("a file")
    with (
        ReviewFile(tmp_path / "analysis" / "review.sqlite") as file,
        pytest.raises(NotWritable, match="cannot be written"),
    ):
        file.append(OPS, "a", "me")


def test_a_full_disk_loses_nothing_and_adds_nothing(path: Path) -> None:
    rng, numbers = np.random.default_rng(1), np.arange(50, dtype=np.int32)
    with ReviewFile(path) as file:
        file.append(OPS, "a", "me")
        assert file._connection is not None
        pages = file._connection.execute("PRAGMA page_count").fetchone()[0]
        file._connection.execute(f"PRAGMA max_page_count = {pages}")
        large = [some_op(rng, numbers, n) for n in range(1000)]
        with pytest.raises(NoSpace, match="disk is full"):
            file.append(large, "b", "me")
        assert held(file) == "a"
        file._connection.execute("PRAGMA max_page_count = 1000000")
        file.append(large, "b", "me")
    with ReviewFile(path) as file:
        assert held(file) == "a b"


def test_a_program_that_died_while_it_made_the_file_is_no_trouble(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with ReviewFile(path) as file:
        assert file.steps() == ()
        file.append(OPS, "a", "me")
        assert held(file) == "a"


def test_what_a_program_that_died_had_begun_is_taken_back(path: Path, tmp_path: Path) -> None:
    make(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as dying:
        dying.execute("PRAGMA journal_mode = DELETE")
        dying.execute("PRAGMA cache_size = 1")
        dying.execute("BEGIN IMMEDIATE")
        dying.execute("INSERT INTO conflicts VALUES ('a', 'b', ?)", ("x" * 1_000_000,))
        copy = tmp_path / "copy" / path.name
        copy.parent.mkdir()
        for suffix in ("", "-journal"):
            data = path.with_name(path.name + suffix).read_bytes()
            copy.with_name(path.name + suffix).write_bytes(data)
        dying.execute("ROLLBACK")
    with ReviewFile(copy) as file:
        assert held(file) == "a"
        file.append(OPS, "b", "me")
        assert held(file) == "a b"


def test_a_disk_on_which_nothing_can_be_kept_safely_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codefx_desktop.store import connection

    monkeypatch.setattr(connection, "PRAGMAS", (("journal_mode", "DELETE", "wal"),))
    with ReviewFile(path) as file, pytest.raises(HistoryError, match="journal_mode is delete"):
        file.append(OPS, "a", "me")
