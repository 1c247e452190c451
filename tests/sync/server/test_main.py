"""``ascdesk-server`` as administrators and acceptance checks use it."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ascdesk.record.change import new_id, seal
from ascdesk.work.caseload import caseload
from sync.server import seed
from sync.server.database import open_council, write_setting, writing
from sync.server.main import main
from tests.sync.council import NOON


@pytest.fixture
def database(database_url: str) -> str:
    """Give the address of a database that was laid out by the command."""
    assert main(["init", "--database", database_url, "--council", "Coventry"]) == 0
    return database_url


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    out = capsys.readouterr().out
    found: dict[str, object] = json.loads(out)
    return found


def seeded(database: str) -> str:
    """Put one case into the council and return its id."""
    engine, case = open_council(database).engine, new_id()
    device = seed.council_device(engine)
    changes = [
        seal(
            case=case,
            entity="person",
            row=case,
            field=field,
            kind="set",
            value=value,
            supersedes=(),
            group=new_id(),
            author="council",
            device=device,
            wall=NOON,
        )
        for field, value in (("given_name", "Noor"), ("family_name", "Haddad"))
    ]
    assert seed.load(engine, changes) == 2
    assert seed.load(engine, changes) == 0
    engine.dispose()
    return case


def test_a_council_is_set_up_by_its_commands(
    database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = seeded(database)
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    common = ["--database", database, "--json"]
    assert main(["user", "add", "amina", "--name", "Amina Yusuf", "--password-stdin", *common]) == 0
    user = said(capsys)["id"]
    assert main(["allocate", "--user", "amina", "--case", case, *common]) == 0
    assert said(capsys) == {"user": user, "case": case}
    assert main(["digest", "--list", *common]) == 0
    assert said(capsys) == {"cases": [case]}
    assert main(["digest", "--case", case, *common]) == 0
    told = said(capsys)
    assert (told["case"], told["changes"], told["heads"]) == (case, 2, 2)
    assert main(["deallocate", "--user", "amina", "--case", case, *common]) == 0
    assert said(capsys) == {"user": user, "case": case}
    assert main(["restored", *common]) == 0
    assert "epoch" in said(capsys)


def test_laying_out_twice_changes_nothing(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = seeded(database)
    capsys.readouterr()
    assert main(["init", "--database", database, "--council", "Another"]) == 0
    assert capsys.readouterr().out == "The database of Coventry is ready.\n"
    assert main(["digest", "--list", "--database", database]) == 0
    assert capsys.readouterr().out == f"{case}\n"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["allocate", "--user", "nobody", "--case", "x"], "has no user “nobody”"),
        (["digest", "--case", "x"], "has no case x"),
        (["user", "add", "amina", "--name", "Amina"], "too short"),
        (["run", "--port", "0", "--host", "0.0.0.0"], "for this machine only"),
        (["run", "--port", "0", "--tls-cert", "x.pem"], "both --tls-cert and --tls-key"),
        (["run", "--port", "99999"], "cannot be used"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(
    database: str,
    command: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    capsys.readouterr()

    status = main([*command, "--database", database, "--json"])

    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_database_without_a_council_is_refused(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["digest", "--list", "--database", database_url]) == 1
    assert "ascdesk-server init" in capsys.readouterr().err


def test_a_newer_database_is_refused(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = open_council(database).engine
    with writing(engine) as connection:
        write_setting(connection, "schema", "99")
    engine.dispose()

    assert main(["run", "--port", "0", "--database", database]) == 1
    assert "newer ascdesk-server" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite://", "not a database", "oracle://x/y"])
def test_what_is_no_database_could_not_be_read(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--list", "--database", url]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_database_that_is_not_there_is_machine_trouble(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for url in (f"sqlite:///{tmp_path / 'no' / 'folder.db'}", f"postgresql://nobody@/none?host={tmp_path}"):
        assert main(["digest", "--list", "--database", url]) == 1
        assert "could not be reached" in capsys.readouterr().err


def test_run_says_one_line_when_it_listens_and_stops_when_told(database: str) -> None:
    command = [
        sys.executable,
        "-m",
        "sync.server.main",
        "run",
        "--port",
        "0",
        "--json",
        "--database",
        database,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        about = httpx.get(f"{told['url']}/v1/about", trust_env=False).json()
        forms = httpx.get(f"{told['url']}/apply", trust_env=False)
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=30)
    assert about["product"] == "asc-desk-council"
    assert about["issuer"] == f"{told['url']}/issuer"
    assert "Ask for help for somebody" in forms.text
    assert (out, err) == ("", "")


def test_the_return_says_what_is_missing_and_then_writes_its_file(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_council(database).engine
    told = caseload(
        datetime(2026, 11, 21, 10, tzinfo=UTC), author="c", device=seed.council_device(engine), worker="w"
    )
    seed.load(engine, told.changes)
    engine.dispose()
    capsys.readouterr()
    out = tmp_path / "cld.csv"
    asked = ["returns", "cld", "--from", "2026-01-01", "--to", "2026-12-31", "--out", str(out)]
    assert main([*asked, "--database", database, "--json"]) == 0
    report = said(capsys)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(rows) == report["rows"] and rows
    assert {row["Event Type"] for row in rows} >= {"Assessment"}
    assert any(one["column"] == "LA Code" for one in report["missing"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        pytest.param("2026-12-31", "2026-01-01", 1, id="the wrong way round"),
        pytest.param("1 October", "2026-12-31", 2, id="not a day"),
    ],
)
def test_a_return_of_no_period_is_refused_in_a_sentence(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], first: str, last: str, status: int
) -> None:
    out = tmp_path / "cld.csv"
    asked = ["returns", "cld", "--from", first, "--to", last, "--out", str(out), "--database", database]
    assert main(asked) == status
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()
