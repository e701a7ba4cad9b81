"""Benchmarks and accuracy: figures with the command that makes them.

Lives here: side-by-side measurements, each side in a subprocess of its own; the evaluation of
detections (``accuracy``, ``segmentation``), tracks and events (``stop_eval``) against synthetic
truth, also at other rates (``rate_agreement``); ``stop_set`` keeps what the product sees in
rendered stops, ``stop_zones`` is the camera profile of one; ``signals`` says what taking stops
apart costs; ``servers`` starts those that pushes are measured against, for the tests, too.
May import: bootstrap, jobs, synthetic and below; peers' libraries only in their own subprocess.
Thread: the main thread of the terminal.
Tests: ``tests/unit/bench``.
"""
