"""What people call zones, and what they mean by it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import ZoneRole

_ENDS: Final = {"front": "F", "f": "F", "rear": "R", "back": "R", "r": "R", "b": "R"}
_SIDES: Final = {"left": "L", "l": "L", "right": "R", "r": "R"}
_SHORT: Final = {
    "fl": "FL", "fr": "FR", "rl": "RL", "rr": "RR", "bl": "RL", "br": "RR",
    "lf": "FL", "rf": "FR", "lr": "RL",
}  # fmt: skip
"""Corners in two letters; ``lf`` and the like are said in NASCAR, ``bl`` by older zone files."""

_WORDS: Final = (
    (ZoneRole.FUEL, {"fuel", "fuelling", "fueling", "refuel", "refuelling", "refueling", "probe",
                     "filler", "gas", "gasman", "tank"}),
    (ZoneRole.DRIVER, {"driver", "drivers", "door", "cockpit"}),
    (ZoneRole.JACK, {"jack", "jacks", "airjack", "airjacks", "jackman", "lift"}),
    (ZoneRole.FAST_LANE, {"fastlane", "pitlane"}),
    (ZoneRole.CREW_LINE, {"line", "crewline", "boxline"}),
    (ZoneRole.BOX, {"box", "pitbox", "stall"}),
)  # fmt: skip
"""In order: a ``fuel line`` is fuel, a ``box line`` a line."""

_TYRE: Final = {"tyre", "tyres", "tire", "tires", "wheel", "wheels", "corner", "gun"}


def role_of(name: str) -> tuple[ZoneRole, Place]:
    """Return what a zone of this name stands for, and where; neither where the name says nothing.

    Tolerant of case, of what stands between words and of words run together: ``Front Left Tyre``,
    ``front_left_tyre_time``, ``frontLeft``, ``FL``, ``tyre-rr``, ``LF tire``, ``Jack (rear)``.
    """
    words = _words(name)
    said = set(words)
    role = _role(words)
    corner = _corner(words)
    if role is ZoneRole.NONE and corner is not Place.NONE:
        return ZoneRole.CORNER, corner
    if role is ZoneRole.JACK:
        return role, _first(said, {"front": Place.FRONT, "rear": Place.REAR, "back": Place.REAR})
    if role in (ZoneRole.FUEL, ZoneRole.DRIVER):
        return role, _first(said, {"left": Place.LEFT, "right": Place.RIGHT})
    return role, Place.NONE


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.findall(r"[a-z]+", apart.casefold())
    parted: list[str] = []
    for word in words:
        both = re.fullmatch(r"(front|rear|back)(left|right)(\w*)", word)
        parted += [part for part in both.groups() if part] if both else [word]
    return parted


def _role(words: list[str]) -> ZoneRole:
    said = {*words, *("".join(pair) for pair in pairwise(words))}
    for role, names in _WORDS:
        if said & names:
            return role
    return ZoneRole.NONE


def _corner(words: list[str]) -> Place:
    said = [word for word in words if word not in _TYRE]
    for word in said:
        if word in _SHORT:
            return Place(_SHORT[word])
    # Whole words first: a lone r is rear or right, and only the other word tells which.
    end = next((_ENDS[word] for word in said if word in ("front", "rear", "back")), "")
    side = next((_SIDES[word] for word in said if word in ("left", "right")), "")
    if not end and side:
        end = next((_ENDS[word] for word in said if word in ("f", "r", "b")), "")
    if not side and end:
        side = next((_SIDES[word] for word in said if word in ("l", "r")), "")
    return Place(end + side) if end and side else Place.NONE


def _first(said: set[str], places: dict[str, Place]) -> Place:
    return next((place for word, place in places.items() if word in said), Place.NONE)
