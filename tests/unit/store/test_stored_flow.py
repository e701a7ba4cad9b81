"""The flow of a long clip: read from its file where it is looked at, the same as all at once."""

from __future__ import annotations

import sqlite3
import tracemalloc
from contextlib import closing
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.observations import Motion
from codefx_desktop.store import detection_reader
from codefx_desktop.store.detections import DetectionReader, DetectionWriter
from codefx_desktop.store.signal_rows import CHUNK_FRAMES
from codefx_desktop.store.stored_flow import StoredFlow

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Asked = int | slice | npt.NDArray[np.int64]

FRAMES = 3 * CHUNK_FRAMES + 40
RNG = np.random.default_rng(5)
FLOW = RNG.normal(0, 3, (FRAMES, 9, 16, 2)).astype(np.float16)


def write(path: Path) -> None:
    ticks = np.arange(FRAMES, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 60))
    motion = Motion(
        FLOW,
        np.random.default_rng(6).integers(0, 256, FLOW.shape[:3]).astype(np.uint8),
        np.random.default_rng(7).normal(0, 1, (FRAMES, 4)).astype(np.float32),
        (40,),
    )
    with DetectionWriter(path, index=index, model=None) as writer:
        writer.append([FrameFindings(n, index.time(n), None) for n in range(FRAMES)])
        writer.set_picture(64, 36, FRAMES / 60)
        writer.set_motion(motion)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file whose clip counts as a long one."""
    monkeypatch.setattr(detection_reader, "KEPT_BYTES", 1)
    file = tmp_path / "detections.sqlite"
    write(file)
    return file


def motion_of(path: Path, *, flow_later: bool) -> Motion:
    with DetectionReader(path) as reader:
        motion = reader.observations(flow_later=flow_later).motion
    assert motion is not None
    return motion


def test_what_moved_is_the_same_to_the_bit_however_it_is_asked_for(path: Path) -> None:
    """Its reader is closed by then: nothing keeps the file open."""
    whole, later = motion_of(path, flow_later=False), motion_of(path, flow_later=True)
    assert isinstance(whole.flow, np.ndarray)
    assert isinstance(later.flow, StoredFlow)
    assert np.array_equal(whole.energy, later.energy)
    assert np.array_equal(whole.camera, later.camera)
    assert whole.cuts == later.cuts == (40,)
    assert (len(later.flow), later.flow.shape) == (FRAMES, FLOW.shape)
    asked: list[int | slice | npt.NDArray[np.int64]] = [
        0,
        255,
        256,
        -1,
        FRAMES - 1,
        300,
        slice(250, 260),
        slice(None),
    ]
    asked += [np.arange(200, 600), RNG.integers(-FRAMES, FRAMES, 90), np.arange(0)]
    for frames in asked:
        told = later.flow[frames]
        assert told.dtype == np.float16
        assert np.array_equal(told, FLOW[frames]), frames


def test_a_short_clips_flow_is_read_at_once(tmp_path: Path) -> None:
    write(tmp_path / "short.sqlite")
    assert isinstance(motion_of(tmp_path / "short.sqlite", flow_later=True).flow, np.ndarray)


def test_a_file_that_does_not_tell_its_run_is_read_at_once(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DELETE FROM meta WHERE key = 'run'")
    assert isinstance(motion_of(path, flow_later=True).flow, np.ndarray)


def test_frames_that_are_not_there_are_refused(path: Path) -> None:
    flow = motion_of(path, flow_later=True).flow
    for frames in (FRAMES, -FRAMES - 1, np.array([0, FRAMES])):
        with pytest.raises(IndexError, match="no frame"):
            flow[frames]


@pytest.mark.parametrize("change", ["again", "gone", "damaged"])
def test_a_file_that_is_no_longer_that_runs_is_told(path: Path, change: str) -> None:
    flow = motion_of(path, flow_later=True).flow
    kept = flow[3]
    if change == "damaged":
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("UPDATE motion SET data = x'00'")
    else:
        path.unlink()
    if change == "again":
        write(path)
    words = {"again": "of another run", "gone": "no detections", "damaged": "are damaged"}
    with pytest.raises(HistoryError, match=words[change]):
        flow[CHUNK_FRAMES]
    assert np.array_equal(flow[3], kept)  # what was looked at is still known


def test_what_is_looked_at_again_is_not_read_again_and_the_oldest_goes() -> None:
    asked: list[int] = []

    def read(first: int) -> npt.NDArray[np.float16]:
        asked.append(first)
        return FLOW[first : first + CHUNK_FRAMES]

    flow = StoredFlow(FLOW.shape, read, kept_bytes=2 * FLOW[:CHUNK_FRAMES].nbytes)
    wanted: list[Asked] = [0, 5, 300, 7, slice(0, 2)]
    for frame in [*wanted, np.arange(250, 260)]:
        flow[frame]
    assert asked == [0, 256]
    flow[600]
    flow[300]
    assert asked == [0, 256, 512]
    flow[1]
    assert asked == [0, 256, 512, 0]


def test_reading_what_moved_takes_no_room_for_the_flow(path: Path) -> None:
    most = []
    for flow_later in (False, True):
        motion_of(path, flow_later=flow_later)  # libraries keep something of the first time
        tracemalloc.start()
        try:
            motion_of(path, flow_later=flow_later)
            most.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert most[1] < most[0] - 0.9 * FLOW.nbytes
