"""What a picture says about its colours, and what is assumed where it says nothing.

Numbers are those of ITU-T H.273, which FFmpeg uses too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from av.video.reformatter import ColorRange

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

UNNAMED: Final = 2
BT709: Final = 1
BT2020: Final = 9
P3: Final = 12
PQ: Final = 16
HLG: Final = 18

MATRIX_NAMES: Final = {0: "rgb", 1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m",
                       9: "bt2020", 10: "bt2020"}  # fmt: skip
RANGE_NAMES: Final = {1: "limited", 2: "full"}
TRANSFER_NAMES: Final = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "bt601", 7: "smpte240m",
                         8: "linear", 13: "srgb", 14: "bt2020", 15: "bt2020", 16: "pq",
                         18: "hlg"}  # fmt: skip
PRIMARIES_NAMES: Final = {1: "bt709", 4: "bt470m", 5: "bt601-625", 6: "bt601-525", 7: "smpte240m",
                          9: "bt2020", 11: "dci-p3", 12: "display-p3"}  # fmt: skip

# YUV matrix -> the name by which FFmpeg's filters know the one that is used for it.
_MATRIX: Final = {
    1: "bt709",
    4: "fcc",
    5: "smpte170m",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020nc",
}


@dataclass(frozen=True, slots=True)
class Colours:
    """How the values of a picture become light.

    Attributes:
        matrix: From YUV to RGB, FFmpeg's name; ``gbr`` for none.
        is_full: Whether values use the full range.
        transfer: ``PQ``, ``HLG``, or ``BT709`` for everything that is SDR.
        primaries: ``BT709``, ``BT2020`` or ``P3``.
    """

    matrix: str
    is_full: bool
    transfer: int = BT709
    primaries: int = BT709

    @property
    def are_plain(self) -> bool:
        """Whether red, green and blue are shown as they are."""
        return (self.transfer, self.primaries) == (BT709, BT709)


def colours_of(frame: VideoFrame) -> Colours:
    """Return how a decoded picture is to be understood.

    No matrix named: BT.709 for HD and BT.601 for smaller ones, as players do. No range named:
    limited. No primaries named: BT.2020's where transfer or matrix are of that family. Primaries
    next to BT.709's (those of BT.601) are taken for them.
    """
    matrix = int(frame.colorspace)
    transfer = int(frame.color_trc) if int(frame.color_trc) in (PQ, HLG) else BT709
    primaries = int(frame.color_primaries)
    if primaries not in (BT709, BT2020, P3):
        unnamed = primaries in (0, UNNAMED)
        wide = transfer != BT709 or matrix in (9, 10)
        primaries = BT2020 if unnamed and wide else BT709
    if frame.format.is_rgb:
        return Colours("gbr", is_full=True, transfer=transfer, primaries=primaries)
    is_hd = frame.width >= 1280 or frame.height > 576
    return Colours(
        _MATRIX.get(matrix, "bt709" if is_hd else "smpte170m"),
        frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj"),
        transfer,
        primaries,
    )
