"""Pushing beside what a script and a plain client do, against a server on this machine.

Many small artifacts to a server that is a round trip away: our whole push beside a loop that puts
one after the other and beside a bare pool of 32 threads that only puts. One large file to the
server as it is: our push beside the client's own ``upload_file``. Ours counts from listing the
files to the manifest: hashed, sent, noted on disk, all of it listed and looked at afterwards.

Sides take turns, each in a process of its own. Run: ``codefx bench upload``.
"""

from __future__ import annotations

import os
import random
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from codefx_desktop.artifacts.layout import FrameKind, JobLayout
from codefx_desktop.bench.servers import far_away, simulating
from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.bench.spent import usable_cores
from codefx_desktop.bench.upload_report import MIB, Side, UploadReport
from codefx_desktop.domain.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED: Final = 7
SMALLEST_BYTES: Final = 2_000
LARGEST_BYTES: Final = 40_000
LOOP_SHARE: Final = 10
"""The loop puts one file in ten: its rate does not change, and it takes minutes for all."""
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Given:
    """A server that the person named; everything is written below ``jobs/bench-...`` and deleted.

    Attributes:
        endpoint: Its address, on this machine.
        bucket: The bucket.
        key_id: Names the key.
        secret: The key.
        certificate: A file of the authority that vouches for it; None: the usual ones.
    """

    endpoint: str
    bucket: str
    key_id: str
    secret: str
    certificate: Path | None = None


def measure_upload(
    *,
    files: int = 2000,
    mib: int = 500,
    round_trip_ms: float = 50.0,
    runs: int = 3,
    given: Given | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> UploadReport:
    """Make files, start the servers, and measure.

    Args:
        files: Small files.
        mib: Size of the large one.
        round_trip_ms: How far away the server is for the small ones.
        runs: Runs of each side, in turns.
        given: A server on this machine; None: Cloudflare's R2 simulator is started.
        tell: Told what is going on.

    Raises:
        CodefxError: If a server cannot be started here, a side fails, or this is the frozen
            program, which has no Python to run sides.
        SettingsError: If the given server is not on this machine.
    """
    refuse_frozen("pushing")
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name:
        folder = Path(name)
        tell("starting the server")
        with _server(given, folder) as server:
            bench = _Bench(folder, server, tell)
            port = _port(server.endpoint)
            with far_away(port, round_trip_ms, folder) as far:
                small = bench.small(files, runs, _at_port(server.endpoint, far))
            large = bench.large(mib, runs)
    kind = "Cloudflare's R2 simulator" if given is None else "the server that was named"
    return UploadReport(
        usable_cores(),
        kind,
        round_trip_ms,
        files,
        small.size_bytes,
        small.sides["ours"],
        small.sides["sent"],
        small.sides["bare"],
        small.sides["loop"],
        mib * MIB,
        large.sides["ours"],
        large.sides["client"],
    )


@contextmanager
def _server(given: Given | None, folder: Path) -> Iterator[Given]:
    if given is not None:
        if urlsplit(given.endpoint).hostname not in LOOPBACK:
            raise SettingsError(
                "The server to measure with must be on this machine.",
                hint="It looks like https://127.0.0.1:9000; nobody's bucket is to be filled.",
            )
        yield given
        return
    with simulating(folder) as simulator:
        yield Given(
            simulator.endpoint(),
            simulator.bucket,
            simulator.key_id,
            simulator.secret,
            simulator.certificate,
        )


@dataclass(frozen=True, slots=True)
class _Measured:
    """Sides by name, and how much each sent."""

    sides: dict[str, Side]
    size_bytes: int


class _Bench:
    """Runs sides against one server.

    Args:
        folder: For jobs and homes.
        server: The server.
        tell: Told what is going on.
    """

    def __init__(self, folder: Path, server: Given, tell: Callable[[str], None]) -> None:
        self._folder, self._server, self._tell = folder, server, tell

    def small(self, files: int, runs: int, endpoint: str) -> _Measured:
        """Measure many small files to a server that is far away."""
        chance, rates, size = random.Random(SEED), _Rates(), 0  # noqa: S311 - sizes
        by_peers = []
        for run in range(runs):
            for side, most in (("loop", -(-files // LOOP_SHARE)), ("bare", files), ("ours", files)):
                self._tell(f"{files} small files, run {run + 1} of {runs}: {side}")
                layout = self._job()
                size = make_small(layout, files, chance)
                told = self._run(side, layout, endpoint, most)
                count = told["files"]
                rates.add(side, count / told["seconds"], told["cpu_s"])
                if side == "ours":
                    rates.add("sent", count / told["sent_s"], told["cpu_s"])
                else:
                    by_peers.append(layout.job_id)
        self._clean(*by_peers)
        return _Measured(rates.sides(), size)

    def large(self, mib: int, runs: int) -> _Measured:
        """Measure one large file to the server as it is."""
        rates = _Rates()
        for run in range(runs):
            for side in ("client", "ours"):
                self._tell(f"{mib} MiB, run {run + 1} of {runs}: {side}")
                layout = self._job()
                make_large(layout, mib)
                told = self._run(side, layout, self._server.endpoint, 1)
                rates.add(side, mib / told["seconds"], told["cpu_s"])
                layout.annotated("clip").unlink()
                if side != "ours":
                    self._clean(layout.job_id)
        return _Measured(rates.sides(), mib * MIB)

    def _job(self) -> JobLayout:
        # A folder for each run: none finds what another has left.
        return JobLayout(self._folder / uuid.uuid4().hex, f"bench-{uuid.uuid4().hex}")

    def _run(self, side: str, layout: JobLayout, endpoint: str, most: int) -> dict[str, Any]:
        server = (endpoint, self._server.bucket, self._server.key_id)
        job, home = (layout.root, layout.job_id, *server), layout.root / "home"
        with knowing_secret(self._server):
            if side == "ours":
                return run_side("upload_ours", "push", *job, home=home)
            return run_side("peer_boto3", side, *job, most, home=home)

    def _clean(self, *job_ids: str) -> None:
        """Delete what peers have left; ours cleans up after itself."""
        server = (self._server.endpoint, self._server.bucket, self._server.key_id)
        words = ("clean", self._folder, ",".join(job_ids), *server)
        with knowing_secret(self._server):
            run_side("upload_ours", *words, home=self._folder / "home")


class _Rates:
    """Collects runs of sides."""

    def __init__(self) -> None:
        self._rates: dict[str, list[tuple[float, float]]] = {}

    def add(self, side: str, rate: float, cpu_s: float) -> None:
        """Note a run."""
        self._rates.setdefault(side, []).append((round(rate, 2), round(cpu_s, 3)))

    def sides(self) -> dict[str, Side]:
        """Return all runs of each side."""
        return {
            side: Side(tuple(rate for rate, _ in runs), tuple(cpu for _, cpu in runs))
            for side, runs in self._rates.items()
        }


@contextmanager
def knowing_secret(server: Given) -> Iterator[None]:
    """Let sides that start in the block know the secret and whom to trust, and nobody after."""
    wanted = {"CODEFX_BENCH_SECRET": server.secret}
    if server.certificate is not None:
        wanted["AWS_CA_BUNDLE"] = str(server.certificate)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def make_small(layout: JobLayout, files: int, chance: random.Random) -> int:
    """Write small files of a job; return their bytes."""
    total = 0
    layout.frame(FrameKind.DETECTED, 0).parent.mkdir(parents=True)
    for number in range(files):
        data = chance.randbytes(chance.randint(SMALLEST_BYTES, LARGEST_BYTES))
        layout.frame(FrameKind.DETECTED, number).write_bytes(data)
        total += len(data)
    return total


def make_large(layout: JobLayout, mib: int) -> None:
    """Write a large file of a job."""
    chance = random.Random(SEED)  # noqa: S311 - content
    layout.output_dir.mkdir(parents=True)
    with layout.annotated("clip").open("wb") as file:
        for _ in range(mib):
            file.write(chance.randbytes(MIB))


def _port(endpoint: str) -> int:
    parts = urlsplit(endpoint)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _at_port(endpoint: str, port: int) -> str:
    """Return an address on another port. The host stays: a certificate is for it."""
    parts = urlsplit(endpoint)
    return urlunsplit(parts._replace(netloc=f"{parts.hostname}:{port}"))
