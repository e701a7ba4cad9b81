"""The report of a stop on one page, read and drawn by another program's reader."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import pytest
from report_samples import job_report, of_stop, told
from stop_samples import f1_times

from codefx_desktop.artifacts.report_values import AuditRow, KeyFrame
from codefx_desktop.artifacts.stop_pdf import stop_pdf
from codefx_desktop.domain.events import Event, Place
from codefx_desktop.domain.sheet import Paper
from codefx_desktop.domain.stop import PitStop, StopFacts
from codefx_desktop.domain.stop_overlays import PLACE_COLORS
from codefx_desktop.domain.stop_words import SPLITS
from codefx_desktop.domain.template import CORNERS
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.templates import built_in_templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.artifacts.report_values import JobReport
    from codefx_desktop.artifacts.stop_report import StopTold

SIZES_MM = {Paper.A4: (210, 297), Paper.LETTER: (215.9, 279.4)}
POINT_MM = 25.4 / 72


class Read:
    """A page as a reader has it: how large, what it says and where, how it looks."""

    def __init__(self, data: bytes, scale: float = 1.0) -> None:
        document = pypdfium2.PdfDocument(data)
        try:
            self.pages = len(document)
            self.title = document.get_metadata_dict()["Title"]
            page = document[0]
            self.size_mm = tuple(side * POINT_MM for side in page.get_size())
            text = page.get_textpage()
            # A reader breaks lines where the page does: compare words alone.
            self.text = " ".join(text.get_text_range().split())
            self.boxes = [text.get_charbox(place) for place in range(text.count_chars())]
            self.picture = page.render(scale=scale).to_numpy()[..., 2::-1]  # BGR comes
        finally:
            document.close()


def page(
    report: JobReport | None = None,
    one: StopTold | None = None,
    frames: Sequence[KeyFrame] = (),
    paper: Paper = Paper.A4,
) -> Read:
    report = report or job_report()
    return Read(stop_pdf(report, one or report.stops[0], frames, resource("fonts"), paper))


def key_frames() -> tuple[KeyFrame, ...]:
    pictures = [np.full((180, 320, 3), color, np.uint8) for color in ((200, 0, 0), (0, 0, 200))]
    shown = [KeyFrame("Stop", "0.000 s", pictures[0]), KeyFrame("Go", "2.600 s", pictures[1])]
    return (*shown, KeyFrame("Last gun off", "not found"), KeyFrame("Release", "2.400 s"))


@pytest.mark.parametrize("paper", list(Paper))
def test_it_is_one_page_of_its_paper(paper: Paper) -> None:
    read = page(frames=key_frames(), paper=paper)
    assert read.pages == 1
    assert read.size_mm == pytest.approx(SIZES_MM[paper], abs=0.2)
    assert read.title == "Pit stop 1 of lap.mp4"


def test_names_keep_their_accents() -> None:
    one = told()
    facts = StopFacts("27", "Écurie Østfold", "Łukasz Müller", "Žofie Nováková", 23, "", "C3")
    report = job_report(replace(one, stop=replace(one.stop, facts=facts)))
    text = page(report).text
    for name in ("#27 Écurie Østfold", "Łukasz Müller", "Žofie Nováková", "São Paulo", "lap 23"):
        assert name in text


def test_every_figure_has_its_uncertainty() -> None:
    text = page().text
    assert "STATIONARY 2.600 s ±0.020 s (2.580 to 2.620)" in text
    assert "Tyre FL 1.700 ±0.020 s" in text
    assert re.search(r"Wheel off FL 0\.800 ±0\.020 140 track", text)
    assert "Go 2.600 ±0.020" in text


def test_what_was_not_measured_is_not_found() -> None:
    text = page().text
    assert "Not found: Probe in." in text
    empty = page(job_report(told({})))
    assert "STATIONARY not found" in empty.text
    assert "No task of this stop has a known begin and end." in empty.text
    assert empty.pages == 1


def test_without_its_stop_no_time_is_told_as_one_since_it() -> None:
    with_it, without = page().text, {k: v for k, v in f1_times().items() if k != "stop"}
    assert "s after stop" in with_it
    text = page(job_report(told(without))).text
    axis = text.partition("Tasks")[2].partition("Events")[0]
    assert "s, from the first" in axis
    assert "s after stop" not in text
    assert "s in the clip" in text
    assert re.search(r"Go(?! \d)", axis)  # its line stands there, without a figure


def test_who_changed_what_and_what_it_was_made_with() -> None:
    text = page().text
    assert "2026-11-21 14:00 Žofie: Move Stop by 1 frame" in text
    assert "Reject Jack up rear (taken back)" in text
    assert "ab" * 32 in text
    untouched = page(replace(job_report(), audit=()))
    assert "Nothing: all figures are as they were measured." in untouched.text


def test_of_many_changes_the_newest_are_shown_and_the_rest_counted() -> None:
    audit = tuple(
        AuditRow(f"2026-11-21T14:{number:02}:00+00:00", "me", f"change {number}")
        for number in range(60)
    )
    text = page(replace(job_report(), audit=audit)).text
    assert "change 59" in text
    assert "change 10 " not in text
    said = re.search(r"(\d+) earlier ones are in the workbook", text)
    assert said is not None
    shown = len(re.findall(r"me: change \d+", text))
    assert int(said[1]) + shown == 60


def whole_template(name: str) -> StopTold:
    """Return a stop in which every event of a template was found."""
    template = next(one for one in built_in_templates() if one.name == name)
    events = tuple(
        Event(kind, place, 2.0 + number * 0.3, 1.9 + number * 0.3, 2.1 + number * 0.3, number)
        for number, (kind, place) in enumerate(template.slots)
    )
    stop = PitStop(1, name, tuple(replace(one, status="proposed") for one in events), 0.0, 60.0)
    return of_stop(stop, name)


@pytest.mark.parametrize("name", [one.name for one in built_in_templates()])
def test_every_split_is_a_tile_and_what_is_none_is_counted(name: str) -> None:
    one = whole_template(name)
    found, text = one.breakdown, page(job_report(one)).text
    told_of = text.partition("Tasks")[0]
    for spread in found.synchrony:
        assert f"{spread.label} {spread.place}".strip() in told_of
    splits = [found.duration(name, Place.NONE) for name in SPLITS]
    for split in filter(None, splits):
        assert split.label in told_of
    tyres = [found.duration("tyre", place) for place in CORNERS]
    shown = {id(found.stationary), id(found.reaction), *map(id, (*splits, *tyres))}
    left = sum(id(other) not in shown for other in found.durations)
    assert f"{left} more durations are in the workbook" in text


def test_guns_that_were_not_all_seen_are_told_so() -> None:
    text = page(job_report(told({"stop": 2.0, "go": 4.6, "loosen_start FL": 2.3}))).text
    assert "Guns on, spread not found not all guns seen" in text


def test_events_that_were_not_found_and_have_no_room_are_counted() -> None:
    one = told({})
    assert "more, named" not in page(job_report(one)).text  # few were found: there is room for all
    many = tuple(Event(f"own_event_number_{number}") for number in range(90))
    one = of_stop(replace(one.stop, events=(*one.stop.events, *many)))
    text = page(job_report(one)).text
    said = re.search(r"Not found: (.*) and (\d+) more, named in the workbook\.", text)
    assert said is not None
    assert len(said[1].split(", ")) + int(said[2]) == len(one.stop.events)


def test_settings_that_have_no_room_are_counted() -> None:
    settings = tuple((f"Setting {number}", f"value {number};") for number in range(60))
    text = page(replace(job_report(), settings=settings)).text
    said = re.search(r"(\d+) more are in the workbook", text.partition("Made with")[2])
    assert said is not None
    assert len(re.findall(r"value \d+;", text)) + int(said[1]) + 2 == 62  # a model has two lines


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("name", [one.name for one in built_in_templates()])
def test_nothing_leaves_the_page_or_lies_over_its_foot(name: str, paper: Paper) -> None:
    one = whole_template(name)
    facts = StopFacts("27", "W" * 120, "W" * 80, "", 23, "label " * 30, "C3")
    one = replace(one, stop=replace(one.stop, facts=facts))
    report = replace(job_report(one), clip="a-long-name-of-a-clip" * 8 + ".mp4")
    read = page(report, frames=key_frames(), paper=paper)
    wide, high = (side / POINT_MM for side in SIZES_MM[paper])
    boxes = np.array([box for box in read.boxes if box[2] > box[0]])
    assert boxes[:, 0].min() > 20
    assert boxes[:, 2].max() < wide - 20
    assert boxes[:, 1].min() > 10
    assert boxes[:, 3].max() < high
    foot = boxes[boxes[:, 1] < 27]  # the line of the job, and nothing else, lies there
    assert len(foot) < 170


def test_tasks_are_drawn_in_the_colours_of_their_corners() -> None:
    read = Read(stop_pdf(job_report(), told(), (), resource("fonts")), scale=2.0)
    for place in CORNERS:
        is_color = (np.abs(read.picture.astype(int) - PLACE_COLORS[place]) < 12).all(axis=2)
        rows, columns = np.nonzero(is_color)
        assert len(rows) > 3000, place
        assert np.ptp(columns) > 300, place  # a bar, not only the mark of a table


def test_key_pictures_are_shown_where_there_are_any() -> None:
    read = page(frames=key_frames())
    is_red = (read.picture[..., 0] > 150) & (read.picture[..., 1:] < 60).all(axis=2)
    assert is_red.sum() > 5000
    assert "Last gun off not found" in read.text
    assert "no picture" in read.text


def test_slow_motion_counts_true_seconds() -> None:
    one = told(f1_times())
    slow = of_stop(replace(one.stop, time_scale=0.5))
    text = page(job_report(slow)).text
    assert "STATIONARY 1.300 s" in text
    assert re.search(r"Wheel off FL 0\.400 ±0\.010", text)
