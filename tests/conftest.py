"""Fixtures for every room."""

from __future__ import annotations

import gc
import os
import sys
from shutil import rmtree  # tests put others in its place
from typing import TYPE_CHECKING

import pytest
from patient_bot import PatientBot
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.settings.push_settings import SECRET_VARIABLES
from codefx_desktop.settings.settings import environment_names

# Before Qt is imported; the end-to-end test gives its program a real screen of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["buckets.fixtures"]

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while all there is gets loaded, nor later in what was loaded then.

    It halves the time that collecting takes, and tests that make garbage wait less.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish() -> None:
    """End at once where a test file loads the model libraries while it is only collected.

    They would be loaded before the program has set their environment, by which weights are loaded
    safely: all tests with a model would fail, far from the file that did it.
    """
    loaded = sorted({"torch", "ultralytics", "facenet_pytorch"} & sys.modules.keys())
    if loaded:
        raise pytest.UsageError(f"A test file loads {', '.join(loaded)} as it is imported.")


class Teller:
    """Tells of failures as they happen: of a run that is cut off one would never know them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name the test and its error."""
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and reporter is not None:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = str(report.longrepr if crash is None else crash.message)
            reporter.write_line(f"\n{report.when} of {report.nodeid} failed: {why[:2000]}")


def pytest_configure(config: pytest.Config) -> None:
    """Tell of failures at once where nobody can stop the run to ask for them."""
    if os.environ.get("CI") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Teller(config))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let what a test logged be told between processes: names that are no text cannot be."""
    report = yield
    told = report.sections
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in told
    ]
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """Let what a test asked Qt to delete later be gone before the next one begins.

    Qt itself would wait for the next event loop: that of another test, whose windows would then
    restyle those of this one too, and whose warnings would be told of it.
    """
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[Path, None, None]:
    """Give every test an app folder of its own, so none touches the person's history.

    Nor does any see the person's settings, keyring and AWS files; tests on a real bucket do.
    """
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CODEFX_HOME", str(folder))
    if request.node.get_closest_marker("integration") is None:
        for name in (*environment_names().values(), *SECRET_VARIABLES, "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "no-credentials"))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    yield folder
    rmtree(folder, ignore_errors=True)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientBot:
    """The bot of every test, with more patience."""
    return PatientBot(request)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return a file that a fake detector takes for weights."""
    path = tmp_path / "fake.pt"
    path.write_bytes(b"fake")
    return path
