"""``codefx bench``: how fast, side by side in one run, and how right."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from codefx_desktop.bootstrap import new_vision
from codefx_desktop.cli.output import EXIT_USAGE, fail, say, say_json
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.weights import DemoTask, find_demo_model

app = typer.Typer(
    help="Measure speed beside a peer, and accuracy against truth.", no_args_is_help=True
)


@app.command("pipeline")
def pipeline(
    peer: Annotated[str | None, typer.Option(help="Run a peer beside ours: ultralytics.")] = None,
    pairs: Annotated[int, typer.Option(min=1, help="Interleaved runs of each.")] = 5,
    clip: Annotated[Path | None, typer.Option(help="Another clip than the demo clip.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Other weights than the demo's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Frames per second from the first frame read to the output closed."""
    from codefx_desktop.bench.pipeline import PEERS, measure

    if peer is not None and peer not in PEERS:
        fail(f"There is no peer {peer}; there is {', '.join(PEERS)}.")
        raise typer.Exit(EXIT_USAGE)
    report = measure(peer=peer, pairs=pairs, clip=clip, weights=weights)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)


@app.command("accuracy")
def accuracy(
    task: Annotated[DemoTask, typer.Option(help="What the weights do.")] = DemoTask.DETECT,
    weights: Annotated[Path | None, typer.Option(help="Other weights than the demo's.")] = None,
    pictures: Annotated[int, typer.Option(min=1, help="Pictures of each unseen stop.")] = 12,
    device: Annotated[str, typer.Option(help="auto, cpu, mps or cuda:N.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Average precision per class on 20 rendered stops that no training has seen."""
    from codefx_desktop.bench.accuracy_report import measure_accuracy

    model = weights.absolute() if weights else find_demo_model(task)
    report = measure_accuracy(
        new_vision(app_paths()), model, task=task, device=device, pictures=pictures
    )
    if as_json:
        say_json({"weights": model, **report.to_dict()})
        return
    for line in report.lines():
        say(line)


@app.command("video")
def video(
    frames: Annotated[int, typer.Option(min=2, max=4096, help="Pictures of each clip.")] = 600,
    passes: Annotated[int, typer.Option(min=1, help="Sequential passes of each side.")] = 3,
    seeks: Annotated[int, typer.Option(min=1, help="Random seeks, keyframes and steps.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decoding, steps, seeks and previews on 1080p60 clips made on the spot, beside OpenCV's."""
    from codefx_desktop.bench.video import measure_video

    report = measure_video(frames=frames, passes=passes, seeks=seeks)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)


@app.command("artifacts")
def artifacts(
    frames: Annotated[int, typer.Option(min=1, help="Rendered frames.")] = 12,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is written.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """JSON and TOON files of frames: how many per second, how large, with and without outlines."""
    from codefx_desktop.bench.artifacts import measure_artifacts

    report = measure_artifacts(frames=frames, rounds=rounds)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)


@app.command("stages")
def stages(
    seconds: Annotated[float, typer.Option(min=1.0, max=60.0, help="Length of the clip.")] = 6.0,
    rounds: Annotated[int, typer.Option(min=0, help="Runs of each job; 0: stages only.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Each stage alone, whole jobs beside what that allows, and what artifacts cost them."""
    from codefx_desktop.bench.stages import measure_stages

    def tell(what: str) -> None:
        if not as_json:
            typer.echo(what, err=True)

    report = measure_stages(seconds=seconds, rounds=rounds, tell=tell)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)


@app.command("upload")
def upload(
    files: Annotated[int, typer.Option(min=10, help="Small files.")] = 2000,
    mib: Annotated[int, typer.Option(min=1, help="Size of the large file.")] = 500,
    round_trip_ms: Annotated[
        float, typer.Option(min=0, help="How far away the server is for the small files.")
    ] = 50.0,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each side, in turns.")] = 3,
    endpoint: Annotated[
        str | None,
        typer.Option(
            help="A server on this machine, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            show_default="Cloudflare's R2 simulator is started",
        ),
    ] = None,
    bucket: Annotated[str, typer.Option(help="Its bucket; emptied of what was put.")] = "bench",
    certificate: Annotated[
        Path | None, typer.Option(help="File of the authority that vouches for it.")
    ] = None,
    beside_job: Annotated[
        bool, typer.Option("--beside-job", help="What pushing costs a job that runs, instead.")
    ] = False,
    uplink_mbit: Annotated[
        float, typer.Option(min=1, help="With --beside-job: what pushing may take of the network.")
    ] = 50.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Pushing beside a loop, bare threads and a plain client, on a server of this machine."""
    from codefx_desktop.bench.beside_job import BesideReport, measure_beside_job
    from codefx_desktop.bench.upload import Given, measure_upload
    from codefx_desktop.bench.upload_report import UploadReport

    given = None
    if endpoint is not None:
        key_id = os.environ.get("AWS_ACCESS_KEY_ID", "")
        secret = os.environ.get("AWS_SECRET_ACCESS_KEY", "")
        if not key_id or not secret:
            fail("--endpoint needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
            raise typer.Exit(EXIT_USAGE)
        given = Given(endpoint, bucket, key_id, secret, certificate)

    def tell(what: str) -> None:
        if not as_json:
            typer.echo(what, err=True)

    report: UploadReport | BesideReport
    if beside_job:
        report = measure_beside_job(
            round_trip_ms=round_trip_ms, uplink_mbit=uplink_mbit, runs=runs, tell=tell
        )
    else:
        report = measure_upload(
            files=files, mib=mib, round_trip_ms=round_trip_ms, runs=runs, given=given, tell=tell
        )
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)
