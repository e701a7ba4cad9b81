"""Where in a clip, where on the screen: typed places, the time axis, zoom."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from gui.fake_frames import times
from PySide6.QtCore import QSettings

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.goto import PlaceError, place_of
from codefx_desktop.ui.models.recent_clips import MOST, RecentClips
from codefx_desktop.ui.models.time_axis import TimeAxis
from codefx_desktop.ui.models.viewport import Viewport


def ntsc(frames: int = 2000) -> FrameIndex:
    ticks = np.arange(frames, dtype=np.int64) * 1001
    return FrameIndex(ticks, ticks, np.ones(frames, np.bool_), Fraction(1, 30000))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 123 ", 123),
        ("#7", 7),
        ("1,234", 1234),
        ("0s", 0),
        ("12.5s", 374),
        ("12,5 s", 374),
        (".5s", 15),  # at 0.5005 s, which reads 00:00:00.500
        ("0:01", 29),
        ("00:00:01.001", 30),
        ("1:02.345", 1868),
    ],
)
def test_a_typed_place(text: str, number: int) -> None:
    assert place_of(text, ntsc()) == number


def test_a_time_read_off_the_screen_leads_back_to_its_frame() -> None:
    index = ntsc()
    for number in range(len(index)):
        assert place_of(words.timecode(index.time(number).exact_s), index) == number


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("250", "from 0 to 249"),
        ("11s", "the last frame is at 00:00:09.960"),
        ("1:00:00.000", "after the end"),
        ("", "Type a frame number or a time"),
        ("-3", "Type a frame number or a time"),
        ("ten", "Type a frame number or a time"),
        ("1:2:3:4", "Type a frame number or a time"),
    ],
)
def test_a_place_that_is_none_gets_a_sentence(text: str, part: str) -> None:
    with pytest.raises(PlaceError, match=part):
        place_of(text, times())


def test_the_last_frame_may_be_named_by_any_time_it_is_on_screen() -> None:
    assert place_of("9.999s", times()) == 249
    assert place_of("10s", times()) == 249


def test_timecode_is_exact() -> None:
    assert words.timecode(Fraction(1434 * 1001, 30000)) == "00:00:47.848"
    assert words.timecode(3723.0004) == "01:02:03.000"


def test_axis_maps_both_ways_and_stops_at_its_ends() -> None:
    axis = TimeAxis(10.0, 20.0, 500.0)
    assert axis.x_of(5.0) == 270.0
    assert axis.seconds_at(270.0) == 5.0
    assert axis.seconds_at(-50) == 0.0
    assert axis.seconds_at(9999) == 10.0
    assert TimeAxis(0.0, 20.0, 500.0).x_of(3.0) == 20.0
    assert TimeAxis(5.0, 0.0, 0.0).seconds_at(3.0) == 0.0


@pytest.mark.parametrize("span_s", [0.2, 0.95, 3.0, 10.0, 61.0, 600.0, 3600.0, 40_000.0])
@pytest.mark.parametrize("width_px", [120.0, 640.0, 1900.0])
def test_ticks_are_round_and_leave_room_for_their_labels(span_s: float, width_px: float) -> None:
    axis = TimeAxis(span_s, 0.0, width_px)
    ticks = axis.ticks(70)
    places = [axis.x_of(tick.seconds) for tick in ticks if tick.label]
    assert ticks[0].label
    assert all(b - a >= 70 - 1e-6 for a, b in itertools.pairwise(places))
    assert len({tick.label for tick in ticks if tick.label}) == len(places)
    assert len(ticks) <= width_px / 8 + 1


def test_tick_labels() -> None:
    def labels(span: float, width: float) -> list[str]:
        return [tick.label for tick in TimeAxis(span, 0, width).ticks(70) if tick.label]

    assert labels(3.0, 420)[:3] == ["0:00.0", "0:00.5", "0:01.0"]
    assert labels(60.0, 500)[:3] == ["0:00", "0:10", "0:20"]
    assert labels(7200.0, 500)[-1] == "2:00:00"


def test_zoom_keeps_what_is_under_the_cursor() -> None:
    port = Viewport().with_sizes((800, 450), (1920, 1080))
    assert port.fits
    left, _, width, _ = port.rect()
    under = (600 - left) / width
    for _ in range(5):
        port = port.zoomed(1.5, 600, 200)
    left, _, width, _ = port.rect()
    assert (600 - left) / width == pytest.approx(under)
    assert not port.fits


def test_zoom_ends_at_the_whole_picture_and_at_large_pixels() -> None:
    port = Viewport().with_sizes((800, 450), (1920, 1080)).zoomed(1.25, 10, 10)
    assert port.zoomed(0.5, 10, 10).fits
    for _ in range(60):
        port = port.zoomed(1.25, 400, 225)
    assert port.shown_scale == 32.0


def test_panning_never_shows_what_lies_beyond_the_picture() -> None:
    port = Viewport().with_sizes((800, 450), (1600, 900)).zoomed(4, 400, 225).panned(9999, -9999)
    left, top, width, height = port.rect()
    assert left == pytest.approx(0)
    assert top + height == pytest.approx(450)
    assert port.fitted().panned(10, 10).fits
    tall = Viewport().with_sizes((800, 450), (100, 1000)).zoomed(2, 400, 225)
    left, _, width, _ = tall.rect()
    assert left + width / 2 == pytest.approx(400)  # narrower than the view: stays in the middle


def test_a_view_that_grows_shows_the_same_middle() -> None:
    port = Viewport().with_sizes((800, 450), (1600, 900)).zoomed(4, 500, 100)
    grown = port.with_sizes((900, 500), (1600, 900))
    assert grown.centre == pytest.approx(port.centre, abs=0.05)
    assert grown.scale == port.scale


def test_recent_clips_are_kept_newest_first(tmp_path: object) -> None:
    from pathlib import Path

    store = QSettings(f"{tmp_path}/window.ini", QSettings.Format.IniFormat)
    recent = RecentClips(store)
    assert recent.paths() == ()
    for number in range(MOST + 3):
        recent.add(Path(f"/footage/{number}.mp4"))
    recent.add(Path("/footage/5.mp4"))
    store.sync()
    again = RecentClips(QSettings(f"{tmp_path}/window.ini", QSettings.Format.IniFormat))
    assert again.paths() == recent.paths()
    assert len(again.paths()) == MOST
    assert again.paths()[0] == Path("/footage/5.mp4")
    again.remove(Path("/footage/5.mp4"))
    assert Path("/footage/5.mp4") not in again.paths()
    again.clear()
    assert again.paths() == ()
    one = Path("/footage/one.mp4")
    for job_id in (None, "a"):
        again.add(one, job_id)  # one item comes back from the file as a string
        again._store.sync()
        kept = RecentClips(QSettings(f"{tmp_path}/window.ini", QSettings.Format.IniFormat))
        assert kept.paths() == (one,)
        assert kept.job_of(one) == job_id
    again.add(Path("/footage/two.mp4"))
    assert [again.job_of(path) for path in again.paths()] == [None, "a"]
