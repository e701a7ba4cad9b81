"""A frame server without workers: numbered pictures that say which frame they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.clip import FrameIndex, VideoInfo
from codefx_desktop.domain.frame import Frame, Pixels
from codefx_desktop.jobs.viewing import (
    ClipTrouble,
    OpenedClip,
    Opening,
    ProxyPhase,
    ProxyState,
    SavedStill,
    ServedFrame,
    TroubleKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

WIDTH, HEIGHT = 320, 180
BITS = 16
GOP = 12


class FakeFrameServer(QObject):
    """The same signals and calls as ``jobs.frame_server.FrameServer``.

    Answers come on the next turn of the event loop, or with ``hold`` when a test releases them.
    """

    opening = Signal(object)
    opened = Signal(object)
    served = Signal(object)
    trouble = Signal(object)
    proxy = Signal(object)
    saved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.hold = False
        self.unreadable: dict[Path, str] = {}
        self.broken: set[int] = set()
        self.lost = False
        self.clips: dict[Path, tuple[VideoInfo, FrameIndex]] = {}
        self.session = 0
        self.path = Path()
        self.has_proxy = False
        self.fit: tuple[int, int] | None = None
        self._held: list[Callable[[], None]] = []

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    def release(self) -> None:
        """Send the held answers, and hold no more."""
        held, self._held, self.hold = self._held, [], False
        for act in held:
            act()

    # -- what the window calls ------------------------------------------------------------------

    def open(self, path: Path, job_id: str | None = None) -> int:
        self.calls.append(("open", path, job_id))
        self.session += 1
        self.path = path
        session = self.session
        self._answer(lambda: self.opening.emit(Opening(session, path, 0.5)))
        self._answer(lambda: self._open(session, path))
        return session

    def show(self, number: int) -> None:
        self.calls.append(("show", number))
        session = self.session
        self._answer(lambda: self._serve(session, number, number, exact=True))

    def preview(self, number: int) -> None:
        self.calls.append(("preview", number))
        session = self.session
        key = number - number % GOP
        self._answer(lambda: self._serve(session, number, key, exact=key == number))

    def fit_to(self, size: tuple[int, int] | None) -> None:
        self.calls.append(("fit_to", size))
        self.fit = size

    def close(self) -> None:
        self.calls.append(("close",))
        self.session += 1

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    def make_proxy(self) -> None:
        self.calls.append(("make_proxy",))
        self.say_proxy(ProxyPhase.MAKING, fraction=0.25)

    def cancel_proxy(self) -> None:
        self.calls.append(("cancel_proxy",))
        self.say_proxy(ProxyPhase.NONE)

    def drop_proxy(self) -> None:
        self.calls.append(("drop_proxy",))
        self.say_proxy(ProxyPhase.NONE)

    def save_still(self, number: int, target: Path) -> None:
        self.calls.append(("save_still", number, target))
        session = self.session
        self._answer(lambda: self.saved.emit(SavedStill(session, number, target)))

    # -- what a test says -------------------------------------------------------------------------

    def say_proxy(self, phase: ProxyPhase, **more: object) -> None:
        """Tell where the proxy stands."""
        self.has_proxy = phase is ProxyPhase.READY
        self.proxy.emit(ProxyState(self.session, phase, **more))

    def say_trouble(self, kind: TroubleKind, message: str, number: int | None = None) -> None:
        """Tell that something is wrong."""
        self.trouble.emit(ClipTrouble(self.session, self.path, kind, message, number))

    def _open(self, session: int, path: Path) -> None:
        if session != self.session:
            return
        if path in self.unreadable or self.lost:
            message = self.unreadable.get(path, f"The clip {path.name} is not there.")
            self.say_trouble(TroubleKind.UNREADABLE, message)
            return
        info, index = self.clips.get(path) or (clip_info(path), times())
        self.opened.emit(OpenedClip(session, info, index, self.has_proxy))
        if len(index):
            self._serve(session, 0, 0, exact=True)

    def _serve(self, session: int, wanted: int, number: int, *, exact: bool) -> None:
        if session != self.session:
            return
        if self.lost:
            self.say_trouble(TroubleKind.LOST, f"The source is missing at frame {number}.", number)
        elif number in self.broken:
            self.say_trouble(TroubleKind.FRAME, f"Frame {number} cannot be decoded.", number)
        else:
            index = (self.clips.get(self.path) or (None, times()))[1]
            frame = Frame(number, index.time(number), numbered(number))
            fitted = fitted_to(frame.pixels, self.fit) if exact and self.fit else None
            self.served.emit(ServedFrame(session, wanted, frame, exact, self.has_proxy, fitted))

    def _answer(self, act: Callable[[], None]) -> None:
        if self.hold:
            self._held.append(act)
        else:
            QTimer.singleShot(0, self, act)


def numbered(number: int, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Return a picture whose upright bars are the bits of its number, the highest at the left."""
    bits = [(number >> (BITS - 1 - k)) & 1 for k in range(BITS)]
    row = np.repeat(np.array([230 if bit else 25 for bit in bits], np.uint8), width // BITS)
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = row[None, :, None]
    return pixels


def fitted_to(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Return a picture as a screen has it, at a size."""
    rows = np.arange(size[1]) * len(pixels) // size[1]
    columns = np.arange(size[0]) * pixels.shape[1] // size[0]
    scaled = pixels[rows][:, columns, ::-1]
    return np.dstack((scaled, np.full(scaled.shape[:2], 255, np.uint8)))


def number_in(image: QImage) -> int:
    """Read the number of a picture back from pixels, low down where no HUD is."""
    y = image.height() * 3 // 4
    number = 0
    for k in range(BITS):
        x = int((k + 0.5) * image.width() / BITS)
        number = 2 * number + (image.pixelColor(x, y).green() > 128)
    return number


def times(frames: int = 250, *, variable: bool = False) -> FrameIndex:
    """Return times at 25 frames/s; variable, every fifth frame stays twice as long."""
    steps = np.full(frames, 40, np.int64)
    if variable:
        steps[4::5] = 80
    ticks = np.concatenate([[0], np.cumsum(steps[:-1])]).astype(np.int64)
    keys = np.arange(frames) % GOP == 0
    return FrameIndex(ticks[:frames], ticks[:frames] + 1000, keys, Fraction(1, 1000))


def clip_info(path: Path, frames: int = 250, **fields: object) -> VideoInfo:
    """Return what a probe says of a healthy clip; fields as given."""
    values: dict[str, object] = {
        "path": path,
        "size_bytes": 184_320_000,
        "container": "mov,mp4,m4a,3gp,3g2,mj2",
        "codec": "h264",
        "pixel_format": "yuv420p",
        "width": WIDTH,
        "height": HEIGHT,
        "coded_width": WIDTH,
        "coded_height": HEIGHT,
        "frames": frames,
        "duration_s": frames / 25,
        "average_rate": Fraction(25),
        "has_audio": True,
        "audio_codec": "aac",
        "message": f"{frames} frames, all of them readable.",
    }
    return VideoInfo(**{**values, **fields})
