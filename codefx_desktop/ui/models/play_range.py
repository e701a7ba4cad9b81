"""The stretch of a clip between two marks that a person set, and whether it is repeated."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class PlayRange:
    """From one frame to another, both included.

    Attributes:
        first: Number of the first frame; None: the clip's first.
        last: Number of the last one; None: the clip's last.
        loops: Whether playing begins anew at its end.
    """

    first: int | None = None
    last: int | None = None
    loops: bool = False

    @property
    def is_set(self) -> bool:
        """Whether one of its ends was set."""
        return self.first is not None or self.last is not None

    def with_first(self, number: int | None) -> PlayRange:
        """Return it with another beginning; an end that lies before that is let go."""
        turned = number is not None and self.last is not None and self.last < number
        return replace(self, first=number, last=None if turned else self.last)

    def with_last(self, number: int | None) -> PlayRange:
        """Return it with another end; a beginning that lies after that is let go."""
        turned = number is not None and self.first is not None and self.first > number
        return replace(self, last=number, first=None if turned else self.first)

    def frames(self, last: int) -> tuple[int, int]:
        """Return its first and last frame in a clip whose last frame has a number."""
        end = last if self.last is None else min(self.last, last)
        return min(self.first or 0, end), end
