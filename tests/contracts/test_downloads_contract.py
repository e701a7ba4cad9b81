"""What everything that fetches files promises (``domain.ports.Downloads``), fake and real."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_downloads import FakeDownloads
from file_server import Manner, serving

from codefx_desktop.domain.errors import DownloadDamaged, DownloadError, NoNetwork
from codefx_desktop.domain.ports import Download
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.remote.download import HttpsDownloads, Manners

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.models import Transfer
    from codefx_desktop.domain.ports import Downloads

CONTENT = np.random.default_rng(5).bytes(400_000)


class Place:
    """Something to fetch from, and what fetches; the network can be made to break."""

    def __init__(self, downloads: Downloads, url: str, folder: Path) -> None:
        self.downloads = downloads
        digest = hashlib.sha256(CONTENT).hexdigest()
        self.wanted = Download(url, folder / "weights.pt", len(CONTENT), digest)

    def get(self, cancel: threading.Event | None = None, **changes: object) -> list[Transfer]:
        told: list[Transfer] = []
        wanted = replace(self.wanted, **changes)
        self.downloads.get(wanted, told.append, cancel or threading.Event())
        return told


@pytest.fixture(params=["fake", "https"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def place(kind: str, folder: Path, stop_after: int | None = None) -> Iterator[Place]:
    if kind == "fake":
        yield Place(FakeDownloads({"fake": CONTENT}, stop_after), "fake", folder)
        return
    first = [] if stop_after is None else [Manner(stop_after=stop_after), Manner(stop_after=0)]
    with serving(CONTENT, *(first or [Manner()])) as server:
        manners = Manners(allow_http=True, silence_s=1.0, waits_s=(0.01,))
        yield Place(HttpsDownloads(manners), server.url, folder)


@pytest.fixture
def good(kind: str, tmp_path: Path) -> Iterator[Place]:
    yield from place(kind, tmp_path)


@pytest.fixture
def breaking(kind: str, tmp_path: Path) -> Iterator[Place]:
    yield from place(kind, tmp_path, stop_after=200_000)


def test_it_is_whole_and_the_end_is_told(good: Place) -> None:
    told = good.get()
    assert good.wanted.target.read_bytes() == CONTENT
    assert not good.wanted.part.exists()
    assert (told[-1].done_bytes, told[-1].total_bytes) == (len(CONTENT), len(CONTENT))


def test_what_a_broken_fetch_got_is_kept_and_gone_on_from(
    good: Place, breaking: Place, tmp_path: Path
) -> None:
    with pytest.raises(NoNetwork, match="No network"):
        breaking.get()
    assert not breaking.wanted.target.exists()
    assert breaking.wanted.part.read_bytes() == CONTENT[:200_000]
    assert good.get()[0].done_bytes == 200_000
    assert [path.name for path in tmp_path.iterdir()] == ["weights.pt"]


def test_a_wrong_checksum_leaves_nothing(good: Place, tmp_path: Path) -> None:
    with pytest.raises(DownloadDamaged, match="thrown away"):
        good.get(sha256="0" * 64)
    assert not list(tmp_path.iterdir())


def test_a_cancelled_fetch_has_no_name(good: Place) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        good.get(cancel)
    assert not good.wanted.target.exists()


def test_an_address_that_is_refused_is_an_error(kind: str, tmp_path: Path) -> None:
    if kind == "fake":
        with pytest.raises(DownloadError):
            Place(FakeDownloads(), "elsewhere", tmp_path).get()
        return
    with serving(CONTENT, Manner(status=404)) as server, pytest.raises(DownloadError):
        Place(HttpsDownloads(Manners(allow_http=True)), server.url, tmp_path).get()
