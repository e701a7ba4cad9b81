"""What lies where on the timeline, and how it is told: under the mouse, to a reader of screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.ui.lanes_view import GUTTER_PX, LanesView
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.lane_columns import track_at
from codefx_desktop.ui.models.lane_events import event_near, mark_near
from codefx_desktop.ui.models.lane_rows import LaneKind
from codefx_desktop.ui.models.lane_words import event_text, place_text, row_text

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from codefx_desktop.ui.models.lane_events import LaneEvent
    from codefx_desktop.ui.models.lanes_model import LanesModel
    from codefx_desktop.ui.theme import Theme

REACH_PX: Final = 6.0


class LanesTold(LanesView):
    """The timeline with words about it.

    Args:
        model: What is shown.
        theme: The theme.
    """

    def __init__(self, model: LanesModel, theme: Theme) -> None:
        super().__init__(model, theme)
        self.is_mute = False
        """Whether nothing is said under the mouse: it moves what it is on."""
        self.setAccessibleName("Timeline")
        for signal in (model.moved, model.changed, model.selected, model.view.played):
            signal.connect(self._describe)
        self._describe()

    def number_at(self, x_px: float) -> int:
        """Return the frame that is on screen at the instant under a place."""
        return self.axis.number_at(self.axis.seconds_at(x_px))

    def event_at(self, at: QPointF) -> LaneEvent | None:
        """Return the event under a place."""
        row = self.row_under(at.y())
        if row is None or not row.places or at.x() < GUTTER_PX:
            return None
        return event_near(self.model.data.events, self.axis, at.x(), row.places, REACH_PX)

    def track_at(self, at: QPointF) -> int | None:
        """Return the track under a place."""
        row, spans = self.row_under(at.y()), self.model.data.arrays.tracks
        if row is None or row.kind is not LaneKind.TRACKS or spans is None:
            return None
        ratio = self.devicePixelRatioF()
        line = int((at.y() - self.row_rect(row).top()) * ratio)
        high = max(1, round(row.height * ratio))
        place = track_at(spans, self.axis.seconds_at(at.x()), line, high)
        return None if place is None else int(spans.track_id[place])

    def mark_at(self, at: QPointF) -> int | None:
        """Return the number of the mark under a place."""
        row = self.row_under(at.y())
        if row is None or row.kind is not LaneKind.MARKS:
            return None
        return mark_near(self.model.data.marks, self.axis, at.x(), REACH_PX)

    def hover_text(self) -> str:
        """Return what is said about the place under the mouse."""
        at = self.hover
        if at is None or self.is_mute or not self.model.is_open or at.x() < GUTTER_PX:
            return ""
        data = self.model.data
        if self.dragged is not None:
            one, snap = self.dragged
            on = f"\non {snap.on}" if snap.on else ""
            return f"{one.name}   {place_text(data, snap.number)}{on}"
        found = None if self.is_held() else self.event_at(at)
        number = self.number_at(at.x())
        lines = [place_text(data, found.number if found else number)]
        row = self.row_under(at.y())
        if found is not None:
            lines.insert(0, event_text(found))
        elif row is not None:
            part = (at.y() - self.row_rect(row).top()) / row.height
            high = max(1, round(row.height * self.devicePixelRatioF()))
            lines.insert(0, row_text(data, row, self.axis.seconds_at(at.x()), part, high))
        return "\n".join(filter(None, lines))

    def _describe(self) -> None:
        """Say in words where the playhead is and what is in hand."""
        model = self.model
        if not model.is_open:
            self.setAccessibleDescription("No clip is open.")
            return
        if model.view.playing:
            return  # a reader of screens cannot follow; it is told where playing ends
        data, number = model.data, min(model.view.position, len(model.data.times_s) - 1)
        at = words.timecode(float(data.times_s[number]))
        said = [f"Frame {words.count(number)} of {words.count(len(data.times_s))}, {at}."]
        said += [
            row_text(data, row, model.position_s, 0.0, 1)
            for row in self.rows
            if row.kind in (LaneKind.SCENES, LaneKind.CAR)
        ]
        if (current := model.current) is not None:
            said.append(f"In hand: {event_text(current)}")
        self.setAccessibleDescription(" ".join(" ".join(said).split()))
