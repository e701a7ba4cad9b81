"""The boom camera: where it hangs, what it sees, how it shakes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.seeds import stream

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The camera at one instant.

    Attributes:
        centre_m: float64 (3,), world position in metres.
        rows: float64 (3, 3), image right, image down and forward as unit vectors in the world.
        focal_px: Focal length in pixels.
        width: Picture width in pixels.
        height: Picture height in pixels.
    """

    centre_m: Floats
    rows: Floats
    focal_px: float
    width: int
    height: int

    def project(self, points_m: Floats) -> Floats:
        """Return pixel positions, float64 (N, 2), of world points, float64 (N, 3), in metres."""
        seen = (points_m - self.centre_m) @ self.rows.T
        depth = np.maximum(seen[:, 2], 0.2)
        scale = self.focal_px / depth
        return np.stack(
            (self.width / 2 + seen[:, 0] * scale, self.height / 2 + seen[:, 1] * scale), axis=1
        )

    def depth(self, points_m: Floats) -> Floats:
        """Return how far, float64 (N,), world points lie ahead of the lens, metres."""
        ahead: Floats = (points_m - self.centre_m) @ self.rows[2]
        return ahead

    def ground_to_image(self) -> Floats:
        """Return the homography, float64 (3, 3), from ground metres (x, y, 1) to pixels."""
        intrinsic = np.array(
            [
                [self.focal_px, 0.0, self.width / 2],
                [0.0, self.focal_px, self.height / 2],
                [0.0, 0.0, 1.0],
            ]
        )
        plane = np.stack((self.rows[:, 0], self.rows[:, 1], -self.rows @ self.centre_m), axis=1)
        matrix: Floats = intrinsic @ plane
        matrix /= matrix[2, 2]
        return matrix


@dataclass(frozen=True, slots=True)
class Camera:
    """A boom camera over the box.

    Attributes:
        target_m: Where on the ground it points (x, y).
        height_m: Its height over the ground.
        tilt_m: How far it hangs beside the target, metres along x and y.
        yaw: Direction of image right on the ground, radians.
        roll: Radians.
        span_m: Ground width that the picture shows at the target.
        shake_m: How far the aim wanders, metres on the ground.
        shake_phase: Radians, six values.
    """

    target_m: tuple[float, float]
    height_m: float
    tilt_m: tuple[float, float]
    yaw: float
    roll: float
    span_m: float
    shake_m: float
    shake_phase: tuple[float, ...]

    def view(self, time_s: float, width: int, height: int) -> View:
        """Return what the camera is at an instant, for a picture of this size."""
        sway_x, sway_y, twist = self._sway(time_s)
        target = np.array([self.target_m[0] + sway_x, self.target_m[1] + sway_y, 0.0])
        centre = np.array(
            [
                self.target_m[0] + self.tilt_m[0] + 0.4 * sway_y,
                self.target_m[1] + self.tilt_m[1] - 0.4 * sway_x,
                self.height_m,
            ]
        )
        forward = target - centre
        distance = float(np.linalg.norm(forward))
        forward /= distance
        yaw = self.yaw + self.roll + twist
        right = np.array([math.cos(yaw), math.sin(yaw), 0.0])
        right -= forward * float(right @ forward)
        right /= float(np.linalg.norm(right))
        rows = np.stack((right, np.cross(forward, right), forward))
        return View(centre, rows, width * distance / self.span_m, width, height)

    def _sway(self, time_s: float) -> tuple[float, float, float]:
        p, size = self.shake_phase, self.shake_m
        slow_x = math.sin(1.9 * time_s + p[0]) + 0.35 * math.sin(7.3 * time_s + p[1])
        slow_y = math.sin(1.5 * time_s + p[2]) + 0.35 * math.sin(8.9 * time_s + p[3])
        fast = 0.12 * math.sin(31.0 * time_s + p[4])
        twist = 0.12 * size * math.sin(1.1 * time_s + p[5])
        return size * (slow_x + fast), size * (slow_y - fast), twist


def choose_camera(seed: int, shot: int) -> Camera:
    """Return the camera of a shot, chosen by the seed."""
    rng = stream(seed, "camera", shot)
    height = float(rng.uniform(8.0, 13.5))
    reach = height * math.tan(math.radians(float(rng.uniform(0.0, 22.0))))
    bearing = float(rng.uniform(0.0, 2 * math.pi))
    # The direction of travel is a property of the pit lane: all shots of a clip share it.
    reverse = math.pi if stream(seed, "direction").random() < 0.5 else 0.0
    return Camera(
        target_m=(float(rng.uniform(-0.6, 0.9)), float(rng.uniform(-0.5, 0.5))),
        height_m=height,
        tilt_m=(reach * math.cos(bearing), reach * math.sin(bearing)),
        yaw=reverse + math.radians(float(rng.normal(0.0, 5.0))),
        roll=math.radians(float(rng.normal(0.0, 1.5))),
        span_m=float(rng.uniform(10.4, 13.8)),
        shake_m=float(rng.choice([0.0, 0.004, 0.012, 0.03], p=[0.2, 0.4, 0.3, 0.1])),
        shake_phase=tuple(float(v) for v in rng.uniform(0, 2 * math.pi, 6)),
    )
