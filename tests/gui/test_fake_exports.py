"""The fake export desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_exports import FakeExportDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.export_desk import ExportDesk

WORDS_OF_TESTS = {"requests", "run", "end", "finish"}


def test_same_signals() -> None:
    assert names(Signal, FakeExportDesk) == names(Signal, ExportDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeExportDesk) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), ExportDesk)
    for name in calls:
        fake, real = (
            inspect.signature(getattr(kind, name)) for kind in (FakeExportDesk, ExportDesk)
        )
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
