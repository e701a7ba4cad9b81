"""Waveforms: read from a clip's sound once, told as they grow, kept, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip
from fake_footage import InlinePool
from PySide6.QtCore import QCoreApplication

from codefx_desktop.domain.errors import ClipError
from codefx_desktop.domain.observations import Objects
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs import peaks as peaks_module
from codefx_desktop.jobs.lane_desk import LaneDesk
from codefx_desktop.jobs.lane_values import LaneArrays, LaneRequest, Peaks, silent
from codefx_desktop.jobs.peaks import PEAK_HZ, peaks_of, read_peaks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal


class Never:
    def is_set(self) -> bool:
        return False


class Always:
    def is_set(self) -> bool:
        return True


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds: silent, but loud from 1.0 to 1.5 s."""
    sound = np.zeros(88_200, np.float32)
    at = np.arange(22_050) / 44_100
    sound[44_100:66_150] = 0.5 * np.sin(2 * np.pi * 440 * at)
    path = tmp_path / "loud.mp4"
    make_clip(path, rate=25, sound=sound)
    return path


def test_peaks_lie_where_the_sound_is(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peaks_module, "BLOCK_S", 0.7)
    told: list[Peaks] = []
    read_peaks(clip, 2.0, tmp_path / "kept", told.append, Never())
    assert [len(one.high) for one in told] == [280, 560, 800]
    assert [one.is_whole for one in told] == [False, False, True]
    loud = np.flatnonzero(told[-1].high > 32) / PEAK_HZ
    assert loud.min() == pytest.approx(1.0, abs=0.03)
    assert loud.max() == pytest.approx(1.5, abs=0.03)
    inside = told[-1].high[round(1.1 * PEAK_HZ) : round(1.4 * PEAK_HZ)]
    assert inside.mean() == pytest.approx(64, abs=8)


def test_peaks_are_read_once(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Peaks] = []
    read_peaks(clip, 2.0, tmp_path / "kept", told.append, Never())
    monkeypatch.setattr(peaks_module, "read_samples", lambda *_a, **_k: pytest.fail("read again"))
    read_peaks(clip, 2.0, tmp_path / "kept", told.append, Never())
    assert np.array_equal(told[-1].high, told[0].high)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(b"half")
    with pytest.raises(pytest.fail.Exception):
        read_peaks(clip, 2.0, tmp_path / "kept", told.append, Never())


def test_nobody_waits_for_what_nobody_wants(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        read_peaks(clip, 2.0, tmp_path / "kept", lambda _: pytest.fail("told"), Always())
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    told: list[Peaks] = []
    read_peaks(clip, 2.0, tmp_path / "kept", told.append, Never())
    assert told[-1].is_whole


def test_extremes_of_each_part_are_kept() -> None:
    samples = np.zeros(80, np.float32)
    samples[3], samples[45], samples[46] = 0.5, -1.5, 1.5
    both = peaks_of(samples, 2)
    assert both.tolist() == [[0, -127], [64, 127]]
    assert peaks_of(samples[:10], 2)[1].tolist() == [64, 0]


def pump(qapp: object) -> None:
    del qapp
    QCoreApplication.processEvents()


def test_the_desk_tells_only_what_is_still_wanted(qapp: object, tmp_path: Path) -> None:
    tells: list[Callable[[Peaks], None]] = []
    unwanted: list[CancelSignal] = []

    def read(
        path: Path, _s: float, _f: Path, tell: Callable[[Peaks], None], cancel: CancelSignal
    ) -> None:
        tells.append(tell)
        unwanted.append(cancel)
        tell(silent(path, "first"))

    pools: list[InlinePool] = []

    def new_pool(workers: int) -> InlinePool:
        pools.append(InlinePool(workers))
        return pools[-1]

    desk = LaneDesk(tmp_path, new_pool=new_pool, read_peaks=read)
    heard: list[Peaks] = []
    built: list[LaneArrays] = []
    desk.heard.connect(heard.append)
    desk.built.connect(built.append)
    a, b = tmp_path / "a", tmp_path / "b"
    desk.listen(a, 1.0)
    desk.listen(b, 1.0)
    tells[0](silent(a, "late"))
    pump(qapp)
    assert [(one.path, one.why) for one in heard] == [(a, "first"), (b, "first")]
    assert [one.is_set() for one in unwanted] == [True, False]
    request = LaneRequest(np.arange(3) / 10, 0.3, Objects.none())
    for pool in pools:
        pool.holds = True
    desk.build(request)
    desk.build(request)
    for pool in pools:
        pool.release()
    pump(qapp)
    assert len(built) == 1
    desk.clear()
    assert unwanted[1].is_set()
    desk.shutdown()
    desk.listen(a, 1.0)
    pump(qapp)
    assert len(heard) == 2


def test_the_desk_works_beside_the_main_thread(qtbot: QtBot, clip: Path, tmp_path: Path) -> None:
    desk = LaneDesk(tmp_path / "kept")
    heard: list[Peaks] = []
    built: list[LaneArrays] = []
    desk.heard.connect(heard.append)
    desk.built.connect(built.append)
    desk.listen(clip, 2.0)
    desk.build(LaneRequest(np.arange(3) / 10, 0.3, Objects.none()))
    assert not heard  # nothing is waited for
    assert not built
    qtbot.waitUntil(lambda: bool(built) and bool(heard) and heard[-1].is_whole)
    assert len(heard[-1].high) == 2 * PEAK_HZ
    desk.shutdown()


def test_the_desk_says_why_there_is_no_waveform(qapp: object, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise ClipError("The sound of a.mp4 cannot be decoded.", hint="Use another clip.")

    desk = LaneDesk(tmp_path, new_pool=lambda _n: InlinePool(), read_peaks=broken)
    heard: list[Peaks] = []
    desk.heard.connect(heard.append)
    desk.listen(tmp_path / "a", 1.0)
    pump(qapp)
    assert "cannot be decoded" in heard[0].why
    assert not heard[0].is_whole
    desk.shutdown()
