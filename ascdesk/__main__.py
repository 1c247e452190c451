"""Runs the commands that need no screen: `python -m ascdesk forms …` and `python -m ascdesk rules …`."""

from __future__ import annotations

import sys

from ascdesk.cli import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    if status is None:
        sys.stderr.write("This runs forms and rules only. Use the command ascdesk for everything else.\n")
    sys.exit(2 if status is None else status)
