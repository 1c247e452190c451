"""Next steps: a referral as it was understood, how soon, advice, who goes on with it, and who was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from ascdesk.record.change import Json
from ascdesk.work import cases, fields, referrals, sameness
from ascdesk.work.referrals import Decided
from ascdesk.work.road import CONDITIONS, NEEDS, NextSteps, next_steps, work_words
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import CasePage
from ui.place import Place
from ui.road.advice import AdvicePanel
from ui.road.choosing import Chooser
from ui.road.parts import (
    PlaceLink,
    choose,
    code_of,
    codes_of,
    fact_lines,
    for_you_alone,
    in_line,
    text_of,
    write_in,
)
from ui.road.same import SamePerson
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.choices import MultipleChoice, Option, SingleChoice, coded
from ui.widgets.layouts import Flow
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card, Marked, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Strong, Tone
from ui.widgets.written import LongTextEditor
from ui.words import when_words

CHANNELS = {
    "phone": "By phone",
    "professional": "By a professional, online",
    "carer": "By a carer, online",
    "self_assessment": "By an online self-assessment",
}
SOURCES = {
    "self": "the person",
    "carer": "somebody who cares for them",
    "family": "family or a friend",
    "professional": "a professional",
    "other": "somebody else",
}
PRIORITIES = {"urgent": "Urgent: now", "medium": "Soon", "standard": "In the usual time"}
OUTCOMES = {
    "gone_on": "It goes on",
    "advised": "Advice was enough",
    "other_route": "It is for another service",
    "withdrawn": "It was withdrawn",
}
MOVED = "It goes on in the case that the person has already"


class NextStepsPage(CasePage):
    """One referral, from what was understood to who was told. Nothing is decided by the table."""

    key = "next"
    title = "Next steps"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: NextSteps | None = None
        self._shape: tuple[object, ...] = ()
        self._advice: AdvicePanel | None = None
        self.chooser: Chooser | None = None
        self.rows: dict[str, FormRow] = {}

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Read the referral."""
        if (place.case, place.of) != (self.place.case, self.place.of):
            self.found, self._shape = None, ()
            empty(self.centre)
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place, opened=True), self._show)

    def refresh(self) -> None:
        """Read again what was written or pulled."""
        if self.place.of:
            self.desk.read(partial(_load, self.desk, self.place), self._show)

    def leave(self) -> None:
        """Save what waits for a pause."""
        for row in self.rows.values():
            row.flush()

    def _show(self, found: NextSteps) -> None:
        if found.referral.row != self.place.of:
            return
        self.found = found
        self.show_case(found.case)
        self.state.set_hints([hint("back"), hint("jot"), hint("undo")])
        held = found.referral
        shape = (
            self.desk.visiting, held.outcome, held.assured_at, held.priority, held.urgent_because,
            found.triggers, held.told_person_at, held.told_source_at, found.opened, held.response,
            found.alike,
        )  # fmt: skip
        if shape != self._shape:
            self._shape = shape
            self._build(found)
        self._follow(found)

    def _build(self, found: NextSteps) -> None:
        scrolled = self.area.verticalScrollBar().value()
        empty(self.centre)
        self.rows, self.chooser, self._advice = {}, None, None
        if self.desk.visiting:
            self.centre.addWidget(for_you_alone(self.title))
            return
        held = found.referral
        channel = CHANNELS.get(held.channel or "", "Referral")
        received = when_words(held.received_at, self.desk.clock().date())
        self.centre.addWidget(page_head(f"{channel}, {received}", self.title))
        for one in found.alike:
            card = SamePerson(one)
            card.opened.connect(self.desk.go)
            card.moved.connect(self._move)
            self.centre.addWidget(card)
        if found.from_public and not held.assured_at and not held.in_error:
            self.centre.addWidget(self._assure(found))
        self._understood(found)
        if held.open:
            self._how_soon(found)
        else:
            self._decided(found)
        self._advice = AdvicePanel(self.desk, found.case.id, held.row)
        self.centre.addWidget(self._advice)
        if held.open:
            self._deciding(found)
        self.area.verticalScrollBar().setValue(scrolled)

    def _follow(self, found: NextSteps) -> None:
        if self._advice is not None:
            self._advice.follow(found.pack, found.referral.needs or (), found.advice)
        if self.chooser is not None:
            self.chooser.follow(found.route, found.offers)
            self._ask_only_what_matters()

    # -- somebody who is known already --------------------------------------------------------------------

    def _move(self, to: str) -> None:
        case, of = self.place.case, self.place.of
        work = partial(sameness.move, self.desk.record, case, of, to)
        self.desk.write(case, work, partial(self._moved, to))

    def _moved(self, to: str, row: str) -> None:
        self.desk.changed.emit(to)
        self.desk.noticed.emit("Moved to the case that was known already", False)
        self.desk.go(Place("next", to, row))

    # -- what was understood ----------------------------------------------------------------------------

    def _assure(self, found: NextSteps) -> QWidget:
        card = Card()
        card.body.addWidget(Strong("This came by a web form"))
        card.body.addWidget(
            Quiet("Read it through. From when you assure it, you stand for it. It stays as it was sent.")
        )
        assure = SecondaryButton("Assure what was sent")
        assure.clicked.connect(self._assured)
        card.body.addWidget(in_line(assure))
        return card

    def _assured(self) -> None:
        case, of = self.place.case, self.place.of
        self.desk.write(case, partial(referrals.assure, self.desk.record, case, of), self._told_so)

    def _told_so(self, _: object) -> None:
        self.desk.noticed.emit("Noted", True)

    def _understood(self, found: NextSteps) -> None:
        held = found.referral
        self.centre.addWidget(Heading("What was understood"))
        who = SOURCES.get(held.source or "", held.source or "")
        named = ", ".join(part for part in (held.source_name, held.source_role or held.source_relationship,
                                            held.source_organisation) if part)  # fmt: skip
        reach = " · ".join(part for part in (held.source_telephone, held.source_email) if part)
        knows = {True: "Yes", False: "No", None: ""}[held.person_knows]
        facts = [
            ("Who asked", f"{who[:1].upper()}{who[1:]}{f': {named}' if named else ''}"),
            ("How to reach them", reach),
            (f"Does {found.case.person.known_as} know?", knows),
            ("What has happened", held.reason or ""),
            ("Also said", held.key_information or ""),
            ("Urgent because", (held.urgent_because or "") if held.urgent else ""),
        ]
        if any(words for _, words in facts):
            self.centre.addWidget(fact_lines(facts))
        else:
            self.centre.addWidget(Quiet("Nothing was written down yet."))
        if held.response and any(one.row == held.response for one in found.case.responses):
            read = PlaceLink("Read every answer", Place("check", found.case.id, held.response))
            read.clicked.connect(self._follow_link)
            self.centre.addWidget(in_line(read))
        if held.open:
            self._field("needs", "What is it about?", MultipleChoice(_options(NEEDS)), held.needs or ())
            name = found.case.person.known_as
            self._field(
                "conditions", f"Does {name} have any of these?", MultipleChoice(_options(CONDITIONS)),
                held.conditions or (),
            )  # fmt: skip
            said = {True: ["yes"], False: ["no"], None: []}[held.receiving_support]
            support = SingleChoice([coded("yes", "Yes"), coded("no", "No")])
            self._field(
                "receiving_support", f"Does {name} get support through the council now?", support, said
            )

    def _field(
        self, field: str, label: str, editor: MultipleChoice | SingleChoice, codes: Sequence[str]
    ) -> None:
        row = FieldChoice(field, label, editor)
        choose(row, codes)
        row.edited.connect(self._save_field)
        self.rows[field] = row
        self.centre.addWidget(row)

    def _save_field(self) -> None:
        row = self.sender()
        if not isinstance(row, FieldChoice):
            return
        codes = list(codes_of(row))
        value: Json = codes
        if row.field == "receiving_support":
            value = {"yes": True, "no": False}.get(next(iter(codes), ""))
        case, of = self.place.case, self.place.of
        work = partial(_put, self.desk, case, of, row.field, value)
        self.desk.write(case, work, keep=(of, row.field))

    def _follow_link(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    # -- how soon ---------------------------------------------------------------------------------------

    def _how_soon(self, found: NextSteps) -> None:
        held = found.referral
        self.centre.addWidget(Heading("How soon"))
        if found.triggers:
            line_held = QWidget()
            line = Flow(line_held, gap=8)
            tone: Tone = "stop" if found.suggests_urgent else "plain"
            line.addWidget(
                Chip("Urgent by the service standards" if found.suggests_urgent else "Urgent", tone)
            )
            self.centre.addWidget(line_held)
            for words in found.triggers:
                self.centre.addWidget(Marked("stop" if found.suggests_urgent else "look", words))
        soon = FormRow("How soon must somebody act?", SingleChoice(_words(PRIORITIES)), absent=())
        choose(soon, ["urgent" if found.suggests_urgent else held.priority or "standard"])
        why = FormRow("Why?", LongTextEditor(lines=2), absent=())
        said = held.urgent_because or (". ".join(found.triggers) if found.suggests_urgent else "")
        write_in(why, said)
        self.rows |= {"priority": soon, "priority_because": why}
        set_it = SecondaryButton("Class as urgent" if found.suggests_urgent else "Set how soon")
        set_it.clicked.connect(self._classify)
        for widget in (soon, why, in_line(set_it)):
            self.centre.addWidget(widget)

    def _classify(self) -> None:
        row, why = self.rows["priority"], self.rows["priority_because"]
        priority = code_of(row)
        case, of = self.place.case, self.place.of
        work = partial(
            referrals.classify, self.desk.record, case, of, priority=priority, because=text_of(why)
        )
        self.desk.write(case, work, self._told_so, partial(self._wrong, "priority_because"))

    # -- deciding ---------------------------------------------------------------------------------------

    def _deciding(self, found: NextSteps) -> None:
        self.centre.addWidget(Heading("What happens now"))
        outcome = FormRow("What have you decided?", SingleChoice(_words(OUTCOMES)), absent=())
        outside = found.suggested_outside and not found.suggested_teams
        first = found.proposed.outcome or ("other_route" if outside else "gone_on")
        choose(outcome, [first])
        outcome.edited.connect(self._ask_only_what_matters)
        self.rows["outcome"] = outcome
        self.centre.addWidget(outcome)
        self.chooser = Chooser("Who goes on with it?")
        self.chooser.changed.connect(self._ask_only_what_matters)
        self.centre.addWidget(self.chooser)
        routes = [coded(team.id, team.name, hint=team.purpose) for team in found.outside]
        self._row("other_route", "Which service is it sent to?", SingleChoice(routes))
        named = [found.proposed.route] if found.proposed.route else [t.id for t in found.suggested_outside]
        choose(self.rows["other_route"], named[:1])
        self._row("differs_because", "Why does it go elsewhere than the table says?", LongTextEditor(lines=2))
        self._row("because", "Why does it end here?", LongTextEditor(lines=2))
        write_in(self.rows["because"], found.proposed.because)
        decide = PrimaryButton("Decide")
        decide.clicked.connect(self._decide)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        self.centre.addWidget(in_line(decide, back))

    def _row(self, key: str, label: str, editor: SingleChoice | LongTextEditor) -> None:
        row = FormRow(label, editor, absent=())
        self.rows[key] = row
        self.centre.addWidget(row)

    def _ask_only_what_matters(self) -> None:
        """Ask for what the decision needs, and for a reason where it leaves the table."""
        if self.chooser is None or "outcome" not in self.rows:
            return
        outcome = code_of(self.rows["outcome"])
        self.chooser.setVisible(outcome == "gone_on")
        self.rows["other_route"].setVisible(outcome == "other_route")
        self.rows["differs_because"].setVisible(outcome == "gone_on" and self.chooser.differs())
        self.rows["because"].setVisible(outcome in {"advised", "other_route", "withdrawn"})

    def _decide(self) -> None:
        assert self.found is not None and self.chooser is not None
        outcome = code_of(self.rows["outcome"])
        goes_on = outcome == "gone_on"
        held = self.found.referral
        because = text_of(self.rows["because"])
        route = code_of(self.rows["other_route"]) if outcome == "other_route" else ""
        openings = tuple(one.opening(held.reason or "", held.priority or "") for one in self.chooser.chosen())
        decided = Decided(
            outcome,
            "" if goes_on else because,
            openings if goes_on else (),
            route,
            text_of(self.rows["differs_because"]) if goes_on else "",
        )
        case = self.place.case
        teams = self.found.suggested_teams
        work = partial(referrals.decide, self.desk.record, case, held.row, teams, decided)
        wrong = {"gone_on": "differs_because", "other_route": "other_route"}.get(outcome, "because")
        if outcome == "other_route" and route:
            wrong = "because"
        self.desk.write(case, work, self._told_so, partial(self._wrong, wrong))

    def _wrong(self, key: str, error: Exception) -> None:
        """Say beside the field what is missing."""
        sentence = getattr(error, "sentence", "")
        row = self.rows.get(key)
        if sentence and row is not None:
            row.setVisible(True)
            row.set_error(sentence)
            row.go()
        else:
            self.desk.tell(error)

    # -- decided ----------------------------------------------------------------------------------------

    def _decided(self, found: NextSteps) -> None:
        held = found.referral
        today = self.desk.clock().date()
        self.centre.addWidget(Heading("What was decided"))
        outcome = MOVED if held.in_error else OUTCOMES.get(held.outcome or "", held.outcome or "")
        facts = [
            ("Decided", f"{outcome}, {when_words(held.decided_at, today)}"),
            ("Sent to", found.pack.team_name(held.other_route) if held.other_route else ""),
            ("Why", held.outcome_because or ""),
            ("Why elsewhere", held.differs_because or ""),
        ]  # fmt: skip
        self.centre.addWidget(fact_lines(facts))
        for piece in found.opened:
            kind, team = found.pack.pathway.name(piece.kind or ""), found.pack.team_name(piece.team or "")
            words = work_words(kind, team)
            link = PlaceLink(words, Place("piece", found.case.id, piece.row))
            link.clicked.connect(self._follow_link)
            self.centre.addWidget(in_line(link))
        if not held.in_error:  # who is told, is told from where it goes on
            self._telling(found)

    def _telling(self, found: NextSteps) -> None:
        held, today = found.referral, self.desk.clock().date()
        name = found.case.person.known_as
        self.centre.addWidget(Heading("Who was told"))
        buttons: list[QWidget] = []
        for told, words, who in (
            (held.told_person_at, name, "person"),
            (held.told_source_at, held.source_name or "Who asked", "source"),
        ):
            if who == "source" and held.source in {None, "self"}:
                continue
            if told:
                self.centre.addWidget(Marked("done", f"{words} was told {when_words(told, today)}"))
                continue
            self.centre.addWidget(Marked("open", f"{words} was not told yet"))
            button = ToldButton(f"{words} was told now", who)
            button.clicked.connect(self._tell_now)
            buttons.append(button)
        if buttons:
            self.centre.addWidget(in_line(*buttons))
        else:
            self.centre.addWidget(Body("Everybody knows what happens next."))
        letter = PlaceLink(
            f"The letter that tells {name}", Place("copies", self.place.case, f"letter:first:{held.row}")
        )
        letter.clicked.connect(self._follow_link)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        links = [back] if found.case.person.date_of_death else [letter, back]
        self.centre.addWidget(in_line(*links))

    def _tell_now(self) -> None:
        button = self.sender()
        if not isinstance(button, ToldButton):
            return
        person = button.who == "person"
        case, of = self.place.case, self.place.of
        work = partial(referrals.tell, self.desk.record, case, of, person=person, source=not person)
        self.desk.write(case, work, self._told_so)

    def _back(self) -> None:
        self.act("back")


class FieldChoice(FormRow):
    """A choice that is a field of the referral."""

    def __init__(self, field: str, label: str, editor: MultipleChoice | SingleChoice) -> None:
        super().__init__(label, editor, absent=())
        self.field = field


class ToldButton(SecondaryButton):
    """Notes that somebody was told the next steps."""

    def __init__(self, words: str, who: str) -> None:
        super().__init__(words)
        self.who = who


def _options(words: Mapping[Any, str]) -> list[Option]:
    return [coded(key.value, text) for key, text in words.items()]


def _words(words: Mapping[str, str]) -> list[Option]:
    return [coded(key, text) for key, text in words.items()]


def _put(desk: Desk, case: str, referral: str, field: str, value: Json) -> None:
    held = fields.row(desk.record, case, "referral", referral)
    fields.put(desk.record, case, held, {field: value}, name="Correct the referral")


def _load(desk: Desk, place: Place, *, opened: bool = False) -> NextSteps:
    if opened:
        cases.open_case(desk.record, place.case)
    return next_steps(desk.record, place.case, place.of)
