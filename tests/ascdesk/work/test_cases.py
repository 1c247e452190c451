"""Opening a case: who it is, who matters, what stands where; and that it was opened."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ascdesk.errors import Refusal
from ascdesk.record.change import Json, new_id
from ascdesk.record.local import Reading
from ascdesk.record.record import Record
from ascdesk.work import cases, fields, responses, signing
from tests.support.casework import person
from tests.support.desks import JEAN


def readings(record: Record) -> list[str]:
    """Return the cases of the read log."""
    with record.reading() as session:
        return list(session.scalars(select(Reading.case)))


@pytest.mark.parametrize(
    ("facts", "full", "known"),
    [
        ({"given_name": "Mary", "family_name": "Ash", "preferred_name": "Mamie"}, "Mary Ash", "Mamie"),
        ({"given_name": "Mary", "family_name": "Ash"}, "Mary Ash", "Mary"),
        ({"family_name": "Ash"}, "Ash", "Ash"),
        ({"given_name": "Mary"}, "Mary", "Mary"),
        ({"telephone": "01632 960001"}, "Name not known", "Name not known"),
    ],
)
def test_everybody_has_a_name_to_be_called(
    record: Record, facts: dict[str, Json], full: str, known: str
) -> None:
    case = new_id()
    fields.add(record, case, "person", facts, name="Add")
    found = cases.look(record, case).person
    assert (found.full_name, found.known_as) == (full, known)


def test_opening_is_noted_and_looking_again_is_not(record: Record) -> None:
    case = person(record)
    assert readings(record) == []
    cases.open_case(record, case)
    cases.look(record, case)
    assert readings(record) == [case]


def test_a_case_that_is_not_here_is_refused_and_not_noted(record: Record) -> None:
    with pytest.raises(Refusal, match=r"not on this laptop\. Connect to the council"):
        cases.open_case(record, new_id())
    assert readings(record) == []


def test_opening_writes_no_change(record: Record) -> None:
    case = person(record)
    before = record.digest(case)
    cases.open_case(record, case)
    assert record.digest(case) == before


def test_staff_notes_are_counted_until_they_are_asked_for(record: Record) -> None:
    case = person(record)
    fields.add(record, case, "alert", {"kind": "dog", "text": "Ask that he is shut in."}, name="Add")
    found = cases.look(record, case)
    assert found.staff_notes == 1
    assert "shut in" not in str(found)
    assert [note.text for note in cases.staff_notes(record, case)] == ["Ask that he is shut in."]
    assert cases.staff_notes(record, person(record, "Bob")) == ()


def test_each_case_has_its_own(record: Record) -> None:
    """No row of one person ever stands in another's case."""
    mary, bob = person(record), person(record, "Bob")
    fields.add(record, mary, "contact", {"name": "Peter", "carer": True}, name="Add")
    fields.add(record, bob, "contact", {"name": "Ann"}, name="Add")
    held = {case.id: case for case in cases.read_cases(record)}
    assert [contact.name for contact in held[mary].contacts] == ["Peter"]
    assert held[mary].carer is not None
    assert [contact.name for contact in held[bob].contacts] == ["Ann"]
    assert held[bob].carer is None
    assert cases.read_cases(record, bob) == (held[bob],)


def test_the_newest_answers_to_a_form_are_found_and_whether_they_are_signed(record: Record) -> None:
    case = person(record)
    assert cases.look(record, case).response("needs-assessment") is None
    first = responses.start(record, case, "needs-assessment", "1")
    second = responses.start(record, case, "needs-assessment", "2")
    heads = responses.listed(record, case, first)
    signing.sign(
        record, case, first, what="needs assessment", heads=heads, name="R", role="SW", statement="True."
    )
    found = cases.look(record, case)
    newest = found.response("needs-assessment")
    assert newest is not None
    assert (newest.row, newest.signed_at) == (second, None)
    assert next(held for held in found.responses if held.row == first).signed_at


def test_jean_is_whole(council_record: Record) -> None:
    jean = cases.look(council_record, JEAN)
    assert jean.person.known_as == "Jean"
    assert jean.carer is not None
    assert jean.communication
    assert jean.outgoing == 0
