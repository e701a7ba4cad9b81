"""What a window looks at jobs with: frame servers, artifact desks; and its other desks.

Made at any time, fed once the history is open, ended together.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

import shiboken6

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_desk import ArtifactDesk
from codefx_desktop.jobs.camera_desk import CameraDesk
from codefx_desktop.jobs.desk import Desk, shutdown_all
from codefx_desktop.jobs.export_desk import ExportDesk
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.give_back import give_back_large_blocks
from codefx_desktop.jobs.hand import Hand
from codefx_desktop.jobs.lane_desk import LaneDesk
from codefx_desktop.jobs.model_desk import ModelDesk
from codefx_desktop.jobs.push_desk import PushDesk
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.sound_out import SoundSystem
from codefx_desktop.jobs.sound_player import SoundPlayer
from codefx_desktop.jobs.statistics_desk import StatisticsDesk
from codefx_desktop.jobs.stop_desk import StopDesk
from codefx_desktop.jobs.target_desk import TargetDesk
from codefx_desktop.video.frame_cache import SharedRoom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.messages import EngineCalls

POLL_S: Final = 0.05
SHARED_BYTES: Final = 256 * 1024 * 1024
"""What all clips that are compared may keep of decoded pictures: as much as one in view alone."""
Server = FrameServer | SoundPlayer | Desk
S = TypeVar("S", bound=Server)


class FrameServers:
    """Makes frame servers and desks and ends them; lives in the main thread."""

    def __init__(self) -> None:
        self._servers: list[Server] = []
        self._is_known = threading.Event()
        self._engine: EngineCalls | None = None
        self._room, self._hand = SharedRoom(SHARED_BYTES), Hand()
        give_back_large_blocks()  # pictures and columns of jobs come and go on all its workers

    def know(self, engine: EngineCalls | None) -> None:
        """Take the engine that opens clips; None if there will be none."""
        self._engine = engine
        self._is_known.set()

    def new(self, parent: QObject, *, shares: bool = False) -> FrameServer:
        """Return a new server; ``shares``: one budget for the pictures of all that do."""
        room = self._room if shares else None
        return self._kept(
            FrameServer(lambda cancel: self._opened(cancel).footage(room), parent, hand=self._hand)
        )

    def new_sound_player(self, parent: QObject) -> SoundPlayer:
        """Return a new player of sound."""
        return self._kept(SoundPlayer(SoundSystem(), parent))

    def new_desk(self, parent: QObject) -> ArtifactDesk:
        """Return a new artifact desk."""
        return self._kept(ArtifactDesk(lambda cancel: self._opened(cancel).artifacts(), parent))

    def new_stop_desk(self, parent: QObject) -> StopDesk:
        """Return a new stop desk."""
        return self._kept(StopDesk(lambda cancel: self._opened(cancel).stops(), parent))

    def new_statistics_desk(self, parent: QObject) -> StatisticsDesk:
        """Return a new statistics desk."""
        return self._kept(StatisticsDesk(lambda cancel: self._opened(cancel).statistics(), parent))

    def new_review_desk(self, parent: QObject) -> ReviewDesk:
        """Return a new review desk."""
        return self._kept(
            ReviewDesk(lambda cancel: self._opened(cancel).reviews(), parent, hand=self._hand)
        )

    def new_camera_desk(self, parent: QObject) -> CameraDesk:
        """Return a new camera desk."""
        return self._kept(CameraDesk(lambda cancel: self._opened(cancel).cameras(), parent))

    def new_model_desk(self, parent: QObject) -> ModelDesk:
        """Return a new model desk."""
        return self._kept(
            ModelDesk(
                lambda cancel: self._opened(cancel).models(),
                lambda cancel: self._opened(cancel).model_bucket(),
                parent,
            )
        )

    def new_target_desk(self, parent: QObject) -> TargetDesk:
        """Return a new target desk."""
        return self._kept(TargetDesk(lambda cancel: self._opened(cancel).targets(), parent))

    def new_lane_desk(self, folder: Path, parent: QObject) -> LaneDesk:
        """Return a new desk for the timeline; it keeps waveforms in a folder."""
        return self._kept(LaneDesk(folder, parent, hand=self._hand))

    def new_export_desk(self, parent: QObject) -> ExportDesk:
        """Return a new export desk."""
        return self._kept(ExportDesk(self._opened, parent))

    def new_push_desk(self, parent: QObject, is_busy: Callable[[], bool]) -> PushDesk:
        """Return a new push desk; ``is_busy`` says whether a job runs."""
        return self._kept(
            PushDesk(lambda cancel: self._opened(cancel).outbox(), parent, is_busy=is_busy)
        )

    def shutdown(self) -> None:
        """End all servers; each waits for its workers, with a limit, all desks at once."""
        alive = [*filter(shiboken6.isValid, self._servers)]
        shutdown_all([server for server in alive if isinstance(server, Desk)])
        for server in alive:
            server.shutdown()

    def _kept(self, server: S) -> S:
        self._servers = [*filter(shiboken6.isValid, self._servers), server]
        return server

    def _opened(self, cancel: CancelSignal) -> EngineCalls:
        """Return the engine; called on workers, waits until the history is open."""
        while not self._is_known.wait(POLL_S):
            if cancel.is_set():
                raise Cancelled
        if self._engine is None:
            raise HistoryError("The history could not be opened, so nothing else can be either.")
        return self._engine
