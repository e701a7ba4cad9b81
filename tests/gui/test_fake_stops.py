"""The fake stop desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_stops import FakeStopDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.stop_desk import StopDesk

WORDS_OF_TESTS = {"of", "put"}


def test_same_signals() -> None:
    assert names(Signal, FakeStopDesk) == names(Signal, StopDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeStopDesk) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), StopDesk)
    for name in calls:
        fake, real = (inspect.signature(getattr(kind, name)) for kind in (FakeStopDesk, StopDesk))
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
