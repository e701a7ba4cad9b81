"""Camera profiles and zones as plain dicts: in a job's spec, and in files of their own.

Keys that this program does not know are ignored, keys that are not there take their default; a
value that cannot be used is an error that names its key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens, LensKind
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.json_values import (
    a_list,
    a_number,
    a_switch,
    a_text,
    a_word,
    an_object,
    number_or_none,
    some_numbers,
)
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet

if TYPE_CHECKING:
    from codefx_desktop.domain.zone import Point


def camera_to_dict(camera: CameraProfile) -> dict[str, Any]:
    """Return the profile as JSON values."""
    lens, marks = camera.lens, camera.marks
    return {
        "name": camera.name,
        "front_deg": camera.front_deg,
        "mirrored": camera.mirrored,
        "lens": {
            "kind": lens.kind.value,
            "centre": list(lens.centre),
            "field_of_view_deg": lens.field_of_view_deg,
        },
        "marks": None
        if marks is None
        else {
            "corners": [list(point) for point in marks.corners],
            "length_m": marks.length_m,
            "width_m": marks.width_m,
        },
        "zones": zones_to_dict(camera.zones),
        "capture_rate_hz": camera.capture_rate_hz,
    }


def camera_from_dict(values: object) -> CameraProfile:
    """Return the profile that ``camera_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used.
    """
    given, usual = an_object("camera", values), CameraProfile()
    lens = an_object("lens", given.get("lens", {}))
    return CameraProfile(
        name=a_text("name", given.get("name", "")),
        front_deg=number_or_none("front_deg", given.get("front_deg")),
        mirrored=a_switch("mirrored", given.get("mirrored", False)),
        lens=Lens(
            a_word("lens.kind", lens.get("kind", usual.lens.kind), LensKind),
            _point("lens.centre", lens.get("centre", list(usual.lens.centre))),
            a_number("lens.field_of_view_deg", lens.get("field_of_view_deg", 120.0)),
        ),
        marks=_marks(given.get("marks")),
        zones=zones_from_dict(given.get("zones", {})),
        capture_rate_hz=number_or_none("capture_rate_hz", given.get("capture_rate_hz")),
    )


def zones_to_dict(zones: ZoneSet) -> dict[str, Any]:
    """Return the zones as JSON values."""
    return {
        "zones": [
            {
                "name": zone.name,
                "points": [list(point) for point in zone.points],
                "role": zone.role.value,
                "place": zone.place.value,
                "anchor": zone.anchor.value,
            }
            for zone in zones.zones
        ],
        "car": car_place_to_dict(zones.car),
    }


def zones_from_dict(values: object) -> ZoneSet:
    """Return the zones that ``zones_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used.
    """
    given = an_object("zones", values)
    zones = tuple(_zone(item) for item in a_list("zones", given.get("zones", [])))
    return ZoneSet(zones, car_place_from_dict(given.get("car")))


def car_place_to_dict(car: CarPlace | None) -> dict[str, Any] | None:
    """Return where a car stands as JSON values."""
    if car is None:
        return None
    hubs = {place.value: list(point) for place, point in car.hubs.items()}
    return {"box": list(car.box), "hubs": hubs}


def car_place_from_dict(values: object) -> CarPlace | None:
    """Return what ``car_place_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used.
    """
    if values is None:
        return None
    given = an_object("car", values)
    x1, y1, x2, y2 = some_numbers("car.box", given.get("box"), 4)
    hubs = an_object("car.hubs", given.get("hubs", {}))
    return CarPlace(
        (x1, y1, x2, y2),
        {a_word("car.hubs", key, Place): _point(f"car.hubs.{key}", hubs[key]) for key in hubs},
    )


def _zone(values: object) -> Zone:
    given = an_object("zone", values)
    name = a_text("zone.name", given.get("name", ""))
    points = a_list(f"points of {name}", given.get("points", []))
    return Zone(
        name,
        tuple(_point(f"points of {name}", point) for point in points),
        a_word(f"role of {name}", given.get("role", ""), ZoneRole),
        a_word(f"place of {name}", given.get("place", ""), Place),
        a_word(f"anchor of {name}", given.get("anchor", ZoneAnchor.PICTURE), ZoneAnchor),
    )


def _marks(values: object) -> BoxMarks | None:
    if values is None:
        return None
    given = an_object("marks", values)
    points = [_point("marks.corners", one) for one in a_list("marks.corners", given.get("corners"))]
    if len(points) != 4:
        raise ValueError(f"marks.corners must be four points, not {len(points)}")
    return BoxMarks(
        (points[0], points[1], points[2], points[3]),
        a_number("marks.length_m", given.get("length_m")),
        a_number("marks.width_m", given.get("width_m")),
    )


def _point(name: str, value: object) -> Point:
    x, y = some_numbers(name, value, 2)
    return x, y
