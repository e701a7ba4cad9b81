"""Which frames of a clip get artifacts, and how much that will be.

A choice has a text form, the same in the terminal, in a job's settings and on screen:

==============  =====================================================
``none``        no frame
``all``         every frame
``every:5``     frames 0, 5, 10, ...
``rate:2``      the frames on screen at 0 s, 0.5 s, 1 s, ...
``scenes``      the middle frame of each scene
``scenes:3``    the first, the middle and the last frame of each scene
``events``      the frames nearest to the events of pit stops
==============  =====================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.clip import FrameIndex
    from codefx_desktop.domain.scene import Scene

MAX_RATE: Final = Fraction(1000)
PICTURE_BYTES_PER_PX: Final = 0.17
"""A JPEG of quality 90. Source: measured on three clips, rendered and filmed: 0.15 to 0.17."""
ANALYSIS_BYTES: Final = 7_500
"""One frame's JSON and TOON with 37 boxes, a full pit box. Source: ``codefx bench artifacts``."""
OUTLINES_BYTES: Final = 78_000
"""What the outlines of these objects add to both, 3,130 corners; exact ones, so that a segmenter's
take less. Source: ``codefx bench artifacts``."""

EVENTS_OF_A_STOP: Final = 35
"""About as many events as one Formula 1 stop has; before it is seen, a clip is taken for one."""

_FORM = re.compile(
    r"(none|all|every|rate|scenes|events)(?::(\d{1,6}(?:\.\d{1,6}|/[1-9]\d{0,5})?))?"
)


class ChoiceKind(StrEnum):
    """By what frames are chosen."""

    NONE = "none"
    ALL = "all"
    EVERY = "every"
    RATE = "rate"
    SCENES = "scenes"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class ArtifactChoice:
    """Which frames get artifacts.

    Attributes:
        kind: By what they are chosen.
        value: EVERY: the distance in frames; RATE: frames per second of footage; SCENES: frames
            of each scene, 1 (its middle) or 3 (first, middle, last); otherwise 1.
    """

    kind: ChoiceKind = ChoiceKind.SCENES
    value: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Check the value.

        Raises:
            ValueError: If it makes no sense for the kind.
        """
        kind, value = self.kind, self.value
        if kind is ChoiceKind.EVERY and (value < 1 or value.denominator != 1):
            raise ValueError("every: needs a whole number of frames, such as every:5")
        if kind is ChoiceKind.RATE and not 0 < value <= MAX_RATE:
            raise ValueError("rate: needs frames per second up to 1000, such as rate:2 or rate:0.5")
        if kind is ChoiceKind.SCENES and value not in (1, 3):
            raise ValueError("scenes takes one frame of each scene, scenes:3 takes three")
        if kind in (ChoiceKind.NONE, ChoiceKind.ALL, ChoiceKind.EVENTS) and value != 1:
            raise ValueError(f"{kind} takes no number")

    @property
    def needs_scenes(self) -> bool:
        """Whether the frames are known only when the scenes are."""
        return self.kind is ChoiceKind.SCENES

    @property
    def is_late(self) -> bool:
        """Whether the frames are known only when the whole clip was seen."""
        return self.kind in (ChoiceKind.SCENES, ChoiceKind.EVENTS)

    @classmethod
    def parse(cls, text: str) -> ArtifactChoice:
        """Return the choice that a text names; ``str`` of it gives the text again.

        Raises:
            ValueError: If it names none, with the forms there are.
        """
        match = _FORM.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError(
                f"{text!r} is not none, all, every:N, rate:N, scenes, scenes:3 or events"
            )
        kind, number = ChoiceKind(match[1]), match[2]
        if number is None and kind in (ChoiceKind.EVERY, ChoiceKind.RATE):
            raise ValueError(f"{kind} needs a number, such as {kind}:2")
        return cls(kind, Fraction(number or 1))

    def __str__(self) -> str:
        """Return the text form."""
        if self.kind in (ChoiceKind.EVERY, ChoiceKind.RATE) or self.value != 1:
            return f"{self.kind}:{_decimal(self.value)}"
        return str(self.kind)

    def numbers(
        self, index: FrameIndex, scenes: Sequence[Scene] = (), event_frames: Sequence[int] = ()
    ) -> tuple[int, ...]:
        """Return the numbers of the chosen frames, ascending, each once.

        Args:
            index: Times of the clip's frames.
            scenes: The clip's scenes; frames beyond the index (a clip that broke off) are left out.
            event_frames: Numbers of the frames nearest to events.
        """
        count = len(index)
        if self.kind is ChoiceKind.EVENTS:
            return tuple(sorted({number for number in event_frames if 0 <= number < count}))
        if self.kind is ChoiceKind.NONE:
            return ()
        if self.kind is ChoiceKind.RATE:
            return _at_rate(index, self.value)
        if self.kind is ChoiceKind.SCENES:
            return _of_scenes(scenes, count, three=self.value == 3)
        return tuple(range(0, count, int(self.value)))

    def count(self, frames: int, duration_s: float, scenes: int | None = None) -> int:
        """Return about how many frames it takes, before the clip has been read.

        Args:
            frames: Frames of the clip.
            duration_s: Its length.
            scenes: How many scenes it has; None while unknown, which counts as one.
        """
        if self.kind is ChoiceKind.NONE or frames < 1:
            return 0
        if self.kind is ChoiceKind.RATE:
            return min(frames, max(1, round(duration_s * float(self.value))))
        if self.kind is ChoiceKind.EVENTS:
            return min(frames, EVENTS_OF_A_STOP)
        if self.kind is ChoiceKind.SCENES:
            return min(frames, (1 if scenes is None else scenes) * int(self.value))
        return -(-frames // int(self.value))


def _decimal(value: Fraction) -> str:
    """Return a number as a person writes it where that is exact, else as a fraction."""
    short = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return short if Fraction(short) == value else str(value)


def _at_rate(index: FrameIndex, per_s: Fraction) -> tuple[int, ...]:
    """Return frames that are on screen at a multiple of ``1 / per_s``, up to the last frame's time.

    Whole numbers only: a frame whose time is exactly such an instant must not fall off it.
    """
    scale = per_s * index.time_base  # instants per tick
    over, under = scale.numerator, scale.denominator
    ticks = index.ticks.tolist()
    chosen = []
    for number, tick in enumerate(ticks):
        instant = -(-tick * over // under) * under  # the first one from this frame's time on
        last = number + 1 == len(ticks)
        if instant == tick * over if last else instant < ticks[number + 1] * over:
            chosen.append(number)
    return tuple(chosen)


def _of_scenes(scenes: Sequence[Scene], count: int, *, three: bool) -> tuple[int, ...]:
    wanted = {
        number
        for scene in scenes
        for number in ((scene.first, scene.middle, scene.last) if three else (scene.middle,))
    }
    return tuple(sorted(number for number in wanted if number < count))


@dataclass(frozen=True, slots=True)
class ArtifactEstimate:
    """How much a choice will write.

    Attributes:
        frames: Frames that get artifacts.
        files: Pictures, and a JSON and a TOON file for each frame.
        size_bytes: All of them together.
        at_least: The scenes are not known yet: every further one adds to it.
    """

    frames: int
    files: int
    size_bytes: int
    at_least: bool = False


def estimate_artifacts(
    choice: ArtifactChoice,
    *,
    frames: int,
    duration_s: float,
    size: tuple[int, int],
    pictures: int,
    outlines: bool = False,
    scenes: int | None = None,
) -> ArtifactEstimate:
    """Return about how many files and bytes a choice makes of a clip.

    Args:
        choice: Which frames.
        frames: Frames of the clip.
        duration_s: Its length.
        size: Width and height of its pictures in pixels.
        pictures: Kinds of pictures that are written for each frame.
        outlines: Whether objects are segmented.
        scenes: How many scenes it has, where that is known.
    """
    count = choice.count(frames, duration_s, scenes)
    each = pictures * size[0] * size[1] * PICTURE_BYTES_PER_PX
    each += ANALYSIS_BYTES + (OUTLINES_BYTES if outlines else 0)
    unknown = choice.needs_scenes and scenes is None
    return ArtifactEstimate(count, count * (pictures + 2), round(count * each), unknown)
