"""A job's spec in the history: every field of it, across versions of the program."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job import JobSpec, QualityPreset
from codefx_desktop.store.spec_json import spec_from_json, spec_to_json

CHANGED = JobSpec(
    weights=Path("/w/best.pt"),
    demo_model=True,
    confidence=0.25,
    iou=1.0,
    image_size_px=1280,
    device="cuda:0",
    output_root=Path("/out"),
    quality=QualityPreset.HIGH,
)


def test_every_field_is_kept() -> None:
    same = [
        item.name
        for item in fields(JobSpec)
        if getattr(CHANGED, item.name) == getattr(JobSpec(), item.name)
    ]
    assert same == ["profile"], "there is one profile so far; give new fields another value here"
    assert spec_from_json(spec_to_json(CHANGED), "j") == CHANGED
    assert spec_from_json(spec_to_json(JobSpec()), "j") == JobSpec()


def test_keys_of_another_version_do_no_harm() -> None:
    values = json.loads(spec_to_json(CHANGED))
    del values["iou"]
    values["from_the_future"] = [1, 2]
    found = spec_from_json(json.dumps(values), "j")
    assert (found.confidence, found.iou) == (0.25, JobSpec().iou)


def test_a_spec_from_before_quality_is_of_the_standard_one() -> None:
    old = '{"version": 1, "confidence": 0.25, "iou": 0.5}'
    assert spec_from_json(old, "j").quality is QualityPreset.STANDARD


def test_the_version_is_the_lowest_that_says_all_of_it() -> None:
    """A program that does not know ``quality`` must not run a job with another one."""
    for quality, version in (("small", 2), ("standard", 1), ("high", 2)):
        spec = JobSpec(quality=QualityPreset(quality))
        values = json.loads(spec_to_json(spec))
        assert (values["version"], values["quality"]) == (version, quality)
        kept = spec_from_json(json.dumps(values), "j").quality
        assert kept is QualityPreset(quality)


def test_whole_numbers_are_numbers() -> None:
    assert spec_from_json('{"version": 1, "confidence": 1}', "j").confidence == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Expecting value"),
        ("[]", "cannot be read"),
        ("{}", "no version"),
        ('{"version": true}', "no version"),
        ('{"version": 3}', "have version 3, this program knows 2"),
        ('{"version": 2, "quality": "huge"}', "quality must be one of small, standard, high"),
        ('{"version": 2, "quality": 5}', "quality must be one of"),
        ('{"version": 1, "profile": "endurance"}', "profile must be one of"),
        ('{"version": 1, "confidence": 7}', "confidence must be between"),
        ('{"version": 1, "confidence": "high"}', "confidence must be a float"),
        ('{"version": 1, "image_size_px": 640.5}', "image_size_px must be a int"),
        ('{"version": 1, "demo_model": 1}', "demo_model must be a bool"),
        ('{"version": 1, "weights": 5}', "weights must be a path"),
    ],
)
def test_what_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(HistoryError, match=says) as caught:
        spec_from_json(text, "the-job")
    assert caught.value.job_id == "the-job"
    assert "the-job" in str(caught.value)
