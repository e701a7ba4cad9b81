"""``codefx synth`` and ``codefx train-demo``: footage with truth, and a model made of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from codefx_desktop.bootstrap import new_vision, train_demo_model
from codefx_desktop.cli.output import EXIT_USAGE, fail, say, say_json
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.weights import DemoTask
from codefx_desktop.synthetic.style import Style

TRAINING_SEED = 100_000
"""First of the scenes that are trained on; those of the evaluation begin at 900,000."""


def synth(
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another stop.")] = 0,
    seconds: Annotated[
        float | None,
        typer.Option(min=4.0, max=120.0, help="Length; else 10 in f1, and what the stop takes."),
    ] = None,
    style: Annotated[Style, typer.Option(help="Kind of stop.")] = Style.F1,
    output: Annotated[
        Path, typer.Option("--output", help="Folder for clip and truth.", file_okay=False)
    ] = Path("footage"),
    rate: Annotated[
        str | None, typer.Option(help="Pictures per second, 25 or 30000/1001; else by the seed.")
    ] = None,
    variable: Annotated[
        bool | None, typer.Option("--variable/--constant", help="Rate; else by the seed.")
    ] = None,
    shots: Annotated[
        int | None, typer.Option(min=1, max=9, help="Cameras in turn; else by the seed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Render a pit stop with sound, and its exact truth as JSON."""
    from codefx_desktop.synthetic.clip import Footage
    from codefx_desktop.synthetic.clip import synth as render

    try:
        footage = Footage(rate=Fraction(rate) if rate else None, variable=variable, shots=shots)
    except (ValueError, ZeroDivisionError) as error:
        fail(f"{rate!r} is not a rate; give a number like 25 or 30000/1001.")
        raise typer.Exit(EXIT_USAGE) from error
    with Progress(disable=as_json or not Console().is_terminal, transient=True) as bar:
        task = bar.add_task("rendering", total=1.0)
        made = render(
            seed,
            seconds,
            output,
            footage=footage,
            style=style,
            progress=lambda done: bar.update(task, completed=done),
        )
    if as_json:
        say_json({"seed": seed, "clip": made.clip, "truth": made.truth, "frames": made.frames})
    else:
        say(f"Clip:  {made.clip}")
        say(f"Truth: {made.truth}")


def train_demo(
    task: Annotated[DemoTask, typer.Option(help="What the model is to do.")] = DemoTask.DETECT,
    output: Annotated[
        Path, typer.Option("--output", help="Folder for pictures, checkpoint and model.")
    ] = Path("demo_training"),
    scenes: Annotated[int, typer.Option(min=1, help="Stops to render.")] = 1200,
    pictures: Annotated[int, typer.Option(min=1, help="Pictures of each.")] = 4,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the pictures.")] = 12,
    minutes: Annotated[
        float | None, typer.Option(min=1.0, help="End after so many, whatever the epochs.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="First weights and order.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, mps or cuda:N.")] = "auto",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew instead of going on where it was.")
    ] = False,
    check: Annotated[
        int, typer.Option(min=0, help="Pictures of each unseen stop to measure it on; 0: don't.")
    ] = 12,
) -> None:
    """Render pictures, train a demo model on them, measure it; may be stopped and started again.

    Beside the model lies a card: what it was trained on, its SHA-256, how well it does.
    """
    from codefx_desktop.synthetic.dataset import write_dataset

    seeds = range(TRAINING_SEED, TRAINING_SEED + scenes)
    data = output / "data"

    def rendered(done: int) -> None:
        if done % 50 == 0:
            say(f"{done} of {scenes} stops rendered")

    write_dataset(data, seeds, pictures, progress=rendered)
    trained = train_demo_model(
        app_paths(),
        output,
        task=task,
        data_dir=data,
        epochs=epochs,
        minutes=minutes,
        seed=seed,
        device=device,
        resume=not fresh,
        progress=say,
    )
    say(f"Model: {trained.weights}")
    options = f"--scenes {scenes} --pictures {pictures} --epochs {epochs} --seed {seed}"
    made_of = {
        "command": f"codefx train-demo --task {task} {options}"
        + (f" --minutes {minutes:g}" if minutes else ""),
        "rendered_seeds": f"{seeds[0]}-{seeds[-1]}",
        **trained.to_dict(),
    }
    _describe(trained.weights, task, made_of, device, check)


def _describe(
    weights: Path, task: DemoTask, made_of: dict[str, object], device: str, check: int
) -> None:
    """Measure a model, tell, and write its card."""
    from codefx_desktop.bench.accuracy_report import measure_accuracy
    from codefx_desktop.bench.model_card import write_card

    report = None
    if check:
        say("measuring it on stops it has not seen")
        vision = new_vision(app_paths())
        report = measure_accuracy(vision, weights, task=task, device=device, pictures=check)
        for line in report.lines():
            say(line)
    say(f"Card:  {write_card(weights, made_of, report, check)}")
