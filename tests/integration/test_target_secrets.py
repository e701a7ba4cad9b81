"""A canary: secrets that come in by every way are found in no file, log, text or argument list."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from buckets.s3_stub import Answer, Stub, stubbing
from fake_ring import FakeRing

from codefx_desktop import bootstrap
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_keeper import TargetKeeper
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.secrets import SecretPlace, Secrets
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.settings.secrets import Ring

SECRET, TOKEN = "canary-secret-4f1c", "canary-token-97aa"
TESTS = Path(__file__).resolve().parents[1]
WAIT_S = 60.0
R2 = ["--kind", "r2", "--account-id", "0123", "--bucket", "races", "--access-key-id", "stubkey"]


def canaries(text: str) -> bool:
    return SECRET in text or TOKEN in text


def files_with_canaries(*folders: Path) -> list[Path]:
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in files if canaries(path.read_bytes().decode("utf-8", "replace"))]


class Way:
    """How secrets come in: prepares, and says for which target of which place it is."""

    def __init__(self, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.own = replace(stub.target(), name="own")
        self.ring: Ring | None = FakeRing()
        self._monkeypatch, self._tmp_path = monkeypatch, tmp_path

    def _set(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def r2_variables(self) -> Target:
        self._set(R2_ACCOUNT_ID="0123", R2_BUCKET="test-bucket", R2_ACCESS_KEY_ID="stubkey")
        self._set(R2_SECRET_ACCESS_KEY=SECRET)
        made = Target("R2", TargetKind.R2, "test-bucket", "0123", access_key_id="stubkey")
        return replace(made, endpoint=self.own.endpoint, is_from_environment=True)

    def aws_variables(self) -> Target:
        self._set(STORAGE_BACKEND="s3", AWS_S3_BUCKET="test-bucket")
        self._set(AWS_ENDPOINT_URL_S3=self.own.endpoint, AWS_ACCESS_KEY_ID="stubkey")
        self._set(AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN)
        return replace(self.own, name="S3", is_from_environment=True)

    def aws_file(self) -> Target:
        file = self._tmp_path / "credentials"
        keys = {"access_key_id": "stubkey", "secret_access_key": SECRET, "session_token": TOKEN}
        lines = [f"aws_{name} = {value}" for name, value in keys.items()]
        file.write_text("\n".join(["[default]", *lines]))
        self._set(AWS_SHARED_CREDENTIALS_FILE=str(file))
        return replace(self.own, access_key_id="")

    def keyring(self) -> Target:
        return self.own

    def locked_keyring(self) -> Target:
        assert isinstance(self.ring, FakeRing)
        self.ring.locked = True
        return self.own

    def memory(self) -> Target:
        self.ring = None
        return self.own


WAYS = {
    "r2_variables": SecretPlace.ENVIRONMENT,
    "aws_variables": SecretPlace.ENVIRONMENT,
    "aws_file": SecretPlace.AWS_FILE,
    "keyring": SecretPlace.KEYRING,
    "locked_keyring": SecretPlace.MEMORY,
    "memory": SecretPlace.MEMORY,
}
ANSWERS = (
    Answer(403, "SignatureDoesNotMatch", f"You signed with {SECRET}."),
    Answer(400, "ExpiredToken", f"The token {TOKEN} has expired."),
)


@pytest.fixture
def stub() -> Iterator[Stub]:
    with stubbing() as stub:
        yield stub


@pytest.fixture(autouse=True)
def quiet_root() -> Iterator[None]:
    """Give the root logger its level back; the program sets it once and for all."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.mark.parametrize("name", WAYS)
def test_no_file_log_or_text_tells_a_secret(
    name: str,
    stub: Stub,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("CODEFX_LOG_LEVEL", "DEBUG")
    way = Way(stub, tmp_path / "elsewhere", monkeypatch)
    (tmp_path / "elsewhere").mkdir()
    target: Target = getattr(way, name)()
    settings, secrets = load_settings(), Secrets(lambda: way.ring)
    keeper = TargetKeeper(app_paths(), settings, secrets, bootstrap.open_store_with)
    told: list[object] = [settings, secrets, target]
    with bootstrap.log_files(app_paths(), settings):
        if not target.is_from_environment:
            entered = (SECRET, TOKEN) if target.access_key_id else ("", "")
            told.append(keeper.save(target, *entered))
        assert secrets.find(target).place is WAYS[name]
        told += [secrets.find(target), keeper.survey(), keeper.troubles()]
        told.append(keeper.check(target))
        assert stub.requests  # it was really asked
        # Without a token in play, a server cannot tell one.
        for answer in ANSWERS[: 1 if name == "r2_variables" else 2]:
            stub.begin(answer, answer, answer)
            told.append(keeper.check(target))
            stub.begin(answer)
            store = keeper.open(target)
            with pytest.raises(CodefxError) as caught:
                list(store.list("jobs/"))
            store.close()
            told += traceback.format_exception(caught.value)
        if not target.is_from_environment and name != "locked_keyring":
            told += [keeper.export_lifecycle("own", home / "rules.json", expire=True)]
            keeper.remove("own")
    assert (home / "logs" / "codefx.log").stat().st_size
    assert not canaries(f"{told}{[str(one) for one in told]}{caplog.text}{capfd.readouterr()}")
    assert files_with_canaries(home) == []
    wire = f"{[(one.path, one.headers, one.body) for one in stub.requests]}"
    assert SECRET not in wire


def child(home: Path, tmp_path: Path, *words: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of ``codefx targets``, with a keyring in a file."""
    environment = {
        **os.environ,
        "CODEFX_HOME": str(home),
        "CODEFX_LOG_LEVEL": "DEBUG",
        "PYTHON_KEYRING_BACKEND": "file_ring.FileRing",
        "FILE_RING": str(tmp_path / "ring.json"),
        "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent))),
    }
    return [sys.executable, "-m", "codefx_desktop.cli", "targets", *words], environment


def kept(tmp_path: Path) -> list[str]:
    return list(json.loads((tmp_path / "ring.json").read_text()).values())


def test_a_piped_secret_reaches_only_the_keyring(home: Path, tmp_path: Path) -> None:
    command, environment = child(home, tmp_path, "add", "team", *R2, "--secret-stdin")
    done = subprocess.run(
        command,
        env=environment,
        input=f"{SECRET}\n{TOKEN}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert kept(tmp_path) == [SECRET, TOKEN]
    assert not canaries(done.stdout + done.stderr)
    assert files_with_canaries(home) == []
    command, environment = child(home, tmp_path, "list", "--json")
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(listed.stdout)["targets"][0]["is_ready"]
    assert not canaries(listed.stdout + listed.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_typed_secret_is_not_on_the_screen_nor_in_the_arguments(
    home: Path, tmp_path: Path
) -> None:
    import pty

    command, environment = child(home, tmp_path, "add", "team", *R2)
    master, slave = pty.openpty()
    with subprocess.Popen(
        command,
        env=environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as program:
        os.close(slave)
        screen = read_until(master, "Secret access key")
        arguments = psutil.Process(program.pid).cmdline()
        os.write(master, f"{SECRET}\n".encode())
        screen += read_until(master, "")
        assert program.wait(WAIT_S) == 0, screen
    os.close(master)
    assert "Target team is kept" in screen
    assert kept(tmp_path) == [SECRET]
    assert not canaries(screen + " ".join(arguments))
    assert files_with_canaries(home) == []


def read_until(terminal: int, text: str) -> str:
    """Return what appears on a terminal up to a text and a moment longer; no text: to its end."""
    seen, until = "", time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            some = os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:  # the program has ended
            break
        seen += some
        if not some or (text and text in seen):
            break
    if text:
        assert text in seen
        time.sleep(0.3)  # echoing is switched off before the question; be sure all the same
    return seen
