"""Tests the connection to a target by doing what a push does, with an object of its own.

The object lies under ``.codefx-check/<random>`` behind the prefix of results, so that a key that
may write nothing else suffices, and is removed whatever happens.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    ClockWrong,
    CodefxError,
    ForeignObject,
    NotOffered,
    Offline,
    RemoteError,
    Throttled,
)
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.jobs.target_values import CheckName, CheckState, CheckStep, TargetCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.target import Target

FOLDER: Final = ".codefx-check/"
REFUSED_S: Final = 900.0
"""Requests whose time is further off are refused. Source: S3's RequestTimeTooSkewed."""
TOLD_S: Final = 60.0

_TYPE: Final = "application/octet-stream"
_BYTES: Final = 4096
_NEEDED: Final = (CheckName.CLOCK, CheckName.PUT)
"""Without these the later steps would only fail, too."""


def check_target(
    target: Target, store: ObjectStore, tell: Callable[[TargetCheck], None] = lambda _: None
) -> TargetCheck:
    """Put, read back, compare, list and delete a small object; look at the clock.

    Args:
        target: The target.
        store: Its place.
        tell: Told how far it is after every step; what it raises ends the check, tidily.
    """
    return _Check(target, store, tell).run()


def failed_to_open(target: Target, error: CodefxError) -> TargetCheck:
    """Return the check of a target that could not even be opened."""
    step = CheckStep(CheckName.OPEN, CheckState.FAILED, message=str(error))
    skipped = [CheckStep(name, CheckState.SKIPPED) for name in _steps(target)]
    return TargetCheck(target.name, (step, *skipped), is_over=True)


class _Check:
    """One check under way."""

    def __init__(
        self, target: Target, store: ObjectStore, tell: Callable[[TargetCheck], None]
    ) -> None:
        self._target = target
        self._store = store
        self._tell = tell
        self._key = f"{target.output_prefix}{FOLDER}{uuid.uuid4().hex}"
        self._source_key = f"{target.input_prefix}{FOLDER}{uuid.uuid4().hex}"
        self._data = os.urandom(_BYTES)
        self._may_be_there: set[str] = set()
        self._steps: list[CheckStep] = []
        self._is_stopped = False

    def run(self) -> TargetCheck:
        works = {
            CheckName.CLOCK: self._clock,
            CheckName.PUT: self._put,
            CheckName.READ: self._read,
            CheckName.CONDITION: self._condition,
            CheckName.LIST: self._list,
            CheckName.SOURCES: self._sources,
            CheckName.DELETE: self._delete,
        }
        try:
            for name in _steps(self._target):
                self._do(name, works[name])
        finally:
            left = self._clean()
        over = TargetCheck(self._target.name, tuple(self._steps), left, is_over=True)
        self._tell(over)
        return over

    def _do(self, name: CheckName, work: Callable[[], str]) -> None:
        if self._is_stopped:
            self._steps.append(CheckStep(name, CheckState.SKIPPED))
            return
        began = time.perf_counter()
        try:
            state, message = CheckState.PASSED, work()
        except NotOffered as error:
            state, message = CheckState.SKIPPED, str(error)
        except CodefxError as error:
            state, message = CheckState.FAILED, str(error)
            self._is_stopped = name in _NEEDED or isinstance(error, Offline)
        milliseconds = (time.perf_counter() - began) * 1000
        self._steps.append(CheckStep(name, state, milliseconds, message))
        self._tell(TargetCheck(self._target.name, tuple(self._steps)))

    def _clock(self) -> str:
        offset_s = self._store.clock_offset_s()
        if abs(offset_s) < TOLD_S:
            return ""
        off = f"This machine's clock is {_span(offset_s)} {'slow' if offset_s > 0 else 'fast'}."
        if abs(offset_s) >= REFUSED_S:
            raise ClockWrong(off, hint="Set it; requests are refused until then.")
        return off

    def _put(self) -> str:
        self._send(self._key, self._data)
        return ""

    def _send(self, key: str, data: bytes) -> None:
        self._may_be_there.add(key)
        try:
            self._store.put(key, data, Sending(_TYPE, hashlib.sha256(data).hexdigest()))
        except (Offline, Throttled):
            raise  # it may have arrived all the same
        except CodefxError:
            self._may_be_there.discard(key)
            raise

    def _read(self) -> str:
        if self._store.read(self._key) != self._data:
            raise RemoteError("Something else came back than was put.", hint="Do not rely on it.")
        facts = self._store.facts(self._key)
        if facts is None or facts.sha256 != hashlib.sha256(self._data).hexdigest():
            raise RemoteError(
                "The SHA-256 that was sent along was not kept.",
                hint="What is pushed there cannot be verified.",
            )
        return ""

    def _condition(self) -> str:
        other = self._data[::-1]
        try:
            self._store.put(self._key, other, Sending(_TYPE, hashlib.sha256(other).hexdigest()))
        except ForeignObject:
            return ""
        raise RemoteError(
            "An object was replaced although that was forbidden.",
            hint="Use a bucket that nobody else writes to.",
        )

    def _list(self) -> str:
        if not any(one.key == self._key for one in self._store.list(self._key)):
            raise RemoteError(
                "What was put is not listed.", hint="What is pushed there cannot be verified."
            )
        return ""

    def _sources(self) -> str:
        self._send(self._source_key, self._data)
        self._remove(self._source_key)
        return ""

    def _delete(self) -> str:
        self._remove(self._key)
        if self._store.facts(self._key) is not None:
            raise RemoteError(
                "What was deleted is still there.",
                hint="The bucket may keep deleted objects under a lock.",
            )
        return ""

    def _remove(self, key: str) -> None:
        self._store.delete([key])
        self._may_be_there.discard(key)

    def _clean(self) -> tuple[str, ...]:
        """Remove what is left; return the keys of what could not be."""
        if self._may_be_there:
            keys = sorted(self._may_be_there)
            try:
                self._store.delete(keys)
            except CodefxError:
                return tuple(keys)
        return ()


def _steps(target: Target) -> tuple[CheckName, ...]:
    """Return what is tried; sources have a prefix of their own only on S3."""
    no_sources = target.input_prefix == target.output_prefix
    leave_out = {CheckName.OPEN, CheckName.SOURCES} if no_sources else {CheckName.OPEN}
    return tuple(name for name in CheckName if name not in leave_out)


def _span(seconds: float) -> str:
    whole = round(abs(seconds))
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if whole >= 2 * size:
            return f"{whole // size} {unit}"
    return f"{whole} seconds"
