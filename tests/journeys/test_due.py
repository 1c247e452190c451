"""What a new worker does: find what is due, do it, see it gone; and the rest of the road."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtWidgets import QAbstractButton

from ascdesk.care.clocks import State
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases, pieces, referrals, responses
from ascdesk.work.clocking import clocks_of
from ascdesk.work.packs import pack_in_use
from ascdesk.work.pieces import Worker
from ascdesk.work.referrals import Decided
from ascdesk.work.worklist import standards
from tests.support.desks import NOW
from tests.support.plans import answer_all
from tests.support.walking import Walker, as_somebody_else, at_work, elsie
from ui.widgets.buttons import Link
from ui.widgets.surfaces import WorkRow

KIRAN = Worker("k.mistry", "Kiran Mistry", "Occupational therapist", "01632 960130", "k.mistry@example.org")


def take(walker: Walker, button: str, who: str, what: str) -> None:
    """Go to My work and take an entry that is on it."""
    walker.go("work")
    walker.until(lambda: entries(walker, f"{button}, {who}", what))
    (name,) = entries(walker, f"{button}, {who}", what)
    walker.press(name)
    walker.until(lambda: walker.page.key != "work")
    walker.rest()


def entries(walker: Walker, begins: str, ends: str) -> list[str]:
    """Return what My work offers to do about somebody and something, when the whole list is there."""
    said = re.search(r"(\d+) things wait", walker.words())
    for more in walker.shell.findChildren(Link):
        if more.isVisible() and more.text().startswith("Show more"):
            more.click()  # a long list is made as it is asked for
    rows = [one for one in walker.shell.findChildren(WorkRow) if one.isVisible()]
    if said is None or len(rows) != int(said[1]):
        return []  # the list is still being built
    found = [one.accessibleName() for one in walker.shell.findChildren(QAbstractButton) if one.isVisible()]
    return [one for one in found if one.startswith(begins) and one.endswith(ends)]


def gone(walker: Walker, who: str, what: str) -> None:
    """Go to My work and see that an entry is not on it any more, in whatever sort."""
    walker.go("work")
    walker.until(lambda: entries(walker, "", "") and not about(walker, who, what))


def about(walker: Walker, who: str, what: str) -> list[str]:
    """Return the entries of My work about somebody and something."""
    return [one for one in entries(walker, "", what) if f", {who}" in one]


def named(walker: Walker, given: str) -> str:
    """Return the case of somebody in the demonstration caseload."""
    held = cases.read_cases(walker.record)
    return next(one.id for one in held if one.person.given_name and one.person.given_name.startswith(given))


def states(walker: Walker) -> dict[str, State]:
    """Return how the clocks of the case on the screen stand."""
    by = standards(pack_in_use(walker.record), NOW)
    return {one.rule: one.state for one in clocks_of(walker.case, NOW, by.calendar, by.pack.clocks.lengths)}


def coded(code: str) -> dict[str, Json]:
    """Return a choice as an answer."""
    return {"valueCoding": {"code": code, "display": code}}


# -- find what is due, do it, see it gone -----------------------------------------------------------------


def test_who_was_not_told_is_told_and_that_was_their_first_contact(walker: Walker) -> None:
    take(walker, "Next steps", "Walter Ings", "Tell Walter what happens next")
    walker.press("Walter was told now")
    walker.says("Walter was told today, 10:00")
    gone(walker, "Walter", "Tell Walter what happens next")
    gone(walker, "Walter", "Make first contact")


def test_a_copy_that_is_late_is_given_and_its_task_goes_with_it(walker: Walker) -> None:
    what = "Give Kamala her copy of the assessment, in large print"
    take(walker, "Issue copy", "Kamala", what)
    walker.tick("How is it given?", "By hand")
    walker.press("Give this copy")
    walker.until(lambda: walker.case.copies)
    gone(walker, "Kamala", what)
    walker.go("case", named(walker, "Kamala"))
    walker.says("Kamala’s case")
    assert what not in walker.words()


def test_equipment_to_ask_about_leads_to_where_the_answer_is_written(walker: Walker) -> None:
    what = "Ask how it is going with: Bath board"
    take(walker, "Open work", "Kamala", what)
    walker.press("How it goes: Bath board")
    walker.write("How does it go?", "Steady, used daily.")
    walker.press("Keep this")
    walker.says("Steady, used daily.")
    gone(walker, "Kamala", what)


def test_a_first_contact_without_reply_stays_to_be_made_and_one_with_words_is_done(walker: Walker) -> None:
    what = "Make first contact by telephone"
    for answer in ("No reply", "I spoke to them"):
        take(walker, "Make contact", "Mohammed", what)
        walker.tick("Did you reach them?", answer)
        walker.press("Keep this")
    gone(walker, "Mohammed", what)


def test_a_referral_is_decided_and_a_reason_for_lateness_stands_beside_its_time(walker: Walker) -> None:
    take(walker, "Decide", "George", "Decide about the referral")
    walker.tick("What have you decided?", "Advice was enough")
    walker.write("Why does it end here?", "He knows where to ask about a Blue Badge.")
    walker.press("Decide")
    walker.says("What was decided")
    gone(walker, "George", "Decide about the referral")
    walker.press("Say why it is late, Agnes Power: Yearly review of Agnes’s plan")
    walker.tick("Why?", "The person asked for a later time")
    walker.press("Keep the reason")
    walker.until(lambda: "Reason: the person asked for a later time." in walker.words())
    walker.until(lambda: entries(walker, "", ""))
    assert not entries(walker, "Say why it is late, Agnes", "")


def test_what_was_sent_back_is_answered_and_leaves_the_list(walker: Walker) -> None:
    take(walker, "Open work", "Tomasz Bielak", "Sent back to you")
    walker.says("Sent back by Ines Holt")
    walker.press("Take this on")
    walker.tick("How did this work end?", "Done")
    walker.write("A few words about it", "Two hours on Tuesdays, for swimming.")
    walker.press("Finish")
    walker.says("Finished today, 10:00")
    gone(walker, "Tomasz", "Sent back to you")


# -- the road ---------------------------------------------------------------------------------------------


def test_telecare_asks_for_the_line_and_the_devices_and_is_signed(walker: Walker) -> None:
    _, piece = at_work(walker, "telecare", "telecare")
    walker.press("Start: Telecare assessment")
    walker.comes_to("assess")
    walker.turn("tc.agreement")
    walker.tick("Who agrees to it?", "Elsie")
    walker.turn("tc.line")
    walker.says("Old telephone lines close in January 2027. Ask for equipment that works without one.")
    walker.tick("What kind of telephone line is there?", "The old kind")
    walker.turn("tc.devices")
    walker.tick("Which equipment is needed?", "Trigger alarm, worn on the neck or wrist", "Movement detector")
    walker.turn("tc.keys")
    walker.tick("How will somebody get in?", "A key safe")
    walker.press("Check answers")
    walker.says("The old kind")
    walker.press("Sign")
    walker.comes_to("piece")
    walker.says("Signed today, 10:00")
    assert walker.desk.place.of == piece


def test_a_review_shows_old_beside_new_and_starts_the_year_anew(walker: Walker, record: Record) -> None:
    take(walker, "Open work", "Agnes Power", "Review")
    case = walker.case.id
    assert states(walker)["T7"] is State.LATE
    piece = walker.desk.place.of
    walker.press("Start: Review")
    walker.comes_to("assess")
    response = walker.desk.place.of
    answer_review(walker, case, response)
    walker.turn("rv.A01")
    walker.says("What did we find last time?")
    walker.tick("How is it now, beside last time?", "Better")
    walker.tick("Did Agnes get what was hoped for?", "Fully")
    walker.turn("rv.next")
    walker.write("When will we look at this plan together again?", "19", "11", "2027")
    walker.press("Check answers")
    walker.press("Sign")
    walker.comes_to("piece")
    walker.tick("How did this work end?", "Done")
    walker.press("Ask for approval")
    walker.says("Waits for approval")
    with as_somebody_else(record):
        pieces.approve(record, case, cases.look(record, case).approvals[-1].row, by_name="Ines Holt")
    walker.go("piece", case, piece)
    walker.says("Finished today, 10:00")
    assert states(walker)["T7"] is State.RUNNING
    assert states(walker)["T9"] in {State.MET, State.NOT_STARTED}
    gone(walker, "Agnes", "Yearly review of Agnes’s plan")


def answer_review(walker: Walker, case: str, response: str, *leave: str) -> None:
    """Answer what a review has to have, all but its first domain, the next date and what is in ``leave``."""
    text = dict.fromkeys(("rv.reviewer", "rv.took-part", "rv.how", "rv.works", "rv.not-works", "rv.analysis"))
    said: dict[str, Any] = {one: {"valueString": "As Agnes told it."} for one in text}
    said |= {f"rv.A{number:02}.now": coded("same") for number in range(2, 11)}
    said |= {"rv.needs-changed": {"valueBoolean": False}, "rv.change": {"valueBoolean": False}}
    said |= {"rv.kind": coded("planned"), "rv.mode": coded("face-to-face"), "rv.achieved": coded("fully")}
    said |= {"rv.carer": coded("no"), "rv.happy": coded("very"), "rv.agrees": coded("yes")}
    said |= {"rv.outcome": coded("no-change"), "rv.format": coded("standard")}
    said["rv.date"] = {"valueDate": "2026-11-21"}
    form = walker.desk.library.form("review")
    told = [
        {"linkId": link, "answer": [one], "source": "observed"}
        for link, one in said.items()
        if link not in leave
    ]
    answer_all(walker.record, responses.load(walker.record, case, response), form, told)


def test_two_professions_stand_side_by_side_on_one_piece_of_work(walker: Walker, record: Record) -> None:
    case, piece = at_work(walker, "short_term", "pi")
    walker.press("Take this on")
    walker.says("Ruth Okafor, Social worker")
    with as_somebody_else(record):
        pieces.allocate(record, case, piece, KIRAN, purpose="short-term support")
    walker.go("case", case)
    walker.says("Ruth Okafor, Kiran Mistry · Open since today, 10:00")
    walker.go("piece", case, piece)
    walker.says("Ruth Okafor, Social worker", "Kiran Mistry, Occupational therapist")
    walker.tick("How did this work end?", "Done")
    walker.press("Finish")
    walker.says("Finished today, 10:00")
    assert all(one.until for one in walker.case.allocations)


def test_the_first_letter_tells_the_person_and_the_list_forgets_it(walker: Walker) -> None:
    case, _ = at_work(walker, "initial_contact", "initial_contact")
    walker.press("Take this on")
    walker.says("Ruth Okafor, Social worker")
    take(walker, "Next steps", "Elsie Marsh", "Tell Elsie what happens next")
    walker.press("The letter that tells Elsie")
    walker.comes_to("copies")
    walker.tick("How is it given?", "By post")
    walker.press("Give this letter")
    walker.until(lambda: walker.case.referrals[0].told_person_at)
    gone(walker, "Elsie", "Tell Elsie what happens next")
    walker.go("case", case)
    walker.says("Elsie’s case")
    assert "Next steps not told yet" not in walker.words()
    assert states(walker)["T1"] is State.RUNNING  # the call that the first contact is still comes


def test_work_that_is_closed_ends_in_a_letter_with_the_front_doors_number(walker: Walker) -> None:
    case, row = elsie(walker)
    referrals.decide(walker.record, case, row, [], Decided("advised", "She has all she asked for."))
    referrals.tell(walker.record, case, row, person=True, source=False)
    take(walker, "Open case", "Elsie Marsh", "Nothing is open: close the work")
    walker.press("Close the work")
    walker.comes_to("closing")
    walker.tick("Why does the work end?", "Information and advice were enough")
    walker.press("Close the work")
    walker.says("The work is closed")
    walker.press("Give the closing letter")
    walker.comes_to("copies")
    walker.tick("In which format?", "Plain text")
    walker.until(lambda: pack_in_use(walker.record).council.front_door.phone in walker.words())
    walker.tick("How is it given?", "By post")
    walker.press("Give this letter")
    walker.until(lambda: walker.case.closures[0].letter)
    gone(walker, "Elsie", "")


def test_a_seventeen_year_old_is_sent_to_transitions(walker: Walker) -> None:
    born = {"given_name": "Noor", "family_name": "Vale", "date_of_birth": "2009-11-20"}
    call = {"channel": "phone", "source": "family", "source_name": "Ada Vale", "reason": "School ends."}
    need = {"needs": ["long_term"], "conditions": ["learning_disability"], "person_knows": True}
    case, row = referrals.begin_case(walker.record, born, call | need)
    walker.go("next", case, row)
    walker.says("Family or a friend: Ada Vale")
    walker.press("Decide")
    walker.press("Initial contact: Initial Contact Team")
    walker.comes_to("piece")
    walker.says("Long-term needs before the 26th birthday: All Age Disabilities, Transitions.")
    follows, team = "What follows, if anything?", "All Age Disabilities: Transitions 18–25"
    assert walker.ticked(follows) == [f"Transition to adult services: {team}"]
    walker.tick("How did this work end?", "Done")
    walker.press("Finish")
    walker.says("Finished today, 10:00")
    assert [(one.kind, one.team) for one in walker.case.pieces if one.open] == [("transition", "transitions")]


def test_a_carers_assessment_begins_in_its_work_and_is_shut_beside_the_person(walker: Walker) -> None:
    case, piece = at_work(walker, "carers_assessment", "carers")
    walker.press("Start: Carer’s assessment")
    walker.comes_to("assess")
    response = walker.desk.place.of
    walker.go("case", case)
    walker.says("Carer’s assessment (private)")
    walker.press("Start visit")
    walker.go("assess", case, response)
    walker.says("Closed during the visit")
    walker.go("case", case)
    walker.press("End visit")
    walker.go("piece", case, piece)
    walker.press("Go on: Carer’s assessment")
    walker.comes_to("assess")
    assert walker.desk.place.of == response
