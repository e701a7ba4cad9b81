"""How stored pictures are turned and mirrored for a person."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from av.sidedata.sidedata import Type

if TYPE_CHECKING:
    from av.sidedata.sidedata import SideDataContainer
    from av.video.frame import VideoFrame


@dataclass(frozen=True, slots=True)
class Orientation:
    """What has to be done to a stored picture so that it is upright.

    Attributes:
        rotation: Degrees clockwise: 0, 90, 180, 270. Applied first.
        mirrored: Whether left and right are swapped. Applied after the rotation.
    """

    rotation: int = 0
    mirrored: bool = False

    @property
    def is_turned(self) -> bool:
        """Whether width and height change places."""
        return self.rotation % 180 != 0

    @property
    def filters(self) -> list[tuple[str, dict[str, str]]]:
        """FFmpeg filters that do it: name and options."""
        flip: list[tuple[str, dict[str, str]]] = [("hflip", {})]
        turn: list[tuple[str, dict[str, str]]] = {
            0: [],
            90: [("transpose", {"dir": "clock"})],
            180: [*flip, ("vflip", {})],
            270: [("transpose", {"dir": "cclock"})],
        }[self.rotation]
        return turn + (flip if self.mirrored else [])


UPRIGHT = Orientation()


def orientation(frame: VideoFrame) -> Orientation:
    """Return the orientation from the display matrix that came with a decoded picture.

    FFmpeg's own rotation angle cannot say "mirrored", so the matrix is read here. Angles between
    the quarter turns (no camera writes them) count as the nearest one.
    """
    # PyAV's stub knows one key only.
    side_data = cast("SideDataContainer", frame.side_data)
    try:
        data = side_data[Type.DISPLAYMATRIX]
    except KeyError:
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(data)[:36])
    return from_matrix(a, b, c, d)


def from_matrix(a: int, b: int, c: int, d: int) -> Orientation:
    """Return the orientation of a display matrix (x' = a x + c y, y' = b x + d y, y down)."""
    mirrored = a * d - b * c < 0
    if mirrored:  # take the mirroring (applied last: x' -> -x') out, a pure rotation stays
        a, c = -a, -c
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(0 if a + d >= 0 else 180, mirrored)
    return Orientation(90 if b - c > 0 else 270, mirrored)
