"""How long tests wait for what will come; only a test that fails waits so long."""

from __future__ import annotations

from typing import Final

PATIENCE_S: Final = 60
"""As long as a busy machine may need."""
