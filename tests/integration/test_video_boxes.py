"""A job's boxes are those of a decoder and a detector that know nothing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import models
import numpy as np
import pytest
import runs

from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.domain.ports import DetectorRequest
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import program_dir
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections

DEMO = program_dir() / "resources" / "demo_clip.mp4"
MODEL = program_dir() / "resources" / "demo_model.pt"
PICTURES = range(72, 84)
"""The car comes in and stops, the crew closes in."""


def piece(path: Path, rotation: int) -> Path:
    """Write a piece of the demo clip, stored turned, to be shown upright."""
    with av.open(str(DEMO)) as source, av.open(str(path), "w") as out:
        track = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "crf": "20"})
        assert isinstance(track, av.VideoStream)
        size = source.streams.video[0].width, source.streams.video[0].height
        track.width, track.height = size[::-1] if rotation % 180 else size
        track.pix_fmt = "yuv420p"
        track.codec_context.colorspace, track.codec_context.color_range = 1, 1  # BT.709, limited
        track.set_display_rotation(-rotation)
        for number, picture in enumerate(source.decode(video=0)):
            if number in PICTURES:
                stored = np.rot90(picture.to_ndarray(format="rgb24"), k=rotation // 90)
                turned = av.VideoFrame.from_ndarray(np.ascontiguousarray(stored), "rgb24")
                out.mux(track.encode(turned.reformat(format="yuv420p", dst_colorspace="ITU709")))
        out.mux(track.encode(None))
    return path


def decoded(path: Path, rotation: int) -> list[np.ndarray]:
    """Decode a clip with PyAV's own means."""
    with av.open(str(path)) as container:
        pictures = [p.to_ndarray(format="rgb24") for p in container.decode(video=0)]
    return [np.ascontiguousarray(np.rot90(p, k=-(rotation // 90))) for p in pictures]


def boxes(found: Detections) -> np.ndarray:
    """Return float32 (N, 6): xyxy, confidence, class; the surest first."""
    rows = np.column_stack([found.xyxy, found.confidence, found.class_id])
    return rows[np.lexsort((rows[:, 0], -rows[:, 4].round(3)))]


@pytest.mark.skipif(not MODEL.exists(), reason="there is no demo model yet")
@pytest.mark.parametrize("rotation", [0, 90])
def test_a_jobs_boxes_are_those_of_pictures_decoded_by_themselves(
    tmp_path: Path, rotation: int
) -> None:
    clip = piece(tmp_path / "piece.mp4", rotation)
    pictures = decoded(clip, rotation)
    with FrameReader(probe(clip)) as reader:
        assert all(
            np.array_equal(frame.pixels, picture)
            for frame, picture in zip(reader, pictures, strict=True)
        )
    vision = Vision(models.folders(tmp_path))
    spec = JobSpec(weights=MODEL)  # as in ``run_clip``
    request = DetectorRequest(MODEL, spec.iou, spec.image_size_px, spec.device)
    with vision.detector(request) as detector:
        alone = [
            boxes(*detector.detect([models.frame(picture, number)]))
            for number, picture in enumerate(pictures)
        ]
    assert sum(map(len, alone)) > 10 * len(pictures)

    finished, _, _, record = runs.run_clip(clip, MODEL, vision)
    assert finished.status is JobStatus.COMPLETE
    with DetectionReader(layout_of(record).detections) as stored:
        job = [boxes(frame.detections) for frame in stored.frames()]
    for found, expected in zip(job, alone, strict=True):
        assert len(found) == len(expected)
        assert np.array_equal(found[:, 5], expected[:, 5])
        assert np.abs(found[:, :4] - expected[:, :4]).max(initial=0) < 0.1
        assert np.abs(found[:, 4] - expected[:, 4]).max(initial=0) < 0.002
