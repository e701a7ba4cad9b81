"""A finished job as large as a race brings: 100,000 frames of 1080p60, 1,000,000 detections.

Nothing was filmed: a car comes to rest for three seconds every two minutes, four wheels and a crew
of four about it. The numbers are those that such footage brings, and are looked at as any others.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import FrameIndex, FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.observations import Motion, Sound
from codefx_desktop.domain.plan import PIT_STOP
from codefx_desktop.domain.ports import DeviceInfo, ModelInfo
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import DetectionWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.store.history import History

RATE_HZ: Final = 60
SIZE: Final = (1920, 1080)
CLASSES: Final = ("car", "wheel", "crew", "wheel_gun", "jack")
PERIOD: Final = 7_200
COMES, STANDS, GONE = 600, 780, 1_200
"""Frames of a period at which the car stands, goes, is gone."""
_WHEELS: Final = ((-260, 60), (-260, -60), (260, 60), (260, -60))
_CREW: Final = ((-300, 110), (-300, -110), (300, 110), (300, -110))
_ABOUT: Final = np.array((*_WHEELS, *_CREW), np.float32)
"""Four wheels and four crew about the car's middle."""
_CHUNK: Final = 1_000


def make_job(history: History, root: Path, frames: int, tracks: int = 10) -> JobRecord:
    """Return a finished job with so many detections in each of so many frames.

    Args:
        history: Where it is added.
        root: The folder of jobs.
        frames: How many.
        tracks: Detections in each frame, each of a track of its own; 10 or more.
    """
    record = history.add(
        input_path=root / "race.mp4",
        input_size_bytes=1,
        spec=JobSpec(plan=PIT_STOP.plan),
        metadata=JobMetadata(),
        job_root=root,
    )
    ticks = np.arange(frames, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks % 250 == 0, Fraction(1, RATE_HZ))
    device = DeviceInfo("cpu", "CPU", "made up")
    model = ModelInfo(Path("made_up.pt"), "0" * 64, "detect", CLASSES, 640, device)
    template = next(one for one in built_in_templates() if one.name == "f1")
    with DetectionWriter(layout_of(record).detections, index=index, model=model) as writer:
        writer.set_picture(*SIZE, frames / RATE_HZ)
        chunk: list[FrameFindings] = []
        for number, found in enumerate(_found(frames, tracks)):
            chunk.append(FrameFindings(number, FrameTime(number, index.time_base), found))
            if len(chunk) == _CHUNK:
                writer.append(chunk)
                chunk = []
        writer.append(chunk)
        writer.set_motion(_motion(frames))
        writer.set_sound(_sound(frames))
        writer.set_stops((), template, CameraProfile())
    history.claim(record.id)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=0)
    return history.get(record.id)


def _found(frames: int, tracks: int) -> Iterator[Detections]:
    """Yield what is seen in each frame: a car, its wheels and crew while it is there."""
    there = np.array([0, 1, 1, 1, 1, 2, 2, 2, 2, 3, *[2] * (tracks - 10)], np.int16)
    alone = np.full(tracks, 2, np.int16)
    random = np.random.default_rng(7)
    confidence = random.uniform(0.3, 0.95, tracks).astype(np.float32)
    confidence[:5] = 0.9
    still = random.uniform((100, 20), (1800, 1060), (tracks, 2)).astype(np.float32)
    half = np.full((tracks, 2), 12, np.float32)
    of_car = half.copy()
    of_car[0], of_car[1:9] = (360, 140), 40
    ids = np.arange(1, tracks + 1, dtype=np.int32)
    for number in range(frames):
        period, place = divmod(number, PERIOD)
        is_there = place < GONE
        centre, size = still.copy(), half
        if is_there:
            centre[0] = (_car_x(place), 540.0)
            centre[1:9], size = centre[0] + _ABOUT, of_car
        # Nobody stands as still as a stored box.
        centre += random.normal(0.0, 0.3, centre.shape).astype(np.float32)
        xyxy = np.concatenate([centre - size, centre + size], axis=1)
        track = ids + np.int32(tracks * (2 * period + (not is_there)))
        yield Detections(xyxy, confidence, there if is_there else alone, track)


def _car_x(place: int) -> float:
    """Return where the middle of the car is at a frame: it brakes, stands, pulls off."""
    if place < COMES:
        return 960.0 - 1_600.0 * ((COMES - place) / COMES) ** 2
    if place < STANDS:
        return 960.0
    return 960.0 + 2_000.0 * (min(place - STANDS, GONE - STANDS) / (GONE - STANDS)) ** 2


def _motion(frames: int) -> Motion:
    """Return what moved: the car, where it is; all else stands still."""
    rows, columns = 18, 32
    flow = np.zeros((frames, rows, columns, 2), np.float16)
    energy = np.zeros((frames, rows, columns), np.uint8)
    camera: npt.NDArray[np.float32] = np.zeros((frames, 4), np.float32)
    cell = SIZE[0] / columns
    for number in range(frames):
        place = number % PERIOD
        if not 0 < place < GONE:
            continue
        x, step = _car_x(place), _car_x(place) - _car_x(place - 1)
        left, right = (int(np.clip(one // cell, 0, columns)) for one in (x - 360, x + 360))
        flow[number, 6:12, left:right, 0] = step
        energy[number, 6:12, left:right] = min(40, int(abs(step) * 8))
    return Motion(flow, energy, camera)


def _sound(frames: int) -> Sound:
    strength = np.zeros(frames * 500 // (3 * RATE_HZ) + 1, np.float32)
    return Sound(500 / 3, strength, np.zeros((0, 2)))
