"""The pass that draws and encodes the annotated video where its drawing needs the whole clip.

::

    decode, with what is kept of the frame ─► overlay ─► paint, encode, preview

When a gun began is known only afterwards: a video that shows a stop as it happens is drawn when
everything has been seen. Decoding again costs far less than looking at a frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.pools import Group
from codefx_desktop.jobs.rendering import Drawn
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.overlay import Overlays
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.progress import StageMeter
    from codefx_desktop.jobs.rendering import Renderer
    from codefx_desktop.video.reader import FrameReader


@dataclass(frozen=True, slots=True, eq=False)
class RenderPass:
    """Draws all frames of a clip that was analysed.

    Attributes:
        reader: Delivers the frames.
        store: The file in which everything found is.
        overlays: Makes what is drawn of detections.
        renderer: Paints and encodes.
        size: Frames that may wait between the two workers.
        cancel: Asked between two frames.
        needs_outlines: Whether segments or faces are drawn, too.
    """

    reader: FrameReader
    store: Path
    overlays: Overlays
    renderer: Renderer
    size: int
    cancel: CancelSignal
    needs_outlines: bool

    def run(self, progress: StageMeter) -> None:
        """Draw to the end of the clip.

        Raises:
            Cancelled: If the person cancelled.
            CodefxError: Whatever trouble the first failing worker had.
        """
        drawn: Channel[Drawn] = Channel(self.size)

        def fetch() -> None:
            for item in self._items():
                drawn.put(item)
            drawn.close()

        Group(drawn.stop).run([fetch, lambda: self.renderer.work(drawn, progress)])

    def _items(self) -> Iterator[Drawn]:
        with DetectionReader(self.store) as store:
            kept = store.frames(with_outlines=self.needs_outlines)
            found = next(kept, None)
            for frame in self.reader:
                if self.cancel.is_set():
                    raise Cancelled
                while found is not None and found.number < frame.number:
                    found = next(kept, None)
                here = FrameFindings(frame.number, frame.time)
                if found is not None and found.number == frame.number:
                    here = found
                shown = here.detections or Detections.empty()
                overlay = self.overlays.build(frame.number, frame.time.seconds, shown)
                yield Drawn(frame, here, overlay)
