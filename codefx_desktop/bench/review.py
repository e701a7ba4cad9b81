"""Reviewing a large job: opening it, what is drawn over a frame, a threshold that is dragged.

The real model, desk, workers and files, without a window: 100,000 frames with 1,000,000 detections
are opened, and as many detections of 50 tracks at once are drawn from.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil
from PySide6.QtCore import QEventLoop, QTimer

from codefx_desktop.bench.review_job import make_job
from codefx_desktop.bench.review_lanes import LanesFigures, measure_lanes, window_app
from codefx_desktop.bench.spread import Spread, timed
from codefx_desktop.bench.stop_set import load
from codefx_desktop.bootstrap import new_vision
from codefx_desktop.domain.edit import TrackDeed, TrackOp
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.review_reading import ReviewFiles
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.history import open_history
from codefx_desktop.ui.models.review_model import ReviewModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.store.history import History

FRAMES: Final = 100_000
TRACKS: Final = 50
OVERLAYS: Final = 500
DRAGS: Final = 20
STEPS: Final = 20
WAIT_MS: Final = 120_000
SEED: Final = 7
STOP_SEED: Final = 800_950
"""Of the rendered stop that the jobs show again and again."""
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """A job is opened.

    Attributes:
        frames: How many it has.
        detections: How many it has.
        boxes_ms: Until its boxes can be drawn, each time anew.
        stops_ms: Until stops, suspicious tracks and signals are there, the first time.
        memory_mb: What the process has grown by then.
    """

    frames: int
    detections: int
    boxes_ms: Spread
    stops_ms: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class DrawFigures:
    """What is asked of the model while a person looks and drags.

    Attributes:
        tracks: Boxes in each frame.
        detections: All of the job.
        boxes_ms: The boxes of a frame.
        overlay_ms: All that is drawn over a frame.
        drag_ms: A threshold is dragged and the frame's overlay made anew; without painting.
        breakdown_ms: Until stops at the newest threshold are there.
        step_ms: A step on a track of all frames, seen in the frame's overlay.
        undo_ms: The same step taken back.
    """

    tracks: int
    detections: int
    boxes_ms: Spread
    overlay_ms: Spread
    drag_ms: Spread
    breakdown_ms: Spread
    step_ms: Spread
    undo_ms: Spread


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """All that was measured."""

    opening: OpenFigures
    drawing: DrawFigures
    timeline: LanesFigures

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the report for a person."""
        opening, drawing, timeline = self.opening, self.drawing, self.timeline
        return [
            f"Opening {opening.detections:,} detections in {opening.frames:,} frames",
            f"  boxes         {opening.boxes_ms}; goal at most 1,000 ms",
            f"  stops, signals and suspicious tracks {opening.stops_ms:.0f} ms",
            f"  memory        {opening.memory_mb} MB more; goal at most 800 MB",
            f"Looking at {drawing.tracks} tracks at once, {drawing.detections:,} detections",
            f"  boxes         {_fine(drawing.boxes_ms)}",
            f"  overlay       {_fine(drawing.overlay_ms)}; goal at most 1 ms",
            f"  threshold     {drawing.drag_ms}; with painting at most 50 ms",
            f"  its breakdown {drawing.breakdown_ms}; goal at most 2,000 ms",
            f"  a step        {drawing.step_ms}",
            f"  its undo      {drawing.undo_ms}",
            f"Timeline of {timeline.rows} rows, each painted anew",
            f"  pan and zoom  {timeline.paint_ms}, of the processor {timeline.cpu_ms}",
            f"                {timeline.pictures_per_s:.0f} pictures/s; goal at least 30",
            f"  playhead      {timeline.playhead_ms}",
            f"  made from the job in {timeline.build_s * 1000:.0f} ms, on a worker",
        ]


def measure_review(
    *, frames: int = FRAMES, tell: Callable[[str], None] = lambda _: None
) -> ReviewReport:
    """Measure reviewing on jobs that are made for it.

    Args:
        frames: Of the job that is opened; detections are ten times as many.
        tell: Told what is going on.

    Raises:
        CodefxError: If something cannot be read or does not answer.
    """
    tell("the stop that the jobs show")
    seen = load(STOP_SEED).observations
    app = window_app()
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name:
        folder = Path(name)
        with open_history(folder / "history.sqlite").history as history:
            tell(f"making a job of {frames:,} frames")
            long = make_job(history, folder, seen, frames)
            tell("opening it")
            opening = _open(history, long.id, frames)
            per_frame = frames // 5
            tell(f"making a job of {TRACKS} tracks at once")
            dense = make_job(history, folder, seen, per_frame, TRACKS)
            tell("looking at it")
            drawing = _draw(history, dense.id, per_frame)
    tell("painting the timeline")
    timeline = measure_lanes(frames, frames * 10)
    del app
    return ReviewReport(opening, drawing, timeline)


def _open(history: History, job_id: str, frames: int) -> OpenFigures:
    before = psutil.Process().memory_info().rss
    boxes_ms, stops_ms, memory = [], 0.0, 0
    for attempt in range(3):
        with _review(history) as model:
            began = time.perf_counter()
            model.open(job_id)
            _until(lambda model=model: model.is_there)  # type: ignore[misc]
            boxes_ms.append((time.perf_counter() - began) * 1000)
            if not len(model.boxes_at(frames // 2)):
                raise CodefxError("The job that was made has no boxes.")
            if not attempt:
                _until(lambda model=model: not model.is_updating)  # type: ignore[misc]
                stops_ms = (time.perf_counter() - began) * 1000
                memory = psutil.Process().memory_info().rss - before
    return OpenFigures(frames, frames * 10, Spread.of(boxes_ms), stops_ms, memory // MEGABYTE)


def _draw(history: History, job_id: str, frames: int) -> DrawFigures:
    pick = random.Random(SEED)  # noqa: S311 - which frames are looked at
    with _review(history) as model:
        model.open(job_id)
        _until(lambda: _is_settled(model))
        numbers = [pick.randrange(100, frames) for _ in range(OVERLAYS)]
        boxes_ms = [timed(model.boxes_at, number)[0] for number in numbers]
        overlay_ms = [timed(model.overlay_at, number)[0] for number in numbers]
        drag_ms, breakdown_ms = _drag(model, numbers[:DRAGS])
        step_ms, undo_ms = _step(model, numbers[:STEPS])
    return DrawFigures(
        TRACKS,
        frames * TRACKS,
        Spread.of(boxes_ms),
        Spread.of(overlay_ms),
        Spread.of(drag_ms),
        Spread.of(breakdown_ms),
        Spread.of(step_ms),
        Spread.of(undo_ms),
    )


def _is_settled(model: ReviewModel) -> bool:
    """Return whether all is found; the made-up job has suspicious tracks, which come last."""
    is_found = model.read is not None and bool(model.read.suspicions)
    return model.is_there and not model.is_updating and is_found


def _drag(model: ReviewModel, numbers: list[int]) -> tuple[list[float], list[float]]:
    drag_ms, breakdown_ms = [], []
    for at, number in enumerate(numbers):
        began = time.perf_counter()
        model.drag_threshold(2, 0.3 + at / 100)
        model.overlay_at(number)
        drag_ms.append((time.perf_counter() - began) * 1000)
        _until(lambda: not model.is_updating)
        breakdown_ms.append((time.perf_counter() - began) * 1000)
    return drag_ms, breakdown_ms


def _step(model: ReviewModel, numbers: list[int]) -> tuple[list[float], list[float]]:
    step_ms, undo_ms = [], []
    for at, number in enumerate(numbers):
        op = TrackOp(TrackDeed.DELETE, TRACKS + 1 + at, 0)
        step_ms.append(timed(lambda op=op: model.do("Delete a track", op))[0])
        undo_ms.append(timed(model.undo)[0])
        model.overlay_at(number)
        _until(lambda: not model.is_updating)
    return step_ms, undo_ms


@contextmanager
def _review(history: History) -> Iterator[ReviewModel]:
    """Give a model on a desk of its own, as the window has."""
    files = ReviewFiles(history, new_vision(app_paths()).tracker, threading.Lock())
    desk = ReviewDesk(lambda _cancel: files)
    try:
        yield ReviewModel(desk)
    finally:
        desk.shutdown()


def _until(is_so: Callable[[], bool]) -> None:
    """Run the event loop until something is so.

    Raises:
        CodefxError: If that takes two minutes.
    """
    loop, look = QEventLoop(), QTimer()
    look.setInterval(1)
    look.timeout.connect(lambda: loop.quit() if is_so() else None)
    look.start()
    limit = QTimer()
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    limit.start(WAIT_MS)
    loop.exec()
    if not is_so():
        raise CodefxError("The review did not answer within two minutes.")


def _fine(spread: Spread) -> str:
    return f"{spread.median:.2f} ms (p95 {spread.p95:.2f})"
