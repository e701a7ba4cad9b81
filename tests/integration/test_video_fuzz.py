"""2,000 spoilt clips: no crash, no hang, nothing missing in silence.

A subprocess judges them, so that a crash costs a mutation and not the test. The seed of each is
its number: what goes wrong once goes wrong again.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import imageio_ffmpeg
import pytest
from clips import make_clip
from nasty.encoding import Tool
from nasty.further import FURTHER
from nasty.fuzzing import mutate

if TYPE_CHECKING:
    from collections.abc import Iterator

MUTATIONS = int(os.environ.get("CODEFX_MUTATIONS", "2000"))
FEW = 40
FURTHER_SEEDS = (
    "h264.avi",
    "hevc_open_gop.ts",
    "chapters.ts",
    "bottom_first.mkv",
    "GH010123.mp4",
    "fields_h264_p.ts",
    "vp8_hidden.webm",
    "edits_within_groups.mov",
    "xvid_packed.avi",
)
HANG_S = 30
TESTS = Path(__file__).resolve().parents[1]


class Judge:
    """A process that judges one clip after the other, started again after a crash or hang."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: Path) -> dict[str, Any]:
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):  # it has died: reading will tell
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
        if not _is_ready(process.stdout):
            self.end()
            return {"wrong": f"no answer in {HANG_S} s"}
        answer = process.stdout.readline()
        if not answer:
            self.end()
            return {"wrong": f"the process ended with {process.returncode}"}
        found: dict[str, Any] = json.loads(answer)
        return found

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nasty.fuzzing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        return self._process


def _is_ready(stream: IO[str]) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return bool(selector.select(HANG_S))


@pytest.fixture
def judge() -> Iterator[Judge]:
    asked = Judge()
    yield asked
    asked.end()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("good")
    small = {"size": (160, 90), "seconds": 1}
    return [
        make_clip(folder / "a.mp4", audio=True, **small),  # type: ignore[arg-type]
        make_clip(folder / "b.mkv", audio=True, **small),  # type: ignore[arg-type]
        make_clip(folder / "c.ts", **small),  # type: ignore[arg-type]
        make_clip(folder / "d.avi", codec="mpeg4", **small),  # type: ignore[arg-type]
        make_clip(folder / "e.webm", codec="libvpx-vp9", **small),  # type: ignore[arg-type]
        make_clip(folder / "f.mov", rotation=90, **small),  # type: ignore[arg-type]
        *_further(folder, *FURTHER_SEEDS),
    ]


def _further(folder: Path, *names: str) -> Iterator[Path]:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    for name in names:
        FURTHER[name].make(folder / name)
        yield folder / name


def judged(judge: Judge, sources: list[Path], seeds: range, folder: Path) -> dict[int, str]:
    """Return what is wrong by seed; print what became of all."""
    data = [source.read_bytes() for source in sources]
    wrong: dict[int, str] = {}
    verdicts: Counter[str] = Counter()
    slowest = 0.0
    for seed in seeds:
        which = seed % len(sources)
        path = folder / f"mutated{sources[which].suffix}"
        path.write_bytes(mutate(data[which], seed))
        found = judge.ask(path)
        verdicts[found.get("verdict", "none")] += 1
        slowest = max(slowest, found.get("seconds", HANG_S))
        if found["wrong"]:
            wrong[seed] = f"{sources[which].name}: {found['wrong']}"
    print(f"{dict(verdicts)}, {len(wrong)} wrong, slowest {slowest:.2f} s")  # noqa: T201 - figures
    return wrong


def test_the_judge_tells_good_from_bad(judge: Judge, sources: list[Path], tmp_path: Path) -> None:
    for source in sources:
        found = judge.ask(source)
        count = FURTHER[source.name].count if source.name in FURTHER else 30
        assert (found["verdict"], found["frames"], found["wrong"]) == ("ok", count, "")
    assert judge.ask(tmp_path / "nowhere.mp4")["verdict"] == "error"
    assert mutate(sources[0].read_bytes(), 5) == mutate(sources[0].read_bytes(), 5)
    process = judge._process
    assert process is not None
    process.kill()
    process.wait(10)
    assert "ended" in judge.ask(sources[0])["wrong"]
    assert judge.ask(sources[0])["verdict"] == "ok"


@pytest.mark.skipif(os.name == "nt", reason="pipes cannot be waited for there")
def test_a_few_spoilt_clips(judge: Judge, sources: list[Path], tmp_path: Path) -> None:
    assert judged(judge, sources, range(FEW), tmp_path) == {}


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(os.name == "nt", reason="pipes cannot be waited for there")
def test_two_thousand_spoilt_clips(judge: Judge, sources: list[Path], tmp_path: Path) -> None:
    assert judged(judge, sources, range(MUTATIONS), tmp_path) == {}
