"""The choices of one export, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.sheet import OF_STOPS, Paper, Product, SheetRequest, WantedEvent
from codefx_desktop.jobs.export_values import ExportStep
from codefx_desktop.jobs.sheet_names import names_of
from codefx_desktop.ui.models import export_words

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.export_desk import ExportDesk
    from codefx_desktop.jobs.stop_values import StopsRead


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """What a person chose, remembered for the next time.

    Attributes:
        products: What is written.
        folder_text: Where to, as chosen or typed.
        paper: Of the report.
        pre_s: How long a clip begins before.
        post_s: How long it goes on after.
        burn_clock: Whether a clock is burnt into clip and still.
        draw: Whether boxes and stops are drawn there.
        pictures: YOLO: with pictures.
        only_corrected: YOLO, COCO: only frames with a corrected box.
    """

    products: tuple[Product, ...] = export_words.FIRST
    folder_text: str = ""
    paper: Paper = Paper.A4
    pre_s: float = 1.0
    post_s: float = 1.0
    burn_clock: bool = True
    draw: bool = True
    pictures: bool = False
    only_corrected: bool = False


@dataclass(frozen=True, slots=True)
class StopChoice:
    """A stop that can be chosen: its number, its name, its events with their names."""

    number: int
    name: str
    events: tuple[tuple[WantedEvent, str], ...] = ()


class ExportForm(QObject):
    """What is exported of a job, where to, and what came of it.

    Args:
        desk: Exports; its answers come as signals.
        record: The job.

    Attributes:
        choices: What is chosen.
        stop: Which stop report, clip and still are of.
        about: What clip and still are of; None: the whole stop.
        frame: The frame in view in Review, which a still shows; None: it is not in view.
        stops: The stops there are, as far as they are known.
        step: The export that was asked for last; None: none since the choices were changed.
    """

    changed = Signal()
    ended = Signal(object)
    """``ExportStep``: the last of an export."""

    def __init__(self, desk: ExportDesk, record: JobRecord, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.record = record
        self.choices = ExportChoices()
        self.stop = 1
        self.about: WantedEvent | None = None
        self.frame: int | None = None
        self.stops = tuple(
            StopChoice(number, f"Stop {number}")
            for number in range(1, (record.stop_count or 0) + 1)
        )
        self.step: ExportStep | None = None
        self._begin()
        desk.stepped.connect(self._on_step)

    # -- the choices --------------------------------------------------------------------------

    def begin_from(self, choices: ExportChoices) -> None:
        """Start with what was chosen the last time, as far as this job has it."""
        self.choices = choices
        self._begin()
        self.changed.emit()

    def show(self, stop: int | None, frame: int | None) -> None:
        """Start with the stop and the frame that a person looks at."""
        if stop is not None and any(one.number == stop for one in self.stops):
            self.stop = stop
        self.frame = frame
        self.changed.emit()

    def know(self, record: JobRecord) -> None:
        """Take the job as it is now."""
        self.record = record
        self.changed.emit()

    def know_stops(self, found: StopsRead) -> None:
        """Take the job's stops."""
        if found.job_id != self.record.id or not found.stops:
            return
        self.stops = tuple(
            StopChoice(
                shown.stop.number,
                f"Stop {shown.stop.number}",
                tuple(
                    (
                        WantedEvent(event.kind, event.place),
                        f"{found.labels.get(event.kind, event.kind)} {event.place}".strip(),
                    )
                    for event in shown.stop.events
                    if event.status is not EventStatus.NOT_FOUND
                ),
            )
            for shown in found.stops
        )
        self.changed.emit()

    def tick(self, product: Product, wanted: bool) -> None:
        """Choose whether something is written."""
        chosen = set(self.choices.products) - {product} | ({product} if wanted else set())
        self.choose(products=tuple(one for one in Product if one in chosen))

    def choose(self, **choices: Any) -> None:  # noqa: ANN401 - the fields of ExportChoices
        """Choose something; what was said about the former choices does not hold for it."""
        if not self.is_busy:
            self._settle(replace(self.choices, **choices))

    def choose_stop(self, number: int) -> None:
        """Choose which stop report, clip and still are of."""
        if not self.is_busy and number != self.stop:
            self.stop, self.about = number, None
            self._settle(self.choices)

    def choose_event(self, event: WantedEvent | None) -> None:
        """Choose what clip and still are of; None: the whole stop."""
        if not self.is_busy and event != self.about:
            self.about = event
            self._settle(self.choices)

    # -- what they mean -----------------------------------------------------------------------

    def trouble_of(self, product: Product) -> str:
        """Return why the job has nothing of a product; empty if it has."""
        if product is Product.STILL and self.frame is None and not self.stops:
            return "No frame of this job is in view in Review."
        return export_words.trouble(self.record, product)

    @property
    def products(self) -> tuple[Product, ...]:
        """What is written: what is ticked and there."""
        return tuple(one for one in self.choices.products if not self.trouble_of(one))

    @property
    def events(self) -> tuple[tuple[WantedEvent, str], ...]:
        """The events of the stop that is chosen, as far as they are known."""
        return next((one.events for one in self.stops if one.number == self.stop), ())

    @property
    def of_stop(self) -> bool:
        """Whether anything that is written is of one stop."""
        return bool({Product.PDF, Product.CLIP, Product.STILL} & set(self.products))

    @property
    def names(self) -> tuple[str, ...]:
        """What the files are called."""
        request = self.request()
        if request is None:
            return ()
        return tuple(
            name for product in request.products for name in names_of(self.record, request, product)
        )

    @property
    def hindrance(self) -> str:
        """Why nothing can be exported as chosen; empty if it can."""
        if self.record.status is JobStatus.QUEUED:
            return "The job waits in the queue; nothing was found yet."
        if not self.products:
            return "Tick what is to be exported."
        if not self.choices.folder_text.strip():
            return "Choose a folder."
        if self._folder() is None:
            return "Give the whole path of the folder."
        return ""

    @property
    def is_busy(self) -> bool:
        """Whether it is being exported."""
        return self.step is not None and not self.step.phase.is_final

    def request(self, *, replace: bool = False) -> SheetRequest | None:
        """Return what is to be exported; None while something hinders it.

        Args:
            replace: Replace files that are in the way.
        """
        folder, choices = self._folder(), self.choices
        if folder is None or not self.products:
            return None
        return SheetRequest(
            self.products,
            folder,
            stop=self.stop,
            event=self.about,
            pre_s=choices.pre_s,
            post_s=choices.post_s,
            frame=None if self.about is not None else self.frame,
            burn_clock=choices.burn_clock,
            draw=choices.draw,
            paper=choices.paper,
            only_corrected=choices.only_corrected,
            pictures=choices.pictures and Product.YOLO in self.products,
            replace=replace,
        )

    # -- doing it -----------------------------------------------------------------------------

    def start(self, *, replace: bool = False) -> None:
        """Export as chosen, unless something hinders it.

        Args:
            replace: Replace files that are in the way: a person was asked.
        """
        if self.is_busy or self.hindrance:
            return
        request = self.request(replace=replace)
        assert request is not None
        request_id = self._desk.export(self.record.id, request)
        self.step = ExportStep(request_id, self.record.id, request)
        self.changed.emit()

    def stop_export(self) -> None:
        """Stop the export."""
        if self.step is not None and self.is_busy:
            self._desk.cancel(self.step.request_id)

    # -- inside -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Fill in what nobody has chosen yet."""
        if not self.choices.folder_text:
            own = str(self.record.job_dir / "report")
            self.choices = replace(self.choices, folder_text=own)
        if not any(not self.trouble_of(one) for one in self.choices.products):
            first = next((one for one in (*OF_STOPS, *Product) if not self.trouble_of(one)), None)
            if first is not None:
                self.choices = replace(self.choices, products=(first,))

    def _settle(self, choices: ExportChoices) -> None:
        self.choices, self.step = choices, None
        self.changed.emit()

    def _folder(self) -> Path | None:
        try:
            folder = Path(self.choices.folder_text.strip()).expanduser()
        except RuntimeError:  # ~somebody who is not there
            return None
        return folder if folder.is_absolute() else None

    def _on_step(self, step: ExportStep) -> None:
        if self.step is None or step.request_id != self.step.request_id:
            return
        self.step = step
        self.changed.emit()
        if step.phase.is_final:
            self.ended.emit(step)
