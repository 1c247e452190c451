"""Take a call: first see whether the person is known here, then the call's form; the clocks run from now."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.work import calls
from ascdesk.work.calls import Begun, Caller, Likeness, Taker
from ui.actions import hint
from ui.desk import Desk, User
from ui.pages.base import AppPage
from ui.place import Place
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Answer, Editor
from ui.widgets.figures import NhsNumberEditor, PhoneEditor
from ui.widgets.layouts import Columns, Flow
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Cells, HairlineList, empty, stack
from ui.widgets.text import Body, Heading, Quiet, Small
from ui.widgets.written import LineEditor
from ui.words import age_words


class TakeIt(SecondaryButton):
    """Begins the call about somebody who was found."""

    def __init__(self, found: Likeness) -> None:
        super().__init__("Take the call")
        self.case = found.case
        self.setAccessibleName(f"Take the call about {found.who}")


class OpenIt(Link):
    """Opens the case of somebody who was found."""

    def __init__(self, found: Likeness, words: str) -> None:
        super().__init__(words)
        self.case = found.case
        self.setAccessibleName(f"Open the case of {words}")


class CallPage(AppPage):
    """Whom a call is about. Nothing is kept before the call is begun: what is typed here only finds."""

    key = "call"
    title = "Take a call"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.rows: dict[str, FormRow] = {}
        self.found: tuple[Likeness, ...] = ()
        self._results: HairlineList | None = None
        self._beginning = False

    def show_place(self, place: Place) -> None:
        """Begin with nothing: the last call is over."""
        super().show_place(place)
        self.bar.set_current("")
        self._beginning = False
        self._build()
        self.state.set_hints([hint("find"), hint("lock")])

    def _build(self) -> None:
        empty(self.centre)
        self.found = ()
        lead = "Who is it about? Type what you are told: people who are known on this laptop appear below."
        self.centre.addWidget(page_head("", self.title, lead))
        self.rows = {}
        editors: list[tuple[str, str, Editor]] = [
            ("name", "Full name", LineEditor()),
            ("born", "Date of birth", DateEditor()),
            ("nhs", "NHS number", NhsNumberEditor()),
            ("telephone", "Telephone", PhoneEditor()),
            ("address", "Address or postcode", LineEditor()),
        ]
        held = QWidget()
        cells = Columns(held, least=320, most=2, gap=24, line_gap=14)
        for key, label, editor in editors:
            row = FormRow(label, editor, absent=())
            row.edited.connect(self._typed)
            self.rows[key] = row
            cells.addWidget(row)
        self.centre.addWidget(held)
        self._heading = Heading("Known on this laptop")
        self.centre.addWidget(self._heading)
        self._said = Quiet("")
        self.centre.addWidget(self._said)
        self._results = HairlineList()
        self.centre.addWidget(self._results)
        self._show_found(())
        line_held = QWidget()
        line = Flow(line_held, gap=12)
        self.begin = PrimaryButton("Somebody new: take the call")
        self.begin.clicked.connect(self._begin_new)
        line.addWidget(self.begin)
        self.centre.addWidget(line_held)
        self.centre.addWidget(
            Small("The clocks of the service standards run from the moment that you take the call.")
        )
        self.rows["name"].go()

    def caller(self) -> Caller:
        """Return what was typed."""
        texts = {key: _text(row.editor.value()) for key, row in self.rows.items()}
        return Caller(**texts)

    def _typed(self) -> None:
        self.desk.read(partial(_look, self.desk, self.caller()), self._show_known)

    def _show_known(self, found: tuple[Caller, tuple[Likeness, ...]]) -> None:
        asked, likeness = found
        if asked == self.caller():
            self._show_found(likeness)

    def _show_found(self, found: tuple[Likeness, ...]) -> None:
        if self._results is None:
            return
        self.found = found
        self._results.clear()
        self._results.setVisible(bool(found))
        for one in found[:8]:
            self._results.add(self._row(one))
        if found:
            words = "Is it one of these people? Take the call about them, so that it comes to their case."
        elif self.caller().empty:
            words = "Nobody yet."
        else:
            words = (
                "Nobody on this laptop is like this. Only the cases here were looked through: "
                "the council may know them all the same."
            )
        self._said.setText(words)

    def _row(self, one: Likeness) -> QWidget:
        held = QWidget()
        line = Cells(held, (5, 5, 3), least=560, gap=24, margins=(14, 10, 14, 10))
        age = age_words(one.born, self.desk.clock().date())
        link = OpenIt(one, f"{one.who}, {age}" if age else one.who)
        link.clicked.connect(self._open)
        line.addWidget(link)
        line.addWidget(stack(Body(one.address or "No address recorded"), Quiet(f"Same {_and(one.same)}")))
        take = TakeIt(one)
        take.clicked.connect(self._begin_known)
        line.addWidget(take)
        return held

    def _open(self) -> None:
        link = self.sender()
        if isinstance(link, OpenIt):
            self.desk.go(Place("case", link.case))

    def _begin_known(self) -> None:
        button = self.sender()
        if isinstance(button, TakeIt):
            self._begin(button.case)

    def _begin_new(self) -> None:
        for row in self.rows.values():
            row.flush()
        wrong = {key: row.editor.problem() for key, row in self.rows.items()}
        for key, row in self.rows.items():
            row.set_error(wrong[key])
        first = next((key for key, sentence in wrong.items() if sentence), "")
        if first:
            self.rows[first].go()
            return
        self._begin("")

    def _begin(self, case: str) -> None:
        """Begin once: a second press while the first is being kept begins nothing."""
        if self._beginning:
            return
        self._beginning = True
        work = partial(_begin, self.desk, self.caller(), case)
        self.desk.write(case, work, self._begun, self._not_begun)

    def _begun(self, begun: Begun) -> None:
        self.desk.go(Place("assess", begun.case, begun.response))

    def _not_begun(self, error: Exception) -> None:
        self._beginning = False
        self.desk.tell(error)


def taker(user: User) -> Taker:
    """Return the signed-in worker as records name them."""
    return Taker(user.name, user.role, user.registration)


def _look(desk: Desk, caller: Caller) -> tuple[Caller, tuple[Likeness, ...]]:
    return caller, calls.known(desk.record, caller)


def _begin(desk: Desk, caller: Caller, case: str) -> Begun:
    version = desk.library.form(calls.CALL).version
    return calls.begin(desk.record, caller, taker(desk.user), version=version, case=case)


def _text(answers: list[Answer]) -> str:
    return next((str(value) for one in answers for key, value in one.items() if key.startswith("value")), "")


def _and(parts: tuple[str, ...]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
