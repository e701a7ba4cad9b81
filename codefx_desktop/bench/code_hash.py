"""What a result depends on: hashes of our own source, so that kept results are never stale."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path
from typing import Final

import codefx_desktop

_PACKAGE: Final = "codefx_desktop"
_ROOT: Final = Path(codefx_desktop.__file__).parent
SHOWN: Final = 12
"""Characters of a hash in a file's name."""


def code_hash(*modules: str) -> str:
    """Return a hash of modules and of what they import from their own rooms.

    Comments and layout do not count: the hash is of what the text means to Python. Where the
    program carries no source, its version stands for all of it.

    Args:
        *modules: ``room.module`` inside the package (``analysis.motion``).

    Raises:
        ModuleNotFoundError: If there is no such module.
    """
    if not (_ROOT / "__init__.py").is_file():
        return short_hash(codefx_desktop.__version__)
    seen: dict[str, str] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        tree = ast.parse(_source(name).read_text(encoding="utf-8"))
        seen[name] = ast.dump(tree)
        waiting += _imported(tree, name.partition(".")[0])
    return short_hash(*(seen[name] for name in sorted(seen)))


def short_hash(*parts: str | bytes) -> str:
    """Return a hash of parts, as short as a file's name wants it."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "little") + data)
    return whole.hexdigest()[:SHOWN]


def _source(name: str) -> Path:
    file = _ROOT.joinpath(*name.split(".")).with_suffix(".py")
    if not file.is_file():
        raise ModuleNotFoundError(f"there is no {_PACKAGE}.{name}", name=f"{_PACKAGE}.{name}")
    return file


def _imported(tree: ast.Module, room: str) -> list[str]:
    """Return the modules of the same room that a module imports by name."""
    start = f"{_PACKAGE}.{room}."
    return [
        node.module.removeprefix(f"{_PACKAGE}.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(start)
    ]
