"""Exports of a job: its artifacts copied, or what it found written anew for other programs.

Synchronous; the window calls it on a worker, through the engine. Everything goes from the job's
detections file to the disk frame by frame.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from codefx_desktop.artifacts.export_boxes import ExportClip, Exported, at_least, copy
from codefx_desktop.artifacts.export_coco import export_coco
from codefx_desktop.artifacts.export_mot import export_mot
from codefx_desktop.artifacts.export_yolo import export_yolo
from codefx_desktop.artifacts.files import told
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.domain.errors import AlreadyThere, JobStateError, NotWritable
from codefx_desktop.domain.export import ExportDone, ExportFormat, ExportRequest
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_check import frames_with
from codefx_desktop.jobs.artifact_scan import TEXT_FILES
from codefx_desktop.jobs.work import layout_of, wanted_clip
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.work import Workshop

COCO_FILE: Final = "coco.json"
MOT_FILE: Final = "mot.txt"
FACES_FILE: Final = "mot-faces.txt"
YOLO_FOLDER: Final = "yolo"
OUTLINES_FOLDER: Final = "yolo-seg"


def export_artifacts(
    record: JobRecord,
    shop: Workshop,
    request: ExportRequest,
    cancel: CancelSignal | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> ExportDone:
    """Export a job; ``progress`` is told 0 to 1.

    Raises:
        JobStateError: If the job has nothing of the kind.
        HistoryError: If what it found cannot be read.
        ClipError: If the size of the clip's pictures is not kept and the clip cannot be read.
        AlreadyThere: If files are in the way and are not to be replaced; nothing is written.
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
        Cancelled: If the signal was seen.
    """
    size = (0, 0) if request.format.is_copy else _clip_size(record, shop, cancel)
    return Exporter(record, layout_of(record), size, cancel, progress).export(request)


def _clip_size(record: JobRecord, shop: Workshop, cancel: CancelSignal | None) -> tuple[int, int]:
    info = shop.clips.info(layout_of(record).clip_index, record.input_path)
    if info is None:  # a job of an earlier version, or a damaged file
        wanted = replace(wanted_clip(record, shop), max_size_bytes=None)
        info = shop.clips.open(wanted, lambda _: None, cancel or threading.Event()).clip.info
    return info.width, info.height


_Written = tuple[Exported, tuple["Path", ...]]


class FrameCorrections(Protocol):
    """Knows what people corrected."""

    def of(self, found: FrameFindings) -> FrameFindings:
        """Return a frame's findings as a person wants them, those that count."""
        ...


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports one job, at the job's own confidence.

    Attributes:
        record: The job.
        layout: Its files.
        size: Width and height of the clip's pictures in pixels; (0, 0) will do for copies.
        cancel: Ends the work early; None: nobody does.
        progress: Told 0 to 1.
        corrections: What people corrected; None: everything as it was found.
        wanted: Numbers of the frames to tell of; None: all.
        picture: Returns the file of a frame's picture; None: the job's artifacts have it.
    """

    record: JobRecord
    layout: JobLayout
    size: tuple[int, int] = (0, 0)
    cancel: CancelSignal | None = None
    progress: Callable[[float], None] = lambda _: None
    corrections: FrameCorrections | None = None
    wanted: Container[int] | None = None
    picture: Callable[[int], Path] | None = None

    def export(self, request: ExportRequest) -> ExportDone:
        """Export the job.

        Raises:
            JobStateError: If the job has nothing of the kind.
            HistoryError: If its detections cannot be read.
            AlreadyThere: If files are in the way and are not to be replaced; nothing is written.
            NoSpace: If the disk is full.
            NotWritable: If the folder cannot be written to, or holds the job's own results.
            Cancelled: If the signal was seen.
        """
        folder = request.folder or self.layout.report_dir
        if request.format.is_copy:
            written, paths = self._copied(request, folder)
        else:
            make = {
                ExportFormat.COCO: self._coco,
                ExportFormat.MOT: self._mot,
                ExportFormat.YOLO: self._yolo,
            }[request.format]
            with DetectionReader(self.layout.detections) as reader:
                written, paths = make(request, folder, reader)
        return ExportDone(
            self.record.id,
            request.format,
            paths[0] if request.format.is_copy else folder,
            written.files,
            written.size_bytes,
            written.frames,
            written.objects,
            paths,
        )

    def _coco(self, request: ExportRequest, folder: Path, reader: DetectionReader) -> _Written:
        if not (reader.model or reader.segmenter or reader.faces):
            raise self._nothing("looked for neither objects nor faces")
        path = folder / COCO_FILE
        self._check_free(request, path)
        return export_coco(path, self._clip(reader), self._frames(reader)), (path,)

    def _mot(self, request: ExportRequest, folder: Path, reader: DetectionReader) -> _Written:
        objects = folder / MOT_FILE if reader.model else None
        faces = folder / FACES_FILE if reader.faces else None
        paths = _given(objects, faces)
        if not paths:
            raise self._nothing("has no tracks: it looked for neither objects nor faces")
        self._check_free(request, *paths)
        frames = self._frames(reader, with_outlines=faces is not None)
        return export_mot(objects, faces, self._clip(reader), frames), paths

    def _yolo(self, request: ExportRequest, folder: Path, reader: DetectionReader) -> _Written:
        boxes = folder / YOLO_FOLDER if reader.model else None
        outlines = folder / OUTLINES_FOLDER if reader.segmenter else None
        paths = _given(boxes, outlines)
        if not paths:
            raise self._nothing("neither detected nor segmented objects")
        from_job = request.pictures and self.picture is None
        if from_job and not self.record.spec.plan.has_artifacts:
            raise self._nothing("has no pictures: it was run without artifacts")
        self._check_free(request, *paths)
        written = export_yolo(
            boxes,
            outlines,
            self._clip(reader),
            self._frames(reader, with_outlines=outlines is not None),
            (self.picture or self._picture) if request.pictures else None,
            link=request.folder is None,
        )
        return written, paths

    def _copied(self, request: ExportRequest, folder: Path) -> _Written:
        """Copy artifacts to a person's folder; in the job's own they are already."""
        kind = AnalysisFormat(request.format.value)
        numbers = frames_with(self.layout, TEXT_FILES[kind])
        if not numbers:
            raise self._nothing("has no artifacts")
        sources = [self.layout.analysis(kind, number) for number in numbers]
        if self.layout.summary(kind).is_file():
            sources.append(self.layout.summary(kind))
        target = sources[0].parent
        if request.folder is not None:
            target = folder / kind
            self._check_free(request, target)
            with told(target):
                self._copy_all(sources, target, kind)
        size = sum(source.stat().st_size for source in sources)
        return Exported(len(sources), size, len(numbers)), (target,)

    def _copy_all(self, sources: list[Path], target: Path, kind: AnalysisFormat) -> None:
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob(f"frame_*.{kind}"):  # of another export, that is to be replaced
            old.unlink()
        for done, source in enumerate(sources, start=1):
            self._check_cancel()
            copy(source, target / source.name)
            self.progress(done / len(sources))

    def _frames(
        self, reader: DetectionReader, *, with_outlines: bool = True
    ) -> Iterator[FrameFindings]:
        count = len(reader.index())
        for found in reader.frames(with_outlines=with_outlines):
            self._check_cancel()
            if self.wanted is None or found.number in self.wanted:
                yield self._counting(found)
            self.progress((found.number + 1) / count)

    def _counting(self, found: FrameFindings) -> FrameFindings:
        if self.corrections is not None:
            return self.corrections.of(found)
        return at_least(found, self.record.spec.confidence)

    def _check_cancel(self) -> None:
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled

    def _clip(self, reader: DetectionReader) -> ExportClip:
        outlined = () if reader.segmenter is None else tuple(reader.segmenter["class_names"])
        return ExportClip(self.record.input_filename, *self.size, reader.class_names, outlined)

    def _picture(self, number: int) -> Path:
        return self.layout.frame(FrameKind.ORIGINAL, number)

    def _check_free(self, request: ExportRequest, *targets: Path) -> None:
        """Look whether files would be replaced that may be a person's, or the job's own.

        Raises:
            AlreadyThere: If so, and they are not to be.
            NotWritable: If the folder is the job's own.
        """
        if request.folder is None:
            return
        folder, own = request.folder.resolve(), self.layout.dir.resolve()
        if folder.is_relative_to(own) and not folder.is_relative_to(
            self.layout.report_dir.resolve()
        ):
            raise NotWritable(
                f"{request.folder} is where the job keeps its own results.",
                hint="Choose another folder.",
                path=request.folder,
                job_id=self.record.id,
            )
        for target in targets:
            if _is_taken(target) and not request.replace:
                raise AlreadyThere(
                    f"{target} is there already; nothing was written.",
                    hint="Choose another folder, or have it replaced.",
                    path=target,
                    job_id=self.record.id,
                )

    def _nothing(self, reason: str) -> JobStateError:
        return JobStateError(
            f"This job {reason}; there is nothing to export.",
            hint="Run the clip again with what is to be looked for.",
            job_id=self.record.id,
        )


def _given(*paths: Path | None) -> tuple[Path, ...]:
    return tuple(path for path in paths if path is not None)


def _is_taken(target: Path) -> bool:
    return target.exists() and (not target.is_dir() or any(target.iterdir()))
