"""Decide and sign: the chain in full as it was recorded, the worker's own decision, and the signature.

The computed result stands beside the decision and never in its place: nothing is chosen beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ascdesk.care.missing import Missing
from ascdesk.work import cases, deciding, privacy, signing, urgent_help
from ascdesk.work.cases import Case
from ascdesk.work.criteria import ADULT
from ascdesk.work.deciding import OWN, Deciding, Reckoning, question_of, settle_at
from ascdesk.work.plans import PLAN_FORM
from ui.actions import hint
from ui.deciding.fields import FieldRow, PlaceLink, SigningSheet
from ui.deciding.recorded import Recorded
from ui.desk import Desk
from ui.form.reason import ReasonSheet
from ui.pages.base import CasePage
from ui.place import Place
from ui.signatures import SignedTwice, signed_words
from ui.turns import REST, Turns
from ui.widgets.buttons import HintButton, Link, PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.echo import Echo
from ui.widgets.editor import Editor
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.surfaces import Card, EmptyState, Hairline, Marked, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong
from ui.widgets.written import LineEditor, LongTextEditor

_FIELDS = {"eligible": "decided"}
"""What the rules call a field of the record."""


class DecidePage(CasePage):
    """The determination of one assessment, an adult's or a carer's (Care Act 2014 s.13)."""

    key = "decide"
    title = "Decide and sign"
    offers: ClassVar[frozenset[str]] = frozenset({"working"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.reckoning: Reckoning | None = None
        self.editing: Deciding | None = None
        self.working = False
        self.fields: dict[str, FieldRow] = {}
        self._built_for: tuple[object, ...] = ()
        self._turns = Turns(self)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Read what the determination rests on."""
        if (place.case, place.of) != (self.place.case, self.place.of):
            self.reckoning = self.editing = None
            self._built_for = ()
            self.working = False
            self._turns.later(iter(()))
            empty(self.centre)
            self.set_panel(None)
        super().show_place(place)
        work = partial(_load, self.desk, place.case, place.of, opened=True)
        self.desk.read(work, self._show, self.not_read)

    def refresh(self) -> None:
        """Read again what was written or pulled."""
        if self.place.of:
            work = partial(_load, self.desk, self.place.case, self.place.of)
            self.desk.read(work, self._show, self.not_read)

    def close_now(self, case: Case) -> None:
        """Take the decision away: the person beside may not see it."""
        self.reckoning = self.editing = None
        self._turns.later(iter(()))
        self.fields, self._built_for = {}, ()
        super().close_now(case)

    def leave(self) -> None:
        """Save what waits for a pause."""
        for row in self.fields.values():
            row.flush()

    def act(self, key: str) -> bool:
        """Do the actions of this page."""
        if key == "working":
            self.working = not self.working
            self._built_for = ()
            if self.reckoning is not None:
                self._show(self.reckoning)
            return True
        if key in {"undo", "redo"}:
            self.leave()
        return super().act(key)

    # -- showing ----------------------------------------------------------------------------------------

    def _show(self, found: Reckoning) -> None:
        if found.draft.response != self.place.of:
            return
        self.reckoning = found
        self.show_case(found.case)
        if self.editing is None:
            self.editing = Deciding(self.desk.record, found.draft, found.held)
        else:
            self.editing.reload(found.draft, found.held, self._open_fields(found))
        shape = (self.desk.visiting, self.working, found.standing, found.chain, found.refusal, found.sections)
        if shape != self._built_for:
            self._built_for = shape
            self._turns.begin(self._build(found))
            return
        self._turns.finish()  # what is being built came from an older reading
        self._load_fields(found)
        self._show_panel(found)

    def _build(self, found: Reckoning) -> Iterator[object]:
        """Build the page a part at a step; what is missing, which leads to its fields, last."""
        scrolled = self.area.verticalScrollBar().value()
        self.fields = {}
        empty(self.centre)
        self.state.set_hints([hint("working", "Working view"), hint("back"), hint("undo")])
        if self.desk.visiting and not self.working:
            self._closed(found)
            self.set_panel(None)
            return
        self.centre.addWidget(page_head(found.heading, self.title, _LEAD))
        if found.refusal is not None:
            self.centre.addWidget(self._refusal(found))
        recorded = Recorded(found)
        recorded.followed.connect(self.desk.go)
        yield from recorded.steps()
        self.centre.addWidget(recorded)
        recorded.show()
        yield REST
        yield from self._build_decision(found)
        yield from self._build_wishes(found)
        if found.criteria is ADULT:
            self.centre.addWidget(self._urgent(found))
        self._follow_decision()
        yield REST
        self.area.verticalScrollBar().setValue(scrolled)
        self._show_panel(found)

    def _closed(self, found: Reckoning) -> None:
        opener = HintButton("Open the working view", "Ctrl E")
        opener.clicked.connect(self._open_working)
        name = found.case.person.known_as
        words = f"{name} can read the screen. The decision is reckoned up and signed in the working view."
        self.centre.addWidget(EmptyState("For you alone", words, opener))

    def _open_working(self) -> None:
        self.act("working")

    # -- the decision -----------------------------------------------------------------------------------

    def _build_decision(self, found: Reckoning) -> Iterator[object]:
        self.centre.addWidget(Heading("Your decision"))
        computed = found.chain.result
        card = Card()
        card.body.addWidget(Small("Computed from the answers, for your information"))
        card.body.addWidget(Body(computed.reason))
        self.centre.addWidget(card)
        name = found.names["name"]
        self._field(
            "eligible",
            "What have you decided?",
            SingleChoice([coded("yes", "Eligible"), coded("no", "Not eligible")]),
        )
        yield None
        self._field(
            "differs_because",
            "Why does your decision differ from the computed result?",
            LongTextEditor(lines=3),
        )
        yield None
        owed = f"{name} is owed them, and gets them in writing."
        self._field("reasons", "Your reasons", LongTextEditor(lines=5), owed)
        yield None
        if found.words(found.criteria.reasons):
            self._echo(found, "Reasons so far, from the assessment", found.criteria.reasons)
        if found.deafblind:
            self._specialist(found)
        yield None

    def _specialist(self, found: Reckoning) -> None:
        if found.words(found.criteria.specialist):
            self._echo(found, "Specialist assessor (SI 2014/2827 reg 6)", found.criteria.specialist)
            return
        words = "A deafblind person’s assessment needs somebody with specific training (SI 2014/2827 reg 6)."
        self._field("specialist_assessor", "Who is the specialist assessor?", LineEditor(), words)

    def _field(self, field: str, label: str, editor: Editor, hint_words: str = "") -> None:
        row = FieldRow(field, label, editor, hint_words)
        row.saved.connect(self._save)
        row.gone.connect(self._left)
        self.fields[field] = row
        assert self.reckoning is not None
        self._load(row, self.reckoning)  # before it is seen: nobody types over what is still to come
        self.centre.addWidget(row)
        if field == "differs_because":
            self._follow_decision()

    def _load_fields(self, found: Reckoning) -> None:
        for row in self.fields.values():
            self._load(row, found)
        self._follow_decision()

    def _load(self, row: FieldRow, found: Reckoning) -> None:
        row.load(found.held.value(row.field), undone=self._undone(row, found))
        if found.standing.frozen:
            row.set_read_only(True)
        row.set_clash(row.field in found.clashes)

    def _follow_decision(self) -> None:
        """Ask why it differs only while it does."""
        if self.reckoning is None or not {"eligible", "differs_because"} <= set(self.fields):
            return
        decided = self.fields["eligible"].value()
        computed = self.reckoning.chain.result.eligible
        differs = isinstance(decided, bool) and computed is not None and decided != computed
        self.fields["differs_because"].setVisible(differs or bool(self.fields["differs_because"].value()))

    def _open_fields(self, found: Reckoning) -> frozenset[str]:
        typing = [row for row in self.fields.values() if row.typing() and not self._undone(row, found)]
        return frozenset(row.field for row in typing)

    def _undone(self, row: FieldRow, found: Reckoning) -> bool:
        """Say whether what a field shows went to the record and this worker has since taken it back."""
        if row.value() != row.sent or row.field in found.clashes or self.desk.writing:
            return False
        return all(head.author == self.desk.user.id for head in found.held.fields.get(row.field, ()))

    def _save(self, field: str, value: object) -> None:
        assert self.editing is not None
        self._follow_decision()
        self.desk.write(
            self.place.case, partial(self.editing.save, field, value), keep=(self.place.of, field)
        )

    def _left(self, field: str) -> None:
        if self.editing is not None:
            self.desk.read(partial(self.editing.leave, field), _nothing)

    # -- wishes, advice, refusal, urgent help -----------------------------------------------------------

    def _build_wishes(self, found: Reckoning) -> Iterator[object]:
        self.centre.addWidget(Heading("Advice, wishes and where they live"))
        for label, link_id in found.criteria.wishes:
            self._echo(found, label.format(name=found.names["name"]), link_id)
            yield None

    def _echo(self, found: Reckoning, label: str, link_id: str) -> None:
        """Show what was said elsewhere; once it is signed without a way to change it."""
        echo = Echo(label, found.words(link_id), link_id, change=not found.standing.frozen)
        echo.followed.connect(self._to_question)
        self.centre.addWidget(echo)

    def _to_question(self, link_id: str) -> None:
        self.desk.go(Place("assess", self.place.case, self.place.of, link_id))

    def _refusal(self, found: Reckoning) -> QWidget:
        assert found.refusal is not None
        card = Card()
        card.body.addWidget(Strong(f"{found.case.person.known_as} said no to an assessment"))
        line = Flow(gap=8)
        may = found.refusal.may_close
        line.addWidget(Chip("May close as declined" if may else "Stays open", "plain" if may else "warning"))
        card.body.addLayout(line)
        card.body.addWidget(Body(found.refusal.why))
        later = "A later request, or a change of needs, starts the duty again (s.11(3) and (4))."
        card.body.addWidget(Small(f"Care Act 2014 s.11. {later}"))
        look = SmallLink("Look at what was recorded")
        look.clicked.connect(self._to_refusal)
        row = Flow()
        row.addWidget(look)
        card.body.addLayout(row)
        return card

    def _to_refusal(self) -> None:
        self._to_question("s01.refusal-capacity")

    def _urgent(self, found: Reckoning) -> QWidget:
        held = QWidget()
        outer = column(held, 6)
        outer.addWidget(Hairline())
        outer.addWidget(Strong("Help that cannot wait"))
        outer.addWidget(
            Quiet("Urgent needs may be met now, before any of this is finished (Care Act 2014 s.19(3)).")
        )
        start = Link("Start urgent help…")
        start.clicked.connect(self._ask_urgent)
        line = Flow()
        line.addWidget(start)
        outer.addLayout(line)
        return held

    def _ask_urgent(self) -> None:
        self.leave()
        words = "A line for urgent help goes into the support plan. Say what help it is on the plan’s page."
        sheet = ReasonSheet("Start urgent help", words, "Start urgent help", self, "Why can it not wait?")
        if self.reckoning is not None:
            sheet.prefill(self.reckoning.words("s17.urgent-why"))
        sheet.given.connect(self._start_urgent)
        sheet.open()

    def _start_urgent(self, because: str) -> None:
        version = self.desk.library.form(PLAN_FORM).version
        work = partial(
            urgent_help.start_urgent,
            self.desk.record,
            self.place.case,
            self.place.of,
            because=because,
            form_version=version,
        )
        self.desk.write(self.place.case, work, self._urgent_started)

    def _urgent_started(self, plan: str) -> None:
        self.desk.go(Place("plan", self.place.case, plan))

    # -- what is missing, and signing -------------------------------------------------------------------

    def _show_panel(self, found: Reckoning) -> None:
        if self.desk.visiting and not self.working:
            self.set_panel(None)
            return
        held = QWidget()
        outer = column(held, 10)
        standing = found.standing
        if standing.signed is not None:
            self._say_signed(found, outer)
        if not standing.frozen:
            self._say_missing(found, outer)
        self.set_panel(held)

    def _say_signed(self, found: Reckoning, outer: object) -> None:
        signed, add = found.standing.signed, outer.addWidget  # type: ignore[attr-defined]
        assert signed is not None
        add(Heading("Signed"))
        add(Body(signed_words(signed)))
        if signed.not_listed:
            add(Quiet("Something was written since that is not in what was signed."))
        if found.standing.others:
            add(SignedTwice(found.standing))
        if found.standing.frozen:
            copies = PrimaryButton("Give a copy")
            copies.clicked.connect(self._to_copies)
            add(copies)
            amend = Link("Amend…")
            amend.clicked.connect(self._ask_amend)
            add(amend)
        else:
            add(Quiet(f"Being amended: {found.standing.amending}"))

    def _say_missing(self, found: Reckoning, outer: object) -> None:
        add = outer.addWidget  # type: ignore[attr-defined]
        lines = self._lines(found)
        add(Heading("Before you can sign" if lines else "Ready to sign"))
        for sentence, place in lines:
            mark = PlaceLink(sentence, place, sentence)
            mark.followed.connect(self._go_missing)
            line = Flow()
            line.addWidget(mark)
            outer.addLayout(line)  # type: ignore[attr-defined]
        if not lines:
            add(Marked("done", "Nothing is missing"))
        outcome = Small("Nobody else’s signature is needed. The person’s is offered, never required.")
        add(outcome)
        sign: PrimaryButton | SecondaryButton
        sign = PrimaryButton("Sign…")
        sign.setEnabled(not lines)
        sign.setAccessibleDescription("" if not lines else "Waits for what is listed above")
        sign.clicked.connect(self._ask_sign)
        add(sign)

    def _lines(self, found: Reckoning) -> list[tuple[str, Place]]:
        case, of = self.place.case, self.place.of
        lines: list[tuple[str, Place]] = []
        for account in found.conflicts:
            asked = found.asked(account.key.link_id)
            label = asked.label if asked else "An answer"
            sentence = f"Two people wrote this differently: {label}"
            lines.append((sentence, Place("settle", case, of, settle_at(account))))
        for field in found.clashes:
            words = {"eligible": "the decision", "reasons": "the reasons"}.get(field, field.replace("_", " "))
            lines.append((f"Two people wrote {words} differently.", Place("settle", case, of)))
        for missing in found.missing:
            if missing.code != "conflicts":
                lines.append((missing.sentence, self._place_of(missing)))
        return lines

    def _place_of(self, missing: Missing) -> Place:
        case, of = self.place.case, self.place.of
        own = {_FIELDS.get(field, field): field for field in self.fields}
        if missing.where in OWN and missing.where in own:
            return Place("decide", case, of, own[missing.where])
        return Place("assess", case, of, question_of(missing, self._where()))

    def _where(self) -> Mapping[str, str]:
        return self.reckoning.criteria.where if self.reckoning is not None else {}

    def _go_missing(self, place: Place) -> None:
        if place.page == "decide" and place.at in self.fields:
            self.fields[place.at].go()
            self.area.show_widget(self.fields[place.at])
            return
        self.desk.go(place)

    def _ask_sign(self) -> None:
        self.leave()
        assert self.reckoning is not None
        sheet = SigningSheet(self.reckoning, self.desk.user.name, self.desk.user.role, self)
        sheet.confirmed.connect(self._sign)
        sheet.open()

    def _sign(self) -> None:
        user = self.desk.user
        work = partial(
            deciding.sign,
            self.desk.record,
            self.place.case,
            self.place.of,
            self.desk.library,
            self.desk.clock().date(),
            name=user.name,
            role=user.role,
        )
        self.desk.write(self.place.case, work, self._signed)

    def _signed(self, _signed: signing.Signed) -> None:
        self._to_copies()

    def _to_copies(self) -> None:
        self.desk.go(Place("copies", self.place.case, self.place.of))

    def _ask_amend(self) -> None:
        words = "What was signed stays as it was signed. Say why it is corrected; then sign again."
        sheet = ReasonSheet("Amend the assessment", words, "Start the amendment", self)
        sheet.given.connect(self._amend)
        sheet.open()

    def _amend(self, reason: str) -> None:
        case, of = self.place.case, self.place.of
        self.desk.write(case, partial(signing.amend, self.desk.record, case, of, reason))


_LEAD = "You decide, give your reasons, and sign. What was computed is only computed."


def _nothing(_: object) -> None:
    """Leaving an editor has no answer."""


def _load(desk: Desk, case: str, response: str, *, opened: bool = False) -> Reckoning:
    if desk.visiting:
        privacy.refuse_private(desk.record, case, response, desk.library)
    if opened:
        cases.open_case(desk.record, case)
    return deciding.reckon(desk.record, case, response, desk.library, desk.clock().date())
