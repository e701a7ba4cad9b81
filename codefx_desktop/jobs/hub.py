"""The one object the window talks to: requests go out to workers, answers come back as signals.

Lives in the main thread for the whole program; runnables never own signals. Progress and
previews are coalesced: workers leave the newest value, a timer sends it on.

Over 400 lines because every request of the window has its method here; what can be thought
about alone is in ``turn``, ``newest``, ``read_ahead`` and ``engine``.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QThreadPool, QTimer, Signal

from codefx_desktop.domain.errors import CodefxError, UnknownJob
from codefx_desktop.domain.job import JobRecord, JobStatus
from codefx_desktop.domain.run import (
    Cancelled,
    ClipKnown,
    JobFinished,
    JobLogged,
    PreviewPicture,
    RunEvent,
    ScenesKnown,
    StageProgress,
)
from codefx_desktop.jobs.frame_servers import FrameServers
from codefx_desktop.jobs.messages import (
    ClipReading,
    ClipSizes,
    EngineCalls,
    HistoryPage,
    JobFound,
    JobLogs,
    Notice,
    OpenedEngine,
    StartDefaults,
    Thumbnail,
    WeightsAnswer,
)
from codefx_desktop.jobs.newest import Newest
from codefx_desktop.jobs.pools import Call, new_pool
from codefx_desktop.jobs.read_ahead import ReadAhead
from codefx_desktop.jobs.turn import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import SignalInstance

    from codefx_desktop.domain.clip import ClipSize
    from codefx_desktop.domain.job import JobFilter, JobMetadata, JobSpec
    from codefx_desktop.domain.plan import Profile
    from codefx_desktop.jobs.artifact_desk import ArtifactDesk
    from codefx_desktop.jobs.camera_desk import CameraDesk
    from codefx_desktop.jobs.export_desk import ExportDesk
    from codefx_desktop.jobs.frame_server import FrameServer
    from codefx_desktop.jobs.lane_desk import LaneDesk
    from codefx_desktop.jobs.model_desk import ModelDesk
    from codefx_desktop.jobs.push_desk import PushDesk
    from codefx_desktop.jobs.review_desk import ReviewDesk
    from codefx_desktop.jobs.sound_player import SoundPlayer
    from codefx_desktop.jobs.statistics_desk import StatisticsDesk
    from codefx_desktop.jobs.stop_desk import StopDesk
    from codefx_desktop.jobs.target_desk import TargetDesk
    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.settings.settings import Settings

log = logging.getLogger(__name__)

FRAME_INTERVAL_MS = 33
SYSTEM_INTERVAL_MS = 5_000
NEWS_INTERVAL_MS = 5_000
SHUTDOWN_MS = 10_000
TURN_S = 0.001
"""A worker that counts in Python lets the window go on after so long. It asks for its turn eight
times in a step from frame to frame, which with Python's own 5 ms took 40 (measured)."""

Answer = tuple[Callable[..., object], tuple[object, ...]]
Changed = Sequence[JobRecord] | None


class Hub(QObject):
    """Requests and answers between the window and the workers.

    Args:
        paths: The app's folders.
        settings: The settings as read at start.
        open_engine: Opens history and models; called once, on a worker.
    """

    ready = Signal()
    unopened = Signal(str)
    notice = Signal(object)
    queue_changed = Signal(object)
    queue_paused = Signal(bool)
    job_changed = Signal(object)
    job_removed = Signal(str)
    progress = Signal(object)
    preview = Signal(object)
    scenes = Signal(object)
    logged = Signal(object)
    clip_reading = Signal(object)
    clip_known = Signal(object)
    finished = Signal(object)
    device = Signal(object)
    history_page = Signal(object)
    history_failed = Signal(int)
    job_found = Signal(object)
    job_logs = Signal(object)
    thumbnail = Signal(object)
    weights_answer = Signal(object)
    clip_sizes = Signal(object)
    start_defaults = Signal(object)
    system = Signal(object)

    _arrived = Signal(object)

    def __init__(
        self,
        paths: AppPaths,
        settings: Settings,
        open_engine: Callable[[], OpenedEngine],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.paths = paths
        self.settings = settings
        self._open_engine = open_engine
        self._opened: OpenedEngine | None = None
        self._requests = itertools.count(1)
        self._pools = tuple(new_pool(1) for _ in range(7))
        self._runner, self._queries, self._pictures, self._models, *others = self._pools
        reader, self._headers, self._settler = others
        self._sizes_wanted = 0
        self._profile_trouble = ""
        self._paused = self._is_settling = False
        self._end = threading.Event()
        self._turn = Turn()
        self._delete_after: set[str] = set()
        self._newest = Newest()
        self._servers = FrameServers()
        self._cameras: CameraDesk | None = None
        self._ahead = ReadAhead(partial(self._ask, reader), self._on_run_event, self._post)
        self.queue_changed.connect(self._ahead.follow)
        self.job_removed.connect(self._ahead.drop)
        # A queued connection by itself: runs are emitted on workers and land in this thread.
        self._arrived.connect(self._deliver)
        self._timers = [
            self._timer(FRAME_INTERVAL_MS, self._flush),
            self._timer(SYSTEM_INTERVAL_MS, self._ask_system),
            self._timer(NEWS_INTERVAL_MS, self._ask_news),
        ]

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the history on a worker, recover, and begin with the queue."""
        sys.setswitchinterval(TURN_S)

        def work() -> None:
            opened = self._open_engine()
            marked = opened.engine.recover()
            self._post(self._on_opened, opened)
            for text in opened.notices:
                self._post(self.notice.emit, Notice("warning", text))
            for record in marked:
                self._post(self.job_changed.emit, record)
                text = f"{record.input_filename} was interrupted and can be run again."
                self._post(self.notice.emit, Notice("warning", text, record.id))

        self._queries.start(Call(work, self._on_open_failed))

    def shutdown(self) -> None:
        """Stop intake, cancel, wait at most ten seconds, close the history."""
        self._end.set()
        for timer in self._timers:
            timer.stop()
        self._turn.stop()
        self._servers.shutdown()
        self._ahead.stop()
        pools, deadline = self._pools, QDeadlineTimer(SHUTDOWN_MS)
        for pool in pools:
            pool.clear()
        if not all(pool.waitForDone(deadline) for pool in pools):
            log.warning("A worker did not end within %d ms", SHUTDOWN_MS)
        if self._opened is not None:
            self._opened.engine.close()

    def running_job(self) -> str | None:
        """Return the job this program works on; the terminal's own are not counted."""
        return self._turn.job_id

    # -- the queue ----------------------------------------------------------------------------

    def add_clips(self, paths: Sequence[Path], spec: JobSpec, metadata: JobMetadata) -> None:
        """Queue clips (or the clips of folders)."""
        wanted = tuple(paths)
        self._change(lambda e: e.add(wanted, spec, metadata))

    def add_demo(self) -> None:
        """Queue the sample stop."""
        self._change(lambda e: e.add_demo())

    def pause_queue(self, paused: bool) -> None:
        """Begin no further job, or go on."""
        self._paused = paused
        self.queue_paused.emit(paused)
        self._kick()

    def cancel(self, job_id: str) -> None:
        """Cancel a running or a queued job."""
        if self._turn.cancel(job_id):
            return

        def work(engine: EngineCalls) -> Changed:
            record = engine.cancel_queued(job_id)
            if record.status is JobStatus.PROCESSING:
                self._post(self._on_begun_meanwhile, record)
            return (record,)

        self._change(work)

    def retry(self, job_id: str) -> None:
        """Queue a failed, cancelled or interrupted job again."""
        self._change(lambda e: (e.retry(job_id),))

    def remove(self, job_id: str) -> None:
        """Take a job that has not begun out of the queue and the history."""
        self.delete(job_id)

    def move(self, job_id: str, position: int) -> None:
        """Move a queued job among the queued ones."""
        self._change(lambda e: e.move(job_id, position))

    def delete(self, job_id: str) -> None:
        """Delete a job with its files; a running one is cancelled first."""
        if self._turn.cancel(job_id):
            self._delete_after.add(job_id)
            return
        if self._turn.postpone(lambda: self.delete(job_id)):
            return

        def work(engine: EngineCalls) -> None:
            engine.delete(job_id)
            self._post(self.job_removed.emit, job_id)

        self._change(work)

    def set_metadata(self, job_id: str, metadata: JobMetadata) -> None:
        """Change a job's metadata."""
        self._change(lambda e: (e.set_metadata(job_id, metadata),))

    def relocate(self, job_id: str, path: Path) -> None:
        """Look for a job's clip at another place; ``job_changed`` or a notice tells."""

        def work(engine: EngineCalls) -> Changed:
            try:
                record = engine.relocate(job_id, path)
            except CodefxError as error:
                error.job_id = job_id  # by it who asked knows the answer
                raise
            self._post(self.notice.emit, Notice("info", f"Found: {record.input_path}.", job_id))
            return (record,)

        self._change(work)

    # -- questions ----------------------------------------------------------------------------

    def save_output_as(self, job_id: str, target: Path) -> None:
        """Copy a job's output; a notice says when it is there."""

        def work(engine: EngineCalls) -> None:
            saved = engine.save_output(job_id, target)
            self._post(self.notice.emit, Notice("info", f"Saved as {saved}.", job_id))

        self._ask(self._pictures, work)

    def request_history(self, wanted: JobFilter, *, limit: int, offset: int) -> int:
        """Ask for a page of the history; returns the request's id, told again if it fails."""
        request_id = next(self._requests)

        def work(engine: EngineCalls) -> None:
            try:
                records, total = engine.page(wanted, limit, offset)
            except Exception:  # a bug, too: whoever asked must not wait for ever
                self._post(self.history_failed.emit, request_id)
                raise
            page = HistoryPage(request_id, records, total, offset)
            self._post(self.history_page.emit, page)

        self._ask(self._queries, work)
        return request_id

    def request_job(self, job_id: str) -> int:
        """Ask for a job of which only the id is known; returns the request's id."""
        request_id = next(self._requests)

        def work(engine: EngineCalls) -> None:
            record = None
            try:
                record = engine.get(job_id)
            except UnknownJob:
                log.info("Job %s is not in the history any more", job_id)
            finally:
                self._post(self.job_found.emit, JobFound(request_id, record))

        self._ask(self._queries, work)
        return request_id

    def request_logs(self, job_id: str) -> int:
        """Ask for a job's log; returns the request's id."""
        request_id = next(self._requests)

        def work(engine: EngineCalls) -> None:
            lines = engine.logs(job_id)
            self._post(self.job_logs.emit, JobLogs(request_id, job_id, lines))

        self._ask(self._queries, work)
        return request_id

    def request_thumbnail(self, job_id: str) -> None:
        """Ask for a small picture of a job's clip."""
        self._ask(
            self._pictures,
            lambda e: self._post(self.thumbnail.emit, Thumbnail(job_id, e.thumbnail(job_id))),
        )

    def request_clip(self, job_id: str) -> None:
        """Ask what a job's clip is; the answer comes when it was read, if nothing is kept."""

        def work(engine: EngineCalls) -> None:
            if (info := engine.clip_info(job_id)) is not None:
                self._on_run_event(ClipKnown(job_id, info))
            else:
                self._post(self._ahead.want, engine.get(job_id))

        self._ask(self._queries, work)

    def request_weights(self, spec: JobSpec) -> int:
        """Ask which weights a spec would use; returns the request's id."""
        request_id = next(self._requests)

        def work(engine: EngineCalls) -> None:
            found, message = engine.weights(spec)
            self._post(self.weights_answer.emit, WeightsAnswer(request_id, found, message))

        self._ask(self._queries, work)
        return request_id

    def request_segment_weights(self, spec: JobSpec) -> int:
        """Ask which segmentation weights a spec would use; returns the request's id."""
        request_id = next(self._requests)

        def work(engine: EngineCalls) -> None:
            found, message = engine.segment_weights(spec)
            self._post(self.weights_answer.emit, WeightsAnswer(request_id, found, message))

        self._ask(self._queries, work)
        return request_id

    def request_clip_sizes(self, paths: Sequence[Path]) -> int:
        """Ask how much dropped clips hold; the newest request wins. Returns the request's id."""
        request_id, wanted = next(self._requests), tuple(paths)
        self._sizes_wanted = request_id

        def work(engine: EngineCalls) -> None:
            known: list[ClipSize] = []
            unknown: list[str] = []
            for path, size in engine.clip_sizes(wanted):
                if self._end.is_set() or self._sizes_wanted != request_id:
                    return
                if size is None:
                    unknown.append(path.name)
                else:
                    known.append(size)
            answer = ClipSizes(request_id, tuple(known), tuple(unknown))
            self._post(self.clip_sizes.emit, answer)

        self._ask(self._headers, work)
        return request_id

    def request_start_defaults(self) -> None:
        """Ask what the start sheet begins with."""
        self._ask(self._queries, lambda e: self._post(self._on_defaults, e.start_defaults()))

    def save_profile(self, profile: Profile) -> None:
        """Keep an own profile; the start's defaults come again, with it or with a notice."""
        self._change_profiles(lambda e: e.save_profile(profile))

    def delete_profile(self, name: str) -> None:
        """Delete an own profile; the start's defaults come again, without it or with a notice."""
        self._change_profiles(lambda e: e.delete_profile(name))

    def frame_server(self, parent: QObject | None = None, *, shares: bool = False) -> FrameServer:
        """Return a new server of frames; it ends with the hub.

        Args:
            parent: The owner.
            shares: Whether it shares one memory budget with all others that do.
        """
        return self._servers.new(parent or self, shares=shares)

    def artifact_desk(self, parent: QObject | None = None) -> ArtifactDesk:
        """Return a new desk for artifacts; it ends with the hub."""
        return self._servers.new_desk(parent or self)

    def sound_player(self, parent: QObject | None = None) -> SoundPlayer:
        """Return a new player of clips' sound; it ends with the hub."""
        return self._servers.new_sound_player(parent or self)

    def stop_desk(self, parent: QObject | None = None) -> StopDesk:
        """Return a new desk for pit stops, whose changes are told as all others; ends as well."""
        desk = self._servers.new_stop_desk(parent or self)
        desk.changed.connect(self.job_changed)
        return desk

    def statistics_desk(self, parent: QObject | None = None) -> StatisticsDesk:
        """Return a new desk for statistics over the history; it ends with the hub."""
        return self._servers.new_statistics_desk(parent or self)

    def review_desk(self, parent: QObject | None = None) -> ReviewDesk:
        """Return a new desk for reviews, whose changes are told as all others; ends as well."""
        desk = self._servers.new_review_desk(parent or self)
        desk.changed.connect(self.job_changed)
        return desk

    def camera_desk(self) -> CameraDesk:
        """Return the desk for cameras, zones and templates: one for all, it ends with the hub."""
        if self._cameras is None:
            self._cameras = self._servers.new_camera_desk(self)
        return self._cameras

    def lane_desk(self, parent: QObject | None = None) -> LaneDesk:
        """Return a new desk for the timeline; it ends with the hub."""
        return self._servers.new_lane_desk(self.paths.cache / "peaks", parent or self)

    def export_desk(self, parent: QObject | None = None) -> ExportDesk:
        """Return a new desk for exports; it ends with the hub."""
        return self._servers.new_export_desk(parent or self)

    def model_desk(self, parent: QObject | None = None) -> ModelDesk:
        """Return a new desk for models; it ends with the hub."""
        return self._servers.new_model_desk(parent or self)

    def target_desk(self, parent: QObject | None = None) -> TargetDesk:
        """Return a new desk for targets; it ends with the hub."""
        return self._servers.new_target_desk(parent or self)

    def push_desk(self, parent: QObject | None = None) -> PushDesk:
        """Return a new desk for pushes; it ends with the hub."""
        return self._servers.new_push_desk(parent or self, lambda: self._turn.is_taken)

    # -- inside -------------------------------------------------------------------------------

    def _ask(self, pool: QThreadPool, work: Callable[[EngineCalls], None]) -> None:
        if self._opened is None or self._end.is_set():
            return
        engine = self._opened.engine

        def call() -> None:
            try:
                work(engine)
            except CodefxError as error:
                self._post(self.notice.emit, Notice("error", str(error), error.job_id))

        pool.start(Call(call, self._on_bug))

    def _change(self, work: Callable[[EngineCalls], Changed]) -> None:
        """Change the history, then tell what changed and look at the queue again."""

        def call(engine: EngineCalls) -> None:
            try:
                for record in work(engine) or ():
                    self._post(self.job_changed.emit, record)
            finally:
                self._post(self.queue_changed.emit, engine.queue())
                self._post(self._kick)

        self._ask(self._queries, call)

    def _change_profiles(self, change: Callable[[EngineCalls], None]) -> None:
        def work(engine: EngineCalls) -> None:
            try:
                change(engine)
            finally:
                self._post(self._on_defaults, engine.start_defaults())

        self._ask(self._queries, work)

    def _on_defaults(self, defaults: StartDefaults) -> None:
        self.start_defaults.emit(defaults)
        if defaults.trouble and defaults.trouble != self._profile_trouble:
            self.notice.emit(Notice("warning", defaults.trouble))
        self._profile_trouble = defaults.trouble

    def _kick(self) -> None:
        """Begin the next job if none runs."""
        if self._paused or self._turn.is_taken or self._end.is_set() or self._opened is None:
            return
        cancel, engine = self._turn.take(), self._opened.engine

        def call() -> None:
            ran = False
            try:
                finished = engine.run_next(
                    self._on_run_event, cancel, lambda r: self._post(self._on_began, r)
                )
                ran = finished is not None
            except CodefxError as error:  # the history cannot be used now; the timer tries again
                self._post(self.notice.emit, Notice("error", str(error), error.job_id))
            finally:
                self._post(self._on_idle, ran)

        self._runner.start(Call(call, self._on_bug))

    def _on_began(self, record: JobRecord) -> None:
        self._turn.begin(record)
        self.job_changed.emit(record)
        self._ask(self._queries, lambda e: self._post(self.queue_changed.emit, e.queue()))

    def _on_begun_meanwhile(self, record: JobRecord) -> None:
        """Cancel a job that began, here or in another program, before it could be cancelled."""
        again = partial(self._on_begun_meanwhile, record)
        if not (self._turn.cancel(record.id) or self._turn.postpone(again)):
            text = f"{record.input_filename} is being worked on by another program; stop it there."
            self.notice.emit(Notice("warning", text, record.id))

    def _on_idle(self, ran: bool) -> None:
        record = self._turn.end()
        if record is not None:
            if record.id in self._delete_after:
                self._delete_after.discard(record.id)
                self.delete(record.id)
            else:
                self._change(lambda e: (e.get(record.id),))
        if ran:
            self._kick()

    def _on_run_event(self, event: RunEvent | ClipReading) -> None:
        """Take what a run or a reading says; called on its workers, returns at once."""
        if isinstance(event, StageProgress | PreviewPicture | ScenesKnown | ClipReading):
            self._newest.put(event)
        elif isinstance(event, JobLogged):
            self._post(self.logged.emit, event)
        elif isinstance(event, ClipKnown):
            self._post(self._tell_last, self.clip_known, event)
        elif isinstance(event, JobFinished):
            self._post(self._tell_last, self.finished, event)

    def _tell_last(self, signal: SignalInstance, event: object) -> None:
        """Tell what ends something, after all that was said of it before."""
        self._flush()
        signal.emit(event)

    def _flush(self) -> None:
        for event in self._newest.take():
            if isinstance(event, StageProgress):
                self.progress.emit(event)
            elif isinstance(event, ClipReading):
                self.clip_reading.emit(event)
            elif isinstance(event, ScenesKnown):
                self.scenes.emit(event)
            else:
                self.preview.emit(event)

    def _post(self, receiver: Callable[..., object], *payload: object) -> None:
        """Have ``receiver(*payload)`` called in the main thread."""
        if not self._end.is_set():
            self._arrived.emit((receiver, payload))

    def _deliver(self, answer: Answer) -> None:
        receiver, payload = answer
        receiver(*payload)

    def _on_opened(self, opened: OpenedEngine) -> None:
        self._opened = opened
        self._servers.know(opened.engine)
        for timer in self._timers:
            timer.start()
        self.ready.emit()
        self._change(lambda _: None)
        self._ask_system()
        self._ask(self._models, lambda e: self._post(self.device.emit, e.device()))
        self._settle_reviews(of_all=True)

    def _on_open_failed(self, error: BaseException) -> None:
        text = str(error) if isinstance(error, CodefxError) else f"{type(error).__name__}: {error}"
        log.error("The history could not be opened", exc_info=error)
        self._servers.know(None)
        self._post(self.notice.emit, Notice("error", f"The history could not be opened. {text}"))
        self._post(self.unopened.emit, text)

    def _on_bug(self, error: BaseException) -> None:
        log.error("A worker failed unexpectedly", exc_info=error)
        text = f"Something unexpected happened ({type(error).__name__}: {error}). See the log file."
        self._post(self.notice.emit, Notice("error", text))

    def _ask_system(self) -> None:
        def work(engine: EngineCalls) -> None:
            if (state := engine.system()) is not None:
                self._post(self.system.emit, state)

        self._ask(self._pictures, work)

    def _ask_news(self) -> None:
        """Look at what other programs did to the history, and at the queue again."""
        self._change(lambda e: e.news())
        self._settle_reviews(of_all=False)

    def _settle_reviews(self, *, of_all: bool) -> None:
        """Have stops follow reviews that changed unseen: by a fetch, a push, before a crash."""
        if self._is_settling:
            return  # the next look sees what waits now
        self._is_settling = True

        def work(engine: EngineCalls) -> None:
            try:
                with suppress(Cancelled):
                    for record in engine.settle_reviews(self._end, of_all=of_all):
                        self._post(self.job_changed.emit, record)
            finally:
                self._post(self._on_settled)

        self._ask(self._settler, work)

    def _on_settled(self) -> None:
        self._is_settling = False

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer
