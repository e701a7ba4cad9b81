"""Which templates and camera profiles the start sheet offers, without its widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.settings.named_entries import same_name
from codefx_desktop.settings.templates import BUILT_IN_NAMES

if TYPE_CHECKING:
    from codefx_desktop.jobs.camera_desk import CameraDesk
    from codefx_desktop.jobs.camera_values import CameraList

UNKNOWN: Final = CameraProfile()
NO_CAMERA: Final = "Nothing is known of the camera"
OF_A_FILE: Final = "As the last job had it"
_NAMES: Final = {"f1": "Formula 1", "indycar": "IndyCar", "imsa": "IMSA / WEC", "nascar": "NASCAR"}
"""What the built-in templates are called until the list is there."""


class StopChoices(QObject):
    """What there is to choose from; asks for it at once, and hears of every change.

    Args:
        desk: Knows cameras and templates.
    """

    changed = Signal()

    def __init__(self, desk: CameraDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: dict[str, str] = {name: _NAMES[name] for name in BUILT_IN_NAMES}
        self._cameras: tuple[CameraProfile, ...] = ()
        self.is_known = False
        desk.listed.connect(self._on_list)
        desk.request_list()

    def templates(self, chosen: str) -> dict[str, str]:
        """Return what each template is called on screen, by its name.

        Args:
            chosen: Is among them even if it is there no more.
        """
        if chosen in self._labels:
            return self._labels
        return {**self._labels, chosen: f"{chosen} (not there any more)"}

    def has_template(self, name: str) -> bool:
        """Return whether a template is there, as far as that is known."""
        return name in self._labels or not self.is_known

    def cameras(self, chosen: CameraProfile) -> dict[str, CameraProfile]:
        """Return the profiles by what they are called on screen.

        Args:
            chosen: Is among them whether it is saved or not.
        """
        offered = {NO_CAMERA: UNKNOWN, **{one.name: one for one in self._cameras}}
        if chosen not in offered.values():
            offered[f"{chosen.name} (not saved)" if chosen.name else OF_A_FILE] = chosen
        return offered

    def newest(self, camera: CameraProfile) -> CameraProfile:
        """Return a profile as it is saved now; itself where it is not saved."""
        same = (one for one in self._cameras if camera.name and same_name(one.name, camera.name))
        return next(same, camera)

    def _on_list(self, found: CameraList) -> None:
        labels = {one.name: one.label for one in found.templates}
        if (labels, found.cameras, True) != (self._labels, self._cameras, self.is_known):
            self._labels, self._cameras, self.is_known = labels, found.cameras, True
            self.changed.emit()
