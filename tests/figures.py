"""Tables of what slow tests measure, for whoever asks for them: ``CODEFX_FIGURES`` names a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Append a table, or rows to the last one, in Markdown to the file, if one is named."""
    name = os.environ.get("CODEFX_FIGURES")
    if not name:
        return
    path, head = Path(name), f"\n### {title}\n\n"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    last = before.rpartition("\n### ")
    is_begun = f"{last[1]}{last[2]}".startswith(head)
    lines = [] if is_begun else [head + _row(columns), _row(["---"] * len(columns))]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, *map(_row, rows)]) + "\n")


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
