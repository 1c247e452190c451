"""The options that were considered for an adaptation: each with why or why not, one of them recommended."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work import adapting
from ascdesk.work.adapting import OPTION_KINDS, Option
from ascdesk.work.fields import Row
from ui.widgets.buttons import Link, SmallLink
from ui.widgets.choices import Radio
from ui.widgets.layouts import Flow, column
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card
from ui.widgets.text import Heading, Quiet, Small
from ui.widgets.written import LineEditor, LongTextEditor


class OptionCard(Card):
    """One option. ``edited`` carries it as it now is, ``chosen`` and ``removing`` its id."""

    edited = Signal(object)
    chosen = Signal(str)
    removing = Signal(str)

    def __init__(self, option: Option, number: int) -> None:
        super().__init__()
        self.option = option
        kind = dict(OPTION_KINDS).get(option.kind, "Something else")
        self.body.addWidget(Small(kind))
        self.what = FormRow("What is it?", LineEditor(), absent=())
        self.why = FormRow("Why, or why not?", LongTextEditor(lines=2), absent=())
        for row in (self.what, self.why):
            row.editor.parts()[0].setAccessibleName(f"{row.label.text()} Option {number}, {kind.lower()}")
            self.body.addWidget(row)
            row.edited.connect(self._edited)
        self.radio = Radio("This is what is recommended")
        self.radio.setAutoExclusive(False)
        self.radio.setAccessibleName(f"This is what is recommended: option {number}, {kind.lower()}")
        self.radio.clicked.connect(self._chosen)
        self.remove = SmallLink("Remove")
        self.remove.setAccessibleName(f"Remove option {number}, {kind.lower()}")
        self.remove.clicked.connect(self._removing)
        held = QWidget()
        line = Flow(held, gap=18)
        line.addWidget(self.radio)
        line.addWidget(self.remove)
        self.body.addWidget(held)
        self.load(option)

    def load(self, option: Option) -> None:
        """Show the option, unless somebody is writing in it."""
        before, self.option = self.option, option
        for row, was, now in ((self.what, before.what, option.what), (self.why, before.why, option.why)):
            written = _words(row)
            if written != now and (written == was or not row.isAncestorOf(self.focusWidget() or self)):
                row.set_stored({"answer": [{"valueString": now}] if now else []})
        self.radio.setChecked(option.chosen)

    def flush(self) -> None:
        """Tell what is still being typed."""
        self.what.flush()
        self.why.flush()

    def _edited(self) -> None:
        self.option = replace(self.option, what=_words(self.what), why=_words(self.why))
        self.edited.emit(self.option)

    def _chosen(self) -> None:
        self.radio.setChecked(True)
        self.chosen.emit(self.option.id)

    def _removing(self) -> None:
        self.removing.emit(self.option.id)


class OptionsTable(QWidget):
    """All options of one adaptation. ``changed``: the options as they now are, and the name of the step."""

    changed = Signal(object, str)

    def __init__(self, held: Row) -> None:
        super().__init__()
        self.options: tuple[Option, ...] = ()
        self.cards: list[OptionCard] = []
        self._held = held
        outer = column(self, 12)
        outer.addWidget(Heading("What was considered"))
        outer.addWidget(Quiet("At least two, moving house among them, each with its reason."))
        self._list = column(None, 12)
        outer.addLayout(self._list)
        more = QWidget()
        line = Flow(more, gap=14)
        self.begin = Link("Begin the list")
        self.begin.clicked.connect(self._begin)
        line.addWidget(self.begin)
        self.adding: list[Link] = []
        for code, words in OPTION_KINDS:
            link = Link(f"Add: {words.lower()}")
            link.clicked.connect(partial(self._add, code))
            self.adding.append(link)
            line.addWidget(link)
        outer.addWidget(more)
        self.load(held)

    def load(self, held: Row) -> None:
        """Show the options as the record holds them."""
        self._held = held
        options = adapting.options_of(held)
        if [one.id for one in options] != [card.option.id for card in self.cards] or not self.cards:
            self._build(options)
        else:
            for card, one in zip(self.cards, options, strict=True):
                card.load(one)
        self.options = options
        self.begin.setVisible(not options)
        for link in self.adding:
            link.setVisible(bool(options))

    def flush(self) -> None:
        """Tell what is still being typed."""
        for card in self.cards:
            card.flush()

    def go(self) -> bool:
        """Put the keyboard into the first option, or on what begins the list."""
        if self.cards:
            self.cards[0].what.go()
        else:
            self.begin.setFocus()
        return True

    def _build(self, options: tuple[Option, ...]) -> None:
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [OptionCard(one, number) for number, one in enumerate(options, 1)]
        for card in self.cards:
            self._list.addWidget(card)
            card.edited.connect(self._edited)
            card.chosen.connect(self._chosen)
            card.removing.connect(self._remove)

    def _tell(self, options: tuple[Option, ...], step: str) -> None:
        self.options = options
        self.changed.emit(options, step)

    def _begin(self) -> None:
        self._tell(adapting.first_options(self._held), "begin the options")

    def _add(self, kind: str) -> None:
        self._tell((*self.options, adapting.new_option(kind)), "add an option")

    def _edited(self, option: object) -> None:
        assert isinstance(option, Option)
        self._tell(tuple(option if one.id == option.id else one for one in self.options), "change an option")

    def _chosen(self, row: str) -> None:
        self._tell(tuple(replace(one, chosen=one.id == row) for one in self.options), "choose an option")

    def _remove(self, row: str) -> None:
        self._tell(tuple(one for one in self.options if one.id != row), "remove an option")


def _words(row: FormRow) -> str:
    said = row.stored()["answer"]
    return str(said[0].get("valueString", "")) if said else ""
