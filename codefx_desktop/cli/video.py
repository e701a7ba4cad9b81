"""``codefx probe`` and ``codefx frames``: what a clip holds, and exact pictures out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, fail, say, say_json
from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import ClipError

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.video.probe import ProbedClip

ClipArgument = Annotated[Path, typer.Argument(metavar="CLIP", help="A video file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

MILLISECONDS_PLACES = 6


def probe(
    clip: ClipArgument,
    times: Annotated[
        bool, typer.Option("--times", help="Also the time of every frame in milliseconds.")
    ] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Decode everything: slow, finds all damage.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what a clip holds and how much of it can be delivered; exit code 1: nothing can."""
    from codefx_desktop.video.probe import probe as look

    try:
        probed = look(clip, thorough=thorough)
    except ClipError as error:
        if as_json:
            say_json(_facts_of_nothing(str(error), times=times))
        else:
            fail(str(error))
        raise typer.Exit(EXIT_FAILED) from error
    if as_json:
        say_json(_facts(probed, times=times))
        return
    for line in _lines(probed):
        say(line)
    if times:
        for number, time_ms in enumerate(_times_ms(probed)):
            say(f"{number}\t{time_ms}")


def frames(
    clip: ClipArgument,
    numbers: Annotated[
        str,
        typer.Option("--numbers", help="Frame numbers from 0, like 0,10,5.", show_default=False),
    ],
    output: Annotated[
        Path, typer.Option("--output", help="Folder for frame_<N>.png.", file_okay=False)
    ],
    as_json: JsonOption = False,
) -> None:
    """Write exact frames as upright PNG pictures, with their times."""
    from codefx_desktop.video.access import FrameAccess
    from codefx_desktop.video.probe import probe as look

    wanted = _numbers(numbers)
    probed = look(clip)
    last = len(probed.index) - 1
    outside = [number for number in wanted if number > last]
    if outside:
        fail(f"{clip.name} has no frame {outside[0]}; its frames are 0 to {last}.")
        raise typer.Exit(EXIT_USAGE)
    written: dict[int, dict[str, Any]] = {}
    with FrameAccess(probed) as access:
        for number in sorted(set(wanted)):
            written[number] = _write(access.exact(number), output)
    entries = [written[number] for number in wanted]
    if as_json:
        say_json({"clip": clip, "frames": entries})
        return
    for entry in entries:
        say(f"{entry['number']}\t{entry['time_ms']} ms\t{entry['path']}")


def _numbers(text: str) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 0:
        fail(f"{text!r} are no frame numbers; give them like 0,10,5.")
        raise typer.Exit(EXIT_USAGE)
    return numbers


def _write(frame: Frame, folder: Path) -> dict[str, Any]:
    from codefx_desktop.video.still import write_still

    path = folder / f"frame_{frame.number}.png"
    write_still(frame.pixels, path)
    time_ms = round(float(frame.time.exact_s * 1000), MILLISECONDS_PLACES)
    return {"number": frame.number, "time_ms": time_ms, "pts": frame.time.pts, "path": path}


def _facts(probed: ProbedClip, *, times: bool) -> dict[str, Any]:
    info = probed.info
    facts: dict[str, Any] = {
        "verdict": info.verdict,
        "message": info.message,
        "frames": len(probed.index),
        "width": info.width,
        "height": info.height,
        "rotation": info.rotation,
        "mirrored": info.mirrored,
        "color_transfer": info.color_transfer,
        "color_primaries": info.color_primaries,
        "variable_rate": info.variable_rate,
        "start_ms": round(info.start_s * 1000, MILLISECONDS_PLACES),
        "duration_ms": round(info.duration_s * 1000, MILLISECONDS_PLACES),
    }
    return facts | ({"times_ms": _times_ms(probed)} if times else {})


def _facts_of_nothing(message: str, *, times: bool) -> dict[str, Any]:
    """Return the same keys for a file of which nothing can be delivered."""
    facts: dict[str, Any] = {
        "verdict": Verdict.ERROR,
        "message": message,
        "frames": 0,
        "width": 0,
        "height": 0,
        "rotation": 0,
        "mirrored": False,
        "color_transfer": "",
        "color_primaries": "",
        "variable_rate": False,
        "start_ms": None,
        "duration_ms": 0.0,
    }
    return facts | ({"times_ms": []} if times else {})


def _times_ms(probed: ProbedClip) -> list[float]:
    index = probed.index
    return [
        round(float(index.time(number).exact_s * 1000), MILLISECONDS_PLACES)
        for number in range(len(index))
    ]


def _lines(probed: ProbedClip) -> list[str]:
    info = probed.info
    rate = "unknown rate"
    if info.average_rate is not None:
        kind = "variable" if info.variable_rate else "constant"
        rate = f"{float(info.average_rate):.3f} frames/s, {kind}"
    turned = f", turned by {info.rotation}°" if info.rotation else ""
    mirrored = ", mirrored" if info.mirrored else ""
    is_hdr = info.color_transfer in ("pq", "hlg")
    hdr = f", HDR ({info.color_transfer.upper()}, shown as SDR)" if is_hdr else ""
    return [
        f"{info.path.name}: {info.verdict}. {info.message}".rstrip(),
        f"{len(probed.index)} frames in {info.duration_s:.3f} s, {rate}",
        f"{info.width}x{info.height}{turned}{mirrored}, {info.codec}, {info.pixel_format}{hdr}",
        f"sound: {info.audio_codec or 'none'}",
    ]
