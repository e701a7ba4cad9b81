"""The fake artifact desk speaks as the real one does; else the other tests prove nothing."""

from __future__ import annotations

import inspect

from gui.fake_artifacts import FakeArtifactDesk
from gui.same_words import names
from PySide6.QtCore import Signal

from codefx_desktop.jobs.artifact_desk import ArtifactDesk

WORDS_OF_TESTS = {"of", "put"}


def test_same_signals() -> None:
    assert names(Signal, FakeArtifactDesk) == names(Signal, ArtifactDesk)


def test_same_calls() -> None:
    calls = names(type(lambda: None), FakeArtifactDesk) - WORDS_OF_TESTS
    assert calls == names(type(lambda: None), ArtifactDesk)
    for name in calls:
        fake, real = (
            inspect.signature(getattr(kind, name)) for kind in (FakeArtifactDesk, ArtifactDesk)
        )
        assert list(fake.parameters.values()) == list(real.parameters.values()), name
