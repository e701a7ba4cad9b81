"""A place in a clip as a person types it: a frame number or a time."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameIndex

_NUMBER = re.compile(r"#?\s*(\d[\d,]*)")
_SECONDS = re.compile(r"(\d+(?:[.,]\d*)?|[.,]\d+)\s*s")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d*)?)")
_HALF_MS = Fraction(1, 2000)
EXAMPLES = "1234, 12.5s, 1:02.345"


class PlaceError(ValueError):
    """What was typed is no place in the clip; the message is for the person."""


def place_of(text: str, index: FrameIndex) -> int:
    """Return the frame that a text names.

    Plain figures are a frame number. A time names the frame that is on screen then; one that was
    read off the screen, to the millisecond, names the frame it was read from.

    Args:
        text: ``1234``, ``12.5s``, ``1:02.345`` or ``00:01:02.345``.
        index: The clip's times.

    Raises:
        PlaceError: If it is none of these, or lies outside the clip.
    """
    text = text.strip()
    if match := _NUMBER.fullmatch(text):
        number = int(match.group(1).replace(",", ""))
        if number >= len(index):
            raise PlaceError(
                f"There is no frame {words.count(number)}: the clip has {words.count(len(index))},"
                f" from 0 to {words.count(len(index) - 1)}."
            )
        return number
    seconds = _seconds(text)
    if seconds is None:
        raise PlaceError(f"Type a frame number or a time: {EXAMPLES}.")
    last_s = index.time(len(index) - 1).exact_s
    if seconds > last_s + _tail(index):
        raise PlaceError(
            f"{words.timecode(seconds)} is after the end: the last frame is at "
            f"{words.timecode(last_s)}."
        )
    return index.number_at(float(seconds + _HALF_MS))


def _seconds(text: str) -> Fraction | None:
    if match := _SECONDS.fullmatch(text):
        return _fraction(match.group(1))
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = match.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + _fraction(seconds)
    return None


def _fraction(text: str) -> Fraction:
    whole, _, part = text.replace(",", ".").partition(".")
    return Fraction(f"{whole or 0}.{part or 0}")


def _tail(index: FrameIndex) -> Fraction:
    """Return how long the last frame may be taken to be on screen: as long as the one before."""
    if len(index) < 2:
        return Fraction(1)
    return int(index.ticks[-1] - index.ticks[-2]) * index.time_base
