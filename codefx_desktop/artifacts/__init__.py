"""A job's files: where they are, what they are called, and the painting of overlay values.

Lives here: ``layout`` (the one owner of every name below a job's folder and in the bucket),
``pushed_keys`` (keys of pushed jobs read back, and refused), ``manifest`` (what belongs to a pushed
job), ``job_json`` (enough to rebuild a history row), ``paint`` (OpenCV; output video and live
preview), ``paint_stop`` (what is told of a stop; ``brush`` writes and draws).
What is said about frames and the job: ``frame_artifact`` and ``job_artifact`` make one content of
plain JSON values (``numbers``, ``provenance``), ``formats`` writes it as JSON and TOON, ``files``
puts both and the pictures (``paint_found``, ``blur_faces``) on disk, ``promise`` finds what is
missing or damaged. ``stop_report`` tells of pit stops in the summary and in files of their own,
``zone_report`` of the time in zones (``csv_table`` for spreadsheets).
``export_coco``, ``export_yolo`` and
``export_mot`` write files for other tools, ``export_boxes`` is what they share.
May import: ``settings``, ``domain``. Knows no database and no video library.
Thread: synchronous; a ``Painter`` belongs to one worker at a time, the rest is stateless.
Tests: ``tests/unit/artifacts``.
"""
