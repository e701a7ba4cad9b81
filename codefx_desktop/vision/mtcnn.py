"""MTCNN's cascade: three networks, each looking closer at what the one before proposed.

facenet-pytorch's networks and arithmetic of boxes in an order of our own. Its own order pools every
scale and every crop anew from the full picture, in a layout that its layers are slow in, and
breaks on a candidate that lies wholly outside the picture. The faces are the same.

Source: Zhang et al., "Joint Face Detection and Alignment using Multi-task Cascaded Convolutional
Networks", 2016. Measured on one core: see ``codefx bench stages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from facenet_pytorch.models.utils import detect_face as library
from torchvision.ops import batched_nms

from codefx_desktop.vision.area_sums import AreaSums

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import nn

    from codefx_desktop.domain.frame import Pixels

    Floats = npt.NDArray[np.float32]

SCALE_FACTOR: Final = 0.709
CELL_PX: Final = 12
"""The smallest face the first network sees."""
STRIP_PX: Final = 192
"""Rows that the first network looks at together; even.

Less memory, and memory that is used again: from a few megabytes on the system gives and takes it
page by page. Source: measured on one core with 96, 192, all 433 rows: 92, 84, 102 ms a picture.
"""
MOST_AT_ONCE: Final = 256
"""Candidates that the second and third network look at together; bounds their memory."""
_MIDDLE: Final = 127.5
_RANGE: Final = 128.0


class Cascade:
    """Finds faces in pictures of one size.

    Args:
        nets: P-Net, R-Net and O-Net of facenet-pytorch, on one device.
        thresholds: Least score after each.
        smallest_px: Side of the smallest face that is looked for.
    """

    def __init__(
        self, nets: Sequence[nn.Module], thresholds: Sequence[float], smallest_px: int
    ) -> None:
        self._first, self._second, self._third = (_settled(net) for net in nets)
        self._thresholds = tuple(thresholds)
        self._smallest_px = smallest_px
        self._device = next(self._first.parameters()).device

    def find(self, pictures: Pixels) -> list[tuple[Floats, Floats]]:
        """Return the faces of each picture.

        Args:
            pictures: RGB, (N, H, W, 3), uint8.

        Returns:
            For each picture float32 (M, 5), xyxy and score, and float32 (M, 5, 2), points.
        """
        scales = self._scales(min(pictures.shape[1:3]))
        if not scales:
            return [(np.zeros((0, 5), np.float32), np.zeros((0, 5, 2), np.float32))] * len(pictures)
        sums = AreaSums(pictures, self._device)
        rows, owners = self._proposed(sums, scales)
        rows, owners = self._refined(sums, rows, owners)
        rows, owners, points = self._certain(sums, rows, owners)
        found = (rows.cpu().numpy(), points.cpu().numpy())
        owner = owners.cpu().numpy()
        return [(found[0][owner == i], found[1][owner == i]) for i in range(sums.count)]

    def _proposed(
        self, sums: AreaSums, scales: Sequence[float]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return squares float32 (K, 5) and whose they are, int64 (K,), of all scales."""
        kept, owners = [], []
        for scale in scales:
            moves, scores = self._looked_over(sums, scale)
            rows, owner = library.generateBoundingBox(moves, scores, scale, self._thresholds[0])
            best = batched_nms(rows[:, :4], rows[:, 4], owner, 0.5)
            kept.append(rows[best])
            owners.append(owner[best])
        rows, owner = torch.cat(kept), torch.cat(owners)
        best = batched_nms(rows[:, :4], rows[:, 4], owner, 0.7)
        rows, owner = rows[best], owner[best]
        sides = rows[:, 2:4] - rows[:, :2]
        moved = rows[:, :4] + rows[:, 5:9] * sides.repeat(1, 2)
        return library.rerec(torch.hstack([moved, rows[:, 4:5]])), owner

    def _looked_over(self, sums: AreaSums, scale: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what P-Net says of the pictures at a scale, looking at a strip at a time."""
        height, width = int(sums.height * scale + 1), int(sums.width * scale + 1)
        said = [
            _first_look(self._first, _centred(sums.resized(height, width, strip)))
            for strip in _strips(height)
        ]
        moves, scores = zip(*said, strict=True)
        return torch.cat(moves, dim=2), torch.cat(scores, dim=1)

    def _scales(self, short_px: int) -> list[float]:
        """Return how much smaller a picture is looked at; nothing where it holds no face."""
        scales, scale = [], CELL_PX / self._smallest_px
        side_px = short_px * scale
        while side_px >= CELL_PX:
            scales.append(scale)
            scale, side_px = scale * SCALE_FACTOR, side_px * SCALE_FACTOR
        return scales

    def _refined(
        self, sums: AreaSums, rows: torch.Tensor, owners: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the squares that the second network keeps, moved to where it says."""
        rows, owners, (moves, scores) = self._looked(self._second, 24, sums, rows, owners)
        passed = scores[:, 1] > self._thresholds[1]
        rows = torch.hstack([rows[passed, :4], scores[passed, 1:]])
        owners, moves = owners[passed], moves[passed]
        best = batched_nms(rows[:, :4], rows[:, 4], owners, 0.7)
        return library.rerec(library.bbreg(rows[best], moves[best])), owners[best]

    def _certain(
        self, sums: AreaSums, rows: torch.Tensor, owners: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the boxes that the third network keeps, whose they are, and their points."""
        rows, owners, (moves, marks, scores) = self._looked(self._third, 48, sums, rows, owners)
        passed = scores[:, 1] > self._thresholds[2]
        rows = torch.hstack([rows[passed, :4], scores[passed, 1:]])
        owners, moves = owners[passed], moves[passed]
        # Ten numbers of a face: five x, then five y, as shares of its square.
        shares = marks[passed].view(-1, 2, 5).transpose(1, 2)
        sides = (rows[:, 2:4] - rows[:, :2] + 1)[:, None]
        points = sides * shares + rows[:, None, :2] - 1
        rows = library.bbreg(rows, moves)
        best = library.batched_nms_numpy(rows[:, :4], rows[:, 4], owners, 0.7, "Min")
        return rows[best], owners[best], points[best]

    def _looked(
        self,
        net: nn.Module,
        side: int,
        sums: AreaSums,
        rows: torch.Tensor,
        owners: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor, tuple[torch.Tensor, ...]]:
        """Return the squares that reach into their picture, and what a network says of each."""
        places = _within(rows, sums)
        inside = (places[:, 2:] > places[:, :2]).all(dim=1)
        rows, owners, places = rows[inside], owners[inside], places[inside]
        parts = []
        for start in range(0, max(len(owners), 1), MOST_AT_ONCE):
            some = slice(start, start + MOST_AT_ONCE)
            parts.append(_asked(net, _centred(sums.crops(owners[some], places[some], side))))
        return rows, owners, tuple(torch.cat(part) for part in zip(*parts, strict=True))


def _strips(height: int) -> list[slice]:
    """Return strips of rows of which P-Net says the same as of all at once.

    Each begins where a pair of rows does, and two share the rows that a cell begins in but does
    not end in.
    """
    starts = range(0, max(height - STRIP_PX // 2, 1), STRIP_PX)
    ends = [*(start + CELL_PX - 2 for start in starts[1:]), height]
    return [slice(start, end) for start, end in zip(starts, ends, strict=True)]


def _settled(net: nn.Module) -> nn.Module:
    """Its layers take a third of the time where a pixel's channels lie together."""
    return net.to(memory_format=torch.channels_last)


def _asked(net: nn.Module, crops: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Run a network that cannot be given nothing; of nothing it says nothing."""
    if len(crops):
        return tuple(net(crops))
    return tuple(said[:0] for said in net(crops.new_zeros((1, *crops.shape[1:]))))


def _centred(pixels: torch.Tensor) -> torch.Tensor:
    """Return 0 to 255 as -1 to 1, in place."""
    return pixels.sub_(_MIDDLE).mul_(1 / _RANGE)


def _first_look(net: Any, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ANN401
    """Run P-Net; return moves (N, 4, h, w) and the scores of a face (N, h, w)."""
    seen = _halved(net.prelu1(net.conv1(pixels)))
    seen = net.prelu3(net.conv3(net.prelu2(net.conv2(seen))))
    return net.conv4_2(seen), net.softmax4_1(net.conv4_1(seen))[:, 1]


def _halved(pixels: torch.Tensor) -> torch.Tensor:
    """Return the largest of every 2x2, at odd edges of fewer: ``MaxPool2d(2, 2, ceil_mode=True)``.

    Which notes places that nobody asks for, and takes three times as long.
    """
    for side in (2, 3):
        length = pixels.shape[side]
        pairs = pixels.unfold(side, 2, 2)
        larger = torch.maximum(pairs[..., 0], pairs[..., 1])
        if length % 2:
            larger = torch.cat([larger, pixels.narrow(side, length - 1, 1)], dim=side)
        pixels = larger
    return pixels


def _within(rows: torch.Tensor, sums: AreaSums) -> torch.Tensor:
    """Return the pixels of squares that lie within the picture, int64 (K, 4), ends not included.

    An edge is a whole number counted from 1, the last one included, as in the library.
    """
    edges = rows[:, :4].trunc().long()
    limit = torch.tensor([sums.width, sums.height], device=edges.device)
    first = edges[:, :2].clamp(min=1) - 1
    return torch.hstack([first, torch.minimum(edges[:, 2:], limit)])
