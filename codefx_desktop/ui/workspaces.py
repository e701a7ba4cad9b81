"""The workspaces: which is in front, and how each has its docks arranged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QStackedWidget, QToolButton, QWidget

from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from codefx_desktop.ui.docks import Docks

LAYOUT_VERSION = 6


class Workspaces(QObject):
    """Brings a workspace to the front; keeps the layout of each.

    Args:
        window: Whose docks are arranged.
        docks: The docks.
        pages: The centres of the workspaces, in their order.
        store: Where layouts are kept between runs.
    """

    changed = Signal()

    def __init__(
        self, window: QMainWindow, docks: Docks, pages: QStackedWidget, store: QSettings
    ) -> None:
        super().__init__(window)
        self._window, self._docks, self._pages, self._store = window, docks, pages, store
        self._states: dict[Workspace, QByteArray] = {}
        self.current = Workspace.PROCESS
        self.actions = QActionGroup(window)
        for number, workspace in enumerate(Workspace, start=1):
            action = QAction(f"&{workspace.value.capitalize()}", window)
            action.setCheckable(True)
            action.setData(workspace.value)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.setToolTip(f"{workspace.value.capitalize()} (Ctrl+{number})")
            action.setChecked(workspace is self.current)
            self.actions.addAction(action)
        self.actions.triggered.connect(lambda action: self.show(Workspace(action.data())))

    def show(self, workspace: Workspace) -> None:
        """Bring a workspace to the front."""
        if workspace is self.current:
            return
        self._window.setUpdatesEnabled(False)
        self._states[self.current] = self._window.saveState(LAYOUT_VERSION)
        self.current = workspace
        self._pages.setCurrentIndex(list(Workspace).index(workspace))
        self._arrange()
        self._window.setUpdatesEnabled(True)
        self.actions.actions()[list(Workspace).index(workspace)].setChecked(True)
        self.changed.emit()

    def reset(self) -> None:
        """Put every dock of the workspace in front to where it stands at first."""
        self._docks.arrange(self.current)

    def restore(self) -> None:
        """Take up the layouts of the last run."""
        for workspace in Workspace:
            state = self._store.value(_key(workspace))
            if isinstance(state, QByteArray):
                self._states[workspace] = state
        self._arrange()

    def keep(self) -> None:
        """Write the layouts down."""
        self._states[self.current] = self._window.saveState(LAYOUT_VERSION)
        for workspace, state in self._states.items():
            self._store.setValue(_key(workspace), state)

    def _arrange(self) -> None:
        state = self._states.get(self.current)
        if state is None or not self._window.restoreState(state, LAYOUT_VERSION):
            self._docks.arrange(self.current)
        self._docks.settle()


class Pages(QStackedWidget):
    """The centres of the workspaces; only the one in front says how much room it needs at least.

    Qt's own asks for the room of the widest, also of one that is not seen, and takes it from docks.
    """

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """Return what the page in front needs."""
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()


class MenuRow(QWidget):
    """The menu bar, and beside it the workspaces.

    Args:
        workspaces: What can be brought to the front.
    """

    def __init__(self, workspaces: Workspaces) -> None:
        super().__init__()
        self.setObjectName("menuRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.menus = QMenuBar()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(4)
        row.addWidget(self.menus, 1)
        for action in workspaces.actions.actions():
            button = QToolButton()
            button.setObjectName("workspace")
            button.setDefaultAction(action)
            button.setAccessibleName(f"Workspace {action.text().replace('&', '')}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self._show_more()

    def _show_more(self) -> None:
        """Let what opens the menus that have no room be seen.

        WORKAROUND(Qt 6): its own arrow is painted in a colour of the style's, dark on dark. Remove
        when it follows the palette.
        """
        more = self.menus.findChild(QToolButton, "qt_menubar_ext_button")
        if more is not None:
            more.setIcon(QIcon())
            more.setText("»")
            more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            more.setAccessibleName("More menus")
            more.setToolTip("More menus")


def _key(workspace: Workspace) -> str:
    return f"{workspace.value}/state"
