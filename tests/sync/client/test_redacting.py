"""Words removed by the council's order: from the server, from laptops, from what arrives later, for ever."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select

from ascdesk.errors import Refusal
from ascdesk.record.change import hash_of, new_id
from ascdesk.record.digest import digest
from ascdesk.record.projection import rebuild
from ascdesk.record.tables import ChangeRow
from ascdesk.work import attention
from ascdesk.work.redactions import WRITTEN_OVER, removed_in
from sync.client.exchange import Outcome, synchronise
from sync.server import accounts, redacting
from sync.server.backing import back_up, restore
from sync.server.database import open_council, reading, writing
from sync.server.main import main
from sync.server.obeying import NOT_OURS
from sync.server.redacting import Wanted
from sync.server.tables import attachment_piece, device
from tests.support.pages import found
from tests.sync.council import KEY, NOON, Council, Laptop, enrolling, serving

Enrol = Callable[[str], Laptop]

MARK = "Quetzalcoatl"
OTHER = "Huitzilopochtli"


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        outcome = synchronise(laptop.record, connection)
    assert (outcome.finished, outcome.trouble) == (True, "")
    return outcome


@pytest.fixture
def laptop(fresh_council: Council, tmp_path: Path) -> Iterator[Enrol]:
    """Give a function that enrols one more laptop with a council of this test's own."""
    with enrolling(fresh_council, tmp_path) as enrolled:
        yield enrolled


def manager(council: Council) -> str:
    """Return the id of somebody who may have words removed."""
    details = {"name": "Devi Rao", "role": "Team manager"}
    return accounts.add_user(council.engine, f"devi-{new_id()}", details, None).id


def order(council: Council, case: str, *changes: str, files: tuple[str, ...] = ()) -> redacting.Done:
    wanted = Wanted(case, manager(council), "court-order", "Case 4 of 2026", changes, files)
    return redacting.remove(council.engine, wanted, NOON)


def left_at(engine: Engine, words: list[str]) -> set[str]:
    """Return those of the words that stand in any table of the server, or in any byte of its own files."""
    held = []
    tables = MetaData()
    with reading(engine) as connection:
        tables.reflect(connection)
        for table in tables.tables.values():
            held += [repr(tuple(row)) for row in connection.execute(select(table))]
    text = "\0".join(held).encode()
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        text += b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    return {word for word in words if word.encode() in text}


def left_on(laptop: Laptop, words: list[str]) -> set[str]:
    """Return those of the words that stand in a page, a frame or a file of a laptop."""
    read = found(laptop.record.folder / laptop._path.name, KEY, [word.encode() for word in words])
    return {word.decode() for word in read}


def same_everywhere(council: Council, case: str, *laptops: Laptop) -> None:
    """Check that everybody has the same heads and tables, that each seal holds, and that each chain does."""
    with writing(council.engine) as connection:
        there = digest(connection, case)
        rebuild(connection, case)
        assert digest(connection, case) == there
        rows = connection.execute(select(ChangeRow.__table__).where(ChangeRow.case == case)).mappings().all()
        query = select(device.c.broken_at, device.c.cloned)
        assert set(connection.execute(query).all()) == {(None, False)}
    from ascdesk.record.projection import from_row

    assert all(hash_of(change) == change.hash for change in map(from_row, rows))
    for one in laptops:
        assert one.record.digest(case) == there
        one.record.rebuild()
        assert one.record.digest(case) == there


@pytest.mark.fault(17)
def test_what_was_removed_is_found_nowhere_and_its_seal_holds(fresh_council: Council, laptop: Enrol) -> None:
    council, one, colleague, case = fresh_council, laptop("amina"), laptop("bashir"), new_id()
    wrong = one.write(case, "address", f"With {MARK} since March").changes[0]
    one.write(case, "given_name", "Noor")
    photo = one.record.attachments.keep(case, f"a picture of {MARK}".encode())
    sync(one)
    council.allocate("bashir", case)
    sync(colleague)
    for each in (one, colleague):
        while each.record.keep_search(str):
            pass
        assert each.record.search(MARK, ("person",))
    with one.record.reading() as session:
        assert removed_in(session, case) == {}

    done = order(council, case, wrong.id)

    assert (done.changes, done.later) == (1, ())
    assert left_at(council.engine, [MARK]) == set()
    for each in (one, colleague):
        assert left_on(each, [MARK]) == {MARK}
        sync(each)
        assert left_on(each, [MARK, "Noor"]) == {"Noor"}
        while each.record.keep_search(str):
            pass
        assert not each.record.search(MARK, ("person",))
        assert each.record.search("Noor", ("person",))
        with each.record.reading() as session:
            told = removed_in(session, case)[wrong.id]
        assert (told.by, told.why, told.reference) == (
            "Devi Rao",
            "by order of a court",
            "Case 4 of 2026",
        )
        past = each.record.history(case, case, "address")
        assert [(one.change.author, one.change.value, one.head) for one in past] == [
            (wrong.author, None, True)
        ]
        assert each.record.heads(case, [case]).get((case, "address")) is None
    same_everywhere(council, case, one, colleague)
    assert photo in one.record.attachments.of_case(case)
    one.write(case, "address", "12 Elm Street")
    assert (sync(one).attention, sync(colleague).received) == (0, 1)
    same_everywhere(council, case, one, colleague)


@pytest.mark.fault(17)
def test_what_was_written_over_it_meanwhile_waits_for_its_author_and_can_be_let_go(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one, offline, case = fresh_council, laptop("amina"), laptop("bashir"), new_id()
    wrong = one.write(case, "address", f"With {MARK} since March").changes[0]
    sync(one)
    council.allocate("bashir", case)
    sync(offline)
    over = offline.write(case, "address", f"With {MARK} since March, and {OTHER}").changes[0]
    offline.write(case, "given_name", "Noor")
    order(council, case, wrong.id)

    outcome = sync(offline)

    assert (outcome.sent, outcome.attention) == (1, 1)
    assert [(need.change.id, need.reason) for need in offline.record.attention()] == [(over.id, WRITTEN_OVER)]
    assert offline.record.heads(case, [case])[case, "address"][0].content.endswith(OTHER), "still readable"
    assert left_at(council.engine, [MARK, OTHER]) == set()

    attention.let_go(offline.record, over.id)

    assert left_on(offline, [MARK, OTHER]) == set()
    assert (sync(offline).sent, offline.record.attention(), offline.record.outgoing_count()) == (1, (), 0)
    sync(one)
    same_everywhere(council, case, one, offline)
    with pytest.raises(Refusal, match="does not wait"):
        attention.let_go(offline.record, over.id)


def test_undo_does_not_bring_it_back(fresh_council: Council, laptop: Enrol) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    wrong = one.write(case, "address", f"With {MARK}").changes[0]
    one.write(case, "address", "12 Elm Street")
    sync(one)
    done = order(council, case, wrong.id)
    assert len(done.later) == 1, "the officer is told to look at what was written over it"
    sync(one)
    assert one.record.undoable(case).undo is None
    assert left_on(one, [MARK]) == set()
    assert one.record.heads(case, [case])[case, "address"][0].content == "12 Elm Street"


@pytest.mark.fault(17)
@pytest.mark.fault(7)
def test_a_restored_server_gets_the_order_back_from_a_laptop(
    fresh_council: Council, laptop: Enrol, tmp_path: Path
) -> None:
    """The backup holds the words, one laptop slept through everything, another has the order."""
    council, one, asleep, case = fresh_council, laptop("amina"), laptop("bashir"), new_id()
    wrong = one.write(case, "address", f"With {MARK}").changes[0]
    sync(one)
    council.allocate("bashir", case)
    sync(asleep)
    back_up(council.engine, tmp_path / "night.backup", NOON)
    order(council, case, wrong.id)
    sync(one)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(tmp_path / "night.backup", url)
    restored = Council(open_council(url).engine, council.issuer, council.workers, council.mark)
    with serving(restored.app()) as address:
        for each in (asleep, one, asleep):
            kept = restored.tokens("amina" if each is one else "bashir")
            each.record.put("server", address)
            tokens = each.record.get("tokens") | {
                "access": kept["access_token"], "refresh": kept["refresh_token"],
                "endpoint": f"{address}/issuer/token",
            }  # fmt: skip
            each.record.put("tokens", {k: v for k, v in tokens.items() if k in each.record.get("tokens")})
            sync(each)
    assert left_on(asleep, [MARK]) == left_on(one, [MARK]) == set()
    redacting.clean(restored.engine)
    assert left_at(restored.engine, [MARK]) == set()
    same_everywhere(restored, case, one, asleep)
    restored.engine.dispose()


@pytest.mark.fault(7)
def test_a_restored_server_carries_out_the_orders_that_were_kept_beside_the_backup(
    fresh_council: Council, laptop: Enrol, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    wrong = one.write(case, "address", f"With {MARK}").changes[0]
    sync(one)
    back_up(council.engine, tmp_path / "night.backup", NOON)
    order(council, case, wrong.id)
    url = council.engine.url.render_as_string(hide_password=False)
    assert main(["redactions", "--database", url, str(tmp_path / "orders")]) == 0
    assert MARK not in (tmp_path / "orders").read_text()

    into = f"sqlite:///{tmp_path / 'restored.db'}"
    asked = ["restore", "--database", into, str(tmp_path / "night.backup")]
    assert main([*asked, "--redactions", str(tmp_path / "orders")]) == 0

    engine = open_council(into).engine
    assert left_at(engine, [MARK]) == set()
    assert redacting.bring_orders(engine, tmp_path / "orders", NOON) == 1, "twice is once"
    with reading(engine) as connection:
        versions = list(connection.scalars(select(ChangeRow.version).where(ChangeRow.case == case)))
    assert sorted(versions) == [1, 2]
    engine.dispose()
    foreign = json.loads((tmp_path / "orders").read_text())
    (tmp_path / "forged").write_text(json.dumps([one.record.device]))
    assert main([*asked[:-1], str(tmp_path / "night.backup"), "--redactions", str(tmp_path / "forged")]) != 0
    assert foreign
    capsys.readouterr()


def test_a_laptop_believes_only_what_the_council_signed_and_the_council_takes_no_order_from_a_laptop(
    fresh_council: Council, laptop: Enrol
) -> None:
    from ascdesk.record.writing import Edit

    council, one, colleague, case = fresh_council, laptop("amina"), laptop("bashir"), new_id()
    mine = one.write(case, "address", MARK).changes[0]
    sync(one)
    council.allocate("bashir", case)
    sync(colleague)
    told: Any = {
        "at": NOON, "by": "x", "by_name": "x", "reason": "council", "reference": "x",
        "changes": [mine.id], "files": [], "signature": "00" * 64,
    }  # fmt: skip
    colleague.record.write(case, [Edit("redaction", new_id(), "", told, kind="create")], name="Forge")

    assert sync(colleague).attention == 1
    assert colleague.record.attention()[0].reason == NOT_OURS
    assert left_at(council.engine, [MARK]) == {MARK}

    with writing(council.engine) as connection:  # as if the server's own log had been written to
        row = {"redaction": new_id()}
        from ascdesk.record.change import seal
        from sync.server.seed import add, device_in

        forged = seal(
            case=case, entity="redaction", row=row["redaction"], field="", kind="create", value=told,
            supersedes=(), group=new_id(), author="x", device=device_in(connection), wall=NOON,
        )  # fmt: skip
        add(connection, [forged], at=NOON)
    outcome = sync(one)
    assert "did not bear the council’s signature" in outcome.sentence
    assert left_on(one, [MARK]) == {MARK}


def test_a_file_is_thrown_away_everywhere_and_taken_from_nobody(
    fresh_council: Council, laptop: Enrol
) -> None:
    from ascdesk.record.writing import Edit

    council, one, colleague, case = fresh_council, laptop("amina"), laptop("bashir"), new_id()
    one.write(case, "given_name", "Noor")
    letter = one.record.attachments.keep(case, f"Dear {MARK}".encode())
    row = new_id()
    edits = [Edit("document", row, "", None, kind="create"), Edit("document", row, "sha256", letter)]
    one.record.write(case, edits, name="Issue")
    sync(one)
    council.allocate("bashir", case)
    sync(colleague)
    assert colleague.record.attachments.read(case, letter) == f"Dear {MARK}".encode()

    order(council, case, files=(letter,))
    sync(one)
    sync(colleague)

    for each in (one, colleague):
        assert each.record.attachments.of_case(case) == {}
        assert list((each.record.folder / "attachments").iterdir()) == []
        sync(each)
        assert each.record.attachments.of_case(case) == {}, "nor is it fetched again"
    with reading(council.engine) as connection:
        assert connection.execute(select(attachment_piece)).all() == []
    assert left_at(council.engine, [MARK]) == set()
    again = one.record.attachments.keep(case, f"Dear {MARK}".encode())
    assert again == letter
    sync(one)
    with reading(council.engine) as connection:
        assert connection.execute(select(attachment_piece)).all() == []


def test_only_a_manager_has_words_removed_with_a_reason_and_a_reference(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    wrong = one.write(case, "address", MARK).changes[0].id
    sync(one)
    devi, amina = manager(council), council.worker("amina").id
    for wanted, words in {
        Wanted(case, amina, "court-order", "4", (wrong,)): "Only a manager",
        Wanted(case, devi, "because", "4", (wrong,)): "Say why",
        Wanted(case, devi, "court-order", " ", (wrong,)): "reference",
        Wanted(case, devi, "court-order", "4"): "at least one",
        Wanted(case, devi, "court-order", "4", (new_id(),)): "no change",
        Wanted(case, devi, "court-order", "4", (), ("0" * 64,)): "no file",
        Wanted(new_id(), devi, "court-order", "4", (wrong,)): "no case",
    }.items():
        with pytest.raises(Refusal, match=words):
            redacting.remove(council.engine, wanted, NOON)
    assert left_at(council.engine, [MARK]) == {MARK}


def test_the_command_finds_the_words_and_asks_before_it_removes(
    fresh_council: Council,
    laptop: Enrol,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    wrong = one.write(case, "address", f"With  {MARK}\nsince March").changes[0].id
    one.write(case, "given_name", "Noor")
    sync(one)
    devi = manager(council)
    url = council.engine.url.render_as_string(hide_password=False)
    asked = ["redact", "--database", url, "--case", case, "--by", devi, "--reason", "wrong-person"]
    asked += ["--reference", "IG 12", "--containing-stdin"]

    def run(*more: str, words: str = f"with {MARK.lower()} since") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(words))
        main([*asked, *more])
        return "".join(capsys.readouterr())

    assert f"change {wrong}" in run()
    assert left_at(council.engine, [MARK]) == {MARK}
    assert "No change of this case holds these words" in run(words="Tezcatlipoca")
    assert json.loads(run("--yes", "--json"))["changes"] == 1
    assert left_at(council.engine, [MARK]) == set()
