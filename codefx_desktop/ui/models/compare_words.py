"""How stops that are compared are said on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.ui.models.clip_facts import HudLabel, hud_labels
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_delta import signed
from codefx_desktop.ui.models.stop_words import event_name

if TYPE_CHECKING:
    from codefx_desktop.ui.models.compare_pane import ComparePane
    from codefx_desktop.ui.models.compare_view import CompareView


def pane_labels(view: CompareView, number: int) -> tuple[HudLabel, ...]:
    """Return what stands over a pane's picture; its figures are of the very picture painted."""
    pane = view.panes[number]
    track, shown, clip = pane.track, pane.shown, pane.clip
    if track is None or shown is None or clip is None:
        return ()
    since = f"{signed(track.since_event(shown.frame.number))} s"
    labels = [HudLabel(f"{letter(number)}  {since}")]
    labels += aligned_otherwise(view, pane)
    if pane.offset_s:
        labels.append(HudLabel(f"offset {offset_text(pane)}", "warning"))
    beyond = beyond_word(view, pane)
    if beyond:
        labels.append(HudLabel(beyond, "warning"))
    if track.scale != 1.0:
        labels.append(HudLabel(f"slow motion, {track.scale:.3g} of true time", "quiet"))
    return (*labels, *hud_labels(shown, clip.info, clip.index))


def aligned_otherwise(view: CompareView, pane: ComparePane) -> tuple[HudLabel, ...]:
    """Return that a pane does not have the event, and on what it is aligned instead."""
    zero = pane.zero
    if zero is None or zero.by == view.slot:
        return ()
    name = view.slot_name
    instead = "its beginning" if zero.by is None else event_name(*zero.by, view.labels())
    return (HudLabel(f"no {name} here: aligned on {instead}", "warning"),)


def beyond_word(view: CompareView, pane: ComparePane) -> str:
    """Return that a pane's clip does not reach to the instant that is looked at."""
    track = pane.track
    if track is None or track.covers(view.player.time_s):
        return ""
    return "not begun yet" if view.player.time_s < track.begins_s else "clip is over"


def offset_text(pane: ComparePane) -> str:
    """Return how far a pane runs ahead: ``+0.017 s``."""
    return f"{signed(pane.offset_s)} s"


def pane_name(view: CompareView, number: int) -> str:
    """Return what a stop is called: clip, which stop, car, label."""
    pane = view.panes[number]
    shown, count = pane.stop, len(pane.read.stops) if pane.read else 0
    parts = [pane.name]
    if count > 1 or pane.number > 1:
        parts.append(f"stop {pane.number}")
    if shown is not None:
        facts = shown.stop.facts
        parts += [f"car {facts.car_number}" if facts.car_number else "", facts.label]
    return " \N{MIDDLE DOT} ".join(filter(None, parts))
