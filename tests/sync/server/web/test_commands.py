"""The administrator's part: links to reviews, what has arrived, and how the forms are served."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from ascdesk.record.change import new_id
from sync.server.app import create_app
from sync.server.database import open_council, read_setting, reading, write_setting, writing
from sync.server.intake import Sender, take_in
from sync.server.main import main
from sync.server.migrating import migrate
from sync.server.tables import SCHEMA
from sync.server.tokens import IssuerSettings
from sync.server.web import tables
from sync.server.web.setup import WebOptions
from tests.sync.asking import ask
from tests.sync.council import NOON, Council


@pytest.fixture
def database(fresh_sqlite: Council) -> str:
    return str(fresh_sqlite.engine.url)


def case_of(council: Council) -> str:
    device, case = council.device("ida"), new_id()
    change = device.change(case, "given_name", "Noor")
    take_in(council.engine, Sender(device.author, device.id), [change], NOON)
    return case


def test_a_link_to_a_review_opens_it_and_only_its_hash_is_kept(
    fresh_sqlite: Council, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case, base = case_of(fresh_sqlite), "https://council.test/"
    command = ["invite", "--case", case, "--form", "online-review", "--public-url", base]

    assert main([*command, "--database", database, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    token = told["link"].removeprefix("https://council.test/apply/invited/")
    with reading(fresh_sqlite.engine) as connection:
        assert token not in str(connection.execute(tables.invitation.select()).all())
    web = WebOptions("http://council.test")
    app = create_app(fresh_sqlite.engine, IssuerSettings("http://council.test/issuer"), web=web)
    page = ask(app, "GET", f"/apply/invited/{token}")
    assert (page.status_code, "Start now" in page.text) == (200, True)
    assert case not in page.text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [("referral", "Choose among online-review, provider-review."), ("online-review", "has no case")],
)
def test_what_cannot_be_invited_to_is_said(
    database: str, capsys: pytest.CaptureFixture[str], form: str, sentence: str
) -> None:
    command = ["invite", "--case", new_id(), "--form", form, "--public-url", "https://council.test"]

    assert main([*command, "--database", database]) == 1
    assert sentence in capsys.readouterr().err


def test_with_nothing_arrived_the_list_says_so(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arrivals", "--database", database]) == 0
    assert capsys.readouterr().out == "Nothing has come by a web form yet.\n"


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (["--mail-smtp", "mail.example"], 1, "--mail-from"),
        (["--mail-smtp", "mail.example:x", "--mail-from", "a@b.example"], 2, "is not a mail server"),
    ],
    ids=["no sender", "no port"],
)
def test_mail_that_is_set_up_wrongly_stops_the_server_at_once(
    database: str, capsys: pytest.CaptureFixture[str], options: list[str], status: int, sentence: str
) -> None:
    assert main(["run", "--port", "0", "--database", database, *options]) == status
    assert sentence in capsys.readouterr().err


def test_without_the_option_no_forms_are_served(fresh_sqlite: Council) -> None:
    answer: httpx.Response = ask(fresh_sqlite.app(), "GET", "/apply")

    assert answer.status_code == 404


def test_an_older_database_gets_the_web_forms_tables(fresh_sqlite: Council, tmp_path: Path) -> None:
    engine = fresh_sqlite.engine
    with writing(engine) as connection:
        for table in (tables.draft, tables.arrival):
            table.drop(connection)
        write_setting(connection, "schema", "1")
        connection.exec_driver_sql("DROP TABLE alembic_version")

    migrate(str(engine.url))
    opened = open_council(str(engine.url))

    with reading(opened.engine) as connection:
        assert connection.execute(tables.draft.select()).all() == []
        assert read_setting(connection, "schema") == str(SCHEMA)
    opened.engine.dispose()
