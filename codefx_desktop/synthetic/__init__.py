"""Procedural pit stops with exact truth: the demo clip, tests' truth, training pictures.

Lives here: a stop chosen by a seed (``plan``, ``moves``, ``crew``, ``neighbours``; of endurance
races and NASCAR, which ``style`` names, ``service_*``), how it looks
(``car``, ``kit``, ``figure``, ``ground``, ``light``, ``camera``, ``paint``), what is true about it
(``outline``, ``instants``, ``truth``), and what is made of it: ``clip.synth`` renders a clip with
sound, ``dataset.write_dataset`` training pictures, ``demo.write_demo`` the bundled clip.
The same seed makes the same pictures, sound and truth, to the byte on one machine.
May import: ``video``, ``settings``, ``domain``; OpenCV and numpy.
Thread: any one; nothing is shared between two clips.
Tests: ``tests/unit/synthetic``, ``tests/integration/test_synth_clip.py``.
"""
