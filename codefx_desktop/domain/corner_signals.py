"""What is seen at a corner of a standing car, over time: what its events are concluded from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Place


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of time in which something was so.

    Attributes:
        begin_s: From when, seconds from the first picture.
        end_s: Until when.
        number: Of a wheel its track, of crew how many all the while; 0 of a gun.
    """

    begin_s: float
    end_s: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class CornerSignals:
    """What is seen at one corner while a car stands; there is something.

    Attributes:
        place: Which corner.
        wheels: When a wheel is on the hub, and which.
        guns: When a gun is on the nut.
        crew: When somebody of the crew is near.
    """

    place: Place
    wheels: tuple[Held, ...] = ()
    guns: tuple[Held, ...] = ()
    crew: tuple[Held, ...] = ()

    @property
    def begins_s(self) -> float:
        """When the first of it is seen."""
        return min(one.begin_s for one in (*self.wheels, *self.guns, *self.crew))

    @property
    def ends_s(self) -> float:
        """When the last of it is seen."""
        return max(one.end_s for one in (*self.wheels, *self.guns, *self.crew))

    def text(self, time_s: float) -> str:
        """Return what is seen at an instant, for a person."""
        wheel, gun, crew = (
            next((one for one in held if one.begin_s <= time_s < one.end_s), None)
            for held in (self.wheels, self.guns, self.crew)
        )
        said = [
            "no wheel on the hub" if wheel is None else f"wheel #{wheel.number} on the hub",
            "" if gun is None else "gun on the nut",
            "" if crew is None else f"{crew.number} of the crew near",
        ]
        return f"{self.place.value}: {', '.join(filter(None, said))}"
