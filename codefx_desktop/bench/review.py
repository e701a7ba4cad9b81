"""Reviewing a large job: how long a person waits for what is done with it.

100,000 frames at 1080 lines and 60 a second, a keyframe every 250, with 1,000,000 detections, 50
boxes in each frame of a stop. The real window (``review_window``) and the timeline alone are
measured until they are painted, the model without a window on what is asked of it most often.
Run: ``codefx bench review``.
"""

from __future__ import annotations

import json
import os
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

from codefx_desktop.bench.review_job import DISTANCE, PERIOD, long_clip, make_job, rendered_stop
from codefx_desktop.bench.review_lanes import measure_lanes, window_app
from codefx_desktop.bench.review_rows import Figure, Times, table
from codefx_desktop.bench.review_window import Wanted
from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.bench.spent import usable_cores
from codefx_desktop.bootstrap import new_vision
from codefx_desktop.domain.edit import TrackDeed, TrackOp
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.review_reading import ReviewFiles
from codefx_desktop.settings.paths import HOME_VARIABLE, app_paths
from codefx_desktop.store.history import open_history
from codefx_desktop.ui.models.review_model import ReviewModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.bench.review_lanes import LanesFigures
    from codefx_desktop.store.history import History

FRAMES: Final = 100_000
SHORT_FRAMES: Final = 1_500
"""Of the clip that gets a proxy, which is made at about the speed that it plays."""
OVERLAYS: Final = 500
STEPS: Final = 20
WAIT_MS: Final = 120_000
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """All that was measured.

    Attributes:
        frames: Of the job.
        detections: Of the job.
        figures: What was measured.
        wrong: How many of the pictures that were looked at showed another number than was said.
        load: Load of the machine over the last minute, at the begin and at the end.
        cores: How many the program may use.
    """

    frames: int
    detections: int
    figures: tuple[Figure, ...]
    wrong: int
    load: tuple[float, float]
    cores: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "figures": [one.to_dict() for one in self.figures]}

    def lines(self) -> list[str]:
        """Return the report for a person."""
        return [
            f"{self.detections:,} detections in {self.frames:,} frames, 1080 lines at 60 a second, "
            f"a keyframe every {DISTANCE}",
            f"Load of the machine {self.load[0]:.1f} to {self.load[1]:.1f} on {self.cores} cores. "
            "Values are 95th percentiles",
            "by the wall clock; processor: the median this program used of it, all its threads.",
            "",
            *table(self.figures),
            "",
            f"{self.wrong} pictures showed another number than was said of them",
        ]


def measure_review(
    *, frames: int = FRAMES, tell: Callable[[str], None] = lambda _: None
) -> ReviewReport:
    """Measure reviewing on jobs that are made for it.

    Args:
        frames: Of the job, a multiple of 250.
        tell: Told what is going on.

    Raises:
        CodefxError: If something cannot be made or read, or does not answer.
        ValueError: If the number of frames is none of these.
    """
    refuse_frozen("reviewing")
    before = psutil.getloadavg()[0]
    tell("the stop that the jobs show")
    seen = rendered_stop()
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name, at_home(Path(name)):
        paths = app_paths()
        paths.data.mkdir(parents=True, exist_ok=True)
        with open_history(paths.history).history as history:
            tell(f"making a job of {frames:,} frames")
            jobs = [
                make_job(history, paths.data, seen, long_clip(paths.data, count))
                for count in (frames, min(frames, SHORT_FRAMES))
            ]
            tell("looking at it without a window")
            detections, figures = _look(history, jobs[0].id, frames)
        tell("looking at it in the window")
        wanted = json.dumps(asdict(Wanted(jobs[0].id, jobs[1].id)))
        window = run_side("review_window", wanted, home=Path(name))
    tell("painting the timeline")
    timeline = timeline_figures(measure_lanes(frames, frames * 10))
    return ReviewReport(
        frames,
        detections,
        (*(Figure(**one) for one in window["figures"]), *timeline, *figures),
        window["wrong"],
        (round(before, 1), round(psutil.getloadavg()[0], 1)),
        usable_cores(),
    )


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Have the app's folders in one place for a while: nobody's own jobs are touched."""
    former = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(folder)
    try:
        yield
    finally:
        del os.environ[HOME_VARIABLE]
        if former is not None:
            os.environ[HOME_VARIABLE] = former


def timeline_figures(timeline: LanesFigures) -> list[Figure]:
    """Return the timeline's figures as rows."""
    note = f"{timeline.rows} rows, each painted anew"
    return [
        Figure(
            "timeline panned and zoomed",
            round(timeline.pictures_per_s, 1),
            "/s",
            30,
            is_least=True,
            note=note,
        ),
        Figure(
            "  one such picture",
            timeline.paint_ms.p95,
            median=timeline.paint_ms.median,
            cpu_ms=timeline.cpu_ms.median,
        ),
        Figure(
            "  its playhead alone", timeline.playhead_ms.p95, median=timeline.playhead_ms.median
        ),
    ]


def _look(history: History, job_id: str, frames: int) -> tuple[int, list[Figure]]:
    """Return how many detections there are, and what the model takes without a window."""
    app = window_app()
    pick = random.Random(SEED)  # noqa: S311 - which frames are looked at
    boxes, overlays = Times(), Times()
    with _review(history) as model:
        model.open(job_id)
        _until(lambda: _is_settled(model))
        assert model.read is not None
        starts = range(0, frames - 100, PERIOD)
        for _ in range(OVERLAYS):
            number = pick.choice(starts) + pick.randrange(100)  # a stop is seen there
            _add(boxes, lambda number=number: model.boxes_at(number))  # type: ignore[misc]
            _add(overlays, lambda number=number: model.overlay_at(number))  # type: ignore[misc]
        steps, undone = _step(model)
        detections = len(model.read.stored.frame)
    del app
    return detections, [
        Figure.of("model: boxes of a frame", boxes),
        Figure.of("model: all that is drawn over a frame", overlays, 1),
        Figure.of("model: delete a track", steps),
        Figure.of("model: undo it", undone),
    ]


def _is_settled(model: ReviewModel) -> bool:
    return model.is_there and not model.is_updating


def _step(model: ReviewModel) -> tuple[Times, Times]:
    """Delete tracks and take it back."""
    assert model.read is not None
    tracks = sorted(set(model.read.stored.track_id.tolist()) - {-1})[:: max(1, 1_000 // STEPS)]
    steps, undone = Times(), Times()
    for track in tracks[:STEPS]:
        op = TrackOp(TrackDeed.DELETE, track, 0)
        _add(steps, lambda op=op: model.do("Delete a track", op))  # type: ignore[misc]
        _add(undone, model.undo)
        _until(lambda: not model.is_updating)
    return steps, undone


def _add(times: Times, call: Callable[[], object]) -> None:
    cpu, began = time.thread_time(), time.perf_counter()
    call()
    times.wall_ms.append((time.perf_counter() - began) * 1000)
    times.cpu_ms.append((time.thread_time() - cpu) * 1000)


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
