"""The tasks of a stop on a printed page: bars over time with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.pdf_page import GROUND, INK, LINE, MUTED, PAPER_WHITE
from codefx_desktop.artifacts.report_values import own_doubt, place_word, since_stop
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.gantt import lanes_of, ticks
from codefx_desktop.domain.stop_overlays import PLACE_COLORS
from codefx_desktop.domain.stop_times import bounds, rounded_up

if TYPE_CHECKING:
    from codefx_desktop.artifacts.pdf_page import Page
    from codefx_desktop.artifacts.report_values import JobReport
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.breakdown import GanttBar
    from codefx_desktop.domain.overlay import Rgb

_CAR: Final[Rgb] = (150, 158, 168)
_CRITICAL: Final[Rgb] = (150, 20, 20)
_HEAD_MM: Final = 13.0
"""Room for the places' names."""
_AXIS_MM: Final = 5.0
_TICKS: Final = 14


@dataclass(frozen=True, slots=True)
class _Span:
    """Seconds of true time since the stop, across the page."""

    zero_s: float
    scale: float
    first: float
    last: float
    left: float
    right: float

    def since(self, time_s: float) -> float:
        return (time_s - self.zero_s) * self.scale

    def x(self, since_s: float) -> float:
        share = (since_s - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def at(self, time_s: float) -> float:
        return min(max(self.x(self.since(time_s)), self.left), self.right)


def draw_gantt(
    page: Page, place: tuple[float, float, float, float], told: StopTold, report: JobReport
) -> None:
    """Draw a stop's tasks into x, y, width and height, mm.

    A bar is what is known; its pale ends are as far as its begin and end may lie; the thin line
    behind it is its slack. Tasks that held the release have a red edge.
    """
    x, y, wide, high = place
    bars = told.breakdown.critical.bars
    if not bars:
        page.text(x, y + 5, "No task of this stop has a known begin and end.", 8, MUTED)
        return
    lanes = lanes_of(bars)
    span = _span(told, x + _HEAD_MM, x + wide)
    lane_mm = (high - _AXIS_MM) / len(lanes)
    bottom = y + lane_mm * len(lanes)
    for number, lane in enumerate(lanes):
        top = y + number * lane_mm
        if lane.is_first:
            if number:
                page.line((x, top), (x + wide, top), LINE, 0.1)
            base = top + lane_mm / 2 + page.capital(8) / 2
            page.text(x, base, place_word(lane.place), 8, bold=True)
    _grid(page, span, y, bottom, "s after stop" if told.stop.event("stop") else "s, from the first")
    for number, lane in enumerate(lanes):
        middle = y + (number + 0.5) * lane_mm
        for one in lane.bars:
            _bar(page, span, bars[one], middle, 0.62 * lane_mm)
        for one in lane.bars:  # over all bars: it may reach into the next one
            _reach(page, span, bars[one], middle + 0.27 * lane_mm)
    _ends(page, span, told, report, (y, bottom))


def _span(told: StopTold, left: float, right: float) -> _Span:
    bars, stop = told.breakdown.critical.bars, told.stop
    began = stop.event("stop")
    zero = began.time_s if began is not None and began.time_s is not None else bars[0].begin_s
    ends = [event.time_s for kind in ("release", "go") if (event := stop.event(kind)) is not None]
    scale = stop.time_scale
    first = min(0.0, *((bar.begin_low - zero) * scale for bar in bars))
    known = [time_s for time_s in ends if time_s is not None]
    last = max((time_s - zero) * scale for time_s in (*(bar.end_high for bar in bars), *known))
    margin = 0.012 * max(last - first, 1e-3)
    return _Span(zero, scale, first - margin, last + margin, left, right)


def _grid(page: Page, span: _Span, top: float, bottom: float, unit: str) -> None:
    for since_s, text in ticks(span.first, span.last, _TICKS):
        x = span.x(since_s)
        page.line((x, top), (x, bottom + 0.8), LINE, 0.15)
        page.text(x - page.wide(text, 6.5) / 2, bottom + 3.6, text, 6.5, MUTED)
    page.text(span.left - _HEAD_MM, bottom + 3.6, unit, 6.5, MUTED)


def _bar(page: Page, span: _Span, bar: GanttBar, middle: float, high: float) -> None:
    color = PLACE_COLORS.get(bar.place, _CAR)
    left, right = span.at(bar.begin_s), span.at(bar.end_s)
    low, far = span.at(bar.begin_low), span.at(bar.end_high)
    top = middle - high / 2
    if bar.slack_s and not bar.is_critical:
        until = span.at(bar.end_s + bar.slack_s / span.scale)
        page.line((far, middle), (until, middle), MUTED, 0.15, dash=0.6)
    page.box((low, middle - high * 0.3, max(far - low, 0.1), high * 0.6), color, opacity=0.38)
    edge, line = (_CRITICAL, 0.5) if bar.is_critical else (INK, 0.12)
    page.box((left, top, max(right - left, 0.3), high), color, edge, line=line)
    _name(page, bar, (left, right), middle, high)


def _reach(page: Page, span: _Span, bar: GanttBar, y: float) -> None:
    """Draw as far as a bar's ends may lie as error bars."""
    for time_s, limit_s in ((bar.begin_s, bar.begin_low), (bar.end_s, bar.end_high)):
        x, end = span.at(time_s), span.at(limit_s)
        if abs(end - x) > 0.1:
            page.line((x, y), (end, y), INK, 0.18)
            page.line((end, y - 0.7), (end, y + 0.7), INK, 0.18)


def _name(page: Page, bar: GanttBar, ends: tuple[float, float], middle: float, high: float) -> None:
    """Name a bar where there is room in it."""
    size = min(7.2, high / 0.42)
    room = ends[1] - ends[0] - 0.8
    if page.wide(bar.label, size) > room:
        return
    color = _ink_on(PLACE_COLORS.get(bar.place, _CAR))
    x = (ends[0] + ends[1] - page.wide(bar.label, size)) / 2
    page.text(x, middle + page.capital(size) / 2, bar.label, size, color)


def _ink_on(color: Rgb) -> Rgb:
    red, green, blue = color
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 110 else PAPER_WHITE


def _ends(
    page: Page, span: _Span, told: StopTold, report: JobReport, rows: tuple[float, float]
) -> None:
    """Mark stop, release and go, each with as far as it may lie."""
    top, bottom = rows
    stop, until = told.stop, span.right
    for kind in ("go", "release", "stop"):  # names give way to those on their right
        event = stop.event(kind)
        if event is None or event.time_s is None:
            continue
        x, (low_s, high_s) = span.at(event.time_s), bounds(event)
        if own_doubt(event) is not None:
            wide = max(span.at(high_s) - span.at(low_s), 0.0)
            page.box((span.at(low_s), top, wide, bottom - top), INK, opacity=0.1)
        page.line((x, top - 1.2), (x, bottom), INK, 0.35)
        text = report.label(kind)
        if (since := since_stop(event, stop)) is not None:
            figure, off = since
            text += f" {figure:.3f}" + ("" if off is None else f" ±{rounded_up(off, 3)}")
        wide = page.wide(text, 6.5, bold=True)
        start = min(max(x - wide / 2, span.left - _HEAD_MM), until - wide)
        page.text(start, top - 2.0, text, 6.5, bold=True)
        until = start - 2.0


def draw_key(page: Page, x: float, base: float) -> None:
    """Explain the chart's signs in one line."""
    color, muted = PLACE_COLORS[Place.FRONT_RIGHT], MUTED
    page.box((x, base - 1.9, 6, 1.5), color, opacity=0.38)
    page.box((x + 1.5, base - 2.3, 3, 2.3), color, INK, line=0.12)
    end = page.text(x + 7, base, "pale: as far as it may lie", 6.5, muted)
    page.box((end + 4, base - 2.3, 3, 2.3), GROUND, _CRITICAL, line=0.5)
    end = page.text(end + 8, base, "held the release", 6.5, muted)
    page.line((end + 4, base - 1), (end + 8, base - 1), MUTED, 0.2, dash=0.6)
    page.text(end + 9, base, "slack", 6.5, muted)
