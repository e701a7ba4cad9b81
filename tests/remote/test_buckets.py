"""What only a bucket does: links, resumed downloads, and what it costs to send."""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from buckets.fault_proxy import Fault, FaultProxy
from buckets.miniflare import Simulator
from buckets.openstack import Swift

from codefx_desktop.domain.errors import NoSpace, Offline
from codefx_desktop.domain.object_store import LONGEST_LINK_S, MEBIBYTE, Sending

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.awsrequest import AWSRequest

    from codefx_desktop.remote.s3_store import S3Store

Server = Simulator | Swift
DATA = np.random.default_rng(4).bytes(5 * MEBIBYTE)


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return f"jobs/{hashlib.sha256(request.node.name.encode()).hexdigest()[:16]}/output/x.mp4"


def sending(data: bytes = DATA, *, only_new: bool = True) -> Sending:
    return Sending("video/mp4", hashlib.sha256(data).hexdigest(), only_new=only_new)


def headers_of(place: S3Store, call: str) -> list[dict[str, str]]:
    """Return the headers that go out with calls of one kind, filled as they go."""
    seen: list[dict[str, str]] = []

    def look(request: AWSRequest, **_: object) -> None:
        seen.append({name.lower(): str(value) for name, value in request.headers.items()})

    place._calls.client.meta.events.register(f"before-send.s3.{call}", look)
    return seen


def test_over_https_the_sum_is_signed_and_the_body_is_not(r2: Simulator, key: str) -> None:
    place = r2.store()
    puts, parts = headers_of(place, "PutObject"), headers_of(place, "UploadPart")
    place.put(key, DATA, sending())
    upload_id = place.begin_upload(key, sending())
    place.put_part(key, upload_id, 1, DATA)
    place.abort_upload(key, upload_id)
    place.close()
    for sent in (*puts, *parts):
        assert sent["x-amz-content-sha256"] == "b'UNSIGNED-PAYLOAD'"
        assert "content-md5" in sent["authorization"]
        assert sent["content-length"] == str(len(DATA))
        assert "expect" not in sent
    assert len(puts) == len(parts) == 1


def opened(link: str, server: Server, **headers: str) -> bytes:
    context = None
    if isinstance(server, Simulator):
        context = ssl.create_default_context(cafile=server.certificate)
    request = urllib.request.Request(link, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=5, context=context) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


def test_a_link_works_without_the_secret_until_it_ends(server: Server, key: str) -> None:
    place = server.store()
    place.put(key, DATA, sending())
    link = place.signed_link(key, LONGEST_LINK_S)
    assert server.access.secret not in link
    assert opened(link, server) == DATA
    assert opened(link, server, Range="bytes=10-19") == DATA[10:20]
    with pytest.raises(urllib.error.HTTPError) as caught:
        opened(link.replace("x.mp4", "y.mp4"), server)
    assert caught.value.code == 403
    caught.value.close()
    short = place.signed_link(key, 1)
    time.sleep(2.1)
    with pytest.raises(urllib.error.HTTPError) as caught:
        opened(short, server)
    assert caught.value.code in (400, 401, 403)
    caught.value.close()
    place.close()


def test_a_download_goes_on_where_it_was_cut(server: Server, key: str, tmp_path: Path) -> None:
    server.store().put(key, DATA, sending())
    with FaultProxy(server.port, [Fault(cut_down=at * MEBIBYTE) for at in (1, 2, 1)]) as proxy:
        place = server.store(proxy.port)
        told: list[int] = []
        place.download(key, tmp_path / "x.mp4", told.append, threading.Event())
        place.close()
    assert (tmp_path / "x.mp4").read_bytes() == DATA
    assert told == sorted(told)
    assert len(DATA) <= proxy.bytes_down < len(DATA) + 2 * MEBIBYTE  # never from the beginning
    assert [path.name for path in tmp_path.iterdir()] == ["x.mp4"]


def test_a_download_without_a_network_keeps_what_came(
    server: Server, key: str, tmp_path: Path
) -> None:
    server.store().put(key, DATA, sending())
    path = tmp_path / "x.mp4"
    with FaultProxy(server.port, default=Fault(bytes_per_s=20 * MEBIBYTE)) as proxy:
        place = server.store(proxy.port)

        def leave(there: int) -> None:
            if there > MEBIBYTE:
                proxy.offline = True

        with pytest.raises(Offline):
            place.download(key, path, leave, threading.Event())
        kept = path.stat().st_size
        assert MEBIBYTE < kept < len(DATA)
        proxy.offline = False
        told: list[int] = []
        place.download(key, path, told.append, threading.Event())
        place.close()
    assert told[0] == kept
    assert path.read_bytes() == DATA


def test_an_object_that_is_replaced_meanwhile_is_begun_again(
    server: Server, key: str, tmp_path: Path
) -> None:
    other = DATA[::-1]
    direct = server.store()
    direct.put(key, DATA, sending())
    with FaultProxy(server.port, default=Fault(bytes_per_s=20 * MEBIBYTE)) as proxy:
        place = server.store(proxy.port)
        was_replaced = False

        def replace(there: int) -> None:
            nonlocal was_replaced
            if there > MEBIBYTE and not was_replaced:
                was_replaced = True
                direct.put(key, other, sending(other, only_new=False))
                proxy.cut()

        place.download(key, tmp_path / "x.mp4", replace, threading.Event())
        place.close()
    assert was_replaced
    assert (tmp_path / "x.mp4").read_bytes() == other
    direct.close()


def test_a_full_disk_is_told_and_is_no_trouble_of_the_bucket(
    r2: Simulator, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    place = r2.store()
    place.put(key, DATA, sending())
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    monkeypatch.setattr("codefx_desktop.remote.partial.Partial.begin", lambda _: None)
    with pytest.raises(NoSpace, match="could not be written"):
        place.download(key, Path("/dev/full"), lambda _: None, threading.Event())
    place.close()


def test_many_threads_share_one_client(r2: Simulator, key: str) -> None:
    place = r2.store()
    keys = [f"{key}/{number}.json" for number in range(200)]
    with FaultProxy(r2.port, default=Fault(delay_s=0.2)) as proxy:
        far = r2.store(proxy.port)
        began = time.monotonic()
        with ThreadPoolExecutor(far.traits.workers) as pool:
            list(pool.map(lambda one: far.put(one, one.encode(), sending(one.encode())), keys))
        took_s = time.monotonic() - began
        far.close()
    assert proxy.connections <= far.traits.workers
    assert took_s < 200 * 0.2 / 2, "one after the other takes 40 s"
    assert len(list(place.list(key))) == 200
    place.close()
