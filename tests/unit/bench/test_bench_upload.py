"""``codefx bench upload``: what it measures, against a server whose name it is given."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from codefx_desktop.bench import servers
from codefx_desktop.bench.beside_job import ALONE, LARGE, SMALL, Beside, BesideReport
from codefx_desktop.bench.servers import ServerAbsentError, far_away
from codefx_desktop.bench.upload import Given, measure_upload
from codefx_desktop.bench.upload_report import Side, UploadReport
from codefx_desktop.domain.errors import CodefxError, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from buckets.miniflare import Simulator


class Echo(threading.Thread):
    """A server that says what it hears."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def run(self) -> None:
        with self._socket, self._socket.accept()[0] as line:
            while data := line.recv(65536):
                line.sendall(data)


def test_a_server_that_is_far_away_answers_late_and_whole(tmp_path: Path) -> None:
    echo = Echo()
    echo.start()
    sent = bytes(range(256)) * (4096 * 16)
    with (
        far_away(echo.port, 100, tmp_path) as port,
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        began = time.perf_counter()
        line.sendall(b"?")
        assert line.recv(1) == b"?"
        assert time.perf_counter() - began >= 0.1
        began = time.perf_counter()
        threading.Thread(target=line.sendall, args=(sent,)).start()
        came = b""
        while len(came) < len(sent):
            came += line.recv(65536)
        assert came == sent
        assert time.perf_counter() - began < 12  # late, not slow: 256 blocks, each late, take 25 s
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b""
    echo.join(5)
    assert not echo.is_alive()


@pytest.mark.slow  # seven programs, one after the other
def test_small_runs_of_all_sides(r2: Simulator, tmp_path: Path) -> None:
    given = Given(
        r2.target().endpoint, r2.bucket, r2.access.key_id, r2.access.secret, r2.certificate
    )
    told: list[str] = []
    report = measure_upload(
        files=40, mib=12, round_trip_ms=5, runs=1, given=given, tell=told.append
    )
    assert all("files, run" in text or "MiB, run" in text for text in told[1:])
    ratios = report.ratios
    assert min(ratios.values()) > 0
    values = json.loads(json.dumps(report.to_dict()))
    assert values["goals"] == {
        "ours_to_loop": 12.0,
        "ours_to_bare": 0.85,
        "ours_to_client_large": 0.9,
    }
    assert values["ratios"] == ratios
    assert len(values["ours"]["rates"]) == 1
    assert 40 * 2_000 < values["file_bytes"] < 40 * 40_000
    assert r2.access.secret not in json.dumps(values)
    assert any("beside the loop" in line for line in report.lines())
    with_store = r2.store()
    assert list(with_store.list("jobs/bench-")) == []  # it has cleaned up
    with_store.close()


def test_a_bucket_somewhere_else_is_not_filled() -> None:
    for endpoint in ("https://r2.example.com", "https://10.0.0.7:9000", "https://127.0.0.1.x.com"):
        with pytest.raises(SettingsError, match="on this machine"):
            measure_upload(given=Given(endpoint, "b", "k", "s"))


def test_the_frozen_program_says_where_it_can_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(CodefxError, match=r"packaging/start\.py"):
        measure_upload()


def test_a_machine_without_node_is_told_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers.shutil, "which", lambda *_, **__: None)
    with pytest.raises(ServerAbsentError, match=r"Node\.js") as told:
        measure_upload()
    assert "--endpoint" in told.value.hint


def test_a_folder_without_miniflare_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(servers.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(servers.shutil, "which", lambda *_, **__: "node")
    with pytest.raises(ServerAbsentError, match="has no miniflare"):
        measure_upload()


def test_a_server_that_does_not_start_says_its_last_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import sys; sys.exit('the port is taken')"]
    with (
        pytest.raises(ServerAbsentError, match="the port is taken"),
        servers.serving(words, tmp_path / "log"),
    ):
        pass


def test_medians_are_compared() -> None:
    def side(*rates: float) -> Side:
        return Side(rates, tuple(1.0 for _ in rates))

    report = UploadReport(
        *(2, "server", 50.0, 10, 1000, side(100, 240, 260), side(300), side(250), side(20)),
        *(10, side(45), side(50)),
    )
    assert report.ratios == {
        "ours_to_loop": 12.0,
        "ours_to_bare": 0.96,
        "ours_sent_to_bare": 1.2,
        "ours_to_client_large": 0.9,
    }
    values: dict[str, Any] = report.to_dict()
    assert values["ours"]["rates"] == (100, 240, 260)


def test_a_job_beside_a_push_is_compared_turn_by_turn() -> None:
    report = BesideReport(
        *(2, 50.0, 50.0, 150),
        {
            ALONE: Beside((10.0, 20.0, 8.0), (11.0, 10.0, 9.0), (0.0, 0.0, 0.0)),
            SMALL: Beside((9.0, 19.0, 4.0), (10.0, 9.5, 9.0), (2.0, 3.0, 2.0)),
            LARGE: Beside((9.5, 10.0, 7.2), (9.9, 9.0, 8.1), (30.0, 40.0, 50.0)),
        },
    )
    assert report.ratio(SMALL, "fps") == 0.9  # a machine that became slower did so for both
    assert report.ratio(LARGE, "per_cpu_s") == 0.9
    values = json.loads(json.dumps(report.to_dict()))
    assert values["kept"][SMALL] == {"fps": 0.9, "per_cpu_s": 0.95}
    assert "kept 0.90 and 0.90 (goal 0.9), 40 Mbit/s went" in report.lines()[3]
