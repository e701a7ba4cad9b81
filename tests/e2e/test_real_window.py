"""The real program on a real (virtual) screen: the sample stop from a click to the history.

Started as a person starts it, worked with mouse and keys, seen as pixels, closed by its frame.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import imageio_ffmpeg
import numpy as np
import pytest
from e2e.virtual_screen import XVFB, Picture, Screen, virtual_screen, wait_for

from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_CLIP
from codefx_desktop.ui.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from Xlib.xobject.drawable import Window

TITLE = "CodeFx Desktop"
SHEET = "Start analysis"
REQUIRED = os.environ.get("CODEFX_REQUIRE_XVFB") == "1"
JOB_LIMIT_S = 300
WORKING = (["QUEUED"], ["PROCESSING"])
FOOTAGE_COLOURS = 2000
TEXT_COLOURS = 40
"""Letters with soft edges show more than a card's frame and its ground, which are about five."""
HISTORY_TAB = (105, 38)
HUD = (slice(36, 72), slice(12, 200))
"""Where the frame's number and time stand over the picture."""
FRAME = (slice(120, 600), slice(100, 1000))
UNDER_THE_THUMBNAIL = (slice(148, 168), slice(16, 220))
"""Where the card of an ended job tells its scenes and its frames with artifacts."""
ARTIFACT_LIST = (slice(90, 300), slice(4, 370))
ARTIFACT_PICTURES = (slice(95, 520), slice(400, 1400))

pytestmark = [
    pytest.mark.timeout(JOB_LIMIT_S + 120),
    pytest.mark.skipif(
        not REQUIRED and (XVFB is None or not sys.platform.startswith("linux")),
        reason="needs Xvfb (Debian's package xvfb)",
    ),
]


@pytest.fixture
def screen() -> Iterator[Screen]:
    with virtual_screen() as given:
        yield given


@contextmanager
def program(screen: Screen, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the window's console script; end it if the test did not."""
    environment = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
    environment["CODEFX_HOME"] = str(home)
    process = subprocess.Popen([Path(sys.executable).with_name("codefx-desktop")], env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def terminal(home: Path, *words: str) -> str:
    """Return what ``codefx`` prints while the window is open."""
    done = subprocess.run(
        [Path(sys.executable).with_name("codefx"), *words],
        env={**os.environ, "CODEFX_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    return done.stdout


def statuses(home: Path) -> list[str]:
    """Return the status of every job in the history, read from the file itself."""
    path = home / "history.sqlite"
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as history:
        try:
            return [row[0] for row in history.execute("SELECT status FROM jobs")]
        except sqlite3.OperationalError:  # the first start has not made its tables yet
            return []


def in_colour(picture: Picture, name: str) -> Picture:
    """Return where a picture has a colour of any theme, by the colour's name: bool (H, W)."""
    wanted = [bytes.fromhex(getattr(t, name).removeprefix("#")) for t in THEMES.values()]
    return np.any([np.all(picture == tuple(rgb), axis=2) for rgb in wanted], axis=0)


def bright_button(picture: Picture) -> tuple[int, int, int, int]:
    """Return x, y, width, height of the largest area in the accent colour."""
    mask = in_colour(picture, "accent").astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(mask)
    x, y, width, height, _ = map(int, max(boxes[1:], key=lambda box: box[4], default=[0] * 5))
    return x, y, width, height


def colours(picture: Picture) -> int:
    """Return how many colours a part of the screen shows: footage has thousands, widgets few."""
    return len(np.unique(picture.reshape(-1, 3), axis=0))


def footage(screen: Screen, window: Window) -> int:
    """Return the colours in the middle of the window, where the preview is."""
    picture = screen.picture(window)
    height, width = picture.shape[:2]
    return colours(picture[height // 5 : height * 3 // 5, width * 3 // 10 : width * 7 // 10])


def ticks(screen: Screen, window: Window) -> bool:
    """Return whether the left dock shows the green tick of a complete job."""
    dock = screen.picture(window)[90:600, 4:260]
    return int(in_colour(dock, "ok").sum()) > 20


def tells_what_was_found(screen: Screen, window: Window) -> bool:
    """Return whether a line of text stands under the first card's thumbnail."""
    return colours(screen.picture(window)[UNDER_THE_THUMBNAIL]) > TEXT_COLOURS


def appear(screen: Screen, process: subprocess.Popen[bytes]) -> Window:
    """Wait for the window and return it; fail at once if the program ended instead."""
    found: list[Window] = []

    def look() -> bool:
        assert process.poll() is None, "the program ended before its window was there"
        found.extend(window for window in [screen.window(TITLE)] if window is not None)
        return bool(found)

    # Looked at once: a window manager may unmap a new window for a moment to give it its frame.
    wait_for("the window", look, 30)
    return found[-1]


def click_the_sample_stop(screen: Screen, window: Window, home: Path) -> None:
    """Click "Try the sample stop", which stands to the right of the bright "Open clips...".

    The page moves while the program learns what the machine can do, as under a person's hand;
    so look again when a click went beside it.
    """
    for _ in range(5):
        wait_for("the button", lambda: bright_button(screen.picture(window))[2] > 80, 30)
        x, y, width, height = bright_button(screen.picture(window))
        screen.click(window, x + width + width // 2, y + height // 2)
        with suppress(TimeoutError):
            wait_for("a job", lambda: statuses(home) != [], 5)
            return
    pytest.fail("the sample stop cannot be clicked")


def step_through_the_sample_clip(screen: Screen, window: Window) -> None:
    """View the sample clip in the Review workspace: a step changes number and picture, back both
    are as they were, to the pixel.
    """
    before = screen.picture(window)[90:600, 4:260]
    screen.press(window, "Control_L", "2")
    wait_for("Review", lambda: bool((screen.picture(window)[90:600, 4:260] != before).any()), 10)
    wait_for("its buttons", lambda: bright_button(screen.picture(window))[2] > 80, 10)
    x, y, width, height = bright_button(screen.picture(window))
    screen.click(window, x + width + width // 2, y + height // 2)
    wait_for("the clip", lambda: footage(screen, window) > FOOTAGE_COLOURS, 60)
    first = screen.picture(window)
    screen.press(window, "Right")
    wait_for("another number", lambda: differ(first, screen.picture(window), HUD), 10)
    wait_for("another picture", lambda: differ(first, screen.picture(window), FRAME), 10)
    screen.press(window, "Left")
    wait_for("the first number", lambda: not differ(first, screen.picture(window), HUD), 10)
    wait_for("the first picture", lambda: not differ(first, screen.picture(window), FRAME), 10)


def changed(screen: Screen, window: Window, before: Picture, part: tuple[slice, slice]) -> bool:
    return differ(before, screen.picture(window), part)


def differ(one: Picture, other: Picture, part: tuple[slice, slice]) -> bool:
    return not np.array_equal(one[part], other[part])


def sample(path: Path, frames: int) -> Path:
    """Write the first frames of the sample clip to a file of their own."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    words = ("-v", "error", "-i", str(resource(DEMO_CLIP)), "-frames:v", str(frames), "-an")
    subprocess.run([program, *words, str(path)], check=True, timeout=60)
    return path


def shown(screen: Screen, title: str) -> Window:
    """Wait for a window and return it."""
    wait_for(title, lambda: screen.window(title) is not None, 30)
    window = screen.window(title)
    assert window is not None
    return window


def start_everything(screen: Screen, home: Path) -> None:
    """Fill in the start sheet by keys; click its button, which is bright once all is chosen."""
    sheet = shown(screen, SHEET)
    for _ in range(12):
        screen.press(sheet, "Alt_L", "o")  # the demo model
        screen.press(sheet, "Alt_L", "p")
        screen.press(sheet, "End")  # the last profile: everything
        time.sleep(1)  # the sheet grows with what is chosen, and its button moves down
        x, y, width, height = bright_button(screen.picture(sheet))
        if not 20 < height < 50:
            continue
        screen.click(sheet, x + width // 2, y + height // 2)
        with suppress(TimeoutError):
            wait_for("a job", lambda: statuses(home) != [], 5)
            return
    pytest.fail("the sheet cannot be started")


def leave(screen: Screen, window: Window, process: subprocess.Popen[bytes]) -> None:
    # The history has the end of a job before the last of its files are written.
    wait_for("the end of all work", lambda: "%" not in screen.title(window), 60)
    screen.ask_to_close(window)
    assert process.wait(timeout=120) == 0


def test_the_sample_stop_from_a_click_to_the_history(
    screen: Screen, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with program(screen, home) as process:
        window = appear(screen, process)
        window_s = time.monotonic() - began
        wait_for("the history", (home / "history.sqlite").is_file, 60)
        assert footage(screen, window) < FOOTAGE_COLOURS
        click_the_sample_stop(screen, window, home)
        wait_for("the preview", lambda: footage(screen, window) > FOOTAGE_COLOURS, JOB_LIMIT_S)
        preview_s = time.monotonic() - began
        wait_for("the end of the job", lambda: statuses(home) not in WORKING, JOB_LIMIT_S)
        assert statuses(home) == ["COMPLETE"]
        cv2.imwrite(str(tmp_path / "finished.png"), screen.picture(window)[:, :, ::-1])
        leave(screen, window, process)

    with program(screen, home) as process:
        window = appear(screen, process)
        wait_for("the window drawn", lambda: bright_button(screen.picture(window))[2] > 80, 30)
        assert not ticks(screen, window)
        screen.click(window, *HISTORY_TAB)
        wait_for("the job in the history", lambda: ticks(screen, window), 30)
        cv2.imwrite(str(tmp_path / "history.png"), screen.picture(window)[:, :, ::-1])
        listed = json.loads(terminal(home, "jobs", "list", "--json"))
        assert listed["total"] == 1
        assert listed["jobs"][0]["status"] == "COMPLETE"
        output = Path(terminal(home, "jobs", "output", listed["jobs"][0]["id"]).strip())
        assert output.stat().st_size == listed["jobs"][0]["output"]["size_bytes"]
        step_through_the_sample_clip(screen, window)
        cv2.imwrite(str(tmp_path / "review.png"), screen.picture(window)[:, :, ::-1])
        leave(screen, window, process)

    with capsys.disabled():
        sys.stdout.write(
            f"\nwindow after {window_s:.2f} s, preview after {preview_s:.1f} s, {tmp_path}\n"
        )


def test_everything_about_a_dropped_clip_to_its_artifacts(
    screen: Screen, home: Path, tmp_path: Path
) -> None:
    clip = sample(tmp_path / "first_frames.mp4", 20)
    with program(screen, home) as process:
        window = appear(screen, process)
        wait_for("the history", (home / "history.sqlite").is_file, 60)
        wait_for("the window drawn", lambda: bright_button(screen.picture(window))[2] > 80, 30)
        screen.drop(window, [clip])
        start_everything(screen, home)
        wait_for("the end of the job", lambda: statuses(home) not in WORKING, JOB_LIMIT_S)
        assert statuses(home) == ["COMPLETE"]
        wait_for("its scenes on the card", lambda: tells_what_was_found(screen, window), 10)
        cv2.imwrite(str(tmp_path / "card.png"), screen.picture(window)[:, :, ::-1])

        screen.press(window, "Control_L", "5")
        wait_for("its pictures", lambda: footage(screen, window) > FOOTAGE_COLOURS, 30)
        first = screen.picture(window)
        screen.press(window, "Down")
        for part in (ARTIFACT_LIST, ARTIFACT_PICTURES):
            wait_for("the next frame", partial(changed, screen, window, first, part), 10)
        cv2.imwrite(str(tmp_path / "artifacts.png"), screen.picture(window)[:, :, ::-1])
        leave(screen, window, process)

    (job,) = json.loads(terminal(home, "jobs", "list", "--json"))["jobs"]
    assert (job["profile"], job["scene_count"], job["artifact_frames"]) == ("everything", 1, 2)
    there = json.loads(terminal(home, "artifacts", job["id"], "--json"))
    assert (there["files"], there["promised_files"], there["broken"]) == (14, 14, [])
    toon = terminal(home, "artifacts", job["id"], "--format", "toon", "--frame", "15")
    assert "\ndetections[" in toon
