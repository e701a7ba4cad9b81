"""The fake lane desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_lanes import FakeLaneDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.lane_desk import LaneDesk


def test_same_signals() -> None:
    assert names(Signal, FakeLaneDesk) == names(Signal, LaneDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeLaneDesk)
    assert calls == names(type(lambda: None), LaneDesk)
    for name in calls:
        fake, real = (inspect.signature(getattr(kind, name)) for kind in (FakeLaneDesk, LaneDesk))
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
