"""Which keys there are, in groups, for the sheet that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.ui.dialogs import KeyGroup
    from codefx_desktop.ui.main_window import MainWindow


def key_groups(window: MainWindow) -> tuple[KeyGroup, ...]:
    """Return the actions of a window that may have keys."""
    actions, queue, history = window.actions_, window.queue, window.history
    review = window.review.actions
    return (
        ("Window", (actions.open, review.choose, *actions.of_window())),
        ("Workspaces", window.workspaces.actions.actions()),
        ("Panels", [dock.toggleViewAction() for dock in window.docks.all()]),
        ("Running", (actions.pause, actions.follow)),
        (
            "Queue",
            (queue.up_action, queue.down_action, queue.retry_action, queue.remove_action),
        ),
        ("History", (history.edit_action, history.delete_action)),
        ("Clip", (*review.moving(), *review.looking())),
        ("Artifacts", (*window.artifacts.actions.all(), window.exports.action)),
        ("Pushing", window.pushing.actions.all()),
    )
