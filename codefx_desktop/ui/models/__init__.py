"""What the widgets show, without widgets: QtCore and QtGui values only.

Each model listens to the hub or to another model and says by signal what changed; a view beside
it only paints. All of it is tested without a window (``tests/unit/ui``).
"""
