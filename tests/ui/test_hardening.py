"""What both processes ask of the system; tried in a process of its own, because it cannot be taken back."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import ctypes, os, resource
from ui.hardening import keep_to_ourselves
keep_to_ourselves()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE), os.umask(0))
"""


# what Windows then does with a report, only a real one shows: docs/windows.md
SCRIPT_FOR_WINDOWS = """
from ui import hardening
hardening.keep_to_ourselves()
print("asked")
"""


def test_no_dump_no_debugger_and_private_files() -> None:
    script, said = SCRIPT, f"0 (0, 0) {0o077}"
    if sys.platform == "win32":
        script, said = SCRIPT_FOR_WINDOWS, "asked"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
