"""The fake push desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_push import FakePushDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.push_desk import PushDesk

WORDS_OF_TESTS = {"of", "show", "change"}


def test_same_signals() -> None:
    assert names(Signal, FakePushDesk) == names(Signal, PushDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakePushDesk) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), PushDesk)
    for name in calls:
        fake, real = (inspect.signature(getattr(kind, name)) for kind in (FakePushDesk, PushDesk))
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
