"""What matters of an error that a bucket sent, without anything that is secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_WAIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Said:
    """An error that a server sent.

    Attributes:
        place: The bucket, for a person.
        operation: S3's name of the call.
        key: The object it was about; may be empty.
        code: S3's name of the error, or the status where there was no text.
        message: The server's own words, without secrets.
        status: Of HTTP.
        headers: Of the answer, in lower case.
        offset_s: The server's clock minus ours; None where it does not say.
    """

    place: str
    operation: str
    key: str
    code: str
    message: str
    status: int
    headers: Mapping[str, str]
    offset_s: float | None


def said(
    answer: Mapping[str, Any], operation: str, place: str, key: str, secrets: Sequence[str]
) -> Said:
    """Take what matters of a client's error.

    Args:
        answer: The client's parsed answer.
        operation: S3's name of the call.
        place: The bucket, for a person.
        key: The object it was about; may be empty.
        secrets: What may not stand in any text.
    """
    meta = answer.get("ResponseMetadata", {})
    error = answer.get("Error", {})
    headers = {name.lower(): value for name, value in meta.get("HTTPHeaders", {}).items()}
    message = str(error.get("Message", "")).partition("\n")[0][:200]
    for secret in secrets:
        message = message.replace(secret, "...")
    return Said(
        place=place,
        operation=operation,
        key=key,
        code=str(error.get("Code", "")),
        message=message.strip().rstrip("."),
        status=int(meta.get("HTTPStatusCode", 0)),
        headers=headers,
        offset_s=offset_s(headers.get("date") or error.get("ServerTime")),
    )


def offset_s(told: str | None) -> float | None:
    """Return a clock minus ours, from the ``Date`` of an answer or AWS' ``ServerTime``."""
    if not told:
        return None
    try:
        there = datetime.fromisoformat(told) if told[0].isdigit() else parsedate_to_datetime(told)
    except ValueError:
        return None
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    return (there - datetime.now(UTC)).total_seconds()


def seconds(retry_after: str | None) -> float:
    """Return how long a server wants to be left alone, within reason."""
    try:
        return min(max(float(retry_after or 0), 0.0), LONGEST_WAIT_S)
    except ValueError:
        until = offset_s(retry_after)
        return min(max(until or 0.0, 0.0), LONGEST_WAIT_S)
