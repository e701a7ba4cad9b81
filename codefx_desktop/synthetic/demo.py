"""The clip that comes with the program: a fixed seed, made again by one call."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import TYPE_CHECKING

from codefx_desktop.synthetic.clip import Footage, SynthResult, synth
from codefx_desktop.synthetic.writing import writing_to

if TYPE_CHECKING:
    from pathlib import Path

SEED = 31
SECONDS = 10.0
FOOTAGE = Footage(rate=Fraction(30), variable=False, shots=1)


def write_demo(folder: Path) -> SynthResult:
    """Write ``demo_clip.mp4`` and ``demo_clip.json`` into a folder.

    The JSON holds the clip's hash and its events; the truth of every picture would be several
    times the clip's size and stays outside, as ``stop_31.truth.json``.

    Raises:
        NotWritable: If the folder cannot be written to.
        NoSpace: If the disk is full.
        EncodeError: If the clip does not verify.
    """
    made = synth(SEED, SECONDS, folder, footage=FOOTAGE)
    with writing_to(folder):
        return _named_and_noted(made, folder)


def _named_and_noted(made: SynthResult, folder: Path) -> SynthResult:
    clip = made.clip.replace(folder / "demo_clip.mp4")
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    note = {key: truth[key] for key in ("format", "version", "seed", "width", "height", "frames")}
    note |= {key: truth[key] for key in ("rate", "variable_rate", "light", "fault", "cuts")}
    note["made_by"] = "codefx_desktop.synthetic.demo.write_demo"
    note["sha256"] = hashlib.sha256(clip.read_bytes()).hexdigest()
    lines = ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in note.items())
    events = ",\n  ".join(json.dumps(event) for event in truth["events"])
    text = "{" + lines + ',\n "events": [\n  ' + events + "\n ]\n}\n"
    (folder / "demo_clip.json").write_text(text, encoding="utf-8")
    return SynthResult(clip, made.truth, made.frames)
