"""What a class can be asked and what it tells, to compare a fake with the real one."""

from __future__ import annotations

OURS = ("codefx_desktop.", "gui.")


def names(kind: type, of: type) -> set[str]:
    """Return the public names of a kind that a class and its bases of this house have."""
    houses = [one for one in of.__mro__ if one.__module__.startswith(OURS)]
    return {
        name
        for house in houses
        for name, value in vars(house).items()
        if isinstance(value, kind) and not name.startswith("_")
    }
