"""The list of further clips: what each is, what is true of it, how the usual ones are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nasty.encoding import FPS, encode
from nasty.pictures import HEIGHT, WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Further:
    """One clip and the facts, which are those of what was drawn and encoded.

    Attributes:
        make: Writes it.
        why: What it looks like and where it comes from.
        verdict: What a reader has to say of it.
        count: Pictures that are shown.
        first: Number that the first one carries.
        numbers: What the pictures carry, where they do not simply count up from ``first``.
        fewest: Fewest pictures that may be delivered; ``count`` where nothing is damaged.
        rate: Pictures per second; None where ``times_ms`` or nothing is known.
        times_ms: Time of each picture after the first.
        start_ms: Time of the first picture on the file's own clock; None where it is not fixed.
        interlaced: Whether it has fields.
        size: Width and height for a person.
        rotation: Degrees clockwise that the stored pictures have to be turned.
        mirrored: Whether left and right are swapped in the stored pictures.
        has_barcode: Whether the pictures are large enough to carry a number.
        tags: Metadata that is in the file.
        is_plain: Whether only its coding or size is out of the ordinary: looked at less often.
    """

    make: Callable[[Path], object]
    why: str
    verdict: str = "ok"
    count: int = 60
    first: int = 0
    numbers: tuple[int, ...] | None = None
    fewest: int | None = None
    rate: float | None = FPS
    times_ms: tuple[float, ...] | None = None
    start_ms: float | None = None
    interlaced: bool = False
    size: tuple[int, int] = (WIDTH, HEIGHT)
    rotation: int = 0
    mirrored: bool = False
    has_barcode: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)
    is_plain: bool = False

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers that the pictures carry, in order."""
        return self.numbers or tuple(range(self.first, self.first + self.count))

    @property
    def exact_ms(self) -> tuple[float, ...] | None:
        """Time of each picture after the first; None where it is not known."""
        if self.times_ms is not None or self.rate is None:
            return self.times_ms
        return tuple(number * 1000 / self.rate for number in range(self.count))


FURTHER: dict[str, Further] = {}


def add(name: str, make: Callable[[Path], object], why: str, **facts: object) -> None:
    """Register a clip."""
    if "count" not in facts and (numbers := facts.get("numbers")) is not None:
        facts["count"] = len(numbers)  # type: ignore[arg-type]
    FURTHER[name] = Further(make, why, **facts)  # type: ignore[arg-type]


def plain(  # noqa: PLR0913 - one line per clip
    name: str,
    why: str,
    codec: list[str] | None = None,
    mux: list[str] | None = None,
    *,
    n: int = 60,
    rate: float | None = 30,
    fps: int | str = 30,
    w: int = WIDTH,
    h: int = HEIGHT,
    vf: str = "",
    to_pipe: bool = False,
    **facts: object,
) -> None:
    """Register a clip that is one plain ``encode`` call."""

    def make(out: Path) -> None:
        encode(out, w=w, h=h, n=n, fps=fps, codec=codec, mux=mux or [], vf=vf, to_pipe=to_pipe)

    add(name, make, why, **{"count": n, "rate": rate, "size": (w, h), **facts})


def coding(name: str, *more: str) -> list[str]:
    """Return the settings of an encoder that runs on one thread: the same bytes everywhere."""
    return ["-c:v", name, "-threads", "1", *more]


def clocked(times: Sequence[int], ticks_per_s: int = 1000) -> tuple[str, list[str]]:
    """Return the filter and the settings that give pictures these times in ticks."""
    parts = [f"if(eq(N\\,{number})\\,{time}\\," for number, time in enumerate(times)]
    expression = "".join(parts) + "0" + ")" * len(times)
    settings = ["-fps_mode", "passthrough", "-enc_time_base", f"1:{ticks_per_s}"]
    return f"settb=1/{ticks_per_s},setpts={expression}", settings


def timed(
    name: str,
    why: str,
    times: list[int],
    mux: list[str],
    codec: list[str] | None = None,
    ticks_per_s: int = 1000,
    **facts: object,
) -> None:
    """Register a clip whose pictures have these times in ticks."""
    vf, clock = clocked(times, ticks_per_s)

    def make(out: Path) -> None:
        encode(out, n=len(times), codec=codec, vf=vf, mux=[*clock, *mux])

    exact = tuple(time * 1000 / ticks_per_s for time in times)
    add(name, make, why, **{"count": len(times), "rate": None, "times_ms": exact, **facts})
