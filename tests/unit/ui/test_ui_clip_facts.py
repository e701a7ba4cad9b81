"""What a clip is, in the job panel and on the card of a job that waits."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from gui.fake_hub import FakeHub, record

from codefx_desktop.domain.clip import Verdict, VideoInfo
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.run import ClipKnown
from codefx_desktop.jobs.messages import ClipReading
from codefx_desktop.ui.models.cards import card_of
from codefx_desktop.ui.models.job_book import Entry, JobBook
from codefx_desktop.ui.models.job_clip_facts import clip_note, job_clip_facts


def info(**fields: object) -> VideoInfo:
    values = {
        "path": Path("/footage/a.mp4"),
        "size_bytes": 1,
        "container": "mov,mp4",
        "codec": "h264",
        "pixel_format": "yuv420p",
        "width": 1280,
        "height": 720,
        "coded_width": 1280,
        "coded_height": 720,
        "frames": 3412,
        "duration_s": 113.8,
        "average_rate": Fraction(30000, 1001),
    }
    return VideoInfo(**{**values, **fields})


def values(found: tuple) -> dict[str, str]:
    return {fact.label: fact.value for fact in found}


def test_clip_facts_grow_when_the_clip_is_probed(hub: FakeHub, book: JobBook) -> None:
    hub.put(record("a.mp4", id="a"))
    found = values(job_clip_facts(book.get("a")))
    assert list(found) == ["File", "Folder", "Size", "Verdict"]
    assert found["Verdict"] == "Not read yet"
    hub.clip_reading.emit(ClipReading("a", 0.435))
    assert values(job_clip_facts(book.get("a")))["Verdict"] == "Reading 43 %"
    hub.clip_known.emit(
        ClipKnown(
            "a", info(has_audio=True, audio_codec="aac", verdict=Verdict.PARTIAL, message="!")
        )
    )
    found = values(job_clip_facts(book.get("a")))
    assert found["Shown"] == "1280 x 720"
    assert found["Rate"] == "29.97 frames/s"
    assert found["Exact rate"] == "30000/1001"
    assert found["Duration"] == "00:01:53.800"
    assert found["Frames"] == "3,412"
    assert found["Sound"] == "aac"
    assert found["Verdict"] == "Partial"
    assert clip_note(book.get("a")) == "Partial: !"


def test_clip_facts_say_how_the_picture_is_stored(hub: FakeHub, book: JobBook) -> None:
    hub.put(record("a.mov", id="a"))
    phone = info(
        width=1080,
        height=1920,
        coded_width=1920,
        coded_height=1080,
        rotation=90,
        mirrored=True,
        sample_aspect=Fraction(4, 3),
        interlaced=True,
        pixel_format="yuv420p10le",
        bit_depth=10,
        color_matrix="bt2020",
        color_range="limited",
        color_transfer="hlg",
        color_primaries="bt2020",
        variable_rate=True,
        created="2026-05-01T10:00:00Z",
        metadata={
            "com.apple.quicktime.make": "Apple",
            "com.apple.quicktime.model": "iPhone 15",
            "com.apple.quicktime.software": "17.4",
            "com.apple.quicktime.location.ISO6709": "+50.43+005.97/",
            "firmware": "HD9.01",
        },
    )
    hub.clip_known.emit(ClipKnown("a", phone))
    found = values(job_clip_facts(book.get("a")))
    assert found["Shown"] == "1080 x 1920"
    assert found["Stored"] == "1920 x 1080"
    assert found["Rotation"] == "90° clockwise"
    assert found["Mirrored"] == "yes"
    assert found["Pixel aspect"] == "4:3"
    assert found["Fields"] == "interlaced"
    assert (found["Pixel format"], found["Bit depth"]) == ("yuv420p10le", "10 bit")
    assert (found["Range"], found["Matrix"]) == ("limited", "bt2020")
    assert (found["Transfer"], found["Primaries"]) == ("hlg", "bt2020")
    assert found["Rate"] == "29.97 frames/s, variable"
    assert found["Exact rate"] == "30000/1001"
    assert found["Recorded"] == "2026-05-01 10:00:00 UTC"
    assert found["Camera"] == "Apple iPhone 15"
    assert found["Firmware"] == "HD9.01"
    assert found["Written by"] == "17.4"
    assert found["Place"] == "+50.43+005.97/"
    assert found["Tags"] == "5 tags"
    assert clip_note(book.get("a")) == ""


def test_a_plain_clip_has_plain_facts(hub: FakeHub, book: JobBook) -> None:
    hub.put(record("a.mp4", id="a"))
    hub.clip_known.emit(ClipKnown("a", info(average_rate=None, metadata={"encoder": "Lavf"})))
    found = values(job_clip_facts(book.get("a")))
    assert (found["Verdict"], found["Rotation"], found["Mirrored"]) == ("Complete", "none", "no")
    assert (found["Pixel aspect"], found["Matrix"], found["Sound"]) == ("1:1", "not said", "none")
    assert (found["Rate"], found["Tags"]) == ("unknown rate", "1 tag")
    assert not {"Exact rate", "Camera", "Recorded", "Place"} & found.keys()


# -- reading ahead ----------------------------------------------------------------------------


def card_words(book: JobBook) -> tuple[str, str, bool]:
    card = card_of(book.get("a"), 1)
    return card.left, card.right, card.warns


def test_a_waiting_card_says_what_its_clip_is(hub: FakeHub, book: JobBook) -> None:
    hub.put(record("a.mp4", id="a"))
    assert card_words(book) == ("Not read yet", "", False)
    hub.clip_reading.emit(ClipReading("a", 0.43))
    assert card_words(book) == ("Reading 43 %", "", False)
    hub.clip_known.emit(ClipKnown("a", info()))
    assert card_words(book) == ("3,412 frames", "1:54", False)
    hub.clip_known.emit(
        ClipKnown("a", info(verdict=Verdict.PARTIAL, message="41 of 60 frames.", duration_s=0.7))
    )
    assert card_words(book) == ("Partial: 41 of 60 frames.", "0.70 s", True)
    assert "Partial: 41 of 60 frames." in card_of(book.get("a"), 1).spoken
    hub.clip_known.emit(ClipKnown("a", info(variable_rate=True)))
    assert card_words(book)[0] == "3,412 frames, variable rate"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("a.mp4 is not there.", "Cannot be read: is not there."),
        ("a.mp4: .txt files are not taken.", "Cannot be read: .txt files are not taken."),
        ("a.mp4 cannot be read as a video: no.", "Cannot be read as a video: no."),
        ("Source missing: gone.", "Cannot be read: Source missing: gone."),
    ],
)
def test_a_waiting_card_says_why_its_clip_cannot_be_read(
    hub: FakeHub, book: JobBook, message: str, text: str
) -> None:
    hub.put(record("a.mp4", id="a"))
    hub.clip_reading.emit(ClipReading("a", 0.0, message))
    assert card_words(book) == (text, "", True)
    assert clip_note(book.get("a")) == text
    failed = record("a.mp4", id="a", status=JobStatus.FAILED, error_message=message)
    reading = ClipReading("a", 0.0, message)
    assert clip_note(Entry(failed, reading=reading)) == "", "the job says so already"
    hub.clip_known.emit(ClipKnown("a", info()))  # its drive is back
    assert card_words(book) == ("3,412 frames", "1:54", False)


def test_a_clip_is_asked_for_once_as_the_job_stands(hub: FakeHub, book: JobBook) -> None:
    a = record("a.mp4", id="a")
    hub.put(a)
    for _ in range(3):
        book.want_clip("a")
    book.want_clip("nobody")
    assert hub.of("request_clip") == [("a",)]
    hub.change(a, status=JobStatus.COMPLETE)
    book.want_clip("a")
    assert hub.of("request_clip") == [("a",), ("a",)]
    hub.clip_known.emit(ClipKnown("a", info()))
    hub.change(a, status=JobStatus.FAILED)
    book.want_clip("a")
    assert len(hub.of("request_clip")) == 2
