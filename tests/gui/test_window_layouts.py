"""Each of the workspaces keeps a layout of its own, over a restart too; themes do likewise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.ui import theme as themes
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme


def shown(window: MainWindow) -> dict[Workspace, set[str]]:
    """Return which docks each workspace shows."""
    found = {}
    for workspace in Workspace:
        window.workspaces.show(workspace)
        docks = (dock for dock in window.docks.all() if not dock.isHidden())
        found[workspace] = {dock.windowTitle() for dock in docks}
    return found


def test_all_five_layouts_are_there_again_and_are_put_back_one_by_one(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, theme: Theme
) -> None:
    first = shown(window)
    for workspace, dock in zip(Workspace, window.docks.all(), strict=False):
        window.workspaces.show(workspace)
        dock.setVisible(dock.isHidden())
    changed = shown(window)
    assert all(changed[one] != first[one] for one in Workspace)
    window.close()
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    again.show()
    assert shown(again) == changed
    again.workspaces.show(Workspace.STATISTICS)
    again.actions_.reset_layout.trigger()
    expected = {**changed, Workspace.STATISTICS: first[Workspace.STATISTICS]}
    assert shown(again) == expected


def test_every_theme_is_in_the_menu_and_is_kept(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, theme: Theme
) -> None:
    offered = window.actions_.themes.actions()
    assert [one.data() for one in offered] == list(themes.NAMES)
    assert set(themes.NAMES) == {"system", "dark", "light", "sunlight"}
    grounds = set()
    for one in offered:
        one.trigger()
        assert (theme.name, one.isChecked()) == (one.data(), True)
        grounds.add(theme.tokens.text + theme.tokens.surface)
    assert len(grounds) == 3  # the system's is one of the others
    window.close()
    theme.set("dark")  # as a program that starts: it has not looked yet what was chosen
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    assert theme.name == offered[-1].data() != "dark"
