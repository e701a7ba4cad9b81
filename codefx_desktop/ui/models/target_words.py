"""How targets are told on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_values import CheckName, CheckState
from codefx_desktop.settings.secrets import SecretPlace
from codefx_desktop.ui.models.push_words import DOT

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import LifecycleRule
    from codefx_desktop.jobs.target_values import CheckStep, TargetCheck, TargetRow

KINDS = {
    TargetKind.R2: "Cloudflare R2",
    TargetKind.S3: "S3",
    TargetKind.FOLDER: "Folder",
}
FIELDS = {
    "name": "Name",
    "account_id": "Account id",
    "bucket": "Bucket",
    "access_key_id": "Access key id",
    "secret": "Secret access key",
    "folder": "Folder",
    "endpoint": "Endpoint",
    "region": "Region",
    "input_prefix": "Input prefix",
    "output_prefix": "Output prefix",
    "session_token": "Session token",
}
_PLACES = {
    SecretPlace.ENVIRONMENT: "The secret comes from the environment.",
    SecretPlace.KEYRING: "The secret is kept in the system's keyring. It is not shown again.",
    SecretPlace.MEMORY: "The secret is known until the program ends: this system has no keyring.",
    SecretPlace.AWS_FILE: "The secret comes from AWS's credentials file.",
    SecretPlace.NOT_NEEDED: "A folder needs no secret.",
    SecretPlace.NOWHERE: "The secret is not known yet. It goes into the system's keyring.",
}
_STEPS = {
    CheckName.OPEN: "Open",
    CheckName.CLOCK: "Clock",
    CheckName.PUT: "Put a test object",
    CheckName.READ: "Read it back",
    CheckName.CONDITION: "Refuse to overwrite",
    CheckName.LIST: "List",
    CheckName.SOURCES: "Put under the input prefix",
    CheckName.DELETE: "Delete it",
}
_STATES = {
    CheckState.PASSED: "passed",
    CheckState.FAILED: "failed",
    CheckState.SKIPPED: "skipped",
}


def place(target: Target) -> str:
    """Return what a target is, in a line: ``Cloudflare R2 · races``."""
    what = str(target.folder) if target.folder is not None else target.bucket
    return DOT.join(part for part in (KINDS[target.kind], what) if part)


def line(row: TargetRow) -> str:
    """Return a target's second line: what it is, or what it lacks."""
    if row.is_ready:
        return place(row.target)
    if row.missing:
        return f"{_count(len(row.missing))} missing"
    return "Cannot be used"


def _count(number: int) -> str:
    return "1 setting" if number == 1 else f"{number} settings"


def missing(row: TargetRow) -> str:
    """Return the names of what a target lacks; variables as they are spelled."""
    names = [FIELDS.get(name, name) for name in row.missing]
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def lacks(row: TargetRow) -> str:
    """Return why a target cannot be used, and what to do; empty if it can."""
    if row.trouble:
        return row.trouble
    if not row.missing:
        return ""
    verb = "is" if len(row.missing) == 1 else "are"
    where = "in the environment" if row.target.is_from_environment else "in the targets"
    return f"{row.target.name} cannot be used yet: {missing(row)} {verb} not set {where}."


def secret_place(found: SecretPlace) -> str:
    """Return where a secret is kept."""
    return _PLACES[found]


def step(one: CheckStep) -> str:
    """Return what was tried at a target."""
    return _STEPS[one.name]


def step_state(one: CheckStep) -> str:
    """Return how it went, with how long it took: ``passed, 42 ms``."""
    word = _STATES[one.state]
    return word if one.state is CheckState.SKIPPED else f"{word}{DOT}{one.milliseconds:.0f} ms"


def check_end(check: TargetCheck) -> str:
    """Return how a check ended, in a sentence."""
    if not check.is_over:
        return "Testing…"
    if check.is_passed:
        total = sum(one.milliseconds for one in check.steps)
        return f"Everything works ({total:.0f} ms)."
    if check.left:
        return f"Test objects were left behind: {', '.join(check.left)}."
    return "It cannot be pushed to as it is."


def rule(one: LifecycleRule) -> str:
    """Return what a rule of a bucket does."""
    where = f"“{one.prefix}”" if one.prefix else "everywhere"
    deeds = []
    if one.expire_days is not None:
        deeds.append(f"objects under {where} are deleted after {days(one.expire_days)}")
    if one.abort_days is not None:
        deeds.append(f"unfinished uploads under {where} are dropped after {days(one.abort_days)}")
    return "; ".join(deeds) or f"nothing under {where}"


def days(number: int) -> str:
    """Return ``1 day`` or ``7 days``."""
    return "1 day" if number == 1 else f"{number} days"
