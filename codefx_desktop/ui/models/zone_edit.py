"""A camera profile while it is edited: its zones, what can be undone, and what is wrong."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from codefx_desktop.domain.camera_check import check_camera, check_camera_name
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.domain.zone_check import check_zone_name, outline_faults
from codefx_desktop.ui.models.undo_steps import push_step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.zone import CarPlace, Point

CORNERS: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT)
PLACES: Final[dict[ZoneRole, tuple[Place, ...]]] = {
    ZoneRole.CORNER: CORNERS,
    ZoneRole.JACK: (Place.NONE, Place.FRONT, Place.REAR, Place.LEFT, Place.RIGHT),
    ZoneRole.FUEL: (Place.NONE, Place.LEFT, Place.RIGHT),
    ZoneRole.DRIVER: (Place.NONE, Place.LEFT, Place.RIGHT),
}
"""Places that zones of a role can have; zones of other roles have none."""
NO_CAR: Final = "it is anchored to the car, and nobody said where the car stood"
"""All changes have one number, so that Qt asks them whether they go together."""


class ZoneEdit(QObject):
    """What is edited, what of it is marked, and the way back.

    Every change is one step that can be undone; those of one drag, or of typing in one field,
    are one step together.
    """

    changed = Signal()
    """The profile is another one."""
    marked = Signal()
    """Another zone or point is marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo = QUndoStack(self)
        self.undo.indexChanged.connect(self._follow)
        self._states: list[CameraProfile] = [CameraProfile()]
        """Before the first step, and after each."""
        self._key = ""
        self._is_quiet = False
        self.camera = self.saved = CameraProfile()
        self.zone = -1
        self.point = -1
        self._drags = itertools.count(1)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones, in order of drawing."""
        return self.camera.zones.zones

    @property
    def marked_zone(self) -> Zone | None:
        """The zone that is marked."""
        return self.zones[self.zone] if 0 <= self.zone < len(self.zones) else None

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost."""
        return self.camera != self.saved

    def begin(self, camera: CameraProfile, saved: CameraProfile | None = None) -> None:
        """Edit a profile.

        Args:
            camera: What it is now.
            saved: As it is kept; the same where it is not given.
        """
        self._states, self._key = [camera], ""
        self.camera = camera  # emptying the stack says that it stands at its beginning
        self.undo.clear()
        self.camera, self.saved = camera, camera if saved is None else saved
        self.zone = self.point = -1
        self.changed.emit()
        self.marked.emit()

    def kept(self) -> None:
        """Take what is there as saved; what was done can still be undone."""
        self.saved = self.camera
        self.changed.emit()

    def mark(self, zone: int, point: int = -1) -> None:
        """Mark a zone and one of its points; -1 is none."""
        if (zone, point) != (self.zone, self.point):
            self.zone, self.point = zone, point
            self.marked.emit()

    def new_drag(self) -> str:
        """Return a key under which the changes of a drag become one step."""
        return f"drag {next(self._drags)}"

    # -- changes ------------------------------------------------------------------------------

    def put(self, text: str, key: str = "", **fields: object) -> None:
        """Change fields of the profile.

        Args:
            text: What is done, for the menu: ``draw a zone``.
            key: Changes with the same one that follow each other are one step.
            fields: As ``CameraProfile`` has them.
        """
        self._push(replace(self.camera, **fields), text, key)  # type: ignore[arg-type]

    def set_zone(self, number: int, text: str, key: str = "", **fields: object) -> None:
        """Change fields of a zone; a place that its role cannot have is dropped."""
        zone = replace(self.zones[number], **fields)  # type: ignore[arg-type]
        if zone.place not in PLACES.get(zone.role, (Place.NONE,)):
            zone = replace(zone, place=PLACES.get(zone.role, (Place.NONE,))[0])
        zones = (*self.zones[:number], zone, *self.zones[number + 1 :])
        self._put_zones(zones, text, f"{key} {number}" if key else "")

    def add_zone(self, points: Iterable[Point]) -> None:
        """Add a zone without a role, and mark it."""
        names = {zone.name.casefold() for zone in self.zones}
        free = next(n for n in itertools.count(1) if f"zone {n}" not in names)
        self._put_zones((*self.zones, Zone(f"Zone {free}", tuple(points))), "draw a zone")
        self.mark(len(self.zones) - 1)

    def add_zones(self, found: ZoneSet, text: str) -> None:
        """Add zones that were proposed or read; those of a name that is there take its place.

        Where the car stood is taken over, unless zones that stay are anchored to where it was.
        """
        names = {zone.name.casefold() for zone in found.zones}
        stay = tuple(zone for zone in self.zones if zone.name.casefold() not in names)
        held = any(zone.anchor is ZoneAnchor.CAR for zone in stay)
        car = self.camera.zones.car if held or found.car is None else found.car
        self._push(replace(self.camera, zones=ZoneSet((*stay, *found.zones), car)), text)
        self.mark(-1)

    def remove_zone(self, number: int) -> None:
        """Remove a zone."""
        name = self.zones[number].name
        self._put_zones((*self.zones[:number], *self.zones[number + 1 :]), f"delete {name}")
        self.mark(min(number, len(self.zones) - 1))

    def move_zone(self, number: int, dx: float, dy: float, key: str = "") -> None:
        """Move a whole zone, in parts of the picture."""
        points = tuple((x + dx, y + dy) for x, y in self.zones[number].points)
        self.set_zone(number, "move a zone", key, points=points)

    def move_point(self, number: int, point: int, to: Point, key: str = "") -> None:
        """Move a point of a zone."""
        points = list(self.zones[number].points)
        points[point] = to
        self.set_zone(number, "move a point", key, points=tuple(points))

    def insert_point(self, number: int, point: int, at: Point, key: str = "") -> None:
        """Insert a point before the one of this number, and mark it."""
        points = list(self.zones[number].points)
        points.insert(point, at)
        self.set_zone(number, "insert a point", key, points=tuple(points))
        self.mark(number, point)

    def delete_marked(self) -> str:
        """Delete the marked point, else the marked zone; return why not, or nothing."""
        zone = self.marked_zone
        if zone is None:
            return ""
        if self.point < 0:
            self.remove_zone(self.zone)
            return ""
        if len(zone.points) <= 3:
            return "A zone has at least 3 points; delete the whole zone in the list."
        at = self.point
        points = zone.points[:at] + zone.points[at + 1 :]
        self.mark(self.zone)
        self.set_zone(self.zone, "delete a point", points=points)
        return ""

    def set_car(self, car: CarPlace | None) -> None:
        """Say where the car stood when zones that are anchored to it were drawn."""
        self.put("mark the car", zones=replace(self.camera.zones, car=car))

    # -- what is wrong ------------------------------------------------------------------------

    def faults_of(self, number: int) -> tuple[str, ...]:
        """Return what is wrong with a zone, in sentences without a full stop."""
        zone = self.zones[number]
        faults = list(outline_faults(zone.points))
        try:
            check_zone_name(zone.name)
        except ValueError as error:
            faults.insert(0, str(error))
        same = [n for n, one in enumerate(self.zones) if _same(one, zone) and n != number]
        if same:
            faults.insert(0, "another zone has this name: give each a name of its own")
        if zone.anchor is ZoneAnchor.CAR and self.camera.zones.car is None:
            faults.append(f"{NO_CAR}: propose the zones from a finished job, or mark the car")
        return tuple(faults)

    @property
    def trouble(self) -> str:
        """Why the profile cannot be saved; empty if it can."""
        try:
            check_camera_name(self.camera.name)
            check_camera(self.camera)
        except ValueError as error:
            text = str(error)
            return f"{text[:1].upper()}{text[1:]}."
        return ""

    # -- inside -------------------------------------------------------------------------------

    def _put_zones(self, zones: tuple[Zone, ...], text: str, key: str = "") -> None:
        self._push(replace(self.camera, zones=replace(self.camera.zones, zones=zones)), text, key)

    def _push(self, camera: CameraProfile, text: str, key: str = "") -> None:
        if camera == self.camera:
            return
        at = self.undo.index()
        del self._states[at + 1 :]
        goes_together = key and key == self._key and at == self.undo.count() and at > 0
        self._key = key
        if goes_together:
            self._states[at] = camera
        else:
            self._states.append(camera)
            was, self._is_quiet = self._is_quiet, True
            push_step(self.undo, text)
            self._is_quiet = was
        self._show(camera)

    def _follow(self, index: int) -> None:
        """Show the state at which the stack stands."""
        if self._is_quiet or not shiboken6.isValid(self.undo):
            return
        self._key = ""
        if self._states[index] != self.camera:
            self._show(self._states[index])

    def _show(self, camera: CameraProfile) -> None:
        self.camera = camera
        if self.zone >= len(self.zones):
            self.mark(-1)
        elif self.zone >= 0 and self.point >= len(self.zones[self.zone].points):
            self.mark(self.zone)
        self.changed.emit()


def _same(one: Zone, other: Zone) -> bool:
    return one.name.strip().casefold() == other.name.strip().casefold()
