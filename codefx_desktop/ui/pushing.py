"""Pushing as one thing: the outbox, the dialogs around it, what the status bar says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from codefx_desktop.domain.push import PushState
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.settings.settings import locked_fields
from codefx_desktop.ui.fetch_dialog import FetchDialog
from codefx_desktop.ui.free_dialog import FreeDialog
from codefx_desktop.ui.links_dialog import LinksDialog, links_text
from codefx_desktop.ui.models import push_words
from codefx_desktop.ui.models.outbox_list import OutboxList
from codefx_desktop.ui.models.outbox_state import OutboxState, outbox_state
from codefx_desktop.ui.models.push_form import PushForm
from codefx_desktop.ui.models.push_memory import PushMemory
from codefx_desktop.ui.outbox_panel import OutboxPanel
from codefx_desktop.ui.push_actions import PushActions
from codefx_desktop.ui.push_dialog import PushDialog
from codefx_desktop.ui.targets_window import TargetsWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.push import Push, PushProgress
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.push_values import FetchStep, LinksAnswer
    from codefx_desktop.jobs.target_values import TargetList
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme

CLOCK_MS = 1_000
LIMIT = "push_limit_mbit"


class Pushing(QObject):
    """Makes the desks of pushes and targets, and everything that stands over them.

    Args:
        hub: Makes the desks.
        book: The jobs.
        selection: The job in focus.
        store: Keeps the last choices.
        theme: The theme.
        window: Owns the actions; dialogs stand over it.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    outbox_wanted = Signal()
    """Show the outbox."""
    job_wanted = Signal(str)
    """Show a job."""
    review_joined = Signal(str)
    """Others' steps may have come into the review of a job."""
    state_changed = Signal(object)
    """``OutboxState``: what the status bar says."""

    def __init__(
        self,
        hub: Hub,
        book: JobBook,
        selection: Selection,
        store: QSettings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._hub, self._book, self._selection = hub, book, selection
        self._theme, self._window = theme, window
        self.memory = PushMemory(store)
        self.desk, self.target_desk = hub.push_desk(self), hub.target_desk(self)
        self.rows = OutboxList(self.desk, self)
        self.panel = OutboxPanel(self.desk, self.rows, theme)
        self.actions = PushActions(window, theme)
        self.dialog: PushDialog | FetchDialog | FreeDialog | LinksDialog | None = None
        self.targets_window: TargetsWindow | None = None
        self.targets: TargetList | None = None
        self.state = OutboxState("")
        self._is_paused = False
        self._copies = 0
        self._note = ""
        self._stopped: frozenset[int] = frozenset()
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK_MS)
        self._clock.timeout.connect(self._tell_state)
        self._listen()
        self._settle()
        self._tell_state()

    def _listen(self) -> None:
        actions, panel, desk = self.actions, self.panel, self.desk
        actions.push.triggered.connect(self.push_chosen)
        actions.links.triggered.connect(self._links_of_chosen)
        actions.outbox.triggered.connect(self.outbox_wanted)
        actions.pause.triggered.connect(desk.pause_all)
        actions.targets.triggered.connect(self.show_targets)
        actions.fetch.triggered.connect(self.ask_fetch)
        actions.free.triggered.connect(self.ask_free)
        panel.push_wanted.connect(self.push_chosen)
        panel.targets_wanted.connect(self.show_targets)
        panel.links_wanted.connect(self.show_links)
        panel.copy_wanted.connect(self._copy_links)
        panel.job_wanted.connect(self.job_wanted)
        panel.limit_changed.connect(self._on_limit)
        desk.pushes.connect(self._on_pushes)
        desk.pushed.connect(self._on_pushed)
        desk.all_paused.connect(self._on_paused)
        desk.links_ready.connect(self._on_links)
        desk.fetched.connect(self._on_fetch_step)
        desk.deleted.connect(self._hub.delete)
        desk.trouble.connect(lambda text: self.noticed.emit(Notice("error", text)))
        self.target_desk.listed.connect(self._on_targets)
        self._selection.changed.connect(self._settle)
        self._book.changed.connect(self._on_job)
        self.rows.listed.connect(self._settle)
        self._hub.ready.connect(self._begin)

    def _begin(self) -> None:
        """Take up the last choices, look at the outbox, and go on with what waits in it."""
        settings = self._hub.settings
        limit = settings.push_limit_mbit
        if LIMIT in locked_fields():
            self.panel.limit.setEnabled(False)
            self.panel.limit.setToolTip("Set by CODEFX_PUSH_LIMIT_MBIT")
        else:
            limit = self.memory.limit_mbit(limit)
        self.panel.show_limit(limit)
        if limit != settings.push_limit_mbit:
            self.desk.set_limit(limit)
        self.desk.pause_all(self.memory.paused)
        self.desk.start()
        self.target_desk.request_list()

    # -- what a person does -------------------------------------------------------------------

    def push_chosen(self) -> None:
        """Ask what of the job in focus is pushed, and where to."""
        if (entry := self._book.get(self._selection.job_id)) is not None:
            self.push([entry.record])

    def push_jobs(self, job_ids: Sequence[str]) -> None:
        """Ask what of jobs is pushed, and where to."""
        entries = (self._book.get(job_id) for job_id in job_ids)
        if records := [entry.record for entry in entries if entry is not None]:
            self.push(records)

    def push(self, records: Sequence[JobRecord]) -> None:
        """Ask what of jobs is pushed, and where to."""
        removes = self._hub.settings.cleanup_local_video_after_upload
        form = PushForm(self.desk, self.rows, self.memory, records, removes_copies=removes)
        dialog = PushDialog(form, self._theme, self._window)
        form.setParent(dialog)
        if self.targets is not None:
            form.offer(self.targets)
        self.target_desk.listed.connect(form.offer)
        dialog.targets_wanted.connect(self.show_targets)
        dialog.accepted.connect(self.outbox_wanted)
        self.target_desk.request_list()
        self._open(dialog)

    def show_targets(self) -> None:
        """Show the targets."""
        if self.targets_window is None:
            self.targets_window = TargetsWindow(self.target_desk, self._theme, self._window)
        self._bring(self.targets_window)

    def show_links(self, push_id: int) -> None:
        """Show the links of a push."""
        if (push := self.rows.push(push_id)) is not None:
            dialog = LinksDialog(push, self._ttl_s(push), self.desk, self._theme, self._window)
            dialog.ttl_chosen.connect(self.memory.keep_ttl)
            self._open(dialog)

    def ask_fetch(self) -> None:
        """Ask for a pushed job and bring it here."""
        dialog = FetchDialog(self.desk, self._window)
        if self.targets is not None:
            dialog.offer(self.targets, self.memory.target)
        dialog.fetched.connect(self._on_fetched)
        self._open(dialog)

    def ask_free(self) -> None:
        """Show what could leave this machine."""
        self._open(FreeDialog(self.desk, self._window))

    def places_of(self, job_id: str) -> tuple[str, ...]:
        """Return the targets that have something of a job."""
        found = self.rows.of_job(job_id)
        return tuple(push.target for push in found if push.files_sent)

    def word_of(self, job_id: str) -> str:
        """Return how the pushes of a job stand, in a word or two."""
        return push_words.in_short(self.rows.of_job(job_id))

    def words_of(self, job_id: str) -> str:
        """Return how the pushes of a job stand, a line for each."""
        return push_words.of_job(self.rows.of_job(job_id))

    def delete_everywhere(self, job_id: str) -> None:
        """Delete what targets have of a job, then the job; a trouble leaves it here."""
        self.desk.delete_remote(job_id)

    # -- inside -------------------------------------------------------------------------------

    def _open(self, dialog: PushDialog | FetchDialog | FreeDialog | LinksDialog) -> None:
        """Show a dialog over the window; what the window shows stays in reach."""
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._let_go(dialog))
        self._bring(dialog)

    def _bring(self, window: QWidget) -> None:
        window.show()
        window.raise_()
        window.activateWindow()

    def _let_go(self, dialog: QObject) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()

    def _pushed_of(self, job_id: str | None) -> Push | None:
        """Return the newest push of a job that ended well."""
        pushed = [push for push in self.rows.of_job(job_id) if push.state is PushState.PUSHED]
        return pushed[-1] if pushed else None

    def _links_of_chosen(self) -> None:
        if (push := self._pushed_of(self._selection.job_id)) is not None:
            self.show_links(push.id)

    def _ttl_s(self, push: Push) -> int:
        rows = self.targets.rows if self.targets is not None else ()
        own = next((row.target.url_ttl_s for row in rows if row.target.name == push.target), 3600)
        return self.memory.ttl_s(own)

    def _copy_links(self, push_id: int) -> None:
        if (push := self.rows.push(push_id)) is not None:
            self._copies = self.desk.links(push.job_id, push.target, self._ttl_s(push))

    def _on_links(self, answer: LinksAnswer) -> None:
        if answer.request_id != self._copies:
            return
        self._copies = 0
        if answer.links is None:
            self.noticed.emit(Notice("error", answer.message, answer.job_id))
            return
        QGuiApplication.clipboard().setText(links_text(answer.links))
        count = len(answer.links.files)
        self.noticed.emit(Notice("info", f"{count} links copied.", answer.job_id))

    def _on_pushes(self, pushes: Sequence[PushProgress]) -> None:
        stopped = {one.push.id: one.push for one in pushes if one.push.state is PushState.STOPPED}
        for push_id in stopped.keys() - self._stopped:
            self.review_joined.emit(stopped[push_id].job_id)
        self._stopped = frozenset(stopped)
        self._tell_state()

    def _on_pushed(self, push: Push) -> None:
        text = f"{push.job_name} is in the outbox for {push.target}."
        self.noticed.emit(Notice("info", text, push.job_id))

    def _on_fetched(self, record: JobRecord) -> None:
        self._hub.job_changed.emit(record)
        self._book.know(record)
        self._selection.choose(record.id)
        self.job_wanted.emit(record.id)
        self.review_joined.emit(record.id)
        text = f"{record.input_filename} is here now. {self._note}".rstrip()
        self.noticed.emit(Notice("warning" if self._note else "info", text, record.id))

    def _on_fetch_step(self, step: FetchStep) -> None:
        self._note = step.note

    def _on_targets(self, found: TargetList) -> None:
        self.targets = found
        self.panel.show_targets(bool(found.rows))

    def _on_limit(self, mbit: float) -> None:
        self.memory.keep_limit(mbit)
        self.desk.set_limit(mbit)

    def _on_paused(self, paused: bool) -> None:
        self._is_paused = self.memory.paused = paused
        self.actions.pause.setChecked(paused)
        self._tell_state()

    def _on_job(self, job_id: str) -> None:
        if job_id == self._selection.job_id:
            self._settle()

    def _settle(self) -> None:
        """Allow what makes sense for the job in focus."""
        entry = self._book.get(self._selection.job_id)
        self.actions.push.setEnabled(entry is not None and entry.record.status.is_final)
        self.actions.links.setEnabled(self._pushed_of(self._selection.job_id) is not None)

    def _tell_state(self) -> None:
        now = datetime.now(UTC)
        state = outbox_state(self.rows.all(), now, paused=self._is_paused)
        counts = any(one.push.next_try_at for one in self.rows.all())
        if counts != self._clock.isActive():
            self._clock.start() if counts else self._clock.stop()
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
