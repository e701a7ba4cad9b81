"""What file dialogs offer."""

from __future__ import annotations

from typing import Final

from codefx_desktop.domain.clip import CLIP_SUFFIXES

FOOTAGE: Final = f"Footage ({' '.join(f'*{suffix}' for suffix in CLIP_SUFFIXES)});;All files (*)"
