"""Cameras and zones: a frame of a clip, what is drawn on it, and the profile it is kept in.

Over 400 lines because every part of the window is made and joined to the others here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.camera_check import MAX_NAME_CHARS
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.stop import Heading
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.settings.named_entries import same_name
from codefx_desktop.ui.banner import Banner
from codefx_desktop.ui.camera_files import CameraFiles
from codefx_desktop.ui.camera_page import CameraPage
from codefx_desktop.ui.dialogs import ask_delete_camera, ask_leave_camera
from codefx_desktop.ui.icons import refresh, wear
from codefx_desktop.ui.keyed_action import KeyedActions
from codefx_desktop.ui.models.camera_form import free_name
from codefx_desktop.ui.models.clip_view import ClipView, Phase
from codefx_desktop.ui.models.zone_edit import ZoneEdit
from codefx_desktop.ui.scrub_bar import ScrubBar
from codefx_desktop.ui.widgets import (
    ElidedLabel,
    action_button,
    resize_within_screen,
    row_layout,
    tool_button,
    wrapped,
)
from codefx_desktop.ui.zone_canvas import Tool, ZoneCanvas
from codefx_desktop.ui.zone_list import ZoneList

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QShowEvent

    from codefx_desktop.jobs.camera_values import CameraList, MetreGrid, ZonesFound
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.theme import Theme

SIZE: Final = QSize(1240, 780)
LEAST: Final = QSize(900, 560)
SIDE_PX: Final = 350
GRID_MS: Final = 60
"""So long after the last change the metres are asked for."""
_ASKED_HERE: Final = frozenset(
    {"request_list", "request_grid", "propose", "save", "delete"}
    | {f"{way}_{what}" for way in ("import", "export") for what in ("zones", "camera")}
)
"""What of the desk's work this window asks for; the desk also serves others."""
NEW: Final = "New camera"
NO_CLIP: Final = "Choose a clip of this camera: zones are drawn on one of its frames."


class ZoneEditor(QDialog):
    """The window of cameras and zones. Closing hides it.

    Args:
        hub: Serves frames, keeps cameras.
        theme: The theme.
        parent: The window it belongs to.
    """

    def __init__(self, hub: Hub, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.desk = theme, hub.camera_desk()
        self._cameras: tuple[CameraProfile, ...] = ()
        self._was = ""
        self._wanted: str | None = None
        self._deleting = False
        self.setWindowTitle("Cameras and zones")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setMinimumSize(LEAST)
        self.edit = ZoneEdit(self)
        self.view = ClipView(hub.frame_server(self), self)
        self.canvas = ZoneCanvas(self.edit, theme)
        self.scrub = ScrubBar(self.view, theme)
        self.zones = ZoneList(self.edit, theme)
        self.page = CameraPage(self.edit, theme)
        self.files = CameraFiles(self.desk, self.edit, self)
        self.banner = Banner(theme)
        self.hint = ElidedLabel()
        self.hint.setObjectName("muted")
        self.trouble = ElidedLabel()
        self.trouble.setObjectName("fault")
        self._grid_due = QTimer(self)
        self._grid_due.setSingleShot(True)
        self._grid_due.setInterval(GRID_MS)
        self._make_head()
        self._make_actions()
        self._lay_out()
        self._listen()
        self._show_state()
        resize_within_screen(self, SIZE)

    # -- building -----------------------------------------------------------------------------

    def _make_head(self) -> None:
        self.box = QComboBox()
        self.box.setAccessibleName("Cameras")
        self.box.setMinimumWidth(200)
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME_CHARS)
        self.name.setPlaceholderText("Name, such as Spa, boom")
        self.name.setAccessibleName("Name of the camera")
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("primary", True)
        self.import_button = QPushButton("Import…")
        self.export_button = QPushButton("Export…")
        self.delete_button = tool_button("trash", "Delete this camera", self._theme)
        self.clip_button = QPushButton("Choose a clip…")
        for button in (
            self.save_button,
            self.import_button,
            self.export_button,
            self.clip_button,
        ):
            button.setAutoDefault(False)
        wear(self.clip_button, "film", self._theme)

    def _make_actions(self) -> None:
        undo = self.edit.undo
        self.undo = undo.createUndoAction(self, "Undo")
        self.undo.setShortcut(QKeySequence("Ctrl+Z"))
        self.redo = undo.createRedoAction(self, "Redo")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        make = KeyedActions(self, self._theme).make
        self.fit = make("Fit the picture", "fit", "F", self.canvas.fit)
        wear(self.undo, "undo", self._theme)
        wear(self.redo, "redo", self._theme)
        for action in (self.undo, self.redo):
            self.addAction(action)
        make("Save", "", "Ctrl+S", self.save)
        make("Draw a zone", "", "D", lambda: self._tool(Tool.DRAW))
        make("Frame back", "", "Left", lambda: self.view.step(-1))
        make("Frame forward", "", "Right", lambda: self.view.step(1))

    def _lay_out(self) -> None:
        head = row_layout(
            self.box, self.name, self.save_button, self.delete_button, self.import_button,
            self.export_button,
        )  # fmt: skip
        head.setStretch(1, 1)
        head.setContentsMargins(12, 10, 12, 10)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.banner)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self._picture_side())
        self.parts.addWidget(self._field_side())
        self.parts.setStretchFactor(0, 1)
        self.parts.setSizes([SIZE.width() - SIDE_PX, SIDE_PX])
        whole.addWidget(self.parts, 1)
        foot = row_layout(self.hint, self.trouble)
        foot.setStretch(0, 3)
        foot.setStretch(1, 2)
        foot.setContentsMargins(12, 6, 12, 8)
        whole.addLayout(foot)

    def _picture_side(self) -> QWidget:
        self.pages = QStackedWidget()
        self.pages.addWidget(self._blank_page())
        self.pages.addWidget(self.canvas)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        buttons = [action_button(action) for action in (self.undo, self.redo, self.fit)]
        row = row_layout(self.scrub, *buttons, self.clip_button)
        row.setStretch(0, 1)
        row.setContentsMargins(0, 0, 8, 0)
        column.addLayout(row)
        return side

    def _blank_page(self) -> QWidget:
        self.no_clip = wrapped(NO_CLIP, "muted")
        self.no_clip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.first_clip = QPushButton("Choose a clip…")
        self.first_clip.setProperty("primary", True)
        self.first_clip.setAutoDefault(False)
        self.first_clip.setToolTip("View a clip of this camera")
        middle = row_layout(self.first_clip)
        middle.insertStretch(0, 1)
        middle.addStretch(1)
        page = self.blank = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(self.no_clip)
        column.addSpacing(8)
        column.addLayout(middle)
        column.addStretch(1)
        return page

    def _field_side(self) -> QWidget:
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Zones and camera")
        self.tabs.setDocumentMode(True)
        self.tabs.setMinimumWidth(330)
        for title, page in (("Zones", self.zones), ("Camera", self.page)):
            area = QScrollArea()
            area.setWidget(page)
            area.setWidgetResizable(True)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.tabs.addTab(area, title)
        return self.tabs

    def _listen(self) -> None:
        desk, edit = self.desk, self.edit
        self.box.activated.connect(self._on_box)
        self.name.textEdited.connect(lambda text: edit.put("rename", "name", name=text.strip()))
        self.save_button.clicked.connect(self.save)
        self.delete_button.clicked.connect(self._delete)
        self.import_button.clicked.connect(self._import)
        self.export_button.clicked.connect(self.files.export_camera)
        self.clip_button.clicked.connect(self._choose_clip)
        self.first_clip.clicked.connect(self._choose_clip)
        zones = self.zones
        zones.draw_wanted.connect(lambda: self._tool(Tool.DRAW))
        zones.car_wanted.connect(lambda: self._tool(Tool.CAR))
        self.page.marks_wanted.connect(lambda: self._tool(Tool.MARKS))
        zones.propose_wanted.connect(self.propose)
        zones.import_wanted.connect(lambda: self.files.import_zones(self._clip_size()))
        zones.export_wanted.connect(self.files.export_zones)
        self.canvas.tool_changed.connect(self._show_tool)
        self.canvas.hinted.connect(self.hint.say)
        edit.changed.connect(self._show_state)
        edit.changed.connect(self._grid_due.start)
        self._grid_due.timeout.connect(self._ask_grid)
        self.view.phased.connect(self._on_phase)
        self.view.pictured.connect(self._on_picture)
        self.view.troubled.connect(self._on_clip_trouble)
        desk.listed.connect(self._on_list)
        desk.saved.connect(self._on_saved)
        desk.zones_found.connect(self._on_zones)
        desk.camera_read.connect(self._on_read)
        desk.grid.connect(self._on_grid)
        desk.trouble.connect(self._on_trouble)
        desk.written.connect(lambda path: self.hint.say(f"Written: {path}"))
        self._theme.changed.connect(lambda: refresh(self, self._theme))

    # -- which clip, which camera -------------------------------------------------------------

    def open_clip(self, path: Path, job_id: str | None = None, number: int = 0) -> None:
        """Show a frame of a clip; one that is there already stays where it is."""
        if self.view.path != path or self.view.phase is not Phase.OPEN:
            self.view.open(path, job_id, number)

    def choose(self, name: str) -> None:
        """Edit the camera of this name, as soon as it is known; a new one for an empty name."""
        if self._may_leave():
            self._wanted = name
            self._take_wanted()

    def _take_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        same = (one for one in self._cameras if wanted and same_name(one.name, wanted))
        found = next(same, None)
        if found is not None:
            self._was = found.name
            self.edit.begin(found)
        elif wanted:
            self._wanted = wanted  # it may come with the list
        elif wanted is not None:
            self._begin_new()

    def _begin_new(self) -> None:
        self._was = ""
        fresh = CameraProfile(free_name(one.name for one in self._cameras))
        self.edit.begin(fresh)

    def _on_list(self, found: CameraList) -> None:
        self._cameras = found.cameras
        if self._deleting and not any(one.name == self._was for one in found.cameras):
            self._deleting = False
            self._begin_new()
        elif self._wanted:
            self._take_wanted()
        elif not self.edit.camera.name:
            if self._cameras:
                self._was = self._cameras[0].name
                self.edit.begin(self._cameras[0])
            else:
                self._begin_new()
        self._show_state()

    def _on_box(self, place: int) -> None:
        name = "" if place >= len(self._cameras) else self._cameras[place].name
        if name and name == self._was:
            return
        self.choose(name)
        self._show_state()

    def save(self) -> None:
        """Keep the profile, if it can be."""
        if self.edit.trouble:
            self._show_state()
            return
        self.desk.save(self.edit.camera, self._was)

    def propose(self) -> None:
        """Have zones proposed from the car as a finished job of this clip saw it stand."""
        size, camera = self._clip_size(), self.edit.camera
        if self.view.path is None or size is None:
            self.hint.say(NO_CLIP)
            return
        said = Heading(camera.front_deg, "camera", camera.mirrored)
        self.desk.propose(self.view.path, self.view.job_id, said, size)

    def _delete(self) -> None:
        if self._was and ask_delete_camera(self._was, self):
            self._deleting = True
            self.desk.delete(self._was)

    def _import(self) -> None:
        if self._may_leave():
            self.files.import_camera()

    def _choose_clip(self) -> None:
        path = self.files.ask_clip()
        if path is not None:
            self.view.open(path)

    def _may_leave(self) -> bool:
        return not self.edit.is_changed or ask_leave_camera(self.edit.camera.name, self)

    # -- answers ------------------------------------------------------------------------------

    def _on_saved(self, name: str) -> None:
        if name == self.edit.camera.name:
            self._was = name
            self.edit.kept()
            self.banner.dismiss()
            self.hint.say(f"Saved: {name}")

    def _on_zones(self, found: ZonesFound) -> None:
        self.edit.add_zones(found.zones, "take zones over")
        count = len(found.zones.zones)
        self.hint.say(f"{count} zone{'' if count == 1 else 's'} from {found.origin}.")
        self.banner.dismiss()
        if found.notes:
            self._say("warning", "\n".join(found.notes))

    def _on_read(self, camera: CameraProfile) -> None:
        self._was = ""
        self.edit.begin(camera, CameraProfile())
        if any(same_name(one.name, camera.name) for one in self._cameras):
            self._say("warning", f"Saving replaces the camera {camera.name}.")

    def _on_grid(self, grid: MetreGrid) -> None:
        self.canvas.grid = grid.lines
        self.canvas.update()
        self.page.say_grid(grid.trouble)

    def _on_trouble(self, what: str, why: str) -> None:
        if self.isVisible() and what in _ASKED_HERE:
            self._deleting = False
            self._say("error", why)

    def _say(self, level: str, text: str) -> None:
        self.banner.dismiss()
        self.banner.show_notice(Notice(level, text), has_job=False)

    # -- what is shown ------------------------------------------------------------------------

    def _tool(self, tool: Tool) -> None:
        """Take a tool, or put it away where it is in hand."""
        if self.pages.currentWidget() is not self.canvas:
            self.hint.say(NO_CLIP)
            self._show_tool()
            return
        self.canvas.set_tool(Tool.SELECT if self.canvas.tool is tool else tool)
        self.canvas.setFocus()

    def _show_tool(self) -> None:
        tool = self.canvas.tool
        self.zones.draw_button.setChecked(tool is Tool.DRAW)
        self.zones.car_button.setChecked(tool is Tool.CAR)
        self.page.marks_button.setChecked(tool is Tool.MARKS)

    def _show_state(self) -> None:
        edit = self.edit
        names = [one.name for one in self._cameras]
        texts = [*names, NEW]
        if texts != [self.box.itemText(place) for place in range(self.box.count())]:
            self.box.clear()
            self.box.addItems(texts)
        at = names.index(self._was) if self._was in names else len(names)
        self.box.setCurrentIndex(at)
        if edit.camera.name != self.name.text().strip():
            self.name.setText(edit.camera.name)
        trouble = edit.trouble
        self.trouble.say(trouble)
        self.trouble.setVisible(bool(trouble))
        is_new = self._was not in names
        self.save_button.setEnabled(not trouble and (edit.is_changed or is_new))
        self.delete_button.setVisible(not is_new)
        self.export_button.setEnabled(not trouble)
        self.setWindowTitle(f"{'*' if edit.is_changed else ''}Cameras and zones")

    def _ask_grid(self) -> None:
        size = self._clip_size()
        if self.edit.camera.marks is None or size is None:
            self.canvas.grid = ()
            self.canvas.update()
            self.page.say_grid("")
        else:
            self.desk.request_grid(self.edit.camera, size)

    def _clip_size(self) -> tuple[int, int] | None:
        clip = self.view.clip
        return None if clip is None else (clip.info.width, clip.info.height)

    def _on_phase(self) -> None:
        view = self.view
        if view.phase is Phase.FAILED and view.trouble is not None:
            self.no_clip.setText(view.trouble.message)
        elif view.phase is Phase.OPENING and view.path is not None:
            self.no_clip.setText(f"Opening {view.path.name}…")
        elif view.phase is Phase.EMPTY:
            self.no_clip.setText(NO_CLIP)
        if view.phase is not Phase.OPEN:
            self.canvas.set_tool(Tool.SELECT)
            self.first_clip.setVisible(view.phase is not Phase.OPENING)
            self.pages.setCurrentWidget(self.blank)
        else:
            self._ask_grid()

    def _on_picture(self) -> None:
        shown, clip = self.view.shown, self.view.clip
        if shown is None or clip is None:
            return
        self.canvas.show_frame(shown, clip.info, clip.index)
        if self.pages.currentWidget() is not self.canvas:
            self.pages.setCurrentWidget(self.canvas)
            self.canvas.setFocus()
            self.hint.say(self.canvas.hint())

    def _on_clip_trouble(self) -> None:
        trouble = self.view.trouble
        if trouble is not None and self.view.is_open:
            self.hint.say(trouble.message)

    # -- events -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look again which cameras there are."""
        super().showEvent(event)
        self.desk.request_list()

    def reject(self) -> None:
        """Leave the tool with Escape; without one close, unless something would be lost."""
        if self.canvas.tool is not Tool.SELECT:
            self.canvas.set_tool(Tool.SELECT)
        elif self._may_leave():
            self.forget()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, unless something would be lost."""
        if self._may_leave():
            self.forget()
            event.accept()
        else:
            event.ignore()

    def forget(self) -> None:
        """Let go of what is not saved."""
        self.banner.dismiss()
        self.edit.begin(self.edit.saved)
        if not self.edit.camera.name:
            self._was = ""
