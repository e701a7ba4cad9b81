"""All further clips, beyond the set that ``make_nasty_videos`` makes."""

from __future__ import annotations

from nasty import codings, everyday, fielded, oddities, recorders
from nasty.kinds import FURTHER, Further

__all__ = ["FURTHER", "REGISTERED", "Further"]

REGISTERED = (everyday, recorders, oddities, codings, fielded)
