"""What a PDF needs to know of a JPEG, and a JPEG without anything but its picture. Decodes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ascdesk.errors import Refusal

_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive: the frames that every PDF viewer reads."""
_FRAME: Final = 10
"""Bytes of a frame's part up to how many colour components there are."""
_APP0, _APP14, _APP15, _COMMENT = 0xE0, 0xEE, 0xEF, 0xFE
_NOT = "This is not a picture that can be printed. Take it out, or choose another one."


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG: pixels across and down, how many colour components, and bytes that hold nothing else."""

    width: int
    height: int
    components: int
    data: bytes


def read_jpeg(data: bytes) -> Jpeg:
    """Return a JPEG's measures, and its bytes without comments, places, dates and thumbnails.

    Raises Refusal for what is no JPEG, or one of a kind that PDF viewers do not read.
    """
    kept = [b"\xff\xd8"]
    frame: tuple[int, int, int] | None = None
    for marker, part in _parts(data):
        if marker in _FRAMES and len(part) >= _FRAME:
            frame = (int.from_bytes(part[7:9]), int.from_bytes(part[5:7]), part[9])
        # The colours of some need their Adobe part; every other application's part may tell on somebody.
        if not (_APP0 <= marker <= _APP15 and marker != _APP14) and marker != _COMMENT:
            kept.append(part)
    if frame is None or frame[2] not in (1, 3) or not frame[0] or not frame[1]:
        raise Refusal(_NOT)
    return Jpeg(*frame, b"".join(kept))


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each part with its marker; the last is the scan with all that follows, to the end mark."""
    if data[:2] != b"\xff\xd8":
        raise Refusal(_NOT)
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise Refusal(_NOT)
        marker = data[at + 1]
        if marker == _SCAN:
            yield marker, _scan(data, at)
            return
        length = int.from_bytes(data[at + 2 : at + 4])
        if length < 2:
            raise Refusal(_NOT)
        yield marker, data[at : at + 2 + length]
        at += 2 + length
    raise Refusal(_NOT)


def _scan(data: bytes, at: int) -> bytes:
    """Return from the scan to the end mark: what stands after it is no picture."""
    end = data.rfind(b"\xff\xd9")
    if end < at:
        raise Refusal(_NOT)
    first = data.find(b"\xff\xd9", at)
    return data[at : (first if first >= 0 else end) + 2]
