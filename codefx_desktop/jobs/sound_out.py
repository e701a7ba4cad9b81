"""Where sound is heard: the system's own output, as long as this machine has one.

QtMultimedia links to the system's sound libraries, which a bare machine lacks; it is imported
when sound is first wanted, and whoever cannot have it is told why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from codefx_desktop.domain.errors import DeviceError

if TYPE_CHECKING:
    from PySide6.QtCore import QIODevice
    from PySide6.QtMultimedia import QAudioSink

RATE_HZ: Final = 48_000
FRAME_BYTES: Final = 8
"""Left and right, float32."""
BUFFER_S: Final = 0.1
"""The device has so much ahead: longer than the main thread is ever busy while footage plays."""


class SoundOut(Protocol):
    """A device that samples are written to; float32, left and right, ``RATE_HZ``."""

    def start(self, volume: float) -> None:
        """Begin to play what is written; ``volume`` is 0 to 1 as it is heard."""
        ...

    def free_bytes(self) -> int:
        """Return how much can be written now."""
        ...

    def write(self, data: bytes) -> int:
        """Write samples; return how many bytes were taken."""
        ...

    def processed_s(self) -> float:
        """Return how much of what was written the device has taken for playing, in seconds."""
        ...

    def set_volume(self, volume: float) -> None:
        """Play louder or quieter, 0 to 1 as it is heard."""
        ...

    def stop(self) -> None:
        """Play nothing any more, at once."""
        ...


class SoundSystem:
    """The system's sound through QtMultimedia."""

    def load(self) -> None:
        """Import what speaks to the system; takes a moment, belongs on a worker.

        Raises:
            DeviceError: If it cannot be imported here.
        """
        try:
            import PySide6.QtMultimedia  # noqa: F401, PLC0415 - links to what a machine may lack
        except ImportError as error:
            raise DeviceError(
                f"There is no sound here: {error}.",
                hint="On Debian and Ubuntu the package libpulse0 brings what is missing.",
            ) from error

    def open(self) -> SoundOut:
        """Return the output that the system plays on; in the main thread, after ``load``.

        Raises:
            DeviceError: If there is none.
        """
        from PySide6.QtMultimedia import (  # noqa: PLC0415 - see above
            QAudioFormat,
            QAudioSink,
            QMediaDevices,
        )

        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            raise DeviceError(
                "There is no sound here: this machine has no sound output.",
                hint="Connect one, then open the clip again.",
            )
        wanted = QAudioFormat()
        wanted.setSampleRate(RATE_HZ)
        wanted.setChannelCount(2)
        wanted.setSampleFormat(QAudioFormat.SampleFormat.Float)
        if not device.isFormatSupported(wanted):
            raise DeviceError(
                f"There is no sound here: {device.description()} takes no {RATE_HZ} Hz stereo.",
                hint="Choose another output in the system's settings.",
            )
        return QtSoundOut(QAudioSink(device, wanted))


class QtSoundOut:
    """A ``QAudioSink`` that samples are pushed to.

    Args:
        sink: The sink.
    """

    def __init__(self, sink: QAudioSink) -> None:
        self._sink = sink
        self._sink.setBufferSize(round(BUFFER_S * RATE_HZ) * FRAME_BYTES)
        self._to: QIODevice | None = None

    def start(self, volume: float) -> None:
        """Begin to play what is written."""
        self.set_volume(volume)
        self._to = self._sink.start()

    def free_bytes(self) -> int:
        """Return how much can be written now."""
        return int(self._sink.bytesFree()) if self._to is not None else 0

    def write(self, data: bytes) -> int:
        """Write samples; return how many bytes were taken."""
        return max(0, int(self._to.write(data))) if self._to is not None else 0

    def processed_s(self) -> float:
        """Return how much the device has taken for playing."""
        return float(self._sink.processedUSecs()) / 1e6

    def set_volume(self, volume: float) -> None:
        """Play louder or quieter; ears hear the square."""
        self._sink.setVolume(volume**2)

    def stop(self) -> None:
        """Play nothing any more."""
        self._sink.reset()
        self._to = None
