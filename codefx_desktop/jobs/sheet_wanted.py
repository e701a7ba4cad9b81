"""What an export is of, and whether it can be had: looked at before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import AlreadyThere, JobStateError, NotWritable
from codefx_desktop.domain.sheet import COPIES, OF_STOPS, Product
from codefx_desktop.jobs.sheet_names import names_of
from codefx_desktop.jobs.work import layout_of

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.sheet import SheetRequest
    from codefx_desktop.jobs.corrected_job import CorrectedJob


@dataclass(frozen=True, slots=True)
class SheetWanted:
    """What is wanted of a job.

    Attributes:
        job: The job, as people corrected it.
        request: What is wanted.
    """

    job: CorrectedJob
    request: SheetRequest

    def check(self) -> None:
        """Look whether all of it can be had, and nothing is in the way.

        Raises:
            JobStateError: If the job has nothing of a kind that is wanted.
            AlreadyThere: If files are in the way and are not to be replaced.
            NotWritable: If the folder is the job's own.
        """
        request = self.request
        self._check_folder()
        if any(product in OF_STOPS for product in request.products) and not self.job.stops:
            raise self.nothing("found no pit stops")
        if set(COPIES) & set(request.products) and not self.job.record.spec.plan.has_artifacts:
            raise self.nothing("has no artifacts")
        if {Product.PDF, Product.CLIP} & set(request.products):
            self.told()
        if Product.CLIP in request.products or self._still_of_event():
            self.event()
        if request.replace:
            return
        taken = [
            path
            for product in request.products
            for path in self.paths(product)
            if path.exists() and (path.is_file() or any(path.iterdir()))
        ]
        if taken:
            names = ", ".join(path.name for path in taken[:3]) + (", …" if len(taken) > 3 else "")
            verb = "is" if len(taken) == 1 else "are"
            raise AlreadyThere(
                f"{names} {verb} in {request.folder} already; nothing was written.",
                hint="Choose another folder, or have it replaced.",
                path=taken[0],
                job_id=self.job.record.id,
            )

    def _check_folder(self) -> None:
        folder, layout = self.request.folder.resolve(), layout_of(self.job.record)
        own, report = layout.dir.resolve(), layout.report_dir.resolve()
        if folder.is_relative_to(own) and not folder.is_relative_to(report):
            raise NotWritable(
                f"{self.request.folder} is where the job keeps its own results.",
                hint="Choose another folder.",
                path=self.request.folder,
                job_id=self.job.record.id,
            )

    def nothing(self, reason: str, hint: str = "") -> JobStateError:
        """Return the error for what a job has nothing of."""
        return JobStateError(
            f"This job {reason}; that cannot be exported.",
            hint=hint or "Leave it out, or run the clip again with what is to be looked for.",
            job_id=self.job.record.id,
        )

    def told(self) -> StopTold:
        """Return the stop that is wanted.

        Raises:
            JobStateError: If there is none of this number.
        """
        for told in self.job.stops:
            if told.stop.number == self.request.stop:
                return told
        count = len(self.job.stops)
        known = f"It has stop 1 to {count}." if count > 1 else f"It has {count or 'no'} stop."
        raise self.nothing(f"has no stop {self.request.stop}", known)

    def event(self) -> Event:
        """Return the event that clip and still are of; without one, that the car stopped.

        Raises:
            JobStateError: If it was not found.
        """
        stop, wanted = self.told().stop, self.request.event
        if wanted is None:
            event = stop.event("stop")
            if event is None or event.time_s is None:
                raise self.nothing("has no time at which the car stopped", "Name another event.")
            return event
        event = stop.event(wanted.kind, wanted.place)
        if event is None or event.time_s is None:
            known = sorted({one.kind for one in stop.events})
            hint = f"Known kinds: {', '.join(known)}." if wanted.kind not in known else ""
            raise self.nothing(f"found no {wanted} in stop {stop.number}", hint)
        return event

    def _still_of_event(self) -> bool:
        return Product.STILL in self.request.products and self.request.frame is None

    def paths(self, product: Product) -> list[Path]:
        """Return the files, or the folder, that a product puts into the request's folder."""
        names = names_of(self.job.record, self.request, product)
        return [self.request.folder / name for name in names]
