"""Addresses of pushed jobs, and which target of this machine they lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pushed_samples import JOB, R2, S3

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.pushed_address import is_address, parse_address, target_of

ACCOUNT = "0" * 32
SIGNED = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=5ecre7"
SIMULATED = replace(R2, name="simulated", endpoint="https://127.0.0.1:8787/cdn-cgi/local/r2/s3")
MINIO = Target("nas", TargetKind.S3, bucket="races", endpoint="https://nas.local:9000")
FOLDER = Target("usb", TargetKind.FOLDER)
ALL = (FOLDER, MINIO, SIMULATED, R2, S3)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (f"s3://races/jobs/{JOB}/manifest.json", "nas"),
        (f"s3://races/output/jobs/{JOB}/manifest.json", "archive"),
        (f"https://{ACCOUNT}.r2.cloudflarestorage.com/races/jobs/{JOB}/manifest.json", "races"),
        (f"https://NAS.local:9000/races/jobs/{JOB}/frames/det/frame_1.jpg", "nas"),
        (
            f"https://127.0.0.1:8787/cdn-cgi/local/r2/s3/races/jobs/{JOB}/manifest.json",
            "simulated",
        ),
        (f"https://races.s3.amazonaws.com/output/jobs/{JOB}/manifest.json", "archive"),
        (f"https://races.s3.eu-west-1.amazonaws.com/output/jobs/{JOB}/job.json", "archive"),
        (f"https://s3.us-east-1.amazonaws.com/races/input/jobs/{JOB}/input/source.mp4", "archive"),
    ],
)
@pytest.mark.parametrize("signature", ["", SIGNED])
def test_an_address_leads_to_the_target_that_is_the_same_bucket(
    address: str, target: str, signature: str
) -> None:
    assert is_address(address)
    found = parse_address(address + signature)
    assert found.job_id == JOB
    assert target_of(found, ALL).name == target
    assert "5ecre7" not in repr(found)


@pytest.mark.parametrize(
    "address",
    [
        f"https://races.s3.amazonaws.com/elsewhere/jobs/{JOB}/manifest.json",
        f"https://other.s3.amazonaws.com/output/jobs/{JOB}/manifest.json",
        f"https://nas.local/races/jobs/{JOB}/manifest.json",
        f"https://evil.example/races/jobs/{JOB}/manifest.json",
        f"https://races.s3.amazonaws.com.evil.example/races/jobs/{JOB}/manifest.json",
        f"s3://other/jobs/{JOB}/manifest.json",
    ],
)
def test_an_address_of_no_target_says_so(address: str) -> None:
    with pytest.raises(SettingsError, match="no target of this machine"):
        target_of(parse_address(address), ALL)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/5ecre7",
        "s3://races/",
        f"ftp://races/jobs/{JOB}/manifest.json?5ecre7",
        "https:///jobs/x/manifest.json",
        "https://[x/jobs/4f1c/manifest.json",
        "s3://races/jobs/../manifest.json",
    ],
)
def test_what_is_no_address_is_said_without_repeating_it(text: str) -> None:
    with pytest.raises(SettingsError) as told:
        parse_address(text)
    assert "5ecre7" not in str(told.value)


def test_an_id_is_no_address() -> None:
    assert not is_address("4f1c")
