"""What a reader made of a clip, and the table of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nasty.facts import Facts

HEADINGS = (
    "clip", "expected", "frames due", "ours", "promised / delivered", "order right", "upright",
    "times wrong", "seeks wrong", "steps wrong", "probe s", "probe + read s",
    "cv2 frames", "cv2 order right", "cv2 upright", "cv2 times wrong", "cv2 seeks wrong",
    "cv2 read s",
)  # fmt: skip


@dataclass
class Result:
    """What one reader made of one clip; counts are None where nothing could be counted."""

    verdict: str = ""
    promised: int = 0
    delivered: int = 0
    order: bool | None = None
    upright: bool | None = None
    times_wrong: int | None = None
    seeks_wrong: int | None = None
    steps_wrong: int | None = None
    probe_s: float = 0.0
    read_s: float = 0.0


@dataclass
class Table:
    """The lines, and what they add up to."""

    lines: list[str] = field(default_factory=list)
    ours: list[tuple[Facts, Result]] = field(default_factory=list)
    cv2: list[tuple[Facts, Result]] = field(default_factory=list)

    def add(self, facts: Facts, ours: Result, cv2: Result) -> None:
        """Take in one clip."""
        self.ours.append((facts, ours))
        self.cv2.append((facts, cv2))
        name = facts.name if len(facts.name) < 60 else facts.name[:40] + "..."
        cells = [
            f"`{name}`", facts.verdict, _due(facts), ours.verdict,
            f"{ours.promised} / {ours.delivered}",
            *map(_cell, (ours.order, ours.upright, ours.times_wrong, ours.seeks_wrong,
                         ours.steps_wrong)),
            f"{ours.probe_s:.3f}", f"{ours.read_s:.3f}",
            cv2.verdict if cv2.verdict != "opened" else str(cv2.delivered),
            *map(_cell, (cv2.order, cv2.upright, cv2.times_wrong, cv2.seeks_wrong)),
            f"{cv2.read_s:.3f}",
        ]  # fmt: skip
        self.lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")

    def text(self) -> str:
        """Return the table and its totals."""
        head = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
        totals = [
            f"{who}: {_total(rows)}" for who, rows in (("ours", self.ours), ("cv2", self.cv2))
        ]
        return "\n".join([*head, *self.lines, "", *totals, ""])


def _cell(value: bool | int | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return "" if value is None else str(value)


def _due(facts: Facts) -> str:
    if facts.verdict == "error":
        return "0"
    return str(facts.most) if facts.fewest == facts.most else f"{facts.fewest}-{facts.most}"


def _total(rows: list[tuple[Facts, Result]]) -> str:
    right = sum(is_right(facts, result) for facts, result in rows)
    results = [result for _, result in rows]
    whole = [result for facts, result in rows if facts.verdict == "ok"]
    pictures = sum(result.order is True and result.upright is True for result in whole)
    times = sum(result.times_wrong or 0 for result in results)
    off = sum(bool(result.times_wrong) for result in results)
    asked = [result for result in whole if result.seeks_wrong is not None]
    wrong = sum(result.seeks_wrong or 0 for result in asked)
    hit = sum(bool(result.seeks_wrong) for result in asked)
    steps = sum(result.steps_wrong or 0 for result in whole)
    slowest = max((result.read_s for result in results), default=0.0)
    return (
        f"{right} of {len(rows)} clips right in verdict, frames, order, orientation and times; "
        f"of {len(whole)} whole clips {pictures} with every picture right; {times} times wrong on "
        f"{off} clips; seeks wrong: {wrong} on {hit} of {len(asked)} clips; steps wrong: {steps}; "
        f"slowest clip {slowest:.2f} s."
    )


def is_right(facts: Facts, result: Result) -> bool:
    """Whether verdict, pictures, orientation and times are those of the facts.

    OpenCV has two verdicts: it opens a clip, or not. The first is taken for ok.
    """
    verdict = {"opened": "ok", "not opened": "error"}.get(result.verdict, result.verdict)
    if verdict not in (("ok", "partial") if facts.verdict == "either" else (facts.verdict,)):
        return False
    if facts.verdict == "error":
        return True
    counted = facts.fewest <= result.delivered <= facts.most
    return (
        counted
        and result.order is not False
        and result.upright is not False
        and (not result.times_wrong)
    )


def judge(
    facts: Facts,
    result: Result,
    numbers: Sequence[int | None],
    times_ms: Sequence[float],
    size: tuple[int, int],
) -> None:
    """Compare what was delivered with the facts."""
    result.delivered = len(numbers)
    result.upright = size == facts.size if numbers else None
    if facts.numbers is not None and facts.has_barcode:
        result.order = tuple(numbers) == facts.numbers
        readable = sum(number is not None for number in numbers)
        result.upright = bool(result.upright) and readable > len(numbers) // 2
    elif facts.numbers is not None:
        result.order = len(numbers) == len(facts.numbers)
    if facts.times_ms is not None and times_ms:
        pairs = zip(times_ms, facts.times_ms, strict=False)
        off = sum(abs(a - times_ms[0] - b) > 1 for a, b in pairs)
        result.times_wrong = off + abs(len(times_ms) - len(facts.times_ms))
