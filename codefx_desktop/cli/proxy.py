"""``codefx proxy``: makes a clip's proxy, lists proxies and what disk they take, removes them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from codefx_desktop.cli.output import EXIT_USAGE, fail, say, say_json
from codefx_desktop.settings.paths import app_paths

if TYPE_CHECKING:
    from codefx_desktop.video.probe import ProbedClip
    from codefx_desktop.video.proxy import Proxy


def proxy(
    clip: Annotated[
        Path | None, typer.Argument(metavar="[CLIP]", help="A video file.", show_default=False)
    ] = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="List the proxies and what they take on the disk.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the clip's proxy, or a file of the list.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a copy of a clip in which every frame is reached at once: same frames, same times."""
    if list_all == (clip is not None) or (remove and clip is None):
        fail("Name a clip, or give --list alone.")
        raise typer.Exit(EXIT_USAGE)
    if clip is None:
        _list(as_json=as_json)
    elif remove:
        _remove(clip, as_json=as_json)
    else:
        _make(clip, as_json=as_json)


def _make(clip: Path, *, as_json: bool) -> None:
    from codefx_desktop.video.fingerprint import fingerprint
    from codefx_desktop.video.probe import probe
    from codefx_desktop.video.proxy import make_proxy, open_proxy, proxy_path

    began = time.perf_counter()
    probed = probe(clip)
    target = proxy_path(app_paths(), fingerprint(clip))
    found = open_proxy(probed, target)
    was_there = found is not None
    if found is None:
        with Progress(disable=as_json or not Console().is_terminal, transient=True) as bar:
            task = bar.add_task("making the proxy", total=1.0)
            found = make_proxy(
                probed, target, progress=lambda done: bar.update(task, completed=done)
            )
    facts = _facts(clip, found, was_there=was_there, seconds=time.perf_counter() - began)
    if as_json:
        say_json(facts)
        return
    how = "was there already" if was_there else f"made in {facts['seconds']:.1f} s"
    say(f"Proxy: {target}")
    shape = f"{found.info.width}x{found.info.height}"
    say(f"{facts['frames']} frames, {shape}, {_size(found.info.size_bytes)}; {how}")


def _facts(clip: Path, proxy: ProbedClip, *, was_there: bool, seconds: float) -> dict[str, Any]:
    return {
        "clip": clip,
        "proxy": proxy.info.path,
        "size_bytes": proxy.info.size_bytes,
        "frames": len(proxy.index),
        "width": proxy.info.width,
        "height": proxy.info.height,
        "was_there": was_there,
        "seconds": round(seconds, 3),
    }


def _list(*, as_json: bool) -> None:
    from codefx_desktop.video.proxy import proxies

    folder = app_paths().proxies
    found = proxies(app_paths())
    total = sum(one.size_bytes for one in found)
    if as_json:
        rows = [_row(one) for one in found]
        say_json({"folder": folder, "size_bytes": total, "proxies": rows})
        return
    for one in found:
        name = one.clip_name or "unknown clip"
        unfinished = "" if one.is_whole else ", not finished"
        say(f"{_size(one.size_bytes)}\t{one.made:%Y-%m-%d}\t{name}{unfinished}\t{one.path.name}")
    count = "1 proxy takes" if len(found) == 1 else f"{len(found)} proxies take"
    say(f"{count} {_size(total)} in {folder}")


def _row(proxy: Proxy) -> dict[str, Any]:
    return {
        "clip_name": proxy.clip_name,
        "path": proxy.path,
        "size_bytes": proxy.size_bytes,
        "made": proxy.made,
        "is_whole": proxy.is_whole,
    }


def _remove(clip: Path, *, as_json: bool) -> None:
    from codefx_desktop.video.fingerprint import fingerprint
    from codefx_desktop.video.proxy import proxy_path, remove_proxy

    listed = app_paths().proxies / clip.name  # its clip need not be there any more
    target = listed if listed.is_file() else proxy_path(app_paths(), fingerprint(clip))
    freed = remove_proxy(target)
    if as_json:
        say_json({"clip": clip, "freed_bytes": freed})
        return
    say(f"Removed; {_size(freed)} are free again." if freed else f"{clip.name} has no proxy.")


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB"
