"""A secret that is planted is found nowhere: not in messages, texts of values, logs, nor files."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import pytest
from buckets.s3_stub import Answer, stubbing

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.remote.opening import open_store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from pathlib import Path

    from buckets.miniflare import Simulator

SECRET = "canary-secret-4f1c"  # noqa: S105 - a made-up one
TOKEN = "canary-token-97aa"  # noqa: S105
SENDING = Sending("application/json", "0" * 64)


def texts(error: BaseException) -> str:
    """Return everything that is told of an error, by a log or by a crash report."""
    return "".join([str(error), repr(error), *traceback.format_exception(error)])


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, "SignatureDoesNotMatch"),
        Answer(400, "ExpiredToken", f"The token {TOKEN} has expired."),
        Answer(400, "Strange", f"You sent {TOKEN} and {SECRET}."),
        Answer(503, "SlowDown"),
        Answer(200),
    ],
)
def test_no_error_and_no_log_tells_a_secret(
    answer: Answer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    access = Access("stubkey", SECRET, TOKEN)
    with stubbing(answer, Answer(404, "NoSuchKey")) as stub:
        place = stub.store(access)
        with pytest.raises(CodefxError) as caught:
            place.put("jobs/7/job.json", b"{}", SENDING)
        place.facts("jobs/7/job.json")
        place.close()
    shown = f"{place!r} {place.label} {access!r} {access} {vars(place)} {caught.value.hint}"
    said = texts(caught.value) + shown + caplog.text + "".join(capfd.readouterr())
    assert "codefx_desktop.remote" in caplog.text  # something was logged at all
    assert SECRET not in said
    assert TOKEN not in said


def test_nothing_is_told_or_kept_of_a_real_conversation(
    r2: Simulator, tmp_path: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = open_store(r2.target(), Access(r2.access.key_id, SECRET, TOKEN))
    with pytest.raises(CodefxError) as caught:
        place.put("jobs/7/job.json", b"{}", SENDING)
    link = place.signed_link("jobs/7/job.json", 60)
    place.close()
    assert SECRET not in texts(caught.value) + caplog.text + link
    assert TOKEN not in texts(caught.value) + caplog.text
    for path in (path for folder in (tmp_path, home) for path in folder.rglob("*")):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()
