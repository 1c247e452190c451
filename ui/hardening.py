"""What both processes ask of the system before they touch a secret: private files, unread memory."""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4
_NO_HEAP = 1


def keep_to_ourselves() -> None:
    """Make new files private to their owner and forbid core dumps; where the system cannot, go on without."""
    os.umask(0o077)
    if sys.platform == "win32":
        _leave_the_heap_out_of_reports()
        return
    import resource  # noqa: PLC0415 - absent on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # neither a debugger of the same user nor a crash handler may read this process
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _leave_the_heap_out_of_reports() -> None:
    """Ask Windows Error Reporting not to take what is in memory along (WerSetFlags, werapi.h)."""
    if sys.platform == "win32":
        ctypes.WinDLL("kernel32").WerSetFlags(_NO_HEAP)
