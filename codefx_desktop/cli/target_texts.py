"""What the terminal says about targets. A key's id is shown, a secret never."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.lifecycle import rule_text
from codefx_desktop.jobs.target_values import CheckName, CheckState
from codefx_desktop.settings.secrets import SecretPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.jobs.target_values import (
        CheckStep,
        LifecycleView,
        TargetCheck,
        TargetRow,
    )

_PLACES = {
    SecretPlace.ENVIRONMENT: "environment",
    SecretPlace.KEYRING: "keyring",
    SecretPlace.MEMORY: "this run",
    SecretPlace.AWS_FILE: "AWS credentials file",
    SecretPlace.NOT_NEEDED: "",
    SecretPlace.NOWHERE: "none",
}
_STEPS = {
    CheckName.OPEN: "settings and secret",
    CheckName.CLOCK: "clock",
    CheckName.PUT: "put",
    CheckName.READ: "read back and compare",
    CheckName.CONDITION: "refuses to replace",
    CheckName.LIST: "list",
    CheckName.SOURCES: "put under the sources' prefix",
    CheckName.DELETE: "delete",
}


def place_text(target: Target) -> str:
    """Return where a target is."""
    if target.kind is TargetKind.FOLDER:
        return str(target.folder or "")
    return f"{target.bucket} at {target.used_endpoint or f'AWS {target.used_region}'}"


def row_cells(row: TargetRow) -> tuple[str, ...]:
    """Return a target as a row of the table."""
    target = row.target
    state = "ready" if row.is_ready else f"lacks {', '.join(row.missing)}"
    if row.trouble:
        state = "keyring does not answer"
    secret = _PLACES[row.secret_place]
    return (target.name, target.kind, place_text(target), target.access_key_id, secret, state)


def row_dict(row: TargetRow) -> dict[str, Any]:
    """Return a target as the terminal's JSON."""
    return {
        **asdict(row.target),
        "secret": row.secret_place,
        "missing": list(row.missing),
        "trouble": row.trouble,
        "is_ready": row.is_ready,
    }


def step_line(step: CheckStep) -> str:
    """Return a step of a check as a line."""
    words = f"{_STEPS[step.name]}: {step.state}"
    if step.state is not CheckState.SKIPPED:
        words += f" ({step.milliseconds:.0f} ms)"
    return f"{words} {step.message}".rstrip()


def check_dict(check: TargetCheck) -> dict[str, Any]:
    """Return a check as the terminal's JSON."""
    steps = [
        {
            "name": step.name,
            "state": step.state,
            "milliseconds": round(step.milliseconds, 1),
            "message": step.message,
        }
        for step in check.steps
    ]
    left = list(check.left)
    return {"target": check.target, "passed": check.is_passed, "steps": steps, "left": left}


def lifecycle_dict(view: LifecycleView) -> dict[str, Any]:
    """Return a bucket's rules as the terminal's JSON."""
    return {
        "target": view.target,
        "place": view.place,
        "rules": None if view.rules is None else [asdict(rule) for rule in view.rules],
        "wanted": [asdict(rule) for rule in view.wanted],
        "lacking": [asdict(rule) for rule in view.lacking],
        "trouble": view.trouble,
    }


def lifecycle_lines(view: LifecycleView) -> Iterator[str]:
    """Yield what is set and what is not."""
    rules = view.rules or ()
    if view.rules is not None:
        yield f"The {view.place} has {'these rules' if rules else 'no rules'}{':' * bool(rules)}"
    for rule in rules:
        yield f"  {rule.name or 'without a name'}: {rule_text(rule)}"
    if view.lacking:
        yield "Wanted and not set:" if view.rules is not None else "Wanted:"
    for rule in view.lacking:
        yield f"  {rule.name}: {rule_text(rule)}"
    for rule in view.sooner:
        yield f"{rule.name or 'A rule'} deletes sooner than is wanted."
