"""The gallery's scenes, with invented people: pages like those of the look, every editor in its states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import HintButton, Link, PrimaryButton, SecondaryButton
from ui.widgets.choices import MultipleChoice, SingleChoice, coded
from ui.widgets.dates import ABOUT, DateEditor
from ui.widgets.echo import Echo
from ui.widgets.figures import MoneyEditor, NhsNumberEditor, NumberEditor, PhoneEditor, PostcodeEditor
from ui.widgets.layouts import Columns, Flow, column
from ui.widgets.notices import Account, ConflictCard, ErrorSummary
from ui.widgets.page import AppBar, PageLayout, PersonBand, page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.repeats import RepeatingGroup
from ui.widgets.rows import FormRow
from ui.widgets.stateline import StateLine
from ui.widgets.surfaces import Card, EmptyState, HairlineList, Mark, Marked, WorkItem, WorkRow, stack
from ui.widgets.text import Chip, Heading, KeyCap, PageHeading, Quiet, Strong, Tone
from ui.widgets.timetable import DAYS, PARTS, WeekTimetable
from ui.widgets.written import LineEditor, LongTextEditor

_WHO = (
    ("observed", "Seen by me"),
    ("carer", "Peter"),
    ("professional", "Professional"),
    ("record", "The record"),
)
_RAIL = (
    ("About this visit", "done", 0),
    ("Communication", "done", 0),
    ("Advocacy", "done", 0),
    ("Key contacts", "done", 0),
    ("Home", "done", 0),
    ("About Jean and her goals", "done", 0),
    ("Health", "begun", 0),
    ("Peter, her carer", "begun", 0),
    ("Ten outcomes", "6 of 10", 0),
    ("Meals and drinks", "", 1),
    ("Washing", "done", 1),
    ("Toilet", "done", 1),
    ("Getting dressed", "done", 1),
    ("Safe at home", "", 1),
    ("Keeping the home", "done", 1),
    ("Family and friends", "", 1),
)


_WORK = (
    WorkItem(
        "Doreen Ashby, 84",
        "Needs assessment signed 6 November",
        "Give Doreen her copy of the assessment, in large print",
        "Ready to issue. She wants a copy for her daughter too.",
        "Due yesterday",
        "stop",
        "two weeks after the visit",
    ),
    WorkItem(
        "Mohammed Iqbal, 71",
        "New referral from his GP",
        "Make first contact by telephone",
        "Prefers Punjabi. Interpreter by telephone booked for Monday 15:00.",
        "Due Tuesday 24 Nov, 17:00",
        "warning",
        "two working days",
    ),
    WorkItem(
        "Jean and Peter Hollis, 79 and 82",
        "Needs assessment and carer’s assessment",
        "Visit, Monday 10:30, 14 Sandown Avenue",
        "14 of 20 sections begun · staff notes not yet read",
        "Monday 23 Nov, 10:30",
        "accent",
        "six weeks end on 4 December",
    ),
)


def assess() -> QWidget:
    """Return the page of one outcome during a visit, as in assess.png."""
    page = PageLayout()
    band = PersonBand()
    band.set_person("Jean Hollis", ("79 · born 3 May 1947", "NHS 999 123 4004", "14 Sandown Avenue"))
    band.set_chips(
        (("Large print 18 pt", "accent"), ("Hearing aids: face her, one at a time", "accent")),
        (HintButton("Staff notes (2)", "F8"),),
    )
    page.set_band(band)
    rail = Rail()
    rail.set_items("Assessment · 14 of 20", [RailItem(w, w, s, d) for w, s, d in _RAIL], "Meals and drinks")
    page.set_rail(rail)
    _outcome(page)
    page.set_panel(_talked())
    page.state.set_saved("Saved on this laptop 10:52")
    page.state.set_rest("Visit: other people’s names are hidden")
    page.state.set_hints(
        (("jot", "Jot", "Ctrl J"), ("cover", "Cover", "F9"), ("undo", "Undo change to Meals", "Ctrl Z"))
    )
    return page


def _outcome(page: PageLayout) -> None:
    lead = "Getting, preparing and eating enough food and drink."
    page.centre.addWidget(page_head("Ten outcomes · 1 of 10", "Managing and maintaining nutrition", lead))
    for row in _chosen():
        page.centre.addWidget(row)
    page.centre.addLayout(_accounts())
    wish = FormRow("What would Jean like?", LongTextEditor(lines=1))
    wish.set_stored(_text("“To cook for Peter again. Sunday dinner.”"))
    page.centre.addWidget(wish)
    foot = Flow(gap=12)
    for button in (
        PrimaryButton("Next: Safe at home"),
        SecondaryButton("Check answers"),
        Link("Last year"),
        Link("History"),
    ):
        foot.addWidget(button)
    page.centre.addLayout(foot)


def _chosen() -> tuple[FormRow, FormRow]:
    manage = SingleChoice(
        [
            coded("yes", "Yes"),
            coded("no", "No"),
            coded("varies", "It varies"),
            coded("not-explored", "Not talked about yet"),
        ]
    )
    can = FormRow("Can Jean manage meals and drinks?", manage, absent=())
    can.set_stored({"answer": [{"valueCoding": {"code": "no"}}]})
    hard = FormRow(
        "What makes it hard? Choose all that apply",
        MultipleChoice(
            [
                coded("U1", "Needs somebody’s help, or reminding"),
                coded("U2", "A lot of pain, distress or anxiety"),
                coded("U3", "It is not safe for her or others"),
                coded("U4", "It takes much longer than it should"),
            ]
        ),
    )
    hard.set_stored({"answer": [{"valueCoding": {"code": "U2"}}, {"valueCoding": {"code": "U3"}}]})
    return can, hard


def _accounts() -> Columns:
    words = FormRow("In Jean’s words", LongTextEditor())
    words.set_stored(
        _text("“I burnt my arm on the oven in October. I don’t trust my hands now, so I wait for Peter.”")
    )
    words.editor.parts()[0].setObjectName("focus")
    seen = FormRow("What you saw or know", LongTextEditor(), sources=_WHO, source="observed", hold_back=True)
    seen.set_stored(
        _text(
            "Lifts the kettle with both hands, stops twice for pain. "
            "Two bad days a week: tea and biscuits until he is back."
        )
    )
    pair = Columns(least=260, gap=18, line_gap=16)
    pair.addWidget(words)
    pair.addWidget(seen)
    return pair


def _talked() -> QWidget:
    return stack(
        Heading("Talked about so far"),
        Marked("done", "Health", "Rheumatoid arthritis, since 2009"),
        Marked("done", "Daily life", "Meals · Washing · Getting dressed · Toilet · Keeping the home"),
        Marked("open", "Not yet", "Safe at home · Family and friends · Work or volunteering · Getting out"),
        Marked("open", "What it means for her", "How all this touches Jean’s life, in her own words"),
        Marked("open", "A moment alone", "Not yet"),
        gap=2,
    )


def worklist() -> QWidget:
    """Return the list of work, as in worklist.png."""
    page = PageLayout()
    bar = AppBar((("work", "My work"), ("cases", "Cases"), ("visits", "Visits"), ("team", "Team")))
    bar.set_current("work")
    bar.set_who("Signed in as R. Okafor, Older People’s Team")
    page.set_band(bar)
    head = Flow(gap=16)
    head.addWidget(PageHeading("Saturday 21 November", wrap=False))
    head.addWidget(Quiet("31 cases · 5 need something this week · 2 visits on Monday", wrap=False))
    page.centre.addLayout(head)
    page.centre.addWidget(Strong("Late"))
    late = HairlineList()
    late.add(WorkRow(_WORK[0], PrimaryButton("Issue copy")))
    page.centre.addWidget(late)
    page.centre.addWidget(Strong("Next"))
    rest = HairlineList()
    rest.add(WorkRow(_WORK[1], SecondaryButton("Record call")))
    rest.add(WorkRow(_WORK[2], SecondaryButton("Open visit")))
    page.centre.addWidget(rest)
    card = Card(gap=2)
    card.body.addWidget(Heading("Before Monday’s visits"))
    for mark, words in (("done", "Forms are the newest"), ("done", "Everything is with the council")):
        card.body.addWidget(Marked("done" if mark == "done" else "look", words))
    card.body.addWidget(Marked("look", "Staff notes not yet read: Hollis"))
    page.set_panel(card, plain=True)
    page.state.set_saved("The council holds everything.")
    page.state.set_rest("Last contact 16:52", "held")
    page.state.set_hints((("visit", "Start visit", "F7"), ("lock", "Lock", "Ctrl L")))
    return page


def _text(words: str) -> dict[str, list[dict[str, str]]]:
    return {"answer": [{"valueString": words}]}


def small() -> QWidget:
    """Return chips, buttons and marks in every tone and state."""
    window = QWidget()
    window.setProperty("tall", True)
    layout = column(window, 16, (32, 24, 32, 24))
    for line in (_chips(), _buttons(), _long_button()):
        layout.addLayout(line)
    marks: tuple[Mark, ...] = ("done", "open", "look", "stop", "none")
    for mark in marks:
        layout.addWidget(Marked(mark, "A line of a check list", "and what there is to say about it"))
    layout.addWidget(
        EmptyState(
            "Nothing is late", "New work appears here when it is allocated to you.", Link("See all cases")
        )
    )
    layout.addStretch(1)
    return window


def _chips() -> Flow:
    tones: tuple[Tone, ...] = ("accent", "warning", "stop", "good", "plain")
    chips = Flow(gap=8)
    for tone, words in zip(
        tones, ("Large print", "Due Tuesday 24 Nov", "Due yesterday", "meets it", "plain"), strict=True
    ):
        chips.addWidget(Chip(words, tone))
    chips.addWidget(KeyCap("Ctrl J"))
    return chips


def _buttons() -> Flow:
    buttons = Flow(gap=12)
    off, off_too = PrimaryButton("Cannot be pressed"), SecondaryButton("Cannot be pressed")
    off.setEnabled(False)
    off_too.setEnabled(False)
    for button in (
        PrimaryButton("Next: Safe at home"),
        SecondaryButton("Check answers"),
        off,
        off_too,
        Link("History"),
    ):
        buttons.addWidget(button)
    buttons.addWidget(HintButton("Staff notes (2)", "F8"))
    return buttons


def _long_button() -> Flow:
    long = PrimaryButton(
        "A button whose words are so long that no screen at two hundred per cent holds them in one line"
    )
    line = Flow()
    line.addWidget(long)
    return line


def editors() -> QWidget:
    """Return every editor in its states, one under another."""
    window = QWidget()
    window.setProperty("tall", True)
    layout = column(window, 20, (32, 24, 32, 24))
    born = FormRow("Date of birth", DateEditor(), "For example 3 5 1947")
    born.set_stored({"answer": [{"valueString": "31/2/1947"}]})
    born.set_error(born.editor.problem())
    onset = FormRow(
        "When did it begin?", DateEditor(approximate=True), "Leave the day or the month empty if not known"
    )
    onset.set_stored(
        {
            "answer": [
                {"valueDate": "2009", "_valueDate": {"extension": [{"url": ABOUT, "valueBoolean": True}]}}
            ]
        }
    )
    layout.addWidget(born)
    layout.addWidget(onset)
    layout.addLayout(_figures())
    asked = FormRow("Who lives here with you?", LineEditor(), hold_back=True)
    asked.set_stored({"answer": [], "absent": "declined", "heldBack": "told in confidence by her daughter"})
    layout.addWidget(asked)
    layout.addWidget(_many())
    fixed = FormRow("Signed and fixed", LongTextEditor(lines=2))
    fixed.set_stored(_text("What was signed can be read and copied, not changed."))
    fixed.set_read_only(True)
    layout.addWidget(fixed)
    layout.addStretch(1)
    return window


def _figures() -> Columns:
    nhs = FormRow("NHS number", NhsNumberEditor())
    nhs.set_stored(_text("9991234004"))
    grid = Columns(least=280, most=3, gap=24, line_gap=16)
    wide = FormRow("Inside width", NumberEditor(kind="quantity", unit="mm"))
    wide.set_stored({"answer": [{"valueQuantity": {"value": "1420", "unit": "mm"}}]})
    cost = FormRow("Each week", MoneyEditor())
    cost.set_stored({"answer": [{"valueDecimal": "151.88"}]})
    phone = FormRow("Telephone", PhoneEditor())
    phone.set_stored(_text("01632960123"))
    code = FormRow("Postcode", PostcodeEditor())
    code.set_stored(_text("zz11 1zz"))
    code.set_error(code.editor.problem() or "Write the postcode like CV1 2AB.")
    for each in (nhs, wide, cost, phone, code):
        grid.addWidget(each)
    return grid


def _many() -> FormRow:
    many = MultipleChoice(
        [
            coded("gp", "GP", hint="Practice, doctor, last seen"),
            coded("dn", "District nurse"),
            coded("no", "None of these", alone=True),
        ],
        other="Somebody else",
    )
    helped = FormRow("Who else helps?", many)
    helped.set_stored({"answer": [{"valueCoding": {"code": "dn"}}, {"valueString": "Her neighbour Asha"}]})
    return helped


_ACCOUNTS = (
    Account("a", "You", "today 10:52", "Peter makes lunch on weekdays.", mine=True),
    Account(
        "b",
        "K. Mistry (OT)",
        "yesterday 16:20",
        "Peter cannot manage lunch since his fall; Asha brings it.",
    ),
)


def together() -> QWidget:
    """Return what holds several things: the week, rows that repeat, echoes, errors, two accounts."""
    window = QWidget()
    window.setProperty("tall", True)
    layout = column(window, 20, (32, 24, 32, 24))
    summary = ErrorSummary()
    layout.addWidget(summary)
    summary.show_problems(
        (
            ("born", "Date of birth: February 1947 has 28 days: check the day, 31."),
            ("nhs", "NHS number: that number fails its check."),
        )
    )
    summary.setObjectName("focus")
    layout.addWidget(
        Echo("Meals and drinks, in Jean’s words", "“I want to cook for Peter again, safely.”", "A01.wish")
    )
    week = WeekTimetable(parts=PARTS[:3])
    mornings = {(day, "morning"): 45 for day, _ in DAYS[:7]}
    week.set_cells(mornings | {("tue", "evening"): 30, ("thu", "evening"): 30, ("sat", "evening"): 30})
    layout.addWidget(FormRow("Help to wash and dress", week, absent=()))
    people = RepeatingGroup("Person", _contact, _next_id)
    people.set_ids(("1", "2"))
    layout.addWidget(people)
    layout.addWidget(ConflictCard("who helps with meals", _ACCOUNTS, "Peter makes lunch."))
    state = StateLine()
    state.set_saved("Saved on this laptop 10:52")
    state.set_rest("41 answers not yet with the council: no connection", "waiting")
    state.notify("Person 2 was removed.", undo=True)
    layout.addWidget(state)
    layout.addStretch(1)
    return window


def _contact(_key: str) -> QWidget:
    return FormRow("Name", LineEditor())


def _next_id() -> str:
    return str(uuid4())


SCENES: Mapping[str, Callable[[], QWidget]] = MappingProxyType(
    {"assess": assess, "worklist": worklist, "small": small, "editors": editors, "together": together}
)
