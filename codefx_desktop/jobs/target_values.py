"""Plain values about targets, for the window and the terminal. None carries a secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import LifecycleRule
    from codefx_desktop.domain.target import Target
    from codefx_desktop.settings.secrets import SecretPlace


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as it is listed.

    Attributes:
        target: The target.
        secret_place: Where its secret is.
        missing: Names of what it lacks: variables where the environment makes it, else fields;
            ``secret`` among them.
        trouble: What else keeps it from being used, such as a keyring that is locked.
    """

    target: Target
    secret_place: SecretPlace
    missing: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether nothing that is known here keeps it from being used."""
        return not self.missing and not self.trouble


@dataclass(frozen=True, slots=True)
class TargetList:
    """All targets, and what a person should know of them, a sentence each."""

    rows: tuple[TargetRow, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetSaved:
    """A target that was kept.

    Attributes:
        name: Its name.
        note: What the person should know of its secret; empty if all is well.
    """

    name: str
    note: str = ""


class CheckName(StrEnum):
    """What is tried at a target, in this order."""

    OPEN = "open"
    CLOCK = "clock"
    PUT = "put"
    READ = "read"
    CONDITION = "condition"
    LIST = "list"
    SOURCES = "sources"
    DELETE = "delete"


class CheckState(StrEnum):
    """How a step went; ``skipped``: not tried, because of another one, or not offered there."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of a check.

    Attributes:
        name: What was tried.
        state: How it went.
        milliseconds: How long it took; 0 where it was skipped.
        message: A sentence for a person; empty where there is nothing to say.
    """

    name: CheckName
    state: CheckState
    milliseconds: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """How a check went, or how far it is.

    Attributes:
        target: Name of the target.
        steps: Those that were done.
        left: Keys of test objects that could not be removed.
        is_over: Whether all steps are there.
    """

    target: str
    steps: tuple[CheckStep, ...] = ()
    left: tuple[str, ...] = ()
    is_over: bool = False

    @property
    def is_passed(self) -> bool:
        """Whether all is well, and nothing was left behind."""
        failed = any(step.state is CheckState.FAILED for step in self.steps)
        return self.is_over and not failed and not self.left


@dataclass(frozen=True, slots=True)
class LifecycleView:
    """What a bucket deletes by itself, against what a target wants.

    Attributes:
        target: Name of the target.
        place: The bucket, for a person.
        wanted: The rules that the target's settings come to.
        rules: The rules that are set, foreign ones too; None where they cannot be read.
        trouble: Why they cannot be read.
    """

    target: str
    place: str
    wanted: tuple[LifecycleRule, ...]
    rules: tuple[LifecycleRule, ...] | None = None
    trouble: str = ""

    @property
    def lacking(self) -> tuple[LifecycleRule, ...]:
        """The wanted rules that are not set."""
        return tuple(rule for rule in self.wanted if rule not in (self.rules or ()))

    @property
    def sooner(self) -> tuple[LifecycleRule, ...]:
        """Rules of others that delete what was pushed sooner than is wanted."""
        return tuple(
            rule
            for rule in self.rules or ()
            if rule not in self.wanted and any(_is_sooner(rule, wish) for wish in self.wanted)
        )


def _is_sooner(rule: LifecycleRule, wish: LifecycleRule) -> bool:
    if rule.expire_days is None or wish.expire_days is None:
        return False
    return wish.prefix.startswith(rule.prefix) and rule.expire_days < wish.expire_days
