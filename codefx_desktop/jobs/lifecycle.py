"""What a bucket is to delete by itself: uploads that never ended, and what was pushed long ago.

Expiry deletes pushed results. It is written only when somebody asks for it, and only for the
prefixes that jobs have. Rules of others stay, and so do ours for other targets in the same bucket.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from codefx_desktop.domain.errors import AccessRefused, NotOffered
from codefx_desktop.domain.object_store import LifecycleRule
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_values import LifecycleView

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore

OURS: Final = "codefx-"
JOBS: Final = "jobs/"
DAY_S: Final = 24 * 3600

Shape = Literal["aws", "wrangler"]


def wanted_rules(target: Target, *, expire: bool = True) -> tuple[LifecycleRule, ...]:
    """Return the rules that a target's settings come to.

    Args:
        target: The target; a folder has none.
        expire: Whether pushed results are to be deleted after the target's retention.
    """
    if target.kind is TargetKind.FOLDER:
        return ()
    rules = []
    for prefix in _prefixes(target):
        name = prefix.removesuffix("/")
        abort = target.abort_multipart_days
        rules.append(LifecycleRule(f"{OURS}abort-{name}", prefix, abort_days=abort))
        if expire:
            keep = target.retention_days
            rules.append(LifecycleRule(f"{OURS}expire-{name}", prefix, expire_days=keep))
    return tuple(rules)


def look_at_lifecycle(target: Target, store: ObjectStore) -> LifecycleView:
    """Return what is set against what is wanted.

    Raises:
        RemoteError: If the place cannot be asked at all.
    """
    wanted = wanted_rules(target)
    try:
        rules = store.lifecycle()
    except (AccessRefused, NotOffered) as error:
        return LifecycleView(target.name, store.label, wanted, None, str(error))
    return LifecycleView(target.name, store.label, wanted, rules)


def set_lifecycle(target: Target, store: ObjectStore, *, expire: bool) -> LifecycleView:
    """Write the wanted rules; return what is set then.

    Args:
        target: The target.
        store: Its place.
        expire: Whether pushed results are to be deleted after the target's retention; without it
            such a rule of ours goes.

    Raises:
        AccessRefused: If the key may not do this.
        NotOffered: If the place deletes nothing by itself.
        RemoteError: If the place cannot be asked.
    """
    if target.kind is TargetKind.FOLDER:
        raise NotOffered(
            f"Target {target.name} is a folder, which deletes nothing by itself.",
            hint="Delete old jobs there by hand.",
        )
    prefixes = _prefixes(target)
    others = [
        rule
        for rule in store.lifecycle()
        if rule.name.startswith(OURS) and rule.prefix not in prefixes and _does_something(rule)
    ]
    wanted = wanted_rules(target, expire=expire)
    store.set_lifecycle([*others, *wanted])
    return replace(look_at_lifecycle(target, store), wanted=wanted)


def exported(target: Target, shape: Shape, *, expire: bool = True) -> dict[str, Any]:
    """Return the wanted rules as a file for a tool whose key may write them.

    Args:
        target: The target.
        shape: For ``aws s3api put-bucket-lifecycle-configuration`` or for ``wrangler r2 bucket
            lifecycle set``.
        expire: Whether pushed results are to be deleted.

    Source: S3's LifecycleConfiguration; Cloudflare's API, R2 bucket lifecycle rules.
    """
    rules = wanted_rules(target, expire=expire)
    if shape == "aws":
        return {"Rules": [_for_aws(rule) for rule in rules]}
    return {"rules": [_for_wrangler(rule) for rule in rules]}


def shape_for(target: Target) -> Shape:
    """Return the shape for the tool that a target's people have."""
    return "wrangler" if target.kind is TargetKind.R2 else "aws"


def command_for(target: Target, shape: Shape, file: Path) -> str:
    """Return the command that writes an exported file; it replaces all rules of the bucket."""
    if shape == "wrangler":
        words = ["npx", "wrangler", "r2", "bucket", "lifecycle", "set", target.bucket]
        return shlex.join([*words, "--file", str(file)])
    words = ["aws", "s3api", "put-bucket-lifecycle-configuration", "--bucket", target.bucket]
    words += ["--lifecycle-configuration", f"file://{file}"]
    if target.used_endpoint:
        words += ["--endpoint-url", target.used_endpoint]
    return shlex.join(words)


def rule_text(rule: LifecycleRule) -> str:
    """Return a rule as a sentence without its end."""
    where = f"under {rule.prefix}" if rule.prefix else "anywhere in the bucket"
    deeds = []
    if rule.expire_days is not None:
        deeds.append(f"objects {where} are deleted after {_days(rule.expire_days)}")
    if rule.abort_days is not None:
        deeds.append(f"uploads {where} that never ended are dropped after {_days(rule.abort_days)}")
    return "; ".join(deeds) or f"something else {where}, or switched off"


def _prefixes(target: Target) -> tuple[str, ...]:
    """Return the prefixes in use, each once."""
    return tuple(dict.fromkeys((target.output_prefix + JOBS, target.input_prefix + JOBS)))


def _does_something(rule: LifecycleRule) -> bool:
    return rule.expire_days is not None or rule.abort_days is not None


def _for_aws(rule: LifecycleRule) -> dict[str, Any]:
    raw: dict[str, Any] = {"ID": rule.name, "Status": "Enabled", "Filter": {"Prefix": rule.prefix}}
    if rule.expire_days is not None:
        raw["Expiration"] = {"Days": rule.expire_days}
    if rule.abort_days is not None:
        raw["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule.abort_days}
    return raw


def _for_wrangler(rule: LifecycleRule) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "id": rule.name,
        "enabled": True,
        "conditions": {"prefix": rule.prefix},
    }
    if rule.expire_days is not None:
        raw["deleteObjectsTransition"] = _aged(rule.expire_days)
    if rule.abort_days is not None:
        raw["abortMultipartUploadsTransition"] = _aged(rule.abort_days)
    return raw


def _aged(days: int) -> dict[str, Any]:
    return {"condition": {"type": "Age", "maxAge": days * DAY_S}}


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
