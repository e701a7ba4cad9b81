"""``codefx targets add``: a target of options, and its secret of the keyboard or a pipe."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, fail, say
from codefx_desktop.cli.target_work import NameArgument, worked
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.secrets import SecretPlace
from codefx_desktop.settings.settings import load_settings

_OF_KIND = {
    TargetKind.R2: ("bucket", "account_id", "access_key_id", "endpoint"),
    TargetKind.S3: (
        "bucket",
        "access_key_id",
        "endpoint",
        "region",
        "input_prefix",
        "output_prefix",
    ),
    TargetKind.FOLDER: ("folder",),
}


def add(
    name: NameArgument,
    kind: Annotated[TargetKind, typer.Option("--kind", help="What it is.")],
    bucket: Annotated[str | None, typer.Option("--bucket", help="For r2 and s3.")] = None,
    account_id: Annotated[
        str | None, typer.Option("--account-id", help="Of Cloudflare, for r2.")
    ] = None,
    access_key_id: Annotated[
        str | None,
        typer.Option(
            "--access-key-id", help="Which key signs; s3 without it: the standard AWS credentials."
        ),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Address of another server, for r2 and s3.")
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", help="For s3; else as the setting says.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="On a drive or a NAS, for folder.")
    ] = None,
    input_prefix: Annotated[
        str | None,
        typer.Option("--input-prefix", help="Before sources, for s3; else as the setting says."),
    ] = None,
    output_prefix: Annotated[
        str | None,
        typer.Option("--output-prefix", help="Before the rest, for s3; else as the setting says."),
    ] = None,
    url_ttl_s: Annotated[
        int | None, typer.Option("--url-ttl", help="Links work for so many seconds.")
    ] = None,
    retention_days: Annotated[
        int | None,
        typer.Option("--retention-days", help="The bucket's rules delete after so many days."),
    ] = None,
    abort_multipart_days: Annotated[
        int | None,
        typer.Option("--abort-multipart-days", help="The same for uploads that never ended."),
    ] = None,
    secret_stdin: Annotated[
        bool,
        typer.Option(
            "--secret-stdin",
            help="Read the secret from the standard input; a second line is a session token.",
        ),
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Change one there is.")] = False,
) -> None:
    """Add a target; its secret is asked for, and kept by the system's keyring."""
    given = {
        "bucket": bucket,
        "account_id": account_id,
        "access_key_id": access_key_id,
        "endpoint": endpoint,
        "region": region,
        "folder": folder,
        "input_prefix": input_prefix,
        "output_prefix": output_prefix,
        "url_ttl_s": url_ttl_s,
        "retention_days": retention_days,
        "abort_multipart_days": abort_multipart_days,
    }
    target = _target(name, kind, {key: value for key, value in given.items() if value is not None})
    if target.kind is TargetKind.FOLDER or not target.access_key_id:
        if secret_stdin:
            _wrong("A secret goes with --access-key-id.")
        secret, token = "", ""
    else:
        secret, token = _from_stdin() if secret_stdin else (_asked(target, replace=replace), "")
    _save(target, secret, token, was=name if replace else "")


def _target(name: str, kind: TargetKind, given: dict[str, Any]) -> Target:
    """Return the target of the options; what was not given is as the settings say.

    Raises:
        Exit: If something is wrong with them.
    """
    settings = load_settings()
    for key in sorted(given):
        if key not in _OF_KIND[kind] and any(key in keys for keys in _OF_KIND.values()):
            _wrong(f"{_option(key)} is not for targets of kind {kind}.")
    values: dict[str, Any] = {
        "url_ttl_s": settings.url_ttl_s,
        "retention_days": settings.retention_days,
        "abort_multipart_days": settings.abort_multipart_days,
    }
    if kind is TargetKind.S3:
        values["region"] = settings.s3_region
        values["input_prefix"] = settings.s3_input_prefix
        values["output_prefix"] = settings.s3_output_prefix
    values |= given
    for key in ("input_prefix", "output_prefix"):
        bare = values.get(key, "").strip("/")
        values[key] = f"{bare}/" if bare else ""
    if folder := given.get("folder"):
        values["folder"] = folder.expanduser().absolute()
    try:
        target = Target(name=name, kind=kind, **values)
    except ValueError as error:
        _wrong(f"{error}.")
    if target.missing:
        _wrong(f"A target of kind {kind} needs {' and '.join(map(_option, target.missing))}.")
    return target


def _from_stdin() -> tuple[str, str]:
    """Return the secret and the session token of the standard input; no token: empty.

    Raises:
        Exit: If there is nothing.
    """
    lines = [line.strip() for line in sys.stdin.read().splitlines()]
    if not lines or not lines[0]:
        _wrong("There was no secret on the standard input.")
    return lines[0], lines[1] if len(lines) > 1 else ""


def _asked(target: Target, *, replace: bool) -> str:
    """Ask for the secret where somebody can be asked; empty if it is known or is to come later."""
    place = worked(lambda keeper: keeper.secret_place(target))
    is_known = place is not SecretPlace.NOWHERE
    if not _is_keyboard() or (is_known and not replace):
        return ""
    text = "Secret access key (empty: the one there is)" if is_known else "Secret access key"
    return str(typer.prompt(text, default="", show_default=False, hide_input=True, err=True))


def _is_keyboard() -> bool:
    return sys.stdin.isatty()


def _save(target: Target, secret: str, session_token: str, *, was: str) -> None:
    """Keep the target and tell how that went.

    Raises:
        Exit: If the secret could not be kept.
    """
    try:
        note = worked(lambda keeper: keeper.save(target, secret, session_token, was=was))
        place = worked(lambda keeper: keeper.secret_place(target))
    except ValueError as error:
        _wrong(f"{error}.")
    say(f"Target {target.name} is kept. Try it: codefx targets test {shlex.quote(target.name)}")
    if note:
        fail(f"{note} That is now.")
    if place is SecretPlace.NOWHERE:
        fail(
            "Its secret is not known: give it with --replace, or set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY in the environment."
        )
    if note:
        raise typer.Exit(EXIT_FAILED)


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"


def _wrong(message: str) -> NoReturn:
    fail(message)
    raise typer.Exit(EXIT_USAGE)
