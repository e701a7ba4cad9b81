"""What servers need that is not in the tests' environment: got once, or the reason why not."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest
from filelock import FileLock
from platformdirs import user_cache_path

from codefx_desktop.bench import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


def absent(reason: str) -> NoReturn:
    """Skip the test with a reason, or fail where everything must be there."""
    if os.environ.get("CODEFX_REQUIRE_BUCKETS") == "1":
        pytest.fail(f"needed, and not there: {reason}")
    pytest.skip(reason)


def cached(name: str, install: Callable[[Path], None]) -> Path:
    """Return a cache folder, filled once whoever asks first; half-filled ones are filled again."""
    folder = user_cache_path("codefx-tests", ensure_exists=True) / name
    folder.mkdir(exist_ok=True)
    done = folder / "installed"
    with FileLock(folder / "install.lock"):
        if not done.exists():
            install(folder)
            done.touch()
    return folder


def run(words: Sequence[str | Path], limit_s: float, env: dict[str, str] | None = None) -> None:
    """Run an installer; what it says is the reason if it fails."""
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
            env={**os.environ, **(env or {})},
        )
    except subprocess.TimeoutExpired:
        absent(f"{words[0]} took more than {limit_s:.0f} s")
    except OSError as error:
        absent(str(error))
    if done.returncode:
        absent(f"{' '.join(map(str, words))}: {done.stderr[-500:]}")


@contextmanager
def serving(
    words: Sequence[str | Path], log: Path, env: dict[str, str] | None = None
) -> Iterator[str]:
    """Run a server that says ``READY <where>`` and ends with its input; give back where."""
    with ExitStack() as stack:
        try:
            where = stack.enter_context(servers.serving(words, log, env))
        except servers.ServerAbsentError as error:
            absent(str(error))
        yield where
