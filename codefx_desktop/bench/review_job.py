"""A finished job as large as a race brings: 100,000 frames, 1,000,000 detections.

Every two minutes it shows a rendered stop as the product sees and hears it; between them nothing
but still objects, for what is drawn and counted is the same there. Each is a scene of its own.
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
from codefx_desktop.domain.scene import Scene
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import DetectionWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.store.history import History

PERIOD: Final = 7_200
"""Frames from the beginning of one stop to that of the next: two minutes at 60 a second."""
_CHUNK: Final = 1_000


def make_job(
    history: History, root: Path, seen: Observations, frames: int, tracks: int = 10
) -> JobRecord:
    """Return a finished job with so many detections, or more, in each of so many frames.

    Args:
        history: Where it is added.
        root: The folder of jobs.
        seen: A stop, as the product sees and hears it.
        frames: How many frames the job has.
        tracks: How many objects there are all the time.
    """
    record = history.add(
        input_path=root / "race.mp4",
        input_size_bytes=1,
        spec=JobSpec(plan=PIT_STOP.plan),
        metadata=JobMetadata(),
        job_root=root,
    )
    rate = Fraction(round((len(seen.times_s) - 1) / float(seen.times_s[-1])))
    ticks = np.arange(frames, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks % 250 == 0, 1 / rate)
    device = DeviceInfo("cpu", "CPU", "made up")
    names = seen.objects.class_names
    model = ModelInfo(Path("made_up.pt"), "0" * 64, "detect", names, 640, device)
    template = next(one for one in built_in_templates() if one.name == "f1")
    with DetectionWriter(layout_of(record).detections, index=index, model=model) as writer:
        writer.set_picture(seen.width, seen.height, float(frames / rate))
        chunk: list[FrameFindings] = []
        for number, found in enumerate(_found(seen, frames, tracks)):
            chunk.append(FrameFindings(number, FrameTime(number, 1 / rate), found))
            if len(chunk) == _CHUNK:
                writer.append(chunk)
                chunk = []
        writer.append(chunk)
        writer.set_scenes(_scenes(len(seen.times_s), frames, rate))
        writer.set_motion(_motion(seen, frames))
        writer.set_sound(_sound(seen, frames, rate))
        writer.set_stops((), template, CameraProfile())
    history.claim(record.id)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=0)
    return history.get(record.id)


def _found(seen: Observations, frames: int, tracks: int) -> Iterator[Detections]:
    """Yield what is seen in each frame: those of the stop while it is shown, and still objects."""
    random = np.random.default_rng(7)
    objects, length = seen.objects, len(seen.times_s)
    edges = np.searchsorted(objects.frame, np.arange(length + 1))
    middle = random.uniform((40, 40), (seen.width - 40, seen.height - 40), (tracks, 2))
    still = np.concatenate([middle - 8, middle + 8], axis=1).astype(np.float32)
    sure = random.uniform(0.3, 0.95, tracks).astype(np.float32)
    kind = np.full(tracks, objects.class_names.index("crew"), np.int16)
    most = int(objects.track_id.max()) + 1
    for number in range(frames):
        period, place = divmod(number, PERIOD)
        first = period * (most + tracks)
        mine = np.arange(tracks, dtype=np.int32) + np.int32(first + most)
        jitter = random.normal(0.0, 0.3, still.shape).astype(np.float32)
        if place >= length:
            yield Detections(still + jitter, sure, kind, mine)
            continue
        rows = slice(int(edges[place]), int(edges[place + 1]))
        count = max(tracks - (rows.stop - rows.start), 0)
        track = objects.track_id[rows]
        track = np.where(track < 0, track, track + np.int32(first)).astype(np.int32)
        yield Detections(
            np.concatenate([objects.xyxy[rows], (still + jitter)[:count]]),
            np.concatenate([objects.confidence[rows], sure[:count]]),
            np.concatenate([objects.class_id[rows], kind[:count]]),
            np.concatenate([track, mine[:count]]),
        )


def _scenes(length: int, frames: int, rate: Fraction) -> tuple[Scene, ...]:
    firsts = sorted({*range(0, frames, PERIOD), *range(length, frames, PERIOD)})
    afters = [*firsts[1:], frames]
    return tuple(
        Scene(number, first, after - 1, float(first / rate), float(after / rate))
        for number, (first, after) in enumerate(zip(firsts, afters, strict=True))
    )


def _motion(seen: Observations, frames: int) -> Motion:
    """Return what moved: each stop as it was, nothing between them."""
    was = seen.motion
    assert was is not None
    flow = np.zeros((frames, *was.flow.shape[1:]), np.float16)
    energy = np.zeros((frames, *was.energy.shape[1:]), np.uint8)
    camera = np.zeros((frames, 4), np.float32)
    for first in range(0, frames, PERIOD):
        count = min(len(was.energy), frames - first)
        flow[first : first + count] = was.flow[:count]
        energy[first : first + count] = was.energy[:count]
        camera[first : first + count] = was.camera[:count]
    return Motion(flow, energy, camera)


def _sound(seen: Observations, frames: int, rate: Fraction) -> Sound | None:
    """Return what is heard: each stop as it was, silence between them."""
    was = seen.sound
    if was is None:
        return None
    starts_s = [float(first / rate) for first in range(0, frames, PERIOD)]
    strength = np.zeros(int(float(frames / rate) * was.rate_hz) + 1, np.float32)
    for start_s in starts_s:
        first = round(start_s * was.rate_hz)
        count = min(len(was.strength), len(strength) - first)
        strength[first : first + count] = was.strength[:count]
    voices = np.tile(was.voices, (len(starts_s), 1))
    later = np.repeat(starts_s, len(was.voices))
    voices[:, :6] += later[:, None]
    bursts = np.tile(was.bursts, (len(starts_s), 1))
    bursts += np.repeat(starts_s, len(was.bursts))[:, None]
    return Sound(was.rate_hz, strength, bursts, voices)
