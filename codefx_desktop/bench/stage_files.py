"""The artifacts' part of a job, alone: every frame's pictures, JSON and TOON, and the last look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop import __version__
from codefx_desktop.artifacts.files import settle, write_frame, write_picture
from codefx_desktop.artifacts.frame_artifact import FrameArtifact
from codefx_desktop.artifacts.layout import FrameKind, JobLayout
from codefx_desktop.artifacts.paint import Painter
from codefx_desktop.artifacts.paint_found import paint_faces, paint_segments
from codefx_desktop.artifacts.promise import Promise, check_promise
from codefx_desktop.artifacts.provenance import ModelTask, ModelUsed, Provenance
from codefx_desktop.bench.spent import Spent, spending
from codefx_desktop.bench.stage_bench import CONFIDENCE, IOU, SIZE_PX, Bench
from codefx_desktop.domain.scene import SceneSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.ports import ModelInfo

FACE_CONFIDENCE = 0.9


def write_artifacts(bench: Bench, findings: Sequence[FrameFindings]) -> tuple[int, Spent]:
    """Write all files of every frame, and check them; return the frames and what it took.

    Raises:
        OutputError: If they cannot be written.
    """
    kinds = _kinds(findings[0])
    layout = JobLayout(bench.folder, f"artifacts-{len(kinds)}")
    promise = Promise(tuple(found.number for found in findings), kinds, summary=False)
    provenance, frames, overlays = _provenance(bench), bench.frames(), bench.left("overlays")
    painter = Painter(bench.clip.info.width, bench.clip.info.height)
    with spending() as spent:
        for frame, found, overlay in zip(frames, findings, overlays, strict=True):
            drawn = painter.paint(frame.pixels, overlay)
            for kind, pixels in _pictures(frame.pixels, drawn, found).items():
                write_picture(layout, kind, frame.number, pixels)
            write_frame(layout, frame.number, _artifact(provenance, found).content())
        settle(promise.paths(layout))
        broken = list(check_promise(layout, promise))
    if broken:
        raise AssertionError(str(broken[0]))
    return len(findings), spent


def write_texts(bench: Bench, findings: Sequence[FrameFindings]) -> tuple[int, Spent]:
    """Write JSON and TOON of every frame; return the frames and what it took.

    Raises:
        OutputError: If they cannot be written.
    """
    layout, provenance = JobLayout(bench.folder, "texts"), _provenance(bench)
    with spending() as spent:
        for found in findings:
            write_frame(layout, found.number, _artifact(provenance, found).content())
    return len(findings), spent


def _kinds(found: FrameFindings) -> frozenset[FrameKind]:
    kinds = {FrameKind.ORIGINAL, FrameKind.DETECTED}
    if found.segments is not None:
        kinds.add(FrameKind.SEGMENTED)
    if found.faces is not None:
        kinds.add(FrameKind.FACE)
    return frozenset(kinds)


def _pictures(pixels: Pixels, drawn: Pixels, found: FrameFindings) -> dict[FrameKind, Pixels]:
    pictures = {FrameKind.ORIGINAL: pixels, FrameKind.DETECTED: drawn}
    if found.segments is not None:
        pictures[FrameKind.SEGMENTED] = paint_segments(pixels, found.segments)
    if found.faces is not None:
        pictures[FrameKind.FACE] = paint_faces(pixels, found.faces)
    return pictures


def _artifact(provenance: Provenance, found: FrameFindings) -> FrameArtifact:
    shown = None if found.detections is None else found.detections.at_least(CONFIDENCE)
    return FrameArtifact(
        provenance,
        found.number,
        found.time,
        scene=0,
        pictures=_kinds(found),
        detections=shown,
        segments=found.segments,
        faces=found.faces,
    )


def _provenance(bench: Bench) -> Provenance:
    detector, segmenter, faces = (bench.left(name) for name in ("detector", "segmenter", "faces"))
    return Provenance(
        job_id="0198f0c2a7b94c1d",
        app_version=__version__,
        device=detector.device.name,
        clip_name=bench.clip.info.path.name,
        fingerprint="v1:" + "e" * 64,
        width=bench.clip.info.width,
        height=bench.clip.info.height,
        models=(
            _used(ModelTask.DETECT, detector),
            _used(ModelTask.SEGMENT, segmenter),
            ModelUsed(ModelTask.FACE, faces.name, faces.sha256, FACE_CONFIDENCE),
        ),
        scenes=SceneSettings(),
    )


def _used(task: ModelTask, info: ModelInfo) -> ModelUsed:
    return ModelUsed(task, info.path.name, info.sha256, CONFIDENCE, IOU, SIZE_PX, info.class_names)
