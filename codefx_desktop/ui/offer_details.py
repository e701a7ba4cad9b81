"""A standard model: what it is, where it comes from, and how far fetching it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.jobs.model_values import DeedPhase, ModelDeed
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.model_parts import CopyRows, boxed, heading, scrolled
from codefx_desktop.ui.models import model_words, words
from codefx_desktop.ui.widgets import row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.domain.models import StandardOffer
    from codefx_desktop.ui.theme import Theme

PROMISE = (
    "Nothing is fetched until you ask for it. Size and SHA-256 are checked before the file gets "
    "its name; a download that breaks off goes on from there. Without a network, get the file on "
    "another computer and bring it on a USB drive."
)
STEPS = 1000


class OfferDetails(QWidget):
    """One standard model. Its signals carry the model's name.

    Args:
        theme: The theme.
    """

    get_wanted = Signal(str)
    stop_wanted = Signal(str)
    discard_wanted = Signal(str)
    bring_wanted = Signal(str)
    """Take it from a file."""
    show_wanted = Signal(object)
    """Show the file that is here: its path."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._offer: StandardOffer | None = None
        self.name = heading()
        self.summary = wrapped("", "muted")
        self.title = wrapped()
        self.kept = wrapped()
        self.failure = wrapped()
        self.status = wrapped()
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.source = CopyRows(
            ("Address", "Size", "SHA-256", "Licence"), theme, ("Size", "Licence")
        )
        self.get_button = _button("Get", "save", theme, primary=True)
        self.stop_button = _button("Stop", "stop", theme)
        self.bring_button = _button("From a drive…", "open", theme)
        self.discard_button = _button("Discard", "trash", theme)
        self.show_button = _button("Show it", "film", theme)
        self._lay_out()
        for button, signal in (
            (self.get_button, self.get_wanted),
            (self.stop_button, self.stop_wanted),
            (self.bring_button, self.bring_wanted),
            (self.discard_button, self.discard_wanted),
        ):
            button.clicked.connect(lambda _on=False, signal=signal: signal.emit(self._name()))
        self.show_button.clicked.connect(self._show_kept)

    def show_offer(self, offer: StandardOffer, deed: ModelDeed | None) -> None:
        """Show this model and how far fetching it is."""
        self._offer = offer
        model = offer.model
        self.name.say(model.name)
        task = "Detection" if model.task.value == "detect" else "Segmentation"
        self.summary.setText(
            model_words.DOT.join((f"{task} model", words.size(model.size_bytes), model.licence))
        )
        self.title.setText(f"{model.title}.")
        self.kept.setText(f"It is on this machine: {offer.kept}" if offer.kept else "")
        self.source.say("Address", model.url)
        self.source.say("Size", f"{words.count(model.size_bytes)} bytes")
        self.source.say("SHA-256", model.sha256)
        self.source.say("Licence", model.licence)
        self._show_progress(offer, deed)
        self._show_buttons(offer, deed)

    def _show_progress(self, offer: StandardOffer, deed: ModelDeed | None) -> None:
        total = offer.model.size_bytes
        runs = deed is not None and not deed.phase.is_final
        failed = deed is not None and deed.phase is DeedPhase.FAILED and offer.kept is None
        self.failure.setText(deed.message if deed is not None and failed else "")
        self._failure_box.setVisible(failed)
        there = offer.part_bytes
        text = ""
        if deed is not None and runs:
            there = deed.transfer.done_bytes if deed.transfer else there
            text = model_words.progress(deed)
        elif offer.kept is None and there:
            text = f"{model_words.of_bytes(there, total)} fetched; the rest follows from there."
        self.status.setText(text)
        self.bar.setValue(round(STEPS * there / total))
        self.bar.setAccessibleName(f"{self._name()}: {text or 'not begun'}")
        self._progress.setVisible(bool(text))
        self._kept_box.setVisible(offer.kept is not None)
        self.promise.setVisible(offer.kept is None)

    def _show_buttons(self, offer: StandardOffer, deed: ModelDeed | None) -> None:
        runs = deed is not None and not deed.phase.is_final
        here = offer.kept is not None
        size = words.size(offer.model.size_bytes - offer.part_bytes)
        self.get_button.setText(f"Resume ({size} left)" if offer.part_bytes else f"Get ({size})")
        self.get_button.setVisible(not runs and not here)
        self.bring_button.setVisible(not runs and not here)
        self.discard_button.setVisible(not runs and not here and offer.part_bytes > 0)
        self.stop_button.setVisible(runs)
        self.stop_button.setEnabled(deed is not None and deed.phase is not DeedPhase.STOPPING)
        self.show_button.setVisible(here)

    def _lay_out(self) -> None:
        self.promise = wrapped(PROMISE, "muted")
        self._kept_box = boxed("goodBox", self.kept)
        self._failure_box = boxed("errorBox", self.failure)
        self._progress = QWidget()
        progress = QVBoxLayout(self._progress)
        progress.setContentsMargins(0, 6, 0, 6)
        progress.setSpacing(6)
        progress.addWidget(self.bar)
        progress.addWidget(self.status)
        column = QVBoxLayout()
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        for widget in (self.name, self.summary, self.title, self._kept_box, self._failure_box):
            column.addWidget(widget)
        column.addWidget(self._progress)
        column.addWidget(self.promise)
        column.addSpacing(8)
        column.addWidget(section("Source"))
        column.addWidget(self.source)
        column.addStretch(1)
        buttons = row_layout(self.get_button, self.stop_button, self.show_button, self.bring_button)
        buttons.addStretch(1)
        buttons.addWidget(self.discard_button)
        buttons.setContentsMargins(24, 8, 24, 16)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled(column), 1)
        whole.addLayout(buttons)

    def _name(self) -> str:
        return self._offer.model.name if self._offer else ""

    def _show_kept(self) -> None:
        if self._offer is not None and self._offer.kept is not None:
            self.show_wanted.emit(self._offer.kept)


def _button(text: str, glyph: str, theme: Theme, *, primary: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if primary:
        button.setProperty("primary", True)
    wear(button, glyph, theme)
    return button
