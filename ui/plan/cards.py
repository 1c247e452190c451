"""The cards of the plan: each assessed need beside how it will be met, then what is outside the needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal

from ascdesk.care.missing import joined
from ascdesk.care.outcomes import outcome
from ascdesk.care.plans import Need, Option, PlanLine
from ascdesk.work.plans import line_from_option
from ui.plan import words
from ui.plan.parts import LineBlock, OptionRow, OptionsHead
from ui.plan.session import PlanSession
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, row
from ui.widgets.surfaces import Card, Hairline
from ui.widgets.text import Body, Chip, Heading, Quiet, Small


class _PlanCard(Card):
    """What the cards share: lines, options, and the ways to go on. ``opened`` carries where to go."""

    opened = Signal(str)

    def __init__(self, session: PlanSession) -> None:
        super().__init__(gap=10)
        self.session = session
        self.options: list[OptionRow] = []
        self.lines: list[LineBlock] = []
        self._lacks = Counter(gap.where for gap in session.sheet.missing)

    def _add_options(self, options: Sequence[Option]) -> None:
        if not options:
            return
        self.body.addWidget(OptionsHead())
        for option in options:
            self.body.addWidget(Hairline())
            shown = OptionRow(option, fixed=self.session.frozen)
            shown.chosen.connect(self._chosen)
            shown.opened.connect(self._open_option)
            self.options.append(shown)
            self.body.addWidget(shown)

    def _add_lines(self, lines: Sequence[PlanLine]) -> None:
        today = self.session.desk.clock().date()
        if lines and self.options:
            self.body.addWidget(Hairline())
            self.body.addWidget(Small("How it will be met"))
        for line in lines:
            if self.lines:
                self.body.addWidget(Hairline())
            block = LineBlock(line, today, lacks=self._lacks[line.row], fixed=self.session.frozen)
            block.opened.connect(self._open_line)
            block.removed.connect(self._remove_line)
            self.lines.append(block)
            self.body.addWidget(block)

    def _links(self, *links: tuple[str, str, object]) -> None:
        if self.session.frozen:
            return
        flow = Flow(gap=22, line_gap=4)
        for label, about, slot in links:
            link = SmallLink(label)
            link.setAccessibleName(f"{label}: {about}")
            link.clicked.connect(slot)
            flow.addWidget(link)
        self.body.addLayout(flow)

    def _chosen(self, row: str) -> None:
        held = self.session.row(row)
        if held is not None:
            self.session.prefer(held)

    def _open_option(self, row: str) -> None:
        self.opened.emit(f"option/{row}")

    def _open_line(self, row: str) -> None:
        self.opened.emit(f"line/{row}")

    def _remove_line(self, row: str) -> None:
        held = self.session.row(row)
        if held is not None:
            self.session.remove(held, "remove a line")

    def _added_line(self, row: object) -> None:
        self.opened.emit(f"line/{row}")

    def _added_option(self, row: object) -> None:
        self.opened.emit(f"option/{row}")


class NeedCard(_PlanCard):
    """One assessed need: the person's words, what is wanted, the options, and the lines that meet it."""

    def __init__(
        self, session: PlanSession, need: Need, lines: Sequence[PlanLine], elsewhere: Sequence[str]
    ) -> None:
        super().__init__(session)
        self.need = need
        name = outcome(need.code).name
        own = f" · {quoted(need.words)}" if need.words.strip() else ""
        self.body.addWidget(Quiet(f"{name}{own}"))
        every = (*lines, *(line for line in session.sheet.plan.lines if need.code in line.needs))
        wanted = next((line.outcome_words for line in every if line.outcome_words.strip()), "")
        self.heading = Heading(wanted or name)
        self.body.addWidget(self.heading)
        self.setAccessibleName(name)
        self._extent()
        self._add_options(
            [one for one in session.sheet.plan.options if one.needs and one.needs[0] == need.code]
        )
        self._add_lines(lines)
        self._say_elsewhere(lines, elsewhere)
        self._links(
            ("Add a line", name, self._add_line),
            ("Add an option", name, self._add_option),
            *self._take_up(name),
        )

    def _extent(self) -> None:
        line = row(None, 12)
        need = self.need
        if need.eligible is False:
            line.addWidget(Chip("does not meet the criteria", "plain"))
        line.addWidget(Small(need.extent or "Not said yet how far this need meets the criteria."), 1)
        link = SmallLink("Look" if self.session.frozen else "Change")
        link.setAccessibleName(f"{link.words()} the need: {outcome(need.code).name}")
        link.clicked.connect(self._open_need)
        line.addWidget(link)
        self.body.addLayout(line)

    def _say_elsewhere(self, lines: Sequence[PlanLine], elsewhere: Sequence[str]) -> None:
        if elsewhere:
            also = "Also met by" if lines else "Met by"
            self.body.addWidget(Quiet(f"{also}: {joined(elsewhere)} (above)"))
        elif not lines:
            why = self.need.not_met_because.strip()
            none = f"Nothing in the plan is for this: {why}" if why else "Nothing in the plan meets this yet."
            self.body.addWidget(Body(none))

    def _take_up(self, name: str) -> list[tuple[str, str, object]]:
        """Offer a line for the chosen option while no line is for this need."""
        chosen = any(one.option.preferred for one in self.options)
        if not chosen or any(self.need.code in line.needs for line in self.session.sheet.plan.lines):
            return []
        return [("Add a line for the option chosen", name, self._line_for_option)]

    def _open_need(self) -> None:
        self.opened.emit(f"need/{self.need.code}")

    def _add_line(self) -> None:
        basis = "s18" if self.need.eligible else "s19"
        self.session.add_line({"needs": [self.need.code], "basis": basis}, self._added_line)

    def _add_option(self) -> None:
        same = next((list(one.option.needs) for one in self.options), [self.need.code])
        facts = {"needs": same, "available": True, "preferred": False}
        self.session.add_option(facts, self._added_option)

    def _line_for_option(self) -> None:
        chosen = next(one.option for one in self.options if one.option.preferred)
        held = self.session.row(chosen.row)
        if held is not None:
            self.session.add_line(line_from_option(held), self._added_line)


class OtherCard(_PlanCard):
    """Lines and options that are for none of the assessed needs: urgent help, after-care, anything new."""

    def __init__(self, session: PlanSession, lines: Sequence[PlanLine], options: Sequence[Option]) -> None:
        super().__init__(session)
        self.heading = Heading(self._title(lines))
        self.body.addWidget(self.heading)
        self.setAccessibleName(self.heading.text())
        self._add_options(options)
        self._add_lines(lines)
        self._links(("Add a line", "no assessed need", self._add_line))

    def _title(self, lines: Sequence[PlanLine]) -> str:
        if not lines:
            return "Other help"
        if all(line.section_117 for line in lines):
            return "After-care"
        if all(line.basis is not None and line.basis.value == "s19(3)" for line in lines):
            return "Urgent help, before the assessment"
        return "Other help"

    def _add_line(self) -> None:
        self.session.add_line({}, self._added_line)


def quoted(text: str) -> str:
    """Return the person's words in quotation marks, once."""
    bare = text.strip().strip('“”"').strip()
    return f"“{bare}”" if bare else ""


def cards_of(session: PlanSession) -> list[_PlanCard]:
    """Return the cards of a plan: each line stands once, with the first need that it meets."""
    plan = session.sheet.plan
    codes = [need.code for need in plan.needs]
    home: dict[str, str] = {}
    for line in plan.lines:
        home[line.row] = next((code for code in codes if code in line.needs), "")
    cards: list[_PlanCard] = []
    for need in plan.needs:
        own = [line for line in plan.lines if home[line.row] == need.code]
        shared = [
            words.title(line)
            for line in plan.lines
            if need.code in line.needs and home[line.row] != need.code
        ]
        cards.append(NeedCard(session, need, own, shared))
    rest = [line for line in plan.lines if not home[line.row]]
    other = [one for one in plan.options if not one.needs or one.needs[0] not in codes]
    if rest or other or not plan.needs:
        cards.append(OtherCard(session, rest, other))
    return cards
