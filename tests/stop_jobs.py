"""A finished job for tests of exports: a small numbered clip with a stop, boxes, and sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from clips import make_clip
from fake_values import faces
from fakes import FAKE_DEVICE, FakeVision
from runs import shop_with
from stop_samples import f1_times, stop_of

from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.ports import FaceModelInfo, ModelInfo
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.video.probe import ProbedClip

F1 = next(one for one in built_in_templates() if one.name == "f1")
CAR = (40.0, 60.0, 200.0, 140.0)
CREW = (210.0, 80.0, 240.0, 150.0)


@dataclass(frozen=True, slots=True)
class StopJob:
    """A job, what it was made of, and what answers for it."""

    shop: Workshop
    engine: Engine
    record: JobRecord
    clip: ProbedClip

    @property
    def layout(self) -> JobLayout:
        return layout_of(self.record)


def make_stop_job(
    folder: Path,
    *,
    stop: PitStop | None = None,
    metadata: JobMetadata | None = None,
    spec: JobSpec | None = None,
    face_at: Sequence[float] | None = None,
    **clip: object,
) -> StopJob:
    """Return a complete job of a clip of 6 s; a car stands from 2.0 to 4.6 s.

    Args:
        folder: Where the clip is written.
        stop: Another stop.
        metadata: What is said of the clip.
        spec: How it was analysed.
        face_at: Where a face is found in every frame; None: nobody looked.
        **clip: As for ``make_clip``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sides = {"seconds": 6.0, "audio": True, **clip}
    path = make_clip(folder / "lap.mp4", **sides)  # type: ignore[arg-type]
    probed = probe(path)
    shop = shop_with(FakeVision())
    record = shop.history.add(
        input_path=path,
        input_size_bytes=path.stat().st_size,
        spec=spec or JobSpec(),
        metadata=metadata or JobMetadata(),
        job_root=shop.paths.data,
    )
    model = ModelInfo(path, "ab" * 32, "detect", ("car", "crew"), 640, FAKE_DEVICE)
    finder = None if face_at is None else FaceModelInfo("fake", "cd" * 32, FAKE_DEVICE)
    layout = layout_of(record)
    with DetectionWriter(
        layout.detections, index=probed.index, model=model, faces=finder
    ) as writer:
        count = len(probed.index)
        writer.append([findings(number, probed, face_at) for number in range(count)])
        writer.set_picture(probed.info.width, probed.info.height, probed.info.duration_s)
        writer.set_stops([on_frames(stop or stop_of(f1_times()), probed)], F1, CameraProfile())
    shop.history.claim(record.id)
    shop.history.finish(record.id, JobStatus.COMPLETE, stop_count=1)
    return StopJob(shop, Engine(shop), shop.history.get(record.id), probed)


def findings(
    number: int, clip: ProbedClip, face_at: Sequence[float] | None = None
) -> FrameFindings:
    """Return a car (track 1), a fainter crew (track 2), and perhaps a face."""
    found = Detections(
        np.array([CAR, CREW], np.float32),
        np.array([0.9, 0.4], np.float32),
        np.array([0, 1], np.int16),
        np.array([1, 2], np.int32),
    )
    seen = None if face_at is None else faces([face_at])
    return FrameFindings(number, clip.index.time(number), found, faces=seen)


def on_frames(stop: PitStop, clip: ProbedClip) -> PitStop:
    """Return a stop whose events have their frames of a clip."""
    events = tuple(
        replace(event, frame_number=clip.index.number_at(event.time_s))
        for event in stop.events
        if event.time_s is not None
    )
    return replace(stop, events=events)
