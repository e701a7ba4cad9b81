"""``codefx bench pipeline``: what it says where a side cannot be run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from codefx_desktop.bench.pipeline import measure
from codefx_desktop.domain.errors import CodefxError


def test_the_frozen_program_says_where_it_can_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: pytest.fail("something was started"))
    with pytest.raises(CodefxError, match=r"packaging/start\.py"):
        measure(peer=None, pairs=1)


def test_a_side_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(command: list[str], **_named: object) -> None:
        raise subprocess.TimeoutExpired(command, 1800)

    monkeypatch.setattr(subprocess, "run", hangs)
    with pytest.raises(CodefxError, match="ours did not end within 30 minutes"):
        measure(peer=None, pairs=1)
