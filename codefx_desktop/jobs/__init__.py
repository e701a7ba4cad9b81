"""Runs jobs: queue, pipeline, recorder, recovery, and the hub that the window talks to.

Lives here: the only threads of the program (QRunnables on QThreadPools) and the order of things.
May import: video, analysis, store, artifacts, settings, domain; QtCore, never widgets. Detector
and tracker arrive as ports from bootstrap.
Threads: ``run.run_job`` blocks the worker it is called on; its stages run on a pool of their own.
``hub.Hub`` lives in the main thread and never blocks it.
Tests: ``tests/unit/jobs``, ``tests/integration/test_job*.py``, ``tests/gui``.
"""
