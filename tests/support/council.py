"""A demonstration council by itself: ``python -m tests.support.council FOLDER`` runs one until it is ended.

Prints one line of JSON: the server's ``url``, and a worker's ``username`` and ``password``.
"""

from __future__ import annotations

import json
import signal
import sys
from datetime import datetime
from pathlib import Path

from ui.demo.council import DemonstrationCouncil


def main(folder: Path) -> None:
    council = DemonstrationCouncil(folder)
    account, _ = council.found(datetime.now().astimezone())
    url = council.start()
    try:
        told = {"url": url, "username": account.username, "password": account.password}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        signal.pause()
    finally:
        council.stop()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main(Path(sys.argv[1]))
