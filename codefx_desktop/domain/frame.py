"""One decoded picture with its number and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameTime

Pixels = npt.NDArray[np.uint8]
"""RGB, (H, W, 3), uint8, upright; each row packed, what lies between rows is nobody's business."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A frame as every stage sees it.

    Attributes:
        number: 0-based position in presentation order.
        time: Exact presentation time.
        pixels: RGB, (H, W, 3), uint8, upright, read-only. Rows may lie farther apart than they
            are long (``strides[0]``), as decoders like them; copying them together would cost a
            tenth of decoding.
    """

    number: int
    time: FrameTime
    pixels: Pixels

    def __post_init__(self) -> None:
        """Check the shape and make the pixels read-only.

        Raises:
            ValueError: If the pixels are not (H, W, 3) uint8.
        """
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(
                f"expected (H, W, 3) uint8, got {self.pixels.shape} {self.pixels.dtype}"
            )
        self.pixels.setflags(write=False)
