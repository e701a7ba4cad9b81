"""The outbox's file: threads, programs, damage, strangers."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from outbox_samples import piece, wanted

from codefx_desktop.domain.errors import CodefxError, HistoryError
from codefx_desktop.domain.push import PushState
from codefx_desktop.store.outbox import Outbox, open_outbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path / "outbox.sqlite").outbox as opened:
        yield opened


def test_threads_take_every_piece_once(outbox: Outbox) -> None:
    push = outbox.add(wanted(*(piece(f"frames/{n}.jpg") for n in range(60))))
    taken: list[int] = []

    def work() -> None:
        while found := outbox.take("pits", [push.id], 2):
            taken.extend(one.id for one in found)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60


def test_two_programs_see_each_other(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with open_outbox(path).outbox as one, open_outbox(path).outbox as other:
        push = one.add(wanted(piece("frames/1.jpg")))
        assert other.pause(push.id).state is PushState.PAUSED
        assert one.active() == ()


def test_commits_are_on_the_disk(outbox: Outbox) -> None:
    with outbox._reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_damaged_outbox_is_set_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    open_outbox(path).outbox.close()
    path.write_bytes(b"not a database at all" * 100)
    opened = open_outbox(path)
    (notice,) = opened.notices
    (aside,) = tmp_path.glob("outbox.damaged-*.sqlite")
    assert aside.name in notice
    assert aside.read_bytes().startswith(b"not a database")
    assert opened.outbox.add(wanted(piece("frames/1.jpg"))).files == 2
    assert open_outbox(path).notices == ()


def test_a_newer_outbox_and_another_programs_are_left_alone(tmp_path: Path) -> None:
    newer, foreign = tmp_path / "newer.sqlite", tmp_path / "foreign.sqlite"
    open_outbox(newer).outbox.close()
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    for path, told in ((newer, "newer version"), (foreign, "another program")):
        before = path.read_bytes()
        with pytest.raises(HistoryError, match=told):
            open_outbox(path)
        assert path.read_bytes() == before


def test_programs_that_open_a_new_outbox_at_once_make_one(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    errors: list[CodefxError] = []

    def work() -> None:
        try:
            open_outbox(path).outbox.close()
        except CodefxError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_an_outbox_of_the_first_version_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with open_outbox(path).outbox as before:
        push = before.add(wanted(piece("frames/1.jpg")))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE pushes DROP COLUMN is_slowed")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    for _ in range(2):
        opened = open_outbox(path)
        assert opened.notices == ()
        with opened.outbox as outbox:
            assert outbox.push(push.id) == push
            outbox.rest(push.target, push.created_at, "Slower, please.", is_slowed=True)
            assert outbox.push(push.id).is_slowed
            outbox.rest(push.target, push.created_at, "")
            outbox.awake(push.target)
