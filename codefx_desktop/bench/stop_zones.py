"""The camera profile that a person would have made for a rendered stop.

Nobody draws zones for hundreds of stops: they are proposed around a car of the series that stands
right on its marks, as the window proposes them, and go with the car that really comes. Nothing of
the stop itself is told but which side the filler and the door are at, which a person knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.analysis.zone_proposal import propose_zones
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop import Heading
from codefx_desktop.domain.zone import CarPlace
from codefx_desktop.synthetic.car import HALF_WIDTH_M, HUB_Y_M, NOSE_M, TAIL_M, hub
from codefx_desktop.synthetic.plan import CORNER_NAMES
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_CORNERS: Final = {
    "FL": Place.FRONT_LEFT,
    "FR": Place.FRONT_RIGHT,
    "RL": Place.REAR_LEFT,
    "RR": Place.REAR_RIGHT,
}


def drawn_camera(truth: Mapping[str, Any], *, weights: bool = True) -> CameraProfile:
    """Return the camera of a rendered stop with its zones.

    Formula 1 has none where a model looks: it needs neither filler nor door, and corners and jacks
    are told by what is seen of wheels and jacks.

    Args:
        truth: ``resources/synthetic_truth.md``; of its pictures only the first is used.
        weights: Whether a model looks at the stop.
    """
    style = Style(truth.get("style", Style.F1))
    if style is Style.F1 and weights:
        return CameraProfile()
    picture = truth["pictures"][0]
    matrix = np.array(picture["ground_to_image"], np.float64).reshape(3, 3)
    size = (int(truth["width"]), int(truth["height"]))
    heading = Heading(_front_deg(matrix), "camera")
    zones = propose_zones(
        _nominal_car(matrix, size),
        heading,
        *size,
        fuel_side=_fuel_side(truth, style),
        driver_side=Place.LEFT if style is Style.ENDURANCE else None,
    )
    return CameraProfile(name=f"seed {truth['seed']}", zones=zones)


def _fuel_side(truth: Mapping[str, Any], style: Style) -> Place | None:
    if style is Style.NASCAR:
        return Place.REAR_LEFT
    return Place(truth["fuel_side"]) if style is Style.ENDURANCE else None


def _nominal_car(matrix: Floats, size: tuple[int, int]) -> CarPlace:
    """Return where a car stands that stopped right on its marks."""
    outline = np.array(
        [(x, y) for x in (NOSE_M, TAIL_M) for y in (HALF_WIDTH_M, -HALF_WIDTH_M)], np.float64
    )
    hubs = np.concatenate([hub(name)[:, :2] for name in CORNER_NAMES])
    seen = _seen(matrix, np.concatenate((outline, hubs))) / size
    low, high = seen[:4].min(axis=0), seen[:4].max(axis=0)
    places = {
        _CORNERS[name]: (float(x), float(y))
        for name, (x, y) in zip(CORNER_NAMES, seen[4:], strict=True)
    }
    return CarPlace((float(low[0]), float(low[1]), float(high[0]), float(high[1])), places)


def _front_deg(matrix: Floats) -> float:
    tail, nose = _seen(matrix, np.array([(-HUB_Y_M["F"], 0.0), (HUB_Y_M["F"], 0.0)]))
    return float(np.degrees(np.arctan2(tail[1] - nose[1], nose[0] - tail[0])) % 360.0)


def _seen(matrix: Floats, places_m: Floats) -> Floats:
    full = np.column_stack((places_m, np.ones(len(places_m)))) @ matrix.T
    seen: Floats = full[:, :2] / full[:, 2:]
    return seen
