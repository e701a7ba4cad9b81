"""Everything that touches footage: probing, reading, writing, sound. The only room with PyAV.

Lives here: ``probe`` (what a file holds, how much of it can be delivered, the exact time of every
picture), ``glance`` (how much its header says there is), ``reader`` (pictures in order, upright
RGB), ``access`` (any picture by its number), ``writer`` and ``finalise`` (H.264 into a fragmented
part file, then a verified faststart MP4 with sound), ``audio``, ``thumbnail``, ``still``,
``fingerprint``, ``clip_file`` (what probing told, kept), ``proxy`` (copies all of whose pictures
are keyframes), ``encoders`` and ``trial`` (which encoder is used, and what it has to prove first),
``codecs``. Beneath them: ``container`` (the one door through which a file is opened), ``packets``,
``companions``, ``structure``, ``timeline``, ``decoder``, ``orientation``, ``picture``, ``colour``
and ``tone`` (what a picture says about its colours; HDR as SDR), ``sound``; beneath ``access``
alone: ``decoded``, ``fitted``, ``frame_cache``, ``seeking``, ``packet_places``; beneath ``proxy``
alone: ``proxy_file``, ``proxy_pictures``.
May import: ``settings``, ``domain``; PyAV and numpy.
Thread: any one worker at a time per object. Nothing here starts a thread (the decoders' own
threads are FFmpeg's). Decoding, conversion and encoding release the GIL.
Tests: ``tests/unit/video``, ``tests/integration/test_video_*.py`` (with ``tests/nasty``).
"""
