"""What the system says when something cannot be written, as the program's own errors."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import NoSpace, NotWritable, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Translate the system's errors of a block that writes into a folder.

    Raises:
        NotWritable: If it cannot be written to.
        NoSpace: If the disk is full.
    """
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        kind = NoSpace if error.errno == errno.ENOSPC else NotWritable
        raise kind(
            f"{folder} cannot be written to: {error.strerror or error}.",
            hint="Choose another folder or free some space.",
            path=folder,
        ) from error
