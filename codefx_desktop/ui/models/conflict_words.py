"""What is said where two people corrected the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.edit_merge import Conflict

TOLD: Final = 3


def told(conflicts: Sequence[Conflict]) -> str:
    """Return which steps touch the same and what to do about it, as a text for a person."""
    shown = "; ".join(map(_one, conflicts[:TOLD]))
    more = f"; and {len(conflicts) - TOLD:,} more" if len(conflicts) > TOLD else ""
    return (
        f"Two people corrected the same: {shown}{more}. "
        "Decide which holds in Review, at Events, Conflicts."
    )


def _one(conflict: Conflict) -> str:
    mine, theirs = conflict.mine, conflict.theirs
    return (
        f"{', '.join(conflict.about)} (step {theirs.number} of {theirs.who or 'somebody'}: "
        f"{theirs.text}; step {mine.number} of {mine.who or 'somebody'}: {mine.text})"
    )
