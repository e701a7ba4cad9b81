"""Asks for files of cameras, zones and clips, and for the size that zones were drawn on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QVBoxLayout, QWidget

from codefx_desktop.ui.file_filters import FOOTAGE
from codefx_desktop.ui.sheet_fields import field_label, number
from codefx_desktop.ui.widgets import form_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.camera_desk import CameraDesk
    from codefx_desktop.jobs.camera_values import Size, SizeWanted
    from codefx_desktop.ui.models.zone_edit import ZoneEdit

JSON: Final = "JSON (*.json);;All files (*)"


class CameraFiles(QObject):
    """The file dialogs of the zone editor.

    Args:
        desk: Reads and writes.
        edit: What is edited.
        window: Over which dialogs stand.
    """

    def __init__(self, desk: CameraDesk, edit: ZoneEdit, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._edit, self._window = desk, edit, window
        self._importing: Path | None = None
        desk.size_wanted.connect(self._on_size_wanted)

    def ask_clip(self) -> Path | None:
        """Let a person choose a clip."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Clip of this camera", "", FOOTAGE)
        return Path(name) if name else None

    def import_zones(self, clip_size: Size | None) -> None:
        """Let a person choose a file of zones, and read it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Import zones", "", JSON)
        if name:
            self._importing = Path(name)
            self._desk.import_zones(self._importing, None, clip_size)

    def export_zones(self) -> None:
        """Let a person say where to, and write the zones there."""
        name = self._save_name("Export zones", f"{self._stem()}-zones.json")
        if name is not None:
            self._desk.export_zones(name, self._edit.camera.zones)

    def import_camera(self) -> None:
        """Let a person choose a file of a camera, and read it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Import camera", "", JSON)
        if name:
            self._desk.import_camera(Path(name))

    def export_camera(self) -> None:
        """Let a person say where to, and write the camera there."""
        name = self._save_name("Export camera", f"{self._stem()}-camera.json")
        if name is not None:
            self._desk.export_camera(name, self._edit.camera)

    def _stem(self) -> str:
        words = "".join(c if c.isalnum() else " " for c in self._edit.camera.name).split()
        return "-".join(words).casefold() or "camera"

    def _save_name(self, title: str, proposed: str) -> Path | None:
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposed, JSON)
        if not name:
            return None
        path = Path(name)
        return path if path.suffix else path.with_suffix(".json")

    def _on_size_wanted(self, wanted: SizeWanted) -> None:
        if wanted.path != self._importing:
            return
        dialog = DrawnSizeDialog(wanted, self._window)
        if dialog.exec():
            self._desk.import_zones(wanted.path, dialog.size_px(), wanted.clip_size)
        dialog.deleteLater()


class DrawnSizeDialog(QDialog):
    """Asks on which picture zones in pixels were drawn.

    Args:
        wanted: About which file.
        parent: Over which it stands.
    """

    def __init__(self, wanted: SizeWanted, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Size of the picture")
        self.setMinimumWidth(420)
        text = (
            f"The zones of {wanted.path.name} are in pixels, and the file does not say of which "
            "picture. How large was the picture they were drawn on?"
        )
        width, height = wanted.clip_size or (1280, 720)
        self.width_px = number("Width", 1, 99_999, suffix=" px")
        self.height_px = number("Height", 1, 99_999, suffix=" px")
        self.width_px.setValue(width)
        self.height_px.setValue(height)
        rows = form_layout()
        rows.addRow(field_label("&Width", self.width_px), self.width_px)
        rows.addRow(field_label("&Height", self.height_px), self.height_px)
        buttons = QDialogButtonBox()
        self.import_button = buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self.import_button.setProperty("primary", True)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(wrapped(text))
        column.addLayout(rows)
        column.addWidget(buttons)

    def size_px(self) -> Size:
        """Return width and height."""
        return round(self.width_px.value()), round(self.height_px.value())
