"""The fake model desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_models import FakeModelDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.model_desk import ModelDesk

WORDS_OF_TESTS = {"of", "list"}


def test_same_signals() -> None:
    assert names(Signal, FakeModelDesk) == names(Signal, ModelDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeModelDesk) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), ModelDesk)
    for name in calls:
        fake, real = (inspect.signature(getattr(kind, name)) for kind in (FakeModelDesk, ModelDesk))
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
