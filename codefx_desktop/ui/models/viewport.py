"""Which part of a picture a view shows, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace

LARGEST = 32.0
"""View pixels per picture pixel, at most."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A picture behind a window of another size.

    Attributes:
        view: Width and height of the view in its pixels.
        picture: Width and height of the picture in its pixels.
        scale: View pixels per picture pixel; None shows the whole picture as large as fits.
        centre: The place of the picture in the view's middle, 0 to 1 across and down.
    """

    view: tuple[float, float] = (1.0, 1.0)
    picture: tuple[float, float] = (1.0, 1.0)
    scale: float | None = None
    centre: tuple[float, float] = (0.5, 0.5)

    @property
    def fits(self) -> bool:
        """Whether the whole picture is shown as large as it goes."""
        return self.scale is None

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture just fits."""
        return min(self.view[0] / self.picture[0], self.view[1] / self.picture[1])

    @property
    def shown_scale(self) -> float:
        """View pixels per picture pixel as shown."""
        return self.fit_scale if self.scale is None else self.scale

    def rect(self) -> tuple[float, float, float, float]:
        """Return left, top, width, height of the whole picture in view pixels."""
        scale = self.shown_scale
        width, height = self.picture[0] * scale, self.picture[1] * scale
        left = self.view[0] / 2 - self.centre[0] * width
        top = self.view[1] / 2 - self.centre[1] * height
        return left, top, width, height

    def with_sizes(self, view: tuple[float, float], picture: tuple[float, float]) -> Viewport:
        """Return the same part in a view, or of a picture, of another size."""
        safe = (max(1.0, view[0]), max(1.0, view[1]))
        return _settled(replace(self, view=safe, picture=picture))

    def fitted(self) -> Viewport:
        """Return the whole picture."""
        return replace(self, scale=None, centre=(0.5, 0.5))

    def zoomed(self, factor: float, x: float, y: float) -> Viewport:
        """Return it larger or smaller, with what lies at a place of the view staying there."""
        left, top, width, height = self.rect()
        across, down = (x - left) / width, (y - top) / height
        scale = min(self.shown_scale * factor, max(LARGEST, self.fit_scale))
        if scale <= self.fit_scale:
            return self.fitted()
        centre = (
            across + (self.view[0] / 2 - x) / (self.picture[0] * scale),
            down + (self.view[1] / 2 - y) / (self.picture[1] * scale),
        )
        return _settled(replace(self, scale=scale, centre=centre))

    def panned(self, dx: float, dy: float) -> Viewport:
        """Return it with the picture moved by so many view pixels."""
        if self.scale is None:
            return self
        _, _, width, height = self.rect()
        centre = (self.centre[0] - dx / width, self.centre[1] - dy / height)
        return _settled(replace(self, centre=centre))


def _settled(port: Viewport) -> Viewport:
    """Keep the view full of picture; where the picture is smaller, put it in the middle."""
    if port.scale is None:
        return port
    if port.scale <= port.fit_scale:
        return port.fitted()
    places = []
    for at, view, picture in zip(port.centre, port.view, port.picture, strict=True):
        half = view / (2 * picture * port.scale)
        places.append(0.5 if half >= 0.5 else min(max(at, half), 1 - half))
    return replace(port, centre=(places[0], places[1]))
