"""A laptop's record and the council's server, brought together by a real exchange over loopback."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from ascdesk.record.change import Change, new_id
from ascdesk.record.digest import digest
from ascdesk.record.tables import ChangeRow
from ascdesk.record.writing import Edit
from ascdesk.work.directory import colleagues
from sync.client import exchange, parting
from sync.client.connection import Connection, Tokens
from sync.client.enrol import connect
from sync.client.exchange import ANOTHERS, Outcome, Progress, synchronise
from sync.client.parting import groups_of, halved, parts_of
from sync.protocol import Pulled, Pushed, Same
from sync.server.app import create_app
from sync.server.database import new_epoch, reading, writing
from sync.server.issuer import BuiltInIssuer
from sync.server.projecting import catch_up
from tests.sync.asking import ask
from tests.sync.client.machine import BadLine
from tests.sync.council import Council, Device, Laptop, open_test_council, serving

Enrol = Callable[[str], Laptop]


def sync(laptop: Laptop, client: httpx.Client | None = None) -> Outcome:
    with laptop.connection(client) as connection:
        return synchronise(laptop.record, connection)


def test_what_one_laptop_sends_another_holds_the_same(council: Council, laptop: Enrol) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = new_id()
    first.write(case, "given_name", "Noor")
    first.write(case, "family_name", "Haddad")

    sent = sync(first)
    fetched = sync(second)

    assert (sent.finished, sent.sent, sent.only_here, sent.trouble) == (True, 2, 0, "")
    assert (fetched.finished, fetched.received, fetched.new_cases) == (True, 2, (case,))
    assert sent.sentence.startswith("The council now holds 2 changes more from this laptop.")
    assert fetched.sentence == "2 changes came from the council. The council holds everything on this laptop."
    catch_up(council.engine)
    with reading(council.engine) as connection:
        held = digest(connection, case)
    assert first.record.digest(case) == held == second.record.digest(case)


@pytest.mark.fault(12)
def test_two_texts_for_one_field_are_both_on_both_laptops(laptop: Enrol) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = new_id()
    first.write(case, "given_name", "Noor")
    sync(first)
    sync(second)
    first.write(case, "family_name", "Haddad")
    second.write(case, "family_name", "Hadad")

    for one in (first, second, first):
        assert sync(one).finished

    for one in (first, second):
        heads = one.record.heads(case, [case])[case, "family_name"]
        assert {head.content for head in heads} == {"Haddad", "Hadad"}


class Counting:
    """A connection that notes what is asked of the server."""

    def __init__(self, inner: Connection) -> None:
        self.inner = inner
        self.asked: list[str] = []

    def same(self, wanted: str, beside: str = "") -> Same:
        self.asked.append("same")
        return self.inner.same(wanted, beside)

    def push(self, changes: Sequence[Any]) -> Pushed:
        self.asked.append("push")
        return self.inner.push(changes)

    def pull(self, cursors: Any, beside: Any = None, **more: Any) -> Pulled:
        self.asked.append("pull")
        return self.inner.pull(cursors, beside, **more)

    def readings(self, lines: Any) -> tuple[int, ...]:
        self.asked.append("readings")
        return self.inner.readings(lines)


def test_nothing_to_do_is_one_small_question(laptop: Enrol) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    sync(one)

    with one.connection() as connection:
        counting = Counting(connection)
        outcome = synchronise(one.record, counting)

    assert counting.asked == ["same"]
    assert outcome.finished
    assert outcome.sentence == "The council holds everything on this laptop."


@pytest.mark.fault(13)
def test_what_is_typed_meanwhile_goes_in_the_same_synchronisation(laptop: Enrol) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    typed = {"asking": [], "sending": ["Haddad"], "fetching": ["Hadad", "Hadid"]}

    def type_on(progress: Progress) -> None:
        if typed[progress.step]:
            one.write(case, "family_name", typed[progress.step].pop())

    with one.connection() as connection:
        outcome = synchronise(one.record, connection, type_on)

    assert (outcome.finished, outcome.sent, outcome.only_here) == (True, 4, 0)


@pytest.mark.fault(20)
def test_a_poisoned_change_stays_on_the_laptop_with_its_text_and_the_rest_goes(
    laptop: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    bad = one.write(case, "family_name", "Haddad").changes[0].id
    one.write(case, "pronouns", "she/her")
    really = exchange.to_wire

    def damaged(change: Change) -> dict[str, Any]:
        return really(change if change.id != bad else replace(change, hash="0" * 64))

    monkeypatch.setattr(exchange, "to_wire", damaged)
    outcome = sync(one)
    again = sync(one)

    assert (outcome.sent, outcome.attention, outcome.only_here) == (2, 1, 1)
    assert "One change needs your attention." in outcome.sentence
    assert (again.sent, again.attention, again.only_here, again.finished) == (0, 0, 1, True)
    assert [(need.change.content, bool(need.reason)) for need in one.record.attention()] == [("Haddad", True)]


@pytest.mark.fault(4)
def test_a_lost_answer_changes_nothing(council: Council, laptop: Enrol) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    line = BadLine(cuts=["pass", "lose the answer"])

    with httpx.Client(transport=line) as client:
        lost = sync(one, client)
    one.write(case, "family_name", "Haddad")
    assert (lost.finished, lost.only_here) == (False, 1)
    assert "no connection to the council" in lost.sentence

    assert sync(one).sent == 2
    with reading(council.engine) as connection:
        query = select(ChangeRow.version).where(ChangeRow.case == case).order_by(ChangeRow.version)
        assert list(connection.scalars(query)) == [1, 2]
    assert len(one.record.heads(case, [case])) == 2


@pytest.mark.fault(9)
def test_a_token_that_ran_out_is_renewed_and_kept(council: Council, tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    issuer = BuiltInIssuer(council.engine, council.issuer, lambda: now[0])
    council.worker("amina")
    old = issuer.tokens_for(council.username("amina"))
    with serving(create_app(council.engine, council.issuer, now=lambda: now[0])) as address:
        one, case = Laptop(tmp_path, council, "amina", address), new_id()
        tokens = Tokens(old["access_token"], old["refresh_token"], f"{address}/issuer/token", "asc-desk")
        one.record.put("tokens", tokens.as_json())
        one.write(case, "given_name", "Noor")
        now[0] += council.issuer.token_seconds + 1

        with connect(one.record) as connection:
            outcome = synchronise(one.record, connection)

        assert outcome.finished
        assert one.record.get("tokens")["access"] != old["access_token"]
        now[0] += 365 * 24 * 3600
        one.write(case, "family_name", "Haddad")
        ended = sync(one)
        one.close()
    assert (ended.sign_in_needed, ended.only_here) == (True, 1)
    assert "sign in again" in ended.sentence


def test_a_busy_server_is_believed_about_how_long_to_wait(laptop: Enrol) -> None:
    one = laptop("amina")
    told = httpx.Response(503, json={"error": "busy", "sentence": "Busy."}, headers={"Retry-After": "17"})

    with httpx.Client(transport=httpx.MockTransport(lambda _: told)) as client:
        outcome = sync(one, client)

    assert (outcome.finished, outcome.retry_after, outcome.sign_in_needed) == (False, 17.0, False)


@dataclass
class Refusing(httpx.HTTPTransport):
    """A line to the real server on which one address is refused, or answers with nothing in it."""

    address: str
    status: int

    def __post_init__(self) -> None:
        super().__init__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse, or pass the request on."""
        if request.url.path.endswith(self.address):
            return httpx.Response(self.status, text="no")
        return super().handle_request(request)


@pytest.mark.parametrize("status", [200, 400, 404, 409, 418, 500])
@pytest.mark.parametrize("address", ["/same", "/push"])
def test_no_refusal_is_taken_for_success(laptop: Enrol, address: str, status: int) -> None:
    """Only a receipt takes a change out of what is only on this laptop."""
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")

    with httpx.Client(transport=Refusing(address, status)) as client:
        outcome = sync(one, client)

    assert (outcome.finished, outcome.sent, outcome.only_here) == (False, 0, 1)
    assert sync(one).sent == 1


@pytest.mark.fault(21)
def test_an_empty_server_or_another_councils_is_refused_and_nothing_is_deleted(
    small_council: Council, tmp_path: Path
) -> None:
    other = open_test_council(f"sqlite:///{tmp_path / 'other.db'}")
    with serving(small_council.app()) as address:
        one, case = Laptop(tmp_path, small_council, "amina", address), new_id()
        one.write(case, "given_name", "Noor")
        sync(one)
    one.write(case, "family_name", "Haddad")
    before = one.record.digest(case)
    with serving(other.app()) as address:
        stranger = Laptop(tmp_path, other, "amina", address)
        with stranger.connection() as connection:
            outcome = synchronise(one.record, connection)
        stranger.close()

    assert not outcome.finished
    assert "not the server of Coventry" in outcome.trouble
    assert (one.record.digest(case), outcome.only_here) == (before, 1)
    with reading(other.engine) as connection:
        assert connection.scalar(select(ChangeRow.id)) is None
    one.close()
    other.engine.dispose()


@pytest.mark.fault(7)
@pytest.mark.parametrize(("told", "writes"), [(True, True), (False, True), (False, False)])
def test_a_server_that_went_back_in_time_gets_back_what_it_lost(
    fresh_council: Council, tmp_path: Path, told: bool, writes: bool
) -> None:
    council, case = fresh_council, new_id()
    with serving(council.app()) as address:
        first, second = (Laptop(tmp_path, council, "amina", address) for _ in range(2))
        for name in ("Noor", "Nora", "Norah"):
            first.write(case, "given_name", name)
        sync(first)
        sync(second)
        go_back(council, case, 1)
        if told:
            new_epoch(council.engine)
        if writes:
            second.write(case, "family_name", "Haddad")
        outcomes = [sync(one) for one in (second, first, second)]
        ended = [one.record.digest(case) for one in (first, second)]
        first.close()
        second.close()

    assert all(outcome.finished for outcome in outcomes)
    assert case in outcomes[0].offered_again
    catch_up(council.engine)
    with reading(council.engine) as connection:
        assert [digest(connection, case)] * 2 == ended
        assert ended[0].changes == (4 if writes else 3)


def go_back(council: Council, case: str, version: int) -> None:
    """Make the council forget what came after ``version``."""
    from sync.server.tables import counter

    with writing(council.engine) as connection:
        gone = ChangeRow.__table__.delete().where(ChangeRow.case == case, ChangeRow.version > version)
        connection.execute(gone)
        last = connection.scalar(select(ChangeRow.id).where(ChangeRow.case == case))
        values = {"version": version, "last_id": last or "", "projected_version": 0}
        connection.execute(update(counter).where(counter.c.case == case).values(values))
        for table in ("superseded", "head", "person"):
            connection.exec_driver_sql(f"delete from {table}")


@pytest.mark.fault(7)
@pytest.mark.parametrize("then", ["nothing", "a colleague writes", "the laptop writes"])
def test_what_was_receipted_and_then_lost_is_offered_again(
    fresh_council: Council, tmp_path: Path, then: str
) -> None:
    """The laptop had its receipt but no page since, so that its cursor is one that the old server knows."""
    council, case = fresh_council, new_id()
    with serving(council.app()) as address:
        first, second = (Laptop(tmp_path, council, "amina", address) for _ in range(2))
        first.write(case, "given_name", "Noor")
        sync(first)
        sync(second)
        second.write(case, "pronouns", "they/them")
        sync(second)  # so that the receipt is for a version beyond the cursor
        first.write(case, "family_name", "Haddad")
        with httpx.Client(transport=BadLine(cuts=["pass", "pass", "lose"])) as client:
            assert (sync(first, client).sent, first.record.cursors()[case].version) == (1, 1)
        go_back(council, case, 1)
        if then == "nothing":
            new_epoch(council.engine)
        elif then == "a colleague writes":
            second.write(case, "pronouns", "she/her")
            sync(second)
        else:
            first.write(case, "pronouns", "she/her")
        outcome = sync(first)
        first.close()
        second.close()

    assert outcome.finished
    catch_up(council.engine)
    with reading(council.engine) as connection:
        fields = set(connection.scalars(select(ChangeRow.field).where(ChangeRow.case == case)))
    assert {"given_name", "family_name"} <= fields


@pytest.mark.fault(7)
def test_a_case_of_which_no_page_ever_came_is_offered_again_too(
    fresh_council: Council, tmp_path: Path
) -> None:
    """A change of another laptop's lies before the receipt, so that it moves no cursor."""
    council, case = fresh_council, new_id()
    with serving(council.app()) as address:
        other, one = (Laptop(tmp_path, council, "amina", address) for _ in range(2))
        other.write(case, "family_name", "Haddad")
        sync(other)
        other.close()
        one.write(case, "given_name", "Noor")
        with httpx.Client(transport=BadLine(cuts=["pass", "pass", "lose"])) as client:
            assert sync(one, client).sent == 1
        assert case not in one.record.cursors()
        go_back(council, case, 0)
        new_epoch(council.engine)
        outcome = sync(one)
        one.close()

    assert (outcome.finished, outcome.sent, outcome.received) == (True, 1, 0)


def test_what_this_laptop_wrote_does_not_come_back_to_it(council: Council, laptop: Enrol) -> None:
    """A receipt moves the cursor where nothing of anybody else's lies between; else a page brings all."""
    one, two, case = laptop("amina"), laptop("amina"), new_id()
    for field in ("given_name", "family_name"):
        one.write(case, field, "Noor")
    assert (sync(one).received, one.record.cursors()[case].version) == (0, 2)
    assert sync(two).received == 2
    two.write(case, "pronouns", "she/her")
    sync(two)
    one.write(case, "given_name", "Nour")
    assert (sync(one).received, one.record.cursors()[case].version) == (2, 4)


@pytest.mark.fault(17)
def test_a_case_taken_away_is_named_and_its_unsent_work_goes_to_the_council(
    council: Council, laptop: Enrol
) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    sync(one)
    council.deallocate("amina", case)
    one.write(case, "family_name", "Haddad")

    outcome = sync(one)

    assert (outcome.late, outcome.removed, outcome.only_here) == (1, (case,), 0)
    colleague = laptop("bashir")  # who never wrote in it before: by that the council would know them, too
    council.allocate("bashir", case)
    sync(colleague)
    council.deallocate("bashir", case)
    colleague.write(case, "family_name", "Hadad")
    assert sync(colleague).late == 1


def test_the_record_is_only_touched_where_the_caller_says(laptop: Enrol) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    work: queue.Queue[tuple[Callable[[], Any], queue.Queue[Any]] | None] = queue.Queue()
    touched: set[int] = set()

    def database() -> None:
        while (item := work.get()) is not None:
            touched.add(threading.get_ident())
            item[1].put(item[0]())

    def on_database(call: Callable[[], Any]) -> Any:
        answer: queue.Queue[Any] = queue.Queue()
        work.put((call, answer))
        return answer.get()

    thread = threading.Thread(target=database)
    thread.start()
    with connect(one.record, on_database) as connection:
        outcome = synchronise(one.record, connection, on_database=on_database)
    work.put(None)
    thread.join()

    assert outcome.finished
    assert threading.get_ident() not in touched


@pytest.mark.fault(20)
def test_what_is_too_large_together_is_divided_by_whole_groups(
    laptop: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, case = laptop("amina"), new_id()
    from sync.server import app

    monkeypatch.setattr(app, "MAX_CHANGES", 3)
    for _ in range(5):
        edits = [Edit("person", case, field, "x") for field in ("given_name", "family_name")]
        one.record.write(case, edits, name="Two at once")
    edits = [Edit("person", case, f"f{n}", "x") for n in range(4)]
    one.record.write(case, edits, name="More than the server takes")

    outcome = sync(one)

    assert (outcome.sent, outcome.attention, outcome.finished) == (10, 4, True)


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=8), data=st.data())
def test_requests_hold_whole_groups_in_order_and_no_more_than_they_should(
    sizes: list[int], data: st.DataObject
) -> None:
    device, case = Device("amina", new_id()), new_id()
    changes = []
    for size in sizes:
        group = new_id()
        changes += [device.sealed(case, "x", n, group=group) for n in range(size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parting, "SEND_CHANGES", data.draw(st.integers(1, 9)))
        parts = list(parts_of(changes))
        most = parting.SEND_CHANGES

    assert [change for part in parts for change in part] == changes
    assert all(len(part) <= most or len(groups_of(part)) == 1 for part in parts)
    assert sum(len(groups_of(part)) for part in parts) == len(sizes)
    halves = halved(changes)
    assert (halves is None) == (len(sizes) == 1)
    assert halves is None or halves[0] + halves[1] == changes


def test_a_damaged_page_changes_nothing(council: Council, laptop: Enrol) -> None:
    first, second, case = laptop("amina"), laptop("amina"), new_id()
    first.write(case, "given_name", "Noor")
    sync(first)

    class Damaging(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            body = answer.read().replace(b"Noor", b"Nope")
            headers = {"Content-Type": "application/json"}
            return httpx.Response(answer.status_code, content=body, headers=headers)

    with httpx.Client(transport=Damaging(), headers={"Accept-Encoding": "identity"}) as client:
        outcome = sync(second, client)

    assert "damaged on the way" in outcome.trouble
    assert second.record.cases() == ()
    assert sync(second).received == 1


@pytest.mark.fault(5)
def test_an_answer_to_another_laptop_is_not_taken_in(laptop: Enrol) -> None:
    """A soak over one line for several laptops gave one of them what was another's, and it was kept."""
    amina, ben, case = laptop("amina"), laptop("ben"), new_id()
    amina.write(case, "given_name", "Noor")
    sync(amina)
    again, theirs = laptop("amina"), []

    class Noting(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if request.url.path == "/v1/pull":
                theirs.append(answer.read())
            return answer

    class Misled(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if request.url.path != "/v1/pull":
                return answer
            return httpx.Response(200, content=theirs[0], headers={"Content-Type": "application/json"})

    plain = {"Accept-Encoding": "identity"}
    with httpx.Client(transport=Noting(), headers=plain) as client:
        assert sync(again, client).received == 1
    with httpx.Client(transport=Misled(), headers=plain) as client:
        outcome = sync(ben, client)

    assert (outcome.finished, outcome.trouble) == (False, ANOTHERS)
    assert ben.record.cases() == ()
    assert sync(ben).finished


def test_about_needs_no_token(small_council: Council) -> None:
    assert ask(small_council.app(), "GET", "/v1/about").json()["council"]["name"] == "Coventry"


def test_the_directory_of_workers_comes_beside_the_cases(laptop: Enrol, council: Council) -> None:
    one = laptop("amina")
    sync(one)
    assert council.workers["amina"].id in {held.id for held in colleagues(one.record)}

    kiran = council.worker("kiran")
    sync(one)

    (found,) = (held for held in colleagues(one.record) if held.id == kiran.id)
    assert found.name == "Kiran"
    assert not sync(one).received
