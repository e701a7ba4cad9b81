"""The proxy of the clip in view: what it is for, make, cancel, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.jobs.viewing import ProxyPhase, ProxyState
from codefx_desktop.ui.models import words
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.clip_view import ClipView

WHAT_FOR = (
    "A copy of whole pictures only: seeking, stepping back and playing become instant. Numbers "
    "and times stay the clip's own; the pictures may be smaller."
)


class ProxyBox(QWidget):
    """One sentence, and the button that fits.

    Args:
        view: The clip in view.
    """

    def __init__(self, view: ClipView) -> None:
        super().__init__()
        self._view = view
        self.state = wrapped()
        self.state.setAccessibleName("State of the proxy")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the proxy")
        self.make_button = self._button("Make proxy", view.make_proxy)
        self.cancel_button = self._button("Cancel", view.cancel_proxy)
        self.remove_button = self._button("Remove proxy", view.drop_proxy)
        buttons = row_layout(self.make_button, self.cancel_button, self.remove_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(wrapped(WHAT_FOR, "muted"))
        column.addWidget(self.state)
        column.addWidget(self.bar)
        column.addLayout(buttons)
        view.proxied.connect(self._show)
        view.phased.connect(self._show)
        self._show()

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the picture
        button.clicked.connect(slot)
        return button

    def _show(self) -> None:
        state = self._view.proxy
        phase = state.phase if state else ProxyPhase.NONE
        making = phase is ProxyPhase.MAKING
        text = _words(state) if state else ""
        self.state.setText(text)
        self.state.setVisible(bool(text))
        self.bar.setVisible(making)
        self.bar.setValue(int((state.fraction if state else 0) * 1000))
        self.make_button.setVisible(phase in (ProxyPhase.NONE, ProxyPhase.FAILED))
        self.cancel_button.setVisible(making)
        self.remove_button.setVisible(phase is ProxyPhase.READY)


def _words(state: ProxyState) -> str:
    if state.phase is ProxyPhase.MAKING:
        return f"Making it, {words.percent(state.fraction)}"
    if state.phase is ProxyPhase.READY:
        return f"Ready, {words.size(state.size_bytes)}" if state.size_bytes else "Ready"
    return state.message
