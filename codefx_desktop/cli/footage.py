"""``codefx synth`` and ``codefx train-demo``: footage with truth, and a model made of it."""

from __future__ import annotations

import typer


def synth() -> None:
    """Placeholder until the room is there."""
    raise typer.Exit(2)


def train_demo() -> None:
    """Placeholder until the room is there."""
    raise typer.Exit(2)
