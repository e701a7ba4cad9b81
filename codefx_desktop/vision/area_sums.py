"""Means over rectangles of pictures, from running sums: smaller pictures and crops of any size.

What a mean costs does not depend on how large its rectangle is, and the sums are whole numbers,
so that nothing is lost on the way to it.

Source: Crow, "Summed-area tables for texture mapping", 1984. Measured on one core: the eleven
scales of a 720p picture 15 ms, by torch's adaptive pooling 73 ms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import torch

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels

MOST_EXACT_PX: Final = (2**31 - 1) // 255
"""Larger pictures' sums begin again at the lowest int32; differences between them stay right."""


class AreaSums:
    """Running sums of some pictures of one size.

    Args:
        pictures: RGB, (N, H, W, 3), uint8.
        device: Where means are wanted.
    """

    def __init__(self, pictures: Pixels, device: torch.device) -> None:
        self.count, self.height, self.width = pictures.shape[:3]
        sums = np.empty((self.count, self.height + 1, self.width + 1, 3), np.int32)
        for picture, out in zip(pictures, sums, strict=True):
            _sum_up(picture, out)
        self._sums = torch.from_numpy(sums).to(device)

    def resized(self, height: int, width: int, strip: slice = slice(None)) -> torch.Tensor:
        """Return all pictures smaller: float32 (N, 3, height, width), channels last.

        A pixel is the mean of all those it touches, as ``interpolate(mode="area")`` has it.

        Args:
            height: In pixels.
            width: In pixels.
            strip: Only these rows.
        """
        device = self._sums.device
        whole = torch.tensor([[0, self.height], [0, self.width]], device=device)
        top, bottom = (edge[0, strip] for edge in _edges(whole[:1], height))
        left, right = (edge[0] for edge in _edges(whole[1:], width))
        rows = self._sums.index_select(1, bottom).sub_(self._sums.index_select(1, top))
        areas = rows.index_select(2, right).sub_(rows.index_select(2, left))
        share = 1.0 / ((bottom - top)[:, None] * (right - left))[..., None]
        return (areas * share).permute(0, 3, 1, 2)

    def crops(self, owners: torch.Tensor, boxes: torch.Tensor, side: int) -> torch.Tensor:
        """Return parts of pictures as squares: float32 (K, 3, side, side), channels last.

        Args:
            owners: int64 (K,), which picture each is of.
            boxes: int64 (K, 4): left, top, right, bottom in pixels, the last two not included;
                within the picture and not empty.
            side: Of the squares, in pixels.
        """
        top, bottom = _edges(boxes[:, 1::2], side)
        left, right = _edges(boxes[:, 0::2], side)
        flat, wide = self._sums.view(-1, 3), self.width + 1
        start = (owners * (wide * (self.height + 1)))[:, None]

        def sums(rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
            places = (start + rows * wide)[:, :, None] + columns[:, None, :]
            return flat.index_select(0, places.view(-1))

        areas = sums(bottom, right).sub_(sums(top, right))
        areas.sub_(sums(bottom, left)).add_(sums(top, left))
        share = 1.0 / ((bottom - top)[:, :, None] * (right - left)[:, None, :])[..., None]
        return (areas.view(-1, side, side, 3) * share).permute(0, 3, 1, 2)


def _edges(spans: torch.Tensor, parts: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return where equal parts of spans begin and end, whole pixels outwards, int64 (K, parts).

    Args:
        spans: int64 (K, 2), first pixel and the one after the last.
        parts: How many.
    """
    first, length = spans[:, :1], spans[:, 1:] - spans[:, :1]
    number = torch.arange(parts, device=spans.device)
    begins = (number * length).div(parts, rounding_mode="floor")
    ends = ((number + 1) * length + parts - 1).div(parts, rounding_mode="floor")
    return first + begins, first + ends


def _sum_up(picture: Pixels, out: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> None:
    if picture.shape[0] * picture.shape[1] <= MOST_EXACT_PX:
        cv2.integral(picture, sum=out, sdepth=cv2.CV_32S)
        return
    out[0], out[:, 0] = 0, 0
    rows = np.cumsum(picture, axis=0, dtype=np.uint32)
    np.cumsum(rows, axis=1, out=out.view(np.uint32)[1:, 1:])
