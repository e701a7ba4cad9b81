"""Files dragged from another program and dropped: the source's side of X's drag and drop.

Source: https://www.freedesktop.org/wiki/Specifications/XDND/
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from Xlib import X
from Xlib.protocol import event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from Xlib.display import Display
    from Xlib.protocol.rq import Event
    from Xlib.xobject.drawable import Window

VERSION = 5
LIMIT_S = 10.0


class FileDrag:
    """A drag of files from a window of its own; the pointer itself stays where it is.

    Args:
        display: The connection whose events are read meanwhile.
        paths: What is dragged.
    """

    def __init__(self, display: Display, paths: Sequence[Path]) -> None:
        self._display = display
        self._uris = "".join(f"{path.as_uri()}\r\n" for path in paths).encode()
        self._source = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self._source.set_selection_owner(self._atom("XdndSelection"), X.CurrentTime)

    def drop_on(self, window: Window, x: int, y: int) -> None:
        """Enter a window, move to a place of the screen, and let go once the window would take it.

        Raises:
            TimeoutError: If it is not taken.
        """
        self._tell(window, "XdndEnter", VERSION << 24, self._atom("text/uri-list"), 0, 0)
        wanted = self._atom("XdndActionCopy")
        self._tell(window, "XdndPosition", 0, x << 16 | y, X.CurrentTime, wanted)
        would_take = self._answer("XdndStatus")[1] & 1
        if not would_take:
            raise TimeoutError("the window does not take these files")
        self._tell(window, "XdndDrop", 0, X.CurrentTime, 0, 0)
        self._answer("XdndFinished")
        self._source.destroy()

    def _atom(self, name: str) -> int:
        return int(self._display.intern_atom(name))

    def _tell(self, window: Window, kind: str, *values: int) -> None:
        data = (32, [self._source.id, *values])
        message = event.ClientMessage(window=window, client_type=self._atom(kind), data=data)
        window.send_event(message)
        self._display.flush()

    def _answer(self, kind: str) -> Sequence[int]:
        """Wait for the window's answer, and give it the files when it asks for them."""
        until = time.monotonic() + LIMIT_S
        while time.monotonic() < until:
            while self._display.pending_events():
                news = self._display.next_event()
                if news.type == X.SelectionRequest:
                    self._hand_over(news)
                elif news.type == X.ClientMessage and news.client_type == self._atom(kind):
                    values: Sequence[int] = news.data[1]
                    return values
            time.sleep(0.02)
        raise TimeoutError(f"no {kind} within {LIMIT_S:.0f} s")

    def _hand_over(self, asked: Event) -> None:
        known = asked.target == self._atom("text/uri-list")
        if known:
            asked.requestor.change_property(asked.property, asked.target, 8, self._uris)
        asked.requestor.send_event(
            event.SelectionNotify(
                time=asked.time,
                requestor=asked.requestor,
                selection=asked.selection,
                target=asked.target,
                property=asked.property if known else X.NONE,
            )
        )
        self._display.flush()
