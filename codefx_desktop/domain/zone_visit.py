"""How long an object was in a zone, or something moved there, from when to when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stay:
    """One uninterrupted time of an object in a zone, seconds from the first picture.

    Attributes:
        enter_s: When it came in, on the straight way between the frames before and after; when
            it was first seen where it was in the zone already.
        exit_s: When it left, likewise.
        enter_span_s: Between which instants it came in; the first is None where it was in the
            zone when it was first seen.
        exit_span_s: Between which instants it left; the second is None where it was in the zone
            when it was last seen.
    """

    enter_s: float
    exit_s: float
    enter_span_s: tuple[float | None, float]
    exit_span_s: tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class ZoneVisit:
    """All of one object's time in one zone, or all the time in which something moved there.

    Attributes:
        zone: Name of the zone.
        track_id: The object; None for motion, where nobody looked for objects.
        class_name: What it is, by most of its detections; ``motion`` likewise.
        stays: In order of time.
        stop: Number of the stop in whose time alone was looked: of the one on whose car the zone
            stood or, for motion, of any; None for objects in a zone on the picture, which is there
            over the whole clip.
        time_scale: Seconds that passed in one of the clip (``PitStop.time_scale``).
    """

    zone: str
    track_id: int | None
    class_name: str
    stays: tuple[Stay, ...]
    stop: int | None = None
    time_scale: float = 1.0

    @property
    def who(self) -> str:
        """What it is, for a person: ``crew #3``, ``motion``."""
        return self.class_name if self.track_id is None else f"{self.class_name} #{self.track_id}"

    @property
    def entries(self) -> tuple[tuple[float, float], ...]:
        """From when to when it was in the zone, seconds from the first picture."""
        return tuple((stay.enter_s, stay.exit_s) for stay in self.stays)

    @property
    def total_s(self) -> float:
        """How long it was in the zone in all, true seconds."""
        return sum(map(self.length_s, self.stays))

    def length_s(self, stay: Stay) -> float:
        """Return how long one of its stays was, true seconds."""
        return (stay.exit_s - stay.enter_s) * self.time_scale
