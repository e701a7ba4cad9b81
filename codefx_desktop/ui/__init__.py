"""The window: Qt widgets, the models they show, one hub from ``jobs``.

Lives here: ``main_window.py`` and its panels (``stop_panel.py`` is a pit stop taken apart,
``stops.py`` joins it to the window; ``compare.py`` is two to four stops on one time); ``models/``
holds what they show, without widgets;
``theme.py`` and ``icons.py`` how it looks; ``app.py`` the door that bootstrap opens.
May import: ``jobs``, the store's read models, ``settings``, ``domain``. Never a heavy library: the
window is on screen before torch is.
Thread: the main thread only. Nothing here reads a clip or a database; every question goes to the
hub and its answer comes back as a signal.
Tests: ``tests/unit/ui`` (models, words, theme), ``tests/gui`` (clicking and typing, pytest-qt).
"""
