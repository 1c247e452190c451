"""A council's pack on its way: loaded on the server, fetched, checked and kept by laptops."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.pack import Pack, pack_of
from ascdesk.errors import Refusal
from ascdesk.record.change import new_id
from ascdesk.work.library import FormLibrary
from ascdesk.work.packs import KEPT, kept_version, pack_in_use, publish, wants
from sync.client.exchange import Outcome, synchronise
from sync.protocol import Same
from sync.server.app import create_app
from sync.server.database import reading, write_setting, writing
from sync.server.main import main
from sync.server.packs import held_pack, load_pack, pack_version
from tests.sync.asking import ask
from tests.sync.council import Council, Laptop, serving


def version(number: int, duty: str = "Duty Team") -> Pack:
    """Return the carried pack in another version, with the Duty Team called otherwise."""
    texts = dict(carried_pack("coventry").files)
    texts["council.toml"] = re.sub(
        r"^version = \d+$", f"version = {number}", texts["council.toml"], flags=re.MULTILINE
    )
    texts["teams.toml"] = texts["teams.toml"].replace('name = "Duty Team"', f'name = "{duty}"')
    return pack_of(texts)


@contextmanager
def enrolled(council: Council, folder: Path) -> Iterator[Laptop]:
    """Serve a council and give a laptop that is enrolled with it."""
    with serving(council.app()) as address:
        laptop = Laptop(folder, council, "amina", address)
        try:
            yield laptop
        finally:
            laptop.close()


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


def test_a_laptop_fetches_a_newer_pack_and_works_by_it(fresh_council: Council, tmp_path: Path) -> None:
    with enrolled(fresh_council, tmp_path) as laptop:
        before = sync(laptop)
        assert (before.finished, before.pack, pack_in_use(laptop.record)) == (True, 0, carried_pack())

        assert load_pack(fresh_council.engine, version(2, "Everyday Team"))
        got = sync(laptop)
        assert (got.finished, got.pack, got.trouble) == (True, 2, "")
        assert "The council’s pack is now version 2." in got.sentence
        assert pack_in_use(laptop.record).team_name("duty") == "Everyday Team"

        assert sync(laptop).pack == 0
        laptop.reopen()
        assert pack_in_use(laptop.record).team_name("duty") == "Everyday Team"

        load_pack(fresh_council.engine, version(3))
        laptop.write(new_id(), "given_name", "Noor")
        both = sync(laptop)
        assert (both.sent, both.pack) == (1, 3)
        assert pack_in_use(laptop.record).team_name("duty") == "Duty Team"


def test_a_published_form_comes_with_the_pack_and_its_earlier_version_stays(
    fresh_council: Council, tmp_path: Path
) -> None:
    def falls(number: str) -> str:
        items = [{"linkId": "a", "type": "string", "text": "How did it happen?"}]
        raw = {"resourceType": "Questionnaire", "status": "active", "title": "Falls", "version": number}
        return json.dumps(raw | {"item": items})

    texts = dict(version(2).files) | {f"forms/falls@{number}.json": falls(number) for number in ("1", "2")}
    with enrolled(fresh_council, tmp_path) as laptop:
        assert load_pack(fresh_council.engine, pack_of(texts))
        assert sync(laptop).pack == 2
        forms = FormLibrary()
        publish(laptop.record, forms)
        assert (forms.form("falls").version, forms.form("falls", "1").version) == ("2", "1")
        assert forms.own() == {"falls": "Falls"}


def test_a_broken_pack_is_refused_in_a_sentence_and_the_old_one_stays(
    fresh_council: Council, tmp_path: Path
) -> None:
    load_pack(fresh_council.engine, version(2, "Everyday Team"))
    with enrolled(fresh_council, tmp_path) as laptop:
        sync(laptop)
        # what a later version of the server might hold, which this laptop cannot read
        with writing(fresh_council.engine) as connection:
            write_setting(
                connection, "pack", '{"files": {"teams.toml": "colour = 1"}, "id": "x", "version": 3}'
            )
            write_setting(connection, "pack_version", "3")
        laptop.write(new_id(), "given_name", "Noor")

        outcome = sync(laptop)

        assert (outcome.finished, outcome.sent, outcome.trouble, outcome.pack) == (True, 1, "", 0)
        assert "sent a pack that cannot be used, so the one on this laptop stays" in outcome.sentence
        assert pack_in_use(laptop.record).team_name("duty") == "Everyday Team"
        assert kept_version(laptop.record) == 2
        # not asked for again all day long; a repaired one is another version, and is
        assert not wants(laptop.record, 3)
        assert sync(laptop).pack_trouble == ""
        load_pack(fresh_council.engine, version(4))
        assert sync(laptop).pack == 4


def test_a_laptop_keeps_its_pack_when_the_server_went_back(fresh_council: Council, tmp_path: Path) -> None:
    load_pack(fresh_council.engine, version(5, "Everyday Team"))
    with enrolled(fresh_council, tmp_path) as laptop:
        assert sync(laptop).pack == 5
        with writing(fresh_council.engine) as connection:
            write_setting(connection, "pack_version", "4")
        assert sync(laptop).pack == 0
        assert kept_version(laptop.record) == 5


class WithoutPacks:
    """A line to a server that says it has a pack and then does not give it."""

    def __init__(self, laptop: Laptop) -> None:
        self.held = laptop.connection()
        self.push, self.pull, self.pack = self.held.push, self.held.pull, self.held.pack
        self.lease = self.held.lease

    def same(self, digest: str, beside: str = "") -> Same:
        answer = self.held.same(digest, beside)
        return Same(answer.same, answer.council, answer.epoch, 9)


def test_a_pack_that_does_not_come_stops_nothing(fresh_council: Council, tmp_path: Path) -> None:
    with enrolled(fresh_council, tmp_path) as laptop:
        laptop.write(new_id(), "given_name", "Noor")
        line = WithoutPacks(laptop)
        outcome = synchronise(laptop.record, line)
        line.held.close()
        assert (outcome.finished, outcome.sent, outcome.pack, outcome.pack_trouble) == (True, 1, 0, "")
        assert laptop.record.get(KEPT) is None
        assert wants(laptop.record, 9)


def test_only_an_enrolled_laptop_gets_the_pack(fresh_council: Council) -> None:
    app = create_app(fresh_council.engine, fresh_council.issuer)
    device = fresh_council.device("amina")
    headers = {"Authorization": f"Bearer {fresh_council.tokens('amina')['access_token']}"}
    path = f"/v1/pack?v={device.id}"
    none = ask(app, "GET", path, headers=headers)
    assert (none.status_code, none.json()["error"]) == (404, "no-pack")
    load_pack(fresh_council.engine, version(2))
    assert ask(app, "GET", path).status_code == 401
    assert ask(app, "GET", "/v1/pack?v=somebody-elses", headers=headers).status_code == 403
    assert ask(app, "GET", path, headers=headers).json() == {"pack": held(fresh_council)}


def held(council: Council) -> str | None:
    with reading(council.engine) as connection:
        return held_pack(connection)


def test_the_server_takes_only_what_is_newer(fresh_council: Council) -> None:
    engine = fresh_council.engine
    assert load_pack(engine, version(2))
    assert not load_pack(engine, version(2))
    for older in (version(2, "Everyday Team"), version(1)):
        with pytest.raises(Refusal, match=r"Raise “version” in council\.toml to 3"):
            load_pack(engine, older)
    assert load_pack(engine, version(7))
    with reading(engine) as connection:
        assert pack_version(connection) == 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with as_file(files("resources") / "councils" / "larkmoor") as held_there:
        shutil.copytree(held_there, tmp_path / "pack")
    return tmp_path / "pack"


def test_an_administrator_loads_a_pack(
    database_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--database", database_url, "--json"]
    assert main(["init", *common]) == 0
    capsys.readouterr()
    assert main(["pack", *common]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 0}
    assert main(["pack", str(folder), *common]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["version"], told["new"]) == ("larkmoor", carried_pack("larkmoor").version, True)
    assert any("The Leaflet Shelf" in one for one in told["warnings"])
    assert main(["pack", "--database", database_url]) == 0
    assert capsys.readouterr().out == f"Laptops get version {told['version']} of the pack.\n"
    (folder / "teams.toml").write_text("[[team]]\n", encoding="utf-8")
    assert main(["pack", str(folder), *common]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "teams.toml, line 1: " in printed.err
    assert main(["pack", str(folder / "nowhere"), *common]) == 2
