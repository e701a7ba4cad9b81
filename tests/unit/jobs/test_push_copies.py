"""Copies of sources: made whole, removed only when they were pushed, and nothing else ever."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from push_world import bytes_of, make_job

from codefx_desktop.domain.errors import ClipMissing, NoSpace
from codefx_desktop.domain.push import (
    Piece,
    PieceState,
    Priority,
    Push,
    PushOptions,
    PushState,
)
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs import source_copies
from codefx_desktop.jobs.push_files import sha256_of
from codefx_desktop.jobs.source_copies import STALE_S, SourceCopies

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord

JOB = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
NEVER = threading.Event()


@pytest.fixture
def record(tmp_path: Path) -> JobRecord:
    return make_job(tmp_path / "data", JOB)


@pytest.fixture
def copies(tmp_path: Path) -> SourceCopies:
    return SourceCopies(tmp_path / "tmp_media", removes=True)


def make(copies: SourceCopies, record: JobRecord) -> Path:
    return copies.make(record, lambda _: None, NEVER)


def push_of(removes: bool | None = None) -> Push:
    options = PushOptions(remove_source_copy=removes)
    return Push(1, JOB, "clip.mov", "pits", PushState.PUSHED, options, datetime.now(UTC))


def pushed(path: Path, **changes: object) -> Piece:
    stat = path.stat()
    piece = Piece(
        push_id=1,
        key=f"jobs/{JOB}/input/source.mov",
        path=path,
        size_bytes=stat.st_size,
        content_type="video/quicktime",
        priority=Priority.SOURCE,
        state=PieceState.VERIFIED,
        sha256=sha256_of(path, NEVER),
        modified_ns=stat.st_mtime_ns,
    )
    return replace(piece, **changes)  # type: ignore[arg-type]


def test_a_copy_is_where_its_name_says_and_stands_for_the_source(
    copies: SourceCopies, record: JobRecord, tmp_path: Path
) -> None:
    assert copies.source_of(record) == record.input_path
    copy = make(copies, record)
    assert copy == tmp_path / "tmp_media" / JOB / "input" / "source.mov"
    assert copy.read_bytes() == record.input_path.read_bytes()
    assert make(copies, record) == copies.find(JOB) == copies.source_of(record) == copy


def test_a_pushed_copy_goes_and_the_original_stays(
    copies: SourceCopies, record: JobRecord, tmp_path: Path
) -> None:
    copy = make(copies, record)
    copies.settle(push_of(), pushed(copy))
    assert not copy.exists()
    assert record.input_path.exists()
    assert list((tmp_path / "tmp_media").iterdir()) == []


def test_a_copy_goes_too_where_the_same_original_was_pushed(
    copies: SourceCopies, record: JobRecord
) -> None:
    copy = make(copies, record)
    copies.settle(push_of(), pushed(record.input_path))
    assert not copy.exists()


@pytest.mark.parametrize(
    ("default", "chosen", "stays"),
    [(True, None, False), (True, False, True), (False, None, True), (False, True, False)],
)
def test_the_push_says_or_else_the_setting(
    tmp_path: Path, record: JobRecord, default: bool, chosen: bool | None, stays: bool
) -> None:
    copies = SourceCopies(tmp_path / "tmp_media", removes=default)
    copy = make(copies, record)
    copies.settle(push_of(chosen), pushed(copy))
    assert copy.exists() is stays
    if stays:
        mark = json.loads(copy.with_name("source.mov.kept.json").read_text())
        assert (mark["version"], mark["job_id"], mark["reason"]) == (1, JOB, "policy")
        assert datetime.fromisoformat(mark["since"]).tzinfo is not None


def test_a_copy_that_was_not_pushed_stays_and_is_marked(
    copies: SourceCopies, record: JobRecord
) -> None:
    copy = make(copies, record)
    not_verified = pushed(copy, state=PieceState.SENT)
    other = pushed(copy, sha256="0" * 64, modified_ns=1)
    for source in (None, not_verified, other):
        copies.settle(push_of(removes=True), source)
        assert copy.exists()
        mark = json.loads(copy.with_name("source.mov.kept.json").read_text())
        assert mark["reason"] == "not pushed"


def test_nothing_happens_without_a_copy(copies: SourceCopies, record: JobRecord) -> None:
    copies.settle(push_of(), pushed(record.input_path))
    assert record.input_path.exists()


def test_links_are_no_copies(copies: SourceCopies, record: JobRecord, tmp_path: Path) -> None:
    home = tmp_path / "tmp_media" / JOB / "input"
    home.mkdir(parents=True)
    (home / "source.mov").symlink_to(record.input_path)
    assert copies.find(JOB) is None
    copies.settle(push_of(), pushed(record.input_path))
    assert copies.sweep(time.time() + 9 * STALE_S) == 0
    assert record.input_path.exists()


def test_a_folder_that_is_a_link_is_not_entered(copies: SourceCopies, tmp_path: Path) -> None:
    theirs = tmp_path / "footage"
    (theirs / "input").mkdir(parents=True)
    for name in ("source.mov", "old.part"):
        (theirs / "input" / name).write_bytes(b"theirs")
    (tmp_path / "tmp_media").mkdir()
    (tmp_path / "tmp_media" / JOB).symlink_to(theirs)
    assert copies.find(JOB) is None
    assert copies.sweep(time.time() + 9 * STALE_S) == 0
    assert sorted(path.name for path in (theirs / "input").iterdir()) == ["old.part", "source.mov"]


def test_the_sweep_removes_what_is_left_over_and_nothing_else(
    copies: SourceCopies, record: JobRecord, tmp_path: Path
) -> None:
    copy = make(copies, record)
    copies.settle(push_of(removes=False), pushed(copy))
    left_over = copy.with_name("source.mov.4711.part")
    fresh = copy.with_name("source.mov.4712.part")
    stranger = tmp_path / "tmp_media" / "holiday" / "beach.part"
    stranger.parent.mkdir()
    for path in (left_over, fresh, stranger):
        path.write_bytes(b"x")
    now = time.time()
    for path in (left_over, stranger, copy, copy.with_name("source.mov.kept.json")):
        os.utime(path, (now - 2 * STALE_S,) * 2)
    assert copies.sweep(now) == 1
    assert not left_over.exists()
    assert fresh.exists()
    assert stranger.exists()
    assert copy.exists()
    assert copy.with_name("source.mov.kept.json").exists()


def test_an_empty_folder_of_a_job_goes(copies: SourceCopies, tmp_path: Path) -> None:
    (tmp_path / "tmp_media" / JOB / "input").mkdir(parents=True)
    assert copies.sweep() == 0
    assert list((tmp_path / "tmp_media").iterdir()) == []


def test_a_copy_that_was_cancelled_leaves_nothing(
    copies: SourceCopies, record: JobRecord, tmp_path: Path
) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        copies.make(record, lambda _: None, stop)
    assert [path for path in (tmp_path / "tmp_media").rglob("*") if path.is_file()] == []


def test_a_source_that_is_gone_is_told(copies: SourceCopies, record: JobRecord) -> None:
    record.input_path.unlink()
    with pytest.raises(ClipMissing, match="Connect its drive"):
        make(copies, record)


def test_a_full_disk_is_told_before_anything_is_copied(
    copies: SourceCopies, record: JobRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_copies, "SPARE_BYTES", 2**62)
    with pytest.raises(NoSpace, match="TEMP_MEDIA_DIR"):
        make(copies, record)


def test_an_odd_extension_becomes_one_that_any_system_takes(
    copies: SourceCopies, record: JobRecord, tmp_path: Path
) -> None:
    odd = tmp_path / "clip.my video"
    odd.write_bytes(bytes_of(100))
    copy = make(copies, replace(record, input_path=odd))
    assert copy.name == "source.bin"
