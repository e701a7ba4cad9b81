"""The workspaces of the window."""

from __future__ import annotations

from enum import StrEnum


class Workspace(StrEnum):
    """What a person is doing; each arranges the window in its own way."""

    PROCESS = "process"
    REVIEW = "review"
    COMPARE = "compare"
    STATISTICS = "statistics"
    ARTIFACTS = "artifacts"
