"""What footage tells: scenes, zones, motion and sound signals, the event chain of a stop.

Lives here: what is taken in the pass in which a job's frames go by anyway: ``scenes`` (by
PySceneDetect's detectors), ``motion`` (flow on a coarse grid, the camera's own motion, cuts,
release lights) and ``gun_sound``. And what follows from them, on arrays alone, so that it can be
done again without the clip: ``stops.find_stops`` is the one entry point (the car by ``car_stops``;
beside it wheels, jacks, guns, crew, zones and rule flags); ``anatomy`` says what a stop's events
mean (``breakdown``, ``critical_path``, ``marks``, ``crew_idle``). ``zone_proposal`` proposes zones,
``zone_visits`` tells who was in them and when. What people corrected is laid over all of it:
``corrections`` (boxes and tracks),
``corrected_stops`` (events; ``turning`` when a car points the other way), ``propagate``; and
``suspicions`` (``crossings``, ``track_paths``) tells where to look.
Over the stops of many clips: ``statistics``, and
``stop_groups`` tells them apart.
Numbers: where one comes from a paper, a rule or a measurement, ``Source`` says so beside it. All
others were chosen, most of them while looking at rendered stops; none was measured on real ones.
May import: ``settings``, ``domain``, OpenCV for arithmetic on pictures. The only room that knows
PySceneDetect, through one module and when a clip's scenes are first asked for. Knows no video,
model or database library.
Thread: synchronous; an object belongs to one worker at a time.
Tests: ``tests/unit/analysis``, ``tests/integration/test_scenes.py``.
"""
