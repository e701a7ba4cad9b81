"""Which keys there are, in groups, for the sheet that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from codefx_desktop.ui.actions import Actions
    from codefx_desktop.ui.artifacts import Artifacts
    from codefx_desktop.ui.compare import Compare
    from codefx_desktop.ui.docks import Docks
    from codefx_desktop.ui.exports import Exports
    from codefx_desktop.ui.history_panel import HistoryPanel
    from codefx_desktop.ui.pushing import Pushing
    from codefx_desktop.ui.queue_panel import QueuePanel
    from codefx_desktop.ui.review import Review
    from codefx_desktop.ui.reviewing import Reviewing
    from codefx_desktop.ui.statistics import Statistics
    from codefx_desktop.ui.workspaces import Workspaces


class Keyed(Protocol):
    """A window whose parts have keys."""

    actions_: Actions
    queue: QueuePanel
    history: HistoryPanel
    review: Review
    reviewing: Reviewing
    workspaces: Workspaces
    docks: Docks
    compare: Compare
    artifacts: Artifacts
    exports: Exports
    statistics: Statistics
    pushing: Pushing


def key_groups(window: Keyed) -> tuple[tuple[str, Sequence[QAction]], ...]:
    """Return the actions of a window that may have keys."""
    actions, queue, history = window.actions_, window.queue, window.history
    review = window.review.actions
    return (
        ("Window", (actions.open, review.choose, *actions.of_window(), window.exports.action)),
        ("Workspaces", window.workspaces.actions.actions()),
        ("Panels", [dock.toggleViewAction() for dock in window.docks.all()]),
        ("Running", (actions.pause, actions.follow)),
        (
            "Queue",
            (queue.up_action, queue.down_action, queue.retry_action, queue.remove_action),
        ),
        ("History", (history.edit_action, history.delete_action)),
        ("Review", window.reviewing.actions()),
        ("Boxes", window.reviewing.boxes.all()),
        ("Events", window.reviewing.events.actions_.all()),
        ("Timeline", window.review.lanes.actions_.all()),
        ("Clip", (*review.moving(), *review.looking())),
        ("Compare", window.compare.actions.all()),
        ("Statistics", window.statistics.page.deeds()),
        ("Artifacts", window.artifacts.actions.all()),
        ("Pushing", window.pushing.actions.all()),
        ("Outbox", window.pushing.panel.deeds()),
    )
