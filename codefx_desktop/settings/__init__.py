"""Typed settings, environment names, OS paths, the place of ``resources/``.

Lives here: everything that is configured, each value from one source: command line or job
sheet > environment > settings file > default.
May import: ``domain``.
Thread: any; reading the settings file happens once at start.
Tests: ``tests/unit/settings``.
"""
