"""The fake target desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_targets import FakeTargetDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.target_desk import TargetDesk

WORDS_OF_TESTS = {"forget"}


def test_same_signals() -> None:
    assert names(Signal, FakeTargetDesk) == names(Signal, TargetDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeTargetDesk) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), TargetDesk)
    for name in calls:
        pair = (getattr(kind, name) for kind in (FakeTargetDesk, TargetDesk))
        fake, real = (list(inspect.signature(one).parameters.values()) for one in pair)
        assert fake == real, name
