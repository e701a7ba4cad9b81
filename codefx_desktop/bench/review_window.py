"""The real window, reviewing: from what a hand does until it is painted.

Runs in a process of its own (``bench.side``), so that its memory is the window's and nobody
else's. The hub, its workers and its files are the program's own; only the screen is missing.
"""

from __future__ import annotations

import json
import random
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import psutil
from PySide6.QtCore import QEventLoop, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from codefx_desktop.bench.numbered import read_number
from codefx_desktop.bench.review_job import DISTANCE, PERIOD
from codefx_desktop.bench.review_lanes import window_app
from codefx_desktop.bench.review_rows import Figure, Times
from codefx_desktop.bench.spent import peak_bytes
from codefx_desktop.bootstrap import open_engine
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.job import JobFilter
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.viewing import ProxyPhase
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import Settings
from codefx_desktop.ui.lanes_ruler import RULER_PX
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.workspace import Workspace
from codefx_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtWidgets import QApplication

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.messages import HistoryPage
    from codefx_desktop.ui.models.lane_events import LaneEvent

SIZES: Final = ((1280, 720), (1920, 1080))
HELD_PER_S: Final = 15
"""Steps from a held key."""
DRAG_PER_S: Final = 30
"""Values from a slider that is dragged."""
MEGABYTE: Final = 1024 * 1024
WAIT_S: Final = 120.0
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured.

    Attributes:
        long_id: The job of 100,000 frames.
        short_id: A job whose clip gets a proxy.
        steps: Steps each way, at each size of the picture.
        moves: Of the slider in one drag; there are as many drags as classes.
        clicks: On events, with and without proxy.
        opens: How often the job is opened.
    """

    long_id: str
    short_id: str
    steps: int = 60
    moves: int = 20
    clicks: int = 40
    opens: int = 5


class ReviewBench:
    """The window and what is done in it.

    Args:
        app: The application.
        hub: What the window talks to; started here.
    """

    def __init__(self, app: QApplication, hub: Hub) -> None:
        self._app, self._hub = app, hub
        self._theme = Theme(app)
        self._theme.set("dark")
        self.window = MainWindow(hub, self._theme)
        self.review, self.reviewing = self.window.review, self.window.reviewing
        self.view, self.picture = self.review.view, self.review.page.picture
        self.model = self.reviewing.model
        self.wrong = 0
        self._chance = random.Random(SEED)  # noqa: S311 - places
        self._records: dict[str, JobRecord] = {}
        devices: list[object] = []
        hub.device.connect(devices.append)
        hub.history_page.connect(self._on_page)
        self.window.show()
        self.window.workspaces.show(Workspace.REVIEW)
        hub.start()
        self._until(lambda: bool(devices), "The window did not get ready")
        self._pass(1.0)
        self.empty_bytes = psutil.Process().memory_info().rss

    def close(self) -> None:
        """End the window and its workers."""
        self.window.close_without_asking()
        self._hub.shutdown()

    def record(self, job_id: str) -> JobRecord:
        """Return a job of the window's own history."""
        if job_id not in self._records:
            self._hub.request_history(JobFilter(), limit=10, offset=0)
        self._until(lambda: job_id in self._records, "The job was not listed")
        return self._records[job_id]

    # -- what is measured ---------------------------------------------------------------------

    def open(self, record: JobRecord, times: int) -> list[Figure]:
        """Open a job until its boxes are painted over its clip's first frame."""
        painted, found = Times(), Times()
        for _ in range(times):
            self.view.close()
            self._until(lambda: self.model.job_id is None, "The job was not left")
            self._pass(0.2)
            former = self.picture.painted_overlay  # of a picture that is no longer there
            with self._timing(painted):
                self.review.open_job(record)
                self._until(lambda former=former: self._has_boxes(former), "It was not opened")  # type: ignore[misc]
            began = time.perf_counter()
            self._until(self._is_settled, "The stops were not found")
            found.wall_ms.append(painted.wall_ms[-1] + (time.perf_counter() - began) * 1000)
        return [
            Figure.of("open the job, boxes painted", painted, 1000),
            Figure.of("  stops, signals and suspicious tracks there", found),
        ]

    def step(self, size: tuple[int, int], steps: int) -> list[Figure]:
        """Step from frame to frame at the rate of a held key."""
        self.fit(size)
        forth, back = Times(), Times()
        self._show(min(2 * PERIOD + 200, self.view.last - steps))
        for times, action in (
            (forth, self.review.actions.forward),
            (back, self.review.actions.back),
        ):
            due = time.perf_counter()
            sign = 1 if times is forth else -1
            for _ in range(steps):
                due = max(due + 1 / HELD_PER_S, time.perf_counter())
                self._rest(due)
                wanted = self.view.position + sign
                with self._timing(times, due):
                    action.trigger()
                    self._until(lambda wanted=wanted: self._is_painted(wanted), "A step was lost")  # type: ignore[misc]
        label = f"{size[0]}x{size[1]}"
        return [
            Figure.of(f"step forwards, painted, {label}", forth, 25),
            Figure.of(f"step backwards, painted, {label}", back, 25),
        ]

    def paint(self, size: tuple[int, int], times: int) -> Figure:
        """Paint the picture with its overlay into an image, nothing else going on."""
        self.fit(size)
        self._show(2 * PERIOD + 300)
        image = QImage(QSize(*size), QImage.Format.Format_RGB32)
        spent = Times()
        for _ in range(times):
            with self._timing(spent):
                self.picture.render(image)
        overlay = self.picture.painted_overlay
        boxes = 0 if overlay is None else len(overlay.boxes)
        return Figure.of(f"  paint alone, {size[0]}x{size[1]}", spent, note=f"{boxes} boxes")

    def drag(self, size: tuple[int, int], moves: int) -> list[Figure]:
        """Drag the threshold of each class, until painted; then until the breakdown is there."""
        self.fit(size)
        self._show(2 * PERIOD + 300)
        painted, found = Times(), Times()
        panel, marked = self.reviewing.detections, 0
        names = () if self.model.read is None else self.model.read.class_names
        for class_id in range(len(names)):
            row = panel.tree_model.index_of_class(class_id)
            if not row.isValid():
                continue
            panel.tree.setCurrentIndex(row)
            panel.slider.setSliderDown(True)
            due = time.perf_counter()
            for move in range(moves):
                due = max(due + 1 / DRAG_PER_S, time.perf_counter())
                self._rest(due)
                former = self.picture.painted_overlay
                with self._timing(painted, due):
                    panel.slider.setValue(20 + move)
                    self._until(lambda former=former: self._is_anew(former), "Not painted")  # type: ignore[misc]
            marked += self.model.is_updating and panel.updating.isVisibleTo(panel)
            with self._timing(found):
                self._until(lambda: not self.model.is_updating, "The breakdown did not follow")
            panel.slider.setSliderDown(False)  # kept as a step
            self._until(self._is_settled, "The step was not kept")
        note = f"marked as updating meanwhile {marked} of {len(found.wall_ms)} times"
        return [
            Figure.of(f"threshold dragged, painted, {size[0]}x{size[1]}", painted, 50),
            Figure.of("  its breakdown follows", found, 2000, note),
        ]

    def click(self, name: str, goal: float, clicks: int) -> Figure:
        """Click on events in the timeline until their exact frames are painted."""
        lanes, spent = self.review.lanes.lanes, Times()
        self._until(lambda: bool(lanes.model.data.events), "The timeline shows no events")
        events = list(lanes.model.data.events)
        self._chance.shuffle(events)
        for event in (events * (1 + clicks // len(events)))[:clicks]:
            at = self._in_sight(event)
            self._pass(0.3)
            with self._timing(spent):
                QTest.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=at)
                self._until(self._is_clicked, "An event's frame did not come")
            shown = self.view.shown
            assert shown is not None
            self._compare()
        return Figure.of(name, spent, goal)

    def make_proxy(self) -> float:
        """Have a proxy made of the clip in view; return the seconds that took."""
        began = time.perf_counter()
        self.view.make_proxy()
        self._until(
            lambda: self.view.proxy is not None and self.view.proxy.phase is ProxyPhase.READY,
            "The proxy was not made",
            5 * WAIT_S,
        )
        return time.perf_counter() - began

    def memory(self) -> list[Figure]:
        """Return what the process holds above the empty window, at its most."""
        now = psutil.Process().memory_info().rss
        most = (peak_bytes() - self.empty_bytes) / MEGABYTE
        note = f"at the end {(now - self.empty_bytes) / MEGABYTE:,.0f} MB"
        empty = f"the empty window takes {self.empty_bytes / MEGABYTE:,.0f} MB"
        return [Figure("memory at its most", round(most, 1), "MB", 800, note=f"{note}; {empty}")]

    def fit(self, size: tuple[int, int]) -> None:
        """Give the picture a size.

        Raises:
            CodefxError: If the window cannot be made so large.
        """
        for _ in range(8):
            off = QSize(*size) - self.picture.size()
            if off.isNull():
                return
            self.window.resize(self.window.size() + off)
            self._pass(0.1)
        raise CodefxError(f"The picture cannot be made {size[0]} x {size[1]} pixels large.")

    # -- inside -------------------------------------------------------------------------------

    def _on_page(self, page: HistoryPage) -> None:
        self._records.update({record.id: record for record in page.records})

    def _has_boxes(self, former: object) -> bool:
        overlay = self.picture.painted_overlay
        return overlay is not None and overlay is not former and bool(overlay.boxes)

    def _is_settled(self) -> bool:
        read = self.model.read
        return self.model.is_there and not self.model.is_updating and bool(read and read.stops)

    def _is_painted(self, number: int) -> bool:
        """Return whether a frame is on screen, exact, with what stands over it."""
        shown, overlay = self.view.shown, self.picture.painted_overlay
        return (
            shown is not None
            and shown.is_exact
            and shown.frame.number == number
            and overlay is not None
            and overlay.frame_number == number
        )

    def _is_clicked(self) -> bool:
        event = self.review.lanes.lanes.model.current
        return (
            event is not None
            and self.view.position == event.number
            and self._is_painted(event.number)
        )

    def _is_anew(self, former: object) -> bool:
        return self.picture.painted_overlay is not former

    def _show(self, number: int) -> None:
        number = min(number, self.view.last)  # of a short clip
        self.view.release_at(number)
        self._until(lambda: self._is_painted(number), "A frame did not come")
        self._compare()

    def _compare(self) -> None:
        """Compare the number that the picture shows with what is said of it."""
        shown = self.view.shown
        assert shown is not None
        self.wrong += read_number(shown.frame.pixels) != shown.frame.number % DISTANCE

    def _in_sight(self, event: LaneEvent) -> QPoint:
        """Bring an event in sight as a hand does; return where it lies."""
        lanes = self.review.lanes.lanes
        lanes.set_axis_shown(max(event.time_s - 3, 0.0), event.time_s + 3)
        row = lanes.row_of(event)
        assert row is not None
        lanes.scroll_to(row.top)
        self._pass(0.05)
        rect = lanes.row_rect(row)
        y = min(max(rect.center().y(), RULER_PX + 1), lanes.height() - 2)
        return QPoint(round(lanes.axis.x_of(event.time_s)), round(y))

    @contextmanager
    def _timing(self, times: Times, began_s: float | None = None) -> Iterator[None]:
        """Add the time of a block, from when it was due if that is given."""
        began = time.perf_counter() if began_s is None else began_s
        cpu = time.process_time()
        yield
        times.wall_ms.append((time.perf_counter() - began) * 1000)
        times.cpu_ms.append((time.process_time() - cpu) * 1000)

    def _until(self, is_so: Callable[[], bool], why_not: str, limit_s: float = WAIT_S) -> None:
        """Run the event loop until something is so.

        Raises:
            CodefxError: If that takes too long.
        """
        end = time.perf_counter() + limit_s
        while not is_so():
            if time.perf_counter() > end:
                raise CodefxError(f"{why_not} within {limit_s:.0f} s.")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _pass(self, seconds: float) -> None:
        """Let the event loop run for a while."""
        self._rest(time.perf_counter() + seconds)

    def _rest(self, until_s: float) -> None:
        left_ms = int((until_s - time.perf_counter()) * 1000)
        if left_ms > 0:
            loop = QEventLoop()
            timer = QTimer(loop, singleShot=True, interval=left_ms)
            timer.setTimerType(Qt.TimerType.PreciseTimer)
            timer.timeout.connect(loop.quit)
            timer.start()
            loop.exec()


@contextmanager
def bench_window() -> Iterator[ReviewBench]:
    """Give the window over the jobs that lie in the app's folder."""
    app, settings = window_app(), Settings()
    hub = Hub(app_paths(), settings, lambda: open_engine(app_paths(), settings))
    bench = ReviewBench(app, hub)
    try:
        yield bench
    finally:
        bench.close()


def measure(wanted: Wanted) -> dict[str, Any]:
    """Measure the window on jobs that lie in the app's folder; return figures as plain values."""
    with bench_window() as bench:
        figures = [*_long(bench, wanted), *_short(bench, wanted), *bench.memory()]
    return {"figures": [asdict(one) for one in figures], "wrong": bench.wrong}


def _long(bench: ReviewBench, wanted: Wanted) -> list[Figure]:
    figures = bench.open(bench.record(wanted.long_id), wanted.opens)
    for size in SIZES:
        figures += bench.step(size, wanted.steps)
        figures.append(bench.paint(size, wanted.steps))
    for size in SIZES:
        figures += bench.drag(size, wanted.moves)
    bench.fit(SIZES[0])
    figures.append(bench.click("event clicked, exact frame, no proxy", 700, wanted.clicks))
    return figures


def _short(bench: ReviewBench, wanted: Wanted) -> list[Figure]:
    bench.open(bench.record(wanted.short_id), 1)
    made_s = bench.make_proxy()
    figure = bench.click("event clicked, exact frame, proxy", 300, wanted.clicks)
    return [figure, Figure("  its proxy made in", round(made_s, 1), "s")]


def main(arguments: Sequence[str]) -> None:
    """Measure what the first argument says, as JSON, and write figures as JSON."""
    wanted = Wanted(**json.loads(arguments[0]))
    sys.stdout.write(json.dumps(measure(wanted)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
