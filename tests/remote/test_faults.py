"""What goes wrong between this machine and a bucket, and what a person is told: on both servers."""

from __future__ import annotations

import hashlib
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from buckets.fault_proxy import Fault, FaultProxy
from buckets.miniflare import Simulator
from buckets.openstack import Swift

from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketMissing,
    ClockWrong,
    CorruptedInFlight,
    ForeignObject,
    Offline,
    RemoteError,
)
from codefx_desktop.domain.object_store import MEBIBYTE, Sending
from codefx_desktop.remote.opening import open_store
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_network import ConnectionBroke
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.target import Target

Server = Simulator | Swift
DATA = np.random.default_rng(3).bytes(2 * MEBIBYTE)


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return f"jobs/{hashlib.sha256(request.node.name.encode()).hexdigest()[:16]}/output/x.mp4"


def sending(data: bytes = DATA) -> Sending:
    return Sending("video/mp4", hashlib.sha256(data).hexdigest())


def store(server: Server, target: Target | None = None, access: Access | None = None) -> S3Store:
    verify = server.certificate if isinstance(server, Simulator) else True
    manners = Manners(2.0, 5.0, verify=verify)
    return S3Store(target or server.target(), access or server.access, manners)


def told(error: RemoteError) -> str:
    """Check that an error can be shown to a person, and return its sentence."""
    assert error.message.endswith(".")
    assert error.hint.endswith(".")
    for word in ("Error", "Exception", "errno", "boto", "None", "HTTPSConnectionPool"):
        assert word not in str(error)
    return error.message


@dataclass(frozen=True)
class Case:
    """A fault of the network, and the words for it."""

    fault: Fault
    words: str
    times: int = 2


BROKE = "The connection to the .* broke"
NETWORK = {
    "cut on the way up": Case(Fault(cut_up=MEBIBYTE), BROKE),
    "cut at the first byte": Case(Fault(cut_up=0), BROKE),
    "cut before the answer": Case(Fault(cut_down=0), BROKE),
    "black hole": Case(Fault(black_hole=True), "nothing came for a while", times=1),
}


@pytest.mark.parametrize("name", NETWORK)
def test_a_bad_network_is_offline(server: Server, key: str, name: str) -> None:
    case = NETWORK[name]
    with FaultProxy(server.port, [case.fault] * case.times) as proxy:
        place = server.store(proxy.port, connect_s=1.0, silence_s=1.0)
        with pytest.raises(Offline, match=case.words) as caught:
            place.put(key, DATA, sending())
        told(caught.value)
        assert proxy.connections == case.times
        assert place.put(key, DATA, sending())
        place.close()


def test_one_cut_is_not_worth_a_word(server: Server, key: str) -> None:
    with FaultProxy(server.port, [Fault(cut_up=MEBIBYTE)]) as proxy:
        place = server.store(proxy.port)
        place.put(key, DATA, sending())
        assert place.read(key) == DATA
        place.close()


def test_nobody_there_is_offline(server: Server, key: str) -> None:
    with FaultProxy(server.port) as proxy:
        port = proxy.port
    place = server.store(port)
    with pytest.raises(Offline, match="connection was refused") as caught:
        place.facts(key)
    told(caught.value)
    place.close()


def test_a_network_that_goes_and_comes_back(server: Server, key: str) -> None:
    with FaultProxy(server.port) as proxy:
        place = server.store(proxy.port)
        place.put(key, b"1", sending(b"1"))
        proxy.offline = True
        with pytest.raises(Offline):
            place.facts(key)
        proxy.offline = False
        assert place.facts(key) is not None
        place.close()


def test_slow_is_not_offline(server: Server, key: str) -> None:
    with FaultProxy(server.port, default=Fault(bytes_per_s=MEBIBYTE, delay_s=0.05)) as proxy:
        place = server.store(proxy.port, silence_s=5.0)
        began = time.monotonic()
        place.put(key, DATA, sending())
        assert time.monotonic() - began > 1.5
        place.close()


def test_a_flipped_bit_is_refused_and_sent_again(server: Server, key: str) -> None:
    # Over https TLS itself breaks off, and one break is mended; over http the server compares sums.
    faults = [Fault(flip_up=MEBIBYTE)] * (2 if isinstance(server, Simulator) else 1)
    expected = Offline if isinstance(server, Simulator) else CorruptedInFlight
    with FaultProxy(server.port, faults) as proxy:
        place = server.store(proxy.port)
        with pytest.raises(expected) as caught:
            place.put(key, DATA, sending())
        told(caught.value)
        assert server.store().facts(key) is None
        place.put(key, DATA, sending())
        assert hashlib.sha256(place.read(key)).hexdigest() == sending().sha256
        place.close()


def test_a_flipped_bit_of_a_part_is_refused(server: Server, key: str) -> None:
    upload_id = server.store().begin_upload(key, sending())
    faults = [Fault(flip_up=MEBIBYTE)] * (2 if isinstance(server, Simulator) else 1)
    with FaultProxy(server.port, faults) as proxy:
        place = server.store(proxy.port)
        with pytest.raises((Offline, CorruptedInFlight)):
            place.put_part(key, upload_id, 1, DATA)
        etag = place.put_part(key, upload_id, 1, DATA)
        place.complete_upload(key, upload_id, [etag], sending())
        assert place.read(key) == DATA
        place.close()


def test_a_sum_that_does_not_fit_is_refused_by_the_server(server: Server, key: str) -> None:
    place = store(server)
    wrong = place._calls.client.meta.events
    wrong.register_last("before-sign.s3.PutObject", _spoil)
    with pytest.raises(CorruptedInFlight) as caught:
        place.put(key, DATA, sending())
    told(caught.value)
    assert place.facts(key) is None
    place.close()


def _spoil(request: object, **_: object) -> None:
    del request.headers["Content-MD5"]  # type: ignore[attr-defined]
    request.headers["Content-MD5"] = "1B2M2Y8AsgTpgAmY7PhCfg=="  # type: ignore[attr-defined]


def answer(call: Callable[[], object]) -> object:
    """Ask until there is an answer, as the outbox does.

    A server that refuses a request before it took its body may end the connection; whoever uses
    that next hears of it.
    """
    for _ in range(3):
        with suppress(ConnectionBroke):
            return call()
    return call()


def test_a_wrong_secret(server: Server, key: str) -> None:
    place = store(server, access=Access(server.access.key_id, "wrong"))
    for call in (
        lambda: place.put(key, DATA, sending()),
        lambda: place.facts(key),
        lambda: place.read(key),
        lambda: list(place.list("jobs/")),
        lambda: place.delete([key]),
        lambda: place.begin_upload(key, sending()),
    ):
        with pytest.raises(AccessRefused, match="its secret does not belong") as caught:
            answer(call)
        assert "again" in caught.value.hint
        told(caught.value)
    place.close()


def test_a_wrong_key_id(server: Server, key: str) -> None:
    place = store(server, access=Access("nobody", server.access.secret))
    with pytest.raises(AccessRefused) as caught:
        place.put(key, DATA, sending())
    told(caught.value)
    with pytest.raises(AccessRefused):
        answer(lambda: place.facts(key))
    place.close()


def test_a_missing_bucket(server: Server, key: str) -> None:
    place = store(server, replace(server.target(), bucket="no-such-bucket"))
    for call in (
        lambda: place.put(key, DATA, sending()),
        lambda: place.facts(key),
        lambda: list(place.list("jobs/")),
        lambda: place.begin_upload(key, sending()),
        lambda: place.delete([key]),
    ):
        with pytest.raises(BucketMissing, match=r"There is no .*bucket no-such-bucket") as caught:
            answer(call)
        told(caught.value)
    place.close()


def test_a_name_that_no_bucket_can_have(server: Server, key: str) -> None:
    place = store(server, replace(server.target(), bucket="My Races!"))
    with pytest.raises(BucketMissing, match="cannot be the name"):
        place.facts(key)
    place.close()


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_wrong_clock(
    server: Server, key: str, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import botocore.auth

    now = botocore.auth.get_current_datetime
    monkeypatch.setattr(
        botocore.auth,
        "get_current_datetime",
        lambda *given, **named: now(*given, **named) + timedelta(minutes=minutes),
    )
    place = store(server)
    for call in (lambda: place.put(key, DATA, sending()), lambda: place.facts(key)):
        with pytest.raises(ClockWrong, match="clock is more than 15 minutes off") as caught:
            call()
        assert "time zone" in caught.value.hint
        told(caught.value)
    place.close()


def test_a_certificate_that_nobody_vouches_for(r2: Simulator, key: str) -> None:
    place = open_store(r2.target(), r2.access)  # as the product does
    with pytest.raises(Offline, match="cannot prove who it is") as caught:
        place.put(key, DATA, sending())
    assert "date and time" in told(caught.value) + caught.value.hint
    place.close()


def test_without_a_network(r2: Simulator, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def lost(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    place = open_store(replace(r2.target(), endpoint=""), r2.access)
    monkeypatch.setattr(socket, "getaddrinfo", lost)
    with pytest.raises(Offline, match="no network, or its name is unknown") as caught:
        place.put(key, DATA, sending())
    assert len(asked) == 1, "it is told at once: who calls says when to try again"
    told(caught.value)
    place.close()


def test_an_answer_that_was_lost_is_no_foreign_object(server: Server, key: str) -> None:
    with FaultProxy(server.port) as proxy:
        place = server.store(proxy.port)
        place.facts(key)  # the connection stands, and TLS' own bytes have come down
        proxy.lose_answers()
        etag = place.put(key, DATA, sending())  # stored, lost, sent again, found to be the same
        assert proxy.lost == 1
        assert etag == hashlib.md5(DATA, usedforsecurity=False).hexdigest()
        with pytest.raises(ForeignObject):
            place.put(key, b"other", sending(b"other"))
        place.close()
