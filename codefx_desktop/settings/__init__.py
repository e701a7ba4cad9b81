"""Typed settings, environment names, OS paths, the place of ``resources/``.

Lives here: everything that is configured, each value from one source: command line or job
sheet > environment > settings file > default; ``push_settings`` holds those of pushing.
``profiles``, ``targets``, ``templates`` (of stops) and ``cameras`` are a person's own, by name
(see ``named_entries``); ``zone_files`` and ``camera_files`` are files to be handed on.
``secrets`` and ``aws_credentials`` find the keys of targets: the only modules that know secrets,
and ``keyring``.
May import: ``domain``.
Thread: any; reading the settings file happens once at start. Secrets: never the main thread, as a
keyring may ask the person first.
Tests: ``tests/unit/settings``.
"""
