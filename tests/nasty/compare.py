"""Prints how this program and OpenCV fare on every clip, as a table of Markdown.

    PYTHONPATH=tests python -m nasty.compare FOLDER [--table FILE] [--only NAME ...]

The clips are made in FOLDER if they are not there. OpenCV runs in a process of its own, one for
each clip, so that a crash or a hang of it costs a line and not the table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
from clips import read_number
from nasty.encoding import Tool
from nasty.facts import Facts, the_further, the_set
from nasty.table import Result, Table, judge

from codefx_desktop.domain.errors import ClipError
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SEEKS, STEPS = 200, 600
CACHED = 25
"""Pictures that fit our cache: fewer than a clip has, so that it has to seek."""
LIMIT_S = 60
TESTS = Path(__file__).resolve().parents[1]


def compare(clips: Iterable[Facts]) -> Table:
    """Judge both on these clips."""
    table = Table()
    for facts in clips:
        table.add(facts, ours(facts), peer(facts))
    return table


def ours(facts: Facts) -> Result:
    """Probe, read, seek and step with this program."""
    result, began = Result(), time.perf_counter()
    try:
        clip = probe(facts.path)
        result.probe_s = time.perf_counter() - began
        with FrameReader(clip) as reader:
            frames = [(read_number(f.pixels), float(f.time.exact_s * 1000)) for f in reader]
    except ClipError:
        result.verdict, result.probe_s = "error", time.perf_counter() - began
        result.read_s = result.probe_s
        return result
    result.read_s = time.perf_counter() - began
    result.verdict = str(clip.info.verdict)
    result.promised = len(clip.index)
    size = (clip.info.width, clip.info.height)
    judge(facts, result, [n for n, _ in frames], [t for _, t in frames], size)
    if facts.numbers is not None and len(frames) == len(facts.numbers):
        _go_about(facts, clip, [n for n, _ in frames], result)
    return result


def _go_about(facts: Facts, clip: ProbedClip, numbers: Sequence[int | None], to: Result) -> None:
    picture_bytes = clip.info.coded_width * clip.info.coded_height * 3 // 2
    with FrameAccess(clip, cache_bytes=CACHED * picture_bytes) as access:

        def is_wrong(place: int) -> bool:
            return read_number(access.exact(place).pixels) != numbers[place]

        to.seeks_wrong = sum(map(is_wrong, seeks(facts.name, len(numbers))))
        to.steps_wrong = sum(map(is_wrong, bounce(len(numbers), 2 * STEPS)))


def seeks(name: str, count: int) -> list[int]:
    """Return where to go: the same places for both."""
    return random.Random(name).choices(range(count), k=SEEKS)  # noqa: S311 - places to look at


def bounce(count: int, steps: int) -> Iterator[int]:
    """Yield numbers of single steps that turn round at both ends."""
    number, direction = 0, 1
    for _ in range(steps):
        yield number
        if not 0 <= number + direction < count:
            direction = -direction
        number = min(max(number + direction, 0), count - 1)


def peer(facts: Facts) -> Result:
    """Do the same with OpenCV in a process of its own."""
    plain = {**asdict(facts), "path": str(facts.path)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "nasty.compare", "--peer"],
            input=json.dumps(plain),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent)))},
        )
    except subprocess.TimeoutExpired:
        return Result(f"no answer in {LIMIT_S} s", read_s=LIMIT_S)
    if done.returncode:
        return Result(f"crashed ({done.returncode})")
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def _as_peer(plain: dict[str, Any]) -> Result:
    import cv2

    plain["path"], plain["size"] = Path(plain["path"]), tuple(plain["size"])
    for name in ("numbers", "times_ms"):
        plain[name] = None if plain[name] is None else tuple(plain[name])
    facts, began = Facts(**plain), time.perf_counter()
    capture = cv2.VideoCapture(str(facts.path))
    if not capture.isOpened():
        return Result("not opened", read_s=time.perf_counter() - began)
    numbers, times, size = [], [], (0, 0)
    while True:
        found, pixels = capture.read()
        if not found or len(numbers) > 10_000:
            break
        if not numbers:
            size = (pixels.shape[1], pixels.shape[0])
        times.append(capture.get(cv2.CAP_PROP_POS_MSEC))
        numbers.append(read_number(pixels[:, :, ::-1]))
    result = Result("opened", read_s=time.perf_counter() - began)
    judge(facts, result, numbers, times, size)
    if facts.numbers is not None and facts.has_barcode:
        wrong = 0
        for place in seeks(facts.name, len(facts.numbers)):
            capture.set(cv2.CAP_PROP_POS_FRAMES, place)
            found, pixels = capture.read()
            wrong += not found or read_number(pixels[:, :, ::-1]) != facts.numbers[place]
        result.seeks_wrong = wrong
    return result


def main() -> int:
    """Make the table; as a peer, judge one clip with OpenCV."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where the clips are or go")
    parser.add_argument("--table", type=Path, help="write the table there too")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these clips")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.peer:
        sys.stdout.write(json.dumps(asdict(_as_peer(json.load(sys.stdin)))) + "\n")
        return 0
    if chosen.folder is None:
        parser.error("give the folder of the clips")
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    texts = []
    for title, clips in (
        ("The set", the_set(chosen.folder / "set")),
        ("Further clips", the_further(chosen.folder / "further")),
    ):
        table = compare(clip for clip in clips if not chosen.only or clip.name in chosen.only)
        texts.append(f"## {title}\n\n{table.text()}" if table.lines else "")
    text = "\n".join(texts)
    sys.stdout.write(text)
    if chosen.table:
        chosen.table.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
