"""The server's addresses: who is let in, what is too much, a full disk, and what others may not see."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from ascdesk.record.change import new_id
from ascdesk.record.models import Person
from ascdesk.record.tables import ChangeRow
from sync.protocol import MAX_BODY, MAX_UNPACKED, PROTOCOL
from sync.server.app import create_app
from sync.server.database import reading, writing
from sync.server.tables import audit, counter, unprojected
from sync.server.tables import device as devices
from sync.server.tables import user as users
from sync.server.tokens import IssuerSettings
from tests.sync.asking import ask
from tests.sync.council import Council, Device

Json = Any
PACKED = gzip.compress(b"{}", mtime=0)


class Caller:
    """A worker's laptop that talks to the application without a socket."""

    def __init__(self, council: Council, app: FastAPI, name: str) -> None:
        self.device = council.device(name)
        self.app = app
        self.headers = {"Authorization": f"Bearer {council.tokens(name)['access_token']}"}

    def push(self, changes: Json, **more: Json) -> httpx.Response:
        message = {"protocol": PROTOCOL, "device": self.device.id, "changes": changes} | more
        return ask(self.app, "POST", "/v1/push", json=message, headers=self.headers)

    def pull(self, cursors: Json, **more: Json) -> httpx.Response:
        message = {"protocol": PROTOCOL, "device": self.device.id, "cursors": cursors} | more
        return ask(self.app, "POST", "/v1/pull", json=message, headers=self.headers)


@pytest.fixture
def app(council: Council) -> FastAPI:
    return council.app()


@pytest.fixture
def amina(council: Council, app: FastAPI) -> Caller:
    return Caller(council, app, "amina")


def test_what_is_pushed_is_pulled_projected_and_audited_without_content(
    council: Council, amina: Caller
) -> None:
    case = new_id()

    answer = amina.push([amina.device.change(case, "given_name", "Noor")])

    assert answer.json()["answers"][0]["outcome"] == "stored"
    assert amina.pull({}).json()["pages"][0]["count"] == 1
    with reading(council.engine) as connection:
        assert connection.scalar(select(Person.given_name).where(Person.case == case)) == "Noor"
        rows = connection.execute(select(audit).where(audit.c.case == case).order_by(audit.c.at)).all()
    assert {row.did for row in rows} == {"write", "read"}
    assert "Noor" not in str(rows)


@pytest.mark.parametrize("path", ["/v1/enrol", "/v1/push", "/v1/pull"])
@pytest.mark.parametrize("token", [None, "Bearer", "Bearer x.y.z", "Basic YW1pbmE6cHc="])
def test_nobody_is_let_in_without_a_token(small_council: Council, path: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token}

    answer = ask(small_council.app(), "POST", path, json={}, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "sign-in")


def test_somebody_elses_laptop_and_a_revoked_one_are_told_so(
    council: Council, app: FastAPI, amina: Caller
) -> None:
    bashir = Caller(council, app, "bashir")
    bashir.headers = amina.headers
    assert bashir.push([]).json()["error"] == "unknown-device"
    with writing(council.engine) as connection:
        revoked = devices.update().where(devices.c.id == amina.device.id)
        connection.execute(revoked.values(revoked_at="2026-11-21"))

    assert amina.push([]).json()["error"] == "unknown-device"
    assert amina.pull({}).json()["error"] == "unknown-device"


def test_a_worker_who_has_left_is_not_let_in(council: Council, amina: Caller) -> None:
    with writing(council.engine) as connection:
        left = users.update().where(users.c.id == amina.device.author)
        connection.execute(left.values(active=False))

    assert amina.pull({}).json()["error"] == "unknown-user"


def test_a_worker_never_gets_a_case_that_is_not_theirs(council: Council, app: FastAPI, amina: Caller) -> None:
    bashir, case = Caller(council, app, "bashir"), new_id()
    amina.push([amina.device.change(case, "given_name", "Noor")])

    for cursors in ({}, {case: [0, ""]}, {case: [1, "x"]}):
        assert "Noor" not in bashir.pull(cursors).text


def send(amina: Caller, body: bytes, **headers: str) -> httpx.Response:
    return ask(amina.app, "POST", "/v1/push", content=body, headers=amina.headers | headers)


def test_too_much_at_once_is_answered_with_413(small_council: Council) -> None:
    amina = Caller(small_council, small_council.app(), "amina")
    bomb = gzip.compress(b" " * (MAX_UNPACKED + 1))

    assert send(amina, b" " * (MAX_BODY + 1)).status_code == 413
    assert send(amina, bomb, **{"Content-Encoding": "gzip"}).status_code == 413
    assert amina.push([{}] * 10_001).status_code == 413


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        pytest.param(b"", "identity", 400, id="nothing"),
        pytest.param(b"{", "identity", 400, id="half an object"),
        pytest.param(b"[" * 100_000, "identity", 400, id="too deep"),
        pytest.param(b"not gzip", "gzip", 400, id="not packed"),
        pytest.param(PACKED[:-3], "gzip", 400, id="cut off"),
        pytest.param(PACKED + b"more", "gzip", 400, id="more behind"),
        pytest.param(b"{}", "br", 415, id="another packing"),
        pytest.param(b"[]", "identity", 400, id="a list"),
        pytest.param(b"null", "identity", 400, id="null"),
    ],
)
def test_what_cannot_be_read_is_answered_in_a_sentence(
    small_council: Council, body: bytes, encoding: str, status: int
) -> None:
    answer = send(Caller(small_council, small_council.app(), "amina"), body, **{"Content-Encoding": encoding})

    assert answer.status_code == status
    assert answer.json()["sentence"].endswith(".")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["device", "id", "case", "cursors"]) | st.text(max_size=4), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    path=st.sampled_from(["enrol", "push", "pull"]),
    name=st.sampled_from(["changes", "cursors", "device", "protocol", "name", "at_most"]),
    value=json_values,
)
def test_no_message_makes_the_server_stumble(council: Council, path: str, name: str, value: Json) -> None:
    if "amina" not in council.workers:
        council.worker("amina")
    device = council.device("amina")
    headers = {"Authorization": f"Bearer {council.tokens('amina')['access_token']}"}
    message = {"protocol": 1, "device": device.id, "changes": [], "cursors": {}, name: value}

    answer = ask(council.app(), "POST", f"/v1/{path}", content=json.dumps(message), headers=headers)

    assert answer.status_code < 500


def test_a_newer_laptop_is_told_that_its_work_is_safe(small_council: Council) -> None:
    amina = Caller(small_council, small_council.app(), "amina")

    assert amina.push([], protocol=PROTOCOL + 1).status_code == 426
    assert amina.pull({}, protocol=PROTOCOL + 1).status_code == 426


@pytest.mark.fault(3)
def test_a_full_disk_is_507_and_nothing_is_stored_by_halves(
    fresh_council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()  # the PostgreSQL driver says in the log that its pipeline was aborted
    council = fresh_council
    amina, case = Caller(council, council.app(), "amina"), new_id()
    first = amina.device.change(case, "given_name", "Noor")
    amina.push([first])
    fill_disk(council)
    large = [amina.device.change(case, "given_name", "x" * 300_000) for _ in range(4)]

    answer = amina.push(large)

    assert answer.status_code == 507
    assert "Nothing was stored" in answer.json()["sentence"]
    with reading(council.engine) as connection:
        assert list(connection.scalars(select(ChangeRow.id).where(ChangeRow.case == case))) == [first["id"]]
        assert connection.scalar(select(counter.c.version).where(counter.c.case == case)) == 1


def fill_disk(council: Council) -> None:
    """Leave room for a few pages only (SQLite), or make the server's disk say so (PostgreSQL)."""
    if council.engine.dialect.name == "sqlite":
        with council.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        council.engine.dispose()
        event.listen(
            council.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages + 20}")
        )
    else:
        fails = (
            "create function full_disk() returns trigger language plpgsql as $$ begin "
            "if length(new.value) > 200000 then "
            "raise exception 'no space left on device' using errcode = '53100'; end if; return new; end $$"
        )
        with writing(council.engine) as connection:
            connection.exec_driver_sql(fails)
            connection.exec_driver_sql(
                "create trigger full_disk before insert on change for each row execute function full_disk()"
            )


def test_what_cannot_be_projected_is_listed_and_blocks_nobody(
    council: Council, amina: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.server import projecting

    really = projecting.project_cases

    def stumbles(connection: Any, changes: Any) -> None:
        really(connection, changes)
        if any(change.field == "pronouns" for change in changes):
            raise ValueError("a value that nobody thought of")

    monkeypatch.setattr(projecting, "project_cases", stumbles)
    case = new_id()
    bad = amina.device.change(case, "pronouns", "?")
    amina.push(
        [amina.device.change(case, "given_name", "Noor"), bad, amina.device.change(case, "family_name", "H")]
    )

    with reading(council.engine) as connection:
        row = connection.execute(
            select(Person.given_name, Person.family_name).where(Person.case == case)
        ).one()
        listed = list(connection.scalars(select(unprojected.c.id).where(unprojected.c.case == case)))
        place = connection.execute(
            select(counter.c.version, counter.c.projected_version).where(counter.c.case == case)
        ).one()
    assert tuple(row) == ("Noor", "H")
    assert listed == [bad["id"]]
    assert tuple(place) == (3, 3)


def test_an_outside_issuer_replaces_the_built_in_one(small_council: Council) -> None:
    from joserfc.jwk import ECKey

    from tests.sync.server.test_issuer import token_by

    key = ECKey.generate_key("P-256", auto_kid=True)
    url = "https://login.example/tenant"
    told = {
        f"{url}/.well-known/openid-configuration": {"jwks_uri": f"{url}/keys"},
        f"{url}/keys": {"keys": [key.as_dict(private=False)]},
    }
    small_council.worker("amina")
    issuer = IssuerSettings(
        url, client_id="desk", audience="api", outside=True, subject_claim="preferred_username"
    )
    app = create_app(small_council.engine, issuer, now=lambda: 1_900_000_000.0, fetch=told.__getitem__)
    token = token_by(key, iss=url, aud="api", preferred_username=small_council.username("amina"))

    about = ask(app, "GET", "/v1/about").json()
    enrolled = ask(
        app,
        "POST",
        "/v1/enrol",
        json={"device": new_id(), "name": "laptop"},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (about["issuer"], about["client_id"]) == (url, "desk")
    assert enrolled.json()["user"]["name"] == "Amina"
    assert ask(app, "GET", "/issuer/jwks").status_code == 404


def test_the_one_small_question_and_its_answer_are_small(small_council: Council) -> None:
    amina = Caller(small_council, small_council.app(), "amina")

    answer = ask(
        amina.app, "GET", "/v1/same", params={"d": "0" * 32, "v": amina.device.id}, headers=amina.headers
    )

    assert answer.json()["same"] is False
    assert len(answer.content) < 200
    assert len(str(answer.request.url)) + len(amina.headers["Authorization"]) < 600


def test_a_laptop_that_is_met_through_another_can_still_enrol(
    council: Council, app: FastAPI, amina: Caller
) -> None:
    """A restored server sees a laptop's changes, offered by a colleague, before it hears from the laptop."""
    council.worker("chen")
    lost = Device(council.workers["chen"].id, new_id())
    case = new_id()
    assert amina.push([lost.change(case, "given_name", "Noor")]).json()["answers"][0]["outcome"] == "stored"
    headers = {"Authorization": f"Bearer {council.tokens('chen')['access_token']}"}

    answer = ask(app, "POST", "/v1/enrol", json={"device": lost.id, "name": "laptop"}, headers=headers)

    assert answer.status_code == 200
