"""Scenes: the shots between cuts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scene:
    """A shot between two cuts; together a clip's scenes hold each of its frames once.

    Attributes:
        number: 0-based position in the clip.
        first: Number of its first frame.
        last: Number of its last frame, which belongs to it.
        start_s: Time of its first frame, from the clip's first picture.
        end_s: When its last frame leaves the screen.
    """

    number: int
    first: int
    last: int
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        """Check the order.

        Raises:
            ValueError: If it is empty or ends before it starts.
        """
        if not 0 <= self.first <= self.last or not 0.0 <= self.start_s < self.end_s:
            raise ValueError(
                f"scene {self.number}: frames {self.first} to {self.last}, "
                f"{self.start_s} s to {self.end_s} s"
            )

    @property
    def middle(self) -> int:
        """Number of the frame in its middle; the earlier of two."""
        return (self.first + self.last) // 2

    def __len__(self) -> int:
        """Return how many frames it has."""
        return self.last - self.first + 1
