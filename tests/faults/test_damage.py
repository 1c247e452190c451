"""Row 18: a damaged page, a missing log, last week's folder put back: found, said, and nothing typed lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ascdesk.errors import PlainError, Unreadable
from ascdesk.record import examining
from ascdesk.record.backup import DAMAGED
from ascdesk.record.change import new_id
from ascdesk.record.pages import PAGE
from ascdesk.record.record import Record
from ascdesk.record.repair import repair
from sync.client.exchange import Outcome, synchronise
from tests.faults.writer import KEY
from tests.sync.council import Council, Laptop, open_test_council, serving

NIGHTLY = bool(os.environ.get("ASCDESK_NIGHTLY"))
"""In the nightly run every page is damaged, in the everyday run some."""


def now() -> datetime:
    return datetime.now(UTC)


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


@dataclass
class World:
    """A council, and a laptop in a folder of its own with sent, batched and unsent work."""

    council: Council
    laptop: Laptop
    case: str
    folder: Path

    @property
    def path(self) -> Path:
        return self.laptop._path

    def shut(self) -> None:
        self.laptop.record.close()

    def opened(self) -> None:
        self.laptop.record = Record(self.path, KEY, clock=now)

    def said(self) -> dict[str, set[object]]:
        heads = self.laptop.record.heads(self.case, [self.case])
        return {field: {head.content for head in found} for (_, field), found in heads.items()}


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("damage")
    council, case = open_test_council(f"sqlite:///{folder / 'council.db'}"), new_id()
    (folder / "profile").mkdir()
    with serving(council.app()) as address:
        laptop = Laptop(folder / "profile", council, "amina", address)
        world = World(council, laptop, case, folder / "profile")
        for number in range(40):
            laptop.write(case, f"sent {number}", "What she said, at some length. " * (1 + number * 7 % 90))
        assert sync(laptop).finished
        laptop.record.back_up()
        laptop.write(case, "batched", "Stored in a batch, and not answered")
        assert laptop.record.next_batch() is not None
        laptop.write(case, "unsent", "Typed at the kitchen table. " * 300)
        laptop.write(case, "unsent, short", "Typed last")
        laptop.record.close()
        yield world
    council.engine.dispose()


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    """Give a copy of the laptop's folder, with a council that has only this one's work."""
    folder = tmp_path / "profile"
    shutil.copytree(made.folder, folder)
    laptop = Laptop.__new__(Laptop)
    laptop.__dict__.update(made.laptop.__dict__)
    laptop._path = folder / made.laptop._path.name
    return World(made.council, laptop, made.case, folder)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x5A
    path.write_bytes(data)


def whole(world: World) -> None:
    """Check that everything is there again once the council was asked, and that it has the rest."""
    outcome = sync(world.laptop)
    assert (outcome.trouble, outcome.only_here, outcome.attention) == ("", 0, 0)
    said = world.said()
    assert said["unsent"] == {"Typed at the kitchen table. " * 300}
    assert said["unsent, short"] == {"Typed last"}
    assert said["batched"] == {"Stored in a batch, and not answered"}
    assert len(said) == 43
    assert all(len(values) == 1 for values in said.values())
    before = world.laptop.record.digest(world.case)
    world.laptop.record.rebuild()
    assert world.laptop.record.digest(world.case) == before


PAGES = 60
"""More pages than the record has: those beyond are skipped."""


@pytest.mark.fault(18)
@pytest.mark.parametrize("page", range(1, PAGES, 1 if NIGHTLY else 9))
@pytest.mark.parametrize("place", [30, 1500, PAGE - 40], ids=["head", "middle", "seal"])
def test_a_byte_flipped_in_any_page_is_found_and_nothing_typed_is_lost(
    world: World, page: int, place: int
) -> None:
    """Named mutation: a salvage that takes whole pages alone loses the words beside the flipped byte."""
    pages = world.path.stat().st_size // PAGE
    page = (page - 1) % pages + 1
    if page == 1 and place == 30:
        place = 90  # the salt: with it the whole file is noise, see below
    flip(world.path, (page - 1) * PAGE + place)
    examining.begin(world.path)  # the last session did not end by itself
    world.path.with_name(f"{world.path.name}-wal").touch()
    found = examining.examine(world.path, KEY)
    assert found.damaged
    assert "disk damaged" in found.words
    damaged = world.path.read_bytes()

    done = repair(world.path, KEY, now)

    assert (done.aside / world.path.name).read_bytes() == damaged
    assert done.unsent >= 2, "one of three may have stood under the flipped byte"
    assert done.sentences
    world.opened()
    said = world.said()
    lost = {"unsent", "unsent, short", "batched"} - set(said)
    assert len(lost) <= 1
    if not lost:
        whole(world)
    else:
        assert not sync(world.laptop).trouble
    assert not examining.examine(world.path, KEY).damaged
    world.shut()


@pytest.mark.fault(18)
def test_an_ordinary_start_finds_damage_where_looking_is_cheap(world: World) -> None:
    assert examining.examine(world.path, KEY) == examining.Findings()
    flip(world.path, 200)
    assert examining.examine(world.path, KEY).damaged


@pytest.mark.fault(18)
def test_a_copy_is_never_made_of_a_damaged_record_and_the_older_ones_stay(world: World) -> None:
    (before,) = (world.folder / "backup").glob("*.db")
    assert not examining.examine(before, KEY).damaged
    flip(world.path, PAGE * 9 + 50)
    world.opened()
    with pytest.raises(PlainError):
        world.laptop.record.back_up()
    assert [path.name for path in (world.folder / "backup").iterdir()] == [before.name]
    world.shut()


@pytest.mark.fault(18)
def test_without_the_salt_no_seal_holds_and_every_change_is_read_by_its_own_hash(world: World) -> None:
    flip(world.path, 3)
    assert examining.examine(world.path, KEY).unreadable
    assert repair(world.path, KEY, now).saved == 43
    world.opened()
    whole(world)
    world.shut()


@pytest.mark.fault(18)
def test_what_cannot_be_read_at_all_comes_from_the_copy_and_the_council(world: World) -> None:
    """Every page is noise; what was written after the copy lies in the escrow."""
    world.path.write_bytes(bytes(world.path.stat().st_size))
    assert examining.examine(world.path, KEY).unreadable
    done = repair(world.path, KEY, now)
    assert (done.saved, done.from_copy) == (0, 40)
    assert "copy of" in " ".join(done.sentences)
    world.opened()
    assert sync(world.laptop).trouble == ""
    assert {f"sent {number}" for number in range(40)} <= set(world.said())
    world.shut()


@pytest.mark.fault(18)
def test_without_a_copy_and_with_every_page_gone_nothing_is_made_anew(world: World) -> None:
    shutil.rmtree(world.folder / "backup")
    flip(world.path, 3)
    before = world.path.read_bytes()
    with pytest.raises(Unreadable, match="enrol this laptop again"):
        repair(world.path, KEY, now)
    assert world.path.read_bytes() == before


@pytest.mark.fault(18)
def test_a_page_of_the_log_is_salvaged_and_so_is_what_was_committed_after_it(world: World) -> None:
    """SQLite ends the log at the first broken frame; what came after it had been said to be saved."""
    world.opened()
    log = world.path.with_name(f"{world.path.name}-wal")
    for number in range(3):
        world.laptop.write(world.case, f"late {number}", f"Typed late {number}. " * 40)
    size = log.stat().st_size
    killed = world.folder.parent / "killed"
    shutil.copytree(world.folder, killed)
    world.shut()
    world.laptop._path = killed / world.path.name
    examining.begin(world.path)
    flip(world.path.with_name(log.name), 32 + 24 + 700)
    assert size > 5 * PAGE

    done = repair(world.path, KEY, now)

    world.opened()
    assert {f"late {number}" for number in range(3)} <= set(world.said())
    assert done.unsent >= 5
    whole_but = sync(world.laptop)
    assert whole_but.trouble == ""
    world.shut()


@pytest.mark.fault(18)
def test_a_log_that_is_missing_after_a_sudden_end_is_said(world: World) -> None:
    examining.begin(world.path)
    found = examining.examine(world.path, KEY)
    assert (found.log, found.damaged) == (True, False)
    assert "saved last" in found.words


@pytest.mark.fault(18)
def test_last_weeks_folder_put_back_goes_on_and_loses_nothing(world: World, tmp_path: Path) -> None:
    """What was sent since comes back; what was in last week's outbox is known; new work is taken."""
    week = tmp_path / "last week"
    shutil.copytree(world.folder, week)
    world.opened()
    assert sync(world.laptop).finished
    world.laptop.write(world.case, "this week", "Said since")
    assert sync(world.laptop).finished
    world.shut()
    shutil.rmtree(world.folder)
    week.rename(world.folder)

    assert not examining.examine(world.path, KEY).damaged
    world.opened()
    world.laptop.write(world.case, "again", "Said after it was put back")
    for _ in range(2):
        outcome = sync(world.laptop)
        assert (outcome.trouble, outcome.only_here, outcome.attention) == ("", 0, 0)
    said = world.said()
    assert said["this week"] == {"Said since"}
    assert said["again"] == {"Said after it was put back"}
    world.shut()


@pytest.mark.fault(1)
@pytest.mark.fault(18)
@pytest.mark.parametrize("when", range(6))
def test_a_repair_that_is_cut_short_begins_again_with_what_it_put_aside(
    world: World, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    from ascdesk.record import repair as module

    flip(world.path, PAGE * 7 + 900)
    steps = ["_sync", "salvage", "_newest_copy", "_write", "_put_in_place", "replace_durably"]
    cut = steps[when]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, cut, killed)
        with pytest.raises(KeyboardInterrupt):
            repair(world.path, KEY, now)
    if not world.path.exists():
        assert examining.examine(world.path, KEY).missing

    repair(world.path, KEY, lambda: now() + timedelta(minutes=1))

    world.opened()
    assert {"unsent", "unsent, short", "batched"} <= set(world.said())
    assert [one for one in (world.folder / DAMAGED).iterdir() if not (one / "repaired").exists()] == []
    world.shut()
