"""``packaging/start.py``: what it says to people whose machine lacks something."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.cli.doctor import PACKAGES

if TYPE_CHECKING:
    from types import ModuleType

START = Path(__file__).resolve().parents[2] / "packaging" / "start.py"


@pytest.fixture
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", START)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def calls(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the programs it would run instead of running them."""
    seen: list[str] = []

    def run(*words: object, env: dict[str, str] | None = None) -> int:
        seen.append(start.command_line(words))
        return 0

    monkeypatch.setattr(start, "run", run)
    return seen


def test_an_old_python_gets_a_sentence(start: ModuleType) -> None:
    start.check_python((3, 11))
    start.check_python((4, 0))
    with pytest.raises(SystemExit, match=r"this is Python 3\.10; 3\.11 or newer is needed"):
        start.check_python((3, 10))


def test_only_what_is_missing_is_named(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "loads", lambda name: not name.startswith(("libEGL", "libxcb-cur")))
    monkeypatch.setattr(start.shutil, "which", lambda _: None)
    assert start.missing_packages(for_tests=False)[:2] == ["libegl1", "libxcb-cursor0"]
    assert "xvfb" not in start.missing_packages(for_tests=False)
    assert "xvfb" in start.missing_packages(for_tests=True)


def test_a_library_that_no_machine_has_does_not_load(start: ModuleType) -> None:
    assert not start.loads("libthat-no-machine-has.so.7")


def test_a_person_gets_the_exact_command(
    start: ModuleType,
    calls: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    start.install_system_packages(["libegl1"])
    assert not calls
    said = capsys.readouterr().out
    assert "sudo apt-get install --yes --no-install-recommends libegl1" in said


def test_root_gets_them_installed(
    start: ModuleType, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    start.install_system_packages([])
    assert not calls
    start.install_system_packages(["libegl1"])
    assert calls[1] == "apt-get install --yes --no-install-recommends libegl1"


def test_a_working_environment_is_kept(
    start: ModuleType, calls: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(start, "VENV", tmp_path / "none")
    start.make_environment()
    assert "-m venv --clear" in calls[0]
    calls.clear()
    monkeypatch.setattr(start, "in_venv", lambda _: Path(sys.executable))
    start.make_environment()
    assert not calls


def test_arguments_of_test_reach_pytest(
    start: ModuleType, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "install_system_packages", lambda _: None)
    monkeypatch.setattr(start, "make_environment", lambda: None)
    assert start.main(["test", "-k", "clip", "-x"]) == 0
    assert calls[0].endswith("--editable '.[test]'")
    assert calls[1].endswith(f"-m pytest {' '.join(start.SIDE_BY_SIDE)} -k clip -x")


@pytest.mark.parametrize(
    "dies",
    ["os._exit(9)", "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); time.sleep(99)"],
    ids=["dies", "hangs"],
)
def test_a_worker_that_dies_or_hangs_ends_the_run_and_is_named(
    start: ModuleType, dies: str, tmp_path: Path
) -> None:
    for number in range(12):
        text = f"""
            import os, signal, time, pytest

            @pytest.mark.parametrize("part", range(4))
            def test_work(part):
                time.sleep(0.01)
                if ({number}, part) == (5, 2):
                    {dies}
        """
        (tmp_path / f"test_{number}.py").write_text(textwrap.dedent(text), "utf-8")
    words = [word.replace("timeout=900", "timeout=2") for word in start.SIDE_BY_SIDE]
    words[words.index("auto")] = "2"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-p", "no:pytest-qt", "--rootdir", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 1
    assert "crashed while running 'test_5.py::test_work[2]'" in done.stdout
    assert "1 failed" in done.stdout


def test_tests_keep_what_python_compiles(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str] | None] = []
    monkeypatch.setattr(start, "install_system_packages", lambda _: None)
    monkeypatch.setattr(start, "make_environment", lambda: None)
    monkeypatch.setattr(start, "run", lambda *_, env=None: seen.append(env) or 0)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("OF_THE_PERSON", "kept")
    assert start.main(["test"]) == 0
    assert seen[-1] is not None
    assert "PYTHONDONTWRITEBYTECODE" not in seen[-1]
    assert seen[-1]["OF_THE_PERSON"] == "kept"


def test_it_answers_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, START, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "{demo,test,bundle}" in done.stdout


def test_the_frozen_folder_carries_the_versions_that_doctor_reads() -> None:
    text = START.with_name("codefx.spec").read_text("utf-8")
    (names,) = [
        ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "METADATA"
    ]
    assert set(names) >= set(PACKAGES)
