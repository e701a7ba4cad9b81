"""Verdicts and their sentences."""

from __future__ import annotations

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.video.reconcile import Findings


def test_a_whole_clip_has_nothing_to_say() -> None:
    whole = Findings(expected=60, delivered=60)
    assert (whole.verdict, whole.message) == (Verdict.OK, "")


def test_more_than_the_header_promises_is_whole() -> None:
    assert Findings(expected=10, delivered=60).verdict is Verdict.OK


def test_the_sentence_has_the_figures() -> None:
    findings = Findings(
        expected=60,
        delivered=41,
        unreadable=19,
        unreadable_from_s=0.67,
        unreadable_to_s=1.3,
    )
    assert findings.verdict is Verdict.PARTIAL
    assert findings.message == "41 of 60 frames; 19 unreadable between 0.67 s and 1.30 s."


def test_every_single_finding_makes_it_partial() -> None:
    for name in ("before_key", "unreadable", "damaged", "errors", "missing_bytes", "missing_s"):
        findings = Findings(expected=5, delivered=5, **{name: 1})
        assert findings.verdict is Verdict.PARTIAL, name
        assert findings.message.startswith("5 frames; "), name
