"""What a person looks at in a review: what is drawn, what is selected, which boxes a frame has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from PySide6.QtCore import SignalInstance

    from codefx_desktop.domain.edit import EditOp, Mark
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.jobs.review_values import ReviewRead


class EventKey(NamedTuple):
    """Names one event of a job.

    Attributes:
        stop: Number of its stop, 1-based.
        kind: A name from the table of event kinds.
        place: Which corner or end, or none.
    """

    stop: int
    kind: str
    place: Place = Place.NONE


class BoxKey(NamedTuple):
    """Names one box of a job.

    Attributes:
        frame: Number of its frame.
        box: Its place among the frame's stored detections; below 0 one drawn by hand.
    """

    frame: int
    box: int


@dataclass(frozen=True, slots=True)
class ReviewLooks:
    """What is drawn over the picture.

    Attributes:
        boxes: Boxes around objects.
        labels: What they are, how sure, which track.
        trails: The way each track came in the last second.
        masks: Outlines.
        faces: Faces.
        zones: Zones.
        hidden_classes: Ids of classes whose objects are not drawn.
        hidden_tracks: Tracks that are not drawn.
        track_colours: Colours a person gave to tracks; others have their class's.
        hides_all: Nothing is drawn for now, whatever the others say.
    """

    boxes: bool = True
    labels: bool = True
    trails: bool = True
    masks: bool = True
    faces: bool = True
    zones: bool = True
    hidden_classes: frozenset[int] = frozenset()
    hidden_tracks: frozenset[int] = frozenset()
    track_colours: Mapping[int, Rgb] = field(default_factory=dict)
    hides_all: bool = False


@dataclass(frozen=True, slots=True)
class Selected:
    """What a person has in hand; at most one of an event, a mark or a box.

    Attributes:
        event: An event of a stop.
        mark: Number of an event of the person's own.
        box: A box.
        track: A track; of a box that is selected, its own.
        other: The track that this one may have been mixed up with.
    """

    event: EventKey | None = None
    mark: int | None = None
    box: BoxKey | None = None
    track: int | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FrameBoxes:
    """The boxes of one frame that are drawn.

    Attributes:
        xyxy: float32 (N, 4), pixels of the upright full-size frame.
        confidence: float32 (N,), 0 to 1.
        class_id: int16 (N,).
        track_id: int32 (N,), -1 where a box belongs to no track.
        box: int32 (N,), place among the frame's stored detections; below 0 drawn by hand.
    """

    xyxy: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    class_id: npt.NDArray[np.int16]
    track_id: npt.NDArray[np.int32]
    box: npt.NDArray[np.int32]

    def __len__(self) -> int:
        """Return N."""
        return len(self.xyxy)

    @classmethod
    def none(cls) -> FrameBoxes:
        """Return the boxes of a frame that has none."""
        return cls(
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros(0, np.int16),
            np.zeros(0, np.int32),
            np.zeros(0, np.int32),
        )


def class_name(names: Sequence[str], class_id: int) -> str:
    """Return what a class is called, also one that has no name."""
    return names[class_id] if 0 <= class_id < len(names) else f"class {class_id}"


def threshold_text(name: str, confidence: float | None) -> str:
    """Return what a step says that sets a class's threshold; None goes back to the job's."""
    if confidence is None:
        return f"Count every {name} as the job does"
    return f"Count {name} from {confidence:.2f}"


class Reviewed(Protocol):
    """The job under review, as the parts of its model ask it; ``ReviewModel`` says what each is."""

    @property
    def job_id(self) -> str | None:
        """Its id."""
        ...

    @property
    def read(self) -> ReviewRead | None:
        """What is known of it."""
        ...

    @property
    def looks(self) -> ReviewLooks:
        """What is drawn."""
        ...

    @property
    def thresholds(self) -> Mapping[int, float]:
        """From which confidence on classes count."""
        ...

    @property
    def selection(self) -> Selected:
        """What is in hand."""
        ...

    @property
    def mark(self) -> Mark | None:
        """The mark in hand."""
        ...

    @property
    def noticed(self) -> SignalInstance:
        """Tells the person something."""
        ...

    @property
    def here(self) -> Callable[[], int | None]:
        """Returns the number of the frame on screen."""
        ...

    def event_of(self, key: EventKey) -> Event | None:
        """Return an event."""
        ...

    def do(self, text: str, *ops: EditOp) -> None:
        """Change something."""
        ...
