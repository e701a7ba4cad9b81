"""Which keys a folder can hold, and under which paths: none leads out, all work on every system."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import RemoteError

if TYPE_CHECKING:
    from pathlib import Path

OWN_FOLDER: Final = ".codefx"
"""What we note about objects, and uploads that are not whole; no object is ever in it."""

_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.IGNORECASE
)


def trouble_with(key: str) -> str:
    """Return why a key cannot be a file on every system, as a part of a sentence; else nothing.

    A drive that was filled on Linux is read on Windows, so that Windows' rules hold everywhere.

    Source: "Naming Files, Paths, and Namespaces", Microsoft Learn.
    """
    names = key.split("/")
    if any(name in ("", ".", "..") for name in names):
        return "leads out of the folder or nowhere"
    if names[0].casefold() == OWN_FOLDER:
        return "is where this program keeps its own notes"
    for name in names:
        if _FORBIDDEN.search(name) or name[-1] in " ." or _RESERVED.fullmatch(name):
            return f"has a name that Windows cannot have: {name!r}"
        if len(os.fsencode(name)) > 255:
            return "has a name that is too long"
    return ""


def path_of(root: Path, key: str) -> Path:
    """Return where the object of a key is.

    Raises:
        RemoteError: If it cannot be a file here, or a link in the folder leads out of it.
    """
    if trouble := trouble_with(key):
        raise RemoteError(f"The key {key!r} cannot be used in a folder: it {trouble}.")
    path = root.joinpath(*key.split("/"))
    if not path.parent.resolve().is_relative_to(root.resolve()):
        raise RemoteError(
            f"{path.parent} is a link that leads out of {root}.",
            hint="Remove the link, or choose another folder.",
            path=path.parent,
        )
    return path


def key_of(root: Path, path: Path) -> str | None:
    """Return the key of a file in the folder; None where no object can be called so."""
    key = path.relative_to(root).as_posix()
    try:
        key.encode()
    except UnicodeEncodeError:  # bytes that are no text
        return None
    return None if trouble_with(key) else key
