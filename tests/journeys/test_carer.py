"""A carer's own eligibility, decided with reasons and signed, apart from the person cared for."""

from __future__ import annotations

from ascdesk.record.change import Json
from ascdesk.work import fields, responses
from tests.journeys.test_due import coded
from tests.support.plans import answer_all
from tests.support.walking import Walker, at_work, last_events

PRIVATE = "Carer’s assessment (private)"


def answers(walker: Walker, response: str, said: dict[str, Json]) -> None:
    """Answer questions of the carer's assessment."""
    told = [{"linkId": link, "answer": [one], "source": "observed"} for link, one in said.items()]
    draft = responses.load(walker.record, walker.case.id, response)
    answer_all(walker.record, draft, walker.desk.library.form("carers-assessment"), told)


def begun(walker: Walker, *, explored: int) -> str:
    """Begin Dan's assessment about caring for Elsie, with so many of the eight outcomes talked about."""
    at_work(walker, "carers_assessment", "carers")
    walker.press("Start: Carer’s assessment")
    walker.comes_to("assess")
    response = walker.desk.place.of
    said: dict[str, Json] = {"ca.name": {"valueString": "Dan Marsh"}, "ca.significant": coded("yes")}
    said |= {f"C{number:02}.achieves": coded("yes") for number in range(1, explored + 1)}
    said |= {"ca.necessary": {"valueBoolean": True}, "ca.health-risk": {"valueBoolean": True}}
    said |= {"ca.areas": coded("b"), "ca.prevention": {"valueString": "The carers’ centre has a choir."}}
    answers(walker, response, said)
    return response


def test_a_carer_is_decided_about_with_reasons_and_gets_the_decision_in_writing(walker: Walker) -> None:
    response = begun(walker, explored=7)
    case = walker.case.id
    walker.go("check", case, response)
    walker.press("Decide and sign")
    walker.comes_to("decide")
    walker.says(PRIVATE, "Regulation 3, SI 2015/313.", "Comes from giving necessary care")
    walker.tick("What have you decided?", "Not eligible")
    walker.says("Time for what you enjoy has not been talked about yet.")
    assert not walker.button("Sign…").isEnabled()
    answers(walker, response, {"C08.achieves": coded("yes")})
    walker.go("case", case)
    walker.go("decide", case, response)
    walker.says("Eligible: the needs come from providing necessary care.")
    walker.says("Your decision differs from the computed result: say why.")
    walker.tick("What have you decided?", "Eligible")
    walker.write("Your reasons", "His back is failing, and he has nobody to stand in.")
    walker.says("Ready to sign")
    walker.press("Sign…")
    walker.press("Sign now")
    walker.comes_to("copies")
    assert [kind for kind, _ in last_events(walker)][-1] == "assessment_completed"
    held = fields.rows(walker.record, case, "determination", response=response)
    assert [one.value("eligible") for one in held] == [True]
    walker.tick("In which format?", "Plain text")
    walker.reads("What we decided, and why", "His back is failing, and he has nobody to stand in.")
    walker.says(PRIVATE)
    walker.tick("How is it given?", "By hand")
    walker.press("Give this copy")
    walker.until(lambda: walker.case.copies)
    assert walker.case.copies[0].recipient == "Dan Marsh"
    assert [kind for kind, _ in last_events(walker)][-1] == "assessment_copy_issued"


def test_the_carers_decision_is_shut_while_the_person_cared_for_can_read_the_screen(walker: Walker) -> None:
    response = begun(walker, explored=8)
    case = walker.case.id
    walker.go("decide", case, response)
    walker.write("Your reasons", "Dan is worn out.")
    walker.desk.start_visit(case)
    walker.go("decide", case, response)
    walker.says("Closed during the visit")
    assert "Dan" not in walker.words()
