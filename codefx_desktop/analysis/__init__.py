"""What footage tells: scenes, zones, motion and sound signals, the event chain of a stop.

Lives here: nothing yet; pure functions on arrays will, each speaking ``update(...)`` and
``finish()``.
May import: ``settings``, ``domain``. Knows no video, model or database library.
Thread: synchronous; an object belongs to one worker at a time.
Tests: none yet.
"""
