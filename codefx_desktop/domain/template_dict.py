"""A stop template as a plain dict: what its JSON file holds beside its name.

::

    {"label": "Formula 1", "version": 1, "together": [["FL", "FR", "RL", "RR"]],
     "events": [{"kind": "stop"}, {"kind": "wheel_off", "places": ["FL", "FR", "RL", "RR"]}],
     "order": [{"before": "stop", "after": "wheel_off"}],
     "tasks": [{"name": "tighten", "label": "Tighten", "from": "tighten_start", "to": ...}],
     "durations": [{"name": "stationary", "label": "Stationary", "from": "stop", "to": "go"}],
     "crew_limit": 7, "crew_from": "stop", "notes": "..."}

Keys that this program does not know are ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.template import (
    EventRef,
    OrderRule,
    Span,
    StopTemplate,
    TemplateEvent,
    parse_place,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def template_to_dict(template: StopTemplate) -> dict[str, Any]:
    """Return everything but the name as JSON values."""
    return {
        "label": template.label,
        "version": template.version,
        "together": [[place.value for place in group] for group in template.together],
        "events": [_event_to_dict(event) for event in template.events],
        "order": [
            {"before": str(rule.before), "after": str(rule.after)} for rule in template.order
        ],
        "tasks": [_span_to_dict(span) for span in template.tasks],
        "durations": [_span_to_dict(span) for span in template.durations],
        "crew_limit": template.crew_limit,
        "crew_from": template.crew_from,
        "notes": template.notes,
    }


def template_from_dict(
    name: str, values: Mapping[str, Any], *, is_own: bool = False
) -> StopTemplate:
    """Return the template that ``template_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used or the parts do not fit together.
    """
    limit = values.get("crew_limit")
    return StopTemplate(
        name=name,
        label=_get(values, "label", str, name),
        events=tuple(map(_event, _rows(values, "events"))),
        order=tuple(
            OrderRule(_ref(row, "before", "order"), _ref(row, "after", "order"))
            for row in _rows(values, "order")
        ),
        tasks=tuple(_span(row, "a task") for row in _rows(values, "tasks")),
        durations=tuple(_span(row, "a duration") for row in _rows(values, "durations")),
        together=tuple(_places(group, "together") for group in _get(values, "together", list, [])),
        version=_get(values, "version", int, 1),
        crew_limit=None if limit is None else _plain("crew_limit", limit, int),
        crew_from=_get(values, "crew_from", str, ""),
        notes=_get(values, "notes", str, ""),
        is_own=is_own,
    )


def _event_to_dict(event: TemplateEvent) -> dict[str, Any]:
    if event.places == (Place.NONE,):
        return {"kind": event.kind}
    return {"kind": event.kind, "places": [place.value for place in event.places]}


def _span_to_dict(span: Span) -> dict[str, Any]:
    begins = {} if span.begins is None else {"from": str(span.begins)}
    return {"name": span.name, "label": span.label, **begins, "to": str(span.ends)}


def _event(row: Mapping[str, Any]) -> TemplateEvent:
    kind = _need(row, "kind", "an event")
    if "places" not in row:
        return TemplateEvent(kind)
    return TemplateEvent(kind, _places(row["places"], kind))


def _span(row: Mapping[str, Any], what: str) -> Span:
    name = _need(row, "name", what)
    told = f"{what} {name}"
    begins = _ref(row, "from", told) if "from" in row else None
    return Span(name, _get(row, "label", str, name), begins, _ref(row, "to", told))


def _ref(row: Mapping[str, Any], key: str, what: str) -> EventRef:
    text = _need(row, key, what)
    try:
        return EventRef.parse(text)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error


def _places(value: object, what: str) -> tuple[Place, ...]:
    try:
        return tuple(parse_place(_plain("a place", one, str)) for one in _plain(what, value, list))
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error


def _rows(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [_plain(f"each of {key}", row, dict) for row in _get(values, key, list, [])]


def _need(row: Mapping[str, Any], key: str, what: str) -> str:
    if key not in row:
        raise ValueError(f"{what} has no {key!r}")
    return str(_plain(key, row[key], str))


def _get(values: Mapping[str, Any], key: str, wanted: type, otherwise: object) -> Any:  # noqa: ANN401 - of the wanted type
    return _plain(key, values[key], wanted) if key in values else otherwise


def _plain(name: str, value: object, wanted: type) -> Any:  # noqa: ANN401 - of the wanted type
    if type(value) is not wanted:
        kinds = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}
        raise ValueError(f"{name} must be {kinds[wanted]}, not {value!r}")
    return value
