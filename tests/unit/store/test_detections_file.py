"""The dense results: exact, by frame number, also while and after they are written badly."""

from __future__ import annotations

import functools
import sqlite3
import time
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlite_work import SqliteWork

from codefx_desktop.domain.clip import FrameIndex, FrameTime
from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.ports import DeviceInfo, ModelInfo
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS
from codefx_desktop.store.detections import DetectionReader, DetectionWriter, TrackCount

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = ModelInfo(
    Path("/weights/best.pt"),
    "ab" * 32,
    "detect",
    ("car", "wheel", "crew"),
    640,
    DeviceInfo("cpu", "CPU", "no GPU was found"),
)
FRAMES = 90


def clip_index(frames: int = FRAMES) -> FrameIndex:
    """An index with a variable rate and raw times that do not begin at 0."""
    ticks = np.cumsum(np.arange(frames, dtype=np.int64) % 3 + 1000)
    ticks -= ticks[0]
    return FrameIndex(ticks, ticks - 12345, np.arange(frames) % 25 == 0, Fraction(1, 90000))


INDEX = clip_index()


def random_detections(generator: np.random.Generator, count: int) -> Detections:
    return Detections(
        (generator.random((count, 4)) * 4000).astype(np.float32),
        generator.random(count).astype(np.float32),
        generator.integers(0, 300, count).astype(np.int16),
        generator.integers(NO_TRACK, 2_000_000_000, count).astype(np.int32),
    )


def found() -> list[Detections]:
    generator = np.random.default_rng(1)
    return [random_detections(generator, int(generator.integers(0, 40))) for _ in range(FRAMES)]


FOUND = found()


def rows(start: int, stop: int) -> list[FrameFindings]:
    return [
        FrameFindings(number, INDEX.time(number), FOUND[number]) for number in range(start, stop)
    ]


def same(one: Detections, other: Detections) -> bool:
    pairs = (
        (one.xyxy, other.xyxy),
        (one.confidence, other.confidence),
        (one.class_id, other.class_id),
        (one.track_id, other.track_id),
    )
    return all(np.array_equal(left, right) for left, right in pairs)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "analysis" / "detections.sqlite"


@pytest.fixture
def writer(path: Path) -> Iterator[DetectionWriter]:
    with DetectionWriter(path, model=MODEL, index=INDEX) as writer:
        yield writer


def write_all(path: Path) -> None:
    with DetectionWriter(path, model=MODEL, index=INDEX) as writer:
        for start in range(0, FRAMES, 30):
            writer.append(rows(start, start + 30))


def test_every_bit_comes_back(path: Path) -> None:
    write_all(path)
    with DetectionReader(path) as reader:
        for number in range(FRAMES):
            frame = reader.frame(number)
            assert frame is not None
            assert (frame.number, frame.time) == (number, INDEX.time(number))
            assert same(frame.detections, FOUND[number])
            assert not frame.detections.xyxy.flags.writeable
        assert reader.frame(FRAMES) is None
        assert reader.frame(-1) is None


def test_the_clip_and_the_model_are_told(path: Path) -> None:
    write_all(path)
    with DetectionReader(path) as reader:
        index = reader.index()
        assert reader.class_names == ("car", "wheel", "crew")
        assert reader.model["sha256"] == "ab" * 32
        assert reader.model["device"] == "cpu"
    assert index.time_base == INDEX.time_base
    assert np.array_equal(index.ticks, INDEX.ticks)
    assert np.array_equal(index.pts, INDEX.pts)
    assert np.array_equal(index.keyframe, INDEX.keyframe)


@pytest.mark.parametrize(
    ("start", "stop"), [(0, None), (17, 61), (5, 5), (80, 1000), (-3, 2), (300, None)]
)
def test_a_range_comes_in_order(
    path: Path, start: int, stop: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.store.detection_reader._BATCH_FRAMES", 22)
    write_all(path)
    with DetectionReader(path) as reader:
        numbers = [frame.number for frame in reader.frames(start, stop)]
    assert numbers == [
        number for number in range(FRAMES) if start <= number < (FRAMES if stop is None else stop)
    ]


def test_sums_are_those_of_the_frames(path: Path) -> None:
    write_all(path)
    with DetectionReader(path) as reader:
        summary = reader.summary()
        assert reader.count() == FRAMES
    everything = np.concatenate([item.class_id for item in FOUND])
    assert (summary.frames, summary.complete) == (FRAMES, True)
    assert summary.detections == len(everything) == sum(summary.classes.values())
    assert summary.classes[int(everything[0])] == int((everything == everything[0]).sum())


def test_a_track_has_the_class_it_mostly_has(writer: DetectionWriter, path: Path) -> None:
    def frame(number: int, class_id: int, confidence: float, track: int) -> None:
        detections = Detections(
            np.zeros((1, 4), np.float32),
            np.array([confidence], np.float32),
            np.array([class_id], np.int16),
            np.array([track], np.int32),
        )
        writer.append([FrameFindings(number, INDEX.time(number), detections)])

    for number, class_id, confidence in ((3, 1, 0.5), (4, 2, 0.75), (6, 2, 0.25)):
        frame(number, class_id, confidence, 7)
    frame(8, 0, 0.5, NO_TRACK)
    with DetectionReader(path) as reader:
        assert reader.summary().tracks == (TrackCount(7, 2, 3, 3, 6, 0.75),)


def test_it_can_be_read_while_it_is_written(writer: DetectionWriter, path: Path) -> None:
    with DetectionReader(path) as reader:
        assert (reader.count(), reader.summary().complete) == (0, False)
        writer.append(rows(0, 30))
        assert reader.count() == 30
        frame = reader.frame(29)
        assert frame is not None
        assert same(frame.detections, FOUND[29])
        assert len(reader.index()) == FRAMES


def test_a_chunk_is_written_whole_or_not_at_all(writer: DetectionWriter, path: Path) -> None:
    writer.append(rows(0, 30))
    with pytest.raises(ValueError, match="out of order"):
        writer.append(rows(29, 40))
    with pytest.raises(ValueError, match="out of order"):
        writer.append([rows(31, 32)[0], rows(30, 31)[0]])
    wrong = FrameTime(0, Fraction(1, 25))
    with pytest.raises(ValueError, match="time base"):
        writer.append([*rows(30, 31), FrameFindings(31, wrong, FOUND[31])])
    writer.append([])
    with DetectionReader(path) as reader:
        assert reader.count() == 30
    writer.append(rows(30, 60))


def test_running_again_begins_anew(path: Path) -> None:
    write_all(path)
    with DetectionReader(path) as old:
        with DetectionWriter(path, model=MODEL, index=INDEX) as writer:
            assert old.count() == 0
            writer.append(rows(0, 3))
        assert old.count() == 3
        assert old.summary().detections == sum(len(item) for item in FOUND[:3])
    write_all(path)
    with DetectionReader(path) as reader:
        assert reader.count() == FRAMES


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xa5" * 9000])
def test_running_again_does_away_with_a_damaged_file(path: Path, damage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    with pytest.raises(HistoryError, match="Run the job again"):
        DetectionReader(path)
    write_all(path)
    with DetectionReader(path) as reader:
        assert reader.count() == FRAMES


def test_a_run_that_stops_early_says_so(path: Path) -> None:
    def stopped() -> None:
        with DetectionWriter(path, model=MODEL, index=INDEX) as writer:
            writer.append(rows(0, 30))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    with DetectionReader(path) as reader:
        assert (reader.count(), reader.summary().complete) == (30, False)


def test_a_finished_file_stands_alone(path: Path) -> None:
    write_all(path)
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_closing_does_not_wait_for_readers(path: Path) -> None:
    with DetectionWriter(path, model=MODEL, index=INDEX) as writer:
        writer.append(rows(0, 30))
        reader = DetectionReader(path)
        assert reader.count() == 30
        started = time.perf_counter()
    assert time.perf_counter() - started < BUSY_TIMEOUT_MS / 2000
    assert reader.summary().complete
    reader.close()


def test_what_is_not_there_or_newer_is_told(path: Path) -> None:
    with pytest.raises(HistoryError, match="no detections"):
        DetectionReader(path)
    write_all(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE meta SET value = '4' WHERE key = 'version'")
    with pytest.raises(HistoryError, match="newer version"):
        DetectionReader(path)


def test_a_short_frame_is_told(path: Path) -> None:
    write_all(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE frames SET data = x'00' WHERE number = 5")
    with DetectionReader(path) as reader, pytest.raises(HistoryError, match="damaged"):
        reader.frame(5)


def test_an_impossible_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(NotWritable, match="cannot be written"),
        DetectionWriter(tmp_path / "file" / "d.sqlite", model=MODEL, index=INDEX),
    ):
        pass


def read_work(path: Path, frames: int, per_frame: int, work: SqliteWork) -> tuple[list[int], int]:
    """Write a file; return SQLite's steps for 1,000 reads, sorted, and for opening plus one."""
    generator = np.random.default_rng(2)
    index = clip_index(frames)
    pool = [random_detections(generator, per_frame) for _ in range(50)]
    with DetectionWriter(path, model=MODEL, index=index) as writer:
        for start in range(0, frames, 60):
            chunk = range(start, min(start + 60, frames))
            writer.append(
                [FrameFindings(number, index.time(number), pool[number % 50]) for number in chunk]
            )

    def opened_and_read() -> None:
        with DetectionReader(path) as reader:
            reader.frame(frames // 2)

    with DetectionReader(path) as reader:
        numbers = generator.integers(0, frames, 1000).tolist()
        for number in numbers:
            frame = reader.frame(number)
            assert frame is not None
            assert len(frame.detections) == per_frame
        steps = [work.of(functools.partial(reader.frame, number)) for number in numbers]
    return sorted(steps), work.of(opened_and_read)


def test_a_frame_is_read_without_looking_through_the_others(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, opening = read_work(path, frames=2000, per_frame=50, work=SqliteWork(monkeypatch))
    assert steps[-1] < 400
    assert opening < 4000, opening


@pytest.mark.slow
def test_a_frame_is_read_alike_among_three_million_detections(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, opening = read_work(path, frames=60_000, per_frame=50, work=SqliteWork(monkeypatch))
    print(  # noqa: T201 - figures to be seen with -s
        f"\n3,000,000 detections, {path.stat().st_size / 1e6:.0f} MB: a frame in {steps[500]} to "
        f"{steps[-1]} steps of SQLite; opening and a frame {opening}"
    )
    assert steps[-1] < 400
    assert opening < 4000


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE meta SET value = 'one' WHERE key = 'version'",
        "UPDATE meta SET value = '1/0' WHERE key = 'time_base'",
        "DELETE FROM meta WHERE key = 'time_base'",
        "UPDATE meta SET value = '{' WHERE key = 'model'",
        "UPDATE meta SET value = '[5]' WHERE key = 'model'",
        "DROP TABLE meta",
    ],
)
def test_facts_that_make_no_sense_are_told(path: Path, change: str) -> None:
    write_all(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(change)
    with pytest.raises(HistoryError, match="Run the job again"):
        DetectionReader(path)


@pytest.mark.parametrize(
    "change", ["DELETE FROM frame_index", "UPDATE frame_index SET ticks = x'0102030405'"]
)
def test_times_that_make_no_sense_are_told(path: Path, change: str) -> None:
    write_all(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(change)
    with DetectionReader(path) as reader, pytest.raises(HistoryError, match="Run the job again"):
        reader.index()
