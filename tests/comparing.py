"""What tests of compared stops share: jobs, stops at given instants, panes of any workers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.fake_hub import record
from gui.fake_stops import FakeStopDesk, pit_stop, stops_read
from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.models.compare_pane import ComparePane
from codefx_desktop.ui.models.compare_view import CompareView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.stop_values import StopsRead


@dataclass
class Known:
    """What a book knows of a job."""

    record: JobRecord


class Book(QObject):
    """The jobs of a test."""

    changed = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, Known] = {}

    def get(self, job_id: str | None) -> Known | None:
        return self.jobs.get(job_id or "")

    def put(self, job_id: str, path: Path, stops: int = 1) -> None:
        made = record(path.name, id=job_id, status=JobStatus.COMPLETE, stop_count=stops)
        self.jobs[job_id] = Known(replace(made, input_path=path))


def later(stop: PitStop, by_s: float, **fields: object) -> PitStop:
    """Return a stop whose events come so much later in its clip."""

    def moved(value: float | None) -> float | None:
        return None if value is None else value + by_s

    events = tuple(
        replace(
            one,
            time_s=moved(one.time_s),
            earliest_s=moved(one.earliest_s),
            latest_s=moved(one.latest_s),
        )
        for one in stop.events
    )
    values: dict[str, object] = {
        "events": events,
        "begins_s": stop.begins_s + by_s,
        "ends_s": stop.ends_s + by_s,
    }
    return replace(stop, **{**values, **fields})


class Stage:
    """Stops that are compared, and what feeds them.

    Args:
        new_server: Makes a frame server.
        now_s: The wall clock, if another.
    """

    def __init__(self, new_server: Callable[[], object], **more: object) -> None:
        self.book = Book()
        self.jobs: dict[str, StopsRead] = {}
        self.servers: list[object] = []
        self.desks: list[FakeStopDesk] = []
        self._new_server = new_server
        self.view = CompareView(self.book, self._make, **more)
        self.player = self.view.player

    def put(self, job_id: str, path: Path, *stops: PitStop) -> None:
        """Have a job with stops."""
        self.book.put(job_id, path, len(stops))
        self.jobs[job_id] = stops_read(*(stops or (pit_stop(),)), job_id=job_id)
        for desk in self.desks:
            desk.put(self.jobs[job_id])

    def numbers(self) -> tuple[int, ...]:
        """Return the frames that are shown."""
        return tuple(p.shown.frame.number for p in self.view.panes if p.shown is not None)

    def is_still(self) -> bool:
        """Whether every picture is there and nothing moves."""
        player = self.player
        ready = all(pane.shown is not None for pane in self.view.panes if not pane.is_lost)
        return ready and not player.playing and not player.is_waiting

    def _make(self) -> ComparePane:
        desk = FakeStopDesk()
        desk.jobs = self.jobs
        server = self._new_server()
        self.servers.append(server)
        self.desks.append(desk)
        return ComparePane(server, desk, self.book)
