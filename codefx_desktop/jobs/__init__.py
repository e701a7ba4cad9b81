"""Runs jobs: queue, pipeline, recorder, recovery, and the hub that the window talks to.

Lives here: the only threads of the program (QRunnables on QThreadPools) and the order of things;
``run`` (one job: ``importing``, ``model_loading``, ``analysing``, ``encoding``; its stages are put
together in ``pipeline`` and ``late``: ``looking``, ``scene_stage``, ``signal_stage``,
``sound_stage``, ``keeping``, ``rendering``, ``artifact_stage``; when all was seen ``stop_stage``
takes pit stops apart, ``zone_stage`` tells of the time in zones and ``render_pass`` draws the
video that shows them, with ``stop_painting``);
``desk`` (what all desks do alike: ask workers, answer in the main thread, end in time);
``stop_desk`` (stops for the screen, and what a person says of them; beneath it ``stop_reading``,
``stop_carry``); ``review_desk`` (a job under review; beneath it ``review_reading``,
``review_log``, ``review_stops``, ``review_run`` (only what names the boxes of the run there is,
is done), ``review_aside`` (changes that the end had no time for)), ``review_settling`` (stops
follow a review that changed unseen) and ``review_exchange`` (reviews of several people joined when
a job is pushed or fetched);
``camera_desk`` (camera profiles, zones, templates; beneath it ``camera_shelf``);
``statistics_desk`` (statistics over the history; beneath it ``statistics_reading``; ``stop_noting``
copies the stops of jobs to the history, whoever changed them);
``kept_clips`` (each clip's packets are read once) and ``read_ahead`` (before the job's turn);
``frame_server`` (frames for the screen; beneath it ``frame_requests``, ``frame_worker``,
``frame_source``, ``proxy_keeper``, ``footage``, ``footage_files``); ``artifact_desk`` (artifacts
for the screen; beneath it ``artifact_files``, ``artifact_scan``, ``artifact_reading``,
``artifact_text``, ``newest_calls``); ``encoder_trials`` (child
processes in which video encoders prove themselves); ``artifact_check`` (is what was promised
there), ``exporting`` (files for other programs) and ``export_desk`` (the same for the window);
``model_shelf`` (which weights there are, and getting more) and ``model_desk`` (the same for the
window); ``target_keeper`` (places to push to and their secrets; beneath it ``target_check`` and
``lifecycle``) and ``target_desk`` (the same for the window); ``links`` (signed addresses of what
was pushed), ``fetching`` (a pushed job comes to this machine; beneath it ``pushed_address``,
``pushed_jobs``, ``fetch_plan``, ``fetch_files``), ``remote_deleting``, ``freeing`` (what a target
has makes room here); ``push_plan`` (what of a job is pushed), ``pusher`` (what is in the outbox
reaches its targets, by one program at a time: ``push_transfer`` leads, ``push_units`` says what its
``push_crew`` does: ``push_sending``, ``push_uploading``, ``push_checking``, on a ``push_route``),
``source_copies`` (the app's own copies of clips, and when they go); ``pushing`` makes what pushes
out of a workshop; ``push_desk`` (all of this for the window; beneath it ``push_work``,
``push_speeds``).
May import: video, analysis, store, artifacts, settings, domain; QtCore, never widgets. Models
and trackers arrive as ports from bootstrap.
Threads: ``run.run_job`` blocks the worker it is called on; its stages run on a pool of their own.
``hub.Hub``, ``frame_server.FrameServer`` and the desks live in the main thread and never block it.
Tests: ``tests/unit/jobs``, ``tests/integration/test_job*.py``,
``tests/integration/test_stage*.py``, ``tests/integration/test_hidden_faces.py``,
``tests/integration/test_reading_ahead.py``, ``tests/integration/test_frame_server.py``,
``tests/integration/test_artifact_desk.py``, ``tests/integration/test_window_export.py``,
``tests/integration/test_fetched_job.py``, ``tests/integration/test_review_*.py``,
``tests/integration/test_push*.py``,
``tests/gui``.
"""
