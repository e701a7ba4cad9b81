"""Starts OpenStack Swift with its S3 door: a server that shares no line with R2's simulator.

It is installed once into an environment of its own, in a cache folder; Linux only.
"""

from __future__ import annotations

import os
import sys
import venv
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from buckets.needs import absent, cached, run, serving

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_client import Manners, new_client
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = "swift==2.38.3"
SCRIPT: Final = Path(__file__).with_name("swift_servers.py")


@dataclass(frozen=True)
class Swift:
    """A running Swift with one empty bucket, over plain http.

    Attributes:
        port: On which it listens.
        bucket: The bucket.
        access: A key that may do anything.
        reader: A key that may do nothing with the bucket.
        small_bucket: Another bucket, which takes a few kB and no more.
    """

    port: int
    bucket: str = "test-bucket"
    access: Access = field(default_factory=lambda: Access("test:tester", "testing"))
    reader: Access = field(default_factory=lambda: Access("test:reader", "reading"))
    small_bucket: str = "small-bucket"

    @property
    def label(self) -> str:
        """What tables call it."""
        return "Swift (s3api, http)"

    def target(self, port: int | None = None, name: str = "swift") -> Target:
        """Return the target, or the same behind a proxy's port."""
        return Target(
            name,
            TargetKind.S3,
            bucket=self.bucket,
            endpoint=f"http://127.0.0.1:{port or self.port}",
            access_key_id=self.access.key_id,
            input_prefix="input/",
            output_prefix="output/",
        )

    def store(self, port: int | None = None, **manners: float) -> S3Store:
        """Return a client, on a proxy's port if one is given."""
        patience = {"connect_s": 5.0, "silence_s": 20.0, **manners}
        return S3Store(self.target(port), self.access, Manners(**patience))


@contextmanager
def swifting(folder: Path) -> Iterator[Swift]:
    """Run Swift with its data in a folder."""
    if sys.platform != "linux":
        absent("Swift runs on Linux only")
    _require_attributes(folder)
    python = cached(PACKAGE.replace("==", "-"), _install) / "bin" / "python"
    words = [python, "-W", "ignore", SCRIPT, folder / "data"]
    with serving(words, folder / "errors.log") as port:
        swift = Swift(int(port))
        client = new_client(swift.target(), swift.access, Manners())
        client.create_bucket(Bucket=swift.bucket)
        client.close()
        yield swift


def _require_attributes(folder: Path) -> None:
    """Check that files can have the extended attributes in which Swift keeps all it knows."""
    try:
        os.setxattr(folder, "user.codefx", b"1")
    except OSError as error:
        absent(f"Swift needs extended attributes in {folder}: {error}")


def _install(folder: Path) -> None:
    venv.create(folder, with_pip=True, clear=False)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
    run([*pip, "--disable-pip-version-check", PACKAGE], 300)
