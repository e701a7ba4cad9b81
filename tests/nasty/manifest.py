"""Makes what is missing of the set and writes down the true facts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nasty import broken, healthy  # both register their clips
from nasty.encoding import COUNT, FPS, encoders, version
from nasty.pictures import HEIGHT, WIDTH
from nasty.registry import CLIPS, Facts

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = sorted(Path(__file__).parent.glob("*.py"))
REGISTERED = (healthy, broken)


def make_all(
    folder: Path,
    *,
    force: bool = False,
    only: list[str] | None = None,
    big: bool = False,
    special: bool = False,
) -> Facts:
    """Make what is missing; return the manifest (also written to ``folder/manifest.json``)."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = {"generator_sha256": _generator_sha256(), "ffmpeg": version()}
    asked = {"big": big, "special": special}
    with tempfile.TemporaryDirectory(prefix=".nasty-", dir=folder) as work:
        run = _Run(folder, Path(work), {} if force else _known(folder, stamp))
        for name, recipe in CLIPS.items():
            wanted = asked.get(recipe.group, True) and (not only or name in only)
            run.visit(name, wanted=wanted)
    manifest = {**stamp, "clips": run.clips, "skipped": run.skipped}
    draft = folder / "manifest.tmp"
    draft.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(folder / "manifest.json")
    return {**manifest, "made": run.made}


@dataclass
class _Run:
    """One pass over the list."""

    folder: Path
    work: Path
    known: dict[str, Facts]
    clips: list[Facts] = field(default_factory=list)
    skipped: list[Facts] = field(default_factory=list)
    made: int = 0

    def visit(self, name: str, *, wanted: bool) -> None:
        """Keep, make or skip one clip."""
        target = self.folder / name
        if name in self.known and os.path.lexists(target):
            entry = self.known[name]
            if not wanted or _digest(target) == entry["sha256"]:
                self.clips.append(entry)
                return
        if not wanted:
            return
        needs = CLIPS[name].facts.get("needs")
        if needs and f" {needs} " not in encoders():
            self.skipped.append({"file": name, "why": f"this ffmpeg has no encoder {needs}"})
            return
        try:
            more = self._make(name, target)
        except OSError as error:  # e.g. a file system that refuses the name
            self.skipped.append({"file": name, "why": str(error)})
            return
        self.made += 1
        regular = target.is_file() and not target.is_symlink()
        size = target.stat().st_size if regular else 0
        self.clips.append({**full_facts(name, more), "bytes": size, "sha256": _digest(target)})

    def base(self, name: str, make: Callable[[Path], object] | None = None) -> Path:
        """Return an undamaged clip to start from: the finished one, or made in the work folder."""
        done = self.folder / name
        if name in self.known and done.exists():
            return done
        path = self.work / name
        if not path.exists():
            if make is not None:
                make(path)
            else:
                CLIPS[name].make(path, self.base)
        return path

    def _make(self, name: str, target: Path) -> Facts:
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target):
            is_folder = target.is_dir() and not target.is_symlink()
            shutil.rmtree(target) if is_folder else target.unlink()
        # a short work name with the right ending; the final name may be one ffmpeg would misread
        draft = self.work / ("draft" + Path(name).suffix)
        more = CLIPS[name].make(draft, self.base) or {}
        draft.replace(target)
        return more


def full_facts(name: str, more: Facts) -> Facts:
    """Return all manifest fields: defaults, then what was registered, then what was found."""
    recipe = CLIPS[name]
    facts: dict[str, Any] = {
        "coded_width": WIDTH,
        "coded_height": HEIGHT,
        "rotation": 0,
        "mirrored": False,
        "sar": "1:1",
        "frames_encoded": COUNT,
        "fps": FPS,
        "start_ms": 0,
        "first_index": 0,
        "codec": None,
        "pix_fmt": "yuv420p",
        **recipe.facts,
        **more,
    }
    facts.pop("needs", None)
    facts.setdefault("width", facts["coded_width"])
    facts.setdefault("height", facts["coded_height"])
    facts.setdefault("frames_shown", facts["frames_encoded"])
    shown = facts["frames_shown"]
    if shown is not None:
        facts["frames_min"] = facts["frames_max"] = shown
    if isinstance(facts["fps"], str):
        over, under = map(int, facts["fps"].split("/"))
        facts["fps"] = over / under
    if "times_ms" not in facts:
        constant = facts["fps"] and shown
        times = [round(i * 1000 / facts["fps"], 3) for i in range(shown)] if constant else None
        facts["times_ms"] = times
    if recipe.expected == "error":
        facts.update(first_index=None, times_ms=None, fps=None, start_ms=None)
    facts["container"] = name.rsplit(".", 1)[-1]
    head = {"file": name, "group": recipe.group, "expected": recipe.expected}
    return {**head, "trap": recipe.trap, **dict(sorted(facts.items()))}


def _known(folder: Path, stamp: dict[str, str]) -> dict[str, Facts]:
    """Return what a former run of the same generator made."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        was = json.loads((folder / "manifest.json").read_text("utf-8"))
        if {key: was.get(key) for key in stamp} == stamp:
            return {entry["file"]: entry for entry in was["clips"]}
    return {}


def _generator_sha256() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _digest(path: Path) -> str | None:
    if not path.is_file() or path.is_symlink() or path.stat().st_size > 1 << 30:
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()
