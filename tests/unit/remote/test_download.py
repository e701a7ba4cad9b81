"""Downloads from a server of the test's own: broken, slow, wrong, cut, refused, cancelled."""

from __future__ import annotations

import errno
import hashlib
import socket
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from file_server import Manner, Server, serving

from codefx_desktop.domain.errors import (
    DownloadDamaged,
    DownloadError,
    NoNetwork,
    NoSpace,
    NotWritable,
)
from codefx_desktop.domain.ports import Download
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.remote.download import HttpsDownloads, Manners
from codefx_desktop.remote.https import Broken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.models import Transfer

CONTENT = np.random.default_rng(11).bytes(600_000)
QUICK = {"allow_http": True, "silence_s": 0.5, "waits_s": (0.01, 0.01, 0.02)}


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def wanted(server: Server, folder: Path, content: bytes = CONTENT) -> Download:
    digest = hashlib.sha256(content).hexdigest()
    return Download(server.url, folder / "weights.pt", len(content), digest)


def get(
    download: Download,
    progress: Callable[[Transfer], None] = lambda _: None,
    cancel: threading.Event | None = None,
    **manners: object,
) -> None:
    HttpsDownloads(Manners(**{**QUICK, **manners})).get(
        download, progress, cancel or threading.Event()
    )


def whole(download: Download) -> bool:
    return download.target.read_bytes() == CONTENT and not download.part.exists()


def test_a_file_is_fetched_and_its_progress_told(tmp_path: Path) -> None:
    told: list[Transfer] = []
    with serving(CONTENT, Manner(delay_s=0.01)) as server:
        download = wanted(server, tmp_path / "new" / "folder")
        get(download, told.append)
    assert whole(download)
    assert told[0].done_bytes == 0
    assert told[-1].done_bytes == told[-1].total_bytes == len(CONTENT)
    assert [one.done_bytes for one in told] == sorted(one.done_bytes for one in told)
    assert 200_000 < told[-1].bytes_per_s < 3_000_000
    assert told[len(told) // 2].left_s
    assert len(server.asked) == 1
    assert server.asked[0].headers["User-Agent"].startswith("CodeFxDesktop/")


@pytest.mark.parametrize("seed", range(6))
def test_cuts_at_any_byte_are_gone_on_from(tmp_path: Path, seed: int) -> None:
    cuts = np.random.default_rng(seed)
    manners = [Manner(stop_after=int(cuts.integers(1, 300_000))) for _ in range(3)]
    with serving(CONTENT, *manners, Manner()) as server:
        download = wanted(server, tmp_path)
        get(download)
    assert whole(download)
    first, *others = server.asked
    assert "Range" not in first.headers
    reached = 0
    for manner, request in zip(manners, others, strict=False):
        reached += manner.stop_after or 0
        assert request.headers["Range"] == f"bytes={reached}-"
        assert request.headers["If-Range"] == '"one"'


def test_what_an_earlier_try_got_is_not_fetched_again(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        download = wanted(server, tmp_path)
        download.part.write_bytes(CONTENT[:400_000])
        told: list[Transfer] = []
        get(download, told.append)
    assert whole(download)
    assert server.ranges == ["bytes=400000-"]
    assert told[0].done_bytes == 400_000


def test_a_whole_part_needs_no_network(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        download = wanted(server, tmp_path)
        download.part.write_bytes(CONTENT)
        get(download)
    assert whole(download)
    assert not server.asked


def test_a_server_without_parts_begins_again(tmp_path: Path) -> None:
    manners = (Manner(ranges=False, stop_after=200_000), Manner(ranges=False))
    with serving(CONTENT, *manners) as server:
        download = wanted(server, tmp_path)
        get(download)
    assert whole(download)
    assert server.ranges == [None, "bytes=200000-"]


def test_a_file_that_changed_meanwhile_is_begun_again(tmp_path: Path) -> None:
    manners = (Manner(stop_after=200_000, content=bytes(len(CONTENT))), Manner(etag='"two"'))
    with serving(CONTENT, *manners) as server:
        download = wanted(server, tmp_path)
        get(download)
    assert whole(download)


@pytest.mark.parametrize("size", [100_000, 600_000, 700_000])
def test_a_foreign_part_is_thrown_away(tmp_path: Path, size: int) -> None:
    with serving(CONTENT) as server:
        download = wanted(server, tmp_path)
        download.part.write_bytes(bytes(size))
        get(download)
    assert whole(download)
    assert server.ranges[-1] is None


def test_another_part_than_was_asked_for_is_not_appended(tmp_path: Path) -> None:
    manners = (Manner(stop_after=200_000), Manner(first=7), Manner())
    with serving(CONTENT, *manners) as server:
        download = wanted(server, tmp_path)
        get(download)
    assert whole(download)
    assert server.ranges == [None, "bytes=200000-", None]


@pytest.mark.parametrize("part", [0, 250_000])
def test_a_wrong_checksum_is_thrown_away_and_said(tmp_path: Path, part: int) -> None:
    wrong = bytes([CONTENT[0] ^ 1]) + CONTENT[1:]
    with serving(wrong) as server:
        download = wanted(server, tmp_path)
        download.part.write_bytes(wrong[:part])
        with pytest.raises(DownloadDamaged, match=r"weights\.pt: its size or SHA-256") as caught:
            get(download)
    assert not list(tmp_path.iterdir())
    assert "USB" in caught.value.hint


@pytest.mark.parametrize("tell_length", [True, False])
def test_more_or_less_than_was_promised_is_not_taken(tmp_path: Path, tell_length: bool) -> None:
    longer = Manner(content=CONTENT + b"more", tell_length=tell_length)
    page = Manner(content=b"<html>Please log in</html>", tell_length=True)
    for manner in (longer, page):
        with serving(CONTENT, manner) as server:
            download = wanted(server, tmp_path)
            with pytest.raises(DownloadDamaged):
                get(download)
        assert not list(tmp_path.iterdir())


def test_a_log_in_page_leaves_what_was_fetched(tmp_path: Path) -> None:
    with serving(CONTENT, Manner(ranges=False, content=b"<html>")) as server:
        download = wanted(server, tmp_path)
        download.part.write_bytes(CONTENT[:300_000])
        with pytest.raises(DownloadDamaged, match="not weights"):
            get(download)
    assert download.part.read_bytes() == CONTENT[:300_000]


@pytest.mark.parametrize(("status", "words"), [(404, "not there any more"), (403, "not handed")])
def test_a_refusal_is_final(tmp_path: Path, status: int, words: str) -> None:
    with serving(CONTENT, Manner(status=status)) as server:
        with pytest.raises(DownloadError, match=words) as caught:
            get(wanted(server, tmp_path))
        assert str(status) in str(caught.value)
        assert len(server.asked) == 1


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    manners = (Manner(status=503, retry_after="0.3"), Manner(status=429), Manner())
    began = time.monotonic()
    with serving(CONTENT, *manners) as server:
        download = wanted(server, tmp_path)
        get(download)
    assert whole(download)
    assert len(server.asked) == 3
    assert time.monotonic() - began >= 0.3


def test_a_server_that_stays_busy_is_left_alone(tmp_path: Path) -> None:
    with serving(CONTENT, Manner(status=503)) as server:
        with pytest.raises(DownloadError, match="says 503") as caught:
            get(wanted(server, tmp_path))
        assert not isinstance(caught.value, NoNetwork)
        assert len(server.asked) == 1 + len(QUICK["waits_s"])


def test_a_silent_connection_is_begun_anew(tmp_path: Path) -> None:
    manners = (Manner(silent_s=1.0), Manner(delay_s=0.7, block=300_000), Manner())
    with serving(CONTENT, *manners) as server:
        download = wanted(server, tmp_path)
        get(download, silence_s=0.3)
    assert whole(download)
    assert server.ranges == [None, None, "bytes=300000-"]


def test_a_connection_that_is_always_silent_is_given_up(tmp_path: Path) -> None:
    with serving(CONTENT, Manner(silent_s=0.4)) as server:
        download = wanted(server, tmp_path)
        download.part.write_bytes(CONTENT[:1000])
        with pytest.raises(NoNetwork, match=r"No network: .+nothing came for a while") as caught:
            get(download, silence_s=0.1)
    assert "is kept" in str(caught.value)
    assert download.part.stat().st_size == 1000


def test_nobody_there_says_so(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        download = wanted(server, tmp_path)
    with pytest.raises(NoNetwork, match=r"^No network: 127\.0\.0\.1 cannot be reached"):
        get(download)


def test_without_a_network_it_says_so_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def lost(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", lost)
    download = Download("https://github.com/a/weights.pt", tmp_path / "weights.pt", 9, "0" * 64)
    with pytest.raises(NoNetwork, match=r"^No network: github\.com cannot be reached") as caught:
        HttpsDownloads().get(download, lambda _: None, threading.Event())
    assert len(asked) == 1
    assert "or take the file from a USB drive" in str(caught.value)


def test_cancel_ends_it_between_blocks_and_keeps_what_came(tmp_path: Path) -> None:
    cancel = threading.Event()

    def stop(transfer: Transfer) -> None:
        if transfer.done_bytes > 100_000:
            cancel.set()

    with serving(CONTENT, Manner(delay_s=0.05), Manner()) as server:
        download = wanted(server, tmp_path)
        with pytest.raises(Cancelled):
            get(download, stop, cancel)
        assert not download.target.exists()
        kept = download.part.stat().st_size
        assert 100_000 < kept < len(CONTENT)
        get(download)
        assert server.ranges[-1] == f"bytes={kept}-"
    assert whole(download)


def test_cancel_ends_a_pause(tmp_path: Path) -> None:
    cancel = threading.Event()
    threading.Timer(0.2, cancel.set).start()
    began = time.monotonic()
    with serving(CONTENT, Manner(status=503)) as server, pytest.raises(Cancelled):
        get(wanted(server, tmp_path), cancel=cancel, waits_s=(600.0,))
    assert time.monotonic() - began < 60


def test_a_full_disk_is_found_before_anything_is_fetched(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        with pytest.raises(NoSpace, match="needs 68 MB"):
            get(wanted(server, tmp_path), free_bytes=lambda _: 10_000_000)
        assert not server.asked


def test_a_disk_that_fills_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("codefx_desktop.remote.download.Meter.tell", full)
    with serving(CONTENT) as server, pytest.raises(NoSpace, match="could not be written"):
        get(wanted(server, tmp_path))


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with serving(CONTENT) as server, pytest.raises(NotWritable):
        get(wanted(server, tmp_path / "file"))


def test_only_https_is_fetched_from(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        with pytest.raises(DownloadError, match="not an https address"):
            get(wanted(server, tmp_path), allow_http=False)
        assert not server.asked


def test_redirects_are_followed_with_the_range(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        with serving(CONTENT, Manner(status=302, location=server.url)) as door:
            download = wanted(door, tmp_path)
            download.part.write_bytes(CONTENT[:1000])
            get(download)
        assert server.ranges == ["bytes=1000-"]
    assert whole(download)


def test_redirects_away_from_https_are_not_followed() -> None:
    from codefx_desktop.remote.https import _Redirects

    follow = _Redirects(allow_http=False)
    with pytest.raises(DownloadError, match="not an https address"):
        follow.redirect_request(None, None, 302, "", None, "http://example.org/weights.pt")


def test_proxies_are_taken_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(CONTENT) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        download = wanted(proxy, tmp_path)
        far = Download("http://weights.invalid/a.pt", download.target, *_last(download))
        get(far)
        assert proxy.asked[0].path == "http://weights.invalid/a.pt"
    assert whole(download)


def _last(download: Download) -> tuple[int, str]:
    return download.size_bytes, download.sha256


def test_a_certificate_that_proves_nothing_is_told() -> None:
    import ssl
    from urllib.error import URLError

    from codefx_desktop.remote.https import _unreachable

    bad = ssl.SSLCertVerificationError()
    bad.verify_message = "self-signed certificate"
    broken = _unreachable("https://github.com/a.pt", URLError(bad))
    assert isinstance(broken, Broken)
    assert broken.is_final
    assert "cannot prove who it is (self-signed certificate)" in broken.why


def test_no_socket_is_opened_before_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect", lambda self, where: opened.append(where) or real(self, where)
    )
    with serving(CONTENT) as server:
        downloads = HttpsDownloads(Manners(**QUICK))
        download = wanted(server, tmp_path)
        assert not opened
        downloads.get(download, lambda _: None, threading.Event())
        assert opened
