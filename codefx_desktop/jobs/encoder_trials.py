"""Chooses a job's video encoder: trials in a process of their own, verdicts kept on disk.

A driver can crash or hang the process that asks it something, so each trial is a child process
that is given a time and then ended. Verdicts are kept under the app's cache, because a trial takes
seconds, and made again when the encoder's options, FFmpeg, the system or the driver change, and
after a while in any case.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.settings.paths import program_dir
from codefx_desktop.video.codecs import available
from codefx_desktop.video.encoders import (
    AUTO,
    ENCODERS,
    X264,
    EncodePlan,
    Encoder,
    EncoderChoice,
    TrialOutcome,
    candidates,
    choose,
    hindrance,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

LIMIT_S: Final = 30.0
"""A trial ends itself after 20 s; whoever is still there then hangs."""
POLL_S: Final = 0.1
END_S: Final = 5.0
PASSED_DAYS: Final = 30
REFUSED_DAYS: Final = 1
"""Shorter: what was refused may have been in use by another program."""
RATES: Final = (30, 60, 120, 240)
"""A trial runs at the next of these, so that clips of 29.97 and 30 Hz share a verdict."""
DRIVER_FILES: Final = (
    "/proc/driver/nvidia/version",
    "/sys/module/i915/srcversion",
    "/sys/module/xe/srcversion",
    "/sys/module/amdgpu/version",
    "C:/Windows/System32/nvEncodeAPI64.dll",
    "C:/Windows/System32/libmfxhw64.dll",
    "C:/Windows/System32/amfrt64.dll",
)
_PREFIX = re.compile(r"^(\[[^\]]*\] )*")


class EncoderTrials:
    """Chooses encoders by their trials. Blocks; any worker.

    Args:
        wanted: The setting ``video_encoder``.
        cache: The app's cache folder; made if missing.
        command: Begins a trial process; for tests.
        limit_s: How long one may take.
    """

    def __init__(
        self,
        wanted: str,
        cache: Path,
        *,
        command: Sequence[str] | None = None,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._wanted = wanted
        self._folder = cache / "encoders"
        self._command = (*(command or (*_terminal_program(), "try-encoder")),)
        self._limit_s = limit_s

    def choose(self, plan: EncodePlan, cancel: CancelSignal) -> EncoderChoice:
        """Return the encoder for a job; libx264 where no other one passes.

        Raises:
            Cancelled: If ``cancel`` was set.
        """
        return choose(self._wanted, candidates(), lambda one: self._verdict(one, plan, cancel))

    def examine(self, plan: EncodePlan, cancel: CancelSignal) -> tuple[TrialOutcome, ...]:
        """Try libx264 and every hardware encoder of this system afresh.

        Raises:
            Cancelled: If ``cancel`` was set.
        """
        named = () if self._wanted == AUTO else (self._wanted,)
        names = dict.fromkeys([X264.name, *(one.name for one in candidates()), *named])
        return tuple(self._try(ENCODERS[name], plan, cancel) for name in names)

    def distrust(self, encoder: Encoder, plan: EncodePlan, reason: str) -> None:
        """Do not use an encoder for such jobs for a while, because one went wrong."""
        self._keep(TrialOutcome(encoder.name, passed=False, reason=reason), plan)

    def _verdict(self, encoder: Encoder, plan: EncodePlan, cancel: CancelSignal) -> TrialOutcome:
        if reason := hindrance(encoder):
            return TrialOutcome(encoder.name, passed=False, reason=reason)
        return self._kept(encoder, plan) or self._try(encoder, plan, cancel)

    def _try(self, encoder: Encoder, plan: EncodePlan, cancel: CancelSignal) -> TrialOutcome:
        started = time.perf_counter()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(
                prefix="trial-", dir=self._folder, ignore_cleanup_errors=True
            ) as folder:
                outcome, is_final = self._run(encoder, _of_its_kind(plan), folder, cancel)
        except OSError as error:
            outcome, is_final = _refused(encoder, f"its trial could not be made: {error}"), False
        outcome = replace(outcome, seconds=time.perf_counter() - started)
        log.info("Trial of %s (%.1f s)", outcome, outcome.seconds)
        if is_final:
            self._keep(outcome, plan)
        return outcome

    def _run(
        self, encoder: Encoder, plan: EncodePlan, folder: str, cancel: CancelSignal
    ) -> tuple[TrialOutcome, bool]:
        """Return how a trial went, and whether that says something about the encoder."""
        child = subprocess.Popen(  # noqa: S603 - our own program
            [*self._command, encoder.name, json.dumps(plan.to_dict()), folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            told, said = _listen(child, self._limit_s, cancel)
        except subprocess.TimeoutExpired:
            return _refused(encoder, f"no answer within {self._limit_s:.0f} s"), True
        finally:
            _end(child)
        code = child.returncode
        if code == 0:
            with contextlib.suppress(ValueError, KeyError, IndexError):
                return _outcome(encoder, json.loads(told.splitlines()[-1]), said), True
        if code < 0 or code > 255:
            return _refused(encoder, f"its trial crashed ({_hex_or_signal(code)})"), True
        return _refused(encoder, f"its trial failed: {said.strip()[-300:]}"), False

    def _kept(self, encoder: Encoder, plan: EncodePlan) -> TrialOutcome | None:
        file = self._file(encoder, plan)
        try:
            values = json.loads(file.read_text("utf-8"))
            outcome = TrialOutcome(encoder.name, values["passed"] is True, str(values["reason"]))
            age_s = time.time() - file.stat().st_mtime
        except (OSError, ValueError, KeyError, TypeError):
            return None
        days = PASSED_DAYS if outcome.passed else REFUSED_DAYS
        # A date in the future is a clock that was set back.
        return outcome if 0 <= age_s < days * 86_400 else None

    def _keep(self, outcome: TrialOutcome, plan: EncodePlan) -> None:
        file = self._file(ENCODERS[outcome.name], plan)
        values = {"encoder": outcome.name, "passed": outcome.passed, "reason": outcome.reason}
        draft = file.with_suffix(f".{os.getpid()}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({**values, **plan.to_dict()}), "utf-8")
            draft.replace(file)
        except OSError as error:
            log.warning("The verdict on %s was not kept: %s", outcome.name, error)

    def _file(self, encoder: Encoder, plan: EncodePlan) -> Path:
        plan = _of_its_kind(plan)
        libraries = available()
        facts = {
            "encoder": encoder.name,
            "options": options(encoder, plan),
            "plan": plan.to_dict(),
            "libraries": [libraries["FFmpeg"], libraries["PyAV"]],
            "system": platform.platform(),
            "drivers": [_digest(Path(name)) for name in DRIVER_FILES],
        }
        key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        return self._folder / f"{encoder.name}_{key[:24]}.json"


def _terminal_program() -> tuple[str, ...]:
    """Return what starts the terminal program, also from the window and when frozen."""
    if getattr(sys, "frozen", False):
        return (str(program_dir() / ("codefx.exe" if os.name == "nt" else "codefx")),)
    return (sys.executable, "-m", "codefx_desktop.cli")


def _listen(child: subprocess.Popen[str], limit_s: float, cancel: CancelSignal) -> tuple[str, str]:
    deadline = time.monotonic() + limit_s
    while True:
        if cancel.is_set():
            raise Cancelled
        try:
            return child.communicate(timeout=POLL_S)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise


def _end(child: subprocess.Popen[str]) -> None:
    """End a child that has not ended. One that hangs inside a driver may not be ended at all."""
    if child.poll() is None:
        child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=END_S)


def _of_its_kind(plan: EncodePlan) -> EncodePlan:
    rate = next((rate for rate in RATES if rate >= plan.average_rate), RATES[-1])
    return replace(plan, average_rate=Fraction(rate))


def _refused(encoder: Encoder, reason: str) -> TrialOutcome:
    return TrialOutcome(encoder.name, passed=False, reason=reason)


def _outcome(encoder: Encoder, values: dict[str, object], said: str) -> TrialOutcome:
    """Return what the child found, with the first thing FFmpeg said: the rest follows from it."""
    reason = str(values["reason"])
    lines = [_PREFIX.sub("", line).strip().rstrip(".") for line in said.splitlines()]
    cause = next(filter(None, lines), "")
    if reason and cause:
        reason = f"{reason}: {cause}"
    return TrialOutcome(encoder.name, values["passed"] is True, reason)


def _hex_or_signal(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"{code:#x}"


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
