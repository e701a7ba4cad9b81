"""A person's own profiles: one JSON file beside the settings file, written whole.

::

    {"version": 1, "profiles": [{"name": "Tyres", "plan": {"segment": true, ...}}]}

Keys that this program does not know are ignored. What cannot be read is never written over: a
damaged file is kept aside under another name, a newer program's file is left as it is, and in
both cases the person is told.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.errors import NoSpace, NotWritable, SettingsError
from codefx_desktop.domain.plan import BUILT_IN, Profile
from codefx_desktop.domain.plan_dict import plan_from_dict, plan_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from codefx_desktop.settings.paths import AppPaths

log = logging.getLogger(__name__)

VERSION: Final = 1
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class LoadedProfiles:
    """What the file held.

    Attributes:
        profiles: A person's own profiles, in the order in which they were made.
        trouble: What of the file could not be used and what became of it; empty if all is well.
    """

    profiles: tuple[Profile, ...] = ()
    trouble: str = ""


def profiles_file(paths: AppPaths) -> Path:
    """Return where a person's own profiles are kept."""
    return paths.settings_file.with_name("profiles.json")


def load_profiles(paths: AppPaths) -> LoadedProfiles:
    """Return a person's own profiles; a damaged file is kept aside, what is good in it is used."""
    path = profiles_file(paths)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return LoadedProfiles()
    except OSError as error:
        return LoadedProfiles((), f"{path} cannot be read: {error.strerror or error}.")
    try:
        entries = _entries(data)
    except _NewerFileError:
        return LoadedProfiles((), f"{path} was written by a newer program and is not used.")
    except (ValueError, RecursionError) as error:
        return LoadedProfiles((), _told_aside(path, f"{path} is damaged ({error})"))
    profiles, troubles = _usable(entries)
    if not troubles:
        return LoadedProfiles(profiles)
    return LoadedProfiles(profiles, _without_damaged(path, profiles, troubles))


def save_profile(paths: AppPaths, profile: Profile) -> None:
    """Keep an own profile; one of the same name, in any case of letters, is replaced.

    Raises:
        ValueError: If a built-in profile is called so.
        SettingsError: If the profiles that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    check_own_name(profile.name)
    kept = _kept(paths)
    if any(_same(one.name, profile.name) for one in kept):
        kept = [profile if _same(one.name, profile.name) else one for one in kept]
    else:
        kept = [*kept, profile]
    _write(profiles_file(paths), kept)


def delete_profile(paths: AppPaths, name: str) -> None:
    """Delete an own profile; nothing happens if there is none of this name.

    Raises:
        SettingsError: If the profiles that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    kept = _kept(paths)
    rest = [one for one in kept if not _same(one.name, name)]
    if len(rest) < len(kept):
        _write(profiles_file(paths), rest)


def find_profile(paths: AppPaths, name: str) -> Profile:
    """Return the profile of a name in any case of letters, built-in ones first.

    Raises:
        ValueError: If there is none, with the names there are.
    """
    for profile in BUILT_IN:
        if _same(profile.name, name):
            return profile
    own = load_profiles(paths)
    for profile in own.profiles:
        if _same(profile.name, name):
            return profile
    names = ", ".join(profile.name for profile in (*BUILT_IN, *own.profiles))
    raise ValueError(f"there is no profile {name!r}; there are {names}. {own.trouble}".strip())


def check_own_name(name: str) -> None:
    """Check that a person's own profile can be called so.

    Raises:
        ValueError: If a built-in profile is.
    """
    taken = chain.from_iterable((profile.name, profile.title) for profile in BUILT_IN)
    if any(_same(name, one) for one in taken):
        raise ValueError(f"{name} is a built-in profile: choose another name")


class _NewerFileError(Exception):
    """The file's version is above what this program knows."""


def _entries(data: bytes) -> list[Any]:
    """Return what stands in the file for profiles.

    Raises:
        ValueError: If it is damaged.
        _NewerFileError: If a newer program wrote it.
    """
    content = json.loads(data.decode("utf-8"))
    version = content.get("version") if isinstance(content, dict) else None
    if type(version) is not int or version < 1:
        raise ValueError("it carries no version")
    if version > VERSION:
        raise _NewerFileError
    entries = content.get("profiles")
    if not isinstance(entries, list):
        raise ValueError("it carries no list of profiles")  # noqa: TRY004 - of a file
    return entries


def _usable(entries: Iterable[Any]) -> tuple[tuple[Profile, ...], list[str]]:
    """Return the profiles that can be used, and what is wrong with the others."""
    profiles: list[Profile] = []
    troubles: list[str] = []
    for entry in entries:
        try:
            profiles.append(_profile(entry, profiles))
        except (ValueError, RecursionError) as error:
            troubles.append(str(error))
    return tuple(profiles), troubles


def _profile(entry: Any, before: Iterable[Profile]) -> Profile:  # noqa: ANN401 - of a file
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str):
        raise ValueError("a profile has no name")  # noqa: TRY004 - of a file
    check_own_name(name)
    if any(_same(name, one.name) for one in before):
        raise ValueError(f"{name} is there twice")
    try:
        return Profile(name, name, plan_from_dict(entry.get("plan")), is_own=True)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _kept(paths: AppPaths) -> Sequence[Profile]:
    """Return the profiles that a new file must hold too.

    Raises:
        SettingsError: If there is a file that cannot be read or kept aside.
    """
    loaded = load_profiles(paths)
    if loaded.trouble and profiles_file(paths).exists() and load_profiles(paths).trouble:
        raise SettingsError(
            loaded.trouble, hint="Move that file away, then save the profile again."
        )
    return loaded.profiles


def _without_damaged(path: Path, profiles: Sequence[Profile], troubles: Sequence[str]) -> str:
    """Keep the file aside and write what is good in it anew; return what to tell."""
    told = _told_aside(path, f"{path} holds profiles that cannot be used ({'; '.join(troubles)})")
    if not path.exists():
        with suppress(NoSpace, NotWritable):  # the file aside still holds them
            _write(path, profiles)
    return told


def _told_aside(path: Path, trouble: str) -> str:
    """Rename a damaged file, never over another one; return what to tell."""
    names = (path.with_name(f"{path.name}.damaged{n if n > 1 else ''}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    try:
        path.rename(aside)
    except OSError as error:
        log.warning("%s could not be kept aside", path, exc_info=error)
        return f"{trouble}."
    told = f"{trouble}. It is kept as {aside}."
    log.warning("%s", told)
    return told


def _write(path: Path, profiles: Iterable[Profile]) -> None:
    entries = [{"name": one.name, "plan": plan_to_dict(one.plan)} for one in profiles]
    content = {"version": VERSION, "profiles": entries}
    data = json.dumps(content, indent=2).encode("ascii")  # a path may be no valid text
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # the first error is the one to tell
            part.unlink()
        kind = NoSpace if error.errno in _FULL else NotWritable
        raise kind(
            f"The profiles could not be written to {path}: {error.strerror or error}.",
            hint="Free some space, or make the folder writable.",
            path=path,
        ) from error


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
