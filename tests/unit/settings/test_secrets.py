"""Secrets: where they are looked for, where they are kept, and that nothing tells them."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import keyring
import pytest
from fake_ring import FakeRing
from keyring.backends import fail

from codefx_desktop.domain.errors import AccessRefused
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.aws_credentials import file_access, standard_access
from codefx_desktop.settings.secrets import Access, Found, SecretPlace, Secrets, system_ring

TEAM = Target("Team R2", TargetKind.R2, "races", "0123", access_key_id="key")
NAS = Target("nas", TargetKind.S3, "races", access_key_id="key")
BARE = Target("aws", TargetKind.S3, "races")
R2 = Target("R2", TargetKind.R2, "races", "0123", access_key_id="key", is_from_environment=True)
S3 = Target("S3", TargetKind.S3, "races", access_key_id="key", is_from_environment=True)
USB = Target("usb", TargetKind.FOLDER, folder=Path("/media/usb"))
SECRET, TOKEN = "canary-4f1c", "canary-token-97aa"


@pytest.fixture
def ring() -> FakeRing:
    return FakeRing()


@pytest.fixture
def secrets(ring: FakeRing) -> Secrets:
    return Secrets(lambda: ring)


def test_access_does_not_show_its_secrets() -> None:
    access = Access("key", SECRET, TOKEN)
    shown = f"{access} {access!r} {Found(access, SecretPlace.KEYRING)}"
    assert "key" in shown
    assert "canary" not in shown


def test_a_secret_is_kept_by_the_keyring(secrets: Secrets, ring: FakeRing) -> None:
    assert secrets.get(TEAM) is None
    assert secrets.set(TEAM, f" {SECRET}\n", TOKEN) == ""
    later = Secrets(lambda: ring)
    assert later.find(TEAM) == Found(Access("key", SECRET, TOKEN), SecretPlace.KEYRING)
    later.forget(TEAM)
    assert ring.kept == {}
    assert later.find(TEAM) == Found(None, SecretPlace.NOWHERE)
    later.forget(TEAM)


def test_a_token_goes_with_the_next_secret(secrets: Secrets) -> None:
    secrets.set(TEAM, SECRET, TOKEN)
    secrets.set(TEAM, "other")
    assert secrets.get(TEAM) == Access("key", "other")


def test_a_secret_goes_with_its_key_and_target(secrets: Secrets) -> None:
    secrets.set(TEAM, SECRET)
    assert secrets.get(NAS) is None
    assert secrets.get(Target("Team R2", TargetKind.R2, access_key_id="key 2")) is None
    assert secrets.get(Target("TEAM R2", TargetKind.R2, access_key_id="key")) is not None


def test_without_a_keyring_this_run_knows_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = Secrets(lambda: None)
    note = secrets.set(TEAM, SECRET)
    assert note.startswith("This system offers no keyring")
    assert "until the program ends" in note
    assert secrets.find(TEAM) == Found(Access("key", SECRET), SecretPlace.MEMORY)
    assert Secrets(lambda: None).get(TEAM) is None
    assert SECRET not in f"{secrets!r} {note} {caplog.text}"
    secrets.forget(TEAM)
    assert secrets.get(TEAM) is None


def test_a_keyring_that_fails_does_not_tell_what_it_was_given(
    secrets: Secrets, ring: FakeRing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ring.locked = True
    note = secrets.set(TEAM, SECRET)
    assert note.startswith("The system's keyring did not take it (LockedError).")
    assert secrets.find(TEAM).place is SecretPlace.MEMORY
    told = [note, caplog.text]
    for ask in (Secrets(lambda: ring).get, secrets.forget):
        with pytest.raises(AccessRefused, match="did not answer for target Team R2") as caught:
            ask(TEAM)
        told += traceback.format_exception(caught.value)
    assert SECRET not in "".join(told)


def test_a_keyring_that_cannot_be_looked_for_is_told() -> None:
    def broken() -> None:
        raise OSError("no bus")

    with pytest.raises(AccessRefused, match="OSError"):
        Secrets(broken).get(TEAM)
    assert "OSError" in Secrets(broken).set(TEAM, SECRET)


@pytest.mark.parametrize("secret", ["", "  ", "two words", "line\nline", "bell\a"])
def test_what_can_be_no_secret_is_refused(secrets: Secrets, secret: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        secrets.set(TEAM, secret)


def test_a_secret_without_a_key_is_refused(secrets: Secrets) -> None:
    with pytest.raises(ValueError, match="goes with an access key id"):
        secrets.set(BARE, SECRET)


def test_a_folder_needs_none(secrets: Secrets, ring: FakeRing) -> None:
    assert secrets.find(USB) == Found(None, SecretPlace.NOT_NEEDED)
    assert ring.calls == 0


def test_the_environment_comes_first_for_its_own_targets(
    secrets: Secrets, ring: FakeRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.set(R2, "of the keyring".replace(" ", "-"))
    assert secrets.find(R2).place is SecretPlace.KEYRING
    calls = ring.calls
    monkeypatch.setenv("R2_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "aws")
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    assert secrets.find(R2) == Found(Access("key", SECRET), SecretPlace.ENVIRONMENT)
    assert secrets.find(S3) == Found(Access("key", "aws", TOKEN), SecretPlace.ENVIRONMENT)
    assert ring.calls == calls  # it is not asked, so that it does not ask


def test_an_own_target_takes_a_variable_that_is_its_key_s(
    secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("R2_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("R2_SECRET_ACCESS_KEY", "r2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "aws key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "aws")
    assert secrets.find(TEAM) == Found(Access("key", "r2"), SecretPlace.ENVIRONMENT)
    other = Target("nas", TargetKind.S3, "races", access_key_id="aws key")
    assert secrets.get(other) == Access("aws key", "aws")
    assert secrets.get(Target("nas", TargetKind.S3, "races", access_key_id="third")) is None
    secrets.set(TEAM, "entered")
    assert secrets.get(TEAM) == Access("key", "entered")


def credentials(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "credentials"
    path.write_text(text)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))


def test_standard_credentials(
    secrets: Secrets, ring: FakeRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert standard_access() is None
    assert secrets.find(BARE) == Found(None, SecretPlace.NOWHERE)
    credentials(
        tmp_path,
        "[default]\naws_access_key_id = file key\naws_secret_access_key = 50%off/x=\n"
        "[pit]\naws_access_key_id=pit\naws_secret_access_key=p\naws_session_token=t\n",
        monkeypatch,
    )
    assert secrets.find(BARE) == Found(Access("file key", "50%off/x="), SecretPlace.AWS_FILE)
    own = Target("own", TargetKind.S3, "races", access_key_id="file key")
    assert secrets.find(own).place is SecretPlace.AWS_FILE
    monkeypatch.setenv("AWS_PROFILE", "pit")
    assert secrets.get(BARE) == Access("pit", "p", "t")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert secrets.find(BARE) == Found(Access("key", SECRET), SecretPlace.ENVIRONMENT)
    assert secrets.get(Target("r2", TargetKind.R2, "races", "0123")) is None
    assert ring.calls > 0


@pytest.mark.parametrize(
    "text", ["", "no section = 1", "[default]\naws_access_key_id = key\n", "[other]\n", "\x00["]
)
def test_a_credentials_file_without_a_key_is_none(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials(tmp_path, text, monkeypatch)
    assert file_access() is None


class _Safe:
    """A backend that can be trusted."""


class _Plain:
    """A backend that writes a file anybody can read."""


_Plain.__module__ = "keyrings.alt.file"


class _Chain:
    backends: tuple[object, ...] = (_Plain(), _Safe())


@pytest.mark.parametrize("backend", [fail.Keyring(), _Plain()])
def test_a_keyring_that_is_none_or_a_plain_file_is_refused(
    backend: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert system_ring() is None


def test_a_chain_is_used_without_its_plain_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", _Chain)
    assert system_ring() is _Chain.backends[1]
    monkeypatch.setattr(_Chain, "backends", ())
    assert system_ring() is None


def test_tests_see_no_keyring_of_a_person() -> None:
    assert system_ring() is None
