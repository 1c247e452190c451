"""Whether the person is about to leave: the session was locked, or the laptop goes to sleep.

Windows alone tells it, to the windows that ask (WTSRegisterSessionNotification, WM_POWERBROADCAST). On any
other system the idle clock is the only one that notices.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtWidgets import QWidget

SESSION_CHANGED: Final = 0x02B1
POWER_CHANGED: Final = 0x0218
_GONE: Final = {
    (SESSION_CHANGED, 0x2),  # another person took over the screen (WTS_CONSOLE_DISCONNECT)
    (SESSION_CHANGED, 0x4),  # the remote screen was cut off (WTS_REMOTE_DISCONNECT)
    (SESSION_CHANGED, 0x6),  # signing out (WTS_SESSION_LOGOFF)
    (SESSION_CHANGED, 0x7),  # locked (WTS_SESSION_LOCK)
    (POWER_CHANGED, 0x4),  # about to sleep (PBT_APMSUSPEND)
}


def says_gone(message: int, reason: int) -> bool:
    """Say whether a message of Windows (winuser.h, wtsapi32.h) means that the person goes."""
    return (message, reason) in _GONE


class Leaving(QObject):
    """Says ``gone`` as the session is locked or the laptop goes to sleep, while there is time to write."""

    gone = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.ear = _Ear(self) if sys.platform == "win32" else None

    def stop(self) -> None:
        """Listen no more."""
        if self.ear is not None:
            self.ear.close()


class _Ear(QWidget):
    """A window that nobody sees: Windows calls Python for its messages alone, not for every window's."""

    def __init__(self, leaving: Leaving) -> None:
        super().__init__()
        self._leaving = leaving
        self._register(int(self.winId()))  # asking for it makes the system's window

    def nativeEvent(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        """Hear what Windows says, and leave it to Qt as well."""
        if sys.platform == "win32":
            from ctypes import wintypes  # noqa: PLC0415 (Windows alone)

            told = wintypes.MSG.from_address(int(message))
            if says_gone(told.message, told.wParam):
                self._leaving.gone.emit()
        return super().nativeEvent(kind, message)

    @staticmethod
    def _register(window: int) -> None:
        """Ask to be told of locking; where Windows will not, sleep and the idle clock remain."""
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 (Windows alone)

            register = ctypes.WinDLL("wtsapi32").WTSRegisterSessionNotification
            register.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
            register(window, 0)  # NOTIFY_FOR_THIS_SESSION
