"""``codefx targets``: what it prints, its exit codes, and how a secret comes in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fake_ring import FakeRing
from fake_store import FakeStore
from typer.testing import CliRunner, Result

from codefx_desktop.cli import main as codefx_main
from codefx_desktop.cli.app import app
from codefx_desktop.domain.errors import AccessRefused, Offline
from codefx_desktop.domain.object_store import LifecycleRule
from codefx_desktop.settings import secrets
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.settings.targets import load_targets

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.target import Target
    from codefx_desktop.settings.secrets import Access

SECRET = "canary-4f1c"  # noqa: S105 - a made-up one
R2 = ["--kind", "r2", "--account-id", "0123", "--bucket", "races", "--access-key-id", "key"]


class World:
    """The place and the keyring that commands meet, and the keys they came with."""

    def __init__(self) -> None:
        self.store, self.ring = FakeStore(), FakeRing()
        self.access: list[Access | None] = []

    def open(self, _target: Target, access: Access | None) -> FakeStore:
        self.access.append(access)
        if access is None:
            raise AccessRefused("No secret is known.")
        return self.store


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr("codefx_desktop.bootstrap.open_store_with", world.open)
    monkeypatch.setattr(secrets.Secrets.__init__, "__defaults__", (lambda: world.ring,))
    return world


def codefx(*words: object, given: str = "") -> Result:
    return CliRunner().invoke(app, ["targets", *map(str, words)], input=given)


def answer(*words: object) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(codefx(*words, "--json").stdout)
    return values


def exit_code(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Return what the whole program ends with."""
    monkeypatch.setattr("sys.argv", ["codefx", "targets", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        codefx_main()
    return int(ended.value.code or 0)


def test_a_piped_secret_is_kept_and_never_shown(world: World) -> None:
    added = codefx("add", "team", *R2, "--secret-stdin", given=f"{SECRET}\ntoken\n")
    assert added.exit_code == 0, added.output
    assert sorted(world.ring.kept.values()) == [SECRET, "token"]
    listed = codefx("list")
    assert listed.stdout.split("\t")[0] == "team"
    assert "keyring\tready" in listed.stdout
    told = added.output + listed.output + json.dumps(answer("list"))
    assert SECRET not in told
    assert SECRET not in (app_paths().data / "targets.json").read_text()
    assert codefx("test", "TEAM").exit_code == 0
    assert world.access[-1] == secrets.Access("key", SECRET, "token")


def test_a_typed_secret_is_not_echoed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def prompt(text: str, **how: object) -> str:
        asked.append({"text": text, **how})
        return SECRET

    monkeypatch.setattr("codefx_desktop.cli.target_adding.typer.prompt", prompt)
    monkeypatch.setattr("codefx_desktop.cli.target_adding._is_keyboard", lambda: True)
    assert codefx("add", "team", *R2).exit_code == 0
    assert asked[0]["hide_input"] is True
    assert SECRET in world.ring.kept.values()
    assert codefx("add", "team", *R2, "--replace").exit_code == 0
    assert "empty: the one there is" in str(asked[1]["text"])


def test_without_a_keyboard_nothing_is_asked(world: World) -> None:
    added = codefx("add", "team", *R2)
    assert added.exit_code == 0
    assert "secret is not known" in added.stderr
    assert answer("list")["targets"][0]["missing"] == ["secret"]
    tried = codefx("test", "team")
    assert tried.exit_code == 1
    assert "settings and secret: failed" in tried.stdout


def test_without_a_keyring_the_secret_is_not_kept_and_that_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets.Secrets.__init__, "__defaults__", (lambda: None,))
    added = codefx("add", "team", *R2, "--secret-stdin", given=SECRET)
    assert added.exit_code == 1
    assert "no keyring" in added.stderr
    assert "AWS_SECRET_ACCESS_KEY" in added.stderr
    assert SECRET not in added.output
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert codefx("test", "team").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("a --kind r2 --bucket b", "needs --account-id and --access-key-id"),
        ("a --kind s3", "needs --bucket"),
        ("a --kind folder", "needs --folder"),
        ("a --kind folder --folder x --bucket b", "--bucket is not for targets of kind folder"),
        ("a --kind r2 --region eu", "--region is not for"),
        ("a/b --kind s3 --bucket b", "name has"),
        ("a --kind s3 --bucket b --url-ttl 604801", "7 days"),
        ("a --kind s3 --bucket b --retention-days 0", "retention_days"),
        ("a --kind s3 --bucket b --endpoint nas", "must look like"),
        ("a --kind s3 --bucket b --secret-stdin", "goes with --access-key-id"),
        ("a --kind s3 --bucket b --access-key-id k --secret-stdin", "no secret on the standard"),
        ("a --kind ftp", "ftp"),
    ],
)
def test_wrong_use(world: World, words: str, told: str) -> None:
    done = codefx("add", *words.split())
    assert done.exit_code == 2
    assert told in done.stderr
    assert load_targets(app_paths(), load_settings()).targets == ()


def test_there_is_no_option_for_a_secret(world: World) -> None:
    done = codefx("add", "team", *R2, "--secret", SECRET)
    assert done.exit_code == 2
    assert "No such option" in done.stderr


def test_s3_is_as_the_settings_say_unless_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_S3_REGION", "eu-west-1")
    codefx("add", "a", "--kind", "s3", "--bucket", "b")
    prefixes = ["--input-prefix", "raw", "--output-prefix", "/"]
    codefx("add", "c", "--kind", "s3", "--bucket", "b", *prefixes, "--url-ttl", 60)
    first, second = load_targets(app_paths(), load_settings()).targets
    assert (first.region, first.input_prefix, first.url_ttl_s) == ("eu-west-1", "input/", 3600)
    assert (second.input_prefix, second.output_prefix, second.url_ttl_s) == ("raw/", "", 60)


def test_a_name_that_is_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["add", "usb", "--kind", "folder", "--folder", tmp_path]
    assert codefx(*words).exit_code == 0
    assert exit_code(monkeypatch, *words) == 2
    assert codefx(*words, "--replace").exit_code == 0
    assert exit_code(monkeypatch, "add", "x", *words[2:], "--replace") == 2


def test_a_failed_test(world: World) -> None:
    codefx("add", "team", *R2, "--secret-stdin", given=SECRET)
    world.store.fail("read", Offline("The connection broke."))
    world.store.fail("delete", AccessRefused("It may not."))
    done = codefx("test", "team")
    assert done.exit_code == 1
    assert "read back and compare: failed" in done.stdout
    assert "The connection broke." in done.stdout
    assert "could not be removed" in done.stderr
    found = answer("test", "team")
    assert found["passed"] is True
    assert [step["name"] for step in found["steps"]][:2] == ["clock", "put"]


def test_rules_are_shown_set_and_left_out(world: World) -> None:
    codefx("add", "team", *R2, "--secret-stdin", given=SECRET)
    world.store._rules = (LifecycleRule("team", "", expire_days=1),)
    shown = codefx("lifecycle", "team")
    assert shown.exit_code == 0
    assert "objects anywhere in the bucket are deleted after 1 day" in shown.stdout
    assert "codefx-expire-jobs: objects under jobs/ are deleted after 7 days" in shown.stdout
    assert "team deletes sooner" in shown.stdout
    assert world.store.count("set_lifecycle") == 0
    codefx("lifecycle", "team", "--apply", "--no-expiry")
    assert [rule.name for rule in world.store._rules] == ["team", "codefx-abort-jobs"]
    assert len(answer("lifecycle", "team")["lacking"]) == 1
    done = codefx("lifecycle", "team", "--apply")
    assert len(world.store._rules) == 3
    assert "Wanted" not in done.stdout


def test_a_key_that_may_not_see_rules_leads_to_the_export(world: World, tmp_path: Path) -> None:
    codefx("add", "team", *R2, "--secret-stdin", given=SECRET)
    world.store.fail("lifecycle", AccessRefused("The key may not."))
    done = codefx("lifecycle", "team")
    assert done.exit_code == 1
    assert "The key may not. Export the rules" in done.stderr
    file = tmp_path / "rules.json"
    calls = len(world.store.calls)
    done = codefx("lifecycle", "team", "--export", file)
    assert done.exit_code == 0
    assert "replaces all rules" in done.stdout
    assert f"wrangler r2 bucket lifecycle set races --file {file}" in done.stdout
    assert len(json.loads(file.read_text())["rules"]) == 2
    assert len(world.store.calls) == calls
    assert codefx("lifecycle", "team", "--export", file, "--apply").exit_code == 2


def test_troubles_end_with_their_codes(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert exit_code(monkeypatch, "test", "nobody") == 2
    codefx("add", "usb", "--kind", "folder", "--folder", tmp_path)
    codefx("add", "team", *R2, "--secret-stdin", given=SECRET)
    assert exit_code(monkeypatch, "lifecycle", "usb") == 1
    world.store.offline = Offline("Nobody answers.")
    assert exit_code(monkeypatch, "lifecycle", "team") == 1
    assert codefx("remove", "team").exit_code == 0
    assert world.ring.kept == {}
    assert exit_code(monkeypatch, "remove", "team") == 2
    monkeypatch.setenv("R2_BUCKET", "races")
    assert exit_code(monkeypatch, "remove", "R2") == 2
    listed = codefx("list")
    assert listed.exit_code == 0
    assert "R2_ACCOUNT_ID, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY are not set" in listed.stderr
