"""Changes good clips in the ways files go bad, and judges what the room makes of them."""

from __future__ import annotations

import faulthandler
import json
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import av.error

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.video import probe as probe_module
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.companions import Kind, PacketKinds
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader


def flip(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 4, 32))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, len(data))]


def behead(data: bytearray, chance: random.Random) -> bytearray:
    return data[chance.randrange(1, max(2, len(data) // 2)) :]


def zero(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    length = min(len(data) - start, chance.choice((16, 512, 8192)))
    data[start : start + length] = bytes(length)
    return data


def remove(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 188, 4096))]
    return data or bytearray(1)


def double(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((8, 188, 4096))]
    data[start:start] = piece
    return data


def extremes(data: bytearray, chance: random.Random) -> bytearray:
    """Write a number that no file means, often into the header."""
    reach = len(data) if chance.random() < 0.4 else min(len(data), 2000)
    from_end = chance.random() < 0.5
    for _ in range(chance.choice((1, 3))):
        at = chance.randrange(max(1, reach - 4))
        at = len(data) - 4 - at if from_end and len(data) > reach + 4 else at
        data[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)))
    return data


CHANGES = (flip, flip, cut, behead, zero, remove, double, extremes, extremes)


def mutate(source: bytes, seed: int) -> bytes:
    """Return a changed copy; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same damage again
    data = bytearray(source)
    for _ in range(chance.choice((1, 1, 2))):
        data = chance.choice(CHANGES)(data, chance)
    return bytes(data)


def judge(path: Path) -> dict[str, Any]:
    """Return what became of a clip; ``wrong`` says what must never be."""
    began = time.perf_counter()
    try:
        found = _look(path)
    except ClipError as error:
        found = {"verdict": "error", "wrong": "" if str(error) else "an error without a sentence"}
    return {**found, "seconds": round(time.perf_counter() - began, 2)}


def _look(path: Path) -> dict[str, Any]:
    clip = probe(path)
    with FrameReader(clip) as reader:
        numbers = [frame.number for frame in reader]
    wrong = ""
    report = reader.report
    if numbers != sorted(set(numbers)):
        wrong = f"numbers out of order: {numbers[:20]}"
    elif clip.info.verdict is Verdict.OK and len(numbers) < len(clip.index):
        # Only decoding shows it; then the report has to.
        wrong = "" if report.damaged and report.message else "a silent short read"
    elif clip.info.verdict is Verdict.OK and len(clip.index) < _promised(path):
        wrong = f"{len(clip.index)} frames of {_promised(path)} promised, in silence"
    elif len(numbers) != report.frames:
        wrong = "the report counts wrongly"
    if numbers and not wrong:
        with FrameAccess(clip, cache_bytes=2_000_000) as access:
            for number in (numbers[-1], numbers[0], numbers[len(numbers) // 2]):
                if access.exact(number).number != number:
                    wrong = f"asked for frame {number}"
            access.keyframe_near(numbers[-1])
    return {"verdict": str(clip.info.verdict), "frames": len(numbers), "wrong": wrong}


def _promised(path: Path) -> int:
    """Return how many pictures the file's packets or its sample table promise."""
    with av.open(str(path), metadata_errors="replace") as container:
        stream = container.streams.best("video")
        assert stream is not None
        hidden, shown, context = 0, 0, stream.codec_context
        # Fields and hidden pictures are no promise; their rule has tests of its own.
        kinds = PacketKinds(context.codec.canonical_name, context.extradata)
        with suppress(av.error.FFmpegError):
            for packet in container.demux(stream):
                if packet.size:
                    is_own = kinds.kind(memoryview(packet)) is Kind.PICTURE
                    is_shown = is_own and not packet.is_discard
                    hidden += not is_shown
                    shown += is_shown
        table = _table(path, stream) if "mp4" in container.format.name else 0
        return max(shown, table - hidden)


def _table(path: Path, stream: Any) -> int:  # noqa: ANN401 - of the library
    """Return how many packets the sample table promises, less those that edits leave out."""
    edited = len(stream.index_entries)
    with av.open(str(path), metadata_errors="replace", options={"ignore_editlist": "1"}) as plain:
        unedited = len(plain.streams[stream.index].index_entries)
    return int(stream.frames) - max(0, unedited - edited)


def main() -> None:
    """Judge the paths that come on standard input, one line of JSON for each."""
    faulthandler.enable()
    short = probe_module._is_short
    for count, line in enumerate(sys.stdin):
        # Every other one as if it were long: judged by its packets, its start and its end.
        probe_module._is_short = short if count % 2 else lambda *_: False
        sys.stdout.write(json.dumps(judge(Path(line.rstrip("\n")))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
