"""Which picture is due while a clip plays at its true speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameIndex


class PlayClock:
    """Ties a frame's time to a moment of the wall clock; every other frame follows from it.

    Args:
        index: The exact time of every frame; intervals may differ.
        number: The frame that is on screen now.
        now_s: The wall clock.
    """

    def __init__(self, index: FrameIndex, number: int, now_s: float) -> None:
        self._index = index
        self._began_s = 0.0
        self.set(number, now_s)

    def set(self, number: int, now_s: float) -> None:
        """Let a frame be on screen from now."""
        self._began_s = now_s - self._index.time(number).seconds

    def due(self, now_s: float) -> int:
        """Return the frame that belongs on screen now; the last one after the end."""
        return self._index.number_at(now_s - self._began_s)

    def until_s(self, number: int, now_s: float) -> float:
        """Return how long it is until a frame is due; 0 if it is already."""
        return max(0.0, self._began_s + self._index.time(number).seconds - now_s)
