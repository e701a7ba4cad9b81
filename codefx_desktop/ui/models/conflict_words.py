"""What is said where two people corrected the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.edit_merge import Conflict


def told(conflicts: Sequence[Conflict]) -> str:
    """Return who corrected the same and what to do about it, as a text for a person."""
    names = list(dict.fromkeys(one.theirs.who or "Somebody" for one in conflicts))
    who = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    places = "one place" if len(conflicts) == 1 else f"{len(conflicts):,} places"
    return (
        f"{who} corrected the same as you in {places}. "
        "Decide which holds: Conflicts, in the Events panel."
    )
