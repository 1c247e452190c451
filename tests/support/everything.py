"""A record with something on every page, and a place of every page: for tests and for looking at them."""

from __future__ import annotations

from pathlib import Path

from ascdesk.record.record import Record
from ascdesk.work import cases, fields, loans, photos, pictures, pieces, recalls, referrals, responses, rooms
from ascdesk.work.caseload import Caseload
from ascdesk.work.loans import Item
from ascdesk.work.pieces import Opening
from ascdesk.work.recalls import Notice
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.adapted import a_rail, a_ramp
from tests.support.desks import JEAN
from tests.support.equipment import measured_bathroom
from tests.support.ordering import begun
from tests.support.pairs import two_laptops
from ui.pages.registry import PageSpec
from ui.place import Place


def everything(folder: Path, told: Caseload) -> Record:
    """Return a record in which something differs, too; the tests of pages write nothing in it."""
    first, second, between = two_laptops(folder, told)
    response = response_of(first, JEAN)
    key = Key((), "A01.words", "observed")
    for record, text in ((first, "Made toast and tea."), (second, "Made toast at the hob.")):
        draft = responses.load(record, JEAN, response)
        said = Said((FrozenAnswer({"valueString": text}),))
        responses.answer(record, draft, key, said, seen=draft.account(key).seen, name="words")
        contact = fields.rows(record, JEAN, "contact")[-1]
        if record is first:
            fields.remove(record, JEAN, contact, name="remove contact")
        else:
            fields.put(record, JEAN, contact, {"note": "Thursdays now."}, name="note")
    take_along_the_road(first)
    between.exchange(first, second)
    second.close()
    return first


def take_along_the_road(record: Record) -> None:
    """Give Jean a referral that waits and a piece of work with everything that its page can show."""
    call = {"channel": "phone", "source": "family", "source_name": "Sara", "needs": ["safeguarding", "ot"]}
    referrals.take_in(record, JEAN, call | {"reason": "She fell on the stairs."})
    pieces.open_piece(record, JEAN, Opening("short_term", "pi", "To get her strength back"))
    piece = cases.look(record, JEAN).pieces[-1].row
    loans.issue(record, JEAN, piece, Item("Bath step", 2, "2026-12-01"))
    hoist = loans.issue(record, JEAN, piece, Item("Mobile hoist", serial="MH-7", lifting=True))
    loans.examined(record, JEAN, hoist, "Lift Right Ltd", on="2026-05-20")
    notice = Notice(
        words="hoist", because="The brake can fail.", until_then="Do not use it.", by="2026-11-27"
    )
    recalls.mark(record, notice, recalls.find(record, notice))
    a_rail(record, JEAN)
    a_ramp(record, JEAN)
    measured_bathroom(record)
    begun(record, "CH-502", "TO-311", "BA-101")
    for _ in range(2):
        photos.add(record, JEAN, pictures.from_pixels(8, 6, bytes(8 * 6 * 3)))
    rooms.add(record, JEAN, "bathroom")


def response_of(record: Record, case: str) -> str:
    response = cases.look(record, case).response("needs-assessment")
    assert response is not None
    return response.row


def place_of(record: Record, spec: PageSpec) -> Place:
    """Return a place of the page with something in it."""
    if not spec.of_case:
        return Place(spec.key)
    if spec.key == "plan":
        held = next(case for case in cases.read_cases(record) if case.plans)
        return Place("plan", held.id, held.plans[-1].row)
    if spec.key == "prescribe":
        return Place("prescribe", JEAN, fields.rows(record, JEAN, "prescription")[-1].row)
    of = "" if spec.key in {"case", "copies", "photos", "rooms", "catalogue"} else response_of(record, JEAN)
    if spec.key == "loans":
        return Place("loans", JEAN, cases.look(record, JEAN).loans[-1].row)
    if spec.key == "adapt":
        return Place("adapt", JEAN, cases.look(record, JEAN).adaptations[-1].row)
    if spec.key == "merge":
        return Place("merge", JEAN, next(one.id for one in cases.read_cases(record) if one.id != JEAN))
    if spec.key in {"next", "piece"}:
        case = cases.look(record, JEAN)
        of = (case.referrals if spec.key == "next" else case.pieces)[-1].row
    return Place(spec.key, JEAN, of, "A01" if spec.key == "assess" else "")
