"""One stage of a job, alone; started by ``bench.stages`` in a process of its own.

Pictures are in memory before the clock starts, and what a stage gets from those before it is read
from where they left it. Nothing else runs in the process: its processor time, of all threads, is
the stage's.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.analysis.scenes import SceneFinder
from codefx_desktop.artifacts.paint import Painter
from codefx_desktop.bench.spent import Spent, spending
from codefx_desktop.bench.stage_bench import CONFIDENCE, IOU, SIZE_PX, Bench
from codefx_desktop.bench.stage_files import write_artifacts, write_texts
from codefx_desktop.bootstrap import new_vision
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.overlay import Overlays
from codefx_desktop.domain.ports import DetectorRequest, FaceRequest, SegmenterRequest
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.settings.paths import app_paths, resource
from codefx_desktop.settings.weights import DEMO_MODEL
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.frame import Frame

ONE_THREAD: Final = 1 << 10
"""More models at once than there are cores: threads that wait for each other take more of them."""
CHUNK: Final = 25
"""Frames that are stored at once: a second of the clip."""


def _decode(bench: Bench) -> tuple[int, Spent]:
    with spending() as spent, FrameReader(bench.clip) as reader:
        count = sum(1 for _ in reader)
    return count, spent


def _scenes(bench: Bench) -> tuple[int, Spent]:
    frames = bench.frames()
    finder = SceneFinder(SceneSettings())
    with spending() as spent:
        for frame in frames:
            finder.update(frame)
        scenes = finder.finish()
    bench.leave("scenes", scenes)
    return len(frames), spent


def _detect(bench: Bench) -> tuple[int, Spent]:
    request = DetectorRequest(resource(DEMO_MODEL), IOU, SIZE_PX, "auto", at_once=ONE_THREAD)
    with new_vision(app_paths()).detector(request) as model:
        bench.leave("detector", model.info)
        return _batched(bench, "detections", model.detect, model.batch_size)


def _segment(bench: Bench) -> tuple[int, Spent]:
    request = SegmenterRequest(bench.segmenter, IOU, SIZE_PX, "auto", at_once=ONE_THREAD)
    with new_vision(app_paths()).segmenter(request) as model:
        bench.leave("segmenter", model.info)
        return _batched(bench, "segments", model.segment, model.batch_size)


def _faces(bench: Bench) -> tuple[int, Spent]:
    with new_vision(app_paths()).face_finder(FaceRequest("auto", at_once=ONE_THREAD)) as model:
        bench.leave("faces", model.info)
        return _batched(bench, "faces_found", model.find, model.batch_size)


def _batched(
    bench: Bench, name: str, look: Callable[[Sequence[Frame]], list[Any]], size: int
) -> tuple[int, Spent]:
    frames = bench.frames()
    batches = [frames[start : start + size] for start in range(0, len(frames), size)]
    look(batches[0])  # the first picture of a size sets buffers up
    found: list[Any] = []
    with spending() as spent:
        for batch in batches:
            found += look(batch)
    bench.leave(name, found)
    return len(frames), spent


def _track(bench: Bench) -> tuple[int, Spent]:
    frames, found, info = bench.frames(), bench.left("detections"), bench.left("detector")
    tracker = new_vision(app_paths()).tracker(float(bench.clip.info.average_rate or 25))
    overlays = Overlays(info.class_names, CONFIDENCE)
    drawn, tracked = [], []
    path = bench.folder / "detections.sqlite"
    with DetectionWriter(path, model=info, index=bench.clip.index) as store, spending() as spent:
        for frame, detections in zip(frames, found, strict=True):
            objects = tracker.update(detections, frame.time.seconds)
            drawn.append(overlays.build(frame.number, frame.time.seconds, objects))
            tracked.append(FrameFindings(frame.number, frame.time, objects))
            if len(tracked) % CHUNK == 0:
                store.append(tracked[-CHUNK:])
    bench.leave("tracked", [findings.detections for findings in tracked])
    bench.leave("overlays", drawn)
    return len(frames), spent


def _render(bench: Bench) -> tuple[int, Spent]:
    frames, overlays = bench.frames(), bench.left("overlays")
    info = bench.clip.info
    painter = Painter(info.width, info.height)
    with (
        spending() as spent,
        VideoWriter(
            bench.folder / "rendered.part",
            width=info.width,
            height=info.height,
            time_base=bench.clip.index.time_base,
            average_rate=info.average_rate or Fraction(25),
        ) as writer,
    ):
        for frame, overlay in zip(frames, overlays, strict=True):
            writer.write(painter.paint(frame.pixels, overlay), frame.time.ticks)
        writer.finish()
    return len(frames), spent


def _finalise(bench: Bench) -> tuple[int, Spent]:
    count = len(bench.clip.index)
    with spending() as spent:
        finalise(
            bench.folder / "rendered.part",
            bench.folder / "rendered.mp4",
            expected_frames=count,
            expected_index=bench.clip.index,
        )
    return count, spent


def _findings(bench: Bench) -> list[FrameFindings]:
    left = (bench.left(name) for name in ("tracked", "segments", "faces_found"))
    return [
        FrameFindings(frame.number, frame.time, *found)
        for frame, *found in zip(bench.frames(), *left, strict=True)
    ]


def _artifacts(bench: Bench) -> tuple[int, Spent]:
    return write_artifacts(bench, _findings(bench))


def _artifacts_of_boxes(bench: Bench) -> tuple[int, Spent]:
    boxes = [replace(found, segments=None, faces=None) for found in _findings(bench)]
    return write_artifacts(bench, boxes)


def _texts(bench: Bench) -> tuple[int, Spent]:
    return write_texts(bench, _findings(bench))


STAGES: Final = {
    "decode": _decode,
    "scenes": _scenes,
    "detect": _detect,
    "segment": _segment,
    "faces": _faces,
    "track": _track,
    "render": _render,
    "artifacts": _artifacts,
    "artifacts_of_boxes": _artifacts_of_boxes,
    "texts": _texts,
    "finalise": _finalise,
}
"""In the order in which each finds what it needs."""


def main(stage: str, clip: Path, segmenter: Path, folder: Path) -> int:
    """Measure a stage and print its frames and what it spent."""
    bench = Bench(probe(clip), folder, segmenter)
    frames, spent = STAGES[stage](bench)
    sys.stdout.write("\n" + json.dumps({"frames": frames, **asdict(spent)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:5])))
