"""What is kept of a clip: the same again, or nothing, whatever happened to the file."""

from __future__ import annotations

import hashlib
import json
import os
import random
import zlib
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip

from codefx_desktop.domain.clip import FrameIndex, Verdict, VideoInfo
from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.video import clip_file
from codefx_desktop.video.clip_file import load_clip, load_info, save_clip
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import ProbedClip, probe

if TYPE_CHECKING:
    from pathlib import Path

RATES = (None, Fraction(30), Fraction(30000, 1001), Fraction(123_456_789, 4_100_007))
TEXTS = ("", "iPhone", "Boxenstopp ñ 停车 🏁", "line\nbreak \x00 \udce9")


def kept(path: Path, clip: Path, **more: object) -> ProbedClip:
    """Probe a clip, keep it, and return it."""
    probed = probe(clip)
    probed = replace(probed, info=replace(probed.info, fingerprint=fingerprint(clip), **more))
    save_clip(path, probed)
    return probed


def assert_same(one: ProbedClip | None, other: ProbedClip) -> None:
    assert one is not None
    assert one.info == other.info
    for name in ("ticks", "pts", "keyframe"):
        mine, yours = getattr(one.index, name), getattr(other.index, name)
        assert mine.dtype == yours.dtype
        assert np.array_equal(mine, yours)
        assert not mine.flags.writeable
    assert one.index.time_base == other.index.time_base


def made_up(seed: int, clip: Path) -> ProbedClip:
    """Return a clip of arbitrary values, about a real file."""
    pick = random.Random(seed)  # noqa: S311
    n = pick.choice((1, 2, 7, 8, 9, 500))
    numbers = np.random.default_rng(seed)
    ticks = np.concatenate(([0], np.cumsum(numbers.integers(1, 2**40, n - 1)))).astype(np.int64)
    index = FrameIndex(
        ticks,
        numbers.integers(-(2**62), 2**62, n),
        numbers.random(n) < 0.3,
        Fraction(pick.randint(1, 2000), pick.randint(1, 10**6)),
    )
    info = VideoInfo(
        path=clip,
        size_bytes=clip.stat().st_size,
        container="mov,mp4",
        codec="hevc",
        pixel_format="yuv420p10le",
        width=pick.randint(1, 8192),
        height=1080,
        coded_width=1920,
        coded_height=1088,
        frames=n,
        duration_s=pick.random() * 1e6,
        fingerprint=fingerprint(clip),
        rotation=pick.choice((0, 90, 180, 270)),
        mirrored=pick.random() < 0.5,
        sample_aspect=Fraction(pick.randint(1, 99), pick.randint(1, 99)),
        average_rate=pick.choice(RATES),
        variable_rate=pick.random() < 0.5,
        start_s=-pick.random(),
        bit_depth=10,
        verdict=pick.choice(list(Verdict)),
        message=pick.choice(TEXTS),
        metadata={text: pick.choice(TEXTS) for text in TEXTS},
    )
    return ProbedClip(info, index)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", times_ms=[0, 40, 75, 120, 300], audio=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "job" / "analysis" / "clip.index"


def test_a_probed_clip_is_the_same_again(path: Path, clip: Path) -> None:
    probed = kept(path, clip)
    assert probed.info.variable_rate
    assert_same(load_clip(path, clip), probed)
    assert [p.name for p in path.parent.iterdir()] == ["clip.index"]


@pytest.mark.parametrize("seed", range(40))
def test_any_values_are_the_same_again(path: Path, clip: Path, seed: int) -> None:
    wanted = made_up(seed, clip)
    save_clip(path, wanted)
    assert_same(load_clip(path, clip), wanted)


def test_a_long_clip_of_constant_rate_takes_little(path: Path, clip: Path) -> None:
    n = 216_000  # an hour at 60 frames/s
    ticks = np.arange(n, dtype=np.int64) * 1001
    probed = made_up(0, clip)
    index = FrameIndex(ticks, ticks + 5, np.arange(n) % 250 == 0, Fraction(1, 60000))
    save_clip(path, ProbedClip(replace(probed.info, frames=n), index))
    assert path.stat().st_size < 20_000
    assert_same(load_clip(path, clip), ProbedClip(replace(probed.info, frames=n), index))


def test_a_clip_is_known_by_its_content_not_by_its_place(path: Path, clip: Path) -> None:
    probed = kept(path, clip)
    moved = clip.rename(clip.with_name("moved.mp4"))
    found = load_clip(path, moved)
    assert found is not None
    assert found.info == replace(probed.info, path=moved)
    assert str(clip.parent).encode() not in path.read_bytes()


def test_another_clip_of_that_name_is_not_taken_for_it(path: Path, clip: Path) -> None:
    kept(path, clip)
    data = bytearray(clip.read_bytes())
    data[len(data) // 2] ^= 1
    clip.write_bytes(data)
    assert load_clip(path, clip) is None
    clip.write_bytes(data + b"more")
    assert load_clip(path, clip) is None


def test_a_clip_that_grew_while_it_was_probed_is_not_taken(path: Path, clip: Path) -> None:
    kept(path, clip, size_bytes=clip.stat().st_size - 1)
    assert load_clip(path, clip) is None


def test_a_clip_whose_drive_is_away_can_be_told_of_but_not_read(path: Path, clip: Path) -> None:
    probed = kept(path, clip)
    clip.unlink()
    assert load_clip(path, clip) is None
    assert load_info(path, clip) == probed.info
    clip.mkdir()
    assert load_clip(path, clip) is None


def test_nothing_is_kept_of_a_clip_without_fingerprint(path: Path, clip: Path) -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        save_clip(path, probe(clip))
    assert not path.parent.exists()


# -- files that are not what they should be ----------------------------------------------------


def refused(path: Path, clip: Path, data: bytes) -> bool:
    path.write_bytes(data)
    return load_clip(path, clip) is None and load_info(path, clip) is None


def test_nothing_there_is_nothing(path: Path, clip: Path) -> None:
    assert load_clip(path, clip) is None
    path.mkdir(parents=True)
    assert load_clip(path, clip) is None


def test_a_file_that_was_cut_is_nothing(path: Path, clip: Path) -> None:
    kept(path, clip)
    data = path.read_bytes()
    places = {*range(0, len(data), 64), len(data) - 1}
    assert all(refused(path, clip, data[:place]) for place in places)
    assert not refused(path, clip, data)


def test_a_file_with_one_wrong_bit_is_nothing(path: Path, clip: Path) -> None:
    kept(path, clip)
    data = path.read_bytes()
    for place in range(len(data)):
        spoilt = bytearray(data)
        spoilt[place] ^= 1 << place % 8
        assert refused(path, clip, bytes(spoilt)), place


@pytest.mark.parametrize("seed", range(50))
def test_random_bytes_are_nothing(path: Path, clip: Path, seed: int) -> None:
    kept(path, clip)
    data, pick = bytearray(path.read_bytes()), random.Random(seed)  # noqa: S311
    assert refused(path, clip, pick.randbytes(pick.randint(0, 3000)))
    start = pick.randrange(len(data))
    noise = pick.randbytes(min(pick.randint(1, 200), len(data) - start))
    data[start : start + len(noise)] = noise
    assert refused(path, clip, bytes(data))


def signed(head: object, arrays: bytes = b"", version: int = clip_file.VERSION) -> bytes:
    """Return a file whose sum is right, whatever is in it."""
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    body = text + b"\n" + zlib.compress(arrays)
    return f"codefx-clip {version} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def test_a_file_that_only_claims_is_nothing(path: Path, clip: Path) -> None:
    kept(path, clip)
    _, text, packed = path.read_bytes().split(b"\n", 2)
    good, arrays = json.loads(text), zlib.decompress(packed)
    assert not refused(path, clip, signed(good, arrays))
    info = good["info"]
    bad: list[object] = [
        b"",
        b"[",
        b"\xff",
        b"[" * 100_000,
        [],
        None,
        {},
        *({key: value for key, value in good.items() if key != left_out} for left_out in good),
        *({**good, "frames": n} for n in (0, -1, 4, 6, 10**12, "x", None, [])),
        *({**good, "time_base": base} for base in ("1/0", "", None, "nan", [1])),
        *({**good, "info": value} for value in (None, [], "x", {}, {**info, "more": 1})),
        *({**good, "info": {k: v for k, v in info.items() if k != left_out}} for left_out in info),
        *(
            {**good, "info": {**info, name: value}}
            for name, value in (
                ("width", "wide"),
                ("width", 1.5),
                ("mirrored", 1),
                ("codec", None),
                ("duration_s", 1),
                ("verdict", "perfect"),
                ("average_rate", "1/0"),
                ("sample_aspect", None),
                ("metadata", []),
                ("metadata", {"a": 1}),
                ("frames", 4),
            )
        ),
    ]
    for head in bad:
        assert refused(path, clip, signed(head, arrays)), head
    for wrong in (b"", arrays[:-1], arrays[::-1], b"\xff" * len(arrays)):
        assert refused(path, clip, signed(good, wrong))
    assert refused(path, clip, signed(good, arrays, version=clip_file.VERSION + 1))


def test_a_small_file_does_not_fill_the_memory(path: Path, clip: Path) -> None:
    kept(path, clip)
    good = json.loads(path.read_bytes().split(b"\n", 2)[1])
    bomb = signed({**good, "frames": 5}, bytes(50_000_000))
    assert len(bomb) < 100_000
    assert refused(path, clip, bomb)


# -- places that cannot be written to ----------------------------------------------------------


def test_a_write_that_fails_leaves_what_was_there(
    path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed = kept(path, clip)

    def full(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(NotWritable, match=r"clip\.index"):
            save_clip(path, probed)
    assert_same(load_clip(path, clip), probed)
    assert [p.name for p in path.parent.iterdir()] == ["clip.index"]


def test_a_folder_that_cannot_be_made_is_told(path: Path, clip: Path) -> None:
    probed = kept(path, clip)
    with pytest.raises(NotWritable):
        save_clip(path / "below" / "a file", probed)
