"""Which stops were compared when the window was closed: kept as a text, taken up again."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobFilter
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.models.compare_align import STOP
from codefx_desktop.ui.models.compare_view import MOST, Arrangement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QSettings

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import HistoryPage
    from codefx_desktop.ui.models.compare_align import Slot
    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.models.job_book import JobBook

KEPT: Final = "compare/stops"
PAGE: Final = 100
REST_MS: Final = 500
"""So long after the last change it is written down: a battery may be pulled."""
LONGEST_S: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class KeptStop:
    """One stop that was compared.

    Attributes:
        job_id: Its job.
        number: Which of the job's stops.
        offset_s: How far it ran ahead of its event, true seconds.
        name: Its clip, to look for it and to say what is missing.
    """

    job_id: str
    number: int
    offset_s: float
    name: str


@dataclass(frozen=True, slots=True)
class KeptCompare:
    """All that was compared.

    Attributes:
        stops: In the order of the panes.
        slot: The event they were aligned on.
        reference: Number of the pane that the others were held against.
        arrangement: How the pictures were set against each other.
    """

    stops: tuple[KeptStop, ...] = ()
    slot: Slot = STOP
    reference: int = 0
    arrangement: Arrangement = Arrangement.SIDE


class CompareMemory(QObject):
    """Keeps what is compared, and takes it up when somebody looks for the first time.

    Args:
        hub: Knows the jobs of the history.
        book: Takes them up.
        view: The stops.
        store: Keeps the text.
    """

    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    def __init__(
        self, hub: Hub, book: JobBook, view: CompareView, store: QSettings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._hub, self._book, self._view, self._store = hub, book, view, store
        self._kept: KeptCompare | None = kept_from(str(store.value(KEPT, "")))
        self._open: list[KeptStop] = []
        """Stops whose jobs are still looked for, the first of them now."""
        self._request: int | None = None
        self._offset = 0
        self._after: list[Callable[[], object]] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.keep)
        for signal in (view.listed, view.arranged, view.looked):
            signal.connect(self._rest.start)
        hub.history_page.connect(self._on_page)
        hub.history_failed.connect(self._on_failed)
        hub.ready.connect(self._ask)

    def take_up(self, after: Callable[[], object] | None = None) -> None:
        """Compare again what was compared; then do something, at once where nothing was.

        Args:
            after: What follows.
        """
        if after is not None:
            self._after.append(after)
        if self._kept is not None and not self._open:
            self._open = [one for one in self._kept.stops if self._book.get(one.job_id) is None]
            self._ask()
        if not self._open:
            self._done()

    def forget(self) -> None:
        """Compare nothing of what was compared: others take its place."""
        self._kept, self._open, self._request = None, [], None
        self._after = []

    def keep(self) -> None:
        """Write down what is compared, and what was while nobody could look it up."""
        now = kept_of(self._view)
        if self._kept is not None:
            there = {(one.job_id, one.number) for one in self._kept.stops}
            new = [one for one in now.stops if (one.job_id, one.number) not in there]
            now = replace(self._kept, stops=(*self._kept.stops, *new)[:MOST])
        self._store.setValue(KEPT, kept_text(now))

    # -- inside -------------------------------------------------------------------------------

    def _ask(self, offset: int = 0) -> None:
        if self._open:
            self._offset = offset
            wanted = JobFilter(text=self._open[0].name)
            self._request = self._hub.request_history(wanted, limit=PAGE, offset=offset)

    def _on_page(self, page: HistoryPage) -> None:
        if page.request_id != self._request or not self._open:
            return
        found = next((one for one in page.records if one.id == self._open[0].job_id), None)
        upto = page.offset + len(page.records)
        if found is None and page.records and upto < page.total:
            self._ask(upto)
            return
        if found is not None:
            self._book.know(found)
        self._open.pop(0)
        self._request = None
        if self._open:
            self._ask()
        else:
            self._done()

    def _on_failed(self, request: int) -> None:
        """Go on without what was compared; it is looked for again next time."""
        if request == self._request:
            self._open, self._request = [], None
            self._go_on()

    def _done(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            there = [one for one in kept.stops if self._book.get(one.job_id) is not None]
            gone = [one.name for one in kept.stops if one not in there]
            put_back(self._view, kept, there)
            if gone:
                names = " and ".join(dict.fromkeys(gone))
                text = f"{names}: not in the history any more, so it is compared no longer."
                self.noticed.emit(Notice("warning", text))
        self._go_on()

    def _go_on(self) -> None:
        waiting, self._after = self._after, []
        for act in waiting:
            act()


def put_back(view: CompareView, kept: KeptCompare, there: Sequence[KeptStop]) -> None:
    """Compare stops as they were compared, beside those that others have taken up meanwhile.

    Args:
        view: The stops.
        kept: What was compared.
        there: Those of it whose jobs are known.
    """
    is_first = not view.panes
    places = {one: view.focus for one in there if view.add(one.job_id, one.number)}
    if not places:
        return
    offsets = {at: one.offset_s for one, at in places.items()}
    if is_first:
        held = kept.stops[kept.reference] if kept.reference < len(kept.stops) else there[0]
        view.put(kept.slot, offsets, places.get(held, 0), kept.arrangement)
    else:
        view.put(view.slot, offsets, view.reference, view.look.arrangement)


def kept_of(view: CompareView) -> KeptCompare:
    """Return what is compared now."""
    stops = tuple(
        KeptStop(pane.job_id, pane.number, pane.offset_s, pane.name) for pane in view.panes
    )
    return KeptCompare(stops, view.slot, view.reference, view.look.arrangement)


def kept_text(kept: KeptCompare) -> str:
    """Return it as a text."""
    return json.dumps(asdict(kept))


def kept_from(text: str) -> KeptCompare | None:
    """Return what a text tells; None for nothing, or for what cannot be used."""
    try:
        values = json.loads(text)
        stops = tuple(_stop(one) for one in values["stops"][:MOST])
        kind, place = values["slot"]
        kept = KeptCompare(
            stops,
            (str(kind), Place(place)),
            max(int(values["reference"]), 0),
            Arrangement(values["arrangement"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return kept if kept.stops else None


def _stop(values: dict[str, Any]) -> KeptStop:
    offset_s = float(values["offset_s"])
    if not (math.isfinite(offset_s) and abs(offset_s) < LONGEST_S):
        raise ValueError(f"offset of {offset_s} s")
    return KeptStop(
        str(values["job_id"]), max(int(values["number"]), 1), offset_s, str(values["name"])
    )
