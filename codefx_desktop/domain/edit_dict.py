"""What a step of a review changes as plain dicts, which those who keep steps write as JSON.

Whoever writes ops keeps ``EDIT_VERSION`` beside them. Keys that this program does not know are
ignored; an op that it does not know, and a value that it cannot use, is an error that names it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.edit import (
    BoxOp,
    BoxValue,
    ChooseOp,
    DismissOp,
    EditOp,
    EventDeed,
    EventOp,
    Mark,
    MarkOp,
    RetrackOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.json_values import (
    a_list,
    a_number,
    a_text,
    a_whole,
    a_word,
    an_object,
    number_or_none,
    some_numbers,
    whole_or_none,
)
from codefx_desktop.domain.stop_dict import event_from_dict, event_to_dict, heading_from_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EDIT_VERSION: Final = 1


def ops_to_list(ops: Sequence[EditOp]) -> list[dict[str, Any]]:
    """Return ops as JSON values."""
    return [op_to_dict(op) for op in ops]


def ops_from_list(values: object) -> tuple[EditOp, ...]:
    """Return the ops that ``ops_to_list`` wrote.

    Raises:
        ValueError: If one cannot be used.
    """
    return tuple(map(op_from_dict, a_list("ops", values)))


def op_to_dict(op: EditOp) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind of op
    """Return an op as JSON values; ``op`` tells which it is."""
    match op:
        case BoxOp():
            return {"op": "box", "frame": op.frame_number, "box": op.box, "after": _box(op.after)}
        case TrackOp():
            return {
                "op": "track",
                "deed": op.deed.value,
                "track_id": op.track_id,
                "first_frame": op.first_frame,
                "last_frame": op.last_frame,
                "other_id": op.other_id,
                "class_id": op.class_id,
            }
        case EventOp():
            return {
                "op": "event",
                "deed": op.deed.value,
                "stop": op.stop,
                "stop_begins_s": op.stop_begins_s,
                "before": event_to_dict(op.before),
                "after": event_to_dict(op.after),
                "note": op.note,
                "heading": None if op.heading is None else asdict(op.heading),
            }
        case MarkOp():
            return {"op": "mark", "mark": op.mark, "after": _mark(op.after)}
        case ThresholdOp():
            return {"op": "threshold", "class_id": op.class_id, "confidence": op.confidence}
        case RetrackOp():
            tracks = base64.b64encode(op.tracks).decode("ascii")
            return {"op": "retrack", "count": op.count, "tracks": tracks}
        case DismissOp():
            return {
                "op": "dismiss",
                "track_id": op.track_id,
                "other_id": op.other_id,
                "frame": op.frame_number,
            }
        case ChooseOp():
            return {"op": "choose", "kept": op.kept, "dropped": op.dropped}


def op_from_dict(values: object) -> EditOp:
    """Return the op that ``op_to_dict`` wrote.

    Raises:
        ValueError: If it is none of those this program knows, or a value cannot be used.
    """
    given = an_object("op", values)
    read = _READERS.get(a_text("op", given.get("op")))
    if read is None:
        raise ValueError(f"this program knows no op {given['op']!r}")
    return read(given)


def _box(value: BoxValue | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"xyxy": list(value.xyxy), "class_id": value.class_id, "track_id": value.track_id}


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    return None if mark is None else {**asdict(mark), "place": mark.place.value}


def _box_op(given: Mapping[str, Any]) -> BoxOp:
    frame, box = a_whole("frame", given.get("frame")), a_whole("box", given.get("box"))
    if given.get("after") is None:
        return BoxOp(frame, box, None)
    after = an_object("after", given["after"])
    xyxy = some_numbers("xyxy", after.get("xyxy"), 4)
    return BoxOp(
        frame,
        box,
        BoxValue(
            (xyxy[0], xyxy[1], xyxy[2], xyxy[3]),
            a_whole("class_id", after.get("class_id")),
            a_whole("track_id", after.get("track_id", -1)),
        ),
    )


def _track_op(given: Mapping[str, Any]) -> TrackOp:
    op = TrackOp(
        deed=a_word("deed", given.get("deed"), TrackDeed),
        track_id=a_whole("track_id", given.get("track_id")),
        first_frame=a_whole("first_frame", given.get("first_frame")),
        last_frame=whole_or_none("last_frame", given.get("last_frame")),
        other_id=whole_or_none("other_id", given.get("other_id")),
        class_id=whole_or_none("class_id", given.get("class_id")),
    )
    if op.deed in (TrackDeed.RELABEL, TrackDeed.SWAP) and op.other_id is None:
        raise ValueError(f"{op.deed} of a track needs an other_id")
    if op.deed is TrackDeed.RECLASS and op.class_id is None:
        raise ValueError("reclass of a track needs a class_id")
    return op


def _event_op(given: Mapping[str, Any]) -> EventOp:
    heading = given.get("heading")
    return EventOp(
        deed=a_word("deed", given.get("deed"), EventDeed),
        stop=a_whole("stop", given.get("stop")),
        stop_begins_s=a_number("stop_begins_s", given.get("stop_begins_s")),
        before=event_from_dict(given.get("before")),
        after=event_from_dict(given.get("after")),
        note=a_text("note", given.get("note", "")),
        heading=None if heading is None else heading_from_dict(heading),
    )


def _mark_op(given: Mapping[str, Any]) -> MarkOp:
    number = a_whole("mark", given.get("mark"))
    if given.get("after") is None:
        return MarkOp(number, None)
    after = an_object("after", given["after"])
    return MarkOp(
        number,
        Mark(
            label=a_text("label", after.get("label")),
            begins_frame=a_whole("begins_frame", after.get("begins_frame")),
            begins_s=a_number("begins_s", after.get("begins_s")),
            ends_frame=whole_or_none("ends_frame", after.get("ends_frame")),
            ends_s=number_or_none("ends_s", after.get("ends_s")),
            place=a_word("place", after.get("place", ""), Place),
            note=a_text("note", after.get("note", "")),
        ),
    )


def _threshold_op(given: Mapping[str, Any]) -> ThresholdOp:
    return ThresholdOp(
        a_whole("class_id", given.get("class_id")),
        number_or_none("confidence", given.get("confidence")),
    )


def _retrack_op(given: Mapping[str, Any]) -> RetrackOp:
    text = a_text("tracks", given.get("tracks"))
    try:
        tracks = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"tracks are no base64: {error}") from error
    return RetrackOp(a_whole("count", given.get("count")), tracks)


def _dismiss_op(given: Mapping[str, Any]) -> DismissOp:
    return DismissOp(
        a_whole("track_id", given.get("track_id")),
        whole_or_none("other_id", given.get("other_id")),
        a_whole("frame", given.get("frame")),
    )


def _choose_op(given: Mapping[str, Any]) -> ChooseOp:
    return ChooseOp(a_text("kept", given.get("kept")), a_text("dropped", given.get("dropped")))


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], EditOp]]] = {
    "box": _box_op,
    "track": _track_op,
    "event": _event_op,
    "mark": _mark_op,
    "threshold": _threshold_op,
    "retrack": _retrack_op,
    "dismiss": _dismiss_op,
    "choose": _choose_op,
}
