"""Fits a picture into the detector's input and brings boxes back.

The picture that comes out is bit for bit that of Ultralytics' ``LetterBox(auto=True)``, only in
RGB and without a copy: it is resized straight into its place in the batch, as uint8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.frame import Pixels

PAD = 114
"""Grey of the border. Source: Ultralytics ``LetterBox(padding_value)``; models are trained so."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture of one size lies in the detector's input.

    Attributes:
        source: (height, width) of the picture in pixels.
        shape: (height, width) of the input, multiples of the model's stride.
        size: (height, width) of the resized picture inside it.
        top: Rows of border above it.
        left: Columns of border left of it.
    """

    source: tuple[int, int]
    shape: tuple[int, int]
    size: tuple[int, int]
    top: int
    left: int

    @classmethod
    def fit(cls, source: tuple[int, int], longest_px: int, stride: int) -> Letterbox:
        """Return the smallest input that holds a picture at full scale.

        Args:
            source: (height, width) of the picture in pixels.
            longest_px: Longer side of the input, a multiple of ``stride``.
            stride: The model's largest stride in pixels.
        """
        ratio = min(longest_px / source[0], longest_px / source[1])
        height, width = (max(round(side * ratio), 1) for side in source)
        rest_y, rest_x = (longest_px - height) % stride, (longest_px - width) % stride
        # Half of an odd rest goes below and right, as there: round(rest / 2 - 0.1).
        return cls(
            source,
            (height + rest_y, width + rest_x),
            (height, width),
            round(rest_y / 2 - 0.1),
            round(rest_x / 2 - 0.1),
        )

    def draw(self, pixels: Pixels, out: Pixels) -> None:
        """Resize a picture into ``out``.

        Args:
            pixels: RGB, ``(*source, 3)``, uint8.
            out: Written to; RGB, ``(*shape, 3)``, uint8.
        """
        bottom, right = self.top + self.size[0], self.left + self.size[1]
        out[: self.top] = PAD
        out[bottom:] = PAD
        out[:, : self.left] = PAD
        out[:, right:] = PAD
        place = out[self.top : bottom, self.left : right]
        if self.size == self.source:
            place[...] = pixels
        else:
            cv2.resize(pixels, self.size[::-1], dst=place, interpolation=cv2.INTER_LINEAR)

    def undo(self, xyxy: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return boxes of the input as boxes of the picture, clipped to it.

        Inverts exactly what ``draw`` did. (Ultralytics guesses the scale back from the shapes and
        is off by up to one input pixel where the resized side fell on a stride by rounding down.)

        Args:
            xyxy: float32 (N, 4), pixels of the input.

        Returns:
            float32 (N, 4), pixels of the picture.
        """
        scale = np.array([self.source[1] / self.size[1], self.source[0] / self.size[0]] * 2)
        moved = (xyxy - np.array([self.left, self.top] * 2, np.float32)) * scale
        limit = np.array([self.source[1], self.source[0]] * 2)
        clipped: npt.NDArray[np.float64] = np.clip(moved, 0, limit)
        return clipped.astype(np.float32)
