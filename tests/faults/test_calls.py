"""Killed, or refused by the disk, at chosen system calls of a real process that writes and synchronises.

Store, attachments, the escrow's file and the sync loop at once (faults 1 and 3): what was said to be saved or
kept is there when it opens again, one ordinary synchronisation finishes, and no file is left unclean.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ascdesk.record.attachments import FOLDER
from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.vault.escrow import UNSENT_NAME, open_escrow, read_key
from ascdesk.work import photos, safekeeping
from sync.client.exchange import Outcome, synchronise
from sync.server.database import reading
from sync.server.escrows import make_recovery_key
from sync.server.projecting import catch_up
from tests.sync.council import Council, Laptop, open_test_council, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux’s")

SYNCER = Path(__file__).with_name("syncer.py")


@dataclass
class World:
    """A council, a laptop that is enrolled and shut, and the case that it works on."""

    council: Council
    laptop: Laptop
    case: str
    key: Path

    def run(self, inject: str) -> list[str]:
        """Let the process run until the system call that is chosen; return what it had said by then."""
        call = inject.partition(":")[0]
        command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={inject}"]
        ended = subprocess.run(
            [*command, sys.executable, str(SYNCER), str(self.laptop._path), self.case],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = ended.stdout.splitlines()
        assert ended.returncode != 1, ended.stderr[-2000:]
        assert "ended" not in said or "error=" in inject, "it was to be killed before it ended by itself"
        return said


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    make_recovery_key(council.engine, tmp_path / "key")
    (tmp_path / "laptop").mkdir()
    with serving(council.app()) as address:
        laptop, case = Laptop(tmp_path / "laptop", council, "amina", address), new_id()
        laptop.write(case, "given_name", "Noor")
        sync(laptop)
        laptop.record.close()
        yield World(council, laptop, case, tmp_path / "key")
        laptop.close()
    council.engine.dispose()


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


def nothing_lost(world: World, said: list[str]) -> None:
    """Open it as the next start does; look for what was said, and let one synchronisation finish."""
    one, case = world.laptop, world.case
    one.reopen()
    fields = {place[1] for place in one.record.heads(case, [case])}
    assert {f"field {line.split()[1]}" for line in said if line.startswith("saved")} <= fields
    for line in said:
        if line.startswith("kept"):
            assert photos.open_photo(one.record, case, line.split()[1])
    safekeeping.renew(one.record)
    unsent = one.record.folder / UNSENT_NAME
    if unsent.exists():
        assert open_escrow(unsent.read_bytes(), read_key(world.key)).unopened == 0

    outcome = sync(one)

    assert (outcome.trouble, outcome.only_here, outcome.attention) == ("", 0, 0)
    assert outcome.files_here == ""
    catch_up(world.council.engine, [case])
    with reading(world.council.engine) as connection:
        assert digest(connection, case) == one.record.digest(case)
    safekeeping.renew(one.record)
    assert not unsent.exists(), "nothing is unsent"
    one.record.attachments.sweep()
    rows = one.record.attachments.of_case(case)
    files = list((one.record.folder / FOLDER).iterdir()) if (one.record.folder / FOLDER).is_dir() else []
    assert len(files) == sum(row.here for row in rows.values()), "each file has its row, each row its file"


KILLS = [
    ("pwrite64", 40), ("pwrite64", 150), ("pwrite64", 333), ("fsync", 5), ("fsync", 21),
    ("write", 8), ("rename", 2), ("sendto", 5), ("recvfrom", 12), ("unlink", 2),
]  # fmt: skip
LAST = {"pwrite64": 470, "fsync": 45, "write": 22, "rename": 6, "sendto": 37, "recvfrom": 40, "unlink": 4}
"""How many of each it makes, about: at night the whole of them, every so often."""

MORE = [(call, when) for call, last in LAST.items() for when in range(1, last, max(1, last // 12))]


@pytest.mark.fault(1)
@pytest.mark.parametrize(
    ("call", "when"), [*KILLS, *(pytest.param(*one, marks=pytest.mark.nightly) for one in MORE)]
)
def test_killed_at_any_call_it_goes_on_where_it_was(world: World, call: str, when: int) -> None:
    nothing_lost(world, world.run(f"{call}:signal=KILL:when={when}"))


@pytest.mark.fault(3)
@pytest.mark.parametrize(
    "inject",
    [
        "pwrite64:error=ENOSPC:when=60+",
        "pwrite64:error=ENOSPC:when=230+",
        "fsync:error=EIO:when=6+",
        "fsync:error=EIO:when=20+",
        "write:error=ENOSPC:when=4+2",
        "rename:error=EIO:when=3+",
    ],
)
def test_a_disk_that_refuses_at_any_call_costs_nothing_that_was_said(world: World, inject: str) -> None:
    said = world.run(inject)
    assert any(line.startswith("saved") for line in said) or "trouble" in " ".join(said)
    nothing_lost(world, said)
