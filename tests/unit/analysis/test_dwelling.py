"""When somebody comes to a place and sets off from it: told where that was seen, else not."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.dwelling import People, came, left, longest_dwells

RATE, WIDTH = 25.0, 40.0
TIMES = np.arange(0.0, 12.0, 1.0 / RATE)
PLACE = (300.0, 200.0)


def people(*ways: np.ndarray) -> People:
    """Return people of one width from ways, float64 (F, 2); nan where they are not seen."""
    frames, boxes = [], []
    for frame in range(len(TIMES)):
        for way in ways:
            if not np.isnan(way[frame]).any():
                frames.append(frame)
                x, y = way[frame]
                half = WIDTH / 2
                boxes.append((x - half, y - half, x + half, y + half))
    return People.of(np.array(frames), np.array(boxes))


def way(*keys: tuple[float, float]) -> np.ndarray:
    """Return a way through (seconds, pixels from the place), float64 (F, 2)."""
    when, off = np.array(keys).T
    return np.column_stack((np.full(len(TIMES), PLACE[0]), PLACE[1] + np.interp(TIMES, when, off)))


STAYS = way((0.0, 120.0), (2.0, 120.0), (3.0, 0.0), (8.0, 0.0), (9.0, 120.0))


def edges(seen: People) -> list[float | None]:
    """Return when the longest stay begins and ends."""
    stay = longest_dwells(seen, TIMES, 1.5)[0]
    found = came(seen, TIMES, stay, 0), left(seen, TIMES, stay, len(TIMES) - 1)
    return [None if edge is None else edge.time_s for edge in found]


def test_who_comes_and_goes_is_told_to_a_picture() -> None:
    began, ended = edges(people(STAYS))
    assert began == pytest.approx(3.0, abs=0.08)
    assert ended == pytest.approx(8.0, abs=0.08)


def test_who_passes_the_place_after_it_was_left_does_not_move_the_end() -> None:
    # Seen at the place for a moment, 0.4 s after the one who stayed has set off.
    passes = np.full_like(STAYS, np.nan)
    later = (TIMES > 8.38) & (TIMES < 8.5)
    passes[later] = PLACE
    began, ended = edges(people(STAYS, passes))
    assert began == pytest.approx(3.0, abs=0.08)
    assert ended == pytest.approx(8.0, abs=0.08)


def test_who_was_seen_there_shortly_before_does_not_move_the_begin() -> None:
    passes = np.full_like(STAYS, np.nan)
    earlier = (TIMES > 2.5) & (TIMES < 2.62)
    passes[earlier] = PLACE
    assert edges(people(STAYS, passes))[0] == pytest.approx(3.0, abs=0.08)


def test_a_box_that_jumps_away_does_not_tell_when_its_owner_left() -> None:
    # One picture at the place, in the next one 0.75 widths off: nobody is so quick.
    jumps = STAYS.copy()
    jumps[TIMES > 8.0] += (0.0, 0.75 * WIDTH)
    assert edges(people(jumps))[1] is None


def test_who_is_not_seen_to_set_off_did_not_set_off_at_the_first_sight_away() -> None:
    # The last half second at the place is hidden, and a part of the way.
    hidden = STAYS.copy()
    hidden[(TIMES > 7.6) & (TIMES < 8.1)] = np.nan
    ended = edges(people(hidden))[1]
    assert ended is None or abs(ended - 8.0) < 0.2


def test_a_stay_that_fills_the_clip_has_no_ends() -> None:
    assert edges(people(way((0.0, 0.0), (12.0, 0.0)))) == [None, None]


def test_who_walks_by_before_the_end_is_not_followed_instead() -> None:
    # Half a width off and gone, while the one who stays still stands there.
    by = np.full_like(STAYS, np.nan)
    passing = (TIMES > 7.45) & (TIMES < 7.9)
    by[passing] = np.column_stack(
        (PLACE[0] + 4.0 + 260.0 * (TIMES[passing] - 7.45), np.full(passing.sum(), PLACE[1]))
    )
    assert edges(people(by, STAYS))[1] == pytest.approx(8.0, abs=0.08)
