"""How fast artifacts are written and how large they are, on rendered stops with exact outlines.

Frames of one stop, as a job that detects and as one that segments, too, would describe them: their
boxes with tracks, and all outlines. A file counts when it is made from arrays, written and in its
place. By processor time, a busy machine does not matter. Run: ``codefx bench artifacts``.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.artifacts.files import write_frame, write_whole
from codefx_desktop.artifacts.formats import encode, encode_toon
from codefx_desktop.artifacts.frame_artifact import FrameArtifact
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.artifacts.promise import Promise, check_frame
from codefx_desktop.artifacts.provenance import ModelTask, ModelUsed, Provenance
from codefx_desktop.bench.spent import spending
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import Segments
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.synthetic.dataset import frames_of
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.synthetic.outline import Outlines

SEED: Final = 31
EVERY: Final = 15
TIME_BASE: Final = Fraction(1, 12_800)
TICKS: Final = 512
"""Between two frames: 25 per second."""
GOAL_FILES_PER_S: Final = 1000
GOAL_RATIO: Final = 0.6
_PICTURES: Final = frozenset({FrameKind.ORIGINAL, FrameKind.DETECTED})
_JOB: Final = "bench"


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of frames.

    Attributes:
        objects: Boxes per frame, on average.
        corners: Corners of outlines per frame, on average.
        json_bytes: Mean size of a compact JSON file.
        toon_bytes: Mean size of a TOON file.
        ratio: TOON bytes for each JSON byte.
        toon_files_per_s: TOON files made from arrays and written.
        toon_files_per_cpu_s: The same for a second of processor time.
        pairs_per_s: JSON and TOON files made from arrays and written, counted together as one.
        pairs_per_cpu_s: The same for a second of processor time.
        checked_per_s: Such pairs read back and compared.
    """

    objects: float
    corners: float
    json_bytes: float
    toon_bytes: float
    ratio: float
    toon_files_per_s: float
    toon_files_per_cpu_s: float
    pairs_per_s: float
    pairs_per_cpu_s: float
    checked_per_s: float


@dataclass(frozen=True, slots=True)
class ArtifactReport:
    """Frames without outlines, and the same frames with them."""

    frames: int
    rounds: int
    boxes: KindFigures
    outlines: KindFigures

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the report for a person."""
        return [
            f"{self.frames} rendered frames, {self.rounds} rounds",
            *_lines("boxes", self.boxes),
            f"  goals          at least {GOAL_FILES_PER_S} TOON files/s, "
            f"at most {GOAL_RATIO:.0%} of the JSON bytes",
            *_lines("boxes and outlines", self.outlines),
        ]


def measure_artifacts(
    *, frames: int = 12, rounds: int = 50, tell: Callable[[str], None] = lambda _: None
) -> ArtifactReport:
    """Render frames of a stop and measure.

    Args:
        frames: Pictures of the stop.
        rounds: How often each is written.
        tell: Told what is going on.

    Raises:
        CodefxError: If the files cannot be written.
    """
    tell("rendering")
    found = rendered(frames)
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as folder:
        layout = JobLayout(Path(folder), _JOB)
        tell("measuring")
        boxes, outlines = (
            _measure(layout, [_artifact(*one, outlines=kind) for one in found], rounds)
            for kind in (False, True)
        )
    return ArtifactReport(len(found), rounds, boxes, outlines)


def rendered(frames: int) -> list[tuple[int, FrameTime, Outlines]]:
    """Return number, time and outlines of pictures of one stop, as if one in 15 were taken."""
    return [
        (place * EVERY, FrameTime(place * EVERY * TICKS, TIME_BASE, place * EVERY * TICKS), seen)
        for place, (_, seen) in enumerate(frames_of(SEED, frames), 1)
    ]


def _artifact(number: int, at: FrameTime, seen: Outlines, *, outlines: bool) -> FrameArtifact:
    confidence = np.random.default_rng(number).uniform(0.5, 1.0, len(seen)).astype(np.float32)
    found = Detections(seen.xyxy, confidence, seen.class_id, seen.number)
    masks = Segments(seen.xyxy, confidence, seen.class_id, seen.polygons)
    return FrameArtifact(
        _provenance(segmented=outlines),
        number,
        at,
        scene=0,
        pictures=_PICTURES | ({FrameKind.SEGMENTED} if outlines else set()),
        detections=found,
        segments=masks if outlines else None,
    )


def _provenance(*, segmented: bool) -> Provenance:
    tasks = [ModelTask.DETECT, *([ModelTask.SEGMENT] if segmented else [])]
    models = tuple(
        ModelUsed(task, f"pit_{task}.pt", f"{number:x}" * 64, 0.5, 0.5, 640, CLASSES)
        for number, task in enumerate(tasks, 10)
    )
    return Provenance(
        job_id="0198f0c2a7b94c1d",
        app_version="0.1.0",
        device="cpu",
        clip_name="demo_clip.mp4",
        fingerprint="v1:" + "e" * 64,
        width=1280,
        height=720,
        models=models,
        scenes=SceneSettings(),
    )


def _measure(layout: JobLayout, artifacts: Sequence[FrameArtifact], rounds: int) -> KindFigures:
    files = [encode(artifact.content()) for artifact in artifacts]
    json_bytes = float(np.mean([len(each.json) for each in files]))
    toon_bytes = float(np.mean([len(each.toon) for each in files]))
    promise = Promise(tuple(artifact.number for artifact in artifacts), artifacts[0].pictures)

    def toon(artifact: FrameArtifact) -> None:
        path = layout.analysis(AnalysisFormat.TOON, artifact.number)
        write_whole(path, encode_toon(artifact.content()))

    def pair(artifact: FrameArtifact) -> None:
        write_frame(layout, artifact.number, artifact.content())

    def check(artifact: FrameArtifact) -> None:
        faults = check_frame(layout, promise, artifact.number)
        if any("frames/" not in fault.name for fault in faults):  # pictures were never written
            raise AssertionError(str(faults[0]))

    toon_rate, toon_cpu_rate = _rate(toon, artifacts, rounds)
    pair_rate, pair_cpu_rate = _rate(pair, artifacts, rounds)
    return KindFigures(
        objects=round(_mean(artifacts, "detections"), 1),
        corners=round(float(np.mean([_corners(artifact) for artifact in artifacts])), 1),
        json_bytes=round(json_bytes),
        toon_bytes=round(toon_bytes),
        ratio=round(toon_bytes / json_bytes, 3),
        toon_files_per_s=toon_rate,
        toon_files_per_cpu_s=toon_cpu_rate,
        pairs_per_s=pair_rate,
        pairs_per_cpu_s=pair_cpu_rate,
        checked_per_s=_rate(check, artifacts, max(1, rounds // 4))[0],
    )


def _mean(artifacts: Sequence[FrameArtifact], name: str) -> float:
    return float(np.mean([len(getattr(artifact, name)) for artifact in artifacts]))


def _corners(artifact: FrameArtifact) -> int:
    found = artifact.segments
    return 0 if found is None else sum(len(part) for parts in found.polygons for part in parts)


def _rate(
    work: Callable[[FrameArtifact], None], artifacts: Sequence[FrameArtifact], rounds: int
) -> tuple[float, float]:
    """Return calls per second on the clock and of processor time.

    A first round makes folders and is not counted.
    """
    for artifact in artifacts:
        work(artifact)
    with spending() as spent:
        for _ in range(rounds):
            for artifact in artifacts:
                work(artifact)
    calls = rounds * len(artifacts)
    return round(calls / spent.wall_s), round(calls / spent.cpu_s)


def _lines(name: str, figures: KindFigures) -> list[str]:
    return [
        f"{name}: {figures.objects:.0f} objects, {figures.corners:.0f} corners per frame",
        f"  TOON           {figures.toon_files_per_s:.0f} files/s made and written, "
        f"{figures.toon_files_per_cpu_s:.0f} by processor time",
        f"  JSON and TOON  {figures.pairs_per_s:.0f} pairs/s made and written, "
        f"{figures.pairs_per_cpu_s:.0f} by processor time, "
        f"{figures.checked_per_s:.0f} pairs/s read back and compared",
        f"  size           JSON {figures.json_bytes:.0f}, TOON {figures.toon_bytes:.0f} bytes, "
        f"ratio {figures.ratio:.1%}",
    ]
