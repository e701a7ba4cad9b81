"""A job as people corrected it, read from what is stored of it: what every export tells.

No model and no picture is needed: stored detections, with the steps of the job's review applied.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.anatomy import anatomy
from codefx_desktop.analysis.corrected_stops import corrected_stops
from codefx_desktop.analysis.corrections import active, corrected, thresholds_of
from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.artifacts.stop_report import StopTold
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.jobs.review_apply import box_keys
from codefx_desktop.jobs.review_log import take_up
from codefx_desktop.jobs.review_run import laid_over, names_places
from codefx_desktop.jobs.review_stops import corrected_observations
from codefx_desktop.jobs.stop_carry import with_facts
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.corrected import CorrectedObjects
    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Objects, Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.store.observed import SeenObjects
    from codefx_desktop.store.stop_rows import StopBasis


@dataclass(frozen=True, slots=True, eq=False)
class Corrections:
    """What is found in each frame as a person wants it.

    Attributes:
        state: All detections of the clip; None where nobody corrected any.
        numbers: int32 (F,), number of each analysed frame, rising.
        thresholds: From which confidence on a class counts; the job's for all others.
        confidence: The job's.
        changed: Numbers of the frames in which a person changed a box or its class.
    """

    state: CorrectedObjects | None
    numbers: npt.NDArray[np.int32]
    thresholds: Mapping[int, float]
    confidence: float
    changed: frozenset[int] = frozenset()

    def of(self, found: FrameFindings) -> FrameFindings:
        """Return a frame's findings with corrections, those that count; faces all stay."""
        detections = found.detections
        if detections is not None and self.state is not None:
            detections = self._corrected(found.number)
        if detections is not None:
            detections = detections.where(self._counts(detections))
        segments = found.segments
        if segments is not None:
            segments = segments.at_least(self.confidence)
        return replace(found, detections=detections, segments=segments)

    def _corrected(self, number: int) -> Detections:
        assert self.state is not None
        place = int(np.searchsorted(self.numbers, number))
        if place == len(self.numbers) or self.numbers[place] != number:
            return Detections.empty()
        rows, all_ = self.state.rows_of(place), self.state.objects
        return Detections(
            all_.xyxy[rows], all_.confidence[rows], all_.class_id[rows], all_.track_id[rows]
        )

    def _counts(self, found: Detections) -> npt.NDArray[np.bool_]:
        least = np.full(len(found), self.confidence, np.float32)
        for class_id, confidence in self.thresholds.items():
            least[found.class_id == class_id] = confidence
        counts: npt.NDArray[np.bool_] = found.confidence >= least
        return counts


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedJob:
    """A job with what people corrected.

    Attributes:
        record: The job.
        corrections: What is found in each frame.
        seen: All that was measured, with corrections; None where nobody looked for stops, or that
            cannot be read.
        basis: What stops were found by; None where nobody looked for them.
        stops: In order of time, each with what follows from it.
        steps: All that was changed, those that were taken back too.
    """

    record: JobRecord
    corrections: Corrections
    seen: Observations | None
    basis: StopBasis | None
    stops: tuple[StopTold, ...]
    steps: tuple[EditStep, ...]

    @property
    def camera(self) -> CameraProfile:
        """What is known of the camera."""
        return self.record.spec.plan.stop.camera if self.basis is None else self.basis.camera


def read_corrected(record: JobRecord) -> CorrectedJob:
    """Return a job with what people corrected.

    Raises:
        HistoryError: If what is stored of it cannot be read.
    """
    layout = layout_of(record)
    take_up(layout)
    with ReviewFile(layout.review) as file:
        steps = file.steps()
    with DetectionReader(layout.detections) as reader:
        ops = active(laid_over(steps, reader.run))
        stops, basis = reader.stops(), reader.stop_basis()
        seen = _observations(reader)
        known = reader.objects() if seen is None else seen
    corrections, wanted = _corrections(record, known, ops), seen
    if steps and seen is not None:
        # As the review does: what it shows and what is exported must be the same.
        wanted = corrected_observations(seen, ops)
        if stops is not None and basis is not None:
            found, said = find_stops(wanted, basis.template, basis.camera), stops
            stops = tuple(with_facts(one, said) for one in found)
    shown, _ = corrected_stops(stops or (), ops)
    told = () if basis is None else tuple(_told(stop, basis, wanted) for stop in shown)
    return CorrectedJob(record, corrections, wanted, basis, told, steps)


def _observations(reader: DetectionReader) -> Observations | None:
    try:
        return reader.observations()
    except HistoryError:  # of an earlier version: what needs no footage can be told all the same
        return None


def _told(stop: PitStop, basis: StopBasis, seen: Observations | None) -> StopTold:
    return StopTold(stop, anatomy(stop, basis.template, basis.camera, seen))


def _corrections(
    record: JobRecord, seen: Observations | SeenObjects, ops: tuple[EditOp, ...]
) -> Corrections:
    thresholds, confidence = thresholds_of(ops), record.spec.confidence
    if not names_places(ops):
        return Corrections(None, seen.numbers, thresholds, confidence)
    state = corrected(seen.objects, seen.numbers, ops)
    changed = frozenset(seen.numbers[_changed(seen.objects, state)].tolist())
    return Corrections(state, seen.numbers, thresholds, confidence, changed)


def _changed(before: Objects, state: CorrectedObjects) -> npt.NDArray[np.int32]:
    """Return the frames, by their places, in which a box or a class is another: int32 (N,)."""
    after, stored = state.objects, type(state).measured(before)
    is_stored = state.box >= 0
    drawn = after.frame[~is_stored]
    was = box_keys(before.frame, stored.box)
    now = box_keys(after.frame[is_stored], state.box[is_stored])
    gone = before.frame[~np.isin(was, now)]
    rows = np.searchsorted(was, now)
    is_other = (before.xyxy[rows] != after.xyxy[is_stored]).any(axis=1)
    is_other |= before.class_id[rows] != after.class_id[is_stored]
    other = after.frame[is_stored][is_other]
    return np.unique(np.concatenate((drawn, gone, other))).astype(np.int32)
