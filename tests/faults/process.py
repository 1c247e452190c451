"""The real server as the process that an administrator starts, over a database that a test looks into."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.sync.council import ISSUER, Council


@contextmanager
def running(council: Council) -> Iterator[str]:
    """Run ``ascdesk-server`` over the council's database; yields its address on loopback."""
    url = council.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "sync.server.main", "run", "--port", "0", "--database", url, "--json"]
    public = ISSUER.removesuffix("/issuer")
    with subprocess.Popen([*command, "--public-url", public], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
        finally:
            process.terminate()
            process.wait(20)
