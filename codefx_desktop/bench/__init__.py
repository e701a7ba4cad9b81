"""Benchmarks and accuracy: figures with the command that makes them.

Lives here: side-by-side measurements, each side in a subprocess of its own, and the evaluation
of detections against synthetic truth; ``servers`` starts those that pushes are measured against,
for the tests, too.
May import: bootstrap, jobs, synthetic and below; peers' libraries only in their own subprocess.
Thread: the main thread of the terminal.
Tests: ``tests/unit/bench``.
"""
