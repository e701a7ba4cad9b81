"""The key that signs requests to a bucket."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Access:
    """The key that signs requests to a bucket. Its secrets never show in its text.

    Attributes:
        key_id: Names the key.
        secret: Signs.
        session_token: Goes with keys that are valid for a time only; empty otherwise.
    """

    key_id: str
    secret: str = field(repr=False)
    session_token: str = field(default="", repr=False)
