"""A job as people corrected it, read from its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from stop_jobs import make_stop_job
from stop_samples import f1_times, stop_of

from codefx_desktop.analysis.corrections import retrack_op
from codefx_desktop.domain.edit import BoxOp, BoxValue, ThresholdOp, TrackDeed, TrackOp
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.jobs import corrected_job
from codefx_desktop.jobs.corrected_job import CorrectedJob, read_corrected
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stop_jobs import StopJob

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.findings import FrameFindings

BY_HAND = BoxValue((0.0, 0.0, 10.0, 10.0), 1, 5)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[StopJob]:
    made = make_stop_job(tmp_path, seconds=0.5, audio=False)
    yield made
    made.engine.close()


@pytest.fixture
def read(job: StopJob, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CorrectedJob]:
    """Return what applies ops and reads the job; the same stop is found again."""
    found = (stop_of(f1_times()),)
    monkeypatch.setattr(corrected_job, "find_stops", lambda *_: found)

    def applied(*ops: EditOp) -> CorrectedJob:
        with ReviewFile(job.layout.review) as file:
            file.append(ops, "A correction", "me")
        return read_corrected(job.record)

    return applied


def findings(job: StopJob, number: int) -> FrameFindings:
    with DetectionReader(job.layout.detections) as reader:
        found = reader.frame(number)
    assert found is not None
    return found


def counting(read: CorrectedJob, job: StopJob, number: int) -> list[tuple[int, int, float]]:
    """Return class, track and confidence of what counts in a frame."""
    found = read.corrections.of(findings(job, number)).detections
    assert found is not None
    rows = (found.class_id, found.track_id, np.round(found.confidence.astype(np.float64), 3))
    return list(zip(*(row.tolist() for row in rows), strict=True))


def test_an_untouched_job_is_as_it_was_found(job: StopJob) -> None:
    whole = read_corrected(job.record)
    assert whole.corrections.state is None
    assert not whole.corrections.changed
    assert counting(whole, job, 0) == [(0, 1, 0.9)]  # the crew is fainter than the job's 0.5
    assert [told.stop.number for told in whole.stops] == [1]
    assert whole.stops[0].breakdown.stationary.value_s == pytest.approx(2.6)


def test_a_class_has_a_threshold_of_its_own(
    job: StopJob, read: Callable[..., CorrectedJob]
) -> None:
    whole = read(ThresholdOp(1, 0.3))
    assert counting(whole, job, 0) == [(0, 1, 0.9), (1, 2, 0.4)]
    assert counting(read(ThresholdOp(0, 0.95)), job, 0) == [(1, 2, 0.4)]


def test_boxes_are_as_a_person_wants_them(job: StopJob, read: Callable[..., CorrectedJob]) -> None:
    moved = BoxValue((1.0, 2.0, 30.0, 40.0), 0, 1)
    whole = read(BoxOp(2, 0, None), BoxOp(3, -1, BY_HAND), BoxOp(5, 0, moved))
    assert counting(whole, job, 2) == []
    assert counting(whole, job, 3) == [(0, 1, 0.9), (1, 5, 1.0)]
    assert counting(whole, job, 4) == [(0, 1, 0.9)]
    found = whole.corrections.of(findings(job, 5)).detections
    assert found is not None
    assert found.xyxy[0].tolist() == list(moved.xyxy)
    assert whole.corrections.changed == {2, 3, 5}


def test_what_changes_tracks_alone_is_no_corrected_picture(
    read: Callable[..., CorrectedJob],
) -> None:
    relabelled = read(TrackOp(TrackDeed.RELABEL, 1, 4, None, 8))
    assert relabelled.corrections.state is not None
    assert not relabelled.corrections.changed
    reclassed = read(TrackOp(TrackDeed.RECLASS, 2, 4, 6, class_id=0))
    assert reclassed.corrections.changed == {4, 5, 6}
    gone = read(TrackOp(TrackDeed.DELETE, 2, 9, 10))
    assert gone.corrections.changed == {4, 5, 6, 9, 10}


def test_what_was_taken_back_counts_no_more_and_stays_in_the_audit(
    job: StopJob, read: Callable[..., CorrectedJob]
) -> None:
    assert counting(read(BoxOp(2, 0, None)), job, 2) == []
    with ReviewFile(job.layout.review) as file:
        file.undo("me")
    whole = read_corrected(job.record)
    assert counting(whole, job, 2) == [(0, 1, 0.9)]
    assert [step.is_undone for step in whole.steps] == [True]


def test_tracks_that_were_found_again_are_those_that_are_exported(
    job: StopJob, read: Callable[..., CorrectedJob]
) -> None:
    with DetectionReader(job.layout.detections) as reader:
        tracks = reader.objects().objects.track_id
    whole = read(retrack_op(tracks + np.int32(40)))
    assert counting(whole, job, 0) == [(0, 41, 0.9)]
    assert not whole.corrections.changed


def test_boxes_of_a_job_of_an_earlier_version_are_exported_as_the_review_shows_them(
    job: StopJob, read: Callable[..., CorrectedJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise HistoryError("They do not tell the size of the picture.")

    monkeypatch.setattr(DetectionReader, "observations", unknown)
    whole = read(BoxOp(2, 0, None), BoxOp(3, -1, BY_HAND))
    assert counting(whole, job, 2) == []
    assert counting(whole, job, 3) == [(0, 1, 0.9), (1, 5, 1.0)]
    assert whole.corrections.changed == {2, 3}
