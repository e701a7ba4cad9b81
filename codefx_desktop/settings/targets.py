"""Targets: a person's own in ``targets.json`` beside the settings file, two of the settings.

::

    {"version": 1, "targets": [{"name": "Team R2", "kind": "r2", "bucket": "races", ...}]}

The file carries no secret: ``secrets`` keeps those. The settings (environment, settings file) make
the target ``R2`` as soon as one of its variables is set, and ``S3`` where ``STORAGE_BACKEND`` says
so; they win over own ones of these names.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.aws_credentials import standard_access
from codefx_desktop.settings.named_entries import NamedEntries, same_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.settings.settings import Settings

R2_NAME: Final = "R2"
S3_NAME: Final = "S3"

_TEXTS: Final = (
    "bucket",
    "account_id",
    "endpoint",
    "region",
    "access_key_id",
    "input_prefix",
    "output_prefix",
)
_SECRET: Final = re.compile(r"secret|password|passwd|token|credential", re.IGNORECASE)
_NUMBERS: Final = ("url_ttl_s", "retention_days", "abort_multipart_days")
_VARIABLES: Final = {
    (TargetKind.R2, "account_id"): "R2_ACCOUNT_ID",
    (TargetKind.R2, "bucket"): "R2_BUCKET",
    (TargetKind.R2, "access_key_id"): "R2_ACCESS_KEY_ID",
    (TargetKind.S3, "bucket"): "AWS_S3_BUCKET",
}


@dataclass(frozen=True, slots=True)
class LoadedTargets:
    """Which targets there are.

    Attributes:
        targets: Those of the settings, then a person's own in the order in which they were made;
            also those that lack something (``Target.missing``).
        troubles: What a person should know, a sentence each.
    """

    targets: tuple[Target, ...] = ()
    troubles: tuple[str, ...] = ()


def targets_file(paths: AppPaths) -> Path:
    """Return where a person's own targets are kept."""
    return paths.settings_file.with_name("targets.json")


def load_targets(paths: AppPaths, settings: Settings) -> LoadedTargets:
    """Return all targets; asks neither a network nor the system's keyring."""
    made, troubles = _of_settings(settings)
    with_secrets: dict[str, tuple[str, ...]] = {}
    own = _file(paths, with_secrets.__setitem__).load()
    if own.trouble:
        troubles.append(own.trouble)
    troubles += [_told_secret(paths, *one) for one in with_secrets.items()]
    shown = list(made)
    for target in own.entries:
        if any(same_name(target.name, one.name) for one in made):
            troubles.append(
                f"Your own target {target.name} is hidden by the one that the environment makes."
            )
        else:
            shown.append(target)
    return LoadedTargets(tuple(shown), tuple(troubles))


def save_target(paths: AppPaths, target: Target) -> None:
    """Keep an own target; one of the same name, in any case of letters, is replaced.

    Raises:
        ValueError: If the environment makes it, or its endpoint is no address.
        SettingsError: If the targets that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    if target.is_from_environment:
        raise ValueError(f"{target.name} is made by the environment: change it there")
    check_endpoint(target.endpoint)
    _file(paths).save(target)


def delete_target(paths: AppPaths, name: str) -> None:
    """Delete an own target; nothing happens if there is none of this name.

    Raises:
        SettingsError: If the targets that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    _file(paths).delete(name)


def find_target(paths: AppPaths, settings: Settings, name: str = "") -> Target:
    """Return the target of a name in any case of letters.

    Args:
        paths: The app's folders.
        settings: The settings.
        name: Its name; empty: the only one there is.

    Raises:
        SettingsError: If there is none, with the names there are.
    """
    loaded = load_targets(paths, settings)
    found = [one for one in loaded.targets if not name or same_name(one.name, name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in loaded.targets)
    told = f"There is no target {name}." if name else "There are several targets."
    hint = f"There are {names}." if names else "Add one: codefx targets add, or target settings."
    if names and not name:
        hint += " Say which: --target NAME."
    if not loaded.targets:
        told = "There is no target to push to."
    raise SettingsError(" ".join((told, *loaded.troubles)), hint=hint)


def check_endpoint(endpoint: str) -> None:
    """Check that an S3 server can have this address; an empty one is AWS's own.

    Raises:
        ValueError: If it cannot; the message does not tell it, as it may carry a password.
    """
    if not endpoint:
        return
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_address or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(
            "the endpoint must look like https://s3.example.com, without name and password"
        ) from None


def missing_variables(target: Target) -> tuple[str, ...]:
    """Return the variables that a target of the settings lacks, its secret's where another is.

    Whether only the secret is missing is known by whoever may ask the system's keyring.
    """
    names = [_VARIABLES[target.kind, field] for field in target.missing]
    if target.kind is TargetKind.R2:
        if names and not os.environ.get("R2_SECRET_ACCESS_KEY"):
            names.append("R2_SECRET_ACCESS_KEY")
    elif not target.access_key_id and standard_access() is None:
        pair = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        names += [name for name in pair if not os.environ.get(name)]
    return tuple(names)


def _of_settings(settings: Settings) -> tuple[list[Target], list[str]]:
    """Return the targets that settings make, and what is wrong with them."""
    made: list[Target] = []
    troubles: list[str] = []
    for name, values in (*_r2(settings), *_s3(settings)):
        try:
            check_endpoint(values.get("endpoint", ""))
            target = Target(
                name=name,
                url_ttl_s=settings.url_ttl_s,
                retention_days=settings.retention_days,
                abort_multipart_days=settings.abort_multipart_days,
                is_from_environment=True,
                **values,
            )
        except ValueError as error:
            troubles.append(f"Target {name} cannot be used: {error}.")
            continue
        made.append(target)
        if names := missing_variables(target):
            verb = "is" if len(names) == 1 else "are"
            troubles.append(f"Target {name} was begun, but {_listed(names)} {verb} not set.")
    return made, troubles


def _r2(settings: Settings) -> list[tuple[str, dict[str, Any]]]:
    values = {
        "account_id": settings.r2_account_id,
        "bucket": settings.r2_bucket,
        "access_key_id": settings.r2_access_key_id,
    }
    if not any(values.values()) and not os.environ.get("R2_SECRET_ACCESS_KEY"):
        return []
    return [(R2_NAME, {"kind": TargetKind.R2, **values})]


def _s3(settings: Settings) -> list[tuple[str, dict[str, Any]]]:
    if settings.storage_backend != "s3":
        return []
    values = {
        "kind": TargetKind.S3,
        "bucket": settings.s3_bucket,
        "endpoint": settings.s3_endpoint_url,
        "region": settings.s3_region,
        "access_key_id": settings.s3_access_key_id,
        "input_prefix": settings.s3_input_prefix,
        "output_prefix": settings.s3_output_prefix,
    }
    return [(S3_NAME, values)]


def _file(
    paths: AppPaths, note: Callable[[str, tuple[str, ...]], None] = lambda _name, _keys: None
) -> NamedEntries[Target]:
    """Return the file of own targets; ``note`` is told which keys of one look like a secret's."""

    def read(name: str, raw: Mapping[str, Any]) -> Target:
        if keys := tuple(key for key in raw if key not in _TEXTS and _SECRET.search(key)):
            note(name, keys)
        return _read(name, raw)

    return NamedEntries(targets_file(paths), "target", read, _write)


def _told_secret(paths: AppPaths, name: str, keys: tuple[str, ...]) -> str:
    """Return what to do about a secret in the file; of its value nothing is ever told."""
    verb = "is" if len(keys) == 1 else "are"
    return (
        f"Target {name}: {_listed(keys)} {verb} in {targets_file(paths)}, where no secret belongs, "
        "and not used. Enter the secret in the target settings (or: codefx targets add), which "
        "keeps it in the system keyring, and delete it from the file."
    )


def _read(name: str, raw: Mapping[str, Any]) -> Target:
    """Return a target of the file; what is told of a wrong value never tells the value."""
    values: dict[str, Any] = {}
    for key, kind in (*((key, str) for key in _TEXTS), *((key, int) for key in _NUMBERS)):
        if key in raw:
            if type(raw[key]) is not kind:
                raise ValueError(f"{key} is no {'text' if kind is str else 'number'}")
            values[key] = raw[key]
    if (folder := raw.get("folder")) is not None:
        if not isinstance(folder, str):
            raise ValueError("folder is no text")
        values["folder"] = Path(folder)
    if raw.get("kind") not in list(TargetKind):
        raise ValueError(f"kind is none of {', '.join(TargetKind)}")
    check_endpoint(values.get("endpoint", ""))
    return Target(name, TargetKind(raw["kind"]), **values)


def _write(target: Target) -> Mapping[str, Any]:
    """Return what is not empty: a folder has no bucket."""
    texts = {key: value for key in _TEXTS if (value := getattr(target, key))}
    folder = {} if target.folder is None else {"folder": str(target.folder)}
    numbers = {key: getattr(target, key) for key in _NUMBERS}
    return {"kind": target.kind.value, **texts, **folder, **numbers}


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
