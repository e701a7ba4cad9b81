"""A person's own profiles: kept, found, and never lost to a damaged file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.errors import NotWritable, SettingsError
from codefx_desktop.domain.plan import BUILT_IN, VIDEO, Profile, StagePlan
from codefx_desktop.domain.plan_dict import plan_to_dict
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.profiles import (
    LoadedProfiles,
    delete_profile,
    find_profile,
    load_profiles,
    profiles_file,
    save_profile,
)

if TYPE_CHECKING:
    from codefx_desktop.settings.paths import AppPaths

PLAN = StagePlan(
    scenes=True,
    segment=True,
    faces=True,
    scene=SceneSettings(SceneKind.HASH, 0.4, 30),
    artifacts=ArtifactChoice.parse("rate:0.5"),
    segment_weights=Path("/m/tyres-seg.pt"),
    segment_classes=("person", "tyre"),
    face_confidence=0.8,
    smallest_face_px=40,
    blur_faces=True,
)


def own(name: str, plan: StagePlan = PLAN) -> Profile:
    return Profile(name, name, plan, is_own=True)


@pytest.fixture
def paths() -> AppPaths:
    return app_paths()


def put(paths: AppPaths, content: object) -> Path:
    path = profiles_file(paths)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def names(loaded: LoadedProfiles) -> list[str]:
    return [profile.name for profile in loaded.profiles]


def test_nothing_is_there_at_first(paths: AppPaths) -> None:
    assert load_profiles(paths) == LoadedProfiles((), "")
    assert not profiles_file(paths).exists()
    delete_profile(paths, "Tyres")
    assert not profiles_file(paths).exists()


def test_a_saved_profile_comes_back_whole(paths: AppPaths) -> None:
    save_profile(paths, own("Reifen für Spa"))
    assert load_profiles(paths) == LoadedProfiles((own("Reifen für Spa"),), "")
    assert profiles_file(paths).parent == paths.settings_file.parent
    assert [path.name for path in paths.settings_file.parent.iterdir()] == ["profiles.json"]


def test_a_weights_name_that_is_no_valid_text_comes_back(paths: AppPaths) -> None:
    plan = StagePlan(segment=True, every_frame=True, segment_weights=Path("/m/\udcff.pt"))
    save_profile(paths, own("Odd", plan))
    assert load_profiles(paths).profiles[0].plan == plan


def test_the_same_name_is_replaced_in_its_place(paths: AppPaths) -> None:
    for name in ("One", "Two", "Three"):
        save_profile(paths, own(name))
    save_profile(paths, own("two", StagePlan()))
    assert load_profiles(paths).profiles == (own("One"), own("two", StagePlan()), own("Three"))
    delete_profile(paths, "ONE")
    assert names(load_profiles(paths)) == ["two", "Three"]


@pytest.mark.parametrize("name", ["pitstop", "Pit Stop", "EVERYTHING", "video analysis"])
def test_built_in_names_and_titles_are_not_given_away(paths: AppPaths, name: str) -> None:
    with pytest.raises(ValueError, match="choose another name"):
        save_profile(paths, own(name))
    assert not profiles_file(paths).exists()


def test_profiles_are_found_in_any_case_built_in_ones_first(paths: AppPaths) -> None:
    save_profile(paths, own("Tyres"))
    assert find_profile(paths, "VIDEO") is VIDEO
    assert find_profile(paths, "tyres") == own("Tyres")
    with pytest.raises(ValueError, match="pitstop, video, everything, Tyres"):
        find_profile(paths, "tires")


def test_unknown_keys_and_missing_ones_do_not_matter(paths: AppPaths) -> None:
    put(
        paths,
        {
            "version": 1,
            "color": "red",
            "profiles": [{"name": "Plain", "icon": 3, "plan": {"scenes": True, "future": []}}],
        },
    )
    assert load_profiles(paths) == LoadedProfiles((own("Plain", StagePlan(scenes=True)),), "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        [],
        {"profiles": []},
        {"version": True, "profiles": []},
        {"version": 1, "profiles": {}},
    ],
    ids=["empty", "cut", "no text", "deep", "list", "no version", "bool version", "no list"],
)
def test_a_damaged_file_is_kept_aside_and_told(paths: AppPaths, content: object) -> None:
    path = put(paths, content)
    before = path.read_bytes()
    loaded = load_profiles(paths)
    assert loaded.profiles == ()
    assert str(path) in loaded.trouble
    assert "damaged" in loaded.trouble
    aside = path.with_name("profiles.json.damaged")
    assert str(aside) in loaded.trouble
    assert aside.read_bytes() == before
    assert load_profiles(paths) == LoadedProfiles()
    save_profile(paths, own("New"))
    assert names(load_profiles(paths)) == ["New"]
    assert aside.read_bytes() == before


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(paths: AppPaths) -> None:
    for content in (b"first", b"second"):
        put(paths, content)
        load_profiles(paths)
    folder = profiles_file(paths).parent
    assert (folder / "profiles.json.damaged").read_bytes() == b"first"
    assert (folder / "profiles.json.damaged2").read_bytes() == b"second"


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("x", "no name"),
        ({"plan": {}}, "no name"),
        ({"name": "Odd", "plan": 3}, "Odd"),
        ({"name": "Odd", "plan": {"faces": "yes"}}, "faces"),
        ({"name": "Odd", "plan": {"detect": False}}, "switch on"),
        ({"name": "Odd", "plan": {"face_confidence": float("nan")}}, "face_confidence"),
        ({"name": " Odd", "plan": {}}, "visible"),
        ({"name": "good", "plan": {}}, "twice"),
        ({"name": "Everything", "plan": {}}, "built-in"),
    ],
)
def test_one_bad_profile_does_not_take_the_others_with_it(
    paths: AppPaths, entry: object, word: str
) -> None:
    good = {"name": "Good", "plan": plan_to_dict(PLAN)}
    path = put(paths, {"version": 1, "profiles": [good, entry]})
    before = path.read_bytes()
    loaded = load_profiles(paths)
    assert loaded.profiles == (own("Good"),)
    assert word in loaded.trouble
    assert path.with_name("profiles.json.damaged").read_bytes() == before
    assert load_profiles(paths) == LoadedProfiles((own("Good"),), "")


def test_the_file_of_a_newer_program_is_left_as_it_is(paths: AppPaths) -> None:
    path = put(paths, {"version": 2, "profiles": "in another way"})
    before = path.read_bytes()
    assert "newer program" in load_profiles(paths).trouble
    for change in (lambda: save_profile(paths, own("New")), lambda: delete_profile(paths, "New")):
        with pytest.raises(SettingsError, match="newer program"):
            change()
    assert path.read_bytes() == before
    with pytest.raises(ValueError, match="newer program"):
        find_profile(paths, "New")
    assert find_profile(paths, "video") in BUILT_IN


def test_a_file_that_cannot_be_read_is_not_written_over(paths: AppPaths) -> None:
    profiles_file(paths).mkdir(parents=True)
    assert "cannot be read" in load_profiles(paths).trouble
    with pytest.raises(SettingsError, match="cannot be read"):
        save_profile(paths, own("New"))


def test_a_damaged_file_that_cannot_be_moved_is_not_written_over(
    paths: AppPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = put(paths, b"{")
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SettingsError, match="damaged"):
        save_profile(paths, own("New"))
    assert path.read_bytes() == b"{"


def test_a_failed_write_leaves_what_was_there(
    paths: AppPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_profile(paths, own("Kept"))

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NotWritable, match="could not be written"):
        save_profile(paths, own("Lost"))
    assert names(load_profiles(paths)) == ["Kept"]
    assert [path.name for path in profiles_file(paths).parent.iterdir()] == ["profiles.json"]
