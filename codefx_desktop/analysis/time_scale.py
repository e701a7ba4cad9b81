"""How fast time passes in a clip: slow motion plays fewer pictures a second than were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Observations


def time_scale(seen: Observations, camera: CameraProfile) -> float:
    """Return the seconds that passed in one of the clip: slow motion plays fewer pictures."""
    if camera.capture_rate_hz is None or len(seen.times_s) < 2:
        return 1.0
    span_s = float(seen.times_s[-1] - seen.times_s[0])
    played_hz = (int(seen.numbers[-1]) - int(seen.numbers[0])) / span_s
    return played_hz / camera.capture_rate_hz
