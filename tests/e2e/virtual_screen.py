"""A screen of its own for one test: Xvfb, and a person's hands and eyes on it.

Real X events and real pixels, so that nothing of the program has to know it is tested.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from e2e.dropping import FileDrag
from Xlib import XK, X, display
from Xlib.ext import xtest
from Xlib.protocol import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from Xlib.xobject.drawable import Window

Picture = npt.NDArray[np.uint8]

XVFB = shutil.which("Xvfb")


def wait_for(what: str, look: Callable[[], bool], limit_s: float) -> float:
    """Look until it is true; return how long that took in seconds.

    Raises:
        TimeoutError: With ``what`` that was not seen within ``limit_s``.
    """
    began = time.monotonic()
    while not look():
        if time.monotonic() - began > limit_s:
            raise TimeoutError(f"not seen within {limit_s:.0f} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began


class Screen:
    """One X display.

    Args:
        name: Its name (``:99``), for the programs that are to show themselves on it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._display = display.Display(name)
        self._root = self._display.screen().root

    def window(self, title: str) -> Window | None:
        """Return the largest window on show whose title contains ``title``."""
        found = []
        for child in self._root.query_tree().children:
            attributes, size = child.get_attributes(), child.get_geometry()
            if attributes.map_state == X.IsViewable and title in self.title(child):
                found.append((size.width * size.height, child))
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def title(self, window: Window) -> str:
        """Return a window's title."""
        name = window.get_full_text_property(self._display.intern_atom("_NET_WM_NAME"))
        return name or ""

    def picture(self, window: Window) -> Picture:
        """Return what a window shows: RGB, (H, W, 3), uint8."""
        size = window.get_geometry()
        image = window.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        data = image.data if isinstance(image.data, bytes) else image.data.encode("latin-1")
        bgrx = np.frombuffer(data, np.uint8).reshape(size.height, size.width, 4)
        return np.ascontiguousarray(bgrx[:, :, 2::-1])

    def click(self, window: Window, x: int, y: int) -> None:
        """Press the left button at a place of a window."""
        place = self._root.translate_coords(window, x, y)
        x, y = place.x, place.y
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()
        time.sleep(0.05)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self._display, kind, 1)
        self._display.sync()

    def press(self, window: Window, *keys: str) -> None:
        """Press keys together (``Control_L``, ``d``) with the keyboard on ``window``."""
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(key)) for key in keys]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def drop(self, window: Window, paths: Sequence[Path]) -> None:
        """Drop files in the middle of a window, as out of the file manager."""
        size = window.get_geometry()
        middle = self._root.translate_coords(window, size.width // 2, size.height // 2)
        FileDrag(self._display, paths).drop_on(window, middle.x, middle.y)

    def ask_to_close(self, window: Window) -> None:
        """Send what a window manager sends when its close button is pressed."""
        atoms = [self._display.intern_atom(name) for name in ("WM_PROTOCOLS", "WM_DELETE_WINDOW")]
        data = (32, [atoms[1], X.CurrentTime, 0, 0, 0])
        window.send_event(event.ClientMessage(window=window, client_type=atoms[0], data=data))
        self._display.sync()

    def close(self) -> None:
        """Leave the display."""
        self._display.close()


@contextmanager
def virtual_screen(size: str = "1440x900x24") -> Iterator[Screen]:
    """Start Xvfb on a free display and end it afterwards."""
    assert XVFB is not None
    read, write = os.pipe()
    server = subprocess.Popen(
        [XVFB, "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            screen = Screen(f":{answer.readline().strip()}")
        try:
            yield screen
        finally:
            screen.close()
    finally:
        server.terminate()
        server.wait(timeout=10)
