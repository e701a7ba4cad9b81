"""What is kept: the job history, all that was found in each job's clip, the outbox; in SQLite.

Lives here: ``history`` (the door: queue, history, log; SQLAlchemy, Alembic), ``detections``
(the second door, and its format: one SQLite file per job, readable while it is written; stops
and signals are in it too),
``detection_copy`` (a snapshot of one), ``outbox`` (the third door: what is to reach which target,
and how far it is), ``review_file`` (the fourth: what people corrected in a job, step by step; its
rows in ``review_tables``). Inside, of the history: ``reading`` (the read models),
``history_stops`` and ``stop_samples`` (the stops of all jobs, for statistics), ``tables``,
``rows``, ``queries``, ``connection``, ``opening`` (damage, copies, migrations),
``migrations/``; of the detections: ``detection_*`` (the file),
``finding_*`` (rows, bytes, sums), ``observed``,
``signal_rows`` and ``stop_*`` (what stops are found from, and they themselves); of the outbox:
``outbox_*``.
May import: ``settings``, ``domain``. The only room that knows SQLAlchemy and Alembic.
Thread: any worker, never the window's main thread. ``History`` and ``Outbox`` may be shared by
threads and their files by processes; a ``DetectionWriter`` or ``DetectionReader`` belongs to one
worker at a time.
Tests: ``tests/unit/store``, ``tests/integration/test_store_*.py``.
"""
