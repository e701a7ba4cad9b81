"""What servers say that no real one can be made to say here: each answer, its error, its words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from buckets.fault_proxy import Fault, FaultProxy
from buckets.s3_stub import Answer, Stub, date, stubbing

from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketFull,
    BucketMissing,
    ClockWrong,
    CorruptedInFlight,
    NotOffered,
    Offline,
    RemoteError,
    Throttled,
    UploadGone,
)
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "jobs/7/report/stops.json"
DATA = b'{"stops": 2}'
SENDING = Sending("application/json", hashlib.sha256(DATA).hexdigest())


@dataclass(frozen=True)
class Case:
    """An answer, what it means, and a part of what a person reads."""

    answer: Answer
    means: type[RemoteError]
    words: str
    hint: str = "."
    clock_s: float | None = 0.0


CASES = {
    "busy": Case(Answer(503, "SlowDown"), Throttled, "asks to slow down (503)", "by itself"),
    "busy, no text": Case(Answer(503), Throttled, "asks to slow down (503)"),
    "a gateway's page": Case(Answer(502, body=b"<html>Bad"), Throttled, "trouble of its own (502)"),
    "too many": Case(Answer(429, "TooManyRequests"), Throttled, "asks to slow down (429)"),
    "broken inside": Case(Answer(500, "InternalError"), Throttled, "trouble of its own (500)"),
    "two at once": Case(Answer(409, "ConditionalRequestConflict"), Throttled, "(409)"),
    "quota": Case(Answer(403, "QuotaExceeded"), BucketFull, "takes no more", "raise the quota"),
    "disk full": Case(Answer(507, "XMinioStorageFull"), BucketFull, "takes no more"),
    "Swift's quota": Case(Answer(400, "EntityTooLarge"), BucketFull, "takes no more"),
    "too much, no text": Case(Answer(413), BucketFull, "takes no more"),
    "no permission": Case(
        Answer(403, "AccessDenied"), AccessRefused, "key may not write objects", "Read & Write"
    ),
    "no text at all": Case(Answer(403), AccessRefused, "key may not write objects"),
    "unknown key": Case(Answer(403, "InvalidAccessKeyId"), AccessRefused, "does not know this"),
    "R2's unknown key": Case(Answer(401, "Unauthorized"), AccessRefused, "does not know this"),
    "wrong secret": Case(
        Answer(403, "SignatureDoesNotMatch"), AccessRefused, "secret does not belong", "again"
    ),
    "expired token": Case(Answer(400, "ExpiredToken"), AccessRefused, "has expired", "new"),
    "slow clock": Case(
        Answer(403, "RequestTimeTooSkewed"),
        ClockWrong,
        "clock is 30 minutes slow",
        "time zone",
        clock_s=1800,
    ),
    "fast clock": Case(
        Answer(403, "RequestTimeTooSkewed"), ClockWrong, "120 minutes fast", clock_s=-7200
    ),
    "clock, no date": Case(
        Answer(403, "RequestTimeTooSkewed"), ClockWrong, "more than 15 minutes off", clock_s=None
    ),
    "clock behind another name": Case(
        Answer(403, "AccessDenied"), ClockWrong, "30 minutes slow", clock_s=1800
    ),
    "no bucket": Case(Answer(404, "NoSuchBucket"), BucketMissing, "There is no", "bucket's name"),
    "another region": Case(
        Answer(301, "PermanentRedirect", headers={"x-amz-bucket-region": "eu-west-1"}),
        BucketMissing,
        "is in region eu-west-1",
        "region to eu-west-1",
    ),
    "damaged": Case(Answer(400, "BadDigest"), CorruptedInFlight, "damaged on the way", "again"),
    "another sum": Case(
        Answer(200, headers={"ETag": '"0123"'}), CorruptedInFlight, "Something else than"
    ),
    "a page": Case(Answer(200, body=b"<html>Welcome"), Throttled, "trouble of its own"),
    "a log-in page": Case(Answer(200), Offline, "no bucket", "log-in"),
    "on to a log-in page": Case(
        Answer(302, headers={"Location": "http://login.example/"}), Offline, "no bucket", "log-in"
    ),
    "a log-in demanded": Case(Answer(511), Offline, "no bucket", "log-in"),
    "too slow for it": Case(Answer(400, "RequestTimeout"), Offline, "got nothing for a while"),
    "not offered": Case(Answer(501, "NotImplemented"), NotOffered, "does not offer to write"),
    "anything else": Case(
        Answer(400, "InvalidThing", "The thing is invalid."),
        RemoteError,
        "says InvalidThing: The thing is invalid.",
    ),
}


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Stub, S3Store]]:
    with stubbing() as stub:
        store = stub.store()
        yield stub, store
        store.close()


@pytest.fixture
def stub(opened: tuple[Stub, S3Store]) -> Stub:
    opened[0].begin()
    return opened[0]


@pytest.fixture
def place(opened: tuple[Stub, S3Store]) -> S3Store:
    return opened[1]


@pytest.mark.parametrize("name", CASES)
def test_what_a_server_says(stub: Stub, place: S3Store, name: str) -> None:
    case = CASES[name]
    stub.begin(*[case.answer] * 3, clock_s=case.clock_s)
    with pytest.raises(RemoteError) as caught:
        place.put(KEY, DATA, SENDING)
    # Whoever waits and tries again is not in this room; redirections are looked into once.
    assert len(stub.requests) == 1 or 300 < case.answer.status < 400
    assert type(caught.value) is case.means
    assert case.words in caught.value.message
    assert case.hint in caught.value.hint
    assert "bucket test-bucket" in caught.value.message or case.means is ClockWrong
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("told", "wait_s"), [("7", 7), ("0", 0), ("soon", 0), ("-3", 0), ("999999", 3600)]
)
def test_how_long_a_busy_server_wants_to_be_left_alone(
    stub: Stub, place: S3Store, told: str, wait_s: float
) -> None:
    stub.begin(Answer(503, "SlowDown", headers={"Retry-After": told}))
    with pytest.raises(Throttled) as caught:
        place.put(KEY, DATA, SENDING)
    assert caught.value.retry_after_s == wait_s


def test_a_date_to_be_left_alone_until(stub: Stub, place: S3Store) -> None:
    stub.begin(Answer(503, headers={"Retry-After": date(60)}))
    with pytest.raises(Throttled) as caught:
        place.put(KEY, DATA, SENDING)
    assert 50 < caught.value.retry_after_s <= 60


@pytest.mark.parametrize("code", ["NoSuchUpload", "InvalidPart"])
def test_an_upload_that_is_not_known(stub: Stub, place: S3Store, code: str) -> None:
    stub.begin(Answer(404, code))
    with pytest.raises(UploadGone, match="the upload of"):
        place.put_part(KEY, "7", 1, DATA)


def test_a_refusal_within_a_deletion(stub: Stub, place: S3Store) -> None:
    body = (
        b"<DeleteResult><Error><Key>jobs/7/x</Key><Code>AccessDenied</Code>"
        b"<Message>no</Message></Error></DeleteResult>"
    )
    stub.begin(Answer(200, body=body))
    with pytest.raises(AccessRefused, match="may not delete objects"):
        place.delete(["jobs/7/x"])
    assert "Content-MD5" in stub.requests[0].headers
    assert not [name for name in stub.requests[0].headers if "crc32" in name.lower()]


def test_a_head_without_text_is_asked_again_for_the_reason(stub: Stub, place: S3Store) -> None:
    stub.begin(Answer(403), Answer(403, "SignatureDoesNotMatch"))
    with pytest.raises(AccessRefused, match="secret"):
        place.facts(KEY)
    assert [one.method for one in stub.requests] == ["HEAD", "GET"]


@pytest.mark.parametrize("offset_s", [0.0, 95.0, -4000.0])
def test_the_clock_is_compared(stub: Stub, place: S3Store, offset_s: float) -> None:
    stub.begin(clock_s=offset_s)
    assert place.clock_offset_s() == pytest.approx(offset_s, abs=0.7)
    stub.script.append(Answer(403, "RequestTimeTooSkewed"))
    assert place.clock_offset_s() == pytest.approx(offset_s, abs=0.7)


def test_a_server_without_a_date_does_not_tell_its_time(stub: Stub, place: S3Store) -> None:
    stub.begin(clock_s=None)
    with pytest.raises(NotOffered, match="does not tell its time"):
        place.clock_offset_s()


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set everything that AWS' own tools would obey."""
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "foreign")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "foreign")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "foreign")
    monkeypatch.setenv("AWS_REGION", "mars-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "mars-1")
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "auto")
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_supported")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")


@pytest.mark.usefixtures("hostile")
def test_a_request_is_as_the_target_says_and_nothing_else() -> None:
    with stubbing() as stub:
        place = stub.store(Access("stubkey", "stubsecret", "stubtoken"))
        place.put(KEY, DATA, SENDING)
        place.close()
    (request,) = stub.requests
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert request.path == f"/test-bucket/{KEY}"
    assert "Credential=stubkey/" in headers["authorization"]
    assert "/us-east-1/s3/aws4_request" in headers["authorization"]
    assert headers["x-amz-security-token"] == "stubtoken"
    assert headers["content-md5"] == "RtB5rN7NU2krOYTRplf5EQ=="
    assert headers["content-length"] == str(len(DATA))
    assert headers["content-type"] == "application/json"
    assert headers["if-none-match"] == "*"
    assert headers["x-amz-meta-sha256"] == SENDING.sha256
    assert headers["x-amz-content-sha256"] == SENDING.sha256  # signed, as this is not https
    assert "CodeFxDesktop/" in headers["user-agent"]
    for absent in ("expect", "transfer-encoding", "x-amz-trailer", "x-amz-sdk-checksum-algorithm"):
        assert absent not in headers
    assert not [name for name in headers if name.startswith("x-amz-checksum")]


def test_a_broken_connection_is_asked_before_the_body_goes_again() -> None:
    with stubbing() as stub, FaultProxy(stub.port, [Fault(cut_down=0)]) as proxy:
        place = stub.store(port=proxy.port)
        place.put(KEY, DATA, SENDING)
        place.close()
    assert [one.headers.get("Expect") for one in stub.requests] == [None, "100-continue"]


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize(
    ("bucket", "region", "host"),
    [
        ("races", "eu-west-1", "races.s3.eu-west-1.amazonaws.com"),
        ("races", "", "races.s3.us-east-1.amazonaws.com"),
        ("team.races", "eu-west-1", "s3.eu-west-1.amazonaws.com"),
    ],
)
def test_aws_itself_is_asked_where_no_endpoint_is_named(
    bucket: str, region: str, host: str
) -> None:
    target = Target("aws", TargetKind.S3, bucket=bucket, access_key_id="k", region=region)
    place = S3Store(target, Access("k", "s"))
    link = urlsplit(place.signed_link(KEY, 60))
    assert link.netloc == host
    assert "Credential=k%2F" in link.query
    place.close()
