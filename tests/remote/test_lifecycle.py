"""A bucket's rules: ours are written, foreign ones come back as they were (moto's bucket)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from buckets.s3_stub import Answer, stubbing

from codefx_desktop.domain.errors import AccessRefused, NotOffered
from codefx_desktop.domain.object_store import LifecycleRule
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = (
    LifecycleRule("codefx-input-jobs", "input/jobs/", expire_days=7, abort_days=1),
    LifecycleRule("codefx-output-jobs", "output/jobs/", expire_days=7, abort_days=1),
)
FOREIGN: list[dict[str, Any]] = [
    {
        "ID": "team archive",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "old/", "Tags": [{"Key": "team", "Value": "pit"}]}},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 9},
    },
    {
        "ID": "switched off",
        "Status": "Disabled",
        "Filter": {"Prefix": "jobs/"},
        "Expiration": {"Days": 1},
    },
]


@pytest.fixture
def place() -> Iterator[S3Store]:
    from moto import mock_aws

    with mock_aws():
        target = Target("aws", TargetKind.S3, bucket="races", access_key_id="key")
        store = S3Store(target, Access("key", "secret"))
        store._calls.client.create_bucket(Bucket="races")
        yield store
        store.close()


def raw_rules(place: S3Store) -> list[dict[str, Any]]:
    answer = place._calls.client.get_bucket_lifecycle_configuration(Bucket="races")
    rules: list[dict[str, Any]] = answer["Rules"]
    return rules


def put_foreign(place: S3Store) -> list[dict[str, Any]]:
    place._calls.client.put_bucket_lifecycle_configuration(
        Bucket="races", LifecycleConfiguration={"Rules": FOREIGN}
    )
    return raw_rules(place)


def test_a_bucket_without_rules_has_none(place: S3Store) -> None:
    assert place.lifecycle() == ()


def test_rules_come_back_as_they_were_set(place: S3Store) -> None:
    place.set_lifecycle(OURS)
    assert place.lifecycle() == OURS


def test_foreign_rules_survive_to_the_letter(place: S3Store) -> None:
    before = put_foreign(place)
    place.set_lifecycle(OURS)
    place.set_lifecycle(OURS[:1])
    assert [rule for rule in raw_rules(place) if not rule["ID"].startswith("codefx-")] == before
    assert [rule.name for rule in place.lifecycle()] == [
        "team archive",
        "switched off",
        "codefx-input-jobs",
    ]


def test_a_rule_that_is_switched_off_deletes_nothing(place: S3Store) -> None:
    put_foreign(place)
    archive, off = place.lifecycle()
    assert off == LifecycleRule("switched off", "jobs/")
    assert archive == LifecycleRule("team archive", "old/")


def test_what_was_read_may_be_set_again(place: S3Store) -> None:
    before = put_foreign(place)
    place.set_lifecycle((*place.lifecycle(), *OURS))
    assert raw_rules(place)[:2] == before


def test_without_rules_of_ours_the_foreign_ones_stay(place: S3Store) -> None:
    place.set_lifecycle(OURS)
    place.set_lifecycle(())
    assert place.lifecycle() == ()
    before = put_foreign(place)
    place.set_lifecycle(())
    assert raw_rules(place) == before


def test_a_key_that_may_not_is_told_so() -> None:
    with stubbing(Answer(403, "AccessDenied"), Answer(501, "NotImplemented")) as stub:
        place = stub.store()
        with pytest.raises(AccessRefused, match="may not read the lifecycle rules"):
            place.lifecycle()
        with pytest.raises(NotOffered):
            place.set_lifecycle(OURS)
        place.close()
    assert [one.method for one in stub.requests] == ["GET", "GET"]  # nothing was written


def test_a_key_that_may_only_look_is_told_so() -> None:
    with stubbing(Answer(404, "NoSuchLifecycleConfiguration"), Answer(403, "AccessDenied")) as stub:
        place = stub.store()
        with pytest.raises(AccessRefused, match="may not change the lifecycle rules"):
            place.set_lifecycle(OURS)
        place.close()
    assert "Content-MD5" in stub.requests[1].headers
