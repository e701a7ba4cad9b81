"""Links to what was pushed of a job: copied, or read from the screen by a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.model_parts import boxed, heading
from codefx_desktop.ui.models import push_words, words
from codefx_desktop.ui.models.link_rows import Column, LinkRows
from codefx_desktop.ui.qr_view import EDGE_PX, QrView
from codefx_desktop.ui.target_fields import TTLS
from codefx_desktop.ui.widgets import ElidedLabel, resize_within_screen, row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.domain.push import Push
    from codefx_desktop.jobs.links import Link, Links
    from codefx_desktop.jobs.push_desk import PushDesk
    from codefx_desktop.jobs.push_values import LinksAnswer
    from codefx_desktop.ui.theme import Theme

SIZE_PX = (940, 560)
WARNING = "Whoever has a link can read what it leads to until it expires."


class LinksDialog(QDialog):
    """A table of files with signed addresses, and the QR code of the chosen one.

    Args:
        push: What was pushed.
        ttl_s: How long the links are to work at first.
        desk: Signs.
        theme: The theme.
        parent: The window.
    """

    ttl_chosen = Signal(int)

    def __init__(
        self, push: Push, ttl_s: int, desk: PushDesk, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._push, self._desk, self._theme = push, desk, theme
        self._request = 0
        self._answer: LinksAnswer | None = None
        self.setWindowTitle("Links")
        self.setSizeGripEnabled(True)
        self.ttl = self._make_ttl(ttl_s)
        self.rows = LinkRows(self)
        self.table = self._make_table()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter files")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Filter files")
        self.search.textChanged.connect(self._narrow)
        self.qr = QrView()
        self._make_buttons()
        self._lay_out()
        desk.links_ready.connect(self._on_answer)
        resize_within_screen(self, QSize(*SIZE_PX))
        self.ask()

    @property
    def links(self) -> Links | None:
        """The links that are shown."""
        return self._answer.links if self._answer is not None else None

    def ask(self) -> None:
        """Have new links signed, that work for the chosen time."""
        self._request = self._desk.links(
            self._push.job_id, self._push.target, self.ttl.currentData()
        )
        self.expiry.setText("Signing…")
        self.trouble_box.hide()

    def current(self) -> Link | None:
        """Return the chosen link."""
        return self.rows.link(self.table.currentIndex().row())

    # -- building -----------------------------------------------------------------------------

    def _make_ttl(self, ttl_s: int) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Links work for")
        choices = TTLS if ttl_s in TTLS else {**TTLS, ttl_s: f"{ttl_s:,} seconds"}
        for seconds, text in choices.items():
            box.addItem(text, seconds)
        box.setCurrentIndex(box.findData(ttl_s))
        box.activated.connect(self._on_ttl)
        return box

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.rows)
        table.setAccessibleName("Files and their links")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setStyleSheet("QTableView::item { padding-left: 5px; padding-right: 5px; }")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setColumnWidth(Column.NAME, 260)
        table.setColumnWidth(Column.SIZE, 76)
        head.setSectionResizeMode(Column.ADDRESS, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        table.doubleClicked.connect(lambda _index: self.copy_current())
        return table

    def _make_buttons(self) -> None:
        self.copy_button = self._button("Copy link", self.copy_current)
        self.text_button = self._button("Text", self.copy_text)
        self.json_button = self._button("JSON", lambda: self._copy(self._text("json"), "JSON"))
        self.toon_button = self._button("TOON", lambda: self._copy(self._text("toon"), "TOON"))
        self.text_button.setAccessibleName("Copy all as text")
        self.json_button.setAccessibleName("Copy all as JSON")
        self.toon_button.setAccessibleName("Copy all as TOON")
        self.close_button = self._button("Close", self.accept)
        wear(self.copy_button, "copy", self._theme)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.copy_current)

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        title = heading(1.2)
        title.say(f"Links to “{self._push.job_name}” in {self._push.target}")
        self.expiry = QLabel()
        self.trouble = wrapped()
        self.trouble_box = boxed("errorBox", self.trouble)
        label = QLabel("Links &work for")
        label.setBuddy(self.ttl)
        top = row_layout(label, self.ttl, self.expiry, spacing=10)
        top.addStretch(1)
        top.addWidget(self.search)
        self.qr_name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.qr_name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addWidget(self.qr)
        side.addWidget(self.qr_name)
        side.addStretch(1)
        self.qr_name.setFixedWidth(EDGE_PX)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.table, 1)
        middle.addLayout(side)
        self.told = ElidedLabel(WARNING)
        self.told.setObjectName("muted")
        all_as = QLabel("Copy all as")
        all_as.setObjectName("muted")
        all_as.setIndent(12)
        buttons = row_layout(
            self.copy_button, all_as, self.text_button, self.json_button, self.toon_button
        )
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(title)
        column.addLayout(top)
        column.addWidget(self.trouble_box)
        column.addLayout(middle, 1)
        column.addWidget(self.told)
        column.addLayout(buttons)
        self._show_current()

    # -- what is shown ------------------------------------------------------------------------

    def _on_answer(self, answer: LinksAnswer) -> None:
        if answer.request_id != self._request:
            return
        self._answer = answer
        chosen = self.current()
        self.rows.show_links(answer.links.files if answer.links else ())
        self.trouble.setText(answer.message)
        self.trouble_box.setVisible(bool(answer.message))
        self._say_expiry()
        self._choose(chosen)

    def _say_expiry(self) -> None:
        links = self.links
        if links is None:
            self.expiry.setText("")
            return
        count = push_words.files(len(links.files))
        self.expiry.setText(f"{count}, until {words.moment(links.expires_at)}")

    def _choose(self, before: Link | None) -> None:
        """Choose the file that was chosen, else the first: the annotated video."""
        row = max(0, self.rows.find(before.name)) if before is not None else 0
        self.table.setCurrentIndex(self.rows.index(row, Column.NAME))
        self._show_current()

    def _narrow(self, text: str) -> None:
        chosen = self.current()
        self.rows.narrow(text)
        self._choose(chosen)

    def _show_current(self) -> None:
        link = self.current()
        self.qr.show_text(link.url if link else "", link.name if link else "")
        self.qr_name.say(link.name if link else "")
        self.copy_button.setEnabled(link is not None)
        for button in (self.text_button, self.json_button, self.toon_button):
            button.setEnabled(self.links is not None)

    # -- what a person does -------------------------------------------------------------------

    def _on_ttl(self) -> None:
        self.ttl_chosen.emit(self.ttl.currentData())
        self.ask()

    def copy_current(self, _index: QModelIndex | None = None) -> None:
        """Put the chosen address on the clipboard."""
        if (link := self.current()) is not None:
            self._copy(link.url, f"The link to {link.name}")

    def copy_text(self) -> None:
        """Put all addresses on the clipboard, one in a line."""
        if self.links is not None:
            self._copy(links_text(self.links), "All links")

    def _text(self, kind: str) -> str:
        answer = self._answer
        if answer is None:
            return ""
        return answer.json if kind == "json" else answer.toon

    def _copy(self, text: str, what: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.told.say(f"{what} copied. {WARNING}")


def links_text(links: Links) -> str:
    """Return all links as lines of name and address."""
    return "\n".join(f"{one.name}\t{one.url}" for one in links.files)
