"""Artifacts as text for the screen: indented, long lines cut, and which lines say the same."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_LINE: Final = 400
MOST_LINES: Final = 6_000
"""More than anybody reads; a frame with 300 objects and their outlines has fewer."""

Anchors = tuple[tuple[int, int], ...]
_STEP: Final = "  "


def indented(content: object) -> str:
    """Return JSON with a line for each value, but lists of plain values in one line.

    The corners of outlines are thousands of numbers; one in each line would bury the rest.
    """
    return "".join(_pieces(content, "\n"))


def _pieces(value: object, line: str) -> Iterator[str]:
    inner = line + _STEP
    if isinstance(value, dict) and value:
        comma = "{"
        for key, item in value.items():
            yield f"{comma}{inner}{_plain(key)}: "
            yield from _pieces(item, inner)
            comma = ","
        yield f"{line}}}"
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        comma = "["
        for item in value:
            yield f"{comma}{inner}"
            yield from _pieces(item, inner)
            comma = ","
        yield f"{line}]"
    else:
        yield _plain(value)


def _plain(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return json.dumps(value, ensure_ascii=False)


def cut(text: str) -> str:
    """Return a text whose lines, and their number, a person can look at; it says what it lacks."""
    lines = text.split("\n")
    shown = [_cut_line(line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"… {len(lines) - MOST_LINES:,} more lines; copying takes all of them")
    return "\n".join(shown)


def _cut_line(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    more = len(line) - LONGEST_LINE
    return f"{line[:LONGEST_LINE]} … {more:,} more characters; copying takes all of them"


def anchors(json_text: str, toon_text: str) -> Anchors:
    """Return pairs of lines, of indented JSON and of TOON, that say the same, in order.

    Both formats have the same keys in the same order. A key of the outermost object begins a
    line of each; beneath it are its rows, paired one by one where both have as many.
    """
    pairs: list[tuple[int, int]] = [(0, 0)]
    json_parts = dict(_json_parts(json_text.split("\n")))
    for key, head, rows in _toon_parts(toon_text.split("\n")):
        if key not in json_parts:
            continue
        json_head, json_rows = json_parts[key]
        pairs.append((json_head, head))
        if len(json_rows) == len(rows):
            pairs += zip(json_rows, rows, strict=True)
    pairs.append((json_text.count("\n"), toon_text.count("\n")))
    return tuple(_rising(pairs))


def _json_parts(lines: Sequence[str]) -> Iterator[tuple[str, tuple[int, list[int]]]]:
    """Yield each outermost key with its line and those of its rows, as ``indented`` writes them."""
    heads = [n for n, line in enumerate(lines) if line.startswith('  "')]
    for head, end in pairwise([*heads, len(lines)]):
        rows = [n for n in range(head + 1, end) if lines[n].startswith(('    "', "    {"))]
        yield lines[head][3:].partition('"')[0], (head, rows)


def _toon_parts(lines: Sequence[str]) -> Iterator[tuple[str, int, list[int]]]:
    heads = [n for n, line in enumerate(lines) if line[:1].strip()]
    for head, end in pairwise([*heads, len(lines)]):
        rows = [n for n in range(head + 1, end) if lines[n][:2] == _STEP and lines[n][2:3].strip()]
        yield lines[head].partition(":")[0].partition("[")[0], head, rows


def _rising(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that go on in both texts: a damaged file must not send them back."""
    last = (-1, -1)
    for pair in pairs:
        if pair[0] > last[0] and pair[1] >= last[1]:
            last = pair
            yield pair
