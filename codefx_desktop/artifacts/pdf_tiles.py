"""The splits of a stop on its printed page: a tile for each, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.pdf_page import GROUND, MUTED
from codefx_desktop.artifacts.report_values import doubt_of
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_overlays import PLACE_COLORS
from codefx_desktop.domain.stop_times import rounded_up
from codefx_desktop.domain.stop_words import NOT_FOUND, SPLITS
from codefx_desktop.domain.template import CORNERS

if TYPE_CHECKING:
    from codefx_desktop.artifacts.pdf_page import Page
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.domain.stop import Duration

_ABREAST: Final = 8
_GAP: Final = 2.0
_BETWEEN: Final = 1.6
"""Between tiles of a row and between rows, mm."""


def draw_tiles(page: Page, told: StopTold, y: float) -> float:
    """Draw all splits from a height on, in one row or more; return where they end, mm."""
    tiles = _tiles(told.breakdown)
    rows = -(-len(tiles) // _ABREAST)
    abreast = -(-len(tiles) // rows)
    high = 15.5 if rows == 1 else 14.6
    wide = (page.right - page.left - _GAP * (abreast - 1)) / abreast
    for number, (name, one, color) in enumerate(tiles):
        row, column = divmod(number, abreast)
        x, top = page.left + column * (wide + _GAP), y + row * (high + _BETWEEN)
        page.box((x, top, wide, high), GROUND, radius=0.8)
        if color is not None:
            page.box((x, top, 1.1, high), color)
        _tile(page, (x + 2.6, top, wide - 3.6), name, one, told.breakdown)
    return y + rows * (high + _BETWEEN) - _BETWEEN


def left_out(told: StopTold) -> int:
    """Return how many of a stop's durations neither are a tile nor stand in the heading."""
    found = told.breakdown
    shown = [found.stationary, *(one for _, one, _ in _tiles(found))]
    return sum(one not in shown for one in (*found.durations, *found.synchrony))


def plus_minus(off: float | None) -> str:
    """Return an uncertainty as text; empty where none is stated."""
    return "" if off is None else f"±{rounded_up(off, 3)}"


def _tiles(found: Breakdown) -> list[tuple[str, Duration, Rgb | None]]:
    tiles: list[tuple[str, Duration, Rgb | None]] = [("Reaction", found.reaction, None)]
    for place in CORNERS:
        one = found.duration("tyre", place)
        if one is not None:
            tiles.append((f"{one.label} {place}", one, PLACE_COLORS[place]))
    for name in SPLITS:
        one = found.duration(name, Place.NONE)
        if one is not None:
            tiles.append((one.label, one, None))
    return [*tiles, *((f"{one.label} {one.place}".strip(), one, None) for one in found.synchrony)]


def _tile(
    page: Page, place: tuple[float, float, float], name: str, one: Duration, found: Breakdown
) -> None:
    x, y, room = place
    size = page.shrunk(name, 0.95 * room, 7, 5.2)  # bold letters are wider
    page.text(x, y + 4.2, page.fitted(name, room, size, bold=True), size, MUTED, bold=True)
    if one.value_s is None:
        page.text(x, y + 9.6, NOT_FOUND, 9, MUTED)
        text = _why_not(one, found)
        page.text(x, y + 13.4, page.fitted(text, room, 6.5), 6.5, MUTED)
        return
    page.text(x, y + 9.9, f"{one.value_s:.3f}", 13, bold=True)
    page.text(x, y + 13.5, f"{plus_minus(doubt_of(one))} s".strip(), 7, MUTED)


def _why_not(one: Duration, found: Breakdown) -> str:
    """Return why a duration has no value."""
    if one in found.synchrony:
        return "not all guns seen"
    if one.begins is None:
        return "neither end seen" if one.ends is None else "begin not seen"
    return "end not seen" if one.ends is None else "its ends contradict"
