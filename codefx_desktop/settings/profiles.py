"""A person's own profiles: ``profiles.json`` beside the settings file.

::

    {"version": 1, "profiles": [{"name": "Tyres", "plan": {"segment": true, ...}}]}

Keys that this program does not know are ignored; ``named_entries`` says how files are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.plan import BUILT_IN, Profile
from codefx_desktop.domain.plan_dict import plan_from_dict, plan_to_dict
from codefx_desktop.settings.named_entries import NamedEntries, same_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codefx_desktop.settings.paths import AppPaths


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
    loaded = _file(paths).load()
    return LoadedProfiles(loaded.entries, loaded.trouble)


def save_profile(paths: AppPaths, profile: Profile) -> None:
    """Keep an own profile; one of the same name, in any case of letters, is replaced.

    Raises:
        ValueError: If a built-in profile is called so.
        SettingsError: If the profiles that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    check_own_name(profile.name)
    _file(paths).save(profile)


def delete_profile(paths: AppPaths, name: str) -> None:
    """Delete an own profile; nothing happens if there is none of this name.

    Raises:
        SettingsError: If the profiles that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    _file(paths).delete(name)


def find_profile(paths: AppPaths, name: str) -> Profile:
    """Return the profile of a name in any case of letters, built-in ones first.

    Raises:
        ValueError: If there is none, with the names there are.
    """
    for profile in BUILT_IN:
        if same_name(profile.name, name):
            return profile
    own = load_profiles(paths)
    for profile in own.profiles:
        if same_name(profile.name, name):
            return profile
    names = ", ".join(profile.name for profile in (*BUILT_IN, *own.profiles))
    trouble = f". {own.trouble.removesuffix('.')}" if own.trouble else ""
    raise ValueError(f"there is no profile {name!r}; there are {names}{trouble}")


def check_own_name(name: str) -> None:
    """Check that a person's own profile can be called so.

    Raises:
        ValueError: If a built-in profile is.
    """
    taken = chain.from_iterable((profile.name, profile.title) for profile in BUILT_IN)
    if any(same_name(name, one) for one in taken):
        raise ValueError(f"{name} is a built-in profile: choose another name")


def _file(paths: AppPaths) -> NamedEntries[Profile]:
    return NamedEntries(profiles_file(paths), "profile", _read, _write)


def _read(name: str, raw: Mapping[str, Any]) -> Profile:
    check_own_name(name)
    return Profile(name, name, plan_from_dict(raw.get("plan")), is_own=True)


def _write(profile: Profile) -> Mapping[str, Any]:
    return {"plan": plan_to_dict(profile.plan)}
