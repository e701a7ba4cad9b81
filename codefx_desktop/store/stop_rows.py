"""Between rows of a detections file and the stops that were found in a clip."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.camera_dict import camera_from_dict, camera_to_dict
from codefx_desktop.domain.stop_dict import STOP_VERSION, stop_from_dict, stop_to_dict
from codefx_desktop.domain.template_dict import template_from_dict, template_to_dict
from codefx_desktop.store.signal_rows import noted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate


@dataclass(frozen=True, slots=True)
class StopBasis:
    """What the stops of a clip were found by, as it was then.

    Attributes:
        template: How stops of the series go.
        camera: What is known of the camera, with the zones that were used.
    """

    template: StopTemplate
    camera: CameraProfile


def put_stops(
    connection: sqlite3.Connection, stops: Sequence[PitStop], basis: StopBasis | None
) -> None:
    """Write the stops of a clip, in place of those that were written before.

    Args:
        connection: In a transaction.
        stops: Numbered 1, 2, 3, ...
        basis: What they were found by; None leaves what is there.

    Raises:
        ValueError: If they are numbered otherwise, or there is no basis at all.
    """
    if [stop.number for stop in stops] != list(range(1, len(stops) + 1)):
        raise ValueError("the stops are not numbered in order")
    facts = noted(connection, "stops") if basis is None else _basis_to_dict(basis)
    if facts is None:
        raise ValueError("nobody told what the stops were found by")
    rows = ((one.number, STOP_VERSION, json.dumps(stop_to_dict(one))) for one in stops)
    connection.execute("DELETE FROM stops")
    connection.executemany("INSERT INTO stops VALUES (?, ?, ?)", rows)
    value = json.dumps({**facts, "count": len(stops)})
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('stops', ?)", (value,))


def get_stops(connection: sqlite3.Connection) -> tuple[PitStop, ...] | None:
    """Return the stops of a clip; None where nobody looked for them to the end (yet).

    Raises:
        ValueError: If they are damaged or of a newer version, or LookupError, or TypeError.
    """
    facts = noted(connection, "stops")
    if facts is None:
        return None
    rows = connection.execute("SELECT data FROM stops ORDER BY number").fetchall()
    if len(rows) != facts["count"]:
        raise ValueError(f"{len(rows)} of {facts['count']} stops")
    return tuple(stop_from_dict(json.loads(data)) for (data,) in rows)


def get_basis(connection: sqlite3.Connection) -> StopBasis | None:
    """Return what the stops were found by; None where nobody looked for them.

    Raises:
        ValueError: If it is damaged, or LookupError, or TypeError.
    """
    facts = noted(connection, "stops")
    if facts is None:
        return None
    template = facts["template"]
    return StopBasis(
        template_from_dict(template["name"], template, is_own=bool(template.get("is_own"))),
        camera_from_dict(facts["camera"]),
    )


def _basis_to_dict(basis: StopBasis) -> dict[str, Any]:
    template = basis.template
    kept = {"name": template.name, "is_own": template.is_own, **template_to_dict(template)}
    return {"template": kept, "camera": camera_to_dict(basis.camera)}
