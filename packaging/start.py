"""Sets up a fresh checkout: ``demo`` for people who use it, ``test`` for people who change it.

    python3 packaging/start.py demo             environment, program, the sample stop
    python3 packaging/start.py test [ARGS]      what tests need, then pytest ARGS
    python3 packaging/start.py bundle [FOLDER]  a folder that runs without Python (Linux)

Standard library only, and readable by Python 3.8, which then gets a sentence instead of a
traceback. Every step may be repeated. Nothing outside the checkout is changed, but for the
system libraries that Qt and OpenCV link to: installed when root, otherwise named.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
NEEDED_GB = 8
"""Free disk space below which installing is likely to fail: 7 GB and what pip unpacks."""

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpulse.so.0": "libpulse0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt's X11 plugin, its sound and OpenCV link to, and the Debian package that brings it."""

FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_PACKAGE = "fonts-dejavu-core"
TEST_PROGRAMS = {"Xvfb": "xvfb"}


def say(text: str) -> None:
    """Print a line at once, so that it stands before what the started programs print."""
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    """End with a sentence for a person."""
    sys.exit(f"start.py: {text}")


def command_line(words: Sequence[object]) -> str:
    """Return a command as one would type it."""
    return " ".join(shlex.quote(str(word)) for word in words)


def run(*words: object, env: dict[str, str] | None = None) -> int:
    """Run a program in the checkout, say so, and return its exit status."""
    say(f"$ {command_line(words)}")
    return subprocess.run([str(word) for word in words], cwd=ROOT, env=env, check=False).returncode


def check_python(version: tuple[int, ...], found: str | None = None) -> None:
    """Stop if this Python is too old, naming a newer one when there is one."""
    if tuple(version[:2]) >= OLDEST:
        return
    names = ["python3.%d" % minor for minor in range(14, OLDEST[1] - 1, -1)]  # noqa: UP031
    newer = found or next((name for name in names if shutil.which(name)), None)
    wanted = ".".join(map(str, OLDEST))
    hint = f"Use {newer} packaging/start.py ..." if newer else f"Install Python {wanted} or newer."
    stop(f"this is Python {version[0]}.{version[1]}; {wanted} or newer is needed. {hint}")


def loads(library: str) -> bool:
    """Return whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(for_tests: bool) -> list[str]:
    """Return the Debian packages of the system libraries that are not here."""
    packages = [package for library, package in LIBRARIES.items() if not loads(library)]
    places = [Path(place).expanduser() for place in FONT_PLACES]
    if not any(next(place.rglob("*.[to]t[fc]"), None) for place in places if place.is_dir()):
        packages.append(FONT_PACKAGE)
    if for_tests:
        packages += [deb for program, deb in TEST_PROGRAMS.items() if not shutil.which(program)]
    return packages


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages when root; otherwise say the exact command and go on."""
    if not packages:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        say(f"Missing on this system (names of Debian's packages): {' '.join(packages)}.")
        say("Install them with your package manager; the window needs them.")
    elif os.geteuid() != 0:
        say("The window needs system libraries that are not here. Install them with:")
        say(f"  sudo apt-get update && sudo {command_line(install)}")
    else:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "--quiet", env=env)
        if run(*install, env=env) != 0:
            stop(f"the system libraries could not be installed: {command_line(install)}")


def in_venv(name: str) -> Path:
    """Return the path of a program of the environment."""
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def works(python: Path) -> bool:
    """Return whether an environment's Python starts, is new enough and has pip."""
    code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        done = subprocess.run([str(python), "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make_environment() -> None:
    """Make ``.venv`` in the checkout, unless a working one is there."""
    if works(in_venv("python")):
        say(f"The environment {VENV} is here.")
        return
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if free_gb < NEEDED_GB:
        say(f"Only {free_gb:.1f} GB are free here; about {NEEDED_GB} GB are needed.")
    if run(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        stop(f"no environment could be made. On Debian: apt-get install python{version}-venv")


def install(extra: str = "") -> None:
    """Install the checkout itself, editable, with one of its extras."""
    say("Installing the program and its libraries (the first time about 7 GB, minutes).")
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    target = f".[{extra}]" if extra else "."
    words = ["-m", "pip", "install", "--disable-pip-version-check", *quiet, "--editable", target]
    if run(in_venv("python"), *words) != 0:
        stop("installing failed; the lines above say why. Starting again goes on where it ended.")


def demo() -> int:
    """Set up, analyse the sample stop, and say how to go on."""
    make_environment()
    install()
    status = run(in_venv("codefx"), "demo")
    if status != 0:
        stop("the sample stop could not be analysed; the lines above say why.")
    window, terminal = (in_venv(name).relative_to(ROOT) for name in ("codefx-desktop", "codefx"))
    say(f"\nReady. The window: {window}   The terminal: {terminal} --help")
    return 0


# Several at a time, each file by one of them: what a file's tests share is made once. Files come as
# they are collected, for those of few long tests stand before those of many short ones. Four is
# what 16 GB hold, for each loads torch. A worker that dies ends the run, for pytest-xdist 3.8 puts
# another in its place and then waits for ever; one that hangs where no signal wakes it, dies.
SIDE_BY_SIDE = (
    *("--numprocesses", "auto", "--maxprocesses", "4", "--max-worker-restart", "0"),
    *("--dist", "loadfile", "--no-loadscope-reorder"),
    *("-o", "faulthandler_timeout=900", "-o", "faulthandler_exit_on_timeout=true"),
)


def test(arguments: list[str]) -> int:
    """Set up what tests need and run them, side by side on machines with several cores."""
    make_environment()
    install("test")
    # Tests start the program a hundred times: it must not be compiled anew each time.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return run(in_venv("python"), "-m", "pytest", *SIDE_BY_SIDE, *arguments, env=env)


def bundle(folder: Path) -> int:
    """Freeze both programs into one folder."""
    make_environment()
    install("package")
    work = ROOT / "build" / "pyinstaller"
    words = ["--noconfirm", "--distpath", folder.absolute(), "--workpath", work]
    status = run(in_venv("pyinstaller"), *words, ROOT / "packaging" / "codefx.spec")
    if status != 0:
        stop("the folder could not be made; the lines above say why.")
    say(f"\nReady: {folder / 'codefx'}")
    return 0


def new_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="start.py", description="Sets up this checkout.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="make the environment, install, analyse the sample stop")
    commands.add_parser("test", help="make the environment with what tests need, run pytest ARGS")
    frozen = commands.add_parser("bundle", help="make a folder that runs without Python (Linux)")
    frozen.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one of the commands."""
    check_python(sys.version_info[:2])
    for_pytest = list(argv[1:]) if argv[:1] == ["test"] else []
    given = new_parser().parse_args(argv[: len(argv) - len(for_pytest)])
    if sys.platform.startswith("linux"):
        install_system_packages(missing_packages(for_tests=given.command == "test"))
    if given.command == "test":
        return test(for_pytest)
    return bundle(given.folder) if given.command == "bundle" else demo()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
