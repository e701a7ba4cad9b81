"""The card beside a trained demo model: what it was made of and how well it does."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codefx_desktop.bench.accuracy_report import BoxReport, OutlineReport

NOTICE = "This model knows only rendered scenes. For real footage choose real weights."


def write_card(
    weights: Path,
    training: Mapping[str, object],
    report: BoxReport | OutlineReport | None,
    pictures: int,
) -> Path:
    """Write ``<weights>.json`` beside the weights and return its path.

    Args:
        weights: The model that is described.
        training: How it was trained, plain values.
        report: How well it does; None where nobody measured it.
        pictures: Pictures of each unseen stop that it was measured on.

    Raises:
        NotWritable: If the card cannot be written.
    """
    content = weights.read_bytes()
    card: dict[str, Any] = {
        "file": weights.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "notice": NOTICE,
        "classes": list(CLASSES),
        "training": dict(training),
        "date": datetime.now(UTC).date().isoformat(),
        "evaluation": None if report is None else _evaluation(report, pictures),
    }
    path = weights.with_suffix(".json")
    part = path.with_suffix(".part")
    try:
        part.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise NotWritable(
            f"The model's card {path} cannot be written: {error.strerror or error}.",
            hint="Choose another folder.",
            path=path,
        ) from error
    return path


def _evaluation(report: BoxReport | OutlineReport, pictures: int) -> dict[str, Any]:
    found = report.to_dict()
    return {
        "command": f"codefx bench accuracy --task {found['task']} --pictures {pictures}",
        "seeds": f"{EVALUATION_SEEDS[0]}-{EVALUATION_SEEDS[-1]}, never trained on",
        **found,
    }
