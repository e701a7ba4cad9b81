"""What speaks for an event, in words with links to the frames they name; a difference likewise."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.stop_words import NOT_FOUND
from codefx_desktop.ui.models.event_rows import bounds_of, relative

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import PitStop

_FRAMES: Final = re.compile(r"\bframes? (\d+)(?:( to | and |-)(\d+))?")
_LINK: Final = "frame:"
_LEFT_OUT: Final = ("note",)


def evidence_text(event: Event) -> str:
    """Return what speaks for an event, a line for each thing."""
    lines = [
        _sentence(value) if key == "why" else f"{_sentence(key)}: {value}"
        for key, value in event.evidence.items()
        if key not in _LEFT_OUT and value
    ]
    if event.time_s is not None and event.earliest_s is not None and event.latest_s is not None:
        lines.append(f"Between {event.earliest_s:.3f} and {event.latest_s:.3f} s of the clip")
    if event.frame_number is not None and event.time_s is not None:
        lines.append(f"Nearest picture: frame {event.frame_number}")
    return "\n".join(lines)


def linked(text: str, colour: str) -> str:
    """Return plain text as rich text in which every frame that is named is a link.

    Args:
        text: The text; what looks like a tag in it is shown as it is.
        colour: Of the links, as ``#rrggbb``.
    """

    def link(found: re.Match[str]) -> str:
        first, between, last = found.group(1), found.group(2), found.group(3)
        whole = found.group(0)
        head = whole[: whole.index(first) + len(first)]
        more = "" if last is None else f"{between}{_anchor(last, last, colour)}"
        return f"{_anchor(first, head, colour)}{more}"

    return _FRAMES.sub(link, html.escape(text)).replace("\n", "<br>")


def frame_of_link(link: str) -> int | None:
    """Return the frame that a link leads to; None where it is no such link."""
    number = link.removeprefix(_LINK)
    return int(number) if link.startswith(_LINK) and number.isdecimal() else None


def side_text(event: Event, stop: PitStop | None) -> str:
    """Return one side of a difference: when, how far that may be off, from what, which frame."""
    if event.time_s is None or event.status is EventStatus.NOT_FOUND:
        return NOT_FOUND
    time = f"{relative(event.time_s, stop)} {bounds_of(event, stop)}".strip()
    said = [f"{time} s"]
    said += [event.source.value] if event.source is not None else []
    said += [f"frame {event.frame_number}"] if event.frame_number is not None else []
    return ", ".join(said)


def _anchor(number: str, text: str, colour: str) -> str:
    return f'<a style="color:{colour}" href="{_LINK}{number}">{text}</a>'


def _sentence(text: str) -> str:
    spaced = text.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]
