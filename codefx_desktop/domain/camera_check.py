"""Whether a camera profile can be used, and what is wrong where it cannot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.zone_check import check_zones

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens

MAX_NAME_CHARS: Final = 60
WIDEST_DEG: Final = 360.0
SMALLEST_TURN: Final = 1e-4
"""Twice the area, in pictures, of the smallest triangle between three corners of a box."""


def check_camera(camera: CameraProfile) -> None:
    """Check a profile, but for its name, which only a saved one needs.

    Raises:
        ValueError: If something in it cannot be used; the message says what and why.
    """
    if camera.front_deg is not None and not math.isfinite(camera.front_deg):
        raise ValueError("the angle of the car's front must be a number")
    if camera.capture_rate_hz is not None and not 0.1 <= camera.capture_rate_hz <= 100_000.0:
        raise ValueError("the capture rate must be between 0.1 and 100000 pictures a second")
    _check_lens(camera.lens)
    if camera.marks is not None:
        _check_marks(camera.marks, mirrored=camera.mirrored)
    check_zones(camera.zones)


def check_camera_name(name: str) -> None:
    """Check that a name can be a saved profile's.

    Raises:
        ValueError: If it is empty, too long, or begins or ends with space.
    """
    if not name or name != name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise ValueError(f"a camera's name has 1 to {MAX_NAME_CHARS} visible characters")


def _check_lens(lens: Lens) -> None:
    if not 1.0 <= lens.field_of_view_deg <= WIDEST_DEG:
        raise ValueError(f"the lens's field of view must be between 1 and {WIDEST_DEG:.0f} degrees")
    if not all(-1.0 <= value <= 2.0 for value in lens.centre):
        raise ValueError("the lens's centre lies far outside the picture")


def _check_marks(marks: BoxMarks, *, mirrored: bool) -> None:
    if not (marks.length_m > 0.0 and marks.width_m > 0.0):
        raise ValueError("the box's length and width must be above 0 metres")
    turns = []
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = (marks.corners[(index + step) % 4] for step in range(3))
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    # Seen from above the ground, and not in a mirror, the four clicks run clockwise.
    if mirrored:
        turns = [-turn for turn in turns]
    if min(turns) > SMALLEST_TURN:
        return
    if max(turns) < -SMALLEST_TURN:
        raise ValueError(
            "the box's corners run the wrong way round: click front left, front right, rear "
            "right, rear left as the driver sees them, or say that the picture is mirrored"
        )
    raise ValueError(
        "the box's corners make no box: click front left, front right, rear right, rear left, "
        "in this order"
    )
