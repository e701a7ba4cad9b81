"""What a bucket is to delete by itself: wanted, compared, written, exported."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_store import FakeStore

from codefx_desktop.domain.errors import AccessRefused, NotOffered, Offline
from codefx_desktop.domain.object_store import LifecycleRule
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.lifecycle import (
    command_for,
    exported,
    look_at_lifecycle,
    rule_text,
    set_lifecycle,
    shape_for,
    wanted_rules,
)
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

R2 = Target("R2", TargetKind.R2, "races", "0123", access_key_id="key", retention_days=14)
S3 = Target("S3", TargetKind.S3, "races", input_prefix="in/", output_prefix="out/")
USB = Target("usb", TargetKind.FOLDER, folder=Path("/media/usb"))
R2_RULES = (
    LifecycleRule("codefx-abort-jobs", "jobs/", abort_days=1),
    LifecycleRule("codefx-expire-jobs", "jobs/", expire_days=14),
)
FOREIGN = LifecycleRule("team", "", expire_days=3)


def test_every_prefix_in_use_and_no_other() -> None:
    assert wanted_rules(R2) == R2_RULES
    assert wanted_rules(R2, expire=False) == R2_RULES[:1]
    assert [(rule.name, rule.prefix) for rule in wanted_rules(S3)] == [
        ("codefx-abort-out/jobs", "out/jobs/"),
        ("codefx-expire-out/jobs", "out/jobs/"),
        ("codefx-abort-in/jobs", "in/jobs/"),
        ("codefx-expire-in/jobs", "in/jobs/"),
    ]
    assert wanted_rules(USB) == ()
    for target in (R2, S3):
        for key in ("jobs/7/job.json", "jobs/7/input/source.mp4"):
            assert any(target.key(key).startswith(one.prefix) for one in wanted_rules(target))


def test_looking_writes_nothing() -> None:
    store = FakeStore()
    view = look_at_lifecycle(R2, store)
    assert (view.rules, view.lacking, view.sooner) == ((), R2_RULES, ())
    assert store.count("set_lifecycle") == 0


def test_what_is_set_is_compared() -> None:
    store = FakeStore()
    store._rules = (FOREIGN, R2_RULES[1], LifecycleRule("codefx-abort-jobs", "jobs/", None, 9))
    view = look_at_lifecycle(R2, store)
    assert view.lacking == R2_RULES[:1]
    assert view.sooner == (FOREIGN,)


def test_rules_of_others_and_of_our_other_targets_stay() -> None:
    store = FakeStore()
    set_lifecycle(S3, store, expire=True)
    store._rules = (FOREIGN, *store._rules, LifecycleRule("codefx-abort-gone", "x/"))
    view = set_lifecycle(R2, store, expire=True)
    assert view.lacking == ()
    assert set(store._rules) == {FOREIGN, *wanted_rules(S3), *R2_RULES}
    view = set_lifecycle(R2, store, expire=False)
    assert view.lacking == ()
    assert set(store._rules) == {FOREIGN, *wanted_rules(S3), R2_RULES[0]}


def test_a_key_that_may_not_look_is_told_with_what_is_wanted() -> None:
    store = FakeStore()
    store.fail("lifecycle", AccessRefused("The key may not.", hint="Ask."))
    view = look_at_lifecycle(R2, store)
    assert (view.rules, view.trouble) == (None, "The key may not. Ask.")
    assert view.lacking == R2_RULES
    store.fail("lifecycle", Offline("Nobody answers."))
    with pytest.raises(Offline):
        look_at_lifecycle(R2, store)


def test_nothing_is_written_that_might_drop_rules_unseen() -> None:
    store = FakeStore()
    store.fail("lifecycle", AccessRefused("The key may not."))
    with pytest.raises(AccessRefused):
        set_lifecycle(R2, store, expire=True)
    assert store.count("set_lifecycle") == 0


def test_a_folder_has_none() -> None:
    with pytest.raises(NotOffered, match="deletes nothing by itself"):
        set_lifecycle(USB, FakeStore(), expire=True)


def test_export_for_wrangler() -> None:
    assert shape_for(R2) == "wrangler"
    assert exported(R2, "wrangler", expire=True) == {
        "rules": [
            {
                "id": "codefx-abort-jobs",
                "enabled": True,
                "conditions": {"prefix": "jobs/"},
                "abortMultipartUploadsTransition": {"condition": {"type": "Age", "maxAge": 86400}},
            },
            {
                "id": "codefx-expire-jobs",
                "enabled": True,
                "conditions": {"prefix": "jobs/"},
                "deleteObjectsTransition": {"condition": {"type": "Age", "maxAge": 1209600}},
            },
        ]
    }
    assert command_for(R2, "wrangler", Path("/a b/r.json")) == (
        "npx wrangler r2 bucket lifecycle set races --file '/a b/r.json'"
    )


def test_aws_takes_the_export() -> None:
    """Moto reads it with AWS's own checks, and the program reads it back as what it wants."""
    from moto import mock_aws

    assert shape_for(S3) == "aws"
    with mock_aws():
        store = S3Store(S3, Access("key", "secret"))
        client = store._calls.client
        client.create_bucket(Bucket="races")
        client.put_bucket_lifecycle_configuration(
            Bucket="races", LifecycleConfiguration=exported(S3, "aws")
        )
        assert store.lifecycle() == wanted_rules(S3)
        assert look_at_lifecycle(S3, store).lacking == ()
        store.close()
    assert command_for(S3, "aws", Path("/r.json")) == (
        "aws s3api put-bucket-lifecycle-configuration --bucket races "
        "--lifecycle-configuration file:///r.json"
    )
    assert command_for(R2, "aws", Path("/r.json")).endswith(
        "--endpoint-url https://0123.r2.cloudflarestorage.com"
    )


def test_rules_in_words() -> None:
    assert rule_text(R2_RULES[1]) == "objects under jobs/ are deleted after 14 days"
    assert rule_text(R2_RULES[0]) == (
        "uploads under jobs/ that never ended are dropped after 1 day"
    )
    assert rule_text(LifecycleRule("x", "")) == (
        "something else anywhere in the bucket, or switched off"
    )
