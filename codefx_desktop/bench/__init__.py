"""Benchmarks and accuracy: figures with the command that makes them.

Lives here: side-by-side measurements, each side in a subprocess of its own; the evaluation of
detections (``accuracy``, ``segmentation``), tracks and events (``stop_eval``) against synthetic
truth; ``stop_set`` keeps what the product sees in rendered stops; ``servers`` starts those that
pushes are measured against, for the tests, too.
May import: bootstrap, jobs, synthetic and below; peers' libraries only in their own subprocess.
Thread: the main thread of the terminal.
Tests: ``tests/unit/bench``.
"""
