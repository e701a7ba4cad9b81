"""A system's keyring in memory, which can be locked."""

from __future__ import annotations


class LockedError(Exception):
    """What a backend raises; told badly, with what it was given."""


class FakeRing:
    """Keeps passwords by service and name.

    Attributes:
        kept: All of them.
        locked: Raised by every call while it is set.
        calls: Number of calls.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._called()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._called(password)
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._called()
        del self.kept[service, username]

    def _called(self, password: str = "") -> None:
        self.calls += 1
        if self.locked:
            raise LockedError(f"cannot store {password!r}")
