"""Bursts that are heard find their corners; guns that are only seen do where that is clear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.crew import clear_events, crew_counts, near_corners
from codefx_desktop.analysis.guns import gun_events
from codefx_desktop.analysis.hubs import find_hubs
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Observations, Sound
from codefx_desktop.domain.stop import Heading
from tests.standing_car import HUBS_M, Footage, ease

Burst = tuple[float, float]
NUT_M, BACK_M = 0.45, 1.3
PLAN: dict[Place, tuple[Burst, Burst]] = {
    Place.FRONT_LEFT: ((1.0, 1.3), (2.4, 2.75)),
    Place.FRONT_RIGHT: ((1.02, 1.45), (2.6, 2.9)),
    Place.REAR_LEFT: ((1.1, 1.5), (2.7, 3.2)),
    Place.REAR_RIGHT: ((1.15, 1.42), (2.45, 2.99)),
}
RATES_HZ = dict(zip(PLAN, (25.0, 26.5, 28.0, 29.5), strict=True))
KINDS = ("loosen_start", "loosen_end", "tighten_start", "tighten_end")


def truth() -> dict[tuple[str, Place], float]:
    return {
        (kind, corner): time
        for corner, (loosen, tighten) in PLAN.items()
        for kind, time in zip(KINDS, (*loosen, *tighten), strict=True)
    }


def footage(*, hidden: tuple[Place, ...] = (), rate: float = 50.0, seconds: float = 4.2) -> Footage:
    """Return a stop whose guns go to their nuts and back."""
    made = Footage(seconds, rate)
    made.mounted(*HUBS_M)
    for corner, (loosen, tighten) in PLAN.items():
        if corner in hidden:
            continue
        hub, side = HUBS_M[corner], 1.0 if corner.value.endswith("L") else -1.0

        def out(time_s: float, loosen: Burst = loosen, tighten: Burst = tighten) -> float:
            away = 1 - ease((time_s - loosen[0] + 0.5) / 0.47)
            away += ease((time_s - loosen[1] - 0.02) / 0.3)
            away -= ease((time_s - tighten[0] + 0.22) / 0.2)
            away += ease((time_s - tighten[1] - 0.02) / 0.38)
            return NUT_M + (BACK_M - NUT_M) * away

        def way(
            time_s: float,
            hub: tuple[float, float] = hub,
            side: float = side,
            out=out,  # noqa: ANN001
        ) -> tuple[float, float]:
            return hub[0], hub[1] + side * out(time_s)

        made.add("wheel_gun", (0.2, 0.5), way, confidence=0.5)
        made.add("crew", (0.6, 0.7), lambda t, w=way, s=side: (w(t)[0], w(t)[1] + 0.5 * s))
    return made


def voices(*left_out: Place, sides: bool = True) -> Sound:
    rows = []
    for corner, bursts in PLAN.items():
        if corner in left_out:
            continue
        pan = (-0.4 if corner.value.endswith("L") else 0.4) if sides else np.nan
        rows += [
            (a, a - 0.005, a + 0.005, b, b - 0.005, b + 0.005, pan, RATES_HZ[corner], 13.0)
            for a, b in bursts
        ]
    table = np.array(sorted(rows), np.float64).reshape(-1, 9)
    return Sound(166.0, np.zeros(700, np.float32), table[:, [0, 3]], table)


def wheels() -> tuple[Event, ...]:
    return tuple(
        Event(kind, corner, time, time - 0.01, time + 0.01, status=EventStatus.PROPOSED)
        for corner, (loosen, tighten) in PLAN.items()
        for kind, time in (("wheel_off", loosen[1] + 0.3), ("wheel_on", tighten[0] - 0.28))
    )


def found(
    made: Footage, sound: Sound | None, given: tuple[Event, ...] | None = None
) -> dict[tuple[str, Place], Event]:
    seen, stop = replace(made.seen(), sound=sound), made.stop()
    place, _ = find_hubs(seen, stop)
    events = gun_events(seen, stop, place, wheels() if given is None else given)
    assert [(e.kind, e.place) for e in events] == [(k, c) for c in PLAN for k in KINDS]
    return {(event.kind, event.place): event for event in events}


def assert_true(event: Event, time_s: float, within_s: float) -> None:
    assert event.status is EventStatus.PROPOSED, event
    assert event.time_s == pytest.approx(time_s, abs=within_s)
    assert event.earliest_s is not None
    assert event.latest_s is not None
    assert event.earliest_s <= time_s <= event.latest_s


@pytest.mark.parametrize("sides", [True, False])
@pytest.mark.parametrize("rate", [24.0, 60.0])
def test_each_burst_finds_its_corner(sides: bool, rate: float) -> None:
    events = found(footage(rate=rate), voices(sides=sides))
    for slot, time_s in truth().items():
        assert_true(events[slot], time_s, 0.05)
        assert events[slot].source is EventSource.AUDIO
        assert events[slot].frame_number == round(time_s * rate)


def test_which_ear_is_the_cars_left_is_found_out() -> None:
    sound = voices()
    turned = sound.voices.copy()
    turned[:, 6] *= -1
    events = found(footage(), replace(sound, voices=turned))
    for slot, time_s in truth().items():
        assert_true(events[slot], time_s, 0.05)


def test_a_hidden_gun_is_known_by_its_wheel_and_side() -> None:
    events = found(footage(hidden=(Place.REAR_RIGHT,)), voices())
    assert_true(events["tighten_end", Place.REAR_RIGHT], 2.99, 0.02)


def test_without_sound_guns_are_seen() -> None:
    events = found(footage(), None)
    for slot, time_s in truth().items():
        if events[slot].status is not EventStatus.NOT_FOUND:
            assert_true(events[slot], time_s, 0.1)
            assert events[slot].source is EventSource.TRACK
    sure = [e for (kind, _), e in events.items() if kind != "loosen_start"]
    assert sum(e.status is EventStatus.PROPOSED for e in sure) >= 10


def test_a_gun_that_is_seen_may_have_waited_longer_than_usual_more_than_shorter() -> None:
    seen = [e for e in found(footage(), None).values() if e.source is EventSource.TRACK]
    assert {e.kind for e in seen} >= {"loosen_end", "tighten_start", "tighten_end"}
    for event in seen:
        before = event.time_s - event.earliest_s
        after = event.latest_s - event.time_s
        waits, hurries = (before, after) if event.kind.endswith("end") else (after, before)
        assert waits == pytest.approx(1.3 * hurries)


def test_neither_seen_nor_heard_is_not_found() -> None:
    events = found(footage(hidden=tuple(PLAN)), None)
    assert all(e.status is EventStatus.NOT_FOUND and e.evidence["why"] for e in events.values())


def test_bursts_that_nothing_tells_apart_are_not_guessed() -> None:
    sound = voices(sides=False)
    alike = sound.voices.copy()
    alike[:, 7] = 27.0
    events = found(footage(hidden=tuple(PLAN)), replace(sound, voices=alike), ())
    for slot, time_s in truth().items():
        if events[slot].status is not EventStatus.NOT_FOUND:
            assert_true(events[slot], time_s, 0.17)


def test_a_burst_that_was_not_heard_is_not_taken_from_another_corner() -> None:
    events = found(footage(hidden=(Place.FRONT_LEFT,)), voices(Place.FRONT_LEFT))
    for kind in KINDS:
        assert events[kind, Place.FRONT_LEFT].status is EventStatus.NOT_FOUND
    assert_true(events["tighten_end", Place.REAR_LEFT], 3.2, 0.02)


def test_a_stuck_nut_ends_with_its_last_burst() -> None:
    sound = voices()
    first = sound.voices[sound.voices[:, 0] == 1.0][0]
    short, again = first.copy(), first.copy()
    short[3:6] = (1.1, 1.095, 1.105)
    again[:6] = (1.2, 1.195, 1.205, 1.3, 1.295, 1.305)
    rest = sound.voices[sound.voices[:, 0] != 1.0]
    table = np.stack(sorted((*rest, short, again), key=lambda row: float(row[0])))
    events = found(footage(), replace(sound, voices=table))
    assert_true(events["loosen_start", Place.FRONT_LEFT], 1.0, 0.02)
    assert_true(events["loosen_end", Place.FRONT_LEFT], 1.3, 0.02)


def test_a_burst_that_sounds_as_the_recording_begins_has_no_start() -> None:
    sound = voices()
    begun = sound.voices.copy()
    begun[:, :6] -= 1.01
    begun = np.maximum(begun, np.where(np.arange(9) < 6, 0.0, -np.inf))
    made = footage()
    seen = replace(made.seen(), sound=replace(sound, voices=begun))
    cut = seen.objects.where(seen.times_s[seen.objects.frame] >= 1.01)
    cut = replace(cut, frame=cut.frame - cut.frame.min())
    place, _ = find_hubs(seen, made.stop())
    earlier = tuple(replace(e, time_s=(e.time_s or 0.0) - 1.01) for e in wheels())
    events = gun_events(replace(seen, objects=cut), made.stop(), place, earlier)
    found_at = {(event.kind, event.place): event for event in events}
    assert found_at["loosen_start", Place.FRONT_LEFT].status is EventStatus.NOT_FOUND
    assert_true(found_at["loosen_end", Place.FRONT_LEFT], 0.29, 0.05)


def test_an_end_that_may_be_that_of_another_burst_is_not_chosen() -> None:
    slot = ("tighten_end", Place.REAR_LEFT)
    for later_s, is_known in ((0.1, True), (0.25, False)):
        sound = voices()
        open_ended = sound.voices.copy()
        open_ended[open_ended[:, 3] == 3.2, 5] = 3.2 + later_s
        events = found(footage(), replace(sound, voices=open_ended))
        assert (events[slot].source is EventSource.AUDIO) == is_known


def test_where_ends_were_heard_exchanged_the_guns_are_seen_to_leave() -> None:
    sound = voices()
    mixed = sound.voices.copy()
    left = [int(np.flatnonzero(mixed[:, 3] == end)[0]) for end in (2.75, 3.2)]
    mixed[left, 3:6] = mixed[left[::-1], 3:6]
    # Only their ends are to be doubted: hammers alike, so that nothing else tells them apart.
    mixed[mixed[:, 6] < 0, 7] = 26.0
    events = found(footage(), replace(sound, voices=mixed))
    for corner, end_s in ((Place.FRONT_LEFT, 2.75), (Place.REAR_LEFT, 3.2)):
        assert events["tighten_end", corner].source is EventSource.TRACK
        assert_true(events["tighten_end", corner], end_s, 0.1)


def test_where_ears_and_eyes_contradict_each_other_nothing_is_told() -> None:
    sound = voices()
    wrong = sound.voices.copy()
    # The burst is heard 0.3 s longer than its gun is seen, and no other one ends when it leaves.
    wrong[wrong[:, 3] == 2.75, 3:6] += 0.3
    wrong[wrong[:, 3] == 3.2, 3:6] += 0.3
    events = found(footage(), replace(sound, voices=wrong))
    for corner in (Place.FRONT_LEFT, Place.REAR_LEFT):
        assert events["tighten_end", corner].status is EventStatus.NOT_FOUND


def test_two_that_are_heard_to_begin_together_have_to_be_seen() -> None:
    sound = voices()
    together = sound.voices.copy()
    # The rear left gun begins at 2.7 s, and is heard with the front left one from 2.4 s on.
    together[together[:, 0] == 2.7, :3] = (2.41, 2.405, 2.415)
    rear = "wheel_on", Place.REAR_LEFT
    given = tuple(replace(e, time_s=2.15) if (e.kind, e.place) == rear else e for e in wheels())
    events = found(footage(hidden=(Place.REAR_LEFT,)), replace(sound, voices=together), given)
    assert events["tighten_start", Place.REAR_LEFT].status is EventStatus.NOT_FOUND
    assert_true(events["tighten_start", Place.FRONT_LEFT], 2.4, 0.05)


def test_what_is_heard_for_a_moment_only_is_no_run_of_a_gun() -> None:
    sound = voices()
    short = sound.voices.copy()
    row = int(np.flatnonzero(short[:, 3] == 3.2)[0])
    short[row, :6] = (2.9, 2.895, 2.905, 3.0, 2.995, 3.005)
    events = found(footage(hidden=(Place.REAR_LEFT,)), replace(sound, voices=short))
    for kind in ("tighten_start", "tighten_end"):
        assert events[kind, Place.REAR_LEFT].status is EventStatus.NOT_FOUND
    assert_true(events["loosen_end", Place.REAR_LEFT], 1.5, 0.05)


def test_a_shot_tells_only_its_own_events() -> None:
    made = footage()
    seen, stop = replace(made.seen(), sound=voices()), made.stop()
    stop = replace(stop, first=100, begin=100)
    place, _ = find_hubs(seen, stop)
    events = gun_events(seen, stop, place, tuple(e for e in wheels() if e.kind == "wheel_on"))
    for event in events:
        assert (event.time_s is None) == event.kind.startswith("loosen"), event


def test_an_unknown_heading_names_no_corner() -> None:
    made = footage()
    seen, stop = replace(made.seen(), sound=voices()), made.stop(Heading())
    place, _ = find_hubs(seen, stop)
    assert all(e.status is EventStatus.NOT_FOUND for e in gun_events(seen, stop, place))


def cleared(made: Footage) -> tuple[Observations, dict[Place, Event]]:
    seen, stop = replace(made.seen(), sound=voices()), made.stop()
    place, _ = find_hubs(seen, stop)
    guns = gun_events(seen, stop, place, wheels())
    return seen, {event.place: event for event in clear_events(seen, stop, place, guns)}


def test_a_corner_is_clear_when_its_gunner_has_left() -> None:
    _, events = cleared(footage(hidden=(Place.REAR_RIGHT,)))
    for corner, (_, tighten) in PLAN.items():
        if corner is Place.REAR_RIGHT:
            assert events[corner].status is EventStatus.NOT_FOUND
            continue
        # The gun is a third of a wheel off its nut 0.16 s after it stopped.
        assert_true(events[corner], tighten[1] + 0.16, 0.03)


def test_a_gun_that_is_hidden_as_it_leaves_does_not_tell_when_its_corner_is_clear() -> None:
    end_s = PLAN[Place.FRONT_LEFT][1][1]
    seen, stop = replace(footage().seen(), sound=voices()), footage().stop()
    place, _ = find_hubs(seen, stop)
    guns = gun_events(seen, stop, place, wheels())
    times = seen.times_s[seen.objects.frame]
    is_hidden = (times > end_s - 0.02) & (times < end_s + 0.3)
    less = replace(seen, objects=seen.objects.where(~is_hidden))
    events = {event.place: event for event in clear_events(less, stop, place, guns)}
    assert events[Place.FRONT_LEFT].evidence["why"] == "the gun was hidden as it left"
    assert events[Place.REAR_LEFT].status is EventStatus.PROPOSED


def test_a_corner_at_whose_wheel_somebody_stays_is_not_clear() -> None:
    made = footage()
    made.add("crew", (0.6, 0.6), lambda _: (HUBS_M[Place.FRONT_LEFT][0], 1.0))
    _, events = cleared(made)
    assert events[Place.FRONT_LEFT].evidence["why"] == "somebody stays at the wheel"
    assert events[Place.REAR_LEFT].status is EventStatus.PROPOSED


def test_crew_are_counted_at_their_corner() -> None:
    made = footage(hidden=(Place.REAR_RIGHT,))
    seen, stop = made.seen(), made.stop()
    place, _ = find_hubs(seen, stop)
    counts = crew_counts(seen, stop, place)
    assert {corner: int(counts[corner][60]) for corner in PLAN} == {
        Place.FRONT_LEFT: 1,
        Place.FRONT_RIGHT: 1,
        Place.REAR_LEFT: 1,
        Place.REAR_RIGHT: 0,
    }
    near = near_corners(seen, stop, place)
    assert all(flags.shape == seen.times_s.shape for flags in near.values())
    assert not near[Place.REAR_RIGHT].any()
    assert near[Place.REAR_LEFT][60]


def test_a_corner_whose_crew_runs_on_round_the_car_is_not_clear_yet() -> None:
    left_s = PLAN[Place.REAR_RIGHT][1][1] + 0.1
    x, y = HUBS_M[Place.REAR_RIGHT]

    def runs(time_s: float) -> tuple[float, float]:
        part = ease((time_s - left_s) / 0.6)
        return x - 1.6 * part, y - 1.5 + 0.7 * part

    for seconds, why in ((7.0, "one of its crew runs on round the car"), (4.2, None)):
        made = footage(seconds=seconds)
        made.add("crew", (0.6, 0.6), runs)
        _, events = cleared(made)
        assert events[Place.REAR_RIGHT].evidence.get("why") == why
        assert events[Place.FRONT_RIGHT].status is EventStatus.PROPOSED
