"""Writes what is exported of a job, one product after another; blocks and belongs on a worker.

Everything is looked at before anything is written: what cannot be had, and whose file is in the
way, is told first. Each file appears under its name only when it is whole.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.files import jpeg, write_whole
from codefx_desktop.artifacts.formats import encode
from codefx_desktop.artifacts.layout import FrameKind
from codefx_desktop.artifacts.paint_clock import clock_of, paint_clock
from codefx_desktop.artifacts.stop_report import durations_csv, events_csv, stops_content
from codefx_desktop.domain.errors import ClipError, NotWritable
from codefx_desktop.domain.export import ExportFormat, ExportRequest
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.sheet import (
    COPIES,
    OF_OBJECTS,
    OF_PICTURES,
    Product,
    SheetDone,
    WrittenProduct,
)
from codefx_desktop.jobs.corrected_job import read_corrected
from codefx_desktop.jobs.encoder_trials import EncoderTrials
from codefx_desktop.jobs.exporting import Exporter
from codefx_desktop.jobs.redrawing import Redrawing, Span, StopsOver, span_around
from codefx_desktop.jobs.report_reading import job_report, key_frames
from codefx_desktop.jobs.sheet_wanted import SheetWanted
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import resource
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.encoders import X264, EncodePlan, Encoder
from codefx_desktop.video.still import write_still

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.artifacts.report_values import JobReport
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.sheet import SheetRequest
    from codefx_desktop.jobs.corrected_job import CorrectedJob
    from codefx_desktop.jobs.redrawing import Over
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.video.probe import ProbedClip

FONTS: Final = "fonts"
_FORMATS: Final = {
    Product.YOLO: ExportFormat.YOLO,
    Product.COCO: ExportFormat.COCO,
    Product.MOT: ExportFormat.MOT,
    Product.FRAMES_JSON: ExportFormat.JSON,
    Product.FRAMES_TOON: ExportFormat.TOON,
}
_COSTS: Final = {Product.VIDEO: 40.0, Product.CLIP: 8.0, Product.YOLO: 4.0, Product.PDF: 2.0}
"""Shares of the progress; all others count one."""

OpenJobClip = Callable[[Path, str | None, Callable[[float], None], "CancelSignal"], "ProbedClip"]
OpenClip = Callable[[], "ProbedClip"]
ChooseEncoder = Callable[[EncodePlan], Encoder]


def export_sheet(
    record: JobRecord,
    shop: Workshop,
    open_clip: OpenJobClip,
    request: SheetRequest,
    cancel: CancelSignal | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> SheetDone:
    """Write what is wanted of a job; ``SheetWork.write`` tells the errors."""
    ended = cancel or threading.Event()
    trials = EncoderTrials(shop.settings.video_encoder, shop.paths.cache)
    return SheetWork(
        record,
        request,
        lambda: open_clip(record.input_path, record.id, lambda _: None, ended),
        lambda plan: trials.choose(plan, ended).encoder,
        ended,
        progress,
    ).write()


@dataclass(slots=True, eq=False)
class SheetWork:
    """Writes one export.

    Attributes:
        record: The job.
        request: What is wanted.
        open_clip: Opens the job's clip.
        choose_encoder: Chooses what encodes a whole video; cuts are short, and libx264's.
        cancel: Asked between two frames and two products.
        progress: Told 0 to 1.
    """

    record: JobRecord
    request: SheetRequest
    open_clip: OpenClip
    choose_encoder: ChooseEncoder
    cancel: CancelSignal
    progress: Callable[[float], None] = lambda _: None
    _job: CorrectedJob = field(init=False)
    _wanted: SheetWanted = field(init=False)
    _clip: ProbedClip | None = field(default=None, init=False)

    def write(self) -> SheetDone:
        """Write everything that is wanted.

        Raises:
            JobStateError: If the job has nothing of a kind that is wanted; nothing is written.
            HistoryError: If what is stored of the job cannot be read.
            AlreadyThere: If files are in the way and are not to be replaced; nothing is written.
            ClipError: If the clip's pictures are needed and cannot be read.
            NoSpace: If the disk is full; what was written before stays.
            NotWritable: If the folder cannot be written to, or a file is open elsewhere.
            Cancelled: If the signal was seen; what was written before stays.
        """
        self._job = read_corrected(self.record)
        self._wanted = SheetWanted(self._job, self.request)
        self._wanted.check()
        products = self.request.products
        costs = [_COSTS.get(product, 1.0) for product in products]
        written = []
        for place, product in enumerate(products):
            if self.cancel.is_set():
                raise Cancelled
            done, share = sum(costs[:place]) / sum(costs), costs[place] / sum(costs)
            written.append(self._write(product, partial(self._tell, done, share)))
            self.progress(done + share)
        return SheetDone(self.record.id, self.request.folder, tuple(written))

    def _tell(self, done: float, share: float, fraction: float) -> None:
        self.progress(done + share * min(max(fraction, 0.0), 1.0))

    # -- writing ------------------------------------------------------------------------------

    def _write(self, product: Product, progress: Callable[[float], None]) -> WrittenProduct:
        if product in OF_PICTURES:
            make = {
                Product.CLIP: self._cut,
                Product.STILL: self._still,
                Product.VIDEO: self._video,
            }[product]
            return make(progress)
        if product in OF_OBJECTS or product in COPIES:
            return self._objects(product, progress)
        paths = self._wanted.paths(product)
        if product is Product.PDF:
            page, note = self._page()
            write_whole(paths[0], page)
            return _written(product, paths, note)
        contents = self._tables(product)
        for path, content in zip(paths, contents, strict=True):
            write_whole(path, content)
        return _written(product, paths)

    def _tables(self, product: Product) -> tuple[bytes, ...]:
        stops = self._job.stops
        if product is Product.CSV:
            return events_csv(stops), durations_csv(stops)
        if product is Product.XLSX:
            # Its library, and that of pages, takes 0.2 s to load: only who wants one waits.
            from codefx_desktop.artifacts.stop_xlsx import stops_xlsx  # noqa: PLC0415

            return (stops_xlsx(self._report),)
        audit = [
            {"at": row.at, "who": row.who, "what": row.what, "is_undone": row.is_undone}
            for row in self._report.audit
        ]
        both = encode({**stops_content(self.record.id, stops), "audit": audit})
        return (both.json,) if product is Product.JSON else (both.toon,)

    @property
    def _report(self) -> JobReport:
        return job_report(self._job)

    def _page(self) -> tuple[bytes, str]:
        """Return the page, and why it has no pictures where it has none."""
        from codefx_desktop.artifacts.stop_pdf import stop_pdf  # noqa: PLC0415

        report, told, note = self._report, self._wanted.told(), ""
        picture: Callable[[int], Pixels] | None = None
        with ExitStack() as stack:
            try:
                drawing = Redrawing(self._job, self._opened(), self.cancel, draw=False)
                picture = stack.enter_context(drawing.opened()).picture
            except ClipError as error:
                note = f"Without pictures: {error.message}"
            frames = key_frames(told, picture, report)
        page = stop_pdf(report, told, frames, resource(FONTS), self.request.paper)
        return page, note

    def _cut(self, progress: Callable[[float], None]) -> WrittenProduct:
        request, told, clip = self.request, self._wanted.told(), self._opened()
        begin, go = self._wanted.event(), told.stop.event("go")
        begins_s = ends_s = begin.time_s or 0.0
        if request.event is None:
            ends_s = told.stop.ends_s if go is None or go.time_s is None else go.time_s
        span = span_around(clip.index, begins_s - request.pre_s, ends_s + request.post_s)
        (target,) = self._wanted.paths(Product.CLIP)
        drawing = Redrawing(self._job, clip, self.cancel, draw=request.draw)
        self._keep_footage(target)
        drawing.write(target, span, X264, self._over(told), progress)
        return _written(Product.CLIP, [target], f"Frames {span.first} to {span.last}.")

    def _still(self, _progress: Callable[[float], None]) -> WrittenProduct:
        number = self.request.frame
        told = next((t for t in self._job.stops if t.stop.number == self.request.stop), None)
        clip = self._opened()
        if number is None:
            event = self._wanted.event()
            number = event.frame_number
            number = clip.index.number_at(event.time_s or 0.0) if number is None else number
        if number >= len(clip.index):
            raise self._wanted.nothing(
                f"has no frame {number}", f"Its last is {len(clip.index) - 1}."
            )
        drawing = Redrawing(self._job, clip, self.cancel, draw=self.request.draw)
        (target,) = self._wanted.paths(Product.STILL)
        write_still(drawing.picture(number, self._over(told)), target, keep=clip.info.path)
        return _written(Product.STILL, [target], f"Frame {number}.")

    def _video(self, progress: Callable[[float], None]) -> WrittenProduct:
        clip = self._opened()
        (target,) = self._wanted.paths(Product.VIDEO)
        self._keep_footage(target)
        encoder = self.choose_encoder(
            EncodePlan.of(clip.info, clip.index.time_base, self.record.spec.quality)
        )
        over: tuple[Over, ...] = (StopsOver(self._job),)
        drawing = Redrawing(self._job, clip, self.cancel)
        drawing.write(target, Span(0, len(clip.index) - 1), encoder, over, progress)
        return _written(Product.VIDEO, [target])

    def _over(self, told: StopTold | None) -> tuple[Over, ...]:
        """Return what is drawn over the pictures of clip and still."""
        stops = StopsOver(self._job)
        over: list[Over] = [stops] if self.request.draw else []
        if self.request.burn_clock:
            stop = None if told is None else told.stop

            def burn(picture: Pixels, frame: Frame) -> None:
                is_free = not (self.request.draw and stops.is_at_top_left(frame))
                clock = clock_of(frame.number, frame.time, stop)
                paint_clock(picture, clock, at_left=is_free)

            over.append(burn)
        return tuple(over)

    def _keep_footage(self, target: Path) -> None:
        """Never write over the footage.

        Raises:
            NotWritable: If the target is the footage.
        """
        source = self._opened().info.path
        if target.exists() and target.samefile(source):
            raise NotWritable("That is the footage itself.", hint="Choose another folder.")

    def _opened(self) -> ProbedClip:
        if self._clip is None:
            self._clip = self.open_clip()
        return self._clip

    # -- objects ------------------------------------------------------------------------------

    def _objects(self, product: Product, progress: Callable[[float], None]) -> WrittenProduct:
        request = self.request
        (target,) = self._wanted.paths(product)
        corrections = self._job.corrections
        wanted = None
        if product in (Product.YOLO, Product.COCO) and request.only_corrected:
            wanted = corrections.changed
            if not wanted:
                raise self._wanted.nothing("has no frame with a box that a person corrected")
        size = (0, 0) if product in COPIES else self._size()
        with ExitStack() as stack:
            picture = None
            if product is Product.YOLO and request.pictures:
                picture = stack.enter_context(self._pictures())
            exporter = Exporter(
                *(self.record, layout_of(self.record), size, self.cancel, progress),
                corrections=corrections,
                wanted=wanted,
                picture=picture,
            )
            done = exporter.export(
                ExportRequest(_FORMATS[product], target, picture is not None, replace=True)
            )
        note = f"{done.frames} frames, {done.objects} objects." if done.objects else ""
        return WrittenProduct(product, (target,), done.files, done.size_bytes, note)

    def _size(self) -> tuple[int, int]:
        if (seen := self._job.seen) is not None:
            return seen.width, seen.height
        info = self._opened().info
        return info.width, info.height

    @contextmanager
    def _pictures(self) -> Iterator[Callable[[int], Path]]:
        """Yield what returns a frame's picture as a file: the job's own, or made of the clip.

        The clip is opened when the first picture has to be made, which may be never.
        """
        layout = layout_of(self.record)
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            made = Path(folder) / "picture.jpg"
            make = cache(lambda: stack.enter_context(self._bare()))

            def picture(number: int) -> Path:
                own = layout.frame(FrameKind.ORIGINAL, number)
                if own.is_file():
                    return own
                write_whole(made, jpeg(make()(number)))
                return made

            yield picture

    @contextmanager
    def _bare(self) -> Iterator[Callable[[int], Pixels]]:
        """Yield what reads a frame of the clip without anything drawn over it, faces hidden."""
        clip = self._opened()
        if self.record.spec.plan.blur_faces:
            with Redrawing(self._job, clip, self.cancel, draw=False).opened() as drawing:
                yield drawing.picture
        else:
            with FrameAccess(clip) as frames:
                yield lambda number: frames.exact(number, cancel=self.cancel).pixels


def _written(product: Product, paths: list[Path], note: str = "") -> WrittenProduct:
    size = sum(path.stat().st_size for path in paths)
    return WrittenProduct(product, tuple(paths), len(paths), size, note)
