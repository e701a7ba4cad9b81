"""Models through the real hub: listed, added, fetched from a server of the test's own, ended."""

from __future__ import annotations

import hashlib
import socket
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import FakeVision
from file_server import Manner, Server, serving

from codefx_desktop import bootstrap
from codefx_desktop.domain.job import JobMetadata, JobSpec
from codefx_desktop.domain.models import ModelList, ModelTask, StandardModel
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import OpenedEngine
from codefx_desktop.jobs.model_values import DeedKind, DeedPhase, ModelDeed
from codefx_desktop.remote.download import HttpsDownloads, Manners
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.jobs.model_desk import ModelDesk

CONTENT = np.random.default_rng(3).bytes(500_000)
WAIT_MS = 60_000


class Heard:
    """Every list and deed."""

    def __init__(self, desk: ModelDesk) -> None:
        self.lists: list[ModelList] = []
        self.deeds: list[ModelDeed] = []
        self.troubles: list[str] = []
        desk.listed.connect(self.lists.append)
        desk.deed.connect(self.deeds.append)
        desk.trouble.connect(self.troubles.append)

    def ended(self) -> bool:
        return bool(self.deeds) and self.deeds[-1].phase.is_final


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that breaks off once; the program is told to take it for GitHub."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    manners = Manners(allow_http=True, silence_s=2.0, waits_s=(0.05, 0.05))
    monkeypatch.setattr(bootstrap, "new_downloads", lambda: HttpsDownloads(manners))
    with serving(CONTENT, Manner(stop_after=200_000), Manner(delay_s=0.02)) as server:
        digest = hashlib.sha256(CONTENT).hexdigest()
        url = "https://weights.invalid/small.pt"
        model = StandardModel(
            "small.pt", ModelTask.DETECT, "Small", "AGPL-3.0", url, len(CONTENT), digest
        )
        object.__setattr__(model, "url", server.url)
        monkeypatch.setattr("codefx_desktop.jobs.model_shelf.standard_models", lambda: (model,))
        yield server


@pytest.fixture
def hub(qtbot: QtBot) -> Iterator[Hub]:
    del qtbot

    def open_engine() -> OpenedEngine:
        shop, notices = bootstrap.open_workshop(app_paths(), load_settings(), FakeVision())
        return OpenedEngine(Engine(shop), notices)

    hub = Hub(app_paths(), load_settings(), open_engine)
    yield hub
    hub.shutdown()
    hub.deleteLater()


def test_asked_before_the_history_is_open_it_answers_after(qtbot: QtBot, hub: Hub) -> None:
    desk = hub.model_desk()
    heard = Heard(desk)
    desk.request_list()
    qtbot.wait(100)
    assert not heard.lists
    hub.start()
    qtbot.waitUntil(lambda: bool(heard.lists), timeout=WAIT_MS)
    assert heard.lists[0].folder == app_paths().weights


def test_a_broken_download_is_whole_in_the_end(qtbot: QtBot, hub: Hub, server: Server) -> None:
    desk = hub.model_desk()
    heard = Heard(desk)
    hub.start()
    desk.get("small.pt")
    qtbot.waitUntil(heard.ended, timeout=WAIT_MS)
    assert heard.deeds[-1].phase is DeedPhase.DONE, heard.deeds[-1].message
    assert (app_paths().weights / "small.pt").read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=200000-"]
    told = [deed.transfer.done_bytes for deed in heard.deeds if deed.transfer]
    assert told == sorted(told)
    qtbot.waitUntil(lambda: any(one.offers[0].kept for one in heard.lists), timeout=WAIT_MS)


def test_a_model_that_a_queued_job_names_stays(qtbot: QtBot, hub: Hub, tmp_path: Path) -> None:
    weights = app_paths().weights / "own.pt"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"det")
    hub.pause_queue(True)
    with qtbot.waitSignal(hub.ready, timeout=WAIT_MS):
        hub.start()
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"clip")
    with qtbot.waitSignal(hub.job_changed, timeout=WAIT_MS):
        hub.add_clips([clip], JobSpec(weights=weights), JobMetadata())
    desk = hub.model_desk()
    heard = Heard(desk)
    desk.remove(weights)
    qtbot.waitUntil(lambda: bool(heard.troubles), timeout=WAIT_MS)
    assert "1 waiting job needs own.pt" in heard.troubles[0]
    assert weights.exists()


def test_it_ends_with_the_hub(
    qtbot: QtBot,
    hub: Hub,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for place in ("hub", "model_desk.ModelDesk"):  # a machine may be busy
        monkeypatch.setattr(f"codefx_desktop.jobs.{place}.SHUTDOWN_MS", WAIT_MS)
    server.manners = (Manner(delay_s=0.2),)
    desk = hub.model_desk()
    heard = Heard(desk)
    hub.start()
    desk.get("small.pt")
    qtbot.waitUntil(lambda: any(deed.transfer for deed in heard.deeds), timeout=WAIT_MS)
    hub.shutdown()
    assert "did not end" not in caplog.text
    assert not (app_paths().weights / "small.pt").exists()
    assert (app_paths().weights / "small.pt.part").exists()


def test_no_socket_is_opened_but_by_get(
    qtbot: QtBot, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[object] = []

    def nobody(host: object, *_: object, **__: object) -> None:
        looked_up.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    def no_connection(_: socket.socket, where: object) -> None:
        looked_up.append(where)
        raise OSError("no connection in this test")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    monkeypatch.setattr(socket.socket, "connect", no_connection)
    (tmp_path / "mine.pt").write_bytes(b"det")
    desk = hub.model_desk()
    heard = Heard(desk)
    hub.start()
    desk.request_list()
    desk.add(tmp_path / "mine.pt")
    qtbot.waitUntil(heard.ended, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(heard.lists) > 1, timeout=WAIT_MS)
    desk.get_from("yolo11n.pt", tmp_path)
    qtbot.waitUntil(lambda: len([d for d in heard.deeds if d.phase.is_final]) == 2)
    desk.discard("yolo11n.pt")
    desk.remove(app_paths().weights / "mine.pt")
    qtbot.waitUntil(lambda: not (app_paths().weights / "mine.pt").exists(), timeout=WAIT_MS)
    assert not looked_up
    desk.get("yolo11n.pt")
    qtbot.waitUntil(
        lambda: heard.deeds[-1].phase is DeedPhase.FAILED and heard.deeds[-1].kind is DeedKind.GET,
        timeout=WAIT_MS,
    )
    qtbot.waitUntil(lambda: bool(looked_up), timeout=WAIT_MS)
    assert looked_up == ["github.com"]
    assert heard.deeds[-1].message.startswith("No network: github.com cannot be reached")
    assert "or take the file from a USB drive" in heard.deeds[-1].message
