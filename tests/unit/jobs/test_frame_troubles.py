"""The frame server when something is wrong: which trouble is told, and how one goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from fake_footage import PATH

from codefx_desktop.domain.errors import (
    ClipError,
    ClipLost,
    ClipMissing,
    ClipRefused,
    ClipUnreadable,
)
from codefx_desktop.jobs.viewing import TroubleKind

if TYPE_CHECKING:
    from frame_screen import Screen

Hook = Callable[[int], None]


def troubles(screen: Screen) -> list[tuple[TroubleKind, int | None]]:
    return [(v.kind, v.number) for v in screen.said if type(v).__name__ == "ClipTrouble"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClipRefused("It is empty."), TroubleKind.UNREADABLE),
        (ClipUnreadable("It has no picture."), TroubleKind.UNREADABLE),
        (ClipMissing("It is not there."), TroubleKind.LOST),
        (ClipLost("It went away."), TroubleKind.LOST),
    ],
)
def test_a_clip_that_cannot_be_opened(screen: Screen, error: ClipError, kind: TroubleKind) -> None:
    screen.footage.open_error = error
    session = screen.server.open(PATH)
    assert screen.names() == ["Opening", "ClipTrouble"]
    told = screen.said[-1]
    assert (told.session, told.path, told.kind, told.message) == (session, PATH, kind, str(error))
    screen.forget()
    screen.footage.open_error = None
    screen.server.show(4)
    assert screen.numbers == [4]


def test_a_bug_while_opening_is_told_and_logged(
    screen: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    screen.footage.open_error = ZeroDivisionError("oops")
    with caplog.at_level(logging.ERROR):
        screen.server.open(PATH)
    assert troubles(screen) == [(TroubleKind.UNREADABLE, None)]
    assert "ZeroDivisionError: oops" in screen.said[-1].message
    assert "Traceback" in caplog.text


def test_a_frame_that_cannot_be_decoded_is_told_and_one_goes_on(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.broken[5] = ClipUnreadable("Frame 5 cannot be decoded.", hint="Go.")
    for number in (4, 5, 6):
        screen.server.show(number)
    assert screen.numbers == [4, 6]
    assert troubles(screen) == [(TroubleKind.FRAME, 5)]
    assert screen.said[1].message == "Frame 5 cannot be decoded. Go."


def test_a_keyframe_that_cannot_be_decoded_is_told(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.broken[100] = ClipUnreadable("Frame 100 cannot be decoded.")
    screen.server.preview(120)
    assert troubles(screen) == [(TroubleKind.FRAME, 120)]


def test_a_bug_in_a_frame_is_told_and_the_clip_opened_afresh(
    screen: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    screen.open()
    first = screen.footage.clip_frames
    first.errors[5] = KeyError("oops")
    with caplog.at_level(logging.ERROR):
        screen.server.show(5)
    assert troubles(screen) == [(TroubleKind.FRAME, 5)]
    assert "Traceback" in caplog.text
    screen.server.show(6)
    assert screen.numbers == [6]
    assert first.closed == 1
    assert screen.footage.clip_frames is not first


def test_a_drive_that_goes_away_and_comes_back(screen: Screen) -> None:
    screen.open()
    first = screen.footage.clip_frames
    first.errors[5] = ClipLost("It can no longer be read.")
    screen.footage.frames_error = ClipMissing("It is not there.")
    screen.server.show(5)
    screen.server.show(6)
    assert troubles(screen) == [(TroubleKind.LOST, 5), (TroubleKind.LOST, 6)]
    for number, told in zip((5, 6), screen.said, strict=True):
        assert told.message.startswith(f"Source missing at frame {number}: clip.mp4")
    assert first.closed == 1
    screen.footage.frames_error = None
    screen.server.show(6)
    assert screen.numbers == [6]


def test_another_file_in_the_place_of_a_lost_one_is_not_taken_for_it(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.errors[5] = ClipLost("It can no longer be read.")
    screen.server.show(5)
    screen.footage.kept = "v1:b"
    screen.server.show(5)
    assert troubles(screen) == [(TroubleKind.LOST, 5), (TroubleKind.UNREADABLE, None)]
    assert "Another file" in screen.said[-1].message
    assert not screen.frames


def test_trouble_ahead_is_told_only_when_one_gets_there(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> int:
        raise ClipLost("It can no longer be read.")

    screen.open()
    monkeypatch.setattr(screen.footage.clip_frames, "prefetch", gone)
    screen.server.show(5)
    assert screen.names() == ["ServedFrame"]
