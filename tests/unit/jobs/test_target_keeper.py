"""The keeper: targets and their secrets kept together, opened, and what each lacks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fake_ring import FakeRing
from fake_store import FakeStore

from codefx_desktop.domain.errors import (
    AccessRefused,
    AlreadyThere,
    NotOffered,
    NotWritable,
    SettingsError,
)
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_keeper import TargetKeeper
from codefx_desktop.jobs.target_values import CheckName, CheckState
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.secrets import Access, SecretPlace, Secrets
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

TEAM = Target("Team R2", TargetKind.R2, "races", "0123", access_key_id="key")
SECRET = "canary-4f1c"  # noqa: S105 - a made-up one


class Places:
    """Opens fake places and remembers with what."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.opened: list[tuple[Target, Access | None]] = []

    def __call__(self, target: Target, access: Access | None) -> FakeStore:
        self.opened.append((target, access))
        if target.missing:
            raise SettingsError(f"Target {target.name} is not complete.")
        if target.kind is not TargetKind.FOLDER and access is None:
            raise AccessRefused("No secret is known.")
        return self.store


@pytest.fixture
def ring() -> FakeRing:
    return FakeRing()


@pytest.fixture
def places() -> Places:
    return Places()


def keeper_of(ring: FakeRing | None, places: Places) -> TargetKeeper:
    return TargetKeeper(app_paths(), load_settings(), Secrets(lambda: ring), places)


@pytest.fixture
def keeper(ring: FakeRing, places: Places) -> TargetKeeper:
    return keeper_of(ring, places)


def test_a_target_and_its_secret_are_kept(keeper: TargetKeeper, places: Places) -> None:
    assert keeper.save(TEAM, SECRET) == ""
    (row,) = keeper.survey().rows
    assert (row.target, row.secret_place, row.is_ready) == (TEAM, SecretPlace.KEYRING, True)
    assert keeper.open(keeper.find()) is places.store
    assert places.opened == [(TEAM, Access("key", SECRET))]


def test_without_a_keyring_the_run_knows_it(places: Places) -> None:
    keeper = keeper_of(None, places)
    assert "until the program ends" in keeper.save(TEAM, SECRET)
    assert keeper.survey().rows[0].secret_place is SecretPlace.MEMORY
    assert keeper_of(None, places).survey().rows[0].missing == ("secret",)


def test_another_s_name_is_not_taken(keeper: TargetKeeper) -> None:
    keeper.save(TEAM)
    with pytest.raises(SettingsError, match="already"):
        keeper.save(replace(TEAM, name="TEAM r2"))
    keeper.save(replace(TEAM, name="other"))
    with pytest.raises(SettingsError, match="already"):
        keeper.save(replace(TEAM, name="other"), was="Team R2")
    with pytest.raises(SettingsError, match="no target gone"):
        keeper.save(TEAM, was="gone")


def test_a_renamed_target_keeps_its_secret(keeper: TargetKeeper, ring: FakeRing) -> None:
    keeper.save(TEAM, SECRET, "token")
    keeper.save(replace(TEAM, name="Pit"), was="team r2")
    assert [row.target.name for row in keeper.survey().rows] == ["Pit"]
    assert keeper.survey().rows[0].is_ready
    assert {user.partition("/")[0] for _, user in ring.kept} == {"pit"}
    assert len(ring.kept) == 2


def test_a_secret_of_another_key_is_not_kept_on(keeper: TargetKeeper, ring: FakeRing) -> None:
    keeper.save(TEAM, SECRET)
    keeper.save(replace(TEAM, bucket="other"), was=TEAM.name)
    assert keeper.survey().rows[0].is_ready
    keeper.save(replace(TEAM, access_key_id="key 2"), was=TEAM.name)
    assert keeper.survey().rows[0].missing == ("secret",)
    assert ring.kept == {}


def test_a_removed_target_takes_its_secret_along(keeper: TargetKeeper, ring: FakeRing) -> None:
    keeper.save(TEAM, SECRET)
    assert keeper.remove("team r2") == TEAM
    assert ring.kept == {}
    assert keeper.survey().rows == ()
    with pytest.raises(SettingsError, match="no target"):
        keeper.remove("team r2")


def test_a_secret_alone(keeper: TargetKeeper) -> None:
    keeper.save(TEAM)
    assert keeper.set_secret("Team R2", SECRET) == ""
    assert keeper.secret_place(TEAM) is SecretPlace.KEYRING
    keeper.forget_secret("Team R2")
    assert keeper.secret_place(TEAM) is SecretPlace.NOWHERE


def test_a_locked_keyring_is_told_in_its_row(
    keeper: TargetKeeper, ring: FakeRing, tmp_path: Path
) -> None:
    keeper.save(TEAM, SECRET)
    keeper.save(Target("usb", TargetKind.FOLDER, folder=tmp_path))
    ring.locked = True
    team, usb = keeper.survey().rows
    assert "did not answer" in team.trouble
    assert (team.is_ready, usb.is_ready) == (False, True)
    with pytest.raises(AccessRefused):
        keeper.remove(TEAM.name)
    ring.locked = False
    assert keeper.survey().rows[0].is_ready


def test_the_environment_s_target_cannot_be_changed_here(
    ring: FakeRing, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("R2_BUCKET", "races")
    keeper = keeper_of(ring, places)
    (row,) = keeper.survey().rows
    assert row.missing == ("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY")
    with pytest.raises(SettingsError, match="Change it there"):
        keeper.remove("R2")
    with pytest.raises(SettingsError, match="Change it there"):
        keeper.save(TEAM, was="R2")
    with pytest.raises(SettingsError, match="already"):
        keeper.save(replace(TEAM, name="r2"))


def test_at_start_what_the_environment_s_target_lacks_is_told(
    ring: FakeRing, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeper_of(ring, places).troubles() == ()
    monkeypatch.setenv("R2_BUCKET", "races")
    (told,) = keeper_of(ring, places).troubles()
    assert told == (
        "Target R2 was begun, but R2_ACCOUNT_ID, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY "
        "are not set."
    )
    assert ring.calls == 0
    with pytest.raises(SettingsError, match="not complete: R2_ACCOUNT_ID, R2_ACCESS_KEY_ID, R2_S"):
        keeper_of(ring, places).open(keeper_of(ring, places).find())
    monkeypatch.setenv("R2_ACCOUNT_ID", "0123")
    monkeypatch.setenv("R2_ACCESS_KEY_ID", "key")
    keeper = keeper_of(ring, places)
    assert keeper.troubles() == (
        "Target R2 was begun, but R2_SECRET_ACCESS_KEY is not set, and no secret was entered.",
    )
    keeper.set_secret("R2", SECRET)
    assert keeper.troubles() == ()
    monkeypatch.setenv("R2_SECRET_ACCESS_KEY", SECRET)
    ring.locked = True
    assert keeper_of(ring, places).troubles() == ()


def test_a_check_of_what_was_only_entered(keeper: TargetKeeper, places: Places) -> None:
    assert keeper.check(TEAM, f"{SECRET}\n").is_passed
    assert places.opened == [(TEAM, Access("key", SECRET))]
    assert places.store.closed
    assert keeper.survey().rows == ()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (TEAM, "No secret is known"),
        (replace(TEAM, bucket=""), "not complete"),
        (replace(TEAM, endpoint="https://me:canary@x"), "must look like"),
    ],
)
def test_a_check_of_what_cannot_be_opened(keeper: TargetKeeper, target: Target, words: str) -> None:
    said = []
    check = keeper.check(target, tell=said.append)
    assert said == [check]
    assert words in check.steps[0].message
    assert "canary" not in repr(check)
    assert check.steps[0].name is CheckName.OPEN
    assert {step.state for step in check.steps[1:]} == {CheckState.SKIPPED}
    assert check.is_over
    assert not check.is_passed


def test_rules_are_written_when_asked(keeper: TargetKeeper, places: Places) -> None:
    keeper.save(TEAM, SECRET)
    assert len(keeper.lifecycle(TEAM.name).lacking) == 2
    assert places.store.count("set_lifecycle") == 0
    assert keeper.set_lifecycle(TEAM.name, expire=False).lacking == ()
    assert len(keeper.lifecycle(TEAM.name).lacking) == 1
    assert keeper.set_lifecycle(TEAM.name, expire=True).lacking == ()


def test_rules_are_exported_without_a_network(
    keeper: TargetKeeper, places: Places, tmp_path: Path
) -> None:
    keeper.save(TEAM)
    keeper.save(Target("usb", TargetKind.FOLDER, folder=tmp_path))
    file = tmp_path / "rules.json"
    assert keeper.export_lifecycle(TEAM.name, file, expire=False) == "wrangler"
    assert [rule["id"] for rule in json.loads(file.read_text())["rules"]] == ["codefx-abort-jobs"]
    with pytest.raises(AlreadyThere):
        keeper.export_lifecycle(TEAM.name, file, expire=True)
    keeper.export_lifecycle(TEAM.name, file, expire=True, replace=True)
    assert len(json.loads(file.read_text())["rules"]) == 2
    with pytest.raises(NotOffered):
        keeper.export_lifecycle("usb", tmp_path / "x.json", expire=True)
    with pytest.raises(NotWritable):
        keeper.export_lifecycle(TEAM.name, file / "x.json", expire=True)
    with pytest.raises(NotOffered):
        keeper.lifecycle("usb")
    assert places.opened == []
