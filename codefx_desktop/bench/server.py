"""The frame server as the window uses it: request to frame, threads and event loop included.

Steps forwards come at the clip's own rate, as when it plays, steps backwards at 15 per second, as
from a held key; their time counts from the instant they are due. Previews and exact frames are
asked for here and there, each after the one before was served. At last previews stream in at 60
per second, as from a hand that drags, whether they are served or not.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from codefx_desktop.bench.numbered import read_number
from codefx_desktop.bench.spread import Spread
from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.jobs.footage_files import FootageFiles
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.settings.paths import app_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codefx_desktop.jobs.viewing import ClipTrouble, ServedFrame
    from codefx_desktop.video.probe import ProbedClip

BACK_PER_S: Final = 15
DRAG_PER_S: Final = 60
SEED: Final = 5
WAIT_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """What was measured; milliseconds from the request to the frame in the main thread.

    Attributes:
        keyframe_distance: Frames from keyframe to keyframe of the clip.
        forward_step_ms: Steps at the clip's own rate.
        backward_step_ms: Steps at 15 per second.
        preview_ms: Keyframes near random places.
        exact_ms: Exact frames at random places.
        served_wrong: How many of all these showed another number than they said.
        drag_shown_per_s: Pictures that appeared per second while previews were asked for at 60.
        drag_longest_gap_ms: The longest time without a new one.
    """

    keyframe_distance: int
    forward_step_ms: Spread
    backward_step_ms: Spread
    preview_ms: Spread
    exact_ms: Spread
    served_wrong: int
    drag_shown_per_s: float
    drag_longest_gap_ms: float


def measure_server(clip: ProbedClip, distance: int, rate: int, *, seeks: int) -> ServerFigures:
    """Serve a numbered clip and measure.

    Args:
        clip: The clip.
        distance: Frames from keyframe to keyframe.
        rate: Frames per second.
        seeks: Random places, and steps forwards; three times as many go backwards.

    Raises:
        ClipUnreadable: If a frame does not come.
    """
    app = QCoreApplication.instance() or QCoreApplication([])
    last, chance = len(clip.index) - 1, random.Random(SEED)  # noqa: S311 - places
    places = chance.choices(range(last + 1), k=seeks)
    middle = max(0, last // 2 - seeks)
    viewer = Viewer(clip)
    try:
        viewer.exact(middle)
        forward = viewer.steps(range(middle + 1, min(middle + 1 + seeks, last + 1)), rate)
        viewer.exact(last)
        backward = viewer.steps(range(last - 1, max(-1, last - 1 - 3 * seeks), -1), BACK_PER_S)
        previews = [viewer.preview(place) for place in places]
        exact = [viewer.exact(place) for place in places]
        shown_per_s, gap_ms = viewer.drag(range(0, last + 1, max(1, last // (2 * DRAG_PER_S))))
    finally:
        viewer.close()
        app.processEvents()
    return ServerFigures(
        keyframe_distance=distance,
        forward_step_ms=Spread.of(forward),
        backward_step_ms=Spread.of(backward),
        preview_ms=Spread.of(previews),
        exact_ms=Spread.of(exact),
        served_wrong=viewer.wrong,
        drag_shown_per_s=round(shown_per_s, 1),
        drag_longest_gap_ms=round(gap_ms, 1),
    )


class Viewer:
    """Asks a frame server and waits for its answers.

    Args:
        clip: What is viewed.

    Raises:
        ClipUnreadable: If its first frame does not come.
    """

    def __init__(self, clip: ProbedClip) -> None:
        files = FootageFiles(app_paths(), lambda *_: clip)
        self._server = FrameServer(lambda _: files)
        self._loop = QEventLoop()
        self._limit = QTimer(self._loop, singleShot=True, interval=WAIT_MS)
        self._limit.timeout.connect(self._loop.quit)
        self._is_it: Callable[[ServedFrame], bool] = lambda _: True
        self._came: list[float] = []
        self._answer_s = 0.0
        self._trouble = ""
        self.wrong = 0
        self._server.served.connect(self._on_served)
        self._server.trouble.connect(self._on_trouble)
        self._wait(lambda: self._server.open(clip.info.path), lambda _: True)

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()

    def exact(self, number: int) -> float:
        """Return the milliseconds until an exact frame was there."""
        return self._wait(
            lambda: self._server.show(number), lambda s: s.wanted == number and s.is_exact
        )

    def preview(self, number: int) -> float:
        """Return the milliseconds until something was there for a frame."""
        return self._wait(lambda: self._server.preview(number), lambda s: s.wanted == number)

    def steps(self, numbers: Iterable[int], per_s: int) -> list[float]:
        """Ask for frames at a rate; return the milliseconds from due to there."""
        spent, due = [], time.perf_counter()
        for number in numbers:
            due = max(due + 1 / per_s, time.perf_counter())
            self._rest(due)
            self.exact(number)
            spent.append((self._answer_s - due) * 1000)
        return spent

    def drag(self, numbers: Iterable[int]) -> tuple[float, float]:
        """Ask for previews at 60 per second; return pictures per second and the longest gap."""
        began = due = time.perf_counter()
        self._came = [began]
        for number in numbers:
            due += 1 / DRAG_PER_S
            self._server.preview(number)
            self._rest(due)
        came = [*self._came, time.perf_counter()]
        gaps = [after - before for before, after in pairwise(came)]
        return (len(came) - 2) / (came[-1] - began), max(gaps) * 1000

    def _rest(self, until_s: float) -> None:
        """Let the event loop run until an instant."""
        left_ms = int((until_s - time.perf_counter()) * 1000)
        if left_ms > 0:
            loop = QEventLoop()
            timer = QTimer(loop, singleShot=True, interval=left_ms)
            timer.setTimerType(Qt.TimerType.PreciseTimer)
            timer.timeout.connect(loop.quit)
            timer.start()
            loop.exec()
        while time.perf_counter() < until_s:
            pass  # the fraction of a millisecond that timers do not know

    def _wait(self, ask: Callable[[], object], is_it: Callable[[ServedFrame], bool]) -> float:
        self._is_it, self._answer_s = is_it, 0.0
        began = time.perf_counter()
        ask()
        self._limit.start()
        while not (self._answer_s or self._trouble) and self._limit.isActive():
            self._loop.exec()
        if not self._answer_s:
            raise ClipUnreadable(self._trouble or "A frame did not come in time.")
        return (self._answer_s - began) * 1000

    def _on_served(self, served: ServedFrame) -> None:
        now = time.perf_counter()
        self._came.append(now)
        self.wrong += read_number(served.frame.pixels) != served.frame.number
        if self._is_it(served):
            self._answer_s = now
            self._loop.quit()

    def _on_trouble(self, trouble: ClipTrouble) -> None:
        self._trouble = trouble.message
        self._loop.quit()


def server_lines(server: ServerFigures) -> list[str]:
    """Return the figures for a person."""
    return [
        f"frame server, a keyframe every {server.keyframe_distance}, request to frame",
        f"  forward step   {server.forward_step_ms}, at the clip's own rate",
        f"  backward step  {server.backward_step_ms}, {BACK_PER_S} per second",
        f"  preview        {server.preview_ms}",
        f"  exact frame    {server.exact_ms}, {server.served_wrong} of all served wrong",
        f"  drag           {server.drag_shown_per_s:.0f} pictures per second, "
        f"at most {server.drag_longest_gap_ms:.0f} ms without a new one",
    ]
