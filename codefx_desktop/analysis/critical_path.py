"""The critical path of a stop: which tasks held the release, and the slack of all others.

Each event follows the last of the events that must come before it by as much as it did; that lag
is its own and stays. An event may then be delayed, and the release keep its time, by the least,
over all events that wait for it, of what they have themselves and of how much earlier than the
last of what they wait for it is. Events that were not found are passed through: what had to come
before them has to come before what comes after them.

Source: the critical path method (Kelley and Walker, 1959) on the times that were seen; drag, what
a critical task adds to the whole, after Devaux, "Total Project Control", 1999.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.instants import bounds, found_events, time_of
from codefx_desktop.domain.breakdown import CriticalPath, GanttBar
from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import PlacedSpan, Slot, StopTemplate

NO_SLACK_S: Final = 1e-6
"""Times are sums of floats: below this two of them are the same."""

SAME_DRAG_S: Final = 1e-3
_UNTIL: Final = ("release", "go")
_NOBODY: Final = "Neither release nor go was found, so nothing is known of what held the car."


@dataclass(frozen=True, slots=True)
class _Task:
    """A task whose ends are known."""

    placed: PlacedSpan
    begins: Slot
    bar: GanttBar

    @property
    def ends(self) -> Slot:
        return self.placed.ends


class _Net:
    """The events that were found, in their order, and what each of them waits for."""

    def __init__(self, found: Mapping[Slot, Event], rules: Iterable[tuple[Slot, Slot]]) -> None:
        self.time = {slot: time_of(event) for slot, event in found.items()}
        self.before = _through(rules, set(found))
        self.after: dict[Slot, list[Slot]] = {slot: [] for slot in found}
        for slot, firsts in self.before.items():
            for first in firsts:
                self.after[first].append(slot)
        self.order = _sorted(self.before, self.time)

    def ready(self, slot: Slot) -> float:
        """Return when the last of what an event waits for had happened."""
        return max(self.time[first] for first in self.before[slot])

    def last_before(self, slot: Slot) -> Slot | None:
        return max(self.before[slot], key=self.time.__getitem__, default=None)

    def slack(self, until: Slot) -> dict[Slot, float]:
        """Return by how much each event that ``until`` waits for could have been later."""
        slack = {until: 0.0}
        for slot in reversed(self.order):
            if slot not in slack:
                continue
            ready = self.ready(slot) if self.before[slot] else 0.0
            for first in self.before[slot]:
                room = slack[slot] + ready - self.time[first]
                slack[first] = min(slack.get(first, room), room)
        return slack

    def drag(self, begins: Slot, ends: Slot, until: Slot) -> float:
        """Return how much earlier ``until`` would be, had ``ends`` come with ``begins``."""
        time: dict[Slot, float] = {}
        for slot in self.order:
            firsts = self.before[slot]
            if not firsts:
                time[slot] = self.time[slot]
                continue
            lag = self.time[slot] - self.ready(slot)
            time[slot] = max(time[first] for first in firsts) + lag
            if slot == ends:
                others = max(time[first] for first in firsts)
                time[slot] = max(others, time[begins])
        return max(self.time[until] - time[until], 0.0)


def critical_path(stop: PitStop, template: StopTemplate) -> CriticalPath:
    """Return which tasks held the release, and how much slack all others had.

    Args:
        stop: The stop.
        template: Its order rules and tasks.

    Returns:
        Tasks of which an end was not found are left out and named.
    """
    found = found_events(stop)
    rules = (*template.rules(), *_gun_rules(template, found))
    net = _Net({slot: found[slot] for slot in template.slots if slot in found}, rules)
    tasks, left_out = _tasks(template, net, found)
    kind = next((one for one in _UNTIL if (one, Place.NONE) in net.time), "")
    if not kind:
        bars = tuple(sorted((task.bar for task in tasks), key=_by_begin))
        return CriticalPath(bars=bars, left_out=left_out, text=_NOBODY)
    until: Slot = (kind, Place.NONE)
    tasks = _with_slack(tasks, net, until, stop.time_scale)
    chain = tuple(sorted((t.bar for t in tasks if t.bar.is_critical), key=_by_begin))
    held = _holds_most([task for task in tasks if task.bar.is_critical], tasks)
    last = net.last_before(until)
    wait = None if last is None else (net.time[until] - net.time[last]) * stop.time_scale
    may = _may_have(net, found, tasks, until)
    path = CriticalPath(
        bars=tuple(sorted((task.bar for task in tasks), key=_by_begin)),
        held_by=None if held is None else held.bar,
        chain=chain,
        until=kind,
        wait_s=wait,
        left_out=left_out,
        may_have=may,
    )
    return replace(path, text=_told(path))


def _gun_rules(
    template: StopTemplate, found: Mapping[Slot, Event]
) -> tuple[tuple[Slot, Slot], ...]:
    """Return which corners waited for a gun, where corners are not all worked on at once.

    Who works where is not known. But where never more than so many corners were worked on at the
    same time there were so many guns, and the next corner began when one of them was free.
    """
    corners = template.corners
    if not template.together or max(map(len, template.together)) == len(corners):
        return ()
    work = [(("loosen_start", corner), ("tighten_end", corner)) for corner in corners]
    if not all(slot in found for pair in work for slot in pair):
        return ()
    times = {slot: time_of(found[slot]) for pair in work for slot in pair}
    begins = sorted((begin for begin, _ in work), key=times.__getitem__)
    ends = sorted((end for _, end in work), key=times.__getitem__)
    guns = max(
        sum(times[begin] <= times[now] < times[end] for begin, end in work) for now in begins
    )
    return tuple(zip(ends, begins[guns:], strict=False))


def _tasks(
    template: StopTemplate, net: _Net, found: Mapping[Slot, Event]
) -> tuple[list[_Task], tuple[str, ...]]:
    """Return the tasks whose ends are known, and the names of the others."""
    waited = _through(template.rules(), set(template.slots))
    tasks: list[_Task] = []
    left_out: list[str] = []
    for placed in template.placed(template.tasks):
        begins = placed.begins
        if begins is None and all(slot in found for slot in waited[placed.ends]):
            begins = net.last_before(placed.ends) if placed.ends in found else None
        if begins is None or begins not in found or placed.ends not in found:
            left_out.append(f"{placed.span.label} {placed.place}".strip())
            continue
        tasks.append(_Task(placed, begins, _bar(placed, found[begins], found[placed.ends])))
    return tasks, tuple(left_out)


def _bar(placed: PlacedSpan, begins: Event, ends: Event) -> GanttBar:
    return GanttBar(
        label=placed.span.label,
        place=placed.place,
        begin_s=time_of(begins),
        end_s=time_of(ends),
        slack_s=None,
        is_critical=False,
        begin_low=bounds(begins)[0],
        end_high=bounds(ends)[1],
    )


def _with_slack(tasks: Sequence[_Task], net: _Net, until: Slot, scale: float) -> list[_Task]:
    slack = net.slack(until)
    return [_one_with_slack(task, slack, net, until, scale) for task in tasks]


def _one_with_slack(
    task: _Task, slack: Mapping[Slot, float], net: _Net, until: Slot, scale: float
) -> _Task:
    if task.ends not in slack:
        return task
    room = (slack[task.ends] + net.ready(task.ends) - net.time[task.begins]) * scale
    is_critical = room < NO_SLACK_S
    drag = net.drag(task.begins, task.ends, until) * scale if is_critical else None
    bar = replace(
        task.bar, slack_s=0.0 if is_critical else room, is_critical=is_critical, drag_s=drag
    )
    return replace(task, bar=bar)


def _holds_most(critical: Sequence[_Task], tasks: Sequence[_Task]) -> _Task | None:
    """Return the critical task of the greatest drag.

    All tasks of the slowest corner often drag alike, by what the next corner leaves them. Of
    these the one counts that took most longer than the same task did elsewhere.
    """
    if not critical:
        return None
    most = max(task.bar.drag_s or 0.0 for task in critical)
    if most < SAME_DRAG_S:
        return None
    alike = [task for task in critical if (task.bar.drag_s or 0.0) > most - SAME_DRAG_S]
    return max(alike, key=lambda task: (_excess(task, tasks), task.bar.end_s))


def _excess(task: _Task, tasks: Sequence[_Task]) -> float:
    name = task.placed.span.name
    peers = [t.bar.end_s - t.bar.begin_s for t in tasks if t.placed.span.name == name]
    return task.bar.end_s - task.bar.begin_s - (median(peers) if len(peers) > 1 else 0.0)


def _may_have(
    net: _Net, found: Mapping[Slot, Event], tasks: Sequence[_Task], until: Slot
) -> tuple[str, ...]:
    """Return the tasks that may have ended last of what a critical event waited for, as well."""
    slots = {until} | {task.ends for task in tasks if task.bar.is_critical}
    rivals: set[Slot] = set()
    for slot in slots:
        last = net.last_before(slot)
        if last is not None:
            low = bounds(found[last])[0]
            rivals |= {one for one in net.before[slot] if bounds(found[one])[1] >= low}
    return tuple(
        task.bar.text
        for task in tasks
        if task.ends in rivals and task.bar.is_critical is False and task.bar.slack_s is not None
    )


def _told(path: CriticalPath) -> str:
    if not path.chain:
        return f"No task that the {path.until} waited for was seen from begin to end."
    text = f"No single task held the {path.until}: others took as long."
    if path.held_by is not None:
        drag_s = path.held_by.drag_s or 0.0
        text = f"{path.held_by.text} held the {path.until} most: without it {drag_s:.2f} s earlier."
    if path.wait_s is not None:
        text += f" The {path.until} came {path.wait_s:.2f} s after the last task."
    if path.left_out:
        text += f" Not seen: {', '.join(path.left_out)}."
    return text


def _by_begin(bar: GanttBar) -> tuple[float, float]:
    return bar.begin_s, bar.end_s


def _through(rules: Iterable[tuple[Slot, Slot]], known: set[Slot]) -> dict[Slot, tuple[Slot, ...]]:
    """Return what each known event waits for among the known ones, through those that are not."""
    before: dict[Slot, list[Slot]] = {}
    for first, then in rules:
        before.setdefault(then, []).append(first)

    found: dict[Slot, tuple[Slot, ...]] = {}
    for slot in known:
        firsts: list[Slot] = []
        seen: set[Slot] = set()
        waiting = list(before.get(slot, ()))
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in known:
                firsts.append(one)
            else:
                waiting += before.get(one, ())
        found[slot] = tuple(firsts)
    return found


def _sorted(before: Mapping[Slot, Sequence[Slot]], time: Mapping[Slot, float]) -> list[Slot]:
    """Return events so that each comes after all it waits for; the template has no circle."""
    order: list[Slot] = []
    left = sorted(before, key=time.__getitem__)
    placed: set[Slot] = set()
    while left:
        ready = [slot for slot in left if placed.issuperset(before[slot])]
        order += ready
        placed.update(ready)
        left = [slot for slot in left if slot not in placed]
    return order
