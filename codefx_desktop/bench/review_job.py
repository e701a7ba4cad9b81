"""A finished job as large as a race brings: 100,000 frames, 1,000,000 detections.

Every two minutes it shows a rendered stop as the product sees and hears it; between them nothing
but still objects, for what is drawn and counted is the same there. Each is a scene of its own.
Its clip is as long: 250 pictures with their numbers, again and again, none encoded twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.bench.numbered import write_numbered
from codefx_desktop.bench.stop_set import StopSet
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.observations import Motion, Sound
from codefx_desktop.domain.plan import PIT_STOP
from codefx_desktop.domain.ports import DeviceInfo, ModelInfo
from codefx_desktop.domain.scene import Scene
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import DetectionReader, DetectionWriter
from codefx_desktop.store.stop_file import replace_stops
from codefx_desktop.synthetic.clip import Footage
from codefx_desktop.video.clip_file import save_clip
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import probe
from codefx_desktop.video.repeating import repeat_clip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.store.history import History
    from codefx_desktop.video.probe import ProbedClip

RATE: Final = Fraction(60)
SIZE: Final = (1920, 1080)
DISTANCE: Final = 250
"""From keyframe to keyframe."""
PERIOD: Final = 7_200
"""Frames from the beginning of one stop to that of the next: two minutes."""
STOP_SEED: Final = 800_950
"""Of the rendered stop that jobs show again and again."""
_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many objects are seen at a time.

    Attributes:
        at_stops: In each frame of a stop, at least.
        between: In each other frame.
    """

    at_stops: int
    between: int


CROWD: Final = Crowd(50, 7)
"""Fifty boxes to draw wherever there is something to see, ten in a frame on average."""


def rendered_stop() -> Observations:
    """Return a stop at 60 pictures a second, as the product sees it, on pictures of 1080 lines.

    It is rendered and looked at once, at 720 lines, which takes minutes, and kept.

    Raises:
        CodefxError: If it cannot be made or kept.
    """
    with StopSet(footage=Footage(rate=RATE, variable=False, shots=1)) as stops:
        seen = stops.load(STOP_SEED).observations
    factor = SIZE[0] / seen.width
    motion, objects = seen.motion, seen.objects
    if motion is not None:
        camera = motion.camera * np.array((factor, factor, 1, 1), np.float32)
        flow = (motion.flow[:].astype(np.float32) * factor).astype(np.float16)
        motion = replace(motion, flow=flow, camera=camera)
    objects = replace(objects, xyxy=objects.xyxy * np.float32(factor))
    return replace(seen, width=SIZE[0], height=SIZE[1], motion=motion, objects=objects)


def long_clip(folder: Path, frames: int, size: tuple[int, int] = SIZE) -> ProbedClip:
    """Write a clip of numbered pictures, a keyframe every 250; numbers begin anew at each.

    Args:
        folder: Where to.
        frames: How many pictures, a multiple of 250.
        size: Width and height in pixels.

    Raises:
        CodefxError: If it cannot be written or read.
        ValueError: If the number of pictures is none of these.
    """
    if frames % DISTANCE or frames <= 0:
        raise ValueError(f"{frames} is no multiple of {DISTANCE}")
    one = folder / f"numbered_{size[1]}.mp4"
    if not one.is_file():
        write_numbered(one, size=size, frames=DISTANCE, rate=int(RATE), keyframe_distance=DISTANCE)
    path = repeat_clip(one, folder / f"race_{frames}.mp4", frames // DISTANCE)
    clip = probe(path)
    return replace(clip, info=replace(clip.info, fingerprint=fingerprint(path)))


def make_job(
    history: History,
    root: Path,
    seen: Observations,
    clip: ProbedClip,
    crowd: Crowd = CROWD,
) -> JobRecord:
    """Return a finished job of a clip, with detections in each of its frames.

    Args:
        history: Where it is added.
        root: The folder of jobs.
        seen: A stop, as the product sees and hears it; of the clip's size and rate.
        clip: The clip, with its fingerprint.
        crowd: How many objects there are.
    """
    record = history.add(
        input_path=clip.info.path,
        input_size_bytes=clip.info.size_bytes,
        spec=JobSpec(plan=PIT_STOP.plan),
        metadata=JobMetadata(),
        job_root=root,
    )
    rate, frames, index = RATE, len(clip.index), clip.index
    save_clip(layout_of(record).clip_index, clip)
    device = DeviceInfo("cpu", "CPU", "made up")
    names = seen.objects.class_names
    model = ModelInfo(Path("made_up.pt"), "0" * 64, "detect", names, 640, device)
    template = next(one for one in built_in_templates() if one.name == "f1")
    with DetectionWriter(layout_of(record).detections, index=index, model=model) as writer:
        writer.set_picture(seen.width, seen.height, float(frames / rate))
        chunk: list[FrameFindings] = []
        for number, found in enumerate(_found(seen, frames, crowd)):
            time = FrameTime(int(index.ticks[number]), index.time_base)
            chunk.append(FrameFindings(number, time, found))
            if len(chunk) == _CHUNK:
                writer.append(chunk)
                chunk = []
        writer.append(chunk)
        writer.set_scenes(_scenes(len(seen.times_s), frames, rate))
        writer.set_motion(_motion(seen, frames))
        writer.set_sound(_sound(seen, frames, rate))
        writer.set_stops((), template, CameraProfile())
    stops = _find_stops(layout_of(record).detections)
    history.claim(record.id)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=stops)
    return history.get(record.id)


def _find_stops(path: Path) -> int:
    """Have a job's file tell its stops, as a job that ran does; return how many there are."""
    with DetectionReader(path) as reader:
        seen, basis = reader.observations(), reader.stop_basis()
    assert basis is not None
    stops = find_stops(seen, basis.template, basis.camera)
    replace_stops(path, stops, basis)
    return len(stops)


def _found(seen: Observations, frames: int, crowd: Crowd) -> Iterator[Detections]:
    """Yield what is seen in each frame: those of the stop while it is shown, and still objects."""
    random, tracks = np.random.default_rng(7), crowd.at_stops
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
            few = slice(crowd.between)
            yield Detections((still + jitter)[few], sure[few], kind[few], mine[few])
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
