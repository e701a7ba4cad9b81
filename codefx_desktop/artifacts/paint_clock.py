"""Burns a clock into pictures: time since the stop, frame number, presentation time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.brush import BACK, BOLD, Brush, rounded

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameTime
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.domain.stop import PitStop

_INK: Final[Rgb] = (245, 246, 248)
_MUTED: Final[Rgb] = (190, 196, 204)
_SHADE: Final = 0.8


@dataclass(frozen=True, slots=True)
class BurntClock:
    """What is written into a picture.

    Attributes:
        since: Time since the stop: ``+1.234 s``; or that the stop was not found.
        frame: ``frame 140``.
        time: Presentation time in the clip, with the raw timestamp: ``4.667 s  pts 71680``.
    """

    since: str
    frame: str
    time: str


def clock_of(number: int, time: FrameTime, stop: PitStop | None) -> BurntClock:
    """Return what is burnt into a frame; numbers and times are those of the source clip.

    Args:
        number: Of the frame.
        time: Of the frame.
        stop: Since whose stop time is counted, in true seconds; None: since none.
    """
    pts = "none" if time.pts is None else str(time.pts)
    shown = f"{time.seconds:.3f} s  pts {pts} x {time.time_base}"
    began = None if stop is None else stop.event("stop")
    if stop is None or began is None or began.time_s is None:
        return BurntClock("stop not found", f"frame {number}", shown)
    since = (time.seconds - began.time_s) * stop.time_scale
    sign = "+" if since >= 0 else "\N{MINUS SIGN}"
    slow = "" if stop.time_scale == 1.0 else " true"
    return BurntClock(f"{sign}{abs(since):.3f} s{slow}", f"frame {number}", shown)


def paint_clock(picture: Pixels, clock: BurntClock, *, at_left: bool = True) -> None:
    """Paint a clock into the top of a picture.

    Args:
        picture: RGB, (H, W, 3), uint8, C-contiguous, writable; changed in place.
        clock: What to write.
        at_left: In its left corner; else in its right one.
    """
    brush = Brush(picture)
    unit = brush.unit
    large, small = 2.1 * unit, 1.0 * unit
    wide = max(
        brush.wide(clock.since, large, BOLD) + unit + brush.wide(clock.frame, small, BOLD),
        brush.wide(clock.time, small),
    )
    pad, high = 0.7 * unit, 4.6 * unit
    room = wide + 2 * pad
    x = 0.8 * unit if at_left else brush.width - room - 0.8 * unit
    outline = brush.fixed(rounded(x, 0.8 * unit, room, high, 0.5 * unit))
    brush.tint(outline, BACK, _SHADE)
    base = 0.8 * unit + 2.3 * unit
    brush.text((x + pad, base), clock.since, large, _INK, BOLD)
    brush.text_right((x + pad + wide, base), clock.frame, small, _INK, BOLD)
    brush.text((x + pad, base + 1.5 * unit), clock.time, small, _MUTED)
