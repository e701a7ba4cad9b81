"""How a job takes a pit stop apart: by which template, seen by which camera, and what is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from codefx_desktop.domain.camera_profile import CameraProfile

DEFAULT_TEMPLATE: Final = "f1"


@dataclass(frozen=True, slots=True)
class StopSettings:
    """Stored with the job, the camera's profile and its zones as they were when it was made.

    Attributes:
        template: Name of the template whose events are looked for.
        camera: What is known of the camera.
        draw: Draw zones, clock, events and corner times on the annotated video. They are known
            only when the whole clip was seen: it is then drawn in a pass of its own.
    """

    template: str = DEFAULT_TEMPLATE
    camera: CameraProfile = field(default_factory=CameraProfile)
    draw: bool = True

    def __post_init__(self) -> None:
        """Check the name.

        Raises:
            ValueError: If there is none.
        """
        if not self.template or self.template != self.template.strip():
            raise ValueError("template must name a template, such as f1")
