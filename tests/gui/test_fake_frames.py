"""The fake frame server speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_frames import FakeFrameServer
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.frame_server import FrameServer

WORDS_OF_TESTS = {"of", "release", "say_proxy", "say_trouble"}


def test_same_signals() -> None:
    assert names(Signal, FakeFrameServer) == names(Signal, FrameServer)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeFrameServer) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), FrameServer)
    for name in calls:
        fake, real = (
            inspect.signature(getattr(kind, name)) for kind in (FakeFrameServer, FrameServer)
        )
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
