"""A plan as a plain dict: a part of a job's spec, and of the file of a person's own profiles."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.camera_dict import camera_from_dict, camera_to_dict
from codefx_desktop.domain.json_values import an_object
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.domain.stop_settings import StopSettings


def plan_to_dict(plan: StagePlan) -> dict[str, Any]:
    """Return the plan as JSON values."""
    weights = plan.segment_weights
    return {
        **{item.name: getattr(plan, item.name) for item in fields(plan)},
        "scene": {**asdict(plan.scene), "kind": plan.scene.kind.value},
        "artifacts": str(plan.artifacts),
        "segment_weights": None if weights is None else str(weights),
        "segment_classes": list(plan.segment_classes),
        "stop": {
            "template": plan.stop.template,
            "camera": camera_to_dict(plan.stop.camera),
            "draw": plan.stop.draw,
        },
    }


def plan_from_dict(values: object) -> StagePlan:
    """Return the plan that ``plan_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used.
    """
    told = an_object("plan", values)
    given = {item.name: told[item.name] for item in fields(StagePlan) if item.name in told}
    return StagePlan(**{name: _value(name, value) for name, value in given.items()})


def _value(name: str, value: object) -> Any:  # noqa: ANN401 - of the field of that name
    if name == "scene":
        return _scene(value)
    if name == "artifacts":
        return ArtifactChoice.parse(_plain(name, value, str))
    if name == "segment_weights":
        return None if value is None else Path(_plain(name, value, str))
    if name == "segment_classes":
        return tuple(_plain(name, one, str) for one in _plain(name, value, list))
    if name == "stop":
        return _stop(value)
    return _plain(name, value, type(getattr(StagePlan(), name)))


def _scene(value: object) -> SceneSettings:
    given = _plain("scene", value, dict)
    threshold = given.get("threshold")
    return SceneSettings(
        SceneKind(given.get("kind", SceneKind.CONTENT.value)),
        None if threshold is None else _plain("threshold", threshold, float),
        _plain("shortest_frames", given.get("shortest_frames", 15), int),
    )


def _stop(value: object) -> StopSettings:
    given, usual = _plain("stop", value, dict), StopSettings()
    return StopSettings(
        _plain("template", given.get("template", usual.template), str),
        camera_from_dict(given["camera"]) if "camera" in given else usual.camera,
        _plain("draw", given.get("draw", usual.draw), bool),
    )


def _plain(name: str, value: object, wanted: type) -> Any:  # noqa: ANN401 - of the wanted type
    """Check a value's type; JSON has one kind of number."""
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ValueError(f"{name} must be a {wanted.__name__}, not {value!r}")
    return value
