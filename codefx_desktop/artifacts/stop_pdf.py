"""The report of a stop on one printed page.

From top to bottom: whose stop, how long the car stood, the splits, what held the release, the
tasks over time, four pictures, every event, what a person changed, what the figures were made
with. Every figure has its uncertainty; what was not measured says "not found".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.pdf_fonts import NO_LETTER, OtherFonts, font_folders
from codefx_desktop.artifacts.pdf_gantt import draw_gantt, draw_key
from codefx_desktop.artifacts.pdf_page import GROUND, INK, LINE, MUTED, PAPER_WHITE, Page
from codefx_desktop.artifacts.pdf_tiles import draw_tiles, left_out, plus_minus
from codefx_desktop.artifacts.report_values import (
    AuditRow,
    doubt_of,
    is_found,
    own_doubt,
    place_word,
    since_stop,
)
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.gantt import lanes_of
from codefx_desktop.domain.sheet import Paper
from codefx_desktop.domain.stop_overlays import PLACE_COLORS
from codefx_desktop.domain.stop_words import NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.report_values import JobReport, KeyFrame
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.overlay import Rgb

_BAND: Final[Rgb] = (22, 30, 38)
_BAND_MUTED: Final[Rgb] = (176, 186, 196)
_STATUS: Final = {
    EventStatus.PROPOSED: "",
    EventStatus.CONFIRMED: "confirmed",
    EventStatus.EDITED: "edited",
    EventStatus.NOT_FOUND: "",
}
_EVENT_COLUMNS: Final = 3
_LEAST_MISSING: Final = 2
_MOST_MISSING: Final = 8
"""Lines for events that were not found; found ones, which need more room, leave less of it."""
_LEAST_AUDIT: Final = 4
_MOST_AUDIT: Final = 9
_MOST_SETTINGS: Final = 14
"""Lines that room is made for: more are shown where there is more room."""
_LEAST_LINE: Final = 2.4
"""From line to line, mm: letters of 7 points touch below it."""
_MOST_STRETCH: Final = 1.6
_GAP: Final = 2.5
"""Between pictures, mm."""
_GANTT_REST: Final = 16.5
_EVENTS_REST: Final = 10.6
_BELOW_REST: Final = 9.5
"""What a part takes besides its rows, mm."""


def stop_pdf(
    report: JobReport,
    told: StopTold,
    frames: Sequence[KeyFrame],
    fonts: Path,
    paper: Paper = Paper.A4,
    others: Sequence[Path] | None = None,
) -> bytes:
    """Return the report of a stop as the bytes of a PDF file of one page.

    Args:
        report: What is told of the job.
        told: The stop, one of the report's.
        frames: The pictures to show, at most four.
        fonts: The folder with the letters.
        paper: Size of the page.
        others: Folders of fonts for letters that those lack; None for the system's.
    """
    title = f"Pit stop {told.stop.number} of {report.clip}"
    made_at = datetime.fromisoformat(report.made_at)
    more = OtherFonts(font_folders() if others is None else others)
    page = Page(paper.value, fonts, more, title, made_at)
    data = _Layout(page, report, told, frames).drawn()
    if not page.missing:
        return data
    # Which letters no font has is known when all is drawn: once more, with room to say so.
    again = Page(paper.value, fonts, more, title, made_at)
    return _Layout(again, report, told, frames, missing=frozenset(page.missing)).drawn()


@dataclass(slots=True)
class _Layout:
    """The page from top to bottom; what is variable shares the height that is left."""

    page: Page
    report: JobReport
    told: StopTold
    frames: Sequence[KeyFrame]
    lane_mm: float = 6.0
    picture_mm: float = 24.0
    row_mm: float = 3.3
    line_mm: float = 3.3
    missing: frozenset[str] = frozenset()

    def drawn(self) -> bytes:
        page = self.page
        y = self._heading() + 3.5
        y = draw_tiles(page, self.told, y) + 2.2
        y = self._held_by(y) + 3.2
        foot = page.height - (13.0 if self.missing else 9.5)
        self._share_out(foot - 1.0 - y)
        y = self._gantt(y)
        y = self._pictures(y)
        y = self._events(y)
        self._below(y + 2.0, foot - 1.0)
        self._footer(foot)
        return page.data()

    def _share_out(self, high: float) -> None:
        """Let lanes, pictures, events and lines below share the height there is, mm."""
        lanes = len(lanes_of(self.told.breakdown.critical.bars)) or 1
        lines = max(
            _LEAST_AUDIT,
            min(len(self.report.audit), _MOST_AUDIT),
            min(len(self._settings()), _MOST_SETTINGS),
        )
        picture = 24.0 if self.frames else 0.0
        fixed = _GANTT_REST + _EVENTS_REST + _BELOW_REST + (6.2 if self.frames else 0.0)
        fixed += 3.3 * len(self._missing())
        natural = 6.0 * lanes + picture + 3.3 * self._row_count + 3.3 * lines
        stretch = min(max((high - fixed) / natural, 0.55), _MOST_STRETCH)
        self.lane_mm = min(6.0 * stretch, 9.5)
        self.picture_mm = min(picture * stretch, self._widest_picture)
        self.row_mm, self.line_mm = (
            min(3.3 * stretch, 4.4),
            min(max(3.3 * stretch, _LEAST_LINE), 4.2),
        )

    @property
    def _widest_picture(self) -> float:
        """Return how high pictures are that take all of their width, mm."""
        wide = (self.page.right - self.page.left - 3 * _GAP) / 4
        shapes = [one.pixels.shape for one in self.frames if one.pixels is not None]
        return max((wide * shape[0] / shape[1] for shape in shapes), default=12.0)

    # -- heading ------------------------------------------------------------------------------

    def _heading(self) -> float:
        page, facts = self.page, self.told.stop.facts
        page.box((0, 0, page.width, 25), _BAND)
        room = page.width - 2 * page.left - 62
        car = f"#{facts.car_number}" if facts.car_number else ""
        title = " ".join(filter(None, (car, facts.team, facts.label))) or self.report.clip
        title = page.fitted(title, room, 17, bold=True)
        page.text(page.left, 11.2, title, 17, PAPER_WHITE, bold=True)
        many = len(self.report.stops)
        what = f"Pit stop {self.told.stop.number}{f' of {many}' if many > 1 else ''}"
        line = "  ·  ".join(filter(None, (what, self.report.template, *self._who())))
        page.text(page.left, 16.6, page.fitted(line, room, 8.5), 8.5, PAPER_WHITE)
        heads = "  ·  ".join(text for _, text in self.report.heads if text)
        clip = "" if title == self.report.clip else self.report.clip
        line = "  ·  ".join(filter(None, (heads, clip)))
        page.text(page.left, 21.4, page.fitted(line, room, 8), 8, _BAND_MUTED)
        self._stationary()
        return 25.0

    def _who(self) -> list[str]:
        facts = self.told.stop.facts
        lap = "" if facts.lap is None else f"lap {facts.lap}"
        drivers = " for ".join(filter(None, (facts.driver_out, facts.driver_in)))
        return [lap, drivers or "", facts.tyre_set]

    def _stationary(self) -> None:
        page, one = self.page, self.told.breakdown.stationary
        page.text_right(page.right, 6.4, "STATIONARY", 7, _BAND_MUTED, bold=True)
        if one.value_s is None:
            page.text_right(page.right, 17, NOT_FOUND, 18, PAPER_WHITE, bold=True)
            return
        figure = f"{one.value_s:.3f}"
        x = page.right - page.wide(figure, 29, bold=True) - page.wide(" s", 13)
        end = page.text(x, 17.4, figure, 29, PAPER_WHITE, bold=True)
        page.text(end, 17.4, " s", 13, PAPER_WHITE)
        bounds = ""
        if one.low_s is not None and one.high_s is not None:
            bounds = f"{plus_minus(doubt_of(one))} s   ({one.low_s:.3f} to {one.high_s:.3f})"
        page.text_right(page.right, 22, bounds, 8, _BAND_MUTED)

    # -- what held it -------------------------------------------------------------------------

    def _held_by(self, y: float) -> float:
        page, path = self.page, self.told.breakdown.critical
        text = path.text or "What held the release is not known."
        if path.may_have:
            text += f" Within the uncertainty also: {', '.join(path.may_have)}."
        base = y
        for line in page.wrapped(text, page.right - page.left, 8.5, 3):
            base += 4.0
            page.text(page.left, base, line, 8.5)
        return base

    # -- tasks, pictures ----------------------------------------------------------------------

    def _gantt(self, y: float) -> float:
        page = self.page
        lanes = len(lanes_of(self.told.breakdown.critical.bars)) or 1
        self._section(y, "Tasks")
        draw_key(page, page.left + 16, y + 2.9)
        if more := left_out(self.told):
            text = f"{more} more durations are in the workbook"
            page.text_right(page.right, y + 2.9, text, 6.5, MUTED)
        top = y + 9.0
        wide, high = page.right - page.left, self.lane_mm * lanes + 5.0
        draw_gantt(page, (page.left, top, wide, high), self.told, self.report)
        return top + high + 1.5

    def _pictures(self, y: float) -> float:
        page = self.page
        if not self.frames:
            return y
        wide, high = (page.right - page.left - 3 * _GAP) / 4, self.picture_mm
        for number, shown in enumerate(self.frames[:4]):
            x = page.left + number * (wide + _GAP)
            page.box((x, y, wide, high), GROUND)
            if shown.pixels is not None:
                page.picture((x, y, wide, high), shown.pixels, f"{shown.name}, {shown.text}")
            else:
                page.text(x + 2, y + high / 2, "no picture", 7, MUTED)
            end = page.text(x, y + high + 3.2, shown.name, 7, bold=True)
            room = x + wide - end - 1.2
            size = page.shrunk(shown.text, room, 6.5, 5.4)
            text = page.fitted(shown.text, room, size)
            page.text(end + 1.2, y + high + 3.2, text, size, MUTED)
        return y + high + 6.2

    # -- events -------------------------------------------------------------------------------

    def _rows(self) -> list[Event]:
        """Return the events that were found, in order of time."""
        events = self.told.stop.events
        found = [event for event in events if is_found(event)]
        return sorted(found, key=lambda event: event.time_s or 0.0)

    def _missing(self) -> tuple[str, ...]:
        """Return as lines which events were not found; those without room are counted."""
        names = [
            f"{self.report.label(event.kind)} {event.place}".strip()
            for event in self.told.stop.events
            if not is_found(event)
        ]
        room = self.page.right - self.page.left
        most = max(_LEAST_MISSING, _MOST_MISSING - self._row_count)
        for shown in range(len(names), 0, -1):
            more = f" and {len(names) - shown} more, named in the workbook"
            text = f"Not found: {', '.join(names[:shown])}{more if shown < len(names) else ''}."
            lines = self.page.wrapped(text, room, 7, len(names))
            if len(lines) <= most:
                return lines
        return ()

    @property
    def _row_count(self) -> int:
        return -(-len(self._rows()) // _EVENT_COLUMNS)

    def _events(self, y: float) -> float:
        page = self.page
        self._section(y, "Events")
        gap, rows = 4.0, self._row_count
        wide = (page.right - page.left - (_EVENT_COLUMNS - 1) * gap) / _EVENT_COLUMNS
        top = y + 7.4
        since = "s after stop" if self.told.stop.event("stop") else "s in the clip"
        for column in range(-(-len(self._rows()) // max(rows, 1))):
            x = page.left + column * (wide + gap)
            page.text_right(x + 39, y + 6.4, since, 6, MUTED)
            page.text_right(x + wide, y + 6.4, "frame, from", 6, MUTED)
            page.line((x, top), (x + wide, top), LINE, 0.2)
            for row, event in enumerate(self._rows()[column * rows : (column + 1) * rows]):
                self._event((x, top + (row + 1) * self.row_mm - 0.28 * self.row_mm, wide), event)
        base = top + rows * self.row_mm + 3.6
        for line in self._missing():
            page.text(page.left, base, line, 7, MUTED)
            base += 3.3
        return base

    def _event(self, place: tuple[float, float, float], event: Event) -> None:
        page, (x, base, wide) = self.page, place
        size = min(7.6, self.row_mm * 2.15)
        color = PLACE_COLORS.get(event.place, MUTED)
        page.box((x, base - 1.9, 1.0, 2.1), color)
        name = self.report.label(event.kind)
        where = f" {place_word(event.place)}" if event.place else ""
        small = page.shrunk(f"{name}{where}", 23.5, size, 0.7 * size)
        page.text(x + 1.8, base, page.fitted(f"{name}{where}", 23.5, small), small)
        since = since_stop(event, self.told.stop)
        figure, off = since or (event.time_s or 0.0, own_doubt(event))
        mark = "" if since is not None else "at "
        page.text_right(x + 33, base, f"{mark}{_signed(figure)}", size, bold=True)
        page.text(x + 33.6, base, plus_minus(off), size, MUTED)
        frame = "" if event.frame_number is None else str(event.frame_number)
        page.text_right(x + 49, base, frame, size, MUTED)
        said = _STATUS[event.status] or (event.source.value if event.source else "")
        ink = MUTED if not _STATUS[event.status] else INK
        small = page.shrunk(said, wide - 50, size, 0.7 * size)
        page.text(x + 50, base, page.fitted(said, wide - 50, small), small, ink)

    # -- below --------------------------------------------------------------------------------

    def _below(self, y: float, until: float) -> None:
        page = self.page
        middle = page.left + (page.right - page.left) * 0.5
        self._section(y, "Changed by hand", page.left, middle - 3)
        self._section(y, "Made with", middle, page.right)
        room = max(1, int((until - y - 5.5) / self.line_mm))
        for number, (text, color) in enumerate(self._changes(room)):
            line = page.fitted(text, middle - 3 - page.left, 7)
            page.text(page.left, y + 8.0 + self.line_mm * number, line, 7, color)
        for number, (name, text) in enumerate(self._told_settings(room)):
            base = y + 8.0 + self.line_mm * number
            page.text(middle, base, name, 7, MUTED)
            room_mm = page.right - middle - 21
            size = max(
                5.0, min(7.0, 7.0 * room_mm / page.wide(text or " ", 7) - 0.05)
            )  # hashes whole
            page.text(middle + 21, base, page.fitted(text, room_mm, size), size)

    def _changes(self, room: int) -> list[tuple[str, Rgb]]:
        audit = self.report.audit
        if not audit:
            return [("Nothing: all figures are as they were measured.", MUTED)]
        shown = audit if len(audit) <= room else audit[-(room - 1) :]
        lines = [(_change(row), MUTED if row.is_undone else INK) for row in shown]
        if len(shown) < len(audit):
            lines.insert(0, (f"{len(audit) - len(shown)} earlier ones are in the workbook", MUTED))
        return lines

    def _settings(self) -> list[tuple[str, str]]:
        models = [
            pair
            for model in self.report.models
            for pair in (
                (f"Model, {model.task}", model.name),
                ("SHA-256", model.sha256),
            )
        ]
        return [*models, *self.report.settings]

    def _told_settings(self, room: int) -> list[tuple[str, str]]:
        """Return as many settings as there is room for, and how many more there are."""
        told = self._settings()
        if len(told) <= room:
            return told
        return [*told[: room - 1], ("", f"{len(told) - room + 1} more are in the workbook")]

    def _section(
        self, y: float, name: str, left: float | None = None, right: float | None = None
    ) -> None:
        page = self.page
        x = page.left if left is None else left
        page.text(x, y + 2.9, name, 9, bold=True)
        page.line((x, y + 4.2), (page.right if right is None else right, y + 4.2), INK, 0.25)

    def _footer(self, y: float) -> None:
        page = self.page
        page.line((page.left, y), (page.right, y), LINE, 0.2)
        made = datetime.fromisoformat(self.report.made_at).strftime("%Y-%m-%d %H:%M %Z").strip()
        page.text(page.left, y + 3.6, f"Job {self.report.job_id}  ·  made {made}", 6.5, MUTED)
        if self.missing:
            self._say_missing(y + 6.9)
        text = "± is the most that a figure may be off by what was seen; times are true seconds"
        page.text_right(page.right, y + 3.6, text, 6.5, MUTED)

    def _say_missing(self, y: float) -> None:
        page = self.page
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in sorted(self.missing))
        text = f"{NO_LETTER}: no font of this computer has {codes}; the workbook says it all"
        page.text(page.left, y, page.fitted(text, page.right - page.left, 6.5), 6.5, INK)


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}")


def _change(row: AuditRow) -> str:
    when = row.at[:16].replace("T", " ")
    back = " (taken back)" if row.is_undone else ""
    return f"{when}  {row.who}:  {row.what}{back}"
