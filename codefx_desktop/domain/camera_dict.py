"""Camera profiles and zones as plain dicts: in a job's spec, and in files of their own.

Keys that this program does not know are ignored, keys that are not there take their default; a
value that cannot be used is an error that names its key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens, LensKind
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.zone import Point

Kind = TypeVar("Kind", bound=StrEnum)


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
    given, usual = _object("camera", values), CameraProfile()
    lens = _object("lens", given.get("lens", {}))
    return CameraProfile(
        name=_text("name", given.get("name", "")),
        front_deg=_maybe_number("front_deg", given.get("front_deg")),
        mirrored=_switch("mirrored", given.get("mirrored", False)),
        lens=Lens(
            _choice("lens.kind", lens.get("kind", usual.lens.kind), LensKind),
            _point("lens.centre", lens.get("centre", usual.lens.centre)),
            _number("lens.field_of_view_deg", lens.get("field_of_view_deg", 120.0)),
        ),
        marks=_marks(given.get("marks")),
        zones=zones_from_dict(given.get("zones", {})),
        capture_rate_hz=_maybe_number("capture_rate_hz", given.get("capture_rate_hz")),
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
    given = _object("zones", values)
    zones = tuple(_zone(item) for item in _list("zones", given.get("zones", [])))
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
    given = _object("car", values)
    x1, y1, x2, y2 = _numbers("car.box", given.get("box"), 4)
    hubs = _object("car.hubs", given.get("hubs", {}))
    return CarPlace(
        (x1, y1, x2, y2),
        {_choice("car.hubs", key, Place): _point(f"car.hubs.{key}", hubs[key]) for key in hubs},
    )


def _zone(values: object) -> Zone:
    given = _object("zone", values)
    name = _text("zone.name", given.get("name", ""))
    points = _list(f"points of {name}", given.get("points", []))
    return Zone(
        name,
        tuple(_point(f"points of {name}", point) for point in points),
        _choice(f"role of {name}", given.get("role", ""), ZoneRole),
        _choice(f"place of {name}", given.get("place", ""), Place),
        _choice(f"anchor of {name}", given.get("anchor", ZoneAnchor.PICTURE), ZoneAnchor),
    )


def _marks(values: object) -> BoxMarks | None:
    if values is None:
        return None
    given = _object("marks", values)
    points = [_point("marks.corners", one) for one in _list("marks.corners", given.get("corners"))]
    if len(points) != 4:
        raise ValueError(f"marks.corners must be four points, not {len(points)}")
    return BoxMarks(
        (points[0], points[1], points[2], points[3]),
        _number("marks.length_m", given.get("length_m")),
        _number("marks.width_m", given.get("width_m")),
    )


def _object(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be an object, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _list(name: str, value: object) -> Iterable[Any]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{name} must be a list, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number, not {value!r}")
    return float(value)


def _maybe_number(name: str, value: object) -> float | None:
    return None if value is None else _number(name, value)


def _numbers(name: str, value: object, count: int) -> tuple[float, ...]:
    numbers = tuple(_number(name, one) for one in _list(name, value))
    if len(numbers) != count:
        raise ValueError(f"{name} must be {count} numbers, not {len(numbers)}")
    return numbers


def _point(name: str, value: object) -> Point:
    x, y = _numbers(name, value, 2)
    return x, y


def _choice(name: str, value: object, kinds: type[Kind]) -> Kind:
    if isinstance(value, str) and value in list(kinds):
        return kinds(value)
    known = ", ".join(repr(kind.value) for kind in kinds)
    raise ValueError(f"{name} must be one of {known}, not {value!r}")
