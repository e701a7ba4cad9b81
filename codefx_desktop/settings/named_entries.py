"""Named entries that a person keeps: one JSON file of them, written whole.

::

    {"version": 1, "profiles": [{"name": "Tyres", ...}]}

What cannot be read is never written over: a damaged file is kept aside under another name, a
newer program's file is left as it is, and in both cases the person is told.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from codefx_desktop.domain.errors import NoSpace, NotWritable, SettingsError
from codefx_desktop.settings.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

VERSION: Final = 1


class Named(Protocol):
    """Something that a person gave a name."""

    @property
    def name(self) -> str:
        """Its name; unique in any case of letters."""
        ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a file held.

    Attributes:
        entries: In the order in which they were made.
        trouble: What could not be used and what became of it; empty if all is well.
    """

    entries: tuple[T, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class NamedEntries(Generic[T]):
    """A file of named entries.

    Attributes:
        path: The file.
        what: What one entry is, for a person, such as ``profile``; with an ``s`` it is the
            list's key.
        read: Makes an entry of its name and what stands beside it; raises ValueError if that
            cannot be.
        write: Returns what stands beside an entry's name.
    """

    path: Path
    what: str
    read: Callable[[str, Mapping[str, Any]], T]
    write: Callable[[T], Mapping[str, Any]]

    def load(self) -> Loaded[T]:
        """Return the entries; a damaged file is kept aside, what is good in it is used."""
        path = self.path
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return Loaded()
        except OSError as error:
            return Loaded((), f"{path} cannot be read: {error.strerror or error}.")
        try:
            raws = self._raws(data)
        except _NewerFileError:
            return Loaded((), f"{path} was written by a newer program and is not used.")
        except (ValueError, RecursionError) as error:
            return Loaded((), _told_aside(path, f"{path} is damaged ({error})"))
        entries, troubles = self._usable(raws)
        return Loaded(entries, self._without_damaged(entries, troubles) if troubles else "")

    def save(self, entry: T) -> None:
        """Keep an entry; one of the same name, in any case of letters, is replaced.

        Raises:
            SettingsError: If the entries that are there cannot be read.
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        kept = self._kept()
        if any(same_name(one.name, entry.name) for one in kept):
            kept = [entry if same_name(one.name, entry.name) else one for one in kept]
        else:
            kept = [*kept, entry]
        self._write_all(kept)

    def delete(self, name: str) -> None:
        """Delete an entry; nothing happens if there is none of this name.

        Raises:
            SettingsError: If the entries that are there cannot be read.
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        kept = self._kept()
        rest = [one for one in kept if not same_name(one.name, name)]
        if len(rest) < len(kept):
            self._write_all(rest)

    def _raws(self, data: bytes) -> list[Any]:
        """Return what stands in the file for entries.

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
        raws = content.get(f"{self.what}s")
        if not isinstance(raws, list):
            raise ValueError(f"it carries no list of {self.what}s")  # noqa: TRY004 - of a file
        return raws

    def _usable(self, raws: Iterable[Any]) -> tuple[tuple[T, ...], list[str]]:
        """Return the entries that can be used, and what is wrong with the others."""
        entries: list[T] = []
        troubles: list[str] = []
        for raw in raws:
            try:
                entries.append(self._entry(raw, entries))
            except (ValueError, RecursionError) as error:
                troubles.append(str(error))
        return tuple(entries), troubles

    def _entry(self, raw: Any, before: Iterable[T]) -> T:  # noqa: ANN401 - of a file
        name = raw.get("name") if isinstance(raw, dict) else None
        if not isinstance(name, str):
            raise ValueError(f"a {self.what} has no name")  # noqa: TRY004 - of a file
        if any(same_name(name, one.name) for one in before):
            raise ValueError(f"{name} is there twice")
        try:
            return self.read(name, raw)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error

    def _kept(self) -> Sequence[T]:
        """Return the entries that a new file must hold too.

        Raises:
            SettingsError: If there is a file that cannot be read or kept aside.
        """
        loaded = self.load()
        if loaded.trouble and self.path.exists() and self.load().trouble:
            raise SettingsError(
                loaded.trouble, hint=f"Move that file away, then save the {self.what} again."
            )
        return loaded.entries

    def _without_damaged(self, entries: Sequence[T], troubles: Sequence[str]) -> str:
        """Keep the file aside and write what is good in it anew; return what to tell."""
        wrong = f"{self.path} holds {self.what}s that cannot be used ({'; '.join(troubles)})"
        told = _told_aside(self.path, wrong)
        if not self.path.exists():
            with suppress(NoSpace, NotWritable):  # the file aside still holds them
                self._write_all(entries)
        return told

    def _write_all(self, entries: Iterable[T]) -> None:
        raws = [{"name": one.name, **self.write(one)} for one in entries]
        content = {"version": VERSION, f"{self.what}s": raws}
        data = json.dumps(content, indent=2).encode("ascii")  # a path may be no valid text
        write_whole(self.path, data, f"{self.what}s")


class _NewerFileError(Exception):
    """The file's version is above what this program knows."""


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same to a person."""
    return one.casefold() == other.casefold()


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
