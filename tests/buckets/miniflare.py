"""Starts Cloudflare's R2 simulator over https on this machine.

It is looked for in the folder ``CODEFX_MINIFLARE``, else in a cache folder, where npm installs it
once. Where that cannot be, tests are skipped with the reason, or fail if ``CODEFX_REQUIRE_BUCKETS``
is set.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from platformdirs import user_cache_path

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = "miniflare@4.20260730.0"
INSTALL_S: Final = 300.0
SCRIPT: Final = Path(__file__).with_name("r2_simulator.cjs")
PATH: Final = "/cdn-cgi/local/r2/s3"


@dataclass(frozen=True)
class Simulator:
    """A running simulator with one empty bucket.

    Attributes:
        port: On which it listens, over https.
        certificate: A file of its own certificate, which a client has to be told to trust.
    """

    port: int
    certificate: Path
    bucket: str = "test-bucket"
    access: Access = field(default_factory=lambda: Access("testkey", "testsecret"))

    def target(self, port: int | None = None, name: str = "races") -> Target:
        """Return the target, or the same behind a proxy's port."""
        return Target(
            name,
            TargetKind.R2,
            bucket=self.bucket,
            account_id="0" * 32,
            endpoint=f"https://127.0.0.1:{port or self.port}{PATH}",
            access_key_id=self.access.key_id,
        )

    def manners(self, connect_s: float = 5.0, silence_s: float = 20.0) -> Manners:
        """Return what a client must be told to trust this server."""
        return Manners(connect_s, silence_s, verify=self.certificate)

    def store(self, port: int | None = None, **manners: float) -> S3Store:
        """Return a client, on a proxy's port if one is given."""
        return S3Store(self.target(port), self.access, self.manners(**manners))


@contextmanager
def simulating(folder: Path) -> Iterator[Simulator]:
    """Run a simulator that keeps its objects in a folder."""
    modules = _modules()
    node = shutil.which("node") or _absent("node is not installed")
    env = {**os.environ, "NODE_PATH": str(modules)}
    with (
        (folder / "errors.log").open("wb") as errors,
        subprocess.Popen(
            [node, SCRIPT, folder / "data"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=env,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            port = _port(process.stdout, folder / "errors.log")
            certificate = folder / "certificate.pem"
            certificate.write_text(ssl.get_server_certificate(("127.0.0.1", port)))
            yield Simulator(port, certificate)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _port(output: IO[str], errors: Path) -> int:
    for line in output:
        if line.startswith("READY "):
            port = urlsplit(line.split()[1]).port
            assert port is not None
            return port
    _absent(f"miniflare does not start: {errors.read_text()[-500:]}")
    return None


def _modules() -> Path:
    """Return the folder of modules that has miniflare, installing it if need be."""
    if given := os.environ.get("CODEFX_MINIFLARE"):
        modules = Path(given)
        modules = modules if modules.name == "node_modules" else modules / "node_modules"
        if not (modules / "miniflare").is_dir():
            _absent(f"CODEFX_MINIFLARE={given} has no miniflare")
        return modules
    folder = user_cache_path("codefx-tests", ensure_exists=True) / PACKAGE.replace("@", "-")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "install.lock"):
        if not (folder / "installed").exists():
            _install(folder)
    return folder / "node_modules"


def _install(folder: Path) -> None:
    npm = shutil.which("npm") or _absent("npm is not installed")
    words = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=INSTALL_S, check=False, cwd=folder
        )
    except subprocess.TimeoutExpired:
        _absent(f"npm did not install {PACKAGE} in {INSTALL_S:.0f} s")
    if done.returncode:
        _absent(f"npm cannot install {PACKAGE}: {done.stderr[-500:]}")
    (folder / "installed").touch()


def _absent(reason: str) -> NoReturn:
    if os.environ.get("CODEFX_REQUIRE_BUCKETS") == "1":
        pytest.fail(f"needed, and not there: {reason}")
    pytest.skip(reason)
