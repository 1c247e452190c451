"""The road of a person through the council, row by row, through the real windows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ascdesk.record.record import Record
from ascdesk.work import cases, fields, pieces, plans, records, referrals, responses
from ascdesk.work.pieces import Opening
from ascdesk.work.referrals import Decided
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN, RUTH
from tests.support.walking import Walker, as_somebody_else, at_work, elsie, last_events
from ui.widgets.choices import Radio

NEEDS = "What kind of need does it seem to be? Choose all that apply"
OT = "Bathing, stairs or changes to the home (occupational therapy)"


def take_call(walker: Walker) -> None:
    """Take a call from Dan about his mother, whom nobody here knows, as far as its last page."""
    walker.strike(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    walker.comes_to("call")
    walker.write("Full name", "Elsie Marsh")
    walker.write("Date of birth", "3", "2", "1944")
    walker.says("Nobody on this laptop is like this.")
    walker.press("Somebody new: take the call")
    walker.comes_to("assess")
    walker.tick("Who is asking for help?", "Another relative or friend")
    walker.write("What is the caller’s name?", "Dan Marsh")
    walker.turn("call.aware")
    walker.tick("Does Elsie know about this call?", "Yes")
    walker.turn("call.reason-page")
    walker.write("What you saw or know", "She cannot get into the bath.")
    walker.tick("Is Elsie getting support through the council now?", "No")
    walker.turn("call.urgency")
    walker.tick("Is Elsie safe at this moment?", "Yes")
    walker.tick("Is any of this happening? Choose all that apply", "None of these")
    walker.tick("Is this urgent?", "No")
    walker.turn("call.decision")


def test_a_call_becomes_a_referral_and_goes_along_the_road(walker: Walker) -> None:
    take_call(walker)
    walker.tick(NEEDS, OT)
    walker.tick("Where does it go now?", "A call from the Initial Contact Team")
    walker.press("Check answers")
    walker.press("Sign")
    walker.comes_to("next")
    walker.says("Family or a friend: Dan Marsh", "She cannot get into the bath.")
    assert walker.ticked("What is it about?") == [OT]
    assert walker.ticked("Who goes on with it?") == ["Initial contact: Initial Contact Team"]
    walker.press("Decide")
    walker.press("Elsie was told now")
    walker.press("Dan Marsh was told now")
    referral = walker.case.referrals[0]
    assert (referral.outcome, referral.channel) == ("gone_on", "phone")
    assert referral.told_person_at and referral.told_source_at
    walker.press("Initial contact: Initial Contact Team")
    walker.comes_to("piece")
    walker.press("Take this on")
    walker.says("Ruth Okafor, Social worker")
    walker.press("Back to the case")
    walker.press("Go on with initial contact")
    assert walker.ticked("What follows, if anything?") == ["Occupational therapy"]
    walker.tick("How did this work end?", "Done")
    walker.press("Finish")
    walker.says("Finished today")
    assert [(one.kind, one.open) for one in walker.case.pieces] == [("initial_contact", False), ("ot", True)]
    assert all(one.until for one in walker.case.allocations)


def test_somebody_known_here_is_found_and_the_call_comes_to_their_case(walker: Walker) -> None:
    walker.strike(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    walker.comes_to("call")
    walker.write("Telephone", cases.look(walker.record, JEAN).person.telephone or "")
    walker.says("Jean Hollis, 79", "Same telephone")
    walker.press("Take the call about Jean Hollis")
    walker.comes_to("assess")
    assert walker.desk.place.case == JEAN
    assert [one.channel for one in walker.case.referrals if one.open] == ["phone"]


def test_urgent_facts_are_said_and_class_the_referral_with_their_reason(walker: Walker) -> None:
    case, row = elsie(walker, needs=["safeguarding", "ot"])
    walker.go("next", case, row)
    walker.says("Urgent by the service standards", "There is a safeguarding concern")
    walker.press("Class as urgent")
    walker.says("Urgent because")
    assert ("urgent_classed", "There is a safeguarding concern") in last_events(walker)
    assert walker.case.referrals[0].urgent


def test_advice_from_the_councils_list_settles_a_call_and_no_visit_is_owed(walker: Walker) -> None:
    case, row = elsie(walker, needs=["information_only"])
    walker.go("next", case, row)
    walker.write("Find in the council’s list", "ombudsman")
    walker.press("Local Government and Social Care Ombudsman")
    hints = {one.text(): one.hint for one in walker.row("How was it given?").findChildren(Radio)}
    assert hints["Sent by email"] == "ASC Desk sends no email. Choose this when you have sent it yourself."
    walker.tick("How was it given?", "Printed")
    walker.press("Record this advice")
    walker.says("Advice recorded")
    walker.press("Print it as a sheet, or give it by post")
    walker.comes_to("copies")
    walker.tick("In which format?", "Plain text")
    walker.reads("these are the places that we talked about", "Local Government and Social Care Ombudsman")
    walker.tick("How is it given?", "By hand")
    walker.press("Give this letter")
    walker.until(lambda: [one.title for one in walker.case.copies] == ["Places that can help"])
    walker.go("next", case, row)
    walker.tick("What have you decided?", "Advice was enough")
    walker.press("Decide")
    walker.says("Say why it ends here")
    walker.write("Why does it end here?", "He knows where to complain now.")
    walker.press("Decide")
    walker.says("What was decided")
    assert [one.title for one in walker.case.advice] == ["Local Government and Social Care Ombudsman"]
    assert ("visit_not_needed", "He knows where to complain now.") in last_events(walker)


def test_what_is_for_another_service_is_named_and_not_lost(walker: Walker) -> None:
    case, row = elsie(walker, needs=["mental_health"])
    walker.go("next", case, row)
    assert walker.ticked("What have you decided?") == ["It is for another service"]
    route = walker.ticked("Which service is it sent to?")
    walker.write("Why does it end here?", "The crisis team rings him today.")
    walker.press("Decide")
    walker.says("Sent to", *route)
    assert walker.case.referrals[0].outcome == "other_route"


def test_somebody_who_has_support_is_for_the_duty_team_and_leaving_the_table_asks_why(walker: Walker) -> None:
    case, row = elsie(walker, receiving_support=True)
    walker.go("next", case, row)
    assert walker.ticked("Who goes on with it?") == ["Query about support: Duty Team"]
    walker.tick("Who goes on with it?", "Query about support: Duty Team", "Telecare: Telecare Services")
    walker.press("Decide")
    walker.says("Say why.")
    walker.write("Why does it go elsewhere than the table says?", "Only her alarm is broken.")
    walker.press("Decide")
    walker.says("Why elsewhere", "Only her alarm is broken.")
    assert [one.team for one in walker.case.pieces] == ["telecare"]


def test_a_web_referral_is_assured_by_a_practitioner(walker: Walker) -> None:
    case, row = elsie(walker, channel="professional", source="professional", source_name="Dr Amin")
    walker.go("case", case)
    walker.says("Awaiting assurance")
    walker.press("Decide the next steps")
    walker.press("Assure what was sent")
    walker.until(lambda: walker.case.referrals[0].assured_by == RUTH.id)
    assert "Assure what was sent" not in walker.words()
    assert walker.desk.place.of == row


def test_a_small_item_is_issued_followed_up_and_taken_back(walker: Walker) -> None:
    at_work(walker, "opal", "opal")
    walker.write("What is issued?", "Bath step")
    walker.write("How many?", "2")
    walker.write("When do we ask how it goes?", "1", "12", "2026")
    walker.press("Issue")
    walker.says("2 × Bath step")
    walker.press("How it goes: Bath step")
    walker.write("How does it go?", "Steady, used daily.")
    walker.press("Keep this")
    walker.says("Steady, used daily.")
    walker.press("It came back: Bath step")
    walker.write("Why did it come back?", "She moved.")
    walker.press("Take it back")
    walker.until(lambda: walker.case.loans[0].returned_because == "She moved.")


def test_support_for_a_time_has_its_days_and_feeds_what_follows(walker: Walker) -> None:
    at_work(walker, "short_term", "pi")
    walker.write("First day", "23", "11", "2026")
    walker.write("Last day", "22", "11", "2026")
    walker.press("Keep these days")
    walker.says("The last day is before the first.")
    walker.row("Last day").set_stored(None)
    walker.write("Last day", "4", "1", "2027")
    walker.press("Keep these days")
    walker.until(lambda: walker.case.pieces[0].ends == "2027-01-04")
    walker.tick("How did this work end?", "Done")
    walker.write("A few words about it", "She dresses alone; help with meals stays.")
    walker.tick(
        "What follows, if anything?", "Needs assessment: Older People's Assessment and Case Management"
    )
    walker.press("Finish")
    walker.says("Finished today")
    follows = walker.case.pieces[-1]
    assert (follows.kind, follows.because) == (
        "needs_assessment",
        "She dresses alone; help with meals stays.",
    )
    assert "visit_needed" in [kind for kind, _ in last_events(walker)]


def test_travel_training_with_the_learning_disabilities_team_has_its_days(walker: Walker) -> None:
    at_work(walker, "short_term_ld", "pi_ld", conditions=["learning_disability"])
    walker.says("Promoting Independence: learning disabilities")
    walker.write("First day", "23", "11", "2026")
    walker.write("Last day", "4", "1", "2027")
    walker.press("Keep these days")
    walker.until(
        lambda: (walker.case.pieces[0].starts, walker.case.pieces[0].ends) == ("2026-11-23", "2027-01-04")
    )


def test_what_follows_waits_for_a_manager_who_may_send_it_back(walker: Walker, record: Record) -> None:
    case, piece = at_work(walker, "support_planning", "older_people")
    walker.tick("How did this work end?", "Done")
    walker.press("Ask for approval")
    walker.says("Waits for approval", "You asked for it, so somebody else gives it.")
    approval = walker.case.approvals[0].row
    with as_somebody_else(record):
        pieces.send_back(record, case, approval, by_name="Ade Cole", words="Say who pays.")
    walker.go("case", case)
    walker.go("piece", case, piece)
    walker.says("Sent back by Ade Cole", "Say who pays.")
    walker.tick("How did this work end?", "Done")
    walker.press("Ask for approval")
    walker.says("Waits for approval")


def test_a_visit_that_is_not_needed_stops_its_clock_with_the_reason(walker: Walker) -> None:
    at_work(walker, "needs_assessment", "older_people")
    walker.press("No visit is needed…")
    walker.write("Why?", "She asked to talk by phone.")
    walker.press("Keep this")
    walker.says("Not needed: She asked to talk by phone.")
    assert last_events(walker)[-1] == ("visit_not_needed", "She asked to talk by phone.")


def test_a_birthday_suggests_a_hand_over_and_a_worker_makes_it(walker: Walker) -> None:
    born = {"date_of_birth": "2000-11-21", "given_name": "Connor", "family_name": "Vale"}
    call = {"channel": "phone", "source": "self", "needs": ["long_term"], "conditions": ["autism"]}
    case, row = referrals.begin_case(walker.record, born, call | {"received_at": "2026-11-01T10:00:00+00:00"})
    decided = Decided(
        "gone_on", openings=(Opening("needs_assessment", "transitions"),), differs_because="25."
    )
    referrals.decide(walker.record, case, row, [], decided)
    walker.go("case", case)
    walker.says("By Connor’s age this is now for All Age Disabilities 25+")
    walker.press("Hand over…")
    walker.press("Hand over")
    walker.until(lambda: walker.case.pieces[0].team == "disabilities_25")
    assert "By Connor’s age" not in walker.words()


def test_an_attempt_a_death_and_the_end_of_the_work(walker: Walker) -> None:
    case, row = elsie(walker)
    walker.go("case", case)
    walker.press("Record a contact attempt…")
    walker.tick("Did you reach them?", "No reply")
    walker.press("Keep this")
    walker.until(lambda: ("contact_attempted", "No reply.") in last_events(walker))
    referrals.decide(walker.record, case, row, [], Decided("advised", "She has all she asked for."))
    walker.go("closing", case)
    walker.tick("Why does the work end?", "Information and advice were enough")
    walker.press("Close the work")
    walker.says("See to it first, or say why it may stay so.")
    walker.write("Why may it stay so?", "Told by letter.")
    walker.press("Close the work")
    walker.says("The work is closed", "Told by letter.", "Adult Social Care Direct")
    assert walker.case.closures[0].reason == "advice"
    walker.go("case", case)
    walker.press("Record a death…")
    walker.write("On which day?", "22", "11", "2026")
    walker.press("Record the death")
    walker.says("This day is still to come.")
    walker.press("Record a death…")
    walker.write("On which day?", "20", "11", "2026")
    walker.press("Record the death")
    walker.until(lambda: walker.case.person.date_of_death == "2026-11-20")
    assert "died" in [kind for kind, _ in last_events(walker)]


def test_a_case_note_is_begun_from_the_case_checked_and_signed(walker: Walker) -> None:
    case, _ = elsie(walker)
    walker.go("case", case)
    walker.press("Start a record…")
    walker.press("Case note")
    walker.comes_to("assess")
    response = walker.desk.place.of
    walker.press("Check answers")
    walker.comes_to("check")
    walker.press("Sign")
    walker.says("This cannot be signed yet.")
    assert walker.case.responses[-1].row == response


def test_what_the_person_sent_begins_the_needs_assessment_in_their_name(walker: Walker) -> None:
    case, _ = elsie(walker, channel="self_assessment")
    sent = responses.start(walker.record, case, "self-assessment", "1.0.0", assessor_name="")
    draft = responses.load(walker.record, case, sent)
    for link_id, text in (("sa.about-you", "I was a baker."), ("sa.enjoy", "The allotment.")):
        said = Said((FrozenAnswer({"valueString": text}),))
        key = Key((), link_id, "person")
        responses.answer(walker.record, draft, key, said, seen=frozenset(), name="Sent")
    decided = Decided(
        "gone_on", openings=(Opening("needs_assessment", "older_people"),), differs_because="Sent."
    )
    row = cases.look(walker.record, case).referrals[0].row
    referrals.decide(walker.record, case, row, [], decided)
    walker.go("case", case)
    walker.press("Start needs assessment with what Elsie sent")
    walker.comes_to("assess")
    begun = responses.load(walker.record, case, walker.desk.place.of)
    assert begun.questionnaire == "needs-assessment"
    assert begun.answers((), "s06.enjoy") == ({"valueString": "The allotment."},)
    assert Key((), "s06.enjoy", "person") in begun.accounts


def test_a_safeguarding_concern_says_what_the_law_makes_of_it_and_not_during_a_visit(walker: Walker) -> None:
    case, piece = at_work(walker, "safeguarding", "duty")
    walker.press("Start: Safeguarding concern")
    walker.comes_to("assess")
    response = walker.desk.place.of
    assert records.of_piece(walker.case, piece)[0].row == response
    walker.go("check", case, response)
    walker.says("Computed from the answers, for your information · Care Act 2014 s.42")
    walker.desk.start_visit(case)
    walker.go("piece", case, piece)
    walker.says("Closed during the visit")
    walker.go("check", case, response)
    assert "Computed from the answers" not in walker.words()


def test_a_financial_referral_and_a_sourcing_request_follow_the_plan_and_show_their_age(
    walker: Walker, record: Record
) -> None:
    case, _ = at_work(walker, "support_planning", "older_people")
    walker.tick("How did this work end?", "Done")
    follows = "What follows, if anything?"
    walker.tick(follows, "Sourcing: Older People's Assessment and Case Management")
    walker.tick(follows, "Financial referral: Older People's Assessment and Case Management")
    walker.press("Ask for approval")
    walker.says("Follows: Sourcing")
    with as_somebody_else(record):
        pieces.approve(record, case, cases.look(record, case).approvals[0].row, by_name="Ade Cole")
    held = cases.look(record, case)
    assert {one.kind for one in held.pieces if one.open} == {"sourcing", "financial_referral"}
    assert "referral_sent" in [one.kind for one in held.events]
    old = next(one for one in held.pieces if one.kind == "sourcing")
    opened = fields.row(record, case, "piece_of_work", old.row)
    fields.put(record, case, opened, {"opened_at": "2026-11-18T10:00:00+00:00"}, name="Earlier")
    walker.go("case", case)
    walker.says("3 days ago")


def test_a_line_of_the_plan_says_its_kind_of_service_and_what_that_still_needs(walker: Walker) -> None:
    held = next(one for one in cases.read_cases(walker.record) if one.plans and not one.plans[-1].signed_at)
    plan = held.plans[-1].row
    sheet = plans.load(walker.record, held.id, plan)
    line = next(one for one in sheet.lines if one.value("met_by") == "commissioned")
    walker.go("plan", held.id, plan, f"line/{line.row}")
    walker.tick("What kind of service is it?", "Respite")
    walker.says("Still to say for respite:")
    row = fields.row(walker.record, held.id, "plan_line", line.row)
    assert row.value("service_component") == "Short term residential care"
    assert row.value("unit") == line.value("unit")


@pytest.mark.parametrize(
    ("form", "title"),
    [("online-review", "How is your support going?"), ("provider-review", "Review of a plan, by a provider")],
    ids=["online", "provider-led"],
)
def test_a_review_by_web_form_is_read_and_assured_and_stays_as_it_came(
    walker: Walker, form: str, title: str
) -> None:
    case, _ = elsie(walker)
    sent = responses.start(walker.record, case, form, "1.0.0", assessor_name="")
    task = {"kind": "assure", "title": "A review came by web form", "due": "2026-11-28"}
    fields.add(walker.record, case, "task", task, name="Arrive")
    walker.go("case", case)
    walker.press(title)
    walker.comes_to("check")
    walker.press("Assure what was sent")
    walker.comes_to("case")
    walker.says("Assured today")
    assert next(one for one in walker.case.responses if one.row == sent).signed_at
    assert [one.done_at is not None for one in walker.case.tasks] == [True]
