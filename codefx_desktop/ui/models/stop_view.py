"""The stops of the job in focus: read while they are looked at, changed by what a person says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.stop import StopFacts
    from codefx_desktop.jobs.stop_desk import StopDesk
    from codefx_desktop.jobs.stop_values import StopShown, StopsRead
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection


class StopView(QObject):
    """The stops of the job that is selected; while clips are reviewed, of the one in view.

    Nothing is read before somebody looks.

    Args:
        desk: Reads and changes stops.
        book: The jobs.
        selection: The job in focus.
        clip: The clip in view in Review.
    """

    changed = Signal()
    """Another job, or what is known of its stops."""
    chosen = Signal()
    """Another stop of the same job."""
    told = Signal(str)
    """A person changed the stops of a job (its id) here."""

    def __init__(
        self,
        desk: StopDesk,
        book: JobBook,
        selection: Selection,
        clip: ClipView,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._book, self._selection, self._clip = desk, book, selection, clip
        self.job_id: str | None = None
        self.found: StopsRead | None = None
        self.index = 0
        self.is_busy = False
        self.is_in_front = False
        """Whether anybody sees the stops."""
        self._reviews = False
        self._seen: object = None
        desk.read.connect(self._on_read)
        desk.busied.connect(self._on_busied)
        desk.changed.connect(lambda record: self.told.emit(record.id))
        selection.changed.connect(self._follow)
        clip.phased.connect(self._follow)
        book.changed.connect(self._on_job)

    @property
    def shown(self) -> StopShown | None:
        """The stop that is shown; None where there is none (yet)."""
        stops = () if self.found is None else self.found.stops
        return stops[self.index] if 0 <= self.index < len(stops) else None

    @property
    def clip_name(self) -> str:
        """Name of the clip whose stops these are."""
        entry = self._book.get(self.job_id)
        return entry.record.input_filename if entry else ""

    @property
    def views_a_file(self) -> bool:
        """Whether a clip is reviewed that is no job's, so that there are no stops to show."""
        return self._reviews and self._clip.path is not None and self._clip.job_id is None

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether anybody sees the stops."""
        self.is_in_front = in_front
        self._follow()

    def set_reviewing(self, reviews: bool) -> None:
        """Tell whether clips are reviewed: then it is about the clip in view."""
        self._reviews = reviews
        self._follow()

    def choose(self, index: int) -> None:
        """Show another stop of the job."""
        if index != self.index:
            self.index = index
            self.chosen.emit()

    def flip(self) -> None:
        """Have front and rear exchanged."""
        shown = self.shown
        if shown is not None and shown.stop.heading.front_deg is not None:
            self.set_front(shown.stop.heading.front_deg + 180.0)

    def set_front(self, front_deg: float, *, mirrored: bool | None = None) -> None:
        """Have the stops found again for a car that points that way on the picture."""
        shown = self.shown
        if self.job_id is not None and shown is not None and not self.is_busy:
            as_is = shown.stop.heading.mirrored
            self._desk.set_front(
                self.job_id, front_deg % 360.0, as_is if mirrored is None else mirrored
            )

    def say(self, number: int, facts: StopFacts) -> None:
        """Keep what a person says about one of the job's stops."""
        if self.job_id is not None:
            self._desk.set_facts(self.job_id, number, facts)

    def share(self, job_ids: Sequence[str], facts: StopFacts) -> None:
        """Say the same about the stops of other jobs."""
        if job_ids:
            self._desk.share_facts(job_ids, facts)

    def correct(self, name: str, value_s: float | None) -> None:
        """Correct one of the job's classic times."""
        if self.job_id is not None:
            self._desk.set_classic(self.job_id, name, value_s)

    def look_again(self, job_id: str) -> None:
        """Read a job's stops again, for somebody else changed them."""
        if job_id == self.job_id:
            self._seen = None
            self._follow()

    def shutdown(self) -> None:
        """Read nothing any more."""
        self.set_in_front(False)
        self._desk.shutdown()

    # -- inside -------------------------------------------------------------------------------

    def _wanted(self) -> str | None:
        if self.views_a_file:
            return None
        if self._reviews and self._clip.job_id is not None:
            return self._clip.job_id
        return self._selection.job_id

    def _follow(self) -> None:
        if not self.is_in_front:
            return
        wanted = self._wanted()
        if wanted == self.job_id and (wanted is None or self._seen == self._state()):
            if wanted is None:
                self.changed.emit()
            return
        if wanted != self.job_id:
            self.job_id, self.found, self.index = wanted, None, 0
            self.changed.emit()
        self._look()

    def _look(self) -> None:
        self._seen = self._state()
        if self.job_id is None:
            self._desk.close()
        else:
            self._desk.open(self.job_id)

    def _state(self) -> object:
        """Return what of the job makes looking again worth it."""
        entry = self._book.get(self.job_id)
        return (entry.record.status, entry.record.stop_count, entry.record.classic) if entry else ()

    def _on_job(self, job_id: str) -> None:
        if self.is_in_front and job_id == self.job_id and self._state() != self._seen:
            self._look()

    def _on_read(self, found: StopsRead) -> None:
        if found.job_id != self.job_id:
            return
        self.found = found
        self.index = min(self.index, max(len(found.stops) - 1, 0))
        self.changed.emit()

    def _on_busied(self, busy: bool) -> None:
        self.is_busy = busy
        self.changed.emit()
