"""All that is done with targets: listed, kept, removed, opened, tested, their rules.

The same for the window and the terminal. Every call may block and belongs on a worker: keyrings
may ask the person first, and places may not answer.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.files import write_whole
from codefx_desktop.domain.errors import AlreadyThere, CodefxError, NotOffered, SettingsError
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.lifecycle import exported, look_at_lifecycle, set_lifecycle, shape_for
from codefx_desktop.jobs.target_check import check_target, failed_to_open
from codefx_desktop.jobs.target_values import TargetList, TargetRow
from codefx_desktop.settings.named_entries import same_name
from codefx_desktop.settings.secrets import Access, Found, SecretPlace
from codefx_desktop.settings.targets import (
    LoadedTargets,
    check_endpoint,
    delete_target,
    find_target,
    load_targets,
    missing_variables,
    save_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.jobs.lifecycle import Shape
    from codefx_desktop.jobs.target_values import LifecycleView, TargetCheck
    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.settings.secrets import Secrets
    from codefx_desktop.settings.settings import Settings

    OpenStore = Callable[[Target, Access | None], ObjectStore]


class TargetKeeper:
    """Keeps targets and their secrets, and opens them.

    Args:
        paths: The app's folders.
        settings: The settings.
        secrets: Finds and keeps secrets.
        open_store: Returns the place of a target; raises SettingsError or AccessRefused where
            something is missing.
    """

    def __init__(
        self, paths: AppPaths, settings: Settings, secrets: Secrets, open_store: OpenStore
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._secrets = secrets
        self._open_store = open_store

    def loaded(self) -> LoadedTargets:
        """Return all targets, without asking for their secrets."""
        return load_targets(self._paths, self._settings)

    def find(self, name: str = "") -> Target:
        """Return a target by its name in any case of letters; no name: the only one there is.

        Raises:
            SettingsError: If there is none, with the names there are.
        """
        return find_target(self._paths, self._settings, name)

    def open(self, target: Target) -> ObjectStore:
        """Return the place of a target; whoever opened it closes it.

        Raises:
            SettingsError: If the target is not complete.
            AccessRefused: If its secret is not known, or the keyring does not answer.
        """
        names = missing_variables(target) if target.is_from_environment else ()
        if names:
            raise SettingsError(
                f"Target {target.name} is not complete: {', '.join(names)} not set.",
                hint="Set the rest in the environment.",
            )
        return self._open_store(target, self._secrets.get(target))

    def secret_place(self, target: Target) -> SecretPlace:
        """Return where a target's secret is, also of one that is not kept yet.

        Raises:
            AccessRefused: If the keyring does not answer.
        """
        return self._secrets.find(target).place

    def survey(self) -> TargetList:
        """Return all targets with what each lacks."""
        loaded = self.loaded()
        return TargetList(tuple(map(self._row, loaded.targets)), loaded.troubles)

    def troubles(self) -> tuple[str, ...]:
        """Return what to tell at start: what the targets of the environment lack, damaged files.

        The keyring is asked only where such a target's secret is not in the environment.
        """
        loaded = self.loaded()
        made = (one for one in loaded.targets if one.is_from_environment)
        # Those that lack more were told of already.
        whole = (one for one in made if not missing_variables(one))
        return loaded.troubles + tuple(
            trouble for target in whole if (trouble := _told(self._row(target)))
        )

    def save(
        self, target: Target, secret: str = "", session_token: str = "", *, was: str = ""
    ) -> str:
        """Keep a target, and its secret if one is given.

        Args:
            target: The target.
            secret: Its secret; empty: the one that is kept stays, unless the key is another now.
            session_token: Goes with keys that are valid for a time only.
            was: Its name before; empty for a new one.

        Returns:
            What the person should know of the secret; empty if all is well.

        Raises:
            ValueError: If a value cannot be used.
            SettingsError: If another target has the name, or the targets cannot be read.
            AccessRefused: If the keyring does not answer.
            NoSpace: If the disk is full.
            NotWritable: If the targets cannot be written.
        """
        before = self._own(was) if was else None
        self._check_name(target, was)
        kept = Found(None, SecretPlace.NOWHERE) if before is None else self._secrets.find(before)
        save_target(self._paths, target)
        note = ""
        if secret:
            note = self._secrets.set(target, secret, session_token)
        elif _moves(before, target) and kept.place in (SecretPlace.KEYRING, SecretPlace.MEMORY):
            assert kept.access is not None
            note = self._secrets.set(target, kept.access.secret, kept.access.session_token)
        if before is not None and _keeps_elsewhere(before, target):
            self._secrets.forget(before)
        if before is not None and not same_name(before.name, target.name):
            delete_target(self._paths, before.name)
        return note

    def set_secret(self, name: str, secret: str, session_token: str = "") -> str:
        """Keep a target's secret alone; returns what ``save`` does.

        Raises:
            ValueError: If this can be no secret.
            SettingsError: If there is no such target.
        """
        return self._secrets.set(self.find(name), secret, session_token)

    def forget_secret(self, name: str) -> None:
        """Forget what was entered for a target.

        Raises:
            SettingsError: If there is no such target.
            AccessRefused: If the keyring does not answer.
        """
        self._secrets.forget(self.find(name))

    def remove(self, name: str) -> Target:
        """Forget a target and its secret; what was pushed there stays there.

        Raises:
            SettingsError: If there is none of this name, or the environment makes it.
            AccessRefused: If the keyring does not answer; then the target stays.
            NoSpace: If the disk is full.
            NotWritable: If the targets cannot be written.
        """
        target = self._own(name)
        self._secrets.forget(target)
        delete_target(self._paths, target.name)
        return target

    def check(
        self,
        target: Target,
        secret: str = "",
        session_token: str = "",
        tell: Callable[[TargetCheck], None] = lambda _: None,
    ) -> TargetCheck:
        """Test the connection, also of a target that is not kept yet.

        Args:
            target: The target.
            secret: What was entered for it; empty: the one that is kept.
            session_token: Goes with the secret.
            tell: Told how far it is.
        """
        try:
            check_endpoint(target.endpoint)
            if secret:
                access = Access(target.access_key_id, secret.strip(), session_token.strip())
                store = self._open_store(target, access)
            else:
                store = self.open(target)
        except (CodefxError, ValueError) as error:
            known = error if isinstance(error, CodefxError) else SettingsError(f"{error}.")
            failed = failed_to_open(target, known)
            tell(failed)
            return failed
        with closing(store):
            return check_target(target, store, tell)

    def lifecycle(self, name: str) -> LifecycleView:
        """Return what a target's bucket deletes by itself, against what is wanted.

        Raises:
            SettingsError: If there is no such target, or it is not complete.
            RemoteError: If it cannot be asked.
        """
        target = _bucket(self.find(name))
        with closing(self.open(target)) as store:
            return look_at_lifecycle(target, store)

    def set_lifecycle(self, name: str, *, expire: bool) -> LifecycleView:
        """Write the wanted rules into a target's bucket; ``jobs.lifecycle`` says more.

        Raises:
            SettingsError: If there is no such target, or it is not complete.
            RemoteError: If it cannot be asked, or does not take them.
        """
        target = _bucket(self.find(name))
        with closing(self.open(target)) as store:
            return set_lifecycle(target, store, expire=expire)

    def export_lifecycle(
        self, name: str, file: Path, *, expire: bool, replace: bool = False
    ) -> Shape:
        """Write the wanted rules into a file for another tool; no network is needed.

        Returns:
            The shape: which tool takes it.

        Raises:
            SettingsError: If there is no such target.
            NotOffered: If it is a folder.
            AlreadyThere: If the file is there and may not be replaced.
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        target = _bucket(self.find(name))
        if not replace and os.path.lexists(file):
            raise AlreadyThere(f"{file} is there already.", hint="Name another file.", path=file)
        shape = shape_for(target)
        text = json.dumps(exported(target, shape, expire=expire), indent=2)
        write_whole(file, f"{text}\n".encode())
        return shape

    def _row(self, target: Target) -> TargetRow:
        try:
            place, trouble = self._secrets.find(target).place, ""
        except CodefxError as error:
            place, trouble = SecretPlace.NOWHERE, str(error)
        missing = target.missing
        if target.is_from_environment:
            missing = missing_variables(target)
        if place is SecretPlace.NOWHERE and not trouble:
            missing = tuple(dict.fromkeys((*missing, *_secret_names(target))))
        return TargetRow(target, place, missing, trouble)

    def _own(self, name: str) -> Target:
        """Return a target that can be changed here.

        Raises:
            SettingsError: If there is none of this name, or the environment makes it.
        """
        target = self.find(name)
        if target.is_from_environment:
            raise SettingsError(
                f"Target {target.name} is made by the environment or the settings file.",
                hint="Change it there.",
            )
        return target

    def _check_name(self, target: Target, was: str) -> None:
        if was and same_name(target.name, was):
            return
        if any(same_name(one.name, target.name) for one in self.loaded().targets):
            raise SettingsError(
                f"There is a target {target.name} already.", hint="Choose another name."
            )


def _bucket(target: Target) -> Target:
    if target.kind is TargetKind.FOLDER:
        raise NotOffered(
            f"Target {target.name} is a folder, which deletes nothing by itself.",
            hint="Delete old jobs there by hand.",
        )
    return target


def _moves(before: Target | None, after: Target) -> bool:
    """Return whether a kept secret has to be kept under another name."""
    if before is None or before.access_key_id != after.access_key_id:
        return False
    return not same_name(before.name, after.name)


def _keeps_elsewhere(before: Target, after: Target) -> bool:
    """Return whether nothing needs what is kept for the target as it was."""
    is_same_key = before.access_key_id == after.access_key_id
    return not (is_same_key and same_name(before.name, after.name))


def _secret_names(target: Target) -> tuple[str, ...]:
    """Return what to call the secret that a target lacks."""
    if not target.is_from_environment:
        return ("secret",) if target.access_key_id else ("access_key_id", "secret")
    if target.kind is TargetKind.R2:
        return ("R2_SECRET_ACCESS_KEY",)
    return ("AWS_SECRET_ACCESS_KEY",)


def _told(row: TargetRow) -> str:
    if row.trouble:
        return row.trouble
    if not row.missing:
        return ""
    return (
        f"Target {row.target.name} was begun, but {' and '.join(row.missing)} is not set, and no "
        "secret was entered."
    )
