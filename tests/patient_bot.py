"""A ``qtbot`` that waits for what will come as long as a busy machine may need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from patience import PATIENCE_S
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from pytestqt.wait_signal import MultiSignalBlocker, SignalBlocker

PATIENCE_MS: Final = 1000 * PATIENCE_S


class PatientBot(QtBot):
    """A ``qtbot`` that waits longer than its own five seconds, unless a test says how long."""

    def waitUntil(  # noqa: N802 - Qt's way of naming
        self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
    ) -> None:
        """Wait until something is so."""
        __tracebackhide__ = True
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(  # noqa: N802
        self,
        signal: SignalInstance,
        *,
        timeout: int = PATIENCE_MS,
        **how: Any,  # noqa: ANN401
    ) -> SignalBlocker:
        """Wait until a signal is emitted."""
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(  # noqa: N802
        self,
        signals: list[SignalInstance],
        *,
        timeout: int = PATIENCE_MS,
        **how: Any,  # noqa: ANN401
    ) -> MultiSignalBlocker:
        """Wait until all of several signals are emitted."""
        return super().waitSignals(signals, timeout=timeout, **how)
