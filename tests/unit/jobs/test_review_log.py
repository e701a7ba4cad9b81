"""The log of a review where programs end: put aside, taken up once, by one program at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.edit import ThresholdOp, TrackDeed, TrackOp
from codefx_desktop.domain.errors import CodefxError, HistoryError
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.ports import DeviceInfo, ModelInfo
from codefx_desktop.jobs import review_aside, review_log
from codefx_desktop.jobs.corrected_job import read_corrected
from codefx_desktop.jobs.review_aside import has_aside
from codefx_desktop.jobs.review_log import ReviewLog, take_up
from codefx_desktop.jobs.review_settled import is_settled
from codefx_desktop.jobs.review_values import Edit, EditDeed
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.detections import DetectionReader, DetectionWriter
from codefx_desktop.store.history import open_history
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.store.history import History

DO, UNDO, REDO = EditDeed.DO, EditDeed.UNDO, EditDeed.REDO
OPS: tuple[EditOp, ...] = (ThresholdOp(1, 0.3),)
BY_PLACE: tuple[EditOp, ...] = (TrackOp(TrackDeed.DELETE, 2, 0),)
MODEL = ModelInfo(Path("m.pt"), "0" * 64, "detect", ("car",), 640, DeviceInfo("cpu", "CPU", ""))


class Reviewed:
    """A job under review, and the logs of two programs."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.record = self.new_job()
        self.log, self.other = ReviewLog(history), ReviewLog(history)

    def new_job(self) -> JobRecord:
        record = self.history.add(
            input_path=app_paths().data / "lap.mp4",
            input_size_bytes=1,
            spec=JobSpec(),
            metadata=JobMetadata(),
            job_root=app_paths().data,
        )
        ticks = np.arange(3, dtype=np.int64)
        index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 30))
        with DetectionWriter(layout_of(record).detections, index=index, model=MODEL) as writer:
            writer.set_picture(64, 48, 0.1)
        self.history.claim(record.id)
        self.history.finish(record.id, JobStatus.COMPLETE)
        return self.history.get(record.id)

    @property
    def layout(self) -> JobLayout:
        return layout_of(self.record)

    def an(self, deed: EditDeed, text: str, ops: tuple[EditOp, ...] = OPS, run: str = "") -> Edit:
        return Edit(self.record.id, deed, text, ops if deed is DO else (), run)

    def edit(self, deed: EditDeed, text: str) -> None:
        self.log.edit(self.an(deed, text))

    def put_aside(self, *edits: Edit) -> None:
        self.log.put_aside(edits)

    def aside(self) -> dict[Path, bytes]:
        """Return what was put aside, as it lies on the disk."""
        files = self.layout.review.parent.glob(".review*aside")
        return {path: path.read_bytes() for path in files}

    def told(self) -> str:
        """Return the texts of all steps; those that were taken back in brackets."""
        with ReviewFile(self.layout.review) as file:
            steps = file.steps()
        return " ".join(f"({step.text})" if step.is_undone else step.text for step in steps)

    def take_up_and_die(self) -> str:
        """Take up what was put aside, and die before it is removed."""
        before = self.aside()
        take_up(self.layout)
        told = self.told()
        for path, data in before.items():
            path.write_bytes(data)
        return told


@pytest.fixture
def job(home: Path) -> Iterator[Reviewed]:
    del home
    with open_history(app_paths().history).history as history:
        yield Reviewed(history)


def first_time(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object]) -> None:
    """Have something happen just before the next step is added to a log."""
    real, waiting = ReviewFile.append, [then]

    def append(file: ReviewFile, *arguments: object) -> object:
        if waiting:
            waiting.pop()()
        return real(file, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ReviewFile, "append", append)


def test_what_was_put_aside_is_kept_in_order(job: Reviewed) -> None:
    job.edit(DO, "first")
    run = ""
    with DetectionReader(job.layout.detections) as reader:
        run = reader.run
    job.put_aside(
        job.an(DO, "second"),
        job.an(UNDO, "second"),
        job.an(UNDO, "nothing of that name"),
        job.an(DO, "third", BY_PLACE, run),
        job.an(DO, "of another run", BY_PLACE, "another"),
    )
    job.put_aside(job.an(DO, "fourth"))
    assert not is_settled(job.layout)
    take_up(job.layout)
    assert job.told() == "first (second) third fourth"
    assert not job.aside()
    assert not has_aside(job.layout)


def test_a_program_that_dies_before_it_removes_what_it_kept_does_nothing_twice(
    job: Reviewed,
) -> None:
    for text in ("Move", "Move", "Move"):
        job.edit(DO, text)
    job.put_aside(job.an(UNDO, "Move"), job.an(UNDO, "Move"), job.an(REDO, "Move"))
    told = job.take_up_and_die()
    assert told == "Move Move (Move)"
    take_up(job.layout)
    assert job.told() == told
    assert not job.aside()


def test_a_program_may_die_anywhere_while_it_keeps_what_was_put_aside(
    job: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """What no program survives."""

    points, dies_at = 0, 0

    def pass_point() -> None:
        nonlocal points
        points += 1
        if points == dies_at:
            raise Died

    def between_points(name: str) -> None:
        real = getattr(ReviewFile, name)

        def wrapped(file: ReviewFile, *arguments: object) -> object:
            pass_point()
            done = real(file, *arguments)
            pass_point()
            return done

        monkeypatch.setattr(ReviewFile, name, wrapped)

    real_unlink = Path.unlink

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        pass_point()
        real_unlink(path, missing_ok=missing_ok)

    for name in ("append", "undo", "redo"):
        between_points(name)
    edits = [(UNDO, "Move"), (DO, "Move"), (UNDO, "Move"), (REDO, "Move"), (UNDO, "Move")]
    deaths = 0
    while True:
        job.record = job.new_job()
        dies_at = 0
        job.edit(DO, "another")
        job.put_aside(*(job.an(*edit) for edit in edits))
        points, dies_at = 0, deaths + 1
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", unlink)
            try:
                take_up(job.layout)
            except Died:
                deaths += 1
            else:
                break
        take_up(job.layout)
        assert (job.told(), job.aside()) == ("another (Move)", {}), f"died at {dies_at}"
    assert deaths >= 2 * len(edits)


def test_an_undo_that_was_refused_does_not_hit_what_was_done_after_it(job: Reviewed) -> None:
    job.edit(DO, "another")
    job.put_aside(job.an(UNDO, "Move"), job.an(DO, "Move"))
    assert job.take_up_and_die() == "another Move"
    take_up(job.layout)
    assert job.told() == "another Move"


@pytest.mark.parametrize("dies", [False, True])
def test_what_takes_back_a_change_that_was_refused_does_not_hit_an_older_one(
    job: Reviewed, dies: bool
) -> None:
    job.edit(DO, "Move")
    of_another_run = job.an(DO, "Move", BY_PLACE, "another")
    job.put_aside(of_another_run, job.an(DO, "Zoom"), job.an(UNDO, "Zoom"), job.an(UNDO, "Move"))
    if dies:
        job.take_up_and_die()
    take_up(job.layout)
    assert job.told() == "Move (Zoom)"


def test_a_change_that_is_kept_while_it_is_put_aside_is_kept_once_and_in_order(
    job: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for its turn, the program ends meanwhile, and then its turn comes."""
    slow, next_one = replace(job.an(DO, "one"), key="1"), replace(job.an(DO, "two"), key="2")
    job.put_aside(job.an(DO, "before"))
    first_time(monkeypatch, lambda: job.other.put_aside([slow, next_one]))
    job.log.edit(slow)
    take_up(job.layout)
    assert job.told() == "before one two"


def test_what_another_program_puts_aside_meanwhile_is_kept_too(
    job: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    job.put_aside(job.an(DO, "one"))
    first_time(monkeypatch, lambda: job.other.put_aside([job.an(DO, "two")]))
    take_up(job.layout)
    take_up(job.layout)
    assert job.told() == "one two"


def test_two_programs_do_not_take_up_at_once(
    job: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_aside, "WAIT_S", 0.0, raising=False)
    job.edit(DO, "Move")
    job.put_aside(job.an(DO, "Move"), job.an(UNDO, "Move"))
    refused: list[str] = []

    def other() -> None:
        take_up(job.layout)
        with pytest.raises(HistoryError) as caught:
            job.other.edit(job.an(DO, "too early"))
        refused.append(caught.value.hint)

    first_time(monkeypatch, other)
    take_up(job.layout)
    assert job.told() == "Move (Move)"
    assert refused == ["Try again in a moment: they come first."]
    job.other.edit(job.an(DO, "now"))
    assert job.told() == "Move (Move) now"


def test_a_job_that_is_gone_or_refuses_does_not_stop_the_others(
    job: Reviewed, caplog: pytest.LogCaptureFixture
) -> None:
    refusing = job.new_job()
    folder = layout_of(refusing).review.parent
    for one in folder.iterdir():
        one.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    gone = Edit("gone", DO, "gone", OPS)
    job.put_aside(gone, Edit(refusing.id, DO, "refused", OPS), job.an(DO, "kept"))
    take_up(job.layout)
    assert job.told() == "kept"
    assert "1 changes of job gone were not put aside" in caplog.text
    assert f"job {refusing.id} were not put aside" in caplog.text


def test_a_line_that_was_cut_off_takes_no_other_with_it(
    job: Reviewed, caplog: pytest.LogCaptureFixture
) -> None:
    job.put_aside(job.an(DO, "one"), job.an(DO, "cut"))
    for path, data in job.aside().items():
        path.write_bytes(data[:-9])
    job.put_aside(job.an(DO, "two"))
    take_up(job.layout)
    assert job.told() == "one two"
    assert "cannot be read" in caplog.text


def test_bytes_that_are_no_text_and_what_does_nothing_are_told_and_left(
    job: Reviewed, caplog: pytest.LogCaptureFixture
) -> None:
    job.put_aside(job.an(DO, "nothing", ()), job.an(DO, "one"))
    for path, data in job.aside().items():
        path.write_bytes(data + b"\xff\x00\xfe\n")
    take_up(job.layout)
    assert job.told() == "one"
    assert "Not kept: nothing" in caplog.text


def test_a_change_that_does_nothing_is_refused_with_a_hint(job: Reviewed) -> None:
    with pytest.raises(CodefxError, match="a step does something") as caught:
        job.log.edit(job.an(DO, "nothing", ()))
    assert caught.value.hint
    assert (caught.value.job_id, job.told()) == (job.record.id, "")


def test_nothing_is_done_before_what_was_put_aside(
    job: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with DetectionReader(job.layout.detections) as reader:
        run = reader.run
    job.put_aside(job.an(DO, "first", BY_PLACE, run))
    with monkeypatch.context() as busy:
        busy.setattr(review_log, "_run_of", lambda _layout: "")  # it is not known which run it is
        with pytest.raises(HistoryError, match="wait to be kept"):
            job.edit(DO, "second")
        take_up(job.layout)
    assert (job.told(), has_aside(job.layout)) == ("", True)
    job.edit(DO, "second")
    assert job.told() == "first second"


def test_an_undo_waits_while_the_review_cannot_be_used(
    job: Reviewed, caplog: pytest.LogCaptureFixture
) -> None:
    job.edit(DO, "one")
    job.put_aside(job.an(UNDO, "one"))
    for version in (9, 1):  # a newer program had it, and left
        with closing(sqlite3.connect(job.layout.review)) as other:
            other.execute(f"PRAGMA user_version = {version}")
        take_up(job.layout)
        assert has_aside(job.layout) is (version == 9)
    assert job.told() == "(one)"
    assert "still wait to be kept: " in caplog.text  # the terminal shows it as it is
    assert "Traceback" not in caplog.text


def test_what_cannot_be_read_or_removed_now_waits(
    job: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    job.put_aside(job.an(DO, "one"))
    for name in ("read_text", "unlink"):
        real = getattr(Path, name)

        def refuse(path: Path, *rest: object, real: object = real, **more: object) -> object:
            if path.name.endswith("aside"):
                raise PermissionError
            return real(path, *rest, **more)  # type: ignore[operator]

        with monkeypatch.context() as refused:
            refused.setattr(Path, name, refuse)
            take_up(job.layout)
            assert has_aside(job.layout)
            with pytest.raises(HistoryError, match="wait to be kept"):
                job.edit(DO, "two")
    take_up(job.layout)
    assert job.told() == "one"


def test_what_was_put_aside_is_exported(job: Reviewed) -> None:
    job.put_aside(job.an(DO, "one"))
    assert [step.text for step in read_corrected(job.record).steps] == ["one"]
