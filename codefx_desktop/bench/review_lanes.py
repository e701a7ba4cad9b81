"""The timeline of the Review workspace under a large job: how long a picture of it takes.

100,000 frames, 1,000,000 detections of 50 tracks, motion, sound and events; the real widget paints
into a picture while it is zoomed and panned, every row anew each time.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from codefx_desktop.bench.spread import Spread
from codefx_desktop.domain.clip import FrameIndex, VideoInfo
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects, Sound
from codefx_desktop.domain.scene import Scene
from codefx_desktop.domain.stop import PitStop
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.lane_building import build
from codefx_desktop.jobs.lane_desk import LaneDesk
from codefx_desktop.jobs.lane_values import LaneArrays, LaneRequest, Peaks
from codefx_desktop.jobs.viewing import OpenedClip
from codefx_desktop.ui.lanes_panel import LanesPanel
from codefx_desktop.ui.models.clip_view import ClipView, Phase
from codefx_desktop.ui.models.lane_data import LaneData, ZoneTime
from codefx_desktop.ui.models.lane_events import lane_events
from codefx_desktop.ui.models.lane_rows import height_of
from codefx_desktop.ui.models.lanes_model import LanesModel
from codefx_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.footage import FootageCalls
    from codefx_desktop.ui.lanes import Lanes

FRAMES: Final = 100_000
DETECTIONS: Final = 1_000_000
TRACKS: Final = 50
RATE_HZ: Final = 60
PAINTS: Final = 200
WIDTH_PX: Final = 1440
_KINDS: Final = ("loosen_start", "loosen_end", "wheel_off", "wheel_on", "tighten_start")
_CORNERS: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT)


@dataclass(frozen=True, slots=True)
class LanesFigures:
    """What was measured.

    Attributes:
        build_s: From detections and signals to what lanes show; on a worker of the window.
        paint_ms: A picture while zooming and panning, all rows in sight, each painted anew.
        cpu_ms: The same in time of this process alone: what it takes on a machine with nothing
            else to do.
        pictures_per_s: Pictures a second over all of these, by the wall clock.
        playhead_ms: A picture in which only the playhead moved.
        rows: How many rows there were.
    """

    build_s: float
    paint_ms: Spread
    cpu_ms: Spread
    pictures_per_s: float
    playhead_ms: Spread
    rows: int


def measure_lanes(frames: int = FRAMES, detections: int = DETECTIONS) -> LanesFigures:
    """Build lanes of a job so large and paint them 200 times; needs no screen."""
    app = window_app()
    with tempfile.TemporaryDirectory() as folder:
        request = lanes_request(frames, detections)
        began = time.perf_counter()
        arrays = build(request)
        build_s = time.perf_counter() - began
        data = lanes_data(request, arrays)
        bench = _Bench(app, Path(folder), data)
        try:
            return bench.measure(build_s)
        finally:
            bench.close()


def window_app() -> QApplication:
    """Return the application, made without a screen if there is none yet."""
    app = QApplication.instance() or QApplication(["bench", "-platform", "offscreen"])
    assert isinstance(app, QApplication)
    return app


def lanes_data(request: LaneRequest, arrays: LaneArrays) -> LaneData:
    """Return what the timeline shows of such a job."""
    times, ends_s, frames = request.times_s, request.ends_s, len(request.times_s)
    stops = tuple(_stop(number, ends_s) for number in range(1, 13))
    data = LaneData(times, ends_s)
    cuts = np.linspace(0, frames, 41).astype(int).tolist()
    scenes = tuple(
        Scene(n, first, last - 1, first / RATE_HZ, last / RATE_HZ)
        for n, (first, last) in enumerate(itertools.pairwise(cuts))
    )
    loud = np.abs(np.sin(np.arange(round(ends_s * 400)) / 3000) * 120).astype(np.int8)
    return LaneData(
        times,
        ends_s,
        scenes,
        stops,
        lane_events(stops, {}, data.whole(0, 1)),
        zones=tuple(ZoneTime("Box", "crew #1", n * 20.0, n * 20.0 + 7) for n in range(80)),
        arrays=arrays,
        peaks=Peaks(Path("bench.mp4"), 400.0, -loud, loud, is_whole=True),
    )


def lanes_request(frames: int, detections: int) -> LaneRequest:
    """Return detections of 50 tracks, scattered so that hardly two are joined, and signals.

    That is the worst case: tracks that are seen without a break are a few stretches. Seed 7.
    """
    times, ends_s = np.arange(frames) / RATE_HZ, frames / RATE_HZ
    rng = np.random.default_rng(7)
    each = detections // TRACKS
    seen = [np.sort(rng.choice(frames, min(each, frames), replace=False)) for _ in range(TRACKS)]
    frame = np.concatenate(seen).astype(np.int32)
    track = np.repeat(np.arange(TRACKS, dtype=np.int32), [len(one) for one in seen])
    order = np.argsort(frame, kind="stable")
    corner = rng.uniform(0, 900, (len(frame), 2)).astype(np.float32)
    objects = Objects(
        frame[order],
        np.concatenate([corner, corner + 100], axis=1),
        rng.uniform(0.3, 1.0, len(frame)).astype(np.float32),
        (track[order] % 5).astype(np.int16),
        track[order],
        ("car", "crew", "wheel", "wheel_gun", "jack"),
    )
    energy = rng.integers(0, 60, (frames, 9, 16), np.uint8)
    motion = Motion(np.zeros((0, 9, 16, 2), np.float16), energy, np.zeros((frames, 4), np.float32))
    strength = rng.normal(3, 4, round(ends_s * 100)).astype(np.float32)
    return LaneRequest(times, ends_s, objects, motion, Sound(100.0, strength, np.zeros((0, 2))))


def _stop(number: int, ends_s: float) -> PitStop:
    begin = (number - 0.5) * ends_s / 13

    def event(kind: str, place: Place, after_s: float) -> Event:
        at = begin + after_s
        source, status = EventSource.TRACK, EventStatus.PROPOSED
        return Event(kind, place, at, at - 0.05, at + 0.05, None, source, status, 0.8)

    car = [event(kind, Place.NONE, n) for n, kind in enumerate(("arrive", "stop", "go", "depart"))]
    corners = [
        event(kind, place, 1 + 0.15 * n) for place in _CORNERS for n, kind in enumerate(_KINDS)
    ]
    return PitStop(number, "Formula 1", (*car, *corners), begin - 1, begin + 5)


class _Bench:
    def __init__(self, app: QApplication, folder: Path, data: LaneData) -> None:
        self._holder = QWidget()
        self._view = ClipView(FrameServer(_no_footage), self._holder)
        self._desk = LaneDesk(folder, self._holder)
        model = LanesModel(self._view, self._desk, self._holder)
        store = QSettings(str(folder / "bench.ini"), QSettings.Format.IniFormat)
        theme = Theme(app)
        theme.set("dark")
        panel = LanesPanel(model, store, self._holder, theme)
        self._panel = panel
        self.lanes: Lanes = panel.lanes
        ticks = np.arange(len(data.times_s), dtype=np.int64)
        keys = ticks % 250 == 0
        index = FrameIndex(ticks, ticks, keys, Fraction(1, RATE_HZ))
        self._view.clip = OpenedClip(0, _info(data), index)
        self._view.phase = Phase.OPEN
        self._view.phased.emit()
        model.data = data
        model.changed.emit()
        panel.resize(WIDTH_PX, height_of(self.lanes.rows) + 26)
        panel.ensurePolished()
        app.processEvents()

    def measure(self, build_s: float) -> LanesFigures:
        lanes = self.lanes
        lanes.resize(WIDTH_PX - 12, height_of(lanes.rows) + 24)
        image = QImage(lanes.size(), QImage.Format.Format_ARGB32_Premultiplied)
        lanes.render(image)
        moved, cpu, whole = [], [], time.perf_counter()
        for n in range(PAINTS):
            if n % 40 < 20:
                lanes.zoom(1.35 if n % 80 < 40 else 1 / 1.35, WIDTH_PX * 0.6)
            else:
                lanes.pan_px(24 if n % 80 < 40 else -24)
            before = time.process_time()
            moved.append(_timed(lanes, image))
            cpu.append((time.process_time() - before) * 1000)
        spent = time.perf_counter() - whole
        still = []
        for n in range(PAINTS):
            self._view.position = 100 * n
            still.append(_timed(lanes, image))
        return LanesFigures(
            build_s,
            Spread.of(moved),
            Spread.of(cpu),
            PAINTS / spent,
            Spread.of(still),
            len(lanes.rows),
        )

    def close(self) -> None:
        self._desk.shutdown()
        self._view.shutdown()
        self._panel.deleteLater()


def _timed(lanes: Lanes, image: QImage) -> float:
    began = time.perf_counter()
    lanes.render(image)
    return (time.perf_counter() - began) * 1000


def _no_footage(_cancel: CancelSignal) -> FootageCalls:
    raise AssertionError("nothing is opened")


def _info(data: LaneData) -> VideoInfo:
    return VideoInfo(
        Path("bench.mp4"),
        0,
        "mov",
        "h264",
        "yuv420p",
        1920,
        1080,
        1920,
        1080,
        len(data.times_s),
        data.ends_s,
    )
