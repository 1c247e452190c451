"""What is copied here stays on this laptop: kept out of the clipboard's history and of the cloud.

Windows looks for three formats beside the words ("Cloud Clipboard and Clipboard History Formats" in its
documentation); the clipboard managers of Linux look for the hint that password managers give.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard

_PICTURE: Final = "application/x-qt-image"
_NO: Final = struct.pack("<I", 0)


def _of_windows(name: str) -> str:
    """Return how Qt names a format of Windows' own."""
    return f'application/x-qt-windows-mime;value="{name}"'


_MARKS: Final[Mapping[str, Mapping[str, bytes]]] = {
    "win32": {
        _of_windows("ExcludeClipboardContentFromMonitorProcessing"): _NO,
        _of_windows("CanIncludeInClipboardHistory"): _NO,
        _of_windows("CanUploadToCloudClipboard"): _NO,
    },
    "linux": {"x-kde-passwordManagerHint": b"secret"},
}


def marks(platform: str = sys.platform) -> Mapping[str, bytes]:
    """Return what is laid beside copied words so that no history keeps them, by format."""
    return _MARKS.get(platform, {})


class PrivateClipboard(QObject):
    """Marks whatever this program puts on the clipboard, from any field or button; others' it leaves."""

    def __init__(
        self, clipboard: QClipboard, parent: QObject | None = None, is_ours: Callable[[], bool] | None = None
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._is_ours = is_ours or clipboard.ownsClipboard  # which Qt's offscreen system never says
        clipboard.dataChanged.connect(self._mark)

    def _mark(self) -> None:
        if not self._is_ours():
            return
        held = self._clipboard.mimeData()
        if held is None or all(held.hasFormat(name) for name in marks()):
            return
        self._clipboard.setMimeData(_marked(held))

    def forget(self) -> None:
        """Take what this program copied off the clipboard: the person leaves."""
        if self._is_ours():
            self._clipboard.clear()


def _marked(held: QMimeData) -> QMimeData:
    """Return the same words and pictures, with the marks."""
    marked = QMimeData()
    if held.hasImage():
        marked.setImageData(held.imageData())
    for name in held.formats():
        if name == _PICTURE:
            continue  # Qt's own name for what was just set; its bytes are none
        marked.setData(name, held.data(name))
    for name, value in marks().items():
        marked.setData(name, value)
    return marked
