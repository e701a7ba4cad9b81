"""What footage tells: scenes, zones, motion and sound signals, the event chain of a stop.

Lives here: the scenes of a clip, found by PySceneDetect's detectors in the pass in which our
frames go by anyway. The rest is still to come: pure functions on arrays, each speaking
``update(...)`` and ``finish()``.
May import: ``settings``, ``domain``, OpenCV for arithmetic on pictures. The only room that knows
PySceneDetect, through one module and when a clip's scenes are first asked for. Knows no video,
model or database library.
Thread: synchronous; an object belongs to one worker at a time.
Tests: ``tests/unit/analysis``, ``tests/integration/test_scenes.py``.
"""
