"""ByteTrack whose tracks keep their identities.

What is of one class for good takes no box of another one, and what begins where only one lost track
can be is that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.vision.heirs import Heirs
from codefx_desktop.vision.steady_classes import SteadyClasses
from codefx_desktop.vision.tracker import LOST_S, ByteTracker

if TYPE_CHECKING:
    from codefx_desktop.domain.detections import Detections


class KeepingTracker:
    """ByteTrack, whose tracks keep their identities (``domain.ports.Tracker``).

    Args:
        frame_rate_hz: As for ``ByteTracker``.
    """

    def __init__(self, frame_rate_hz: float) -> None:
        self._classes = SteadyClasses(LOST_S + 0.5 / frame_rate_hz)
        self._tracker = ByteTracker(frame_rate_hz, self._classes.bars)
        self._heirs = Heirs(LOST_S + 0.5 / frame_rate_hz)

    def update(self, detections: Detections, time_s: float) -> Detections:
        """Return the same detections, in the same order, with track ids.

        Args:
            detections: As for ``ByteTracker``.
            time_s: Likewise.

        Raises:
            ValueError: If time does not increase.
        """
        found = self._tracker.update(detections, time_s)
        self._classes.update(found, time_s)
        ids, inherited = self._heirs.update(found.track_id, found, time_s)
        if inherited:
            self._tracker.forget(lambda track_id: self._heirs.name(track_id) in inherited)
        return found.with_tracks(ids)
