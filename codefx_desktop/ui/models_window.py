"""The models: which weights there are, what is in them, and how to get more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QInputDialog,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.models import Model, StandardOffer
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.model_values import DeedKind, DeedPhase, ModelDeed, NameTaken
from codefx_desktop.ui.banner import Banner
from codefx_desktop.ui.bucket_models_dialog import BucketModelsDialog
from codefx_desktop.ui.dialogs import ask_remove_model
from codefx_desktop.ui.drop_target import DropHighlight, dropped_paths
from codefx_desktop.ui.icons import refresh, wear
from codefx_desktop.ui.model_delegate import ModelDelegate
from codefx_desktop.ui.model_details import ModelDetails
from codefx_desktop.ui.models import model_words
from codefx_desktop.ui.models.model_list import ROW_ROLE, ModelRows, key_of
from codefx_desktop.ui.offer_details import OfferDetails
from codefx_desktop.ui.widgets import ElidedLabel, resize_within_screen, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QResizeEvent,
        QShowEvent,
    )

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.theme import Theme

SIZE = QSize(1040, 660)
LEAST = QSize(800, 440)
LIST_PX = 360
FILTER = "Weights (*.pt);;All files (*)"
"""A weights file is a ``.pt``; others are refused with the reason."""


class ModelsWindow(QDialog):
    """All models, the standard ones that can be had, and the details of the one that is chosen.

    Closing hides it; what is being fetched goes on, and is there when it is opened again.

    Args:
        hub: Makes the desk that answers.
        theme: The theme.
        parent: The window it belongs to.
    """

    def __init__(self, hub: Hub, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chosen = ""
        self.setWindowTitle("Models")
        self.setMinimumSize(LEAST)
        self.setAcceptDrops(True)
        self.setSizeGripEnabled(True)
        self._hub = hub
        self.desk = hub.model_desk(self)
        self.rows = ModelRows(self.desk, self)
        self.list = self._make_list()
        self.model = ModelDetails(theme)
        self.offer = OfferDetails(theme)
        self.banner = Banner(theme)
        self.hint = ElidedLabel("Drop weights (.pt) anywhere here to add them.")
        self.hint.setObjectName("muted")
        self.add_button = self._button("Add file…", "add")
        self.bucket_button = self._button("From a bucket…", "bucket")
        self.bucket_dialog: BucketModelsDialog | None = None
        self.folder_button = self._button("Open folder", "folder")
        self._lay_out()
        self.highlight = DropHighlight(self, theme)
        self._listen()
        self._make_keys()
        resize_within_screen(self, SIZE)

    # -- building -----------------------------------------------------------------------------

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.rows)
        view.setItemDelegate(ModelDelegate(self._theme, view))
        view.setAccessibleName("Models")
        view.setSelectionMode(QListView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.setMinimumWidth(320)
        return view

    def _button(self, text: str, glyph: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        wear(button, glyph, self._theme)
        return button

    def _lay_out(self) -> None:
        self.waiting = wrapped("Looking for models…", "muted")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        for page in (self.waiting, self.model, self.offer):
            self.pages.addWidget(page)
        side = QWidget()
        side.setObjectName("panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(side)
        self.parts.addWidget(self.pages)
        self.parts.setStretchFactor(1, 1)
        self.parts.setSizes([LIST_PX, SIZE.width() - LIST_PX])
        top = row_layout(self.hint, self.folder_button, self.bucket_button, self.add_button)
        top.setStretch(0, 1)
        top.setContentsMargins(12, 8, 12, 8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.banner)
        whole.addWidget(self.parts, 1)

    def _listen(self) -> None:
        desk = self.desk
        desk.trouble.connect(self._warn)
        desk.deed.connect(self._on_deed)
        desk.name_taken.connect(self._ask_name)
        self.rows.listed.connect(self._choose_again)
        self.rows.changed.connect(self._on_changed)
        self.list.selectionModel().currentRowChanged.connect(lambda *_: self._show())
        self.list.activated.connect(self._activate)
        self.add_button.clicked.connect(self.ask_for_files)
        self.bucket_button.clicked.connect(self.show_bucket)
        self.folder_button.clicked.connect(self._open_own_folder)
        self.model.show_wanted.connect(lambda path: self._open(path.parent))
        self.model.remove_wanted.connect(self._remove)
        self.offer.show_wanted.connect(self._show_file)
        self.offer.get_wanted.connect(desk.get)
        self.offer.stop_wanted.connect(lambda name: desk.cancel(DeedKind.GET, name))
        self.offer.discard_wanted.connect(desk.discard)
        self.offer.bring_wanted.connect(self._bring)
        self._theme.changed.connect(self._on_theme)

    def _make_keys(self) -> None:
        for key, act in (
            (QKeySequence.StandardKey.Open, self.ask_for_files),
            (QKeySequence.StandardKey.Refresh, self.desk.request_list),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            QShortcut(QKeySequence(key), self, act)
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self._remove_current)

    # -- which one is shown -------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Show the row of this key, if there is one."""
        row = self.rows.find(key)
        if row < 0:
            return
        self._chosen = key
        flag = QItemSelectionModel.SelectionFlag
        self.list.selectionModel().setCurrentIndex(self.rows.index(row), flag.ClearAndSelect)
        self._show()

    def current(self) -> Model | StandardOffer | None:
        """Return what is chosen."""
        row = self.list.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, Model | StandardOffer) else None

    def _choose_again(self) -> None:
        """Find what was chosen in a new list, else begin with the first."""
        if self.rows.find(self._chosen) < 0:
            first = self.rows.row(self.rows.first())
            self._chosen = key_of(first) if first is not None else ""
        self.choose(self._chosen)

    def _on_changed(self, key: str) -> None:
        if key == self._chosen:
            self._show()

    def _show(self) -> None:
        row = self.current()
        if row is None:
            return
        self._chosen = key_of(row)
        if isinstance(row, Model):
            self.model.show_model(row)
            self.pages.setCurrentWidget(self.model)
        else:
            self.offer.show_offer(row, self.rows.deed(row))
            self.pages.setCurrentWidget(self.offer)

    def _show_file(self, path: Path) -> None:
        self.choose(f"model:{path}")

    # -- what a person does -------------------------------------------------------------------

    def ask_for_files(self) -> None:
        """Let the person choose weights files to add."""
        names, _ = QFileDialog.getOpenFileNames(self, "Add weights", "", FILTER)
        self.add(tuple(Path(name) for name in names))

    def show_bucket(self) -> None:
        """Show the weights that targets have."""
        if self.bucket_dialog is None:
            targets = self._hub.target_desk(self)
            self.bucket_dialog = BucketModelsDialog(self.desk, targets, self._theme, self)
        self.bucket_dialog.show()
        self.bucket_dialog.raise_()
        self.bucket_dialog.activateWindow()

    def add(self, paths: tuple[Path, ...]) -> None:
        """Add files to the person's own models."""
        self.banner.dismiss()
        for path in paths:
            self.desk.add(path)

    def _activate(self, _index: QModelIndex) -> None:
        """Enter or a double click does what the row is most likely chosen for."""
        row = self.current()
        if isinstance(row, Model):
            self._open(row.path.parent)
        elif isinstance(row, StandardOffer):
            deed = self.rows.deed(row)
            if row.kept is not None:
                self._show_file(row.kept)
            elif deed is None or deed.phase.is_final:
                self.desk.get(row.model.name)

    def _bring(self, name: str) -> None:
        """Take a standard model from a file that the person chooses."""
        chosen, _ = QFileDialog.getOpenFileName(self, f"Where is {name}?", name, FILTER)
        if chosen:
            self.desk.get_from(name, Path(chosen))

    def _remove_current(self) -> None:
        row = self.current()
        if isinstance(row, Model) and row.can_be_removed:
            self._remove(row)

    def _remove(self, model: Model) -> None:
        if ask_remove_model(model, self):
            self.banner.dismiss()
            self.desk.remove(model.path)

    def _open_own_folder(self) -> None:
        if self.rows.folder is not None:
            self._open(self.rows.folder)

    def _open(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._warn(f"No program opens {folder}.")

    # -- answers ------------------------------------------------------------------------------

    def _on_deed(self, deed: ModelDeed) -> None:
        if deed.phase is DeedPhase.FAILED:
            shown = self.current()
            in_sight = isinstance(shown, StandardOffer) and shown.model.name == deed.name
            dialog = self.bucket_dialog
            is_told = deed.kind is DeedKind.BUCKET and dialog is not None and dialog.isVisible()
            if not in_sight and not is_told:
                self._warn(deed.message)
        elif deed.phase is DeedPhase.DONE and deed.kept and deed.kind is not DeedKind.GET:
            self._chosen = f"model:{deed.kept.path}"  # the list that follows shows it
            self.choose(self._chosen)
            if deed.kept.was_there:
                name = model_words.added_name(deed)
                self._say(f"{name} is there already, as {deed.kept.path.name}.")

    def _ask_name(self, taken: NameTaken) -> None:
        name, is_given = QInputDialog.getText(
            self,
            "Another model has this name",
            f"There is another model called {taken.name}. Add {taken.source.name} as:",
            text=taken.suggestion,
        )
        if is_given and name.strip():
            self.desk.add(taken.source, name.strip())

    def _warn(self, text: str) -> None:
        self.banner.show_notice(Notice("error", text), has_job=False)

    def _say(self, text: str) -> None:
        self.banner.dismiss()
        self.banner.show_notice(Notice("warning", text), has_job=False)

    # -- events -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: files may have come or gone, jobs may have been added."""
        super().showEvent(event)
        self.desk.request_list()
        self.list.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take weights, and say so."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            what = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
            self.highlight.show_text(f"Drop to add {what}")

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take them anywhere."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the highlight away."""
        super().dragLeaveEvent(event)
        self.highlight.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self.highlight.hide()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.add(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the highlight over the whole window."""
        super().resizeEvent(event)
        if self.highlight.isVisible():
            self.highlight.setGeometry(self.rect())

    def _on_theme(self) -> None:
        refresh(self, self._theme)
        self.list.viewport().update()
