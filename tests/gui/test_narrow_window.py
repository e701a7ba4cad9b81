"""A screen of 1440x900 at 150 % leaves 960x600: nothing of the window is cut off there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.exporting import WHOLE
from gui.fake_review import demo_review
from gui.fake_stops import pit_stop, stops_read
from gui.reviewing import A
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QDockWidget, QMenuBar, QTabBar, QWidget

from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

WIDTH, HEIGHT = 960, 600
pytestmark = pytest.mark.dressed


@pytest.fixture
def narrow(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> MainWindow:
    """The window with a job that has two stops under review."""
    stops = stops_read(pit_stop(), pit_stop(2))
    assert hub.reviews is not None
    assert hub.stops is not None
    hub.reviews.jobs["a"] = demo_review("a", stops=stops.stops)
    hub.stops.jobs["a"] = stops
    window.book.know(WHOLE)
    window.selection.choose("a")
    window.review.open(A, "a")
    qtbot.waitUntil(lambda: window.reviewing.model.is_there)
    window.resize(WIDTH, HEIGHT)
    window.reset_layout()
    return window


def cut_off(window: QWidget) -> Iterator[str]:
    """Yield the controls in front of which a part cannot be brought into the window."""
    aside = (QMenuBar, QTabBar)  # what has no room there goes to a menu or is scrolled to
    for widget in window.findChildren(QWidget):
        if widget.window() is not window or not widget.isVisible() or widget.width() == 0:
            continue
        if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or isinstance(widget, aside):
            continue
        if _is_behind(widget):
            continue
        area = _area_around(widget)
        place = QRect(widget.mapTo(area, QPoint(0, 0)), widget.size())
        room = area.rect()
        if area is not window:  # what is above or below can be scrolled to, what is aside cannot
            room.setTop(min(room.top(), place.top()))
            room.setBottom(max(room.bottom(), place.bottom()))
        if not room.contains(place):
            yield f"{type(widget).__name__} {widget.accessibleName()} {place.getRect()}"


def _is_behind(widget: QWidget) -> bool:
    """Return whether a control lies in a dock that is behind another one's tab."""
    at: QWidget | None = widget
    while at is not None and not isinstance(at, QDockWidget):
        at = at.parentWidget()
    return at is not None and at.visibleRegion().isEmpty()


def _area_around(widget: QWidget) -> QWidget:
    """Return what a control scrolls in, or the window."""
    at = widget
    while (parent := at.parentWidget()) is not None:
        if isinstance(parent, QAbstractScrollArea) and parent.viewport() is at:
            return at
        at = parent
    return at


def test_no_page_asks_for_more_width_than_there_is(narrow: MainWindow) -> None:
    pages = narrow.workspaces._pages
    wide = {
        type(page).__name__: page.minimumSizeHint().width()
        for page in (pages.widget(n) for n in range(pages.count()))
        if page.minimumSizeHint().width() > WIDTH
    }
    assert not wide
    for workspace in Workspace:
        narrow.workspaces.show(workspace)
        asked = narrow.minimumSizeHint()
        assert (asked.width() <= WIDTH, asked.height() <= HEIGHT) == (True, True), workspace


@pytest.mark.parametrize("workspace", Workspace)
def test_every_control_can_be_reached(
    qtbot: QtBot, narrow: MainWindow, workspace: Workspace
) -> None:
    narrow.workspaces.show(workspace)
    narrow.reset_layout()
    for dock in [dock for dock in narrow.docks.all() if not dock.isHidden()] or [None]:
        if dock is not None:
            dock.raise_()
        qtbot.wait(50)
        assert (narrow.width(), narrow.height()) == (WIDTH, HEIGHT)
        assert not list(cut_off(narrow)), dock and dock.windowTitle()


def test_what_sticks_out_is_found(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    inside, outside = QWidget(root), QWidget(root)
    for widget, x in ((inside, 10), (outside, 90)):
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        widget.setGeometry(x, 10, 20, 20)
    outside.setAccessibleName("Half")
    root.resize(100, 100)
    root.show()
    assert list(cut_off(root)) == ["QWidget Half (90, 10, 20, 20)"]
