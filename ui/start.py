"""``ASC Desk.exe``: starts ``ascdesk.exe`` beside it with no console. Windows alone (build.spec)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

if sys.platform == "win32":
    program = Path(sys.executable).with_name("ascdesk.exe")
    subprocess.Popen([program, *sys.argv[1:]], creationflags=subprocess.CREATE_NO_WINDOW)  # noqa: S603 (our own)
