"""One clip as a person looks at it: where in it, which picture, how true, what is wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.jobs.viewing import ClipTrouble, ProxyPhase, ProxyState, TroubleKind
from codefx_desktop.ui.models.goto import PlaceError, place_of
from codefx_desktop.ui.models.jump_places import JumpPlaces
from codefx_desktop.ui.models.placing import Placing
from codefx_desktop.ui.models.player import Player

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.jobs.frame_server import FrameServer
    from codefx_desktop.jobs.viewing import OpenedClip, Opening, SavedStill, ServedFrame
    from codefx_desktop.ui.models.jump_places import JumpKind


class Phase(StrEnum):
    """What the view is about."""

    EMPTY = "empty"
    OPENING = "opening"
    OPEN = "open"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    job_id: str | None
    number: int


class ClipView(QObject):
    """The clip in view.

    ``position`` is the frame a person wants; ``shown`` the newest picture that came for it, with
    its own number. They differ while a picture is on its way, and ``shown`` never lies.
    ``player`` plays it; ``places`` are those that can be jumped to.

    Args:
        server: Delivers frames; its answers come as signals.
        now_s: The wall clock.
    """

    phased = Signal()
    """Another clip, or it is open, or it cannot be opened."""
    progressed = Signal()
    """More of the clip's packets were read while it is opened."""
    moved = Signal()
    """Another position is wanted."""
    pictured = Signal()
    """Another picture, or none."""
    troubled = Signal()
    """Something is wrong, or no longer."""
    played = Signal()
    """It plays, or no longer, or at another rate, or cannot keep up."""
    proxied = Signal()
    """Its proxy stands elsewhere."""
    saved = Signal(object)
    """A still was written or not: ``SavedStill``."""

    def __init__(
        self,
        server: FrameServer,
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._server, self._now_s = server, now_s
        self._session: int | None = None
        self._former: _Place | None = None
        self._at = 0
        self._pending = self._is_jump = False
        self._asked_s = 0.0
        self.phase = Phase.EMPTY
        self.path: Path | None = None
        self.job_id: str | None = None
        self.fraction = 0.0
        self.clip: OpenedClip | None = None
        self.position = 0
        self.direction = 1
        self.dragging = False
        self.shown: ServedFrame | None = None
        self.trouble: ClipTrouble | None = None
        self.proxy: ProxyState | None = None
        self.places = JumpPlaces(self)
        self.placing = Placing(self)
        self.player = Player(self, self, now_s)
        self.player.changed.connect(self.played)
        server.opening.connect(self._on_opening)
        server.opened.connect(self._on_opened)
        server.served.connect(self._on_served)
        server.trouble.connect(self._on_trouble)
        server.proxy.connect(self._on_proxy)
        server.saved.connect(self._on_saved)

    # -- which clip ---------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether frames can be asked for."""
        return self.phase is Phase.OPEN

    @property
    def last(self) -> int:
        """Number of the last frame."""
        return len(self.clip.index) - 1 if self.clip else 0

    @property
    def is_pending(self) -> bool:
        """Whether the picture that was asked for is still on its way."""
        return self._pending

    @property
    def is_lost(self) -> bool:
        """Whether the drive went away; any move looks for it again."""
        return self.trouble is not None and self.trouble.kind is TroubleKind.LOST

    def open(self, path: Path, job_id: str | None = None, number: int = 0) -> None:
        """View a clip from its first frame or another; ``job_id`` if it is a job's."""
        if self.is_open and self.path is not None:
            self._former = _Place(self.path, self.job_id, self.position)
        elif self.phase is not Phase.OPENING:
            self._former = None
        self._begin(_Place(path, job_id, number))

    def leave(self) -> None:
        """Give up opening a clip; the one that was in view before comes back where it was."""
        if self.phase is not Phase.OPENING:
            return
        former, self._former = self._former, None
        if former is not None:
            self._begin(former)
        else:
            self.close()

    def retry(self) -> None:
        """Look again, for the drive may be back; what cannot be gone on with is opened anew."""
        if self.is_lost and self.is_open:
            self._go(self.position)
        elif self.path is not None:
            self._begin(_Place(self.path, self.job_id, self.position))

    def close(self) -> None:
        """View nothing."""
        self.pause()
        self._server.close()
        self._session = self.path = self.job_id = None
        self._set_phase(Phase.EMPTY)

    def shutdown(self) -> None:
        """End the frame server."""
        self.pause()
        self._server.shutdown()

    # -- where in it --------------------------------------------------------------------------

    def step(self, frames: int) -> None:
        """Go on by so many frames, backwards if negative, and stop at the ends."""
        self.pause()
        self._go(self.position + frames, jump=False)

    def home(self) -> None:
        """Go to the first frame."""
        self.pause()
        self._go(0)

    def end(self) -> None:
        """Go to the last frame."""
        self.pause()
        self._go(self.last)

    def go_to(self, text: str) -> str:
        """Go where a text says; return why not, for the person, or nothing."""
        if self.clip is None or not self.is_open:
            return "No clip is open."
        try:
            number = place_of(text, self.clip.index)
        except PlaceError as error:
            return str(error)
        self.pause()
        self._go(number)
        return ""

    def drag_to(self, number: int) -> None:
        """Follow a hand that drags: a keyframe near the number, at once."""
        if not self.is_open:
            return
        self.pause()
        self.dragging, self._is_jump, self._pending = True, False, False
        is_another = self._set_position(number)
        self._server.preview(self.position)
        self._tell_moved(is_another=is_another)

    def release_at(self, number: int) -> None:
        """Show exactly the frame at which the hand let go."""
        self.dragging = False
        self._go(number)

    def jump(self, kind: JumpKind, direction: int) -> None:
        """Go to the next place of a kind, or with -1 to the one before."""
        place = self.places.beyond(kind, self.position, direction)
        if place is not None and self.is_open:
            self.pause()
            self._go(place.number)
            self.places.jumped.emit(kind, place)

    # -- playing ------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self.player.is_playing

    @property
    def is_slow(self) -> bool:
        """Whether it plays slower than it should."""
        return self.player.is_slow

    def play(self) -> None:
        """Play at the chosen speed, from the start if it stands at the end."""
        if not self.playing:
            self.player.play()

    def pause(self) -> None:
        """Stop where it is."""
        self.player.pause()

    def toggle(self) -> None:
        """Play or pause."""
        self.player.toggle()

    def show_due(self, number: int, *, jump: bool = False) -> None:
        """Show the frame that the player says is due."""
        self._go(number, jump=jump)

    # -- more of it ---------------------------------------------------------------------------

    def make_proxy(self) -> None:
        """Make a copy that seeks at once."""
        self._server.make_proxy()

    def cancel_proxy(self) -> None:
        """Stop making it."""
        self._server.cancel_proxy()

    def drop_proxy(self) -> None:
        """Remove it."""
        self._server.drop_proxy()

    def fit_to(self, size: tuple[int, int] | None) -> None:
        """Have pictures come at the size at which they are painted, too; None: they are not."""
        self._server.fit_to(size)

    def save_still(self, number: int, target: Path) -> None:
        """Write a frame as a picture file; ``saved`` tells how it went."""
        self._server.save_still(number, target)

    # -- inside -------------------------------------------------------------------------------

    def _begin(self, place: _Place) -> None:
        self.pause()
        if (place.path, place.job_id) != (self.path, self.job_id):
            self.places.clear()
        self.path, self.job_id, self._at = place.path, place.job_id, place.number
        self.fraction, self.dragging = 0.0, False
        self._session = self._server.open(place.path, place.job_id)
        self._set_phase(Phase.OPENING)

    def _set_phase(self, phase: Phase) -> None:
        """Change the phase; what was seen stays while the next clip is being opened."""
        self.phase = phase
        if phase in (Phase.EMPTY, Phase.FAILED):
            self.clip = self.shown = self.proxy = None
            self.position = 0
            self.player.opened(is_same=False)
            self.pictured.emit()
        if phase is not Phase.FAILED and self.trouble is not None:
            self._set_trouble(None)
        self.phased.emit()

    def _set_trouble(self, trouble: ClipTrouble | None) -> None:
        if trouble is not self.trouble:
            self.trouble = trouble
            self.troubled.emit()

    def _set_position(self, number: int) -> bool:
        """Want a frame; return whether it is another one, which the caller tells."""
        number = min(max(number, 0), self.last)
        if number == self.position:
            return False
        self.direction = 1 if number > self.position else -1
        self.position = number
        return True

    def _go(self, number: int, *, jump: bool = True) -> None:
        """Ask for exactly one frame; after a jump no picture on the way to it is shown."""
        if not self.is_open:
            return
        is_another = self._set_position(number)
        shown = self.shown
        is_there = shown is not None and shown.is_exact and shown.frame.number == self.position
        if not is_there or self._pending or self.trouble is not None:
            self._is_jump, self._pending = jump, True
            self._asked_s = self._now_s()
            self._server.show(self.position)  # before anybody hears of it: it comes meanwhile
        self._tell_moved(is_another=is_another)

    def _tell_moved(self, *, is_another: bool) -> None:
        if is_another:
            self.moved.emit()
            self.placing.moved(is_pending=self._pending)

    def _on_opening(self, opening: Opening) -> None:
        if opening.session == self._session and self.phase is Phase.OPENING:
            self.fraction = opening.fraction
            self.progressed.emit()

    def _on_opened(self, clip: OpenedClip) -> None:
        if clip.session != self._session:
            return
        if not len(clip.index):
            self._fail(clip.info.message or "No picture of this clip can be decoded.")
            return
        is_same = self.clip is not None and self.clip.info.path == clip.info.path
        self.clip = clip
        self.player.opened(is_same=is_same)
        if not is_same and self.shown is not None:
            self.shown = None
            self.pictured.emit()
        self.position, self.direction = min(self._at, self.last), 1
        phase = ProxyPhase.READY if clip.has_proxy else ProxyPhase.NONE
        self.proxy = ProxyState(clip.session, phase)
        self._former, self._is_jump, self._pending = None, True, True
        self._asked_s = self._now_s()
        self._set_phase(Phase.OPEN)
        self._tell_moved(is_another=True)
        self.proxied.emit()
        if self.position:
            self._server.show(self.position)

    def _on_served(self, served: ServedFrame) -> None:
        if served.session != self._session or not self.is_open:
            return
        is_wanted = served.wanted == self.position
        arrived = is_wanted and served.is_exact
        if not is_wanted and self._is_jump:
            return  # a picture of where it was before
        if not served.is_exact and not (self._pending or self.dragging):
            return  # the exact one is on screen
        self._pending = self._pending and not arrived
        self.shown = served
        self.placing.pictured()
        self._set_trouble(None)
        self.pictured.emit()
        if arrived:
            self.player.arrived(self._now_s() - self._asked_s)

    def _on_trouble(self, trouble: ClipTrouble) -> None:
        if trouble.session != self._session:
            return
        if self.phase is Phase.OPENING:
            self._fail(trouble.message)
        elif trouble.kind is TroubleKind.FRAME:
            if trouble.number is not None and trouble.number != self.position:
                return
            self._pending = False
            self._set_trouble(trouble)
            self.player.keep_up()
        else:
            self._pending = False
            self.pause()
            self._set_trouble(trouble)

    def _fail(self, message: str) -> None:
        """Say why it cannot be opened."""
        assert self._session is not None
        assert self.path is not None
        self._set_trouble(ClipTrouble(self._session, self.path, TroubleKind.UNREADABLE, message))
        self._set_phase(Phase.FAILED)

    def _on_proxy(self, state: ProxyState) -> None:
        if state.session == self._session and self.is_open:
            self.proxy = state
            self.proxied.emit()

    def _on_saved(self, still: SavedStill) -> None:
        self.saved.emit(still)
