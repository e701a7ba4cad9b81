"""The zones of a camera in a list, what each of them is, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_overlays import zone_color
from codefx_desktop.domain.zone import MAX_NAME_CHARS, ZoneAnchor, ZoneRole
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.zone_edit import PLACES
from codefx_desktop.ui.sheet_fields import choice, field_label
from codefx_desktop.ui.widgets import form_layout, row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from codefx_desktop.domain.zone import Zone
    from codefx_desktop.ui.models.zone_edit import ZoneEdit
    from codefx_desktop.ui.theme import Theme

ROLES: Final = {
    ZoneRole.NONE: "No role: time in it only",
    ZoneRole.CORNER: "Corner: wheel change",
    ZoneRole.JACK: "Jack",
    ZoneRole.FUEL: "Fuel",
    ZoneRole.DRIVER: "Driver",
    ZoneRole.BOX: "Pit box",
    ZoneRole.CREW_LINE: "Crew line",
    ZoneRole.FAST_LANE: "Fast lane",
}
PLACE_WORDS: Final = {
    Place.NONE: "No place",
    Place.FRONT_LEFT: "Front left",
    Place.FRONT_RIGHT: "Front right",
    Place.REAR_LEFT: "Rear left",
    Place.REAR_RIGHT: "Rear right",
    Place.FRONT: "Front",
    Place.REAR: "Rear",
    Place.LEFT: "Left",
    Place.RIGHT: "Right",
}
ANCHORS: Final = {
    ZoneAnchor.PICTURE: "The picture",
    ZoneAnchor.CAR: "The stopped car: goes with it",
}
NOTHING: Final = (
    "No zones yet. Draw one, have them proposed from the car as a finished job saw it stand, or "
    "import a file."
)


class ZoneList(QWidget):
    """The list, and the fields of the marked zone.

    Args:
        edit: What is edited.
        theme: The theme.
    """

    draw_wanted = Signal()
    propose_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()
    car_wanted = Signal()

    def __init__(self, edit: ZoneEdit, theme: Theme) -> None:
        super().__init__()
        self._edit, self._theme = edit, theme
        self._rows: list[tuple[str, str, bool, tuple[int, int, int]]] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Zones")
        self.list.setIconSize(QSize(14, 14))
        self.list.setMinimumHeight(110)
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME_CHARS)
        self.name.setAccessibleName("Name of the zone")
        self.role = choice(
            "Role of the zone", ROLES, lambda role: self._set("change a role", role=role)
        )
        self.place = QComboBox()
        self.place.setAccessibleName("Place of the zone")
        self.anchor = choice(
            "Anchor of the zone", ANCHORS, lambda at: self._set("change an anchor", anchor=at)
        )
        self.fault = wrapped("", "fault")
        self.empty = wrapped(NOTHING, "muted")
        self._make_buttons()
        self._lay_out()
        self._listen()
        self.show_zones()

    def _make_buttons(self) -> None:
        self.draw_button = self._button("Draw a zone", "outline")
        self.draw_button.setCheckable(True)
        self.propose_button = self._button("Propose", "target")
        self.propose_button.setToolTip("Propose zones from the car as a finished job saw it stand")
        self.car_button = self._button("Mark the car", "fit")
        self.car_button.setCheckable(True)
        self.car_button.setToolTip("Say where the car stood when its zones were drawn")
        self.import_button = self._button("Import…", "folder")
        self.export_button = self._button("Export…", "export")
        self.delete_button = tool_button("trash", "Delete this zone", self._theme)

    def _button(self, text: str, glyph: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        wear(button, glyph, self._theme)
        return button

    def _lay_out(self) -> None:
        self.fields = QWidget()
        rows = form_layout()
        row = row_layout(self.name, self.delete_button)
        row.setStretch(0, 1)
        rows.addRow(field_label("&Name", self.name), row)
        rows.addRow(field_label("&Role", self.role), self.role)
        rows.addRow(field_label("&Place", self.place), self.place)
        rows.addRow(field_label("&Stays on", self.anchor), self.anchor)
        self._form = rows
        self.fields.setLayout(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(row_layout(self.draw_button, self.propose_button))
        column.addWidget(self.list, 1)
        column.addWidget(self.empty)
        column.addWidget(self.fault)
        column.addWidget(self.fields)
        column.addWidget(self.car_button)
        column.addLayout(row_layout(self.import_button, self.export_button))

    def _listen(self) -> None:
        edit = self._edit
        edit.changed.connect(self.show_zones)
        edit.marked.connect(self.show_zones)
        self.list.currentRowChanged.connect(self._on_row)
        self.name.textEdited.connect(lambda text: self._set("rename a zone", "name", name=text))
        self.place.activated.connect(self._on_place)
        self.delete_button.clicked.connect(self._delete)
        self.draw_button.clicked.connect(self.draw_wanted)
        self.car_button.clicked.connect(self.car_wanted)
        self.propose_button.clicked.connect(self.propose_wanted)
        self.import_button.clicked.connect(self.import_wanted)
        self.export_button.clicked.connect(self.export_wanted)

    # -- what is shown ------------------------------------------------------------------------

    def show_zones(self) -> None:
        """Show the zones as they are now."""
        edit = self._edit
        rows = [
            (zone.name, _about(zone), bool(edit.faults_of(number)), zone_color(zone))
            for number, zone in enumerate(edit.zones)
        ]
        self.list.blockSignals(True)
        if rows != self._rows:
            self._fill(rows)
        self.list.setCurrentRow(edit.zone)
        self.list.blockSignals(False)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.export_button.setEnabled(bool(rows))
        self._show_fields()

    def _fill(self, rows: list[tuple[str, str, bool, tuple[int, int, int]]]) -> None:
        self._rows = rows
        while self.list.count() > len(rows):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(rows):
            self.list.addItem(QListWidgetItem())
        for number, (name, about, is_faulty, color) in enumerate(rows):
            item = self.list.item(number)
            sign = "⚠ " if is_faulty else ""
            item.setText(f"{sign}{name or '(no name)'}\n{about}")
            item.setIcon(_swatch(QColor(*color)))

    def _show_fields(self) -> None:
        zone = self._edit.marked_zone
        self.fields.setVisible(zone is not None)
        faults = () if zone is None else self._edit.faults_of(self._edit.zone)
        self.fault.setVisible(bool(faults))
        self.fault.setText("\n".join(f"{one[:1].upper()}{one[1:]}." for one in faults))
        if zone is None:
            return
        if zone.name != self.name.text():
            self.name.setText(zone.name)
        self.role.setCurrentIndex(list(ROLES).index(zone.role))
        self.anchor.setCurrentIndex(list(ANCHORS).index(zone.anchor))
        places = PLACES.get(zone.role, ())
        self._form.setRowVisible(2, bool(places))
        words = [PLACE_WORDS[place] for place in places]
        if words != [self.place.itemText(at) for at in range(self.place.count())]:
            self.place.clear()
            self.place.addItems(words)
        if zone.place in places:
            self.place.setCurrentIndex(places.index(zone.place))

    # -- what is done -------------------------------------------------------------------------

    def _set(self, text: str, key: str = "", **fields: object) -> None:
        if self._edit.marked_zone is not None:
            self._edit.set_zone(self._edit.zone, text, key, **fields)

    def _on_row(self, row: int) -> None:
        self._edit.mark(row)

    def _on_place(self, at: int) -> None:
        zone = self._edit.marked_zone
        if zone is not None:
            self._set("change a place", place=PLACES[zone.role][at])

    def _delete(self) -> None:
        if self._edit.marked_zone is not None:
            self._edit.remove_zone(self._edit.zone)


def _about(zone: Zone) -> str:
    role = ROLES[zone.role].partition(":")[0]
    place = PLACE_WORDS[zone.place].lower() if zone.place else ""
    anchor = "on the car" if zone.anchor is ZoneAnchor.CAR else "on the picture"
    return " · ".join(part for part in (role, place, anchor) if part)


def _swatch(color: QColor) -> QIcon:
    pixmap = QPixmap(28, 28)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 160))
    painter.setBrush(color)
    painter.drawRoundedRect(1, 1, 12, 12, 3, 3)
    painter.end()
    return QIcon(pixmap)
