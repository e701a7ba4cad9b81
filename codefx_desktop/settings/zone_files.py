"""Files of zones: ours, and those of older systems, which are in pixels.

Ours::

    {"format": "codefx-zones", "version": 1,
     "zones": [{"name": "Front left", "points": [[0.2, 0.3], ...], "role": "corner",
                "place": "FL", "anchor": "car"}], "car": {"box": [...], "hubs": {...}}}

Older ones, with the size of the picture they were drawn on, or without it::

    {"size": [1020, 500], "zones": [{"name": "front_left_tyre", "points": [[210, 130], ...]}]}
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.camera_dict import zones_from_dict, zones_to_dict
from codefx_desktop.domain.errors import SettingsError, ZonesWithoutSize
from codefx_desktop.domain.zone import Zone, ZoneSet
from codefx_desktop.domain.zone_check import check_zones
from codefx_desktop.settings.whole_file import write_whole
from codefx_desktop.settings.zone_names import role_of

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.zone import Point

Size = tuple[int, int]

FORMAT: Final = "codefx-zones"
VERSION: Final = 1
MAX_BYTES: Final = 4_000_000
"""A hundred zones of two hundred points are a tenth of this."""

_SLACK: Final = 1.02
"""Points drawn by hand on a picture's edge may lie a little beyond it."""


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """What a file of zones held.

    Attributes:
        zones: Checked.
        drawn_on: Width and height of the picture they were drawn on, pixels; None for our own
            format, which counts in parts of a picture.
        notes: What a person should know, in sentences.
    """

    zones: ZoneSet
    drawn_on: Size | None = None
    notes: tuple[str, ...] = ()


def read_zones(path: Path, size: Size | None = None) -> ZoneSet:
    """Return the zones of a file; see ``read_zone_file``."""
    return read_zone_file(path, size).zones


def read_zone_file(
    path: Path, size: Size | None = None, *, clip_size: Size | None = None
) -> ZoneFile:
    """Return what a file of zones holds.

    Args:
        path: The file.
        size: Width and height of the picture that zones in pixels were drawn on, where the file
            does not say it.
        clip_size: Of the clip they are for: adds a note where its shape is another one.

    Raises:
        ZonesWithoutSize: If zones are in pixels, and neither the file nor ``size`` says of what.
        SettingsError: If the file cannot be read or its zones cannot be used.
    """
    content = read_json(path, "zones")
    try:
        found = _ours(content) if content.get("format") == FORMAT else _older(content, path, size)
        check_zones(found.zones)
    except ValueError as error:
        raise SettingsError(
            f"The zones of {path} cannot be used: {error}.",
            hint="Correct the file, or draw the zones again.",
            path=path,
        ) from error
    note = other_shape(found.drawn_on, clip_size)
    return ZoneFile(found.zones, found.drawn_on, (*found.notes, *([note] if note else [])))


def write_zones(path: Path, zones: ZoneSet) -> None:
    """Write zones in our format, replacing the file.

    Raises:
        ValueError: If they cannot be used together.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    check_zones(zones)
    content = {"format": FORMAT, "version": VERSION, **zones_to_dict(zones)}
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode("ascii"), "zones")


def other_shape(drawn_on: Size | None, clip: Size | None) -> str:
    """Return what to tell where zones were drawn on a picture of another shape; empty if not.

    A picture of another size but the same shape needs no word: zones grow with it.
    """
    if drawn_on is None or clip is None:
        return ""
    ratio = (drawn_on[0] / drawn_on[1]) / (clip[0] / clip[1])
    if abs(math.log(ratio)) < 0.01:
        return ""
    return (
        f"The zones were drawn on {drawn_on[0]}x{drawn_on[1]}, and the clip is "
        f"{clip[0]}x{clip[1]}, another shape of picture: look whether they lie where they belong."
    )


def read_json(path: Path, what: str) -> Mapping[str, Any]:
    """Return the JSON object of a small file that a person chose.

    Args:
        path: The file.
        what: What it should hold, for a person, such as ``zones``.

    Raises:
        SettingsError: If it cannot be read or holds no JSON object.
    """
    try:
        content = _json(path)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror or error}.",
            hint="Look whether the file is there and can be read.",
            path=path,
        ) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"{path} is no file of {what}: {error}.", hint="Choose another file.", path=path
        ) from error
    return content


def _json(path: Path) -> Mapping[str, Any]:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES // 1_000_000} MB")
    content = json.loads(path.read_bytes().decode("utf-8-sig"))
    if not isinstance(content, Mapping):
        raise ValueError("it holds no JSON object")  # noqa: TRY004 - of a file
    return content


def check_version(content: Mapping[str, Any], known: int) -> None:
    """Check that a file of ours is not newer than this program.

    Raises:
        ValueError: If it is, or says nothing about it.
    """
    version = content.get("version")
    if type(version) is not int or version < 1:
        raise ValueError("it carries no version")
    if version > known:
        raise ValueError("it was written by a newer program")


def _ours(content: Mapping[str, Any]) -> ZoneFile:
    check_version(content, VERSION)
    return ZoneFile(zones_from_dict(content))


def _older(content: Mapping[str, Any], path: Path, size: Size | None) -> ZoneFile:
    rows = content.get("zones")
    if not isinstance(rows, list):
        raise ValueError("it holds no list of zones")  # noqa: TRY004 - of a file
    drawn_on = _size(content) or size
    if drawn_on is None:
        raise ZonesWithoutSize(
            f"The zones of {path} are in pixels, and the file does not say of which picture.",
            hint="Tell the width and height of the picture they were drawn on.",
            path=path,
        )
    if min(drawn_on) < 1:
        raise ValueError(f"{drawn_on[0]}x{drawn_on[1]} is no size of a picture")
    zones: list[Zone] = []
    notes: list[str] = []
    for row in rows:
        name, points = _named(row, zones, notes), _points(row, drawn_on)
        role, place = role_of(name)
        if not role:
            notes.append(f"Zone {name!r} has no known role: it only tells how long things are in.")
        zones.append(Zone(name, points, role, place))
    return ZoneFile(ZoneSet(tuple(zones)), drawn_on, tuple(notes))


def _size(content: Mapping[str, Any]) -> Size | None:
    """Return the size that an older file tells, in one of the ways in which such files do."""
    for wide, high in (("width", "height"), ("frame_width", "frame_height")):
        if wide in content and high in content:
            return _whole(content[wide]), _whole(content[high])
    for key in ("size", "frame_size", "resolution", "image_size"):
        value = content.get(key)
        if isinstance(value, str):
            value = value.casefold().replace("*", "x").split("x")
        if isinstance(value, Mapping):
            return _size(value)
        if value is not None:
            if not isinstance(value, list) or len(value) != 2:
                raise ValueError(f"{key} must be a width and a height, not {value!r}")
            return _whole(value[0]), _whole(value[1])
    return None


def _whole(value: object) -> int:
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
        raise ValueError(f"a picture's size is in whole pixels, not {value!r}")
    return int(value)


def _named(row: object, before: list[Zone], notes: list[str]) -> str:
    """Return a zone's name; a second zone of the same one is numbered."""
    said = row.get("name") if isinstance(row, Mapping) else None
    if not isinstance(said, str) or not said.strip():
        raise ValueError(f"zone {len(before) + 1} has no name")
    said = name = said.strip()
    taken = {zone.name.casefold() for zone in before}
    for number in range(2, len(before) + 3):
        if name.casefold() not in taken:
            break
        name = f"{said} {number}"
    if name != said:
        notes.append(f"Two zones are called {said!r}: one is {name!r} now.")
    return name


def _points(row: Mapping[str, Any], size: Size) -> tuple[Point, ...]:
    raw = row.get("points")
    if not isinstance(raw, list):
        raise ValueError(f"zone {row['name']!r} has no list of points")  # noqa: TRY004 - of a file
    points = []
    for pair in raw:
        if not (isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair))):
            raise ValueError(f"zone {row['name']!r}: a point must be two numbers, not {pair!r}")
        x, y = pair
        if x > size[0] * _SLACK or y > size[1] * _SLACK:
            raise ValueError(
                f"zone {row['name']!r} reaches ({x:g}, {y:g}), outside a picture of "
                f"{size[0]}x{size[1]}: it was drawn on a larger one; tell its size"
            )
        points.append((x / size[0], y / size[1]))
    if len(points) > 3 and points[0] == points[-1]:
        points.pop()  # some close their outlines
    return tuple(points)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
