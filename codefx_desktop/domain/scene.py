"""Scenes: the shots between cuts, and how cuts are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SceneKind(StrEnum):
    """What a cut is told by; the names of PySceneDetect's detectors."""

    CONTENT = "content"
    ADAPTIVE = "adaptive"
    HASH = "hash"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class _ThresholdRange:
    """What a detector's threshold may be: above ``above``, at most ``at_most``."""

    default: float
    above: float
    at_most: float
    meaning: str


# Source: the defaults of PySceneDetect 0.7.2's own program. None of its detectors makes sense
# at 0, where every frame is a cut or none is.
_RANGES = {
    SceneKind.CONTENT: _ThresholdRange(27.0, 0.0, 255.0, "how far colours change on average"),
    SceneKind.ADAPTIVE: _ThresholdRange(
        3.0, 0.0, 255.0, "how many times more a frame changes than those around it"
    ),
    SceneKind.HASH: _ThresholdRange(0.35, 0.0, 1.0, "which share of the picture's hash changes"),
    SceneKind.THRESHOLD: _ThresholdRange(12.0, 0.0, 255.0, "the brightness below which it is dark"),
}


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """How cuts are looked for.

    Attributes:
        kind: ``content``: the colours of neighbouring frames differ. ``adaptive``: they differ
            more than those of the frames around, for fast camera motion. ``hash``: the coarse
            structure differs, whatever the colours. ``threshold``: the picture is dark between
            scenes (fades).
        threshold: In the detector's own measure; None: the detector's usual one. Lower finds
            more cuts, but for ``threshold``, where it is the mean brightness that counts as dark
            and a whole number.
        shortest_frames: A scene that a cut ends is at least this many frames long.

    Source: 27.0 and 15 frames are what the content detector of PySceneDetect is used with.
    """

    kind: SceneKind = SceneKind.CONTENT
    threshold: float | None = None
    shortest_frames: int = 15

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ValueError: If a value is out of its range; the message says what can be given.
        """
        allowed = _RANGES.get(self.kind)
        if allowed is None:
            kinds = ", ".join(SceneKind)
            raise ValueError(f"the scene detector must be one of {kinds}, not {self.kind!r}")
        value = self.used_threshold
        if not allowed.above < value <= allowed.at_most:
            raise ValueError(
                f"the threshold of the {self.kind} scene detector must be above "
                f"{allowed.above:g} and at most {allowed.at_most:g} ({allowed.meaning}; usually "
                f"{allowed.default:g}), not {value:g}"
            )
        if self.kind == SceneKind.THRESHOLD and value != int(value):
            raise ValueError(
                f"the threshold of the {self.kind} scene detector must be a whole number, "
                f"not {value:g}"
            )
        if self.shortest_frames < 1 or self.shortest_frames != int(self.shortest_frames):
            raise ValueError(
                f"the shortest scene must be a whole number of frames, 1 or more (usually 15), "
                f"not {self.shortest_frames}"
            )

    @property
    def used_threshold(self) -> float:
        """The threshold, or the detector's usual one where none is given."""
        return _RANGES[self.kind].default if self.threshold is None else self.threshold


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
