"""``codefx try-encoder``: the child process of an encoder's trial; not for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from codefx_desktop.cli.output import say_json


def try_encoder(
    name: Annotated[str, typer.Argument(help="FFmpeg's name of the encoder.")],
    plan: Annotated[str, typer.Argument(help="What a job asks of it, as JSON.")],
    folder: Annotated[Path, typer.Argument(help="Where the trial's file may lie.")],
) -> None:
    """Try a video encoder and print how it went."""
    from codefx_desktop.video.encoders import ENCODERS, EncodePlan
    from codefx_desktop.video.trial import let_ffmpeg_speak
    from codefx_desktop.video.trial import try_encoder as trial

    let_ffmpeg_speak()
    outcome = trial(ENCODERS[name], EncodePlan.from_dict(json.loads(plan)), folder)
    say_json({"passed": outcome.passed, "reason": outcome.reason})
