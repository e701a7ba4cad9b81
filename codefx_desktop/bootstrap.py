"""Composition: builds everything once and hands it in.

Imports late on purpose: the window must be on screen, and ``codefx --help`` must answer, before
the video, store and model libraries are loaded.
"""

from __future__ import annotations

import faulthandler
import itertools
import logging
import logging.handlers
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import CodefxError, NotWritable
from codefx_desktop.jobs.messages import OpenedEngine
from codefx_desktop.settings.paths import HOME_VARIABLE, AppPaths, app_paths
from codefx_desktop.settings.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.ports import Downloads, VisionFactory
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.target_keeper import TargetKeeper
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.settings.secrets import Access
    from codefx_desktop.settings.weights import DemoTask
    from codefx_desktop.vision.training import Trained

log = logging.getLogger(__name__)

LOG_BYTES = 2 * 1024 * 1024
LOG_FILES = 5


def open_workshop(
    paths: AppPaths, settings: Settings, vision: VisionFactory | None = None
) -> tuple[Workshop, tuple[str, ...]]:
    """Open the history and build what working on jobs needs. Blocks.

    Args:
        paths: The app's folders; made if missing.
        settings: The settings.
        vision: Another maker of models, for tests.

    Returns:
        The workshop and what the person should know about how opening went.

    Raises:
        HistoryError: If the history cannot be opened.
        NotWritable: If the app's folder cannot be made.
    """
    from codefx_desktop.jobs.pools import new_pool
    from codefx_desktop.jobs.recorder import Recorder
    from codefx_desktop.jobs.work import Workshop, restore
    from codefx_desktop.store.history import open_history

    try:
        paths.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(
            f"The app's folder {paths.data} cannot be made: {error.strerror or error}.",
            hint=f"Change its permissions, or name another folder with {HOME_VARIABLE}.",
            path=paths.data,
        ) from error
    opened = open_history(settings.history_path(paths))
    notices = opened.notices
    is_new = opened.history.page(limit=1)[1] == 0
    if notices and is_new and (found := restore(opened.history, paths.data)):
        notices += (f"{found} jobs were found again by the files in their folders.",)
    recorder = Recorder(opened.history, new_pool(1))
    models = vision if vision is not None else new_vision(paths)
    downloads, targets = new_downloads(), new_target_keeper(paths, settings)
    shop = Workshop(paths, settings, opened.history, recorder, models, downloads, targets)
    return shop, notices


def new_vision(paths: AppPaths) -> VisionFactory:
    """Return the maker of models; loads nothing yet."""
    from codefx_desktop.vision import Vision

    return Vision(paths)


def new_downloads() -> Downloads:
    """Return what fetches files that a person asked for; opens no connection yet."""
    from codefx_desktop.remote.download import HttpsDownloads

    return HttpsDownloads()


def new_target_keeper(paths: AppPaths, settings: Settings) -> TargetKeeper:
    """Return what lists, keeps, opens and tests targets; needs no history, asks no keyring yet."""
    from codefx_desktop.jobs.target_keeper import TargetKeeper
    from codefx_desktop.settings.secrets import Secrets

    return TargetKeeper(paths, settings, Secrets(), open_store_with)


def open_store_with(target: Target, access: Access | None) -> ObjectStore:
    """Return the place of a target, with a key that the caller has.

    Raises:
        SettingsError: If the target is not complete.
        AccessRefused: If it needs a key and there is none.
    """
    from codefx_desktop.remote.opening import open_store

    return open_store(target, access)


def prepare_libraries(paths: AppPaths) -> None:
    """Keep the model libraries offline and inside our folders; call before importing them."""
    from codefx_desktop.vision.environment import prepare

    prepare(paths)


def check_operators(paths: AppPaths) -> str:
    """Try the compiled operator that detection needs; return what was done.

    Raises:
        DeviceError: If it cannot be used.
    """
    prepare_libraries(paths)
    from codefx_desktop.vision.operators import check_operators as check

    return check()


def train_demo_model(
    paths: AppPaths,
    output: Path,
    *,
    task: DemoTask,
    data_dir: Path,
    epochs: int,
    minutes: float | None,
    seed: int,
    device: str,
    resume: bool,
    progress: Callable[[str], None],
) -> Trained:
    """Train a demo model on rendered pictures; ``vision.training`` says how.

    The segmenter begins with the layers that it shares with the bundled detector.

    Raises:
        DeviceError: If the device is not there.
        OutputError: If a folder cannot be used.
        WeightsUnusable: If the checkpoint to go on from cannot be read.
    """
    prepare_libraries(paths)
    from codefx_desktop.settings.weights import DemoTask, find_demo_model
    from codefx_desktop.vision.training import train_demo
    from codefx_desktop.vision.training_network import TrainingPlan

    begin_with = None
    if task is DemoTask.SEGMENT:
        begin_with = find_demo_model(DemoTask.DETECT)
    plan = TrainingPlan(
        task=task.value, begin_with=begin_with, epochs=epochs, minutes=minutes, seed=seed
    )
    where = new_vision(paths).device(device).name
    return train_demo(
        output, data_dir=data_dir, plan=plan, resume=resume, device=where, progress=progress
    )


def open_engine(paths: AppPaths, settings: Settings) -> OpenedEngine:
    """Open what the window's hub talks to. Blocks; belongs on a worker."""
    from codefx_desktop.jobs.engine import Engine

    shop, notices = open_workshop(paths, settings)
    return OpenedEngine(Engine(shop), notices + shop.targets.troubles())


def run_window(argv: Sequence[str]) -> int:
    """Show the window and run it to its end; returns the exit status."""
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.app import run_window as show

    paths = app_paths()
    settings = load_settings()
    with log_files(paths, settings):
        return show(
            lambda _app: Hub(paths, settings, lambda: open_engine(paths, settings)), list(argv)
        )


def tell_before_start(message: str) -> None:
    """Tell why there will be no window: in a box, and where there is one, in the terminal."""
    if sys.stderr is not None:  # None where the program was started without a console
        sys.stderr.write(f"{message}\n")
    from codefx_desktop.ui.app import show_trouble

    show_trouble(message)


@contextmanager
def log_files(paths: AppPaths, settings: Settings) -> Iterator[None]:
    """Log to a rotating file, and let crashes of any kind leave their trace in it or beside it.

    A folder that cannot be written to sends the log to the error stream instead.
    """
    with ExitStack() as stack:
        handler = _log_handler(paths.logs, stack)
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        )
        root = logging.getLogger()
        root.addHandler(handler)
        stack.callback(root.removeHandler, handler)
        root.setLevel(settings.log_level)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        stack.callback(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = _log_crash
        try:
            yield
        except (CodefxError, BrokenPipeError):
            raise  # known; whoever called tells the person, if there is anybody to hear it
        except Exception:
            # The hook would hear of it only when this log is closed.
            log.critical("Unexpected error", exc_info=True)
            raise


def _log_handler(folder: Path, stack: ExitStack) -> logging.Handler:
    handler: logging.Handler
    try:
        handler = logging.handlers.RotatingFileHandler(
            stack.enter_context(_own_log(folder)),
            maxBytes=LOG_BYTES,
            backupCount=LOG_FILES,
            encoding="utf-8",
            errors="backslashreplace",  # a name on Linux may be no valid text
        )
        # A native crash writes its stacks here.
        crashes = stack.enter_context((folder / "crash.log").open("a", encoding="utf-8"))
        faulthandler.enable(crashes)
        stack.callback(faulthandler.disable)
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    stack.callback(handler.close)
    return handler


@contextmanager
def _own_log(folder: Path) -> Iterator[Path]:
    """Hold a log file for this program alone: ``codefx.log``, beside others ``codefx-2.log``, ...

    Of programs that share a file, the one that rotates it takes lines away from the others, and
    on Windows none can rotate it at all. The next program takes the first name that is free, so
    there are never more files than programs at the same time call for.

    Raises:
        OSError: If the folder cannot be made or written to.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        name = "codefx" if number == 1 else f"codefx-{number}"
        lock = FileLock(folder / f"{name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        try:
            yield folder / f"{name}.log"
        finally:
            lock.release()
        return


def _log_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("Unexpected error", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
