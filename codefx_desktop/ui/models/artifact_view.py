"""The artifacts of the job in focus: which frame is wanted, what has come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.jobs.artifact_values import (
    NO_FILES,
    PICTURES,
    ArtifactFile,
    ArtifactList,
    ArtifactState,
    FrameNotes,
    FullPicture,
    ShownArtifact,
)
from codefx_desktop.ui.models.artifact_facts import pictures_of
from codefx_desktop.ui.models.artifact_rows import ArtifactRows

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobStatus
    from codefx_desktop.jobs.artifact_desk import ArtifactDesk
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection

AGAIN_MS: Final = 2_000
"""How often the folder of a job at work is looked at."""
LOAD: Final = 20
"""Looking takes at most this part of the time, one in so many: the job needs the disk, too."""
RESIZE_MS: Final = 150
ALL_PICTURES: Final = PICTURES[0] | PICTURES[1] | PICTURES[2] | PICTURES[3]


class ArtifactView(QObject):
    """What the artifact browser is about.

    It follows the job in focus while it is in sight, and lets go of nothing that a person chose:
    the frame stays when the list grows.

    Args:
        desk: Reads artifacts; its answers come as signals.
        book: The jobs.
        selection: The job in focus.
    """

    listed = Signal()
    """Another job, or more is known of its artifacts."""
    moved = Signal()
    """Another frame is wanted."""
    shown_changed = Signal()
    """A frame has come, or there is none."""
    looked = Signal()
    """Other pictures are looked at."""
    fetched = Signal(object)
    """``FullPicture``, as asked for by ``fetch``."""

    def __init__(
        self,
        desk: ArtifactDesk,
        book: JobBook,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._book, self._selection = desk, book, selection
        self.rows = ArtifactRows(self)
        self.job_id: str | None = None
        self.found: ArtifactList | None = None
        self.number: int | None = None
        self.shown: ShownArtifact | None = None
        self.looks: ArtifactFile = ALL_PICTURES
        self._status: tuple[JobStatus | None, object] = (None, None)
        self._at_most = (640, 360)
        self._in_front = False
        self._again = self._timer(AGAIN_MS, self._look_again)
        self._resized = self._timer(RESIZE_MS, self._ask)
        selection.changed.connect(self._follow)
        book.changed.connect(self._on_job)
        desk.listed.connect(self._on_listed)
        desk.described.connect(self._on_described)
        desk.shown.connect(self._on_shown)
        desk.fetched.connect(self._on_fetched)
        self.rows.notes_wanted.connect(desk.describe)

    # -- which job ----------------------------------------------------------------------------

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the artifacts are in sight; out of sight nothing is read."""
        self._in_front = in_front
        if in_front:
            self._follow()
            self.look_again()
        else:
            self._again.stop()

    def look_again(self) -> None:
        """List the artifacts of the job anew."""
        self._again.stop()
        if self._in_front and self.job_id is not None:
            self._desk.open(self.job_id)

    def pictures(self) -> tuple[ArtifactFile, ...]:
        """Return the pictures that the job's frames have or are to have."""
        return () if self.found is None else pictures_of(self.found)

    # -- which frame --------------------------------------------------------------------------

    def choose(self, number: int) -> None:
        """Show a frame because a person wants it; the next job's start will not take it away."""
        self._selection.hold()
        self._go(number)

    def step(self, rows: int) -> None:
        """Go on by so many rows, backwards if negative, and stop at the ends."""
        here = self.rows.row_of(self.number) if self.number is not None else -1
        number = self.rows.number_at(min(max(here + rows, 0), self.rows.rowCount() - 1))
        if number is not None:
            self.choose(number)

    def filter_scene(self, scene: int | None) -> None:
        """List one scene's frames, or all; a frame that is not listed any more is left."""
        self.rows.set_scene(scene)
        if self.number is not None:
            row = self.rows.row_of(self.number)
            number = self.rows.number_at(row)
            if number is not None and number != self.number:
                self._go(number)

    # -- which pictures -----------------------------------------------------------------------

    def look_at(self, looks: ArtifactFile) -> None:
        """Show one kind of picture, or with ``ALL_PICTURES`` all side by side."""
        if looks != self.looks:
            self.looks = looks
            self.looked.emit()
            self._ask()

    def kinds(self) -> tuple[ArtifactFile, ...]:
        """Return the pictures that are to be seen; the original where the wanted one is none."""
        there = self.pictures()
        wanted = tuple(kind for kind in there if kind & self.looks)
        return wanted or there[:1]

    def set_place(self, width: int, height: int) -> None:
        """Tell how many pixels of the screen each picture has; larger ones are read anew."""
        size = (max(width, 1), max(height, 1))
        grown = size[0] > self._at_most[0] or size[1] > self._at_most[1]
        self._at_most = size
        if grown and self.shown is not None:
            self._resized.start()

    def fetch(self, kind: ArtifactFile) -> None:
        """Ask for the shown frame's picture of its full size."""
        if self.shown is not None:
            self._desk.fetch(self.shown.number, kind)

    def shutdown(self) -> None:
        """Read nothing any more."""
        self.set_in_front(False)
        self._desk.shutdown()

    # -- inside -------------------------------------------------------------------------------

    def _follow(self) -> None:
        job_id = self._selection.job_id
        if not self._in_front or job_id == self.job_id:
            return
        self.job_id, self.found, self.number, self.shown = job_id, None, None, None
        self._status = self._status_now()
        self.rows.show_list(None)
        self.listed.emit()
        self.moved.emit()
        self.shown_changed.emit()
        if job_id is None:
            self._desk.close()
        else:
            self.look_again()

    def _status_now(self) -> tuple[JobStatus | None, object]:
        entry = self._book.get(self.job_id)
        return (entry.record.status, entry.record.artifact_frames) if entry else (None, None)

    def _on_job(self, job_id: str) -> None:
        """Look again when a job begins or ends, and when the history knows what became of it."""
        if job_id == self.job_id and self._status_now() != self._status:
            self._status = self._status_now()
            self.look_again()

    def _look_again(self) -> None:
        if self._in_front and self.job_id is not None:
            self._desk.open(self.job_id)

    def _on_listed(self, found: ArtifactList) -> None:
        if found.job_id != self.job_id:
            return
        self._again.stop()
        had_frames = self.found is not None and len(self.found) > 0
        self.found = found
        self.rows.show_list(found)
        self.listed.emit()
        if not len(found):
            self._leave()
        elif not had_frames or self.number is None:
            self._go(int(found.numbers[0]))
        elif self._has_trouble() and found.size_bytes is None:
            self._ask()
        if found.state is ArtifactState.GROWING:
            self._again.start(max(AGAIN_MS, round(LOAD * found.took_s * 1000)))

    def _has_trouble(self) -> bool:
        """Return whether something of the shown frame could not be read; it may be there now."""
        shown = self.shown
        if shown is None:
            return False
        texts = (shown.json.trouble, shown.toon.trouble)
        return any((*texts, *(picture.trouble for picture in shown.pictures)))

    def _leave(self) -> None:
        if self.number is not None or self.shown is not None:
            self.number = self.shown = None
            self.moved.emit()
            self.shown_changed.emit()

    def _go(self, number: int) -> None:
        is_there = self.shown is not None and self.shown.number == number
        if number == self.number and is_there:
            return
        self.number = number
        self.moved.emit()
        self._ask()

    def _ask(self) -> None:
        self._resized.stop()
        if self.number is None or self.found is None:
            return
        kinds = NO_FILES
        for kind in self.kinds():
            kinds |= kind
        self._desk.show(self.number, kinds, self._at_most)

    def _on_described(self, notes: FrameNotes) -> None:
        if notes.job_id == self.job_id:
            self.rows.describe(notes.notes)

    def _on_shown(self, shown: ShownArtifact) -> None:
        if shown.job_id == self.job_id and self.number is not None:
            self.shown = shown
            self.shown_changed.emit()

    def _on_fetched(self, full: FullPicture) -> None:
        if full.job_id == self.job_id:
            self.fetched.emit(full)

    def _timer(self, interval_ms: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer
