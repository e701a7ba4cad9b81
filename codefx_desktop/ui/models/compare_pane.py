"""One stop beside others: its clip's frames, its events, what is wrong with either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.jobs.stop_values import StopState
from codefx_desktop.jobs.viewing import ClipTrouble, TroubleKind
from codefx_desktop.ui.models.compare_clock import Track, interval_of

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.jobs.frame_server import FrameServer
    from codefx_desktop.jobs.stop_desk import StopDesk
    from codefx_desktop.jobs.stop_values import StopShown, StopsRead
    from codefx_desktop.jobs.viewing import OpenedClip, Opening, ServedFrame
    from codefx_desktop.ui.models.compare_align import Zero

_TITLES = {
    StopState.NOT_ASKED: "Not analysed",
    StopState.NONE: "No pit stop was found",
    StopState.WAITING: "Not there yet",
    StopState.UNREADABLE: "The stops cannot be read",
}


class ComparePane(QObject):
    """One of the stops that are compared.

    ``served`` is the newest picture that came, ``shown`` the one on screen: pictures of all panes
    change together, when whoever moves them says so.

    Args:
        server: Delivers frames of its clip; nobody else uses it.
        desk: Reads its stops; nobody else uses it.
    """

    changed = Signal()
    """What is known of it: its stops, whether its clip is open, what is wrong."""
    arrived = Signal()
    """The picture that was asked for is there, or will not come."""
    passed = Signal()
    """A picture near the one that was asked for is there."""

    def __init__(self, server: FrameServer, desk: StopDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server, self._desk = server, desk
        self._session: int | None = None
        self.job_id, self.number = "", 1
        self.path: Path | None = None
        self.name = ""
        self.fraction = 0.0
        self.read: StopsRead | None = None
        self.clip: OpenedClip | None = None
        self.wanted: int | None = None
        self.served: ServedFrame | None = None
        self.shown: ServedFrame | None = None
        self.trouble: ClipTrouble | None = None
        self.offset_s = 0.0
        self.zero: Zero | None = None
        self._interval_s = 0.0
        server.opening.connect(self._on_opening)
        server.opened.connect(self._on_opened)
        server.served.connect(self._on_served)
        server.trouble.connect(self._on_trouble)
        desk.read.connect(self._on_read)

    # -- what it is ---------------------------------------------------------------------------

    @property
    def stop(self) -> StopShown | None:
        """The stop that is compared; None while or because it is not known."""
        stops = () if self.read is None else self.read.stops
        return next((one for one in stops if one.stop.number == self.number), None)

    @property
    def is_open(self) -> bool:
        """Whether frames can be asked for."""
        return self.clip is not None

    @property
    def is_lost(self) -> bool:
        """Whether its clip cannot be read now; others go on without it."""
        return self.trouble is not None and self.trouble.kind is not TroubleKind.FRAME

    @property
    def track(self) -> Track | None:
        """Its clip on the common time; None while that is not known."""
        shown = self.stop
        if shown is None or self.clip is None or self.zero is None:
            return None
        scale = shown.stop.time_scale or 1.0
        step_s = self._interval_s * scale
        return Track(self.clip.index, self.zero.time_s, scale, self.offset_s, step_s)

    @property
    def hint(self) -> tuple[str, str]:
        """What is to be said in the place of a picture; empty where there is one to show."""
        if self.trouble is not None and self.shown is None:
            return f"{self.name} cannot be shown", self.trouble.message
        if self.read is not None and self.read.state is not StopState.FOUND:
            return _TITLES[self.read.state], self.read.why
        if self.read is not None and self.stop is None:
            return "No such stop", f"{self.name} has no stop {self.number} any more."
        if self.read is None or self.clip is None:
            part = f" {self.fraction:.0%}" if 0.0 < self.fraction < 1.0 else ""
            return "Opening\N{HORIZONTAL ELLIPSIS}", f"{self.name}{part}"
        return "", ""

    # -- what is asked of it ------------------------------------------------------------------

    def open(self, job_id: str, number: int, path: Path) -> None:
        """Take a stop of a job, whose clip is at a path."""
        self.job_id, self.number, self.path, self.name = job_id, number, path, path.name
        self.read = self.clip = self.trouble = self.served = self.shown = None
        self.offset_s, self.fraction = 0.0, 0.0
        self._session = self._server.open(path, job_id)
        self._desk.open(job_id)
        self.changed.emit()

    def reread(self) -> None:
        """Read the stops again: somebody corrected them."""
        if self.job_id:
            self._desk.open(self.job_id)

    def retry(self) -> None:
        """Look for the clip again, for its drive may be back."""
        if self.path is None:
            return
        if self.clip is not None and self.wanted is not None:
            self._server.show(self.wanted)
        else:
            self.trouble = None
            self._session = self._server.open(self.path, self.job_id)
            self.changed.emit()

    def choose(self, number: int) -> None:
        """Compare another stop of the same job."""
        if number != self.number:
            self.number = number
            self.changed.emit()

    def ask(self, number: int, *, near: bool = False) -> bool:
        """Ask for a frame; return whether it is at hand already.

        Args:
            number: The frame.
            near: Any picture near it will do, while a hand drags.
        """
        self.wanted = number
        if self._has(number):
            return True
        if near:
            self._server.preview(number)
        else:
            self._server.show(number)
        return False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be waited for: the picture is there, or cannot be had."""
        if self.wanted is None or self.is_lost:
            return True
        broken = self.trouble is not None and self.trouble.number == self.wanted
        return broken or self._has(self.wanted)

    def present(self) -> None:
        """Let the newest picture be the one on screen."""
        self.shown = self.served

    def close(self) -> None:
        """Hold nothing; its workers wait for another stop."""
        self._server.close()
        self._desk.close()
        self._session = None
        self.job_id = self.name = ""
        self.path = self.read = self.clip = self.wanted = None
        self.served = self.shown = self.trouble = self.zero = None

    def shutdown(self) -> None:
        """End its workers."""
        self._server.shutdown()
        self._desk.shutdown()

    # -- inside -------------------------------------------------------------------------------

    def _has(self, number: int) -> bool:
        served = self.served
        is_it = served is not None and served.is_exact and served.frame.number == number
        return is_it and self.trouble is None

    def _on_opening(self, opening: Opening) -> None:
        if opening.session == self._session and self.clip is None:
            self.fraction = opening.fraction
            self.changed.emit()

    def _on_opened(self, clip: OpenedClip) -> None:
        if clip.session != self._session:
            return
        if not len(clip.index):
            message = clip.info.message or "No picture of this clip can be decoded."
            self._on_trouble(
                ClipTrouble(clip.session, clip.info.path, TroubleKind.UNREADABLE, message)
            )
            return
        self.clip, self.trouble = clip, None
        self._interval_s = interval_of(clip.index)
        self.changed.emit()

    def _on_served(self, served: ServedFrame) -> None:
        if served.session != self._session or self.clip is None:
            return
        if self.wanted is not None and served.wanted != self.wanted:
            return  # a picture of where it was before
        if self._has(served.wanted) and not served.is_exact:
            return
        had_trouble, self.trouble = self.trouble is not None, None
        self.served = served
        if had_trouble:
            self.changed.emit()
        if served.is_exact:
            self.arrived.emit()
        else:
            self.passed.emit()

    def _on_trouble(self, trouble: ClipTrouble) -> None:
        if trouble.session != self._session:
            return
        is_frame = trouble.kind is TroubleKind.FRAME
        if is_frame and trouble.number is not None and trouble.number != self.wanted:
            return
        self.trouble = trouble
        self.changed.emit()
        self.arrived.emit()

    def _on_read(self, found: StopsRead) -> None:
        if found.job_id == self.job_id and found != self.read:
            self.read = found
            self.changed.emit()
