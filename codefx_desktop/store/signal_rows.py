"""What moved and what was heard, between a detections file and the words for it.

The format is written down in ``detections``.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.domain.observations import Motion, Sound

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Flow

CHUNK_FRAMES: Final = 256
_EFFORT: Final = 1
"""Of zlib: the most effort makes what moved in a real stop 1 % smaller."""

_FIELDS: Final = (("flow", "<f2"), ("energy", "u1"), ("camera", "<f4"))
_HEARD: Final = (("strength", "<f4"), ("bursts", "<f8"), ("voices", "<f8"))


def put_motion(connection: sqlite3.Connection, motion: Motion) -> None:
    """Write what moved, in place of what was written before."""
    frames = len(motion.camera)
    facts = {
        "frames": frames,
        "shapes": {name: list(getattr(motion, name).shape[1:]) for name, _ in _FIELDS},
        "cuts": list(motion.cuts),
        "lights": motion.lights.tolist(),
    }
    rows = (
        (first, packed([(getattr(motion, n)[first : first + CHUNK_FRAMES], k) for n, k in _FIELDS]))
        for first in range(0, frames, CHUNK_FRAMES)
    )
    connection.execute("DELETE FROM motion")
    connection.executemany("INSERT INTO motion VALUES (?, ?)", rows)
    _note(connection, "motion", facts)


def get_motion(
    connection: sqlite3.Connection,
    flow_of: Callable[[tuple[int, ...]], Flow | None] = lambda _: None,
) -> Motion | None:
    """Return what moved; None where nobody looked.

    Args:
        connection: Reads one state of the file.
        flow_of: Given the flow's shape, returns what stands for it; None: it is read, too.

    Raises:
        ValueError: If the rows are damaged, or LookupError, or TypeError.
    """
    facts = noted(connection, "motion")
    if facts is None:
        return None
    frames = int(facts["frames"])
    shapes = {name: (frames, *facts["shapes"][name]) for name, _ in _FIELDS}
    flow = flow_of(shapes["flow"])
    read = _FIELDS if flow is None else _FIELDS[1:]
    arrays = [np.empty(shapes[name], np.dtype(kind)) for name, kind in read]
    passed = 0 if flow is None else _frame_bytes(facts)
    firsts = [first for (first,) in connection.execute("SELECT first FROM motion ORDER BY first")]
    if firsts != list(range(0, frames, CHUNK_FRAMES)):
        raise ValueError(f"what moved in {frames} frames is not all there")
    # Row by row: all of them at once would take as much again as what is made of them.
    for first, data in connection.execute("SELECT first, data FROM motion ORDER BY first"):
        parts = [array[first : first + CHUNK_FRAMES] for array in arrays]
        _unpack_into(data, parts, passed * len(parts[0]))
    if flow is None:
        flow, energy, camera = arrays
    else:
        energy, camera = arrays
    lights = np.array(facts.get("lights", ()), np.float32).reshape(-1, 4)
    return Motion(flow, energy, camera, tuple(facts.get("cuts", ())), lights)


def get_flow(connection: sqlite3.Connection, first: int) -> npt.NDArray[np.float16]:
    """Return the flow of one row of frames, float16 (N, rows, columns, 2); read-only.

    Args:
        connection: Reads one state of the file.
        first: The first of them, by its place.

    Raises:
        ValueError: If the rows are damaged, or LookupError, or TypeError.
    """
    facts = noted(connection, "motion")
    query = "SELECT data FROM motion WHERE first = ?"
    row = connection.execute(query, (first,)).fetchone()
    if facts is None or row is None:
        raise ValueError(f"what moved from frame {first} on is not there")
    count = min(CHUNK_FRAMES, int(facts["frames"]) - first)
    flow = np.empty((count, *facts["shapes"]["flow"]), np.dtype(_FIELDS[0][1]))
    _unpack_into(row[0], [flow], is_all=False)
    flow.flags.writeable = False
    return flow


def _frame_bytes(facts: dict[str, Any]) -> int:
    """Return how many bytes the flow of a frame takes."""
    return int(np.prod(facts["shapes"]["flow"])) * np.dtype(_FIELDS[0][1]).itemsize


def put_sound(connection: sqlite3.Connection, sound: Sound | None) -> None:
    """Write what was heard, in place of what was written before; None: it has no sound."""
    connection.execute("DELETE FROM sound")
    if sound is None:
        _note(connection, "sound", {"rate_hz": None})
        return
    arrays = [(getattr(sound, name), kind) for name, kind in _HEARD]
    connection.execute("INSERT INTO sound VALUES (?)", (packed(arrays),))
    shapes = {name: list(getattr(sound, name).shape) for name, _ in _HEARD}
    _note(connection, "sound", {"rate_hz": sound.rate_hz, "shapes": shapes})


def get_sound(connection: sqlite3.Connection) -> Sound | None:
    """Return what was heard; None where there is no sound or nobody listened.

    Raises:
        ValueError: If the row is damaged, or LookupError, or TypeError.
    """
    facts = noted(connection, "sound")
    if facts is None or facts["rate_hz"] is None:
        return None
    row = connection.execute("SELECT data FROM sound").fetchone()
    if row is None:
        raise ValueError("what was heard is not there")
    arrays = [np.empty(facts["shapes"][name], np.dtype(kind)) for name, kind in _HEARD]
    _unpack_into(row[0], arrays)
    strength, bursts, voices = arrays
    return Sound(float(facts["rate_hz"]), strength, bursts, voices)


def noted(connection: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    """Return what the file says about one of its parts; None where it has none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else dict(json.loads(row[0]))


def _note(connection: sqlite3.Connection, key: str, facts: dict[str, Any]) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(facts)))


def packed(arrays: Sequence[tuple[npt.NDArray[Any], str]]) -> bytes:
    """Return arrays, one after the other, as compressed bytes.

    All first bytes of an array's numbers stand together, then all second ones: neighbours are
    alike then, which makes what moved 7 % smaller.
    """
    parts = []
    for array, kind in arrays:
        plain = np.ascontiguousarray(array, np.dtype(kind))
        parts.append(plain.view(np.uint8).reshape(-1, plain.itemsize).T.tobytes())
    return zlib.compress(b"".join(parts), _EFFORT)


def _unpack_into(
    data: bytes, arrays: Sequence[npt.NDArray[Any]], passed: int = 0, *, is_all: bool = True
) -> None:
    """Fill arrays, which are contiguous, with what ``packed`` wrote.

    Args:
        data: What it wrote.
        arrays: Consecutive ones of those it was given.
        passed: Bytes of those before them.
        is_all: Whether none follows them.

    Raises:
        ValueError: If it is not as many bytes as they take.
    """
    wanted = passed + sum(array.nbytes for array in arrays)
    try:
        plain = zlib.decompress(data) if is_all else zlib.decompressobj().decompress(data, wanted)
    except zlib.error as error:
        raise ValueError(f"a signal cannot be unpacked: {error}") from error
    if len(plain) != wanted:
        raise ValueError(f"a signal has {len(plain)} bytes")
    place = passed
    for array in arrays:
        numbers = array.reshape(-1).view(np.uint8).reshape(-1, array.itemsize)
        part = np.frombuffer(plain, np.uint8, array.nbytes, place).reshape(array.itemsize, -1)
        for byte in range(array.itemsize):
            numbers[:, byte] = part[byte]
        place += array.nbytes
