"""Does something once when wishes for it come no more, or have come for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable


class Soon(QObject):
    """Waits for wishes to rest: what a hand asks for thirty times a second is done at its end.

    Args:
        act: What is done.
        rest_ms: After so long without another wish.
        most_ms: At the latest so long after the first that was not fulfilled.
        parent: The owner.
    """

    def __init__(
        self, act: Callable[[], None], rest_ms: int, most_ms: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._act = act
        self._rest, self._most = QTimer(self), QTimer(self)
        for timer, after_ms in ((self._rest, rest_ms), (self._most, most_ms)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
            timer.timeout.connect(self._do)

    @property
    def is_waiting(self) -> bool:
        """Whether a wish is not fulfilled yet."""
        return self._rest.isActive()

    def ask(self) -> None:
        """Wish for it."""
        self._rest.start()
        if not self._most.isActive():
            self._most.start()

    def cancel(self) -> None:
        """Forget wishes: they were fulfilled otherwise, or nobody wants it any more."""
        self._rest.stop()
        self._most.stop()

    def _do(self) -> None:
        self.cancel()
        self._act()
