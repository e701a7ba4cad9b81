"""How well objects keep their identity: IDF1 of the product's tracks on rendered stops.

Each shot is a sequence of its own: nothing can be followed across a cut. As where accuracy is
measured, objects of which less than 40 % can be seen, and very small ones, count neither for nor
against: a track on one of them is left out.

Source: Ristani et al. 2016, "Performance measures and a data set for multi-target, multi-camera
tracking"; computed by ``trackers.eval`` (Roboflow), which the extra ``test`` brings.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.bench.accuracy import LEAST_SIDE_PX, LEAST_VISIBLE, MATCH_IOU, iou

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Observations

CLASSES: Final = ("car", "wheel")
IMAGE_SIZE_PX: Final = 640


@dataclass(frozen=True, slots=True)
class Identities:
    """Boxes whose identity is right, missing or wrong.

    Attributes:
        right: Boxes of objects that the track chosen for them covers (IDTP).
        missing: Boxes of objects that it does not (IDFN).
        wrong: Boxes of tracks that are on no object, or on another one (IDFP).
    """

    right: int
    missing: int
    wrong: int

    @property
    def idf1(self) -> float | None:
        """Harmonic mean of identity precision and recall; None where nothing was asked."""
        asked = 2 * self.right + self.missing + self.wrong
        return 2 * self.right / asked if asked else None

    @classmethod
    def sum(cls, parts: Iterable[Identities]) -> Identities:
        """Return all parts together."""
        known = list(parts)
        return cls(
            sum(part.right for part in known),
            sum(part.missing for part in known),
            sum(part.wrong for part in known),
        )


def can_score() -> bool:
    """Return whether the library that computes it is installed."""
    return importlib.util.find_spec("trackers") is not None


def score_tracks(seen: Observations, truth: Mapping[str, Any]) -> dict[str, Identities]:
    """Return how well cars and wheels of a clip were followed.

    Args:
        seen: What the product saw.
        truth: The clip's truth file.
    """
    edges = [0, *truth["cuts"], len(seen.times_s)]
    return {
        name: Identities.sum(
            _score_shot(seen, truth, name, range(first, end)) for first, end in pairwise(edges)
        )
        for name in CLASSES
    }


def _score_shot(
    seen: Observations, truth: Mapping[str, Any], name: str, frames: Sequence[int]
) -> Identities:
    # Not at the top: it brings torch along, and only the extra for tests has it.
    from trackers.eval.identity import compute_identity_metrics  # noqa: PLC0415

    objects = seen.objects.of(name)
    objects = objects.where(objects.track_id >= 0)
    places = np.searchsorted(objects.frame, np.arange(frames[0], frames[-1] + 2))
    of_class = {thing["id"] for thing in truth["things"] if thing["class"] == name}
    scale = IMAGE_SIZE_PX / max(seen.width, seen.height)
    true_ids, track_ids, overlaps = [], [], []
    for place, frame in enumerate(frames):
        part = slice(places[place], places[place + 1])
        ids, boxes, ignored = _true_boxes(truth["pictures"][frame], of_class, scale)
        kept = _counted(objects.xyxy[part], boxes, ignored)
        true_ids.append(ids[~ignored])
        track_ids.append(objects.track_id[part][kept])
        overlaps.append(iou(boxes[~ignored], objects.xyxy[part][kept]))
    found = compute_identity_metrics(true_ids, track_ids, overlaps, MATCH_IOU)
    return Identities(int(found["IDTP"]), int(found["IDFN"]), int(found["IDFP"]))


def _true_boxes(
    picture: Mapping[str, Any], of_class: set[int], scale: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return ids, boxes and which of them do not count, of a class in one picture."""
    rows = [place for place, number in enumerate(picture["id"]) if number in of_class]
    ids = np.array([picture["id"][row] for row in rows], np.int64)
    boxes = np.array([picture["box"][row] for row in rows], np.float32).reshape(-1, 4)
    visible = np.array([picture["visible"][row] for row in rows], np.float64)
    sides = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) * scale
    return ids, boxes, (visible < LEAST_VISIBLE) | (sides < LEAST_SIDE_PX)


def _counted(
    found: npt.NDArray[np.float32],
    boxes: npt.NDArray[np.float32],
    ignored: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Return which boxes of tracks count, bool (N,): not those that are on ignored objects only."""
    if not len(found) or not len(boxes):
        return np.ones(len(found), np.bool_)
    overlap = iou(found, boxes) >= MATCH_IOU
    on_wanted, on_any = overlap[:, ~ignored].any(axis=1), overlap.any(axis=1)
    return np.asarray(on_wanted | ~on_any, np.bool_)
