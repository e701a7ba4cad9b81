"""A job's files: where they are, what they are called, and the painting of overlay values.

Lives here: ``layout`` (the one owner of every name below a job's folder and in the bucket),
``job_json`` (enough to rebuild a history row), ``paint`` (OpenCV; output video and live preview).
May import: ``settings``, ``domain``. Knows no database and no video library.
Thread: synchronous; a ``Painter`` belongs to one worker at a time, the rest is stateless.
Tests: ``tests/unit/artifacts``.
"""
