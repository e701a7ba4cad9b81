"""Every control that the keyboard reaches has a name: all workspaces, and dialogs that open.

Source: WCAG 2.2, 4.1.2 Name, Role, Value.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import shiboken6
from gui.exporting import WHOLE
from gui.fake_push import pushed
from gui.fake_review import demo_review
from gui.fake_statistics import season
from gui.fake_stops import pit_stop, stops_read
from gui.reviewing import A
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QWidget,
)

from codefx_desktop import ui
from codefx_desktop.jobs.camera_values import SizeWanted
from codefx_desktop.ui.camera_files import DrawnSizeDialog
from codefx_desktop.ui.dialogs import AboutDialog
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


def controls(root: QWidget) -> Iterator[QWidget]:
    """Yield what a person can put the keyboard on, also where it is hidden for now."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.window() is not root.window() or isinstance(widget, (QMenu, QScrollArea)):
            continue
        if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or _is_part(widget):
            continue
        if isinstance(widget, QLabel) and not widget.text():
            continue  # without words it shows nothing
        yield widget


def _is_part(widget: QWidget) -> bool:
    """Return whether a widget is Qt's own part of a control that has the name."""
    name = widget.objectName()
    if name.startswith("qt_") or isinstance(widget, QDialog) or widget.isWindow():
        return True
    parent = widget.parentWidget()
    return isinstance(widget, QLineEdit) and isinstance(parent, (QComboBox, QAbstractSpinBox))


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says of a control: its name, or its words, or its label's."""
    if widget.accessibleName():
        return widget.accessibleName()
    told = QAccessible.queryAccessibleInterface(widget)
    name = "" if told is None else told.text(QAccessible.Text.Name)
    if isinstance(widget, (QAbstractButton, QLabel)):
        return name or widget.text()
    return name


def unnamed(root: QWidget) -> list[str]:
    """Return the controls below a widget without a name, each with where it is."""
    return [_path(widget) for widget in controls(root) if not name_of(widget).strip()]


def _path(widget: QWidget) -> str:
    parts = []
    at: QWidget | None = widget
    while at is not None:
        parts.append(f"{type(at).__name__} {at.objectName()}".strip())
        at = at.parentWidget()
    return " < ".join(parts)


def test_the_walk_finds_what_has_no_name(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    bare, named, button = QLineEdit(root), QLineEdit(root), QPushButton("Go", root)
    named.setAccessibleName("Search")
    label = QLabel("&Lap", root)
    buddy = QLineEdit(root)
    label.setBuddy(buddy)
    assert list(controls(root)) == [bare, named, button, buddy]
    assert [path.split(" < ")[0] for path in unnamed(root)] == ["QLineEdit"]
    assert name_of(buddy) == "Lap"


def test_every_workspace(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    stops = stops_read(pit_stop(), pit_stop(2))
    assert hub.reviews is not None
    assert hub.stops is not None
    hub.reviews.jobs["a"] = demo_review("a", stops=stops.stops)
    hub.stops.jobs["a"] = stops
    window.book.know(WHOLE)
    window.selection.choose("a")
    window.review.open(A, "a")
    qtbot.waitUntil(lambda: window.reviewing.model.is_there)
    hub.history = [WHOLE]
    assert hub.statistics is not None
    hub.statistics.put(season())
    window.compare.add("a", 1)
    window.compare.add("a", 2)
    qtbot.waitUntil(lambda: all(pane.shown for pane in window.compare.view.panes))
    for workspace in Workspace:
        window.workspaces.show(workspace)
        if workspace is Workspace.STATISTICS:
            qtbot.waitUntil(lambda: window.statistics.view.answer is not None)
        found = unnamed(window)
        assert not found, "\n".join((workspace, *found))
        assert sum(1 for _ in controls(window)) > 100  # it is the whole window that was walked


def profile_named(window: MainWindow) -> None:
    window.start_with([A])
    assert window.sheet is not None
    window.sheet.profile.ask_for_name()


def bucket_shown(window: MainWindow) -> None:
    window.actions_.models.trigger()
    assert window.models_window is not None
    window.models_window.show_bucket()


OPENERS: dict[str, Callable[[MainWindow], object]] = {
    "start sheet": lambda window: window.start_with([A]),
    "export sheet": lambda window: window.exports.action.trigger(),
    "models": lambda window: window.actions_.models.trigger(),
    "cameras and zones": lambda window: window.cameras.show(),
    "templates": lambda window: window.cameras.show_templates(),
    "targets": lambda window: window.pushing.show_targets(),
    "push": lambda window: window.pushing.push_jobs(["a"]),
    "fetch": lambda window: window.pushing.ask_fetch(),
    "free room": lambda window: window.pushing.ask_free(),
    "palette": lambda window: window.commands.show_palette(),
    "keys": lambda window: window.commands.show_keys(),
    "settings": lambda window: window.commands.show_settings(),
    "about": lambda window: AboutDialog(window.hub.paths, window).open(),
    "name of a profile": profile_named,
    "weights in a bucket": bucket_shown,
    "links": lambda window: window.pushing.show_links(7),
    "boxes on many frames": lambda window: window.reviewing.boxes.progress.show(),
    "size of the picture": lambda window: DrawnSizeDialog(SizeWanted(A), window).open(),
}


def is_shown(dialog: QDialog) -> bool:
    return shiboken6.isValid(dialog) and dialog.isVisible()


def every_dialog() -> set[type[QDialog]]:
    """Return all kinds of dialogs of the window."""
    found = set()
    for _, name, _ in pkgutil.iter_modules(ui.__path__):
        module = importlib.import_module(f"{ui.__name__}.{name}")
        kinds = vars(module).values()
        found |= {one for one in kinds if isinstance(one, type) and issubclass(one, QDialog)}
    return {one for one in found if one.__module__.startswith(ui.__name__)}


def test_every_dialog(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    assert hub.pushing is not None
    hub.pushing.show(pushed(7, job_id="a"))
    window.activateWindow()
    window.book.know(WHOLE)
    window.selection.choose("a")
    walked: set[type[QDialog]] = set()
    for what, opens in OPENERS.items():
        before = {one for one in window.findChildren(QDialog) if one.isVisible()}
        opens(window)
        opened = {one for one in window.findChildren(QDialog) if one.isVisible()} - before
        assert opened, what
        walked |= {type(one) for one in opened}
        for dialog in opened:
            assert any(True for _ in controls(dialog)), what
            found = unnamed(dialog)
            assert not found, "\n".join((what, *found))
        for dialog in opened:
            if shiboken6.isValid(dialog):
                dialog.close()
        qtbot.waitUntil(lambda all_=opened: not any(map(is_shown, all_)))
    assert every_dialog() <= walked
