"""My work: a row for each thing that waits, what has the most consequence first, with the one thing to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from ascdesk.work.clocking import say_why_late
from ascdesk.work.waits import CLOCK_WORDS, SORT_WORDS, Sort
from ascdesk.work.worklist import Planned, WorkEntry, Worklist, worklist
from ui.actions import hint
from ui.desk import Desk
from ui.due import date_words, due_words
from ui.pages.base import AppPage
from ui.pages.registry import PAGES
from ui.place import Place
from ui.turns import REST, Turns
from ui.widgets.accounts import Pills
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.layouts import column
from ui.widgets.page import page_head
from ui.widgets.surfaces import Card, EmptyState, HairlineList, Marked, WorkItem, WorkRow, empty, stack
from ui.widgets.text import Heading, Quiet, Small, Strong
from ui.words import DAYS, age_words, changes_words, day_words

_GROUPS = (("late", "Late"), ("next", "Next"), ("later", "Later"))
_BUTTONS = {
    "assess": "Assess",
    "copies": "Issue copy",
    "plan": "Continue plan",
    "settle": "Look at both",
    "case": "Open case",
    "contact": "Make contact",
    "next": "Decide",
    "piece": "Open work",
    "team": "Open team",
    "loans": "Look at it",
    "adapt": "Open adaptation",
}
_BUTTONS_OF_SORT = {
    Sort.ASSURE: "Look at it",
    Sort.TELL: "Next steps",
    Sort.ALLOCATE: "Allocate",
    Sort.APPROVE: "Look at it",
    Sort.NEWS: "Look",
}
AT_ONCE: Final = 30
"""Rows that are made at once; more are made as they are scrolled to, or asked for."""
IN_SIGHT: Final = 8
"""Rows that a laptop's screen has room for: whoever has unlocked reads these while the others are made."""
LEAST_TO_NARROW: Final = 4
"""Entries from which on narrowing the list is offered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list is narrowed to; an empty part narrows nothing."""

    sort: str = ""
    team: str = ""
    rule: str = ""
    stage: str = ""

    def fits(self, entry: WorkEntry) -> bool:
        """Say whether an entry is shown."""
        return (
            self.sort in {"", entry.sort.value}
            and self.team in {"", entry.team}
            and self.rule in {"", entry.rule}
            and self.stage in {"", entry.stage}
        )

    def as_text(self) -> str:
        """Return it as a place carries it."""
        return ";".join(f"{one.name}={value}" for one in fields(self) if (value := getattr(self, one.name)))


def read_shown(at: str) -> Shown:
    """Return what a place narrows the list to; what cannot be read narrows nothing."""
    parts = dict(part.split("=", 1) for part in at.split(";") if "=" in part)
    return Shown(**{one.name: parts[one.name] for one in fields(Shown) if one.name in parts})


class WorklistPage(AppPage):
    """Answers: what do I do next, by when, and why."""

    key = "work"
    title = "My work"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._worklist: Worklist | None = None
        self._entries: dict[QObject | None, WorkEntry] = {}
        self.shown = Shown()
        self._left: list[WorkEntry] = []
        self._rows: dict[str, HairlineList] = {}
        self.more: Link | None = None
        self._turns = Turns(self)
        self.area.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_place(self, place: Place) -> None:
        """Show the list as it is now, narrowed as the place says."""
        super().show_place(place)
        self.bar.set_current("work")
        shown = read_shown(place.at)
        if shown != self.shown:
            self.shown, self._worklist = shown, None
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        self.desk.read(partial(worklist, self.desk.record, self.desk.clock()), self._show)

    def _show(self, found: Worklist) -> None:
        if found == self._worklist:
            return
        self._worklist = found
        self.area.hold(True)
        empty(self.centre)
        self._entries, self._rows, self.more = {}, {}, None
        self._turns.begin(self._build(found))
        self.state.set_hints([hint("call"), hint("sync"), hint("safe", "Safe?"), hint("find"), hint("lock")])

    def _build(self, found: Worklist) -> Iterator[object]:
        """Build what is in sight first, a row at a step, and what stands beside it; then the rows below."""
        now = self.desk.clock()
        wanted = [entry for entry in found.entries if self.shown.fits(entry)]
        today = f"{DAYS[now.weekday()]} {now.day} {now:%B}"
        self.centre.addWidget(page_head("", today, self._lead(found, now)))
        if self.shown != Shown():
            self.centre.addWidget(self._narrowed(len(wanted), len(found.entries)))
        if not wanted:
            self.centre.addWidget(self._nothing(found))
        self._left = wanted
        rows = self._fill()
        yield from islice(rows, IN_SIGHT)
        yield REST
        beside = self._beside(found, now)
        yield REST
        self.set_panel(beside)
        yield REST
        yield from rows
        self.area.hold(False)

    def _lead(self, found: Worklist, now: datetime) -> str:
        late = sum(1 for entry in found.entries if entry.when == "late")
        waiting = len(found.entries)
        visits = sum(1 for at, _, _ in found.visits if (at.date() - now.date()).days <= 7)
        said = [
            "1 case" if found.cases == 1 else f"{found.cases} cases",
            "1 thing waits" if waiting == 1 else f"{waiting} things wait",
            f"{late} late" if late else "nothing is late",
            "1 visit this week" if visits == 1 else f"{visits or 'no'} visits this week",
        ]
        return " · ".join(said)

    def _narrowed(self, shown: int, every: int) -> QWidget:
        everything = Link("Show everything")
        everything.clicked.connect(self._everything)
        return stack(Quiet(f"Narrowed: {shown} of {every} shown."), everything)

    def _nothing(self, found: Worklist) -> QWidget:
        if found.entries:
            return EmptyState("Nothing of this kind waits", "Other things do: show everything to see them.")
        if found.cases:
            return EmptyState(
                "Nothing waits for you",
                "What is due, what is asked of you and what comes back from others is listed here.",
            )
        button = PrimaryButton("Connect to the council")
        button.clicked.connect(self.desk.sync_asked)
        return EmptyState(
            "No cases here yet",
            "Cases that are allocated to you arrive when this laptop connects to the council.",
            button,
        )

    # -- rows -------------------------------------------------------------------------------------------

    def _fill(self) -> Iterator[None]:
        """Make the next rows, one at a step; the rest waits until somebody scrolls to it or asks."""
        if self.more is not None:
            self.more.hide()
            self.more.deleteLater()
            self.more = None
        now = self.desk.clock()
        some, self._left = self._left[:AT_ONCE], self._left[AT_ONCE:]
        for key, words in _GROUPS:
            for entry in (one for one in some if one.when == key):
                self._group(key, words).add(self._row(entry, now))
                yield
        if self._left:
            self.more = Link(f"Show more: {len(self._left)} wait below")
            self.more.clicked.connect(self._go_on)
            self.centre.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def _go_on(self) -> None:
        before = len(self._entries)
        self._turns.begin(self._fill())
        self._turns.finish()
        following = list(self._entries)[before:]
        if following and isinstance(following[0], QWidget):
            following[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _scrolled(self, value: int) -> None:
        bar = self.area.verticalScrollBar()
        if self._left and not self._turns.busy and value >= bar.maximum() - bar.pageStep() // 2:
            self._turns.begin(self._fill())

    def _group(self, key: str, words: str) -> HairlineList:
        if key not in self._rows:
            assert self._worklist is not None
            count = sum(1 for one in self._worklist.entries if one.when == key and self.shown.fits(one))
            held = QWidget()
            outer = column(held, 8)
            outer.addWidget(Strong(f"{words} ({count})"))
            self._rows[key] = HairlineList()
            outer.addWidget(self._rows[key])
            self.centre.addWidget(held)
        return self._rows[key]

    def _row(self, entry: WorkEntry, now: datetime) -> QWidget:
        words, tone = due_words(entry, now)
        age = age_words(entry.born, now.date())
        more = [entry.more] if entry.more else []
        if entry.because is not None:
            more.append(f"Reason: {entry.because.reason.lower()}.")
        if entry.staff_notes:
            more.append("1 staff note." if entry.staff_notes == 1 else f"{entry.staff_notes} staff notes.")
        item = WorkItem(
            who=f"{entry.who}, {age}" if age else entry.who,
            case=entry.stage,
            what=entry.what,
            more=" ".join(more),
            due=words,
            tone=tone,
            clock=" · ".join(part for part in (date_words(entry, now), entry.why) if part),
        )
        # One thing leads: the most pressing row has the one filled button.
        kind = PrimaryButton if not self._entries else SecondaryButton
        said = _BUTTONS_OF_SORT.get(entry.sort) or _BUTTONS[entry.action]
        button = kind(said)
        button.setAccessibleName(f"{said}, {entry.who}: {entry.what}")
        self._entries[button] = entry
        button.clicked.connect(self._go)
        if entry.when != "late" or not entry.rule or entry.because is not None:
            return WorkRow(item, button)
        why = SmallLink("Say why it is late")
        why.setAccessibleName(f"Say why it is late, {entry.who}: {entry.what}")
        why.clicked.connect(self._ask_why)
        self._entries[why] = entry
        held = QWidget()
        actions = column(held, 4)
        for one in (button, why):
            actions.addWidget(one, 0, Qt.AlignmentFlag.AlignRight)
        return WorkRow(item, held)

    def _go(self) -> None:
        entry = self._entries.get(self.sender())
        if entry is not None:
            self.desk.go(place_of(entry))

    def _ask_why(self) -> None:
        entry = self._entries.get(self.sender())
        if entry is None:
            return
        from ui.dialogs.late_reason import LateReasonSheet  # noqa: PLC0415 (opened seldom)

        sheet = LateReasonSheet(f"{entry.who}: {entry.what}", self)
        sheet.given.connect(partial(self._keep_why, entry))
        sheet.open()

    def _keep_why(self, entry: WorkEntry, code: str, words: str) -> None:
        work = partial(say_why_late, self.desk.record, entry.case, rule=entry.rule, code=code, words=words)
        self.desk.write(entry.case, work, self._kept_why)

    def _kept_why(self, _: object) -> None:
        self.desk.noticed.emit("The reason is kept beside the time.", True)

    # -- beside it --------------------------------------------------------------------------------------

    def _beside(self, found: Worklist, now: datetime) -> QWidget | None:
        if not found.planned and len(found.entries) < LEAST_TO_NARROW:
            return None
        held = QWidget()
        outer = column(held, 16)
        if found.planned:
            outer.addWidget(self._next_visit(found))
        tomorrow = found.tomorrow(now)
        if tomorrow:
            outer.addWidget(Heading("Tomorrow’s visits"))
            for one in tomorrow:
                outer.addWidget(self._visit(one, f"{one.at:%H:%M}"))
        for one in [one for one in found.planned[1:5] if one not in tomorrow]:
            outer.addWidget(self._visit(one, f"{day_words(one.at.date())}, {one.at:%H:%M}"))
        self._filters(outer, found)
        outer.addStretch(1)
        return held

    def _next_visit(self, found: Worklist) -> QWidget:
        card = Card()
        first = found.planned[0]
        card.body.addWidget(Heading(f"Next visit: {day_words(first.at.date())}, {first.at:%H:%M}"))
        card.body.addWidget(self._visit(first, ""))
        entry = next((one for one in found.entries if one.case == first.case), None)
        if entry is not None:
            for mark in _before_visit(entry):
                card.body.addWidget(mark)
        return card

    def _visit(self, one: Planned, when: str) -> QWidget:
        held = QWidget()
        lines = column(held, 0)
        if when:
            lines.addWidget(Quiet(when))
        link = VisitLink(one.who, one.case)
        link.clicked.connect(self._open_visit)
        lines.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if one.place:
            lines.addWidget(Small(one.place))
        return held

    def _open_visit(self) -> None:
        link = self.sender()
        if isinstance(link, VisitLink):
            self.desk.go(Place("case", link.case))

    # -- filters ----------------------------------------------------------------------------------------

    def _filters(self, outer: object, found: Worklist) -> None:
        from PySide6.QtWidgets import QVBoxLayout  # noqa: PLC0415

        assert isinstance(outer, QVBoxLayout)
        offered = (
            ("sort", "What", Counter(one.sort.value for one in found.entries), _sort_words),
            ("rule", "Standard", Counter(one.rule for one in found.entries), _clock_words),
            ("team", "Team", Counter(one.team for one in found.entries), found.team_name),
            ("stage", "Stage", Counter(one.stage for one in found.entries), _same),
        )
        several = [one for one in offered if len([code for code in one[2] if code]) > 1]
        if several and len(found.entries) >= LEAST_TO_NARROW:
            outer.addWidget(Heading("Show only"))
            for name, words, counts, say in several:
                outer.addWidget(stack(Small(words), self._pills(name, words, counts, say), gap=4))

    def _pills(self, name: str, words: str, counts: Counter[str], say: Callable[[str], str]) -> Pills:
        offered = [(code, f"{say(code)} ({number})") for code, number in counts.most_common() if code]
        pills = Pills(offered, f"Show only, {words}", right=False)
        pills.setObjectName(name)
        pills.set_code(getattr(self.shown, name))
        pills.chosen.connect(self._narrow)
        return pills

    def _narrow(self, code: str) -> None:
        pills = self.sender()
        if isinstance(pills, Pills):
            parts = {one.name: getattr(self.shown, one.name) for one in fields(Shown)}
            self._show_only(Shown(**(parts | {pills.objectName(): code})), pills.objectName())

    def _everything(self) -> None:
        self._show_only(Shown(), "")

    def _show_only(self, shown: Shown, keep: str) -> None:
        self.shown = shown
        self.desk.mark(shown.as_text())
        found, self._worklist = self._worklist, None
        if found is not None:
            self._show(found)
            self._turns.finish()
        held = self.findChildren(Pills, keep) if keep else []
        chosen = [pill for pills in held for pill in pills.pills if pill.isChecked()]
        again: Sequence[QWidget] = chosen or [pill for pills in held for pill in pills.pills[:1]]
        if again:
            again[-1].setFocus(Qt.FocusReason.OtherFocusReason)


def _sort_words(code: str) -> str:
    return SORT_WORDS[Sort(code)]


def _clock_words(code: str) -> str:
    return CLOCK_WORDS.get(code, code)


def _same(code: str) -> str:
    return code


def place_of(entry: WorkEntry) -> Place:
    """Return where to go for an entry; a page that this program does not have is the case's."""
    if entry.action == "team":
        return Place("team", at=entry.of)
    if entry.action in {"next", "piece", "loans", "adapt"} and any(
        spec.key == entry.action for spec in PAGES
    ):
        return Place(entry.action, entry.case, entry.of)
    return Place("case", entry.case, at=entry.action)


class VisitLink(Link):
    """A link to the case of a visit."""

    def __init__(self, who: str, case: str) -> None:
        super().__init__(who)
        self.case = case


def _before_visit(entry: WorkEntry) -> list[Marked]:
    held = "Everything is with the council"
    lacking = f"{changes_words(entry.outgoing)} not yet with the council"
    marks = [Marked("look" if entry.outgoing else "done", lacking if entry.outgoing else held)]
    if entry.staff_notes:
        marks.append(Marked("look", "Read the staff notes before you go"))
    return marks
