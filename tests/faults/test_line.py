"""The real client and the real server process with a bad line between them (faults 4, 5, 9, 13, 15)."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.record.tables import ChangeRow
from sync.client import parting
from sync.client.exchange import Outcome, synchronise
from sync.server import app
from sync.server.app import create_app
from sync.server.database import reading
from sync.server.issuer import BuiltInIssuer
from sync.server.projecting import catch_up
from sync.server.tables import device
from tests.faults.process import running
from tests.faults.proxy import Fate, Proxy, drawn, proxied
from tests.sync.asking import ask
from tests.sync.council import Council, Laptop, serving

FIELDS = ("given_name", "family_name", "pronouns")
Enrol = Callable[[str], Laptop]


@pytest.fixture
def proxy(fresh_council: Council) -> Iterator[Proxy]:
    """Give a line to a server process on each database."""
    with running(fresh_council) as address, proxied(address) as line:
        yield line


@pytest.fixture
def laptop(fresh_council: Council, proxy: Proxy, tmp_path: Path) -> Iterator[Enrol]:
    made: list[Laptop] = []

    def enrolled(worker: str) -> Laptop:
        made.append(Laptop(tmp_path, fresh_council, worker, proxy.url))
        return made[-1]

    yield enrolled
    for one in made:
        one.close()


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


def stored(council: Council, case: str) -> list[tuple[int, str]]:
    with reading(council.engine) as connection:
        query = select(ChangeRow.version, ChangeRow.id).where(ChangeRow.case == case)
        return [(row.version or 0, row.id) for row in connection.execute(query.order_by(ChangeRow.version))]


def chains(council: Council) -> set[tuple[int | None, bool]]:
    with reading(council.engine) as connection:
        return {(row.broken_at, row.cloned) for row in connection.execute(select(device))}


@pytest.mark.fault(4)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_is_cut_after_any_byte_is_asked_for_again(
    fresh_council: Council, laptop: Enrol, proxy: Proxy
) -> None:
    one, case = laptop("amina"), new_id()
    saved = []
    for at in (0.0, 0.01, 0.3, 0.7, 0.99, 0.999):
        saved.append(one.write(case, "given_name", f"Noor {at}").changes[0].id)
        proxy.fates = iter([Fate(), Fate("cut", at)])
        lost = sync(one)
        assert (lost.finished, lost.only_here) == (False, 1)
        assert stored(fresh_council, case)[-1][1] == saved[-1], "the server had committed"
        proxy.settle()
        assert sync(one).finished
    assert stored(fresh_council, case) == list(enumerate(saved, 1))
    assert [len(heads) for heads in one.record.heads(case, [case]).values()] == [1], (
        "no conflict with oneself"
    )
    assert chains(fresh_council) == {(None, False)}


@pytest.mark.fault(5)
@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(3, 40))]
)
def test_whatever_the_line_does_everything_arrives_once_and_in_order(
    fresh_council: Council, laptop: Enrol, proxy: Proxy, seed: int
) -> None:
    laptops, case, rolled = [laptop("amina"), laptop("amina")], new_id(), random.Random(seed)
    saved: set[str] = set()
    proxy.fates = drawn(seed)
    for number in range(12):
        one = rolled.choice(laptops)
        seen = rolled.random() < 0.7
        written = one.write(case, rolled.choice(FIELDS), f"text {number}", see=seen)
        saved |= {change.id for change in written.changes}
        outcome = sync(one)
        assert outcome.only_here == one.record.outgoing_count()
    troubled = {kind for _, kind in proxy.seen}
    proxy.settle()
    for one in [*laptops, *laptops]:
        outcome = sync(one)
        assert (outcome.finished, outcome.trouble) == (True, "")

    assert len(troubled) > 3, "the line was bad"
    held = stored(fresh_council, case)
    assert [version for version, _ in held] == list(range(1, len(held) + 1))
    assert {change for _, change in held} == saved
    assert chains(fresh_council) == {(None, False)}
    catch_up(fresh_council.engine)
    with reading(fresh_council.engine) as connection:
        assert {digest(connection, case)} == {one.record.digest(case) for one in laptops}
    assert all(one.record.attention() == () for one in laptops)


@pytest.mark.fault(9)
def test_a_sign_in_that_ends_in_the_middle_of_a_push_costs_nothing(
    fresh_council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council, case, now = fresh_council, new_id(), [1_800_000_000.0]
    monkeypatch.setattr(parting, "SEND_CHANGES", 3)
    issuer = BuiltInIssuer(council.engine, council.issuer, lambda: now[0])
    council.worker("amina")

    def sign_in(one: Laptop) -> None:
        got = issuer.tokens_for(council.username("amina"))
        endpoint = f"{one.record.get('server')}/issuer/token"
        told = {"access": got["access_token"], "refresh": got["refresh_token"], "endpoint": endpoint}
        one.record.put("tokens", {**told, "client_id": "asc-desk"})

    with (
        serving(create_app(council.engine, council.issuer, now=lambda: now[0])) as address,
        proxied(address) as line,
    ):
        one = Laptop(tmp_path, council, "amina", line.url)
        sign_in(one)
        for number in range(9):
            one.write(case, "given_name", f"Noor {number}")
        pushes: list[str] = []

        def pass_time(asked: str) -> None:
            if asked.endswith("/push"):
                pushes.append(asked)
                if len(pushes) == 2:
                    now[0] += council.issuer.token_seconds + 1  # ran out: renewed within the same exchange
                if len(pushes) == 5:
                    now[0] += 365 * 24 * 3600  # the sign-in itself has ended

        line.before = pass_time
        first = sync(one)
        assert (first.finished, first.sent, first.only_here) == (True, 9, 0)
        for number in range(9):
            one.write(case, "family_name", f"Haddad {number}")
        ended = sync(one)
        assert (ended.sign_in_needed, ended.finished, ended.only_here) == (True, False, 9)
        assert len(stored(council, case)) in (9, 12, 15), "whole requests, or nothing of them"
        typed = one.write(case, "pronouns", "she/her").changes
        assert typed, "working needs no sign-in"
        sign_in(one)
        after = sync(one)
        assert (after.finished, after.only_here) == (True, 0)
        held = stored(council, case)
        assert [version for version, _ in held] == list(range(1, 20))
        assert chains(council) == {(None, False)}
        one.close()


@pytest.mark.fault(13)
def test_what_is_typed_while_the_line_is_slow_is_saved_at_once_and_sent_later(
    fresh_council: Council, laptop: Enrol, proxy: Proxy
) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "N")
    on_the_way, let_go = threading.Event(), threading.Event()

    def hold(address: str) -> None:
        if address.endswith("/push") and not on_the_way.is_set():
            on_the_way.set()
            assert let_go.wait(60)

    proxy.before = hold
    outcomes: list[Outcome] = []
    syncing = threading.Thread(target=lambda: outcomes.append(sync(one)))
    syncing.start()
    assert on_the_way.wait(60)
    seen: frozenset[str] = frozenset()
    from ascdesk.record.writing import Edit

    for text in ("H", "Ha", "Had", "Hadd", "Haddad"):
        edit = Edit("person", case, "family_name", text, seen)
        seen = one.record.write(case, [edit], name="Edit", editor="an editor").heads[case, "family_name"]
    assert one.record.outgoing_count() == 2, "typing went on while the push was on its way"
    let_go.set()
    syncing.join(60)

    assert outcomes[0].finished
    heads = one.record.heads(case, [case])
    assert [head.content for head in heads[case, "family_name"]] == ["Haddad"]
    assert sync(one).only_here == 0
    assert len(stored(fresh_council, case)) == 2, "one paragraph is one change"


MESSAGES = Path(__file__).with_name("messages")


@pytest.mark.fault(15)
def test_an_old_laptop_may_always_push_and_is_told_before_it_pulls(
    fresh_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages as the laptops of protocol 1 send them, kept as data; the server speaks a later protocol."""
    council, told = fresh_council, json.loads((MESSAGES / "protocol-1.json").read_text())
    monkeypatch.setattr(app, "PROTOCOL", 7)
    monkeypatch.setattr(app, "PULLS_FROM", 5)
    council.worker("amina")
    headers = {"Authorization": f"Bearer {council.tokens('amina')['access_token']}"}
    served = council.app()

    def post(name: str) -> httpx.Response:
        return ask(served, "POST", f"/v1/{name}", json=told[name], headers=headers)

    assert post("enrol").status_code == 200
    pushed = post("push").json()
    pulled = post("pull")

    assert [answer["outcome"] for answer in pushed["answers"]] == ["stored", "stored"]
    assert [set(answer) for answer in pushed["answers"]] == [{"id", "outcome", "version", "received_at"}] * 2
    assert (pulled.status_code, pulled.json()["error"]) == (426, "upgrade")
    assert "Update ASC Desk" in pulled.json()["sentence"]
    monkeypatch.setattr(app, "PULLS_FROM", 1)
    answered = post("pull").json()
    assert [len(page["changes"]) for page in answered["pages"]] == [2]
    assert answered["orders"] == []


@pytest.mark.fault(15)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_laptop_with_an_old_server_keeps_its_work_and_says_so(
    fresh_council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.client import connection

    with serving(fresh_council.app()) as address:
        one, case = Laptop(tmp_path, fresh_council, "amina", address), new_id()
        one.write(case, "given_name", "Noor")
        monkeypatch.setattr(connection, "PROTOCOL", 99)
        outcome = sync(one)
        monkeypatch.undo()
        assert (outcome.finished, outcome.only_here) == (False, 1)
        assert "Its work stays here and safe." in outcome.trouble
        assert sync(one).sent == 1
        one.close()


@pytest.mark.fault(15)
def test_words_that_a_later_server_adds_are_passed_over(fresh_council: Council, tmp_path: Path) -> None:
    def add(parts: dict[str, Any]) -> dict[str, Any]:
        return {**parts, "from a later version": {"x": [1]}}

    class Later(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            return httpx.Response(answer.status_code, json=add(json.loads(answer.read())))

    with serving(fresh_council.app()) as address:
        one, two = (Laptop(tmp_path, fresh_council, "amina", address) for _ in range(2))
        one.write(new_id(), "given_name", "Noor")
        for laptop, wanted in ((one, (True, 1, 0)), (two, (True, 0, 1))):
            with (
                httpx.Client(transport=Later(), headers={"Accept-Encoding": "identity"}) as client,
                laptop.connection(client) as line,
            ):
                outcome = synchronise(laptop.record, line)
            assert (outcome.finished, outcome.sent, outcome.received) == wanted
            laptop.close()
