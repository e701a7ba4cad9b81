"""The words of the house: frozen types, ports, the error tree, overlay values.

Lives here: values that every other room speaks in (clip, frame, job, detections; of pit stops:
observations, events, stop, template, zone, camera profile, breakdown), their plain-dict forms
(``*_dict``) and checks (``*_check``), Protocols for what arrives from outside, and the pure
functions that turn detections and stops into overlay values.
May import: nothing of ours; numpy only.
Thread: any; everything is immutable.
Tests: ``tests/unit/domain``.
"""
