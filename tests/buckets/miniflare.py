"""Cloudflare's R2 simulator over https on this machine, as the benchmarks start it.

It is looked for in the folder ``CODEFX_MINIFLARE``, else in a cache folder, where npm installs it
once. Where that cannot be, tests are skipped with the reason, or fail if ``CODEFX_REQUIRE_BUCKETS``
is set.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from buckets.needs import absent

from codefx_desktop.bench import servers
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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

    @property
    def label(self) -> str:
        """What tables call it."""
        return "R2 (miniflare, https)"

    def target(self, port: int | None = None, name: str = "races") -> Target:
        """Return the target, or the same behind a proxy's port."""
        return Target(
            name,
            TargetKind.R2,
            bucket=self.bucket,
            account_id="0" * 32,
            endpoint=f"https://127.0.0.1:{port or self.port}{servers.S3_PATH}",
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
    with ExitStack() as stack:
        try:
            server = stack.enter_context(servers.simulating(folder))
        except servers.ServerAbsentError as error:
            absent(str(error))
        yield Simulator(server.port, server.certificate)
