"""Letters: offered when they fit, filled from the record, given with what they note, stopped by a death."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from ascdesk.documents.api import FontSet, load_fonts
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, fields, issuing, letters, pieces, referrals
from ascdesk.work.copying import Asking
from ascdesk.work.issuing import Builder, Prepared
from ascdesk.work.library import FormLibrary
from ascdesk.work.pieces import Finish, Opening, Worker
from ascdesk.work.referrals import Decided, Given
from ascdesk.work.urgent_help import start_urgent
from tests.support.desks import NOW

MARY = {
    "given_name": "Mary", "family_name": "Ash", "address": "4 Elm Row", "nhs_number": "9990000018",
    "date_of_birth": "1944-02-03", "copy_format": "plain-text",
}  # fmt: skip
CALL = {"channel": "phone", "source": "family", "source_name": "Peter Lowe", "reason": "Stairs"}
OMAR = Worker("r.okafor", "Omar Reid", "Occupational therapist", "01632 960123", "omar@council.example")


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    """The bundled fonts."""
    return load_fonts(Path(str(files("resources") / "fonts")))


@pytest.fixture
def case(record: Record) -> tuple[str, str]:
    """A case whose referral went to the Initial Contact Team."""
    case, referral = referrals.begin_case(record, MARY, CALL)
    openings = (Opening("initial_contact", "initial_contact"),)
    referrals.decide(record, case, referral, ["initial_contact"], Decided("gone_on", openings=openings))
    return case, referral


def offered(record: Record, case: str) -> dict[str, str]:
    """Return the letters that may be written, each with what it lacks."""
    return {one.letter: one.lacking for one in letters.offers(record, cases.look(record, case))}


def words(made: Prepared) -> str:
    """Return a plain-text letter as one line."""
    return " ".join(made.data.decode().split())


def prepared(
    record: Record, case: str, library: FormLibrary, fonts: FontSet, letter: str, asking: Asking | None = None
) -> Prepared:
    """Prepare the letter of this kind."""
    offer = next(one for one in letters.offers(record, cases.look(record, case)) if one.letter == letter)
    builder = Builder(record, case, library, asking or Asking())
    return issuing.prepare(builder, "letter", offer.of, fonts)


def test_the_first_letter_has_the_standards_with_the_persons_own_dates(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    text = words(prepared(record, case[0], library, fonts, "first"))
    assert "On 21 November 2026 we heard" in text
    assert "2 January 2027" in text  # six weeks from the first contact (T3)
    assert "Initial Contact Team" in text
    assert "4 Elm Row" in text


def test_giving_the_first_letter_notes_that_the_person_was_told(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    made = prepared(record, case[0], library, fonts, "first")
    given = issuing.issue(record, made, method="by post", pages=1)
    held = cases.look(record, case[0])
    assert held.referrals[0].told_person_at and not held.referrals[0].told_source_at
    assert [(copy.row, copy.what, copy.recipient) for copy in held.copies] == [
        (given.row, "letter", "Mary Ash")
    ]
    assert issuing.open_issued(record, given.sha256) == made.data
    assert "assessment_copy_issued" not in [event.kind for event in held.events]


def test_who_asked_is_told_what_happens_next_and_nothing_of_the_person(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    made = prepared(record, case[0], library, fonts, "next_steps", Asking(format="plain-text"))
    text = words(made)
    assert made.recipients == ("Peter Lowe",)
    assert "Peter Lowe, thank you" in text and "Initial Contact Team" in text
    for private in ("Mary", "Ash", "Elm Row", "999 000", "1944", "Stairs"):
        assert private not in text
    issuing.issue(record, made, method="by post", pages=1)
    assert cases.look(record, case[0]).referrals[0].told_source_at


def test_the_workers_letter_waits_for_a_direct_number(record: Record, case: tuple[str, str]) -> None:
    piece = cases.look(record, case[0]).pieces[0].row
    assert "contact" not in offered(record, case[0])
    row = pieces.allocate(record, case[0], piece, Worker("lena", "Lena Hart"), purpose="Your call")
    assert "worker phone" in offered(record, case[0])["contact"]
    pieces.release(record, case[0], row)
    pieces.allocate(record, case[0], piece, OMAR, purpose="Your call")
    assert offered(record, case[0])["contact"] == ""


def test_the_sheet_of_places_has_what_was_talked_about(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    assert "signposting" not in offered(record, case[0])
    given = [Given("Falls clinic", "Ring 01632 960111 first."), Given("Lunch club")]
    referrals.give_advice(record, case[0], case[1], given)
    text = words(prepared(record, case[0], library, fonts, "signposting"))
    assert "Falls clinic. Ring 01632 960111 first." in text and "Lunch club." in text


def test_the_closing_letter_names_the_front_door_and_is_kept_with_the_closing(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    piece = cases.look(record, case[0]).pieces[0].row
    pieces.finish(record, case[0], piece, Finish("done"))
    referrals.tell(record, *case, person=True, source=True)
    closing.close(record, case[0], reason="met", words="You manage well now.", answered={}, today=NOW.date())
    made = prepared(record, case[0], library, fonts, "closing")
    text = words(made)
    assert "You manage well now." in text and "024 7683 3003" in text
    given = issuing.issue(record, made, method="by post", pages=1)
    assert cases.look(record, case[0]).closures[0].letter == given.row


def test_a_death_stops_every_letter_at_once(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    offer = letters.offers(record, cases.look(record, case[0]))[0]
    closing.record_death(record, case[0], "2026-11-20")
    assert offered(record, case[0]) == {}
    builder = Builder(record, case[0], library, Asking())
    with pytest.raises(Refusal, match="has died"):
        issuing.prepare(builder, "letter", offer.of, fonts)


@pytest.mark.parametrize("of", ["letter:first:gone", "letter:none:x", "letter:"])
def test_a_letter_that_no_longer_fits_is_refused(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet, of: str
) -> None:
    with pytest.raises(Refusal):
        issuing.prepare(Builder(record, case[0], library, Asking()), "letter", of, fonts)


def test_a_letter_is_a_page_that_reads(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    made = prepared(record, case[0], library, fonts, "first", Asking(format="standard"))
    assert made.data.startswith(b"%PDF") and not made.missing and not made.draft


def test_an_extra_cost_is_agreed_in_writing_once_it_is_known_who_pays(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    plan = start_urgent(record, case[0], "assessed", because="Today.", form_version="1")
    for name, weekly, preferred in (("Lane House", "640.00", False), ("Mill House", "700.50", True)):
        option = {"plan": plan, "name": name, "weekly": weekly, "meets_needs": True, "preferred": preferred}
        fields.add(record, case[0], "plan_option", option | {"available": True, "offered": True}, name="Add")
    assert "payer" in offered(record, case[0])["top_up"]
    held = fields.row(record, case[0], "plan", plan)
    agreed = {"top_up_payer": "third_party", "top_up_who": "Peter Lowe", "top_up_weekly": "60.50"}
    fields.put(record, case[0], held, agreed, name="Agree")
    (line,) = fields.rows(record, case[0], "plan_line")
    fields.put(record, case[0], line, {"met_by": "commissioned", "starts": "2026-12-07"}, name="Arrange")
    text = words(prepared(record, case[0], library, fonts, "top_up"))
    assert "Peter Lowe agrees to pay the extra cost of £60.50 a week from 7 December 2026" in text
    assert "offered Lane House at £640.00 a week" in text and "nobody has to sign it" in text


def test_an_extra_cost_is_told_for_the_same_needs_alone(
    record: Record, case: tuple[str, str], library: FormLibrary, fonts: FontSet
) -> None:
    plan = start_urgent(record, case[0], "assessed", because="Today.", form_version="1")
    for need, name, weekly, preferred in (
        ("A01", "Meals brought", "20.00", True),
        ("A02", "Lane Care", "100.00", False),
        ("A02", "Mill Care", "130.00", True),
    ):
        option = {"plan": plan, "name": name, "weekly": weekly, "meets_needs": True, "needs": [need]}
        more = {"available": True, "offered": True, "preferred": preferred}
        fields.add(record, case[0], "plan_option", option | more, name="Add")
    held = fields.row(record, case[0], "plan", plan)
    fields.put(record, case[0], held, {"top_up_who": "Peter Lowe", "top_up_payer": "third_party"}, name="x")
    (line,) = fields.rows(record, case[0], "plan_line")
    fields.put(record, case[0], line, {"met_by": "commissioned", "starts": "2026-12-07"}, name="Arrange")
    text = words(prepared(record, case[0], library, fonts, "top_up"))
    assert "offered Lane Care at £100.00 a week" in text and "prefers Mill Care at £130.00 a week" in text
    assert "The extra cost is £30.00 a week" in text and "Meals brought" not in text


def test_no_agreement_is_offered_where_nothing_costs_more(record: Record, case: tuple[str, str]) -> None:
    plan = start_urgent(record, case[0], "assessed", because="Today.", form_version="1")
    option = {"plan": plan, "name": "Lane House", "weekly": "640.00", "meets_needs": True, "preferred": True}
    fields.add(record, case[0], "plan_option", option | {"available": True}, name="Add")
    assert "top_up" not in offered(record, case[0])
