"""Bad input through the real commands: one plain sentence on standard error, the status, and nothing lost."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ascdesk.record.record import Record
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import create_profile
from ascdesk.vault.profile import LOCK_NAME, RECORD_LOCK_NAME, ProfileLock
from ascdesk.vault.sealed import canonical
from tests.journeys.conftest import run
from tests.support.desks import now
from ui.main import main


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A demonstration profile with an empty record."""
    folder = tmp_path / "p"
    opened = create_profile(
        folder,
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:1",
        device="d-1",
        cost=Cost(8, 1, 1),
    )
    Record(opened.record, opened.key, clock=now, create=True).close()
    return folder


Break = Callable[[Path], None]


def cut(name: str) -> Break:
    def do(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[:-20])

    return do


def flip(name: str) -> Break:
    def do(folder: Path) -> None:
        path = folder / name
        held = bytearray(path.read_bytes())
        held[len(held) // 2] ^= 1
        path.write_bytes(held)

    return do


def gone(name: str) -> Break:
    def do(folder: Path) -> None:
        (folder / name).unlink()

    return do


def instead(name: str, data: bytes) -> Break:
    def do(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return do


def too_new_record(folder: Path) -> None:
    from ascdesk.vault.opening import open_profile

    opened = open_profile(folder, "demonstration")
    record = Record(opened.record, opened.key, clock=now)
    with record._engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version=99")
    record.close()


def too_new_profile(folder: Path) -> None:
    path = folder / "profile.json"
    body = json.loads(path.read_text()) | {"format": 99}
    del body["check"]
    check = hashlib.sha256(canonical(body)).hexdigest()
    path.write_bytes(canonical({**body, "check": check}) + b"\n")


def other_key(folder: Path) -> None:
    other = create_profile(
        folder.parent / "other",
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:1",
        device="d-2",
        cost=Cost(8, 1, 1),
    )
    shutil.copy(other.folder / "key.json", folder / "key.json")


def other_record(folder: Path) -> None:
    (folder / "record.db").unlink()
    Record(folder / "record.db", secrets.token_bytes(32), clock=now, create=True).close()


PROFILES: list[tuple[str, Break, int, str]] = [
    ("profile cut short", cut("profile.json"), 2, "damaged"),
    ("a bit of the profile", flip("profile.json"), 2, "damaged"),
    ("profile gone", gone("profile.json"), 2, "damaged"),
    ("a bit of the key", flip("key.json"), 2, "damaged"),
    ("key gone", gone("key.json"), 2, "damaged"),
    ("another laptop's key", other_key, 1, "another laptop"),
    ("record cut to nothing", instead("record.db", b""), 2, "damaged"),
    ("record of noise", instead("record.db", b"noise" * 4096), 2, "damaged"),
    ("a plain database", instead("record.db", b"SQLite format 3\x00" + bytes(4080)), 2, "damaged"),
    ("another laptop's record", other_record, 2, "damaged"),
    ("record gone", gone("record.db"), 1, "missing"),
    ("a newer profile", too_new_profile, 1, "newer ASC Desk"),
    ("a newer record", too_new_record, 1, "newer version"),
]


@pytest.mark.fault(18)
@pytest.mark.parametrize(
    ("wrong", "status", "word"),
    [case[1:] for case in PROFILES],
    ids=[case[0] for case in PROFILES],
)
def test_a_profile_that_cannot_be_opened_says_so_and_stays_as_it_is(
    profile: Path, capfd: pytest.CaptureFixture[str], wrong: Break, status: int, word: str
) -> None:
    wrong(profile)
    before = contents(profile)
    assert main(["profile", "digest", str(profile), "--list", "--json"]) == status
    printed, said = capfd.readouterr()
    assert printed == ""
    assert word in said
    assert is_one_sentence_with_advice(said)
    assert contents(profile) == before


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the locks, which hold nothing, and SQLite's own notes beside it."""
    skip = {LOCK_NAME, RECORD_LOCK_NAME, "record.db-wal", "record.db-shm"}
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in skip}


def is_one_sentence_with_advice(said: str) -> bool:
    """Say whether a person was told in one line of plain words, with something to do."""
    plain = "Traceback" not in said and "Error" not in said and said.count("\n") == 1
    advice = ("ask", "Ask", "Update", "keep the folder", "Choose", "Use", "Correct", "Enrol", "Give", "Check")
    return plain and any(word in said for word in advice)


@pytest.mark.parametrize("name", ["nowhere", "empty", "foreign"])
def test_a_folder_without_a_profile_is_left_as_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    folder = tmp_path / name
    if name != "nowhere":
        folder.mkdir()
    if name == "foreign":
        (folder / "letter.txt").write_text("Dear all")
    before = sorted(tmp_path.rglob("*"))
    assert main(["profile", "digest", str(folder), "--list", "--json"]) == 1
    printed, said = capfd.readouterr()
    assert printed == ""
    assert is_one_sentence_with_advice(said), said
    assert sorted(tmp_path.rglob("*")) == before, "looking makes nothing"


def test_a_case_that_is_not_there(profile: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "digest", str(profile), "--case", "nobody", "--json"]) == 1
    printed, said = capfd.readouterr()
    assert (printed, is_one_sentence_with_advice(said)) == ("", True)


@pytest.mark.fault(22)
def test_a_profile_that_is_open_is_not_opened_twice(profile: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with ProfileLock(profile, RECORD_LOCK_NAME):
        assert main(["profile", "digest", str(profile), "--list", "--json"]) == 1
    printed, said = capfd.readouterr()
    assert printed == ""
    assert "already open" in said


FORMS: list[tuple[str, str, int]] = [
    ("no json", "{", 2),
    ("not a form", '{"resourceType": "Patient"}', 2),
    ("a list", "[]", 2),
    ("nothing", "", 2),
    ("deep", "[" * 100_000, 2),
    ("no utf-8", "\udcff", 2),
    ("a cycle", json.dumps({
        "resourceType": "Questionnaire", "status": "draft", "url": "urn:f",
        "item": [
            {"linkId": "a", "type": "boolean",
             "enableWhen": [{"question": "b", "operator": "=", "answerBoolean": True}]},
            {"linkId": "b", "type": "boolean",
             "enableWhen": [{"question": "a", "operator": "=", "answerBoolean": True}]},
        ],
    }), 1),
    ("an unknown type", json.dumps({
        "resourceType": "Questionnaire", "status": "draft", "url": "urn:f",
        "item": [{"linkId": "a", "type": "hologram"}],
    }), 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "status"), [form[1:] for form in FORMS], ids=[form[0] for form in FORMS])
def test_a_form_that_will_not_do_is_refused_or_unreadable(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, status: int
) -> None:
    path = tmp_path / "form.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["forms", "check", str(path), "--json"]) == status
    printed, said = capfd.readouterr()
    assert "Traceback" not in said and said.count("\n") == 1
    if status == 1:
        assert json.loads(printed)["problems"], "a refused form says every problem"
    else:
        assert printed == ""


@pytest.mark.parametrize("command", [["forms", "check"], ["rules", "eligibility"]])
def test_a_file_that_is_not_there_could_not_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([*command, str(tmp_path / "none.json"), "--json"]) == 2
    printed, said = capfd.readouterr()
    assert printed == ""
    assert "Traceback" not in said and said.count("\n") == 1


def test_the_real_command_ends_with_its_status(tmp_path: Path) -> None:
    ended = run("profile", "digest", str(tmp_path / "none"), "--list", "--json")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
