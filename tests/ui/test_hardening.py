"""What both processes ask of the system; tried in a process of its own, because it cannot be taken back."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, os, resource
from ui.hardening import keep_to_ourselves
keep_to_ourselves()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE), os.umask(0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_no_dump_no_debugger_and_private_files() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"0 (0, 0) {0o077}"
