"""Copies: built from the record through the whole stack, with canaries; given, kept, opened again."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ascdesk.documents.model import AssessmentCopy
from ascdesk.errors import MachineTrouble, Refusal, Unreadable
from ascdesk.record.attachments import FOLDER
from ascdesk.record.change import new_id, seal
from ascdesk.record.record import Record
from ascdesk.work import cases, deciding, determinations, fields, issuing, responses, signing
from ascdesk.work.caseload import Caseload
from ascdesk.work.copying import Asking
from ascdesk.work.council import council_lines
from ascdesk.work.issuing import Builder, Prepared
from ascdesk.work.library import FormLibrary
from ascdesk.work.picturing import page_count, page_picture
from ascdesk.work.responses import Key, Said
from ascdesk.work.signing import Signed, Standing
from tests.support.desks import JEAN, NOW, RUTH, filled_record
from tests.support.plans import complete, jeans_plan
from tests.support.visits import complete_visit

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


@dataclass
class Desk:
    """Jean's assessment with everything from the visit, and what copies of it are made with."""

    record: Record
    told: Caseload
    library: FormLibrary
    response: str

    def draft(self) -> responses.Draft:
        return responses.load(self.record, JEAN, self.response)

    def answer(self, link_id: str, text: str, source: str = "observed", **marks: str) -> None:
        said = Said((responses.FrozenAnswer({"valueString": text}),), **marks)
        key = Key((), link_id, source)
        seen = self.draft().account(key).seen
        responses.answer(self.record, self.draft(), key, said, seen=seen, name="test")

    def sign(self) -> signing.Signed:
        determinations.put(self.record, self.draft(), "eligible", True)
        determinations.put(self.record, self.draft(), "reasons", "Three outcomes and a significant impact.")
        day = NOW.date()
        return deciding.sign(
            self.record, JEAN, self.response, self.library, day, name=RUTH.name, role=RUTH.role
        )

    def prepare(self, asking: Asking | None = None) -> Prepared:
        builder = Builder(self.record, JEAN, self.library, asking or Asking(), council_lines())
        return issuing.prepare(builder, "assessment", self.response, FONTS)

    def files(self) -> set[Path]:
        return set((self.record.folder / FOLDER).iterdir())

    def events(self, kind: str) -> int:
        return len(fields.rows(self.record, JEAN, "clock_event", kind=kind))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Jean's whole assessment, unsigned."""
    record, told = filled_record(tmp_path)
    library = FormLibrary()
    yield Desk(record, told, library, complete_visit(record, JEAN, told, library))
    record.close()


def words_of(data: bytes) -> str:
    """Return every word of every page of a PDF."""
    held = pypdfium2.PdfDocument(data)
    try:
        found: list[str] = []
        for number in range(len(held)):
            page = held[number]
            text = page.get_textpage()
            found.append(text.get_text_bounded())
            text.close()
            page.close()
        return " ".join(" ".join(found).split())
    finally:
        held.close()


def everything_in(data: bytes) -> str:
    """Return all that a PDF holds, unpacked: streams, metadata, bookmarks, alternative texts."""
    found = [data.decode("latin-1")]
    with pikepdf.open(BytesIO(data)) as pdf:
        for thing in pdf.objects:
            found.append(repr(thing))
            if isinstance(thing, pikepdf.Stream):
                try:
                    raw = thing.read_bytes()
                except (pikepdf.PdfError, zlib.error):
                    continue
                found += [raw.decode("latin-1"), raw.decode("utf-16-be", errors="ignore")]
    return " ".join(found)


def test_the_copy_holds_what_the_law_says_it_must(desk: Desk) -> None:
    desk.sign()
    prepared = desk.prepare(Asking(format="standard"))
    text = words_of(prepared.data)
    for wanted in (
        "Jean Hollis",
        "To cook for Peter again. Sunday dinner.",
        "Three outcomes and a significant impact.",
        "SI 2015/313",
        "Staying well",
        "What happens next",
        "01632 960114",
        "r.okafor@council.example.org",
        "024 7683 3003",
        "Ombudsman",
        "never charge for an assessment",
        "Issued 21 November 2026",
        "Page 1 of",
    ):
        assert wanted in text, wanted
    assert all(
        name in text for name in ("Meals and drinks", "Getting out and about", "Looking after children")
    )
    assert "not yet signed" not in text


def test_a_draft_says_so_and_has_no_decision(desk: Desk) -> None:
    prepared = desk.prepare(Asking(format="standard"))
    assert prepared.draft
    assert isinstance(prepared.copy, AssessmentCopy)
    assert prepared.copy.determination is None
    text = words_of(prepared.data)
    assert "Draft: not yet signed" in text
    assert "Not decided yet" in text


CANARIES = {
    "staff note": "blocked the door",
    "staff note by a sentence": "ring before you knock",
    "key safe": "C4719Y",
    "key safe, where": "behind the meter box",
    "held back": "frightened in the night",
    "third party": "see the cupboards",
    "never on a copy": "if Peter goes first",
    "a wish not to share": "about her arm",
}


@pytest.mark.parametrize("format_", ["standard", "large-print", "plain-text"])
def test_nothing_private_reaches_a_copy(desk: Desk, format_: str) -> None:
    # What a worker wrote twice, the second time where everything is printed, is still private.
    desk.answer("s17.information", "The key safe is behind the meter box, code C4719Y. All else is well.")
    desk.answer("A05.now", "Two rails. If his van is outside, ring before you knock and do not go in alone.")
    desk.sign()
    prepared = desk.prepare(Asking(format=format_))  # type: ignore[arg-type]
    if format_ == "plain-text":
        held = " ".join(prepared.data.decode().split())
    else:
        held = words_of(prepared.data) + everything_in(prepared.data)
    assert "Jean Hollis" in held
    for what, canary in CANARIES.items():
        assert canary not in held, what
    # The canaries are really in the record, or this test would prove nothing.
    known = repr(desk.draft().accounts) + repr(cases.staff_notes(desk.record, JEAN))
    for what, canary in CANARIES.items():
        assert canary in known, what


def test_the_worker_sees_what_is_withheld_without_its_text(desk: Desk) -> None:
    prepared = desk.prepare()
    said = [f"{one.where}: {one.why}" for one in prepared.withheld]
    assert any("held back: Peter asked" in line for line in said)
    assert any("nobody has decided to release it" in line for line in said)
    assert not any(canary in line for line in said for canary in CANARIES.values())


def test_a_third_partys_words_are_printed_only_after_a_decision_about_those_words(desk: Desk) -> None:
    before = desk.prepare(Asking(format="standard"))
    about = next(one for one in before.third_parties if "cupboards" in one.words)
    assert not about.released
    issuing.set_release(desk.record, JEAN, about, by=RUTH.name, may=True)
    after = desk.prepare(Asking(format="standard"))
    assert "see the cupboards" in words_of(after.data)
    assert next(one for one in after.third_parties if one.row == about.row).released
    # Other words than those that were decided about need a decision of their own.
    key = next(key for key in desk.draft().accounts if responses.account_row(desk.response, key) == about.row)
    said = Said((responses.FrozenAnswer({"valueString": "Something quite different."}),))
    responses.answer(desk.record, desk.draft(), key, said, seen=desk.draft().account(key).seen, name="test")
    again = desk.prepare(Asking(format="standard"))
    assert "Something quite different" not in words_of(again.data)
    issuing.set_release(desk.record, JEAN, about, by=RUTH.name, may=False)
    assert not any(one.released for one in desk.prepare().third_parties)


def test_the_person_s_own_format_is_made_unless_another_is_asked_for(desk: Desk) -> None:
    assert desk.prepare().copy.issue.format == "large-print"
    assert desk.prepare(Asking(format="plain-text")).copy.issue.format == "plain-text"


def test_giving_a_signed_copy_keeps_it_and_stops_the_clock(desk: Desk) -> None:
    desk.sign()
    prepared = desk.prepare(Asking(("Jean Hollis", "Susan Marlow")))
    issued = issuing.issue(desk.record, prepared, method="by hand", pages=page_count(prepared.data))
    given = cases.look(desk.record, JEAN).copies[-1]
    assert (given.sha256, given.number, given.recipient) == (
        prepared.sha256,
        1,
        "Jean Hollis; Susan Marlow",
    )
    assert given.format == "large-print"
    assert desk.events("assessment_copy_issued") == 1
    assert issuing.open_issued(desk.record, issued.sha256) == prepared.data
    assert desk.prepare().copy.issue.version == 2
    assert desk.record.undoable(JEAN).undo != "Give a copy"


def test_giving_a_draft_stops_no_clock(desk: Desk) -> None:
    prepared = desk.prepare()
    issuing.issue(desk.record, prepared, method="by hand", pages=1)
    assert desk.events("assessment_copy_issued") == 0
    assert (cases.look(desk.record, JEAN).copies[-1].title or "").endswith("(draft)")


def test_an_issued_file_is_unreadable_without_its_key_and_its_damage_is_found(desk: Desk) -> None:
    prepared, before = desk.prepare(), desk.files()
    issued = issuing.issue(desk.record, prepared, method="by post", pages=1)
    files = list(desk.files() - before)
    assert len(files) == 1
    held = files[0].read_bytes()
    assert b"%PDF" not in held and b"Jean" not in held
    if os.name == "posix":  # Windows has lists of who may, which the user's own folder hands down
        assert files[0].stat().st_mode & 0o077 == 0
    files[0].write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(MachineTrouble, match="not what was given"):
        issuing.open_issued(desk.record, issued.sha256)
    files[0].unlink()
    with pytest.raises(MachineTrouble, match="missing"):
        issuing.open_issued(desk.record, issued.sha256)
    with pytest.raises(Refusal, match="another laptop"):
        issuing.open_issued(desk.record, "0" * 64)


def test_the_same_bytes_are_kept_once(desk: Desk) -> None:
    prepared, before = desk.prepare(), desk.files()
    for _ in range(2):
        issuing.issue(desk.record, prepared, method="by hand", pages=1)
    assert len(desk.files() - before) == 1


def test_a_copy_that_version_0_1_kept_is_opened_still(desk: Desk) -> None:
    data, key, nonce = b"%PDF-1.7 as it was given", bytes(range(32)), bytes(12)
    digest = hashlib.sha256(data).hexdigest()
    folder = desk.record.folder / "issued"
    folder.mkdir()
    (folder / "a").write_bytes(nonce + AESGCM(key).encrypt(nonce, data, digest.encode()))
    desk.record.put(f"issued/{digest}", {"file": "a", "key": base64.b64encode(key).decode()})
    assert issuing.open_issued(desk.record, digest) == data
    (folder / "a").write_bytes(b"x" * 60)
    with pytest.raises(MachineTrouble, match="not what was given"):
        issuing.open_issued(desk.record, digest)
    (folder / "a").unlink()
    with pytest.raises(MachineTrouble, match="missing"):
        issuing.open_issued(desk.record, digest)


def test_an_amendment_makes_it_a_draft_again_until_it_is_signed(desk: Desk) -> None:
    desk.sign()
    assert not desk.prepare().draft
    signing.amend(desk.record, JEAN, desk.response, "The wrong arm was written.")
    assert desk.prepare().draft
    desk.answer("A01.now", "Peter cooks every day.")
    desk.sign()
    assert not desk.prepare().draft


def test_characters_without_a_font_are_named_before_anything_is_given(desk: Desk) -> None:
    desk.answer("A01.now", "Peter cooks \N{SLICE OF PIZZA}")
    prepared = desk.prepare()
    assert [str(one) for one in prepared.missing] == ["U+1F355 SLICE OF PIZZA"]
    assert not prepared.data
    with pytest.raises(Refusal, match="cannot be printed"):
        issuing.issue(desk.record, prepared, method="by hand", pages=1)
    assert desk.prepare(Asking(format="plain-text")).data


def test_nobody_to_give_it_to_is_refused(desk: Desk) -> None:
    prepared = replace(desk.prepare(), recipients=(" ",))
    with pytest.raises(Refusal, match="who the copy is for"):
        issuing.issue(desk.record, prepared, method="by hand", pages=1)


def test_a_copy_can_be_saved_outside(desk: Desk, tmp_path: Path) -> None:
    prepared = desk.prepare()
    issuing.export(prepared.data, tmp_path / "handed-over.pdf")
    assert (tmp_path / "handed-over.pdf").read_bytes() == prepared.data
    with pytest.raises(MachineTrouble):
        issuing.export(prepared.data, tmp_path / "no-such-folder" / "x.pdf")


def test_a_conflict_is_no_answer_on_a_copy(desk: Desk) -> None:
    key = Key((), "A01.now", "observed")
    row = responses.account_row(desk.response, key)
    said = Said((responses.FrozenAnswer({"valueString": "Nobody cooks."}),))
    other = seal(
        case=JEAN, entity="answer", row=row, field="value", kind="set",
        value=responses.stored_value(desk.draft(), key, said),
        supersedes=(), group=new_id(), author="somebody", device=new_id(), wall=NOW.isoformat(),
    )  # fmt: skip
    version = desk.record.cursors()[JEAN].version + 1
    desk.record.apply_page(JEAN, [replace(other, version=version)])
    text = words_of(desk.prepare(Asking(format="standard")).data)
    assert "Nobody cooks" not in text and "Peter cooks most days" not in text


def test_the_front_door_alone_is_printed_when_nobody_works_with_the_person(desk: Desk) -> None:
    for row in fields.rows(desk.record, JEAN, "allocation"):
        fields.put(desk.record, JEAN, row, {"until": "2026-11-20"}, name="End the work")
    text = words_of(desk.prepare(Asking(format="standard")).data)
    assert "r.okafor@council.example.org" not in text
    assert "024 7683 3003" in text


def test_a_plan_copy_holds_every_item_of_section_25(desk: Desk) -> None:
    plan = jeans_plan(desk.record, desk.told)
    complete(desk.record, plan)
    builder = Builder(desk.record, JEAN, desk.library, Asking(format="standard"), council_lines())
    prepared = issuing.prepare(builder, "plan", plan, FONTS)
    assert not prepared.refused
    text = words_of(prepared.data)
    for wanted in (
        "£151.88",
        "£7,897.50",
        "6 hours 45 minutes",
        "Kettle tipper",
        "If something goes wrong",
        "First review",
    ):
        assert wanted.lower() in text.lower(), wanted
    issued = issuing.issue(desk.record, prepared, method="by hand", pages=2)
    assert issuing.open_issued(desk.record, issued.sha256) == prepared.data


def test_a_page_is_a_picture_with_its_words(desk: Desk) -> None:
    data = desk.prepare(Asking(format="standard")).data
    picture = page_picture(data, 1, 1.0)
    assert len(picture.pixels) == picture.width * picture.height * 4
    assert "Needs assessment" in picture.words


def test_a_councils_lines_name_what_is_unconfirmed() -> None:
    lines = council_lines()
    assert lines.front_door.phone == "024 7683 3003"
    assert "front_door" not in lines.unverified
    assert "rights.ombudsman" in lines.unverified
    with pytest.raises(Unreadable):
        council_lines("../coventry")


ALL, LESS = Signed("a", 1, "R", "SW", "", 0), Signed("b", 1, "M", "SW", "", 2)


@pytest.mark.parametrize(
    ("standing", "draft"),
    [
        (Standing(), True),
        (Standing(ALL), False),
        (Standing(LESS), True),
        (Standing(ALL, "a mistake"), True),
        (Standing(ALL, None, (ALL,)), False),
        (Standing(ALL, None, (LESS,)), True),
        (Standing(LESS, None, (ALL,)), True),
    ],
    ids=[
        "unsigned",
        "signed",
        "written in",
        "being amended",
        "twice the same",
        "one lists less",
        "the other",
    ],
)
def test_a_copy_is_a_draft_until_every_signature_lists_all_that_stands(
    standing: Standing, draft: bool
) -> None:
    assert issuing.is_draft(standing) == draft
