"""PouchDB 9 and pouchdb-server to compare with: installed outside the repository, same documents."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.councils import metered

HERE = Path(__file__).parent / "pouchdb"
SIZES = (250, 1_000, 2_500, 5_000, 10_000)
KEPT = "ASCDESK_BENCH_POUCHDB"
"""The environment's name of a folder to install into and keep, so that the next run need not install."""

MISSING = "PouchDB was not measured: node or npm is not installed, or the packages could not be had"


Documents = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Pouch:
    """What PouchDB took, in milliseconds, each at its own best batch size; bytes for each document."""

    push: float
    pull: float
    nothing: float
    push_size: int
    pull_size: int
    bytes_each: float
    nothing_bytes: float


def pouch(documents: Documents, typical: Documents) -> Pouch | None:
    """Measure PouchDB with the documents, its bytes with the typical ones; ``None`` where it is missing."""
    with tempfile.TemporaryDirectory(prefix="ascdesk-pouchdb-") as name:
        folder = _installed(Path(os.environ.get(KEPT) or Path(name) / "installed"))
        if folder is None:
            return None
        with _server(folder, Path(name)) as address:
            given, wire = Path(name) / "given.json", Path(name) / "typical.json"
            given.write_text(json.dumps(list(documents)), encoding="utf-8")
            wire.write_text(json.dumps(list(typical)), encoding="utf-8")
            found = _measured(folder, "all", address, given, SIZES)
            with metered(address) as meter:
                _measured(folder, "push", meter.address, wire, (500,))
                sent = meter.up / len(typical)
                _measured(folder, "nothing", meter.address, wire, (500,))  # what it asks for is there now
                meter.reset()
                _measured(folder, "nothing", meter.address, wire, (500,))
                nothing_bytes = meter.up + meter.down
    push = min(found, key=lambda one: one["push"])
    pull = min(found, key=lambda one: one["pull"])
    nothing = min(one["nothing"] for one in found)
    return Pouch(
        push["push"], pull["pull"], nothing, int(push["size"]), int(pull["size"]), sent, nothing_bytes
    )


def _installed(folder: Path) -> Path | None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    if not (folder / "node_modules" / "pouchdb-server").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(HERE / name, folder / name)
        # Nothing of a package runs at installation: leveldown carries what it needs ready made.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        command += ["--omit-lockfile-registry-resolved"]
        if subprocess.run(command, cwd=folder, check=False, timeout=900).returncode != 0:
            return None
    shutil.copyfile(HERE / "measure.js", folder / "measure.js")
    return folder


@contextlib.contextmanager
def _server(folder: Path, data: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = folder / "node_modules" / "pouchdb-server" / "bin" / "pouchdb-server"
    kept = data / "server"
    kept.mkdir()
    command = ["node", str(program), "--host", "127.0.0.1", "--port", str(port), "--dir", str(kept)]
    with (data / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--no-stdout-logs"], cwd=data, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            break
    raise RuntimeError("pouchdb-server did not start")


def _measured(
    folder: Path, what: str, address: str, given: Path, sizes: Sequence[int]
) -> list[dict[str, float]]:
    command = ["node", str(folder / "measure.js"), what, address, str(given.parent), str(given)]
    done = subprocess.run(
        [*command, *map(str, sizes)], cwd=folder, check=True, stdout=subprocess.PIPE, timeout=900
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
