"""A bucket's lifecycle rules: ours are written, what is foreign goes back as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.object_store import LifecycleRule
from codefx_desktop.remote.s3_errors import NoRules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.remote.s3_calls import S3Calls

OURS: Final = "codefx-"

_KEPT: Final = "TransitionDefaultMinimumObjectSize"
"""The only setting of the whole configuration that is no rule."""

Raw = dict[str, Any]
"""A rule as the client has it."""


class BucketRules:
    """The rules of one bucket.

    Args:
        calls: The bucket.
    """

    def __init__(self, calls: S3Calls) -> None:
        self._calls = calls

    def read(self) -> tuple[LifecycleRule, ...]:
        """Return all rules; of one that is switched off, nothing but its name and prefix."""
        return tuple(_read(raw) for raw in self._configuration().get("Rules", ()))

    def write(self, rules: Sequence[LifecycleRule]) -> None:
        """Replace our rules. S3 has no lock for this: two who write at once, one wins."""
        there = self._configuration()
        raws = _merged(there.get("Rules", ()), rules)
        if not raws:
            self._calls.ask("delete_bucket_lifecycle")
            return
        kept = {_KEPT: there[_KEPT]} if _KEPT in there else {}
        self._calls.ask(
            "put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": raws}, **kept
        )

    def _configuration(self) -> Raw:
        try:
            return self._calls.ask("get_bucket_lifecycle_configuration")
        except NoRules:
            return {}


def _merged(raws: Sequence[Raw], rules: Sequence[LifecycleRule]) -> list[Raw]:
    foreign = [raw for raw in raws if not raw.get("ID", "").startswith(OURS)]
    return [*foreign, *(_written(rule) for rule in rules if rule.name.startswith(OURS))]


def _read(raw: Mapping[str, Any]) -> LifecycleRule:
    which = raw.get("Filter", {})
    prefix = which.get("Prefix") or which.get("And", {}).get("Prefix") or raw.get("Prefix") or ""
    is_on = raw.get("Status") == "Enabled"
    expire = raw.get("Expiration", {}).get("Days") if is_on else None
    abort = raw.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
    return LifecycleRule(raw.get("ID", ""), prefix, expire, abort if is_on else None)


def _written(rule: LifecycleRule) -> Raw:
    raw: Raw = {"ID": rule.name, "Status": "Enabled", "Filter": {"Prefix": rule.prefix}}
    if rule.expire_days is not None:
        raw["Expiration"] = {"Days": rule.expire_days}
    if rule.abort_days is not None:
        raw["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule.abort_days}
    return raw
