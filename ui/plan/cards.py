"""The cards of the plan: each assessed need beside how it will be met, then what is outside the needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Signal

from ascdesk.care.missing import joined
from ascdesk.care.outcomes import outcome
from ascdesk.care.plans import Need, Option, Plan, PlanLine
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
    """Assessed needs that are met together: the person's words, what is wanted, options, the lines."""

    def __init__(
        self,
        session: PlanSession,
        needs: Sequence[Need],
        lines: Sequence[PlanLine],
        elsewhere: Mapping[str, Sequence[str]],
    ) -> None:
        super().__init__(session)
        self.needs = tuple(needs)
        self.codes = [need.code for need in needs]
        name = joined([outcome(code).name for code in self.codes])
        self.setAccessibleName(name)
        for need in needs:
            self._echo(need)
        every = (*lines, *(line for line in session.sheet.plan.lines if set(self.codes) & set(line.needs)))
        wanted = next((line.outcome_words for line in every if line.outcome_words.strip()), "")
        self.heading = Heading(words.clipped(wanted or name, 140))
        self.body.addWidget(self.heading)
        self._add_options(
            [one for one in session.sheet.plan.options if one.needs and one.needs[0] in self.codes]
        )
        self._add_lines(lines)
        for need in needs:
            self._say_elsewhere(need, lines, elsewhere.get(need.code, ()))
        self._links(
            ("Add a line", name, self._add_line),
            ("Add an option", name, self._add_option),
            *self._take_up(name),
        )

    def _echo(self, need: Need) -> None:
        """Say a need again: in the person's words, and how far it meets the criteria."""
        name = outcome(need.code).name
        own = f" · {quoted(words.clipped(need.words, 300))}" if need.words.strip() else ""
        self.body.addWidget(Quiet(f"{name}{own}"))
        line = row(None, 12)
        if need.eligible is False:
            line.addWidget(Chip("does not meet the criteria", "plain"))
        line.addWidget(
            Small(words.clipped(need.extent, 240) or "Not said yet how far this need meets the criteria."), 1
        )
        link = NeedLink(need.code, "Look" if self.session.frozen else "Change")
        link.clicked.connect(self._open_need)
        line.addWidget(link)
        self.body.addLayout(line)

    def _say_elsewhere(self, need: Need, lines: Sequence[PlanLine], elsewhere: Sequence[str]) -> None:
        here = any(need.code in line.needs for line in lines)
        about = f"{outcome(need.code).name}: " if len(self.needs) > 1 else ""
        if elsewhere:
            also = "also met by" if here else "met by"
            said = f"{about}{also} {joined(elsewhere)} (above)"
            self.body.addWidget(Quiet(said[:1].upper() + said[1:]))
        elif not here:
            why = need.not_met_because.strip()
            none = f"nothing in the plan is for this: {why}" if why else "nothing in the plan meets this yet."
            said = about + none
            self.body.addWidget(Body(said[:1].upper() + said[1:]))

    def _take_up(self, name: str) -> list[tuple[str, str, object]]:
        """Offer a line for the chosen option while no line is for this need."""
        chosen = any(one.option.preferred for one in self.options)
        if not chosen or any(set(self.codes) & set(line.needs) for line in self.session.sheet.plan.lines):
            return []
        return [("Add a line for the option chosen", name, self._line_for_option)]

    def _open_need(self) -> None:
        link = self.sender()
        if isinstance(link, NeedLink):
            self.opened.emit(f"need/{link.code}")

    def _add_line(self) -> None:
        basis = "s18" if any(need.eligible for need in self.needs) else "s19"
        self.session.add_line({"needs": self.codes, "basis": basis}, self._added_line)

    def _add_option(self) -> None:
        same = next((list(one.option.needs) for one in self.options), self.codes)
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


class NeedLink(SmallLink):
    """The link that opens a need."""

    def __init__(self, code: str, words_: str) -> None:
        super().__init__(words_)
        self.code = code
        self.setAccessibleName(f"{words_} the need: {outcome(code).name}")


def cards_of(session: PlanSession) -> Iterator[_PlanCard]:
    """Yield the cards of a plan: each line stands once; needs met by the same lines stand together."""
    plan = session.sheet.plan
    codes = [need.code for need in plan.needs]
    first = {line.row: next((code for code in codes if code in line.needs), "") for line in plan.lines}
    host = hosts(plan, first)
    for code in dict.fromkeys(host.values()):
        needs = [need for need in plan.needs if host[need.code] == code]
        own = [line for line in plan.lines if first[line.row] and host[first[line.row]] == code]
        here = {line.row for line in own}
        elsewhere = {
            need.code: [
                words.clipped(words.title(line))
                for line in plan.lines
                if need.code in line.needs and line.row not in here
            ]
            for need in needs
        }
        yield NeedCard(session, needs, own, elsewhere)
    rest = [line for line in plan.lines if not first[line.row]]
    other = [one for one in plan.options if not one.needs or one.needs[0] not in codes]
    if rest or other or not plan.needs:
        yield OtherCard(session, rest, other)


def hosts(plan: Plan, first: Mapping[str, str]) -> dict[str, str]:
    """Return the need in whose card each need stands: its own, or where everything that meets it stands."""
    found: dict[str, str] = {}
    begun = {option.needs[0] for option in plan.options if option.needs} | set(first.values())
    for need in plan.needs:
        met_in = {found.get(first[line.row]) for line in plan.lines if need.code in line.needs}
        alone = need.code in begun or len(met_in) != 1 or bool(need.not_met_because.strip())
        found[need.code] = need.code if alone else (met_in.pop() or need.code)
    return found
