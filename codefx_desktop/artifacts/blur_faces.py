"""Makes faces unrecognisable, in a way that cannot be undone.

A blur alone can be: it is a known filter that keeps every frequency a little, and of a video there
are many pictures of one face. So a face is first reduced to a few mean colours, which is all that
is kept of it, then enlarged and smoothed for the eye. How few does not depend on how large the
face is in the picture.

Source: Hill et al., "On the (In)effectiveness of Mosaicing and Blurring as Tools for Document
Redaction", PoPETs 2016; McPherson et al., "Defeating Image Obfuscation with Deep Learning", 2016:
known faces can be matched to blurs and to mosaics, hence so few cells here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.outlines import Faces

CELLS: Final = 4
"""Mean colours across and down that are kept of a face with its margin."""

MARGIN: Final = 0.25
"""How much is added on each side, of the face's own width and height: hair, ears and chin tell,
and a face moves between the frame it was found in and the next."""

HOLD_S: Final = 0.4
"""So long, in footage, the last place of a face is hidden after it was found there: a finder
misses a face for a few frames when it turns, is half covered or blurred by motion."""

GROWTH: Final = 1.0
"""How much a place that is only remembered grows on each side, of its own width and height a
second: it may have moved on since."""

ONE_FACE: Final = 0.5
"""Share of the smaller of two boxes from which both are hidden as one."""

Boxes = npt.NDArray[np.float64]
"""float64 (N, 4), xyxy in pixels."""


def blur_faces(pixels: Pixels, faces: Faces, *, margin: float = MARGIN) -> Pixels:
    """Return a copy of a picture in which no face can be recognised.

    Args:
        pixels: RGB, (H, W, 3), uint8; left as it is.
        faces: In pixels of this picture.
        margin: Added on each side, of the face's width and height.

    Returns:
        RGB, (H, W, 3), uint8, C-contiguous, writable.

    Raises:
        ValueError: If a face is nowhere (NaN): what cannot be found cannot be hidden.
    """
    return hide(pixels, faces.xyxy.astype(np.float64), margin=margin)


def hide(pixels: Pixels, boxes: Boxes, *, margin: float = MARGIN) -> Pixels:
    """Return a copy of a picture in which no face within these boxes can be recognised.

    Args:
        pixels: RGB, (H, W, 3), uint8; left as it is.
        boxes: float64 (N, 4), xyxy in pixels of this picture, as ``FaceMemory`` gives them.
        margin: Added on each side, of a box's width and height.

    Returns:
        RGB, (H, W, 3), uint8, C-contiguous, writable.

    Raises:
        ValueError: If a box is nowhere (NaN).
    """
    if not np.isfinite(boxes).all():
        raise ValueError("a face to be blurred has no place")
    picture = np.array(pixels, order="C")
    places = [_place(box, margin, picture.shape[:2]) for box in boxes]
    # From the picture as it was: a face over another must not bring back what that one hid.
    for left, top, right, bottom in places:
        if left < right and top < bottom:
            region = pixels[top:bottom, left:right]
            _cover(picture, (left, top), _unrecognisable(region))
    return picture


def _place(
    box: npt.NDArray[np.float64], margin: float, shape: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """Return what is to be hidden as left, top, right, bottom; whole pixels, outwards."""
    x1, x2 = sorted((box[0], box[2]))
    y1, y2 = sorted((box[1], box[3]))
    wide, high = (x2 - x1) * margin, (y2 - y1) * margin
    low = np.clip(np.floor((x1 - wide, y1 - high)), 0, (shape[1], shape[0]))
    top = np.clip(np.ceil((x2 + wide, y2 + high)), 0, (shape[1], shape[0]))
    return int(low[0]), int(low[1]), int(top[0]), int(top[1])


def _unrecognisable(region: Pixels) -> Pixels:
    height, width = region.shape[:2]
    cells = (min(CELLS, width), min(CELLS, height))
    few = cv2.resize(np.ascontiguousarray(region), cells, interpolation=cv2.INTER_AREA)
    # From these on nothing is left of the face but its mean colours.
    large = cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST)
    reach = max(1, round(max(width, height) / CELLS / 2))
    return np.asarray(cv2.blur(large, (reach, reach)), np.uint8)


def _cover(picture: Pixels, corner: tuple[int, int], region: Pixels) -> None:
    left, top = corner
    picture[top : top + region.shape[0], left : left + region.shape[1]] = region


class FaceMemory:
    """Remembers where faces were, so that one which is missed for a moment stays hidden.

    Frames come in order of time, forwards, or backwards to know where faces are about to appear.
    A face that is found takes the place of at most one that is remembered, the one it overlaps
    most; every other remembered place stays until ``hold_s`` have passed, also across a cut.

    What follows: a face is hidden wherever it is found, and for ``hold_s`` of footage after (or
    before) that within its last place, which grows. A face that is never found, or that leaves
    that place while it is missed, is not hidden.
    """

    def __init__(self, hold_s: float = HOLD_S) -> None:
        self._hold_s = hold_s
        self._held: list[tuple[float, Boxes]] = []

    def update(self, faces: Faces, time_s: float) -> Boxes:
        """Return what is to be hidden in the next frame: its faces and those remembered.

        Args:
            faces: Of the frame, in pixels.
            time_s: Of the frame, from the first picture.
        """
        found: Boxes = faces.xyxy.astype(np.float64)
        held = [
            (seen_s, box, _grown(box, abs(time_s - seen_s) * GROWTH))
            for seen_s, box in self._held
            if abs(time_s - seen_s) <= self._hold_s
        ]
        places = [place for _, _, place in held]
        missed = [held[i] for i in _left_over(found, places)]
        self._held = [(seen_s, box) for seen_s, box, _ in missed]
        self._held += [(time_s, box) for box in found]
        return np.array([*found, *(place for _, _, place in missed)], np.float64).reshape(-1, 4)


def coming_boxes(frames: Sequence[tuple[float, Faces]]) -> Boxes:
    """Return where faces of successive frames are to be hidden in the first of them already.

    Args:
        frames: Time in seconds and faces of each, in order of time, at least one.
    """
    memory = FaceMemory()
    return [memory.update(faces, time_s) for time_s, faces in reversed(frames)][-1]


def hidden_boxes(frames: Sequence[tuple[float, Faces]], at: int) -> Boxes:
    """Return what is to be hidden in one of successive frames.

    Args:
        frames: Time in seconds and faces of each, in order of time.
        at: Which of them; those before and after it are remembered and expected.
    """
    memory = FaceMemory()
    past = [memory.update(faces, time_s) for time_s, faces in frames[: at + 1]][-1]
    return together(past, coming_boxes(frames[at:]))


def together(one: Boxes, other: Boxes) -> Boxes:
    """Return the boxes of both; those that mostly cover each other as the one box round them.

    Two mosaics of one face, laid over each other, would tell more of it than one.
    """
    left = [*one, *other]
    boxes: list[Boxes] = []
    while left:
        box = left.pop()
        same = [i for i, known in enumerate(boxes) if _covered(box, known) >= ONE_FACE]
        if not same:
            boxes.append(box)
            continue
        known = boxes.pop(same[0])
        low, high = np.minimum(box[:2], known[:2]), np.maximum(box[2:], known[2:])
        left.append(np.concatenate([low, high]))  # it may cover others now
    return np.array(boxes, np.float64).reshape(-1, 4)


def _grown(box: Boxes, share: float) -> Boxes:
    wide, high = (box[2] - box[0]) * share, (box[3] - box[1]) * share
    return np.array([box[0] - wide, box[1] - high, box[2] + wide, box[3] + high])


def _left_over(found: Boxes, places: Sequence[Boxes]) -> list[int]:
    """Return which remembered places no found face takes; each takes one, most overlap first."""
    if not len(found) or not places:
        return list(range(len(places)))
    overlap = np.array([[_overlap(box, place) for place in places] for box in found])
    left = set(range(len(places)))
    while overlap.max() > 0.0:
        face, place = (int(i) for i in np.unravel_index(overlap.argmax(), overlap.shape))
        left.discard(place)
        overlap[face], overlap[:, place] = 0.0, 0.0
    return sorted(left)


def _overlap(one: Boxes, other: Boxes) -> float:
    """Return the IoU of two boxes, float64 (4,); 0 where neither has an area."""
    both = _shared(one, other)
    whole = _area(one) + _area(other) - both
    return both / whole if whole > 0.0 else 0.0


def _covered(one: Boxes, other: Boxes) -> float:
    """Return which share of the smaller of two boxes, float64 (4,), lies in the other."""
    smaller = min(_area(one), _area(other))
    return _shared(one, other) / smaller if smaller > 0.0 else 0.0


def _shared(one: Boxes, other: Boxes) -> float:
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    return float(np.clip(high - low, 0.0, None).prod())


def _area(box: Boxes) -> float:
    return float((box[2:] - box[:2]).prod())
