"""Secrets of targets: from the environment, the system's keyring, or this run's memory.

Never in a file of ours, a log, an error, an argument list or a text of an object. A secret that a
person entered for a target comes first, then one of the environment or of AWS's credentials file
that goes with the target's key id. For the targets that the environment makes it is the other way
round.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, cast

from codefx_desktop.domain.errors import AccessRefused
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.access import Access
from codefx_desktop.settings.aws_credentials import (
    environment_access,
    file_access,
    standard_access,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Access", "Found", "Ring", "SecretPlace", "Secrets", "system_ring"]

log = logging.getLogger(__name__)

SERVICE: Final = "CodeFx Desktop"
NO_RING: Final = "This system offers no keyring that keeps secrets safe."
_REFUSED: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
"""Backends that keep nothing, or keep it in a file that anybody who has the laptop can read."""


class Ring(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept, None if nothing is."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        ...


class SecretPlace(StrEnum):
    """Where a target's secret was found."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    MEMORY = "memory"
    AWS_FILE = "aws_file"
    NOT_NEEDED = "not_needed"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Found:
    """A target's key and where its secret was found; no key where there is none."""

    access: Access | None
    place: SecretPlace


def system_ring() -> Ring | None:
    """Return the system's keyring; None where there is none that can be trusted.

    Takes a fraction of a second the first time and may talk to other programs.
    """
    import keyring  # noqa: PLC0415 - only who has a bucket waits for it

    backend = keyring.get_keyring()
    # Of a chain only its best link that may be used: the others might be plain files.
    for link in getattr(backend, "backends", (backend,)):
        if not type(link).__module__.startswith(_REFUSED):
            return cast("Ring", link)
    return None


class Secrets:
    """Finds and keeps secrets. Any thread but the main one: keyrings may ask the person first.

    Args:
        find_ring: Returns the keyring, None if there is none.
    """

    def __init__(self, find_ring: Callable[[], Ring | None] = system_ring) -> None:
        self._find_ring = find_ring
        # Each use is one operation, which no other thread can come between.
        self._memory: dict[str, Access] = {}

    def get(self, target: Target) -> Access | None:
        """Return the key that signs for a target; None if its secret is not known.

        Raises:
            AccessRefused: If the keyring does not answer.
        """
        return self.find(target).access

    def find(self, target: Target) -> Found:
        """Return the key that signs for a target, and where its secret was found.

        Raises:
            AccessRefused: If the keyring does not answer.
        """
        if target.kind is TargetKind.FOLDER:
            return Found(None, SecretPlace.NOT_NEEDED)
        if target.is_from_environment and (access := _of_variables(target)) is not None:
            return Found(access, SecretPlace.ENVIRONMENT)
        return self._entered(target) or _standard(target)

    def set(self, target: Target, secret: str, session_token: str = "") -> str:
        """Keep a target's secret; return what the person should know, empty if all is well.

        Raises:
            ValueError: If this can be no secret, or the target has no key id it goes with.
        """
        access = Access(target.access_key_id, _checked(secret), session_token.strip())
        if not access.key_id:
            raise ValueError("a secret goes with an access key id: enter that, too")
        user = _user(target)
        why = self._kept(user, access)
        if not why:
            self._memory.pop(user, None)
            return ""
        self._memory[user] = access
        log.info("The secret of target %s is kept in memory only", target.name)
        return f"{why} The secret is known until the program ends."

    def forget(self, target: Target) -> None:
        """Forget what was entered for a target; nothing happens if nothing was.

        Raises:
            AccessRefused: If the keyring does not answer.
        """
        user = _user(target)
        self._memory.pop(user, None)
        if (ring := self._ring(target)) is None:
            return
        for name in (user, _token_user(user)):
            if self._read(ring, name, target):
                try:
                    ring.delete_password(SERVICE, name)
                except Exception as error:  # noqa: BLE001 - backends are anybody's code
                    raise _refused(target, error) from None

    def _entered(self, target: Target) -> Found | None:
        """Return what a person entered for a target."""
        if not target.access_key_id:
            return None
        user = _user(target)
        if (access := self._memory.get(user)) is not None:
            return Found(access, SecretPlace.MEMORY)
        if (ring := self._ring(target)) is None:
            return None
        if secret := self._read(ring, user, target):
            token = self._read(ring, _token_user(user), target)
            return Found(Access(target.access_key_id, secret, token), SecretPlace.KEYRING)
        return None

    def _kept(self, user: str, access: Access) -> str:
        """Give a secret to the keyring; return why it could not be, empty if it was."""
        try:
            if (ring := self._find_ring()) is None:
                return NO_RING
            ring.set_password(SERVICE, user, access.secret)
            if access.session_token:
                ring.set_password(SERVICE, _token_user(user), access.session_token)
            elif ring.get_password(SERVICE, _token_user(user)):
                ring.delete_password(SERVICE, _token_user(user))
        except Exception as error:  # noqa: BLE001 - backends are anybody's code
            return f"The system's keyring did not take it ({type(error).__name__})."
        return ""

    def _ring(self, target: Target) -> Ring | None:
        try:
            return self._find_ring()
        except Exception as error:  # noqa: BLE001 - backends are anybody's code
            raise _refused(target, error) from None

    def _read(self, ring: Ring, user: str, target: Target) -> str:
        try:
            return ring.get_password(SERVICE, user) or ""
        except Exception as error:  # noqa: BLE001 - backends are anybody's code
            raise _refused(target, error) from None


def _of_variables(target: Target) -> Access | None:
    """Return the key of a target that the environment makes, if its secret is there, too."""
    if target.kind is TargetKind.S3 and not target.access_key_id:
        return environment_access()
    is_r2 = target.kind is TargetKind.R2
    secret = os.environ.get("R2_SECRET_ACCESS_KEY" if is_r2 else "AWS_SECRET_ACCESS_KEY", "")
    if not secret.strip():
        return None
    token = "" if is_r2 else os.environ.get("AWS_SESSION_TOKEN", "")
    return Access(target.access_key_id, secret.strip(), token.strip())


def _standard(target: Target) -> Found:
    """Return a key of the environment or of AWS's file, where it is the target's."""
    environment = environment_access()
    if not target.access_key_id:
        access = standard_access() if target.kind is TargetKind.S3 else None
        place = SecretPlace.ENVIRONMENT if environment else SecretPlace.AWS_FILE
        return Found(access, place if access else SecretPlace.NOWHERE)
    r2 = Access(os.environ.get("R2_ACCESS_KEY_ID", ""), os.environ.get("R2_SECRET_ACCESS_KEY", ""))
    for access, place in (
        (r2, SecretPlace.ENVIRONMENT),
        (environment, SecretPlace.ENVIRONMENT),
        (file_access(), SecretPlace.AWS_FILE),
    ):
        if access is not None and access.secret and access.key_id == target.access_key_id:
            return Found(access, place)
    return Found(None, SecretPlace.NOWHERE)


def _checked(secret: str) -> str:
    """Return a secret as it was meant; pasting brings spaces along.

    Raises:
        ValueError: If there is none.
    """
    secret = secret.strip()
    if not secret or not secret.isprintable() or " " in secret:
        raise ValueError("a secret access key is one word")
    return secret


def _user(target: Target) -> str:
    """Return the keyring's name of a secret: it goes with its key, and with its target.

    One key id may be known to two servers, and two installations may share a keyring.
    """
    return f"{target.name.casefold()}/{target.access_key_id}"


def _token_user(user: str) -> str:
    return f"{user}/session token"


def _refused(target: Target, error: Exception) -> AccessRefused:
    """Return what to tell; not what a backend says, which might quote what it was given."""
    log.info("The keyring failed with %s", type(error).__name__)
    return AccessRefused(
        f"The system's keyring did not answer for target {target.name} ({type(error).__name__}).",
        hint="Unlock it and try again, or enter the secret in the environment.",
    )
