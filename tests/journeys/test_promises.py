"""What the council promises about letters, money, calls and visits, kept through the real windows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from ascdesk.care.clocks import State
from ascdesk.care.plan_completeness import extra_cost
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases, fields, pieces, plans, referrals, responses
from ascdesk.work.caseload import caseload
from ascdesk.work.pieces import Finish, Opening
from ascdesk.work.referrals import Decided
from ascdesk.work.worklist import worklist
from tests.journeys.conftest import DEVICE
from tests.journeys.test_due import answer_review, coded, named, states, take
from tests.journeys.test_road import NEEDS, OT, take_call
from tests.support.desks import JEAN, NOW, RUTH
from tests.support.plans import answer_all, complete, jeans_plan
from tests.support.walking import Walker, at_work, elsie, last_events


def text(words: str) -> dict[str, Json]:
    """Return words as an answer."""
    return {"valueString": words}


def letter(walker: Walker, title: str) -> None:
    """Turn to a letter among the copies of the case, as plain text, so that its words can be read."""
    walker.go("copies", walker.desk.place.case)
    walker.press(title)
    walker.tick("In which format?", "Plain text")


# -- an allocated worker ----------------------------------------------------------------------------------


def test_the_worker_can_be_reached_directly_while_there_is_work_and_not_after(walker: Walker) -> None:
    case, piece = at_work(walker, "short_term", "pi")
    walker.go("copies", case)
    assert "Your worker" not in walker.words(), "nobody is allocated yet"
    walker.go("piece", case, piece)
    walker.press("Take this on")
    walker.says("Ruth Okafor, Social worker")
    letter(walker, "Your worker")
    walker.reads(RUTH.telephone, RUTH.email, "This is about: short-term support.")
    walker.tick("How is it given?", "By post")
    walker.press("Give this letter")
    walker.until(lambda: [one.title for one in walker.case.copies] == ["Your worker"])
    address = walker.case.copies[0].of or ""
    pieces.finish(walker.record, case, piece, Finish("completed"))
    walker.go("copies", case)
    walker.until(lambda: "Give this letter" in walker.words())
    assert not walker.offers("Your worker")
    walker.go("copies", case, address)
    walker.says("This letter no longer fits the case.")


# -- what a dearer choice costs ---------------------------------------------------------------------------


def option(walker: Walker, name: str, weekly: str, *, offered: bool) -> None:
    """Add an option for a need."""
    walker.until(lambda: [one for one in walker.words().split("\n") if one == "Add an option"])
    walker.press("Add an option")
    walker.write("What is it?", name)
    walker.tick("Does it meet the need?", "Yes")
    walker.write("What does it cost a week?", weekly)
    walker.tick("Can it be had now?", "Yes")
    walker.tick("Has the council offered it?", "Yes" if offered else "No")
    walker.press("Done")


@pytest.mark.parametrize(
    ("payer", "who"),
    [
        ("A family member, friend or charity", "Moira Wray"),
        ("{name}, where the law allows it", "Stanley Wray"),
    ],
    ids=["third party", "first party"],
)
def test_a_dearer_option_is_agreed_in_writing_or_owed_by_nobody(
    walker: Walker, record: Record, payer: str, who: str
) -> None:
    case = named(walker, "Stanley")
    plan = cases.look(record, case).plans[-1].row
    walker.go("plan", case, plan, "needs")
    option(walker, "A carer from the usual list", "120", offered=True)
    option(walker, "The agency that he knows", "150.50", offered=False)
    walker.press("The agency that he knows")
    walker.go("plan", case, plan, "money")
    walker.says(
        "£30.50 a week more than the cheapest way that meets the need and can be had now.", "nobody has to."
    )
    assert extra_cost(plans.load(record, case, plan).plan) == Decimal("30.50")
    walker.go("copies", case, plan)
    walker.tick("In which format?", "Plain text")
    walker.reads("nobody has to unless they choose to, in writing.")
    walker.says("Agreement about an extra cost: ")
    assert not walker.offers("Agreement about an extra cost"), "nobody agreed, so there is no letter to give"
    walker.go("plan", case, plan, "money")
    walker.tick("Who has agreed to meet it?", payer.format(name=walker.case.person.known_as))
    walker.write("Who is that?", who)
    walker.write("How much a week was agreed?", "30.50")
    walker.write("When was it agreed in writing?", "20", "11", "2026")
    walker.go("copies", case, plan)
    walker.tick("In which format?", "Plain text")
    walker.reads(f"{who} agreed in writing on 20 November 2026 to pay it.")
    walker.press("Agreement about an extra cost")
    walker.tick("In which format?", "Plain text")
    walker.reads("nobody has to sign it.", f"{who} agrees to pay the extra cost of £30.50 a week")


# -- the follow-up call -----------------------------------------------------------------------------------


def contact_found(walker: Walker, response: str, **more: str) -> None:
    """Answer what an initial contact has to have."""
    said: dict[str, Any] = dict.fromkeys(
        ("ic.reason", "ic.wants", "ic.told-words"), text("As Elsie told it.")
    )
    said |= {"ic.worker": text("Ruth Okafor"), "ic.received": {"valueDateTime": "2026-11-21T09:00:00+00:00"}}
    chosen = {"source": "family", "route": "community", "knows": "yes", "support-now": "no", "carer": "no"}
    chosen |= {"urgent-facts": "none", "needs": "long-term", "outcome": "assessment"} | more
    said |= {f"ic.{link}": coded(code) for link, code in chosen.items()}
    said |= {
        f"ic.{link}": {"valueBoolean": False} for link in ("children", "hospital", "concern", "help-now")
    }
    answers = [{"linkId": link, "answer": [one], "source": "observed"} for link, one in said.items()]
    draft = responses.load(walker.record, walker.case.id, response)
    answer_all(walker.record, draft, walker.desk.library.form("initial-contact"), answers)


def begin_contact(walker: Walker, **more: str) -> tuple[str, str]:
    """Begin the initial contact record of a new referral, and come back to it with most of it answered."""
    _, piece = at_work(walker, "initial_contact", "initial_contact")
    walker.press("Start: Initial contact")
    walker.comes_to("assess")
    response = walker.desk.place.of
    contact_found(walker, response, **more)
    return piece, response


def test_the_follow_up_call_decides_urgency_and_the_next_steps_and_needs_no_visit(walker: Walker) -> None:
    piece, _ = begin_contact(walker)
    walker.turn("ic.urgency")
    walker.tick("How soon must somebody act?", "Urgent: now")
    walker.write("Why is it urgent?", "Her daughter is in hospital.")
    walker.write("When was it first called urgent?", "21", "11", "2026", "09", "30")
    walker.tick("Is a visit needed?", "No")
    walker.write("Why is no visit needed, and does Elsie agree?", "She would rather talk by phone.")
    walker.press("Check answers")
    walker.press("Sign")
    walker.comes_to("piece")
    assert walker.desk.place.of == piece
    assert ("urgent_classed", "Her daughter is in hospital.") in last_events(walker)
    assert ("visit_not_needed", "She would rather talk by phone.") in last_events(walker)
    assert (states(walker)["T2"], states(walker)["T3"]) == (State.RUNNING, State.CANCELLED)
    walker.says("Not needed: She would rather talk by phone.")


@pytest.mark.parametrize(
    ("born", "conditions", "team"),
    [
        ("1961-11-21", [], "Older People's Assessment and Case Management"),
        ("2001-11-21", ["autism"], "All Age Disabilities: Transitions 18–25"),
        ("2000-11-21", ["autism"], "All Age Disabilities 25+"),
    ],
    ids=["exactly 65", "exactly 25", "exactly 26"],
)
def test_long_term_needs_go_to_the_team_of_the_persons_age(
    walker: Walker, born: str, conditions: list[str], team: str
) -> None:
    person = {"given_name": "Elsie", "family_name": "Marsh", "date_of_birth": born}
    call = {"channel": "phone", "source": "self", "needs": ["long_term"], "conditions": conditions}
    case, row = referrals.begin_case(walker.record, person, call)
    openings = (Opening("initial_contact", "initial_contact"),)
    decided = Decided("gone_on", openings=openings, differs_because="Known.")
    (piece,) = referrals.decide(walker.record, case, row, [], decided)
    walker.go("piece", case, piece)
    assert walker.ticked("What follows, if anything?") == [f"Needs assessment: {team}"]


# -- visits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("needs", "rules"), [(["long_term"], ["T3"]), (["safeguarding"], ["T3", "T4"])])
def test_a_visit_that_begins_stops_its_clocks(walker: Walker, needs: list[str], rules: list[str]) -> None:
    case, row = elsie(walker, needs=needs)
    openings = (Opening("needs_assessment", "older_people", event="visit_needed"),)
    walker.go("next", case, row)
    if "T4" in rules:
        walker.press("Class as urgent")
    referrals.decide(walker.record, case, row, [], Decided("gone_on", openings=openings, differs_because="."))
    walker.go("case", case)
    assert {states(walker)[rule] for rule in rules} == {State.RUNNING}
    walker.press("Start visit")
    walker.until(lambda: "visit_started" in [kind for kind, _ in last_events(walker)])
    assert {states(walker)[rule] for rule in rules} == {State.MET}


def test_a_carer_who_suddenly_cannot_is_urgent_from_the_call_on(walker: Walker) -> None:
    take_call(walker)
    walker.turn("call.urgency")
    walker.tick("Is any of this happening? Choose all that apply", "None of these")
    walker.tick(
        "Is any of this happening? Choose all that apply", "The person who cares for Elsie suddenly cannot"
    )
    walker.turn("call.decision")
    walker.tick(NEEDS, OT)
    walker.tick("Where does it go now?", "A call from the Initial Contact Team")
    walker.press("Check answers")
    walker.press("Sign")
    walker.comes_to("next")
    walker.says("Urgent by the service standards")
    walker.press("Class as urgent")
    walker.until(lambda: walker.case.referrals[0].urgent)
    assert states(walker)["T2"] is State.RUNNING


# -- the plan ---------------------------------------------------------------------------------------------


def test_the_plan_asks_what_was_tried_first_and_its_copy_comes_before_care_starts(
    walker: Walker, record: Record
) -> None:
    plan = jeans_plan(record, caseload(NOW, author="council", device=DEVICE, worker=RUTH.id))
    complete(record, plan)
    walker.go("plan", JEAN, plan, "p04")
    walker.tick("Was short-term support looked at first?", "No")
    walker.go("plan", JEAN, plan, "needs")
    walker.says("Say why short-term support was not considered first.")
    walker.go("plan", JEAN, plan, "p04")
    walker.write("Why was it not looked at first?", "She had six weeks of it in the spring.")
    walker.go("plan", JEAN, plan, "needs")
    walker.press("Make final")
    walker.press("Sign as Ruth Okafor")
    walker.says("Version 1, final")
    assert states(walker)["T6"] is State.RUNNING
    walker.go("copies", JEAN, plan)
    walker.tick("How is it given?", "By hand")
    walker.press("Give this copy")
    walker.until(lambda: walker.case.copies)
    assert states(walker)["T6"] is State.MET


def test_support_for_a_time_has_goals_and_a_record_of_each_week(walker: Walker) -> None:
    at_work(walker, "short_term", "pi")
    walker.press("Start: Short-term support")
    walker.comes_to("assess")
    walker.turn("st.goals")
    walker.press("Add a goal")
    walker.write("What does Elsie want to be able to do?", "Wash alone.")
    walker.turn("st.weeks")
    walker.press("Add a week")
    walker.tick("How is it going on the whole?", "As planned")
    walker.press("Check answers")
    walker.says("Wash alone.", "As planned")


# -- somebody who is known already ------------------------------------------------------------------------


def test_a_web_referral_about_somebody_known_is_moved_to_the_case_that_stands(walker: Walker) -> None:
    known = cases.look(walker.record, JEAN).person
    person: dict[str, Json] = {"given_name": "Jean", "family_name": "HOLLIS", "date_of_birth": "1947-05-03"}
    call: dict[str, Json] = {
        "channel": "professional", "source": "professional", "source_name": "Dr Amin",
        "reason": "She fell at the surgery.", "needs": ["ot"], "received_at": "2026-11-20T16:00:00+00:00",
    }  # fmt: skip
    second, row = referrals.begin_case(walker.record, person, call)
    sent = responses.start(walker.record, second, "referral", "1.0.0", assessor_name="")
    form = walker.desk.library.form("referral")
    link = next(node.link_id for node in form.nodes if node.type == "text")
    told = [{"linkId": link, "answer": [text("She fell.")], "source": "professional"}]
    answer_all(walker.record, responses.load(walker.record, second, sent), form, told)
    held = fields.row(walker.record, second, "referral", row)
    fields.put(walker.record, second, held, {"response": sent}, name="Came with")
    walker.go("next", second, row)
    walker.says(f"This may be the same person as {known.full_name}", "Same name and date of birth")
    walker.press(f"Open that case: {known.full_name}")
    walker.comes_to("case")
    assert walker.desk.place.case == JEAN
    walker.go("next", second, row)
    walker.press("It is the same person: move the referral there")
    walker.until(lambda: walker.desk.place.case == JEAN and walker.page.key == "next")
    walker.says("She fell at the surgery.", "This came by a web form")
    assert "This may be the same person as" not in walker.words()
    moved = walker.case.referral(walker.desk.place.of)
    assert (moved.open, moved.received_at) == (True, "2026-11-20T16:00:00+00:00")
    copied = responses.load(walker.record, JEAN, moved.response or "")
    assert copied.answers((), link) == (text("She fell."),)
    walker.go("next", second, row)
    walker.says("It goes on in the case that the person has already", "Recorded in error: the same person as")
    shown = [one for one in worklist(walker.record, NOW).entries if one.case == second]
    assert not shown, "nobody waits for anything in the second case"
    assert cases.look(walker.record, second).closures[0].reason == "error"


def test_a_namesake_is_not_taken_for_somebody_else(walker: Walker) -> None:
    person: dict[str, Json] = {"given_name": "Jean", "family_name": "Hollis", "date_of_birth": "1980-01-01"}
    case, row = referrals.begin_case(walker.record, person, {"channel": "carer", "source": "carer"})
    walker.go("next", case, row)
    walker.says("What was understood")
    assert "This may be the same person as" not in walker.words()


def test_a_fuller_closing_record_can_be_written_beside_the_closing(walker: Walker) -> None:
    case, row = elsie(walker)
    referrals.decide(walker.record, case, row, [], Decided("advised", "She has all she asked for."))
    walker.go("closing", case)
    walker.press("Write a closing record…")
    walker.comes_to("assess")
    response = walker.desk.place.of
    walker.go("closing", case)
    walker.press("Go on with the closing record")
    walker.comes_to("assess")
    assert (walker.desk.place.of, len(walker.case.responses)) == (response, 1)


def test_the_case_leads_to_its_first_contact_until_somebody_tried(walker: Walker) -> None:
    case, row = elsie(walker)
    walker.go("case", case)
    assert not walker.offers("Make first contact"), "it is to be decided first who makes it"
    openings = (Opening("initial_contact", "initial_contact"),)
    referrals.decide(walker.record, case, row, ["initial_contact"], Decided("gone_on", openings=openings))
    walker.go("work")
    walker.go("case", case)
    walker.press("Make first contact")
    walker.tick("Did you reach them?", "No reply")
    walker.press("Keep this")
    walker.until(lambda: not walker.offers("Make first contact"))
    assert states(walker)["T1"] is State.MET


# -- a review, and what is told of paying -----------------------------------------------------------------


def test_a_review_by_phone_shows_old_beside_new_and_says_when_the_next_one_is(
    walker: Walker, record: Record
) -> None:
    take(walker, "Open work", "Agnes Power", "Review")
    case, piece = walker.case.id, walker.desk.place.of
    walker.press("Start: Review")
    walker.comes_to("assess")
    response = walker.desk.place.of
    answer_review(walker, case, response, "rv.mode")
    walker.turn("rv.mode")
    walker.tick("How was it done?", "By telephone")
    walker.turn("rv.A01")
    walker.says("What did we find last time?")
    assert walker.ticked("What did we find last time?"), "what was found then stands beside it"
    walker.tick("How is it now, beside last time?", "Harder")
    walker.tick("Did Agnes get what was hoped for?", "Partly")
    walker.turn("rv.next")
    walker.write("When will we look at this plan together again?", "20", "5", "2027")
    walker.press("Check answers")
    walker.press("Sign")
    walker.comes_to("piece")
    assert walker.desk.place.of == piece
    held = responses.load(record, case, response)
    told = {link: held.answers((), link) for link in ("rv.mode", "rv.A01.now", "rv.next-date")}
    codes = {link: answer[0].get("valueCoding", {}).get("code") for link, answer in told.items()}
    assert (codes["rv.mode"], codes["rv.A01.now"]) == ("phone", "harder")
    assert told["rv.next-date"] == ({"valueDate": "2027-05-20"},)
    walker.go("check", case, response)
    walker.reads("By telephone", "Harder", "20 May 2027")


def test_what_a_person_may_have_to_pay_is_explained_in_plain_words_with_the_date(
    walker: Walker, record: Record
) -> None:
    plan = jeans_plan(record, caseload(NOW, author="council", device=DEVICE, worker=RUTH.id))
    complete(record, plan)
    walker.go("copies", JEAN, plan)
    walker.tick("In which format?", "Plain text")
    walker.reads("we look at what you can afford first, and tell you in writing before you pay anything")
    walker.reads("When was Jean told how charging works?: 21 November 2026", "You pay")
    walker.go("plan", JEAN, plan, "p07")
    day = walker.row("When was Jean told how charging works?").editor.parts()[0]
    assert isinstance(day, QLineEdit)
    day.selectAll()
    walker.write("When was Jean told how charging works?", "19")
    walker.go("copies", JEAN, plan)
    walker.tick("In which format?", "Plain text")
    walker.reads("When was Jean told how charging works?: 19 November 2026")
