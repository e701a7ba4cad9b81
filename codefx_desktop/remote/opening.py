"""Opens targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import AccessRefused, SettingsError
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.folder_store import FolderStore
from codefx_desktop.remote.s3_store import S3Store

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.settings.secrets import Access


def open_store(target: Target, access: Access | None) -> ObjectStore:
    """Return the place of a target; opening a bucket's client takes most of a second.

    Args:
        target: The target.
        access: The key that signs; not looked at for a folder.

    Raises:
        SettingsError: If the target is not complete.
        AccessRefused: If it needs a secret and there is none.
    """
    if missing := target.missing:
        raise SettingsError(
            f"Target {target.name} is not complete: {', '.join(missing)} missing.",
            hint="Complete it in the target settings.",
        )
    if target.kind is TargetKind.FOLDER:
        return FolderStore(target)
    if access is None or not access.key_id or not access.secret:
        raise AccessRefused(
            f"No secret is known for target {target.name}.",
            hint="Enter its secret access key in the target settings.",
        )
    return S3Store(target, access)
