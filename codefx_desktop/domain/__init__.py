"""The words of the house: frozen types, ports, the error tree, overlay values.

Lives here: values that every other room speaks in, Protocols for what arrives from outside,
and the pure function that turns detections into overlay values.
May import: nothing of ours; numpy only.
Thread: any; everything is immutable.
Tests: ``tests/unit/domain``.
"""
