"""JSON and TOON say the same, to two independent readers, whatever the content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import toon_format
import toons
from artifact_samples import any_artifact, artifact
from hypothesis import HealthCheck, given, settings

from codefx_desktop.artifacts.formats import encode, encode_toon, read_json, read_toon, same_content

if TYPE_CHECKING:
    from codefx_desktop.artifacts.frame_artifact import FrameArtifact


def check(made: FrameArtifact) -> None:
    content = made.content()
    files = encode(content)
    told = json.loads(files.json)
    assert told == content
    assert files.toon.decode() == f"{toon_format.dumps(content)}\n"
    assert same_content(told, content)
    assert same_content(toon_format.loads(files.toon, strict=True), told)
    assert same_content(toons.loads(files.toon.decode(), strict=True), told)
    assert same_content(read_toon(files.toon), read_json(files.json))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(any_artifact)
def test_both_say_the_same(made: FrameArtifact) -> None:
    check(made)


@pytest.mark.slow
@settings(deadline=None, max_examples=2000, suppress_health_check=list(HealthCheck))
@given(any_artifact)
def test_both_say_the_same_2000_times(made: FrameArtifact) -> None:
    check(made)


def test_json_is_compact_and_toon_is_tables() -> None:
    files = encode(artifact().content())
    assert files == encode(artifact().content())
    assert files.toon == encode_toon(artifact().content())
    assert b'"clip":{"name":"Z\xc3\xbcrich Stopp 3.mp4",' in files.json
    assert files.json.endswith(b"}\n")
    lines = files.toon.decode().splitlines()
    row = lines.index("detections[2]{track_id,class_id,class_name,confidence,x1,y1,x2,y2}:")
    assert lines[row + 1] == "  4,2,crew,0.9877,10.12,20.13,110.5,220"
    assert lines[row + 2] == "  null,7,class 7,1,0,0,1280,719.99"
    assert "outlines[2]{segment,part,corners}:" in lines
    assert "outline_xy[14]: 1,1,9.5,1,9.5,9.25,1,9,20,20,30,20,25,30" in lines
    for table in ("models[3]{", "segmentation[2]{", "faces[1]{"):
        assert any(line.startswith(table) for line in lines)


@pytest.mark.parametrize(
    "numbers",
    [
        *([], [1], [1.0], [1e-7, 2], [1e22], [-0.0, 1], ["1", 2], [True], [None], [[1], [2]]),
        *([1.5, {"x": 1}], ["a\noutline_xy: []\n"], [-1, -0.25, 10.05, 100.0], [20.01, 1000]),
    ],
)
def test_the_long_list_is_written_as_the_library_does(numbers: list[object]) -> None:
    for content in (
        {"a": 1, "outline_xy": numbers, "faces": None},
        {"outline_xy": numbers},
        {"a": "x\noutline_xy: []\n", "b": {"outline_xy": []}, "outline_xy": numbers},
    ):
        assert encode_toon(content).decode() == f"{toon_format.dumps(content)}\n"


ROW = {"id": 4, "name": "crew", "x": 1.25}


@pytest.mark.parametrize(
    "rows",
    [
        *([ROW], [ROW, ROW], [ROW, {**ROW, "x": None}], [{"x": None}], [{"x": None}, {"x": -1}]),
        *([ROW, {"x": 1, "id": 2, "name": "b"}], [ROW, {"id": 1}], [{}], [ROW, 1], [[1], [2]]),
        *([{"x": 1.0}], [{"x": -0.0}], [{"x": 1e-7}, {"x": 1e22}], [{"x": True}], [{"x": 2**70}]),
        *([{"odd key": 1}], [{"": 1}, {"": 2}], [{"x": {"y": 1}}, {"x": {"y": 2}}], [{"x": [1]}]),
        *([{"x": text}] for text in ("", " a", "a ", "a b", "a,b", "a:b", "true", "null", "12")),
        *([{"x": text}] for text in ("-", "#a", "Zürich", "a\nb", "None", "nullable", "x[1]")),
        [{"x": "a"}, {"x": 1}, {"x": None}, {"x": 2.5}],
        [{"x": "a"}, {"x": None}, {"x": "rows: []"}],
    ],
)
def test_tables_are_written_as_the_library_does(rows: list[object]) -> None:
    for content in (
        {"a": 1, "rows": rows, "after": []},
        {"before": [ROW], "rows": rows, "outline_xy": [1.5, 2], "more": [ROW]},
        {"a": "x\nrows: []\n", "b": {"rows": rows}, "rows": rows},
        {"rows": rows},
        {"odd key": rows, "rows.x": rows},
    ):
        assert encode_toon(content).decode() == f"{toon_format.dumps(content)}\n"
        files = encode(content)
        assert files.toon == encode_toon(content)
        assert json.loads(files.json) == content


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_no_format_can_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogate"):
        encode({"rows": [{"x": value}]})
    with pytest.raises(ValueError, match=r"JSON|surrogate"):
        encode_toon({"rows": [{"x": value}]})
    with pytest.raises(ValueError, match=r"JSON|surrogate"):
        encode_toon({"outline_xy": [1.5, value]})


@pytest.mark.parametrize(
    "data", [b"", b"{", b"NaN", b'{"a":-Infinity}', b'{"a":1,"a":2}', b"\xff", b'{"a":1}x']
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(data)


@pytest.mark.parametrize(
    "data", [b"a[2]: 1", b"a[1]{x,y}:\n  1", b"a: 1\na: 2", b"\xff", b"a:\n   b: 1"]
)
def test_what_is_not_strict_toon_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_toon(data)


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1}, {"a": True}), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ([1], [1, 2]), ("1", 1)],
)
def test_sameness_is_strict(one: object, other: object) -> None:
    assert same_content(one, one)
    assert not same_content(one, other)
