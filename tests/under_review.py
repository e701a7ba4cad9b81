"""A job under review without a window: its model, and what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_review import FakeReviewDesk, demo_review

from codefx_desktop.ui.models.review_model import ReviewModel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Under:
    """A model, its desk, and the names of the signals that it gave."""

    def __init__(self) -> None:
        self.desk = FakeReviewDesk()
        self.here: int | None = 100
        self.model = ReviewModel(self.desk, lambda: self.here)
        self.said: list[object] = []
        self.notices: list[str] = []
        for name in ("changed", "edited", "looked", "selected"):
            getattr(self.model, name).connect(lambda name=name: self.said.append(name))
        self.model.updated.connect(lambda on: self.said.append(("updated", on)))
        self.model.noticed.connect(lambda one: self.notices.append(one.text))

    def open(self, qtbot: QtBot) -> None:
        self.desk.jobs["a"] = demo_review()
        self.model.open("a")
        qtbot.waitUntil(lambda: self.model.is_there and not self.model.is_updating)
        self.said.clear()

    def settle(self, qtbot: QtBot) -> None:
        qtbot.wait(1)
        qtbot.waitUntil(lambda: not self.model.is_updating)
