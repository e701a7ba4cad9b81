"""Whole exports of a job: cuts at exact frames, times and sound, corrections in all, files safe.

Over 400 lines because each product is exported of the same small job.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import openpyxl
import pypdfium2
import pytest
import toons
from clips import read_number
from stop_jobs import CAR, StopJob, make_stop_job
from stop_samples import f1_times, stop_of

from codefx_desktop.artifacts.files import jpeg
from codefx_desktop.artifacts.layout import FrameKind
from codefx_desktop.domain.edit import BoxOp, BoxValue, EventDeed, EventOp, ThresholdOp
from codefx_desktop.domain.errors import (
    AlreadyThere,
    ClipMissing,
    JobStateError,
    NoSpace,
    NotWritable,
)
from codefx_desktop.domain.events import EventSource, EventStatus, Place
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.sheet import Product, SheetDone, SheetRequest, WantedEvent
from codefx_desktop.jobs import corrected_job, redrawing, sheet_work
from codefx_desktop.store.review_file import ReviewFile
from codefx_desktop.video.access import FrameAccess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.video.probe import ProbedClip

OFF_FL = WantedEvent("wheel_off", Place.FRONT_LEFT)
PLAIN = {"draw": False, "burn_clock": False}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., StopJob]]:
    jobs: list[StopJob] = []

    def make(**sides: object) -> StopJob:
        jobs.append(make_stop_job(tmp_path / "footage", **sides))  # type: ignore[arg-type]
        return jobs[-1]

    yield make
    for job in jobs:
        job.engine.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def export(job: StopJob, out: Path, *products: Product, **choices: object) -> SheetDone:
    request = SheetRequest(products, out, **choices)  # type: ignore[arg-type]
    return job.engine.export_sheet(job.record.id, request)


def correct(job: StopJob, *ops: EditOp, who: str = "Žofie") -> None:
    with ReviewFile(job.layout.review) as file:
        file.append(ops, "A correction", who)


def frames_of(path: Path) -> tuple[list[float], list[np.ndarray]]:
    """Return when each picture of a video is shown and its pixels, by PyAV alone."""
    with av.open(str(path)) as film:
        pictures = list(film.decode(video=0))
        times = [float(one.pts * one.time_base) for one in pictures]
        return times, [one.to_ndarray(format="rgb24") for one in pictures]


def sound_of(path: Path) -> tuple[float, float]:
    """Return when the sound of a video begins and how long it is, seconds."""
    with av.open(str(path)) as film:
        blocks = list(film.decode(audio=0))
        begins = float(blocks[0].pts * blocks[0].time_base)
        return begins, sum(block.samples for block in blocks) / blocks[0].sample_rate


# -- cuts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "first", "last"),
    [
        ({}, 30, 168),  # from one second before the stop (2.0 s) to one after the go (4.6 s)
        ({"event": OFF_FL, "pre_s": 0.5, "post_s": 0.25}, 69, 91),
        ({"event": OFF_FL, "pre_s": 0.0, "post_s": 0.0}, 84, 84),
        ({"event": OFF_FL, "pre_s": 600.0, "post_s": 600.0}, 0, 179),
    ],
)
def test_a_clip_is_cut_at_exact_frames_with_its_sound(
    made: Callable[..., StopJob], out: Path, choices: dict[str, object], first: int, last: int
) -> None:
    done = export(made(), out, Product.CLIP, **choices, **PLAIN)
    (path,) = done.written[0].paths
    times, pictures = frames_of(path)
    assert len(times) == last - first + 1
    assert times == pytest.approx([number / 30 for number in range(len(times))], abs=1e-4)
    assert (read_number(pictures[0]), read_number(pictures[-1])) == (first, last)
    begins, lasts = sound_of(path)
    assert begins == pytest.approx(0.0, abs=0.03)  # a packet of AAC is 23 ms
    assert lasts == pytest.approx(len(times) / 30, abs=0.08)
    assert done.written[0].note == f"Frames {first} to {last}."


def test_varying_times_are_kept_to_the_tick(made: Callable[..., StopJob], out: Path) -> None:
    gaps = np.tile([17, 33, 50, 34, 8], 40)
    times_ms = [0, *np.cumsum(gaps).tolist()]
    job = made(times_ms=times_ms, audio=False)
    done = export(job, out, Product.CLIP, event=OFF_FL, pre_s=0.3, post_s=0.3, **PLAIN)
    times, pictures = frames_of(done.written[0].paths[0])
    source = job.clip.index.ticks * float(job.clip.index.time_base)
    first = int(np.searchsorted(source, 2.5 + 1e-6, side="right")) - 1
    last = int(np.searchsorted(source, 3.1 + 1e-6, side="right")) - 1
    assert (read_number(pictures[0]), read_number(pictures[-1])) == (first, last)
    assert times == pytest.approx((source[first : last + 1] - source[first]).tolist(), abs=5e-4)
    assert len({round(gap, 4) for gap in np.diff(times)}) > 2  # it does vary


def test_the_clock_and_the_boxes_are_burnt_in_where_they_are_wanted(
    made: Callable[..., StopJob], out: Path
) -> None:
    job = made(size=(640, 360))
    plain = export(job, out / "a", Product.STILL, event=OFF_FL, **PLAIN)
    drawn = export(job, out / "b", Product.STILL, event=OFF_FL, burn_clock=False)
    timed = export(job, out / "c", Product.STILL, event=OFF_FL, draw=False)
    pictures = [cv2.imread(str(done.written[0].paths[0])) for done in (plain, drawn, timed)]
    assert read_number(pictures[0][..., ::-1]) == 84
    changed = [(one != pictures[0]).any(axis=2) for one in pictures[1:]]
    x1, y1, _x2, y2 = map(int, CAR)
    assert changed[0][y1:y2, x1].all()
    assert not changed[1][120:].any()  # the clock is in a top corner alone
    assert changed[1][:120].sum() > 3000


def test_faces_that_a_job_hides_are_hidden_in_its_exports(
    made: Callable[..., StopJob], out: Path
) -> None:
    face = (200.0, 60.0, 260.0, 120.0)
    plan = StagePlan(faces=True, every_frame=True, blur_faces=True)
    job = made(size=(640, 360), seconds=3.0, face_at=face, spec=JobSpec(plan=plan))
    choices = {"event": WantedEvent("stop"), **PLAIN}
    done = export(job, out, Product.STILL, Product.CLIP, pre_s=0.1, post_s=0.1, **choices)
    still = cv2.imread(str(done.written[0].paths[0]))[..., ::-1]
    _, film = frames_of(done.written[1].paths[0])
    inside = np.s_[70:110, 210:250]
    for picture in (still, *film):
        # The ground has stripes of 16 pixels; hidden, what is left are tiles of 15 and more.
        assert np.ptp(picture[inside].astype(int), axis=(0, 1)).max() < 60
    open_ = np.s_[200:240, 400:440]
    assert np.ptp(still[open_].astype(int), axis=(0, 1)).max() > 50


# -- what people corrected ------------------------------------------------------------------------


@pytest.fixture
def found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the same stop found again: a test's clip shows none."""

    def find(seen: Observations, *_: object) -> tuple[PitStop, ...]:
        stop = stop_of(f1_times())
        frames = seen.numbers[np.searchsorted(seen.times_s, [e.time_s for e in stop.events]) - 1]
        placed = zip(stop.events, frames.tolist(), strict=True)
        return (replace(stop, events=tuple(replace(e, frame_number=f) for e, f in placed)),)

    monkeypatch.setattr(corrected_job, "find_stops", find)


def moved_event(job: StopJob, kind: str, place: Place, time_s: float) -> EventOp:
    stop = stop_of(f1_times())
    before = next(one for one in stop.events if (one.kind, one.place) == (kind, place))
    after = replace(
        before,
        time_s=time_s,
        earliest_s=time_s - 0.02,
        latest_s=time_s + 0.02,
        frame_number=round(time_s * 30),
        source=EventSource.MANUAL,
        status=EventStatus.EDITED,
    )
    return EventOp(EventDeed.MOVE, 1, stop.begins_s, before, after)


@pytest.mark.usefixtures("found_again")
def test_reports_tell_what_a_person_said(made: Callable[..., StopJob], out: Path) -> None:
    job = made()
    correct(job, moved_event(job, "go", Place.NONE, 5.0))
    products = (Product.CSV, Product.XLSX, Product.JSON, Product.TOON, Product.PDF)
    done = export(job, out, *products)
    events, durations = done.written[0].paths
    rows = {row["kind"]: row for row in csv.DictReader(io.StringIO(events.read_text()))}
    assert (rows["go"]["time_s"], rows["go"]["status"], rows["go"]["source"]) == (
        *("5", "edited", "manual"),
    )
    said = {row["name"]: row for row in csv.DictReader(io.StringIO(durations.read_text()))}
    assert float(said["stationary"]["value_s"]) == pytest.approx(3.0)
    book = openpyxl.load_workbook(done.written[1].paths[0])
    assert [cell.value for cell in book["Audit"][2]][1:] == ["Žofie", "A correction", "no"]
    content = json.loads(done.written[2].paths[0].read_text("utf-8"))
    assert content["audit"][0]["who"] == "Žofie"
    assert content["stops"][0]["classic"]
    assert toons.loads(done.written[3].paths[0].read_text("utf-8"))["audit"] == content["audit"]
    document = pypdfium2.PdfDocument(done.written[4].paths[0])
    text = document[0].get_textpage().get_text_range()
    images = [one for one in document[0].get_objects() if one.type == 3]
    document.close()
    assert "3.000" in text
    assert "A correction" in text
    assert len(images) == 4


@pytest.mark.usefixtures("found_again")
def test_boxes_and_thresholds_reach_training_sets(made: Callable[..., StopJob], out: Path) -> None:
    job = made(seconds=1.0)
    drawn = BoxValue((0.0, 0.0, 32.0, 18.0), 1, 9)
    correct(
        job,
        BoxOp(3, 0, None),  # the car goes
        BoxOp(7, -1, drawn),  # a crew by hand
        ThresholdOp(1, 0.3),  # crew count from 0.3 on, not from 0.5
    )
    done = export(job, out, Product.YOLO, Product.COCO, only_corrected=True, pictures=True)
    yolo = done.written[0].paths[0] / "yolo"
    labels = {path.stem: path.read_text().splitlines() for path in (yolo / "labels").iterdir()}
    assert set(labels) == {"frame_3", "frame_7"}
    assert [line[0] for line in labels["frame_3"]] == ["1"]
    assert [line[0] for line in labels["frame_7"]] == ["0", "1", "1"]
    assert labels["frame_7"][-1] == "1 0.050000 0.050000 0.100000 0.100000"
    picture = cv2.imread(str(yolo / "images" / "frame_7.jpg"))
    assert read_number(picture[..., ::-1]) == 7
    coco = json.loads((done.written[1].paths[0] / "coco.json").read_text("utf-8"))
    assert {image["frame_number"] for image in coco["images"]} == {3, 7}
    assert len(coco["annotations"]) == 4
    everything = export(job, out / "all", Product.COCO)
    coco = json.loads((everything.written[0].paths[0] / "coco.json").read_text("utf-8"))
    assert len(coco["annotations"]) == 30 * 2 - 1 + 1


def test_a_training_set_of_the_jobs_own_pictures_needs_no_footage(
    made: Callable[..., StopJob], out: Path
) -> None:
    job = made(seconds=1.0)
    for number in range(30):
        path = job.layout.frame(FrameKind.ORIGINAL, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(np.full((48, 64, 3), number, np.uint8)))
    job.record.input_path.unlink()
    done = export(job, out, Product.CSV, Product.YOLO, pictures=True)
    images = done.written[1].paths[0] / "yolo" / "images"
    assert len(list(images.iterdir())) == 30
    job.layout.frame(FrameKind.ORIGINAL, 7).unlink()
    with pytest.raises(ClipMissing):  # that one would have to be made of the clip
        export(job, out / "more", Product.YOLO, pictures=True)


def test_pictures_with_hidden_faces_open_their_files_once(
    made: Callable[..., StopJob], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []

    class Counted(FrameAccess):
        def __init__(self, clip: ProbedClip) -> None:
            opened.append(clip)
            super().__init__(clip)

    for module in (redrawing, sheet_work):
        monkeypatch.setattr(module, "FrameAccess", Counted)
    plan = StagePlan(faces=True, every_frame=True, blur_faces=True)
    job = made(seconds=1.0, spec=JobSpec(plan=plan), face_at=(10.0, 10.0, 30.0, 30.0))
    done = export(job, out, Product.YOLO, pictures=True)
    assert done.written[0].files >= 60
    assert len(opened) == 1


def test_without_corrections_there_is_no_set_of_corrected_frames(
    made: Callable[..., StopJob], out: Path
) -> None:
    with pytest.raises(JobStateError, match="person corrected"):
        export(made(seconds=1.0), out, Product.YOLO, only_corrected=True)


@pytest.mark.usefixtures("found_again")
def test_the_video_is_drawn_anew_with_what_is_there_now(
    made: Callable[..., StopJob], out: Path
) -> None:
    job = made(seconds=1.0, size=(640, 360))
    before = export(job, out / "before", Product.VIDEO).written[0].paths[0]
    correct(job, *(BoxOp(number, 0, None) for number in range(30)))
    after = export(job, out / "after", Product.VIDEO).written[0].paths[0]
    (times, was), (_, now) = frames_of(before), frames_of(after)
    assert times == pytest.approx([number / 30 for number in range(30)], abs=1e-4)
    x1, y1, x2, _ = map(int, CAR)
    edge = np.s_[y1 - 1 : y1 + 2, x1 + 60 : x2]
    differs = np.abs(was[20][edge].astype(int) - now[20][edge]).mean()
    assert differs > 25  # the car's box was there, and is not
    assert sound_of(after)[1] == pytest.approx(1.0, abs=0.08)


# -- nothing of a person's is lost ----------------------------------------------------------------


def test_what_is_in_the_way_is_told_before_anything_is_written(
    made: Callable[..., StopJob], out: Path
) -> None:
    job = made(seconds=1.0)
    out.mkdir()
    mine = out / "lap_stops.xlsx"
    mine.write_text("mine")
    with pytest.raises(AlreadyThere, match=r"lap_stops\.xlsx is in .* already; nothing"):
        export(job, out, Product.CSV, Product.XLSX)
    assert [path.name for path in out.iterdir()] == [mine.name]
    export(job, out, Product.CSV, Product.XLSX, replace=True)
    assert openpyxl.load_workbook(mine).sheetnames


def test_the_jobs_own_results_are_never_written_into(made: Callable[..., StopJob]) -> None:
    job = made(seconds=1.0)
    with pytest.raises(NotWritable, match="its own results"):
        export(job, job.layout.analysis_dir, Product.CSV)
    export(job, job.layout.report_dir, Product.CSV)


@pytest.mark.parametrize("product", [Product.XLSX, Product.CLIP, Product.STILL, Product.PDF])
def test_a_file_that_is_open_elsewhere_is_told_with_what_to_do(
    made: Callable[..., StopJob], out: Path, monkeypatch: pytest.MonkeyPatch, product: Product
) -> None:
    job = made(seconds=3.0)
    choices = {"post_s": 0.0, "pre_s": 0.0, "event": WantedEvent("stop")}
    (path,) = export(job, out, product, **choices).written[0].paths
    before, plain = path.read_bytes(), Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target) == path:  # as Windows does while a spreadsheet has it open
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NotWritable, match="open in another program") as told:
        export(job, out, product, replace=True, **choices)
    assert "Close it there" in told.value.hint
    assert path.read_bytes() == before
    assert list(out.iterdir()) == [path], "no half-written file stays"


def test_a_full_disk_is_told_and_leaves_nothing_half(
    made: Callable[..., StopJob], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, plain = made(seconds=1.0), Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if ".xlsx" in self.name:
            plain(self, data[:100])
            raise OSError(errno.ENOSPC, "No space left on device")
        return plain(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NoSpace) as told:
        export(job, out, Product.CSV, Product.XLSX)
    assert "Free some space" in told.value.hint
    assert sorted(path.name for path in out.iterdir()) == ["lap_durations.csv", "lap_events.csv"]


def test_a_cancelled_cut_leaves_nothing(made: Callable[..., StopJob], out: Path) -> None:
    job, cancel = made(), threading.Event()

    def tell(fraction: float) -> None:
        if fraction > 0.3:
            cancel.set()

    request = SheetRequest((Product.CLIP,), out)
    with pytest.raises(Cancelled):
        job.engine.export_sheet(job.record.id, request, cancel, tell)
    assert list(out.iterdir()) == []


def test_a_clip_that_is_gone_costs_the_page_its_pictures_alone(
    made: Callable[..., StopJob], out: Path
) -> None:
    job = made(seconds=3.0)
    job.clip.info.path.unlink()
    done = export(job, out, Product.PDF)
    assert done.written[0].note.startswith("Without pictures: ")
    with pytest.raises(ClipMissing):
        export(job, out, Product.CLIP)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"stop": 2}, "has no stop 2"),
        ({"event": WantedEvent("wheel_of")}, "found no wheel_of"),
        ({"event": WantedEvent("probe_in")}, "found no probe_in"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_written(
    made: Callable[..., StopJob], out: Path, choices: dict[str, object], said: str
) -> None:
    with pytest.raises(JobStateError, match=said):
        export(made(seconds=1.0), out, Product.CSV, Product.CLIP, **choices)
    assert not out.exists()


def test_copies_of_artifacts_that_a_job_lacks_are_refused_before_anything_is_written(
    made: Callable[..., StopJob], out: Path
) -> None:
    with pytest.raises(JobStateError, match="has no artifacts"):
        export(made(seconds=1.0), out, Product.YOLO, Product.FRAMES_JSON)
    assert not out.exists()
