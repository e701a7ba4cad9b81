"""Artifacts as text: indented without loss, cut with a word, line beside line."""

from __future__ import annotations

import json

from artifact_samples import any_artifact, artifact
from hypothesis import given, settings

from codefx_desktop.artifacts.formats import encode
from codefx_desktop.jobs.artifact_text import LONGEST_LINE, MOST_LINES, anchors, cut, indented

CONTENT = artifact().content()
TOON = encode(CONTENT).toon.decode()


def test_lists_of_numbers_stay_in_one_line() -> None:
    text = indented({"a": [1, 2.5, None], "b": [{"x": 1}], "c": {}, "d": [], "e": [[1], [2]]})
    assert text.split("\n") == [
        "{",
        '  "a": [1, 2.5, null],',
        '  "b": [',
        "    {",
        '      "x": 1',
        "    }",
        "  ],",
        '  "c": {},',
        '  "d": [],',
        '  "e": [',
        "    [1],",
        "    [2]",
        "  ]",
        "}",
    ]


@settings(max_examples=40, deadline=None)
@given(any_artifact)
def test_nothing_is_lost_and_lines_of_both_texts_rise_together(made: object) -> None:
    content = made.content()
    text, toon = indented(content), encode(content).toon.decode()
    assert json.loads(text) == content
    pairs = anchors(text, toon)
    lines, toon_lines = text.split("\n"), toon.split("\n")
    assert list(pairs) == sorted(set(pairs))
    # Every outermost key stands beside itself.
    beside = {
        lines[one].strip().partition('"')[2].partition('"')[0]: toon_lines[other]
        for one, other in pairs
        if lines[one].startswith('  "')
    }
    assert set(content) <= set(beside)
    assert all(line.startswith(key) for key, line in beside.items())


def test_each_row_stands_beside_its_row() -> None:
    text = indented(CONTENT)
    lines, toon_lines = text.split("\n"), TOON.split("\n")
    pairs = dict(anchors(text, TOON))
    starts = [n for n, line in enumerate(lines) if line == "    {"]
    first = lines.index('  "detections": [')
    rows = [n for n in starts if n > first][:2]
    assert [toon_lines[pairs[n]] for n in rows] == [
        "  4,2,crew,0.9877,10.12,20.13,110.5,220",
        "  null,7,class 7,1,0,0,1280,719.99",
    ]
    assert toon_lines[pairs[lines.index('    "time": "00:00:15.760",')]].strip().startswith("time")


def test_texts_that_do_not_belong_together_give_no_nonsense() -> None:
    assert anchors("{}", "") == ((0, 0),)
    assert anchors(indented(CONTENT), "nothing: here")[0] == (0, 0)
    assert anchors("", TOON) == ((0, 0),)
    backwards = "faces: null\nschema: codefx-frame\n"
    pairs = anchors(indented(CONTENT), backwards)
    assert list(pairs) == sorted(pairs)


def test_long_lines_and_long_texts_are_cut_and_say_so() -> None:
    text = "short\n" + "x" * (LONGEST_LINE + 1234)
    short, long = cut(text).split("\n")
    assert short == "short"
    assert long.startswith("x" * LONGEST_LINE + " … 1,234 more characters")
    many = cut("\n".join(["line"] * (MOST_LINES + 50))).split("\n")
    assert len(many) == MOST_LINES + 1
    assert many[-1].startswith("… 50 more lines")
    assert cut("a\nb") == "a\nb"
