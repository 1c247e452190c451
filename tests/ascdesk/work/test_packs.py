"""The pack in use: the one that the council sent, and the carried one where none came or it is no use."""

from __future__ import annotations

import json

import pytest

from ascdesk.councils.carried import carried, carried_pack
from ascdesk.councils.pack import Pack, canonical, pack_of
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work.council import council_lines, lines_of
from ascdesk.work.packs import KEPT, keep_pack, kept_version, pack_in_use, wants
from ascdesk.work.worklist import worklist
from tests.support.casework import event, person
from tests.support.desks import NOW


def changed(file: str, old: str, new: str) -> Pack:
    """Return the carried pack with one thing written otherwise, as its next version."""
    texts = dict(carried_pack().files)
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    texts["council.toml"] = texts["council.toml"].replace("version = 2\n", "version = 3\n", 1)
    return pack_of(texts)


def test_the_carried_pack_stands_until_one_is_sent(record: Record) -> None:
    assert pack_in_use(record) == carried_pack()
    assert kept_version(record) == 0
    sent = changed("teams.toml", 'name = "Duty Team"', 'name = "Everyday Team"')
    assert keep_pack(record, canonical(sent)) == sent
    assert pack_in_use(record).team_name("duty") == "Everyday Team"
    assert kept_version(record) == carried_pack().version + 1


def test_a_broken_pack_is_refused_in_a_sentence_and_the_old_one_stays(record: Record) -> None:
    keep_pack(record, canonical(changed("teams.toml", "Duty Team", "Everyday Team")))
    parts = json.loads(canonical(carried_pack()))
    parts["files"]["teams.toml"] = "[[team]]\n"
    with pytest.raises(Refusal, match=r"stays.*teams\.toml, line 1"):
        keep_pack(record, json.dumps(parts))
    with pytest.raises(Refusal, match="damaged"):
        keep_pack(record, "nonsense")
    assert pack_in_use(record).team_name("duty") == "Everyday Team"


def test_a_kept_pack_that_this_version_no_longer_takes_gives_way_and_is_asked_for_again(
    record: Record,
) -> None:
    record.put(KEPT, '{"files": {}}')
    assert pack_in_use(record) == carried_pack()
    assert kept_version(record) == 0
    assert wants(record, 1)


def test_copies_and_worklist_say_what_the_kept_pack_says(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-20T10:00:00+00:00")
    keep_pack(record, canonical(changed("clocks.toml", "working_days = 2", "working_days = 4")))
    (entry,) = worklist(record, NOW).entries
    assert entry.why == "four working days from first contact"
    assert entry.due is not None
    assert entry.due.isoformat() == "2026-11-26T17:00:00+00:00"
    (by_the_carried,) = worklist(record, NOW, carried_pack()).entries
    assert by_the_carried.why == "two working days from first contact"
    assert lines_of(pack_in_use(record)) == council_lines()


@pytest.mark.parametrize("name", carried())
def test_the_worklist_speaks_the_packs_words(record: Record, name: str) -> None:
    pack = carried_pack(name)
    case = person(record, "Ann")
    event(record, case, "initial_contact", "2026-11-20T10:00:00+00:00")
    keep_pack(record, canonical(pack))
    (entry,) = worklist(record, NOW).entries
    words = pack.clocks.words["T1"]
    assert (entry.what, entry.why) == (words.todo, words.within)
    assert words.length in entry.why
