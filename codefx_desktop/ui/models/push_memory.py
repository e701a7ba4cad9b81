"""What a person chose for pushing, kept between runs of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.push import DEFAULT_PARTS, PushPart

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

_TARGET: Final = "push/target"
_PAUSED: Final = "push/paused"
_LIMIT: Final = "push/limit_mbit"
_TTL: Final = "push/ttl_s"


class PushMemory:
    """The last choices; those of parts by profile.

    Args:
        store: Where they are kept.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def parts(self, profile: str) -> frozenset[PushPart]:
        """Return what of a job of this profile was pushed the last time."""
        kept = self._store.value(f"push/parts/{_key(profile)}")
        if not isinstance(kept, str):
            return DEFAULT_PARTS
        known = {part.value for part in PushPart}
        return frozenset(PushPart(name) for name in kept.split(",") if name in known)

    def keep_parts(self, profile: str, parts: frozenset[PushPart]) -> None:
        """Remember what of such a job is pushed."""
        text = ",".join(part.value for part in PushPart if part in parts)
        self._store.setValue(f"push/parts/{_key(profile)}", text)

    @property
    def target(self) -> str:
        """The target that was pushed to last."""
        return str(self._store.value(_TARGET, ""))

    @target.setter
    def target(self, name: str) -> None:
        self._store.setValue(_TARGET, name)

    @property
    def paused(self) -> bool:
        """Whether a person wanted nothing to be sent."""
        return str(self._store.value(_PAUSED, "false")).lower() == "true"

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._store.setValue(_PAUSED, paused)

    def limit_mbit(self, default: float) -> float:
        """Return the limit that a person chose; one that cannot be read is the default."""
        return self._number(_LIMIT, default)

    def keep_limit(self, mbit: float) -> None:
        """Remember the limit."""
        self._store.setValue(_LIMIT, mbit)

    def ttl_s(self, default: int) -> int:
        """Return how long links were to work the last time."""
        return int(self._number(_TTL, default))

    def keep_ttl(self, seconds: int) -> None:
        """Remember how long links are to work."""
        self._store.setValue(_TTL, seconds)

    def _number(self, key: str, default: float) -> float:
        try:
            value = float(str(self._store.value(key, default)))
        except ValueError:
            return default
        return value if 0 <= value < 1e9 else default


def _key(profile: str) -> str:
    """Return a profile's name as it may stand in a settings file."""
    return profile.replace("/", "_").replace("\\", "_") or "-"
