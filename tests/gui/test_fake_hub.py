"""The fake hub speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_hub import FakeHub
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.hub import Hub

WORDS_OF_TESTS = {"of", "put", "change", "say_progress", "say_scenes", "show", "log", "finish"}


def test_same_signals() -> None:
    assert names(Signal, FakeHub) == names(Signal, Hub)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeHub) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), Hub)
    for name in calls:
        fake, real = (inspect.signature(getattr(kind, name)) for kind in (FakeHub, Hub))
        assert list(fake.parameters) == list(real.parameters), name
