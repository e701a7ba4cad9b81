"""What follows from the log of a review: steps, and what undo and redo would do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codefx_desktop.domain.edit import BoxOp, ChooseOp, EditOp, EditStep, ThresholdOp
from codefx_desktop.domain.edit_log import (
    LogDeed,
    LogEntry,
    holding,
    next_redo,
    next_undo,
    said,
    steps_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def log(words: str) -> list[LogEntry]:
    """Return entries: ``a`` does step a, ``-a`` takes it back, ``+a`` does it again."""
    deeds = {"-": LogDeed.UNDO, "+": LogDeed.REDO}
    entries = []
    for place, word in enumerate(words.split()):
        deed, step = deeds.get(word[0], LogDeed.DO), word[-1]
        ops = (ThresholdOp(0, 0.5),) if deed is LogDeed.DO else ()
        entries.append(LogEntry(f"e{place}", "2026", "me", deed, step, step, ops))
    return entries


def names(words: str) -> tuple[str, str, str]:
    """Return which steps hold, which undo takes back, which redo does again."""
    entries = log(words)
    undo, redo = next_undo(entries), next_redo(entries)
    held = "".join(step.key for step in steps_of(entries) if not step.is_undone)
    return held, undo.key if undo else "", redo.key if redo else ""


def test_undo_and_redo_go_back_and_forth() -> None:
    assert names("") == ("", "", "")
    assert names("a b c") == ("abc", "c", "")
    assert names("a b c -c -b") == ("a", "a", "b")
    assert names("a b c -c -b +b") == ("ab", "b", "c")
    assert names("a b c -c -b +b +c") == ("abc", "c", "")


def test_a_new_step_leaves_what_was_taken_back_in_the_audit_only() -> None:
    entries = log("a b -b c")
    assert names("a b -b c") == ("ac", "c", "")
    assert [(step.key, step.number, step.is_undone) for step in steps_of(entries)] == [
        ("a", 1, False),
        ("b", 2, True),
        ("c", 3, False),
    ]
    # Going back behind the new step does not bring the old one up again.
    assert names("a b -b c -c") == ("a", "a", "c")
    assert names("a b -b c -c -a") == ("", "", "a")


def test_an_entry_about_a_step_that_is_not_there_changes_nothing() -> None:
    assert names("a -x") == ("a", "a", "")


def chosen(words: str, *choices: tuple[str, str, str]) -> str:
    """Return which steps of a log hold; ``("x", "a", "b")``: step x keeps a and drops b."""
    ops = {step: (ChooseOp(kept, dropped),) for step, kept, dropped in choices}
    entries = [replace(one, ops=ops.get(one.step, one.ops)) for one in log(words)]
    return "".join(step.key for step in holding(steps_of(entries)))


def test_of_two_steps_the_one_that_was_chosen_holds_until_the_choice_is_taken_back() -> None:
    assert chosen("a b x c", ("x", "a", "b")) == "axc"
    assert chosen("a b x c -c -x", ("x", "a", "b")) == "ab"
    assert chosen("a b x c -c -x +x", ("x", "a", "b")) == "ax"
    assert chosen("a b -b x", ("x", "a", "b")) == "ax"


def test_a_choice_that_was_decided_against_drops_nothing() -> None:
    both = (("x", "a", "b"), ("y", "b", "a"))  # two people chose differently
    assert chosen("a b x y", *both) == "xy"
    assert chosen("a b x y z", *both, ("z", "y", "x")) == "byz"


def test_who_looks_for_some_ops_does_not_go_through_the_others() -> None:
    class Boxes(tuple[EditOp, ...]):
        """Boxes of a whole clip: nobody is to go through them again."""

        looked = 0

        def __iter__(self) -> Iterator[EditOp]:
            Boxes.looked += 1
            return super().__iter__()

    boxes = Boxes(BoxOp(n, 0, None) for n in range(3))
    kept, dropped = ThresholdOp(1, 0.3), ThresholdOp(1, 0.4)
    steps = [
        EditStep(1, "", "", "", boxes, key="a"),
        EditStep(2, "", "", "", (dropped,), key="b"),
        EditStep(3, "", "", "", (kept, BoxOp(7, 0, None)), key="c"),
        EditStep(4, "", "", "", (ChooseOp("c", "b"),), key="d"),
        EditStep(5, "", "", "", (dropped,), is_undone=True, key="e"),
    ]
    looked = Boxes.looked
    assert list(said(steps, ThresholdOp)) == [kept]
    assert Boxes.looked == looked
    assert len(list(said(steps, BoxOp))) == 4
    assert replace(steps[0], ops=(kept,)).kinds == {ThresholdOp}
    assert steps[1] == replace(steps[1])
