"""Stops that can be compared, looked for in the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.job import JobFilter
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import HistoryPage
    from codefx_desktop.ui.models.job_book import JobBook

PAGE: Final = 100
ENOUGH: Final = 60
"""More offers than this nobody reads; another word in the search field narrows them."""
TYPING_MS: Final = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """A stop that can be compared.

    Attributes:
        job_id: Its job.
        number: Which of the job's stops, from 1.
        title: Its clip.
        detail: Which stop, and of what race.
    """

    job_id: str
    number: int
    title: str
    detail: str


class CompareSearch(QObject):
    """Looks through the history for jobs with pit stops.

    Args:
        hub: Answers.
        book: Takes up the record of an offer that is taken.
    """

    found = Signal()
    """There are other offers."""

    def __init__(self, hub: Hub, book: JobBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub, self._book = hub, book
        self._request: int | None = None
        self._text = ""
        self._gathered: list[Offer] = []
        self._records: dict[str, JobRecord] = {}
        self.offers: tuple[Offer, ...] = ()
        self.is_known = False
        """Whether the history has answered yet."""
        self.is_failed = False
        """Whether it could not be read when it was asked last."""
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.refresh)
        hub.history_page.connect(self._on_page)
        hub.history_failed.connect(self._on_failed)
        hub.ready.connect(self._ask_again)
        hub.finished.connect(lambda _job: self._typing.start() if self.is_known else None)

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._text

    def look_for(self, text: str) -> None:
        """Look for clips whose names have a text, once typing rests."""
        if text != self._text:
            self._text = text
            self._typing.start()

    def refresh(self) -> None:
        """Look now."""
        self._typing.stop()
        self._gathered = []
        self._ask(0)

    def know(self, offer: Offer) -> None:
        """Let the window know the job of an offer that is taken."""
        record = self._records.get(offer.job_id)
        if record is not None and self._book.get(offer.job_id) is None:
            self._book.know(record)

    def _ask_again(self) -> None:
        """Ask what was asked before the history was open."""
        if self._request is not None:
            self.refresh()

    def _ask(self, offset: int) -> None:
        wanted = JobFilter(text=self._text)
        self._request = self._hub.request_history(wanted, limit=PAGE, offset=offset)

    def _on_page(self, page: HistoryPage) -> None:
        if page.request_id != self._request:
            return
        for record in page.records:
            if record.stop_count:
                self._records[record.id] = record
                self._gathered += _offers(record)
        upto = page.offset + len(page.records)
        if page.records and upto < page.total and len(self._gathered) < ENOUGH:
            self._ask(upto)
            return
        was_failed = self.is_failed
        self._request, self.is_known, self.is_failed = None, True, False
        offers = tuple(self._gathered)
        if offers != self.offers or not offers or was_failed:
            self.offers = offers
            self.found.emit()

    def _on_failed(self, request: int) -> None:
        if request == self._request:
            self._request, self.is_failed = None, True
            self.found.emit()


def _offers(record: JobRecord) -> list[Offer]:
    count = record.stop_count or 0
    said = record.metadata
    of = [said.series, said.race, words.moment(record.created_at)]
    return [
        Offer(
            record.id,
            number,
            record.input_filename,
            " \N{MIDDLE DOT} ".join(filter(None, (f"Stop {number} of {count}", *of))),
        )
        for number in range(1, count + 1)
    ]
