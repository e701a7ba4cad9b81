"""Much data on few pixels: what a lane paints in each column of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.jobs.lane_values import Curve, Peaks, TrackSpans
    from codefx_desktop.ui.models.lane_axis import LaneAxis

    Floats = npt.NDArray[np.float64]
    Band = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]

NO_CLASS: Final = -1
_ROW_LINES: Final = 6
"""A row of tracks is no higher, however few there are."""


def edges(axis: LaneAxis, columns: int) -> Floats:
    """Return the instants between the columns of the screen, float64 (columns + 1,)."""
    return np.linspace(axis.first_s, axis.last_s, columns + 1)


def curve_band(curve: Curve, axis: LaneAxis, columns: int) -> Band:
    """Return the least and the greatest value in each column, float32 (columns,) each.

    A value holds until the next one, so each column has one; nan where nothing was measured.
    """
    bounds = edges(axis, columns)
    first = np.searchsorted(curve.times_s, bounds[:-1], side="right") - 1
    last = np.searchsorted(curve.times_s, bounds[1:], side="left")
    low, high = _reduced(curve.values, curve.values, first, last)
    beyond = bounds[:-1] >= curve.ends_s
    low[beyond] = high[beyond] = np.nan
    return low, high


def peak_band(peaks: Peaks, axis: LaneAxis, columns: int) -> Band:
    """Return the least and the greatest sample in each column, -1 to 1; nan where not read."""
    bounds = edges(axis, columns) * peaks.rate_hz
    first = np.floor(bounds[:-1] + 1e-6).astype(np.int64)
    last = np.ceil(bounds[1:] - 1e-6).astype(np.int64)
    low, high = _reduced(peaks.low, peaks.high, first, last)
    beyond = first >= len(peaks.low)
    low[beyond] = high[beyond] = np.nan
    full = np.float32(127)
    return (low / full).astype(np.float32), (high / full).astype(np.float32)


def _reduced(
    low: npt.NDArray[np.number],
    high: npt.NDArray[np.number],
    first: npt.NDArray[np.int64],
    last: npt.NDArray[np.int64],
) -> Band:
    """Return least and greatest of each range; nan where it begins before the first value."""
    if not len(low):
        empty = np.full(len(first), np.nan, np.float32)
        return empty, empty.copy()
    begin = np.clip(first, 0, len(low) - 1)
    end = np.clip(np.maximum(last, begin + 1), 1, len(low))
    at = int(begin[0])
    stop = int(end[-1])
    pairs = np.empty(2 * len(begin), np.int64)
    pairs[0::2], pairs[1::2] = begin - at, end - at
    # The last end lies behind the last value: one more stands there that nobody reads.
    least = np.fmin.reduceat(np.append(low[at:stop], low[stop - 1]), pairs)[0::2]
    most = np.fmax.reduceat(np.append(high[at:stop], high[stop - 1]), pairs)[0::2]
    bottom, top = least.astype(np.float32), most.astype(np.float32)
    before = last <= 0
    bottom[before] = top[before] = np.nan
    return bottom, top


def track_classes(
    spans: TrackSpans, axis: LaneAxis, columns: int, lines: int
) -> npt.NDArray[np.int16]:
    """Return the class of what is seen in each pixel of a lane, int16 (lines, columns).

    Rows of tracks are spread over the lines; where several rows share one, it shows any track of
    them. ``NO_CLASS`` where there is none.
    """
    picture = np.full((lines, columns), NO_CLASS, np.int16)
    spans = spans.for_gap(axis.span_s / max(columns, 1))
    part = spans.between(axis.first_s, axis.last_s)
    seen = np.arange(part.start, part.stop)[spans.end_s[part] > axis.first_s]
    if not len(seen) or lines < 1:
        return picture
    scale = columns / axis.span_s
    left = np.floor((spans.begin_s[seen] - axis.first_s) * scale)
    right = np.ceil((spans.end_s[seen] - axis.first_s) * scale)
    left = np.clip(left, 0, columns - 1).astype(np.int64)
    right = np.clip(right, left + 1, columns).astype(np.int64)
    # One row of the picture for each row of tracks, painted run by run, then spread over lines.
    high = max(min(spans.rows, lines), 1)
    row = spans.row[seen].astype(np.int64) * high // max(spans.rows, 1)
    runs = right - left
    begin = np.repeat(row * columns + left - np.cumsum(runs) + runs, runs)
    small = np.full(high * columns, NO_CLASS, np.int16)
    small[begin + np.arange(len(begin))] = np.repeat(spans.class_id[seen], runs)
    at = _row_of_line(high, lines)
    shown = small.reshape(high, columns)[at]
    if len(at) > 2 * high:
        last = np.flatnonzero(np.diff(at, append=high))
        shown[last] = NO_CLASS  # a hair between rows that are high enough
    picture[: len(shown)] = shown
    return picture


def _row_of_line(high: int, lines: int) -> npt.NDArray[np.int64]:
    """Return which row each line shows, from the first line on; few rows leave lines below."""
    used = min(lines, high * _ROW_LINES)
    return np.arange(used) * high // used


def line_span(row: int, rows: int, lines: int) -> tuple[int, int]:
    """Return the first line that a row of tracks takes, and the one after its last."""
    high = max(min(rows, lines), 1)
    shown = np.flatnonzero(_row_of_line(high, lines) == row * high // max(rows, 1))
    return int(shown[0]), int(shown[-1]) + 1


def track_at(spans: TrackSpans, time_s: float, line: int, lines: int) -> int | None:
    """Return the number of the stretch that is painted at an instant and a line; None for none."""
    part = spans.between(time_s, np.nextafter(time_s, np.inf))
    high = max(min(spans.rows, lines), 1)
    row = spans.row[part].astype(np.int64) * high // max(spans.rows, 1)
    at = _row_of_line(high, lines)
    if not 0 <= line < len(at):
        return None
    here = (time_s < spans.end_s[part]) & (row == at[line])
    places = np.flatnonzero(here)
    return part.start + int(places[-1]) if len(places) else None
