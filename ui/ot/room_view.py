"""One room on the page: its things with their measures, what else may be measured, its note, its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ascdesk.care.measures import PERSON, THINGS
from ascdesk.work import rooms, taping
from ascdesk.work.measuring import RoomSlots, ThingSlots, usual_elsewhere
from ui.ot.measure_row import MeasureRow
from ui.ot.naming import NameLine
from ui.ot.thing_block import ThingBlock
from ui.ot.walking import WalkSession
from ui.widgets.buttons import PrimaryButton, SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import stack
from ui.widgets.text import Small
from ui.widgets.written import LongTextEditor

LEAD = 'Each measure twice. Millimetres; type 18" and it becomes 457. Enter goes to the next reading.'
_WEIGHT = 'Each measure twice. Millimetres; type 18" and it becomes 457. Kilograms; 12 st 4 lb becomes 78.'


class ThingLink(SmallLink):
    """A thing that may be measured here too."""

    def __init__(self, group: str) -> None:
        super().__init__(THINGS[group].name)
        self.thing = group
        self.setAccessibleName(f"Measure here too: {THINGS[group].name}")


class RoomView(QWidget):
    """A room, open. ``onward``: the last reading was passed, or the next room is wanted."""

    onward = Signal()

    def __init__(
        self, session: WalkSession, room: RoomSlots, next_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.room = session, room
        self.blocks: list[ThingBlock] = []
        self.note: FormRow | None = None
        self._name_line: NameLine | None = None
        self._noted = room.note
        self._outer = column(self, 20)
        lead = _WEIGHT if room.kind == PERSON else LEAD
        self._outer.addWidget(page_head("", room.name, lead))
        if room.room is not None:
            self._outer.addWidget(self._room_links())
        self._name_place = column(None, 0)
        self._outer.addLayout(self._name_place)
        for thing in room.things:
            self._add_block(thing)
        if room.room is not None:
            self._offer_more()
            self._ask_note(room.note)
        self.next = PrimaryButton(next_name)
        self.next.clicked.connect(self.onward)
        self._outer.addWidget(stack(self.next))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    # -- making -----------------------------------------------------------------------------------------

    def _room_links(self) -> QWidget:
        held = QWidget(self)
        line = Flow(held, gap=18, line_gap=2)
        for words, slot in (
            ("Rename", self._ask_name),
            ("Earlier in the list", self._earlier),
            ("Later in the list", self._later),
            ("Remove this room", self._remove),
        ):
            link = SmallLink(words, held)
            link.setAccessibleName(f"{words}: {self.room.name}")
            link.clicked.connect(slot)
            line.addWidget(link)
        return held

    def _add_block(self, thing: ThingSlots) -> None:
        of_group = [one for one in self.room.things if one.group == thing.group]
        block = ThingBlock(thing, last=thing is of_group[-1], alone=len(of_group) == 1)
        block.renamed.connect(self._rename_thing)
        block.another.connect(self._another)
        block.removed.connect(self._remove_thing)
        block.none.connect(self._none)
        block.after_all.connect(self._after_all)
        for made in block.rows:
            made.typed.connect(self._typed)
            made.said.connect(self._said)
            made.left.connect(self._left)
            made.onward.connect(self._onward)
            made.chose.connect(self._chose)
            made.more_said.connect(self._more_said)
        self.blocks.append(block)
        self._outer.addWidget(block)

    def _offer_more(self) -> None:
        offered = usual_elsewhere(self.room)
        if not offered:
            return
        held = QWidget(self)
        line = Flow(held, gap=18, line_gap=2)
        line.addWidget(Small("Measure here too:", held, wrap=False))
        for group in offered:
            link = ThingLink(group)
            link.clicked.connect(self._add_thing)
            line.addWidget(link)
        self._outer.addWidget(held)

    def _ask_note(self, words: str) -> None:
        self.note = FormRow("What else is to be known of this room?", LongTextEditor(lines=2), absent=())
        self.note.set_stored({"answer": [{"valueString": words}] if words else []})
        self.note.edited.connect(self._note)
        self._outer.addWidget(self.note)

    # -- what the record holds --------------------------------------------------------------------------

    def shape(self) -> tuple[object, ...]:
        """Return what cannot be changed without making the room's page anew."""
        return shape_of(self.room)

    def set_room(self, room: RoomSlots) -> None:
        """Show what the record holds, in the same rows."""
        self.room = room
        for block, thing in zip(self.blocks, room.things, strict=True):
            block.set_thing(thing)
        if self.note is not None and room.note != self._noted:
            if not any(part.hasFocus() for part in self.note.editor.parts()):
                self.note.set_stored({"answer": [{"valueString": room.note}] if room.note else []})
            self._noted = room.note

    def rows(self) -> Iterator[MeasureRow]:
        """Return every measure's row."""
        return (made for block in self.blocks for made in block.rows)

    # -- keyboard ---------------------------------------------------------------------------------------

    def go(self, row: str = "", name: str = "") -> None:
        """Put the keyboard in a measure's reading; without one, in the first that is to be taken."""
        for made in self.rows():
            if made.slot.row == row:
                (made.fields.get(name) or made.first()).setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._go_on(list(self.rows()))

    def _go_on(self, rows: list[MeasureRow]) -> bool:
        for made in rows:
            if (wanted := made.next_empty()) is not None:
                wanted.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def focus_at(self) -> tuple[str, str]:
        """Return which measure and reading has the keyboard."""
        focus = QApplication.focusWidget()
        for made in self.rows():
            for name, field in made.fields.items():
                if field is focus:
                    return made.slot.row, name
            if focus is not None and made.isAncestorOf(focus):
                return made.slot.row, ""
        return "", ""

    def flush(self) -> None:
        """Save what waits for a pause."""
        for made in self.rows():
            made.flush()
        if self.note is not None:
            self.note.flush()

    def typing(self) -> frozenset[tuple[str, str]]:
        """Return the readings that somebody is typing."""
        return frozenset((made.slot.row, name) for made in self.rows() for name in made.typing())

    def _onward(self, made: object, name: str) -> None:
        """Go to the next reading: the second, then the next measure's first, then the next room."""
        assert isinstance(made, MeasureRow)
        if name == "first" and "second" in made.fields:
            made.fields["second"].setFocus(Qt.FocusReason.TabFocusReason)
            return
        rows = list(self.rows())
        after = rows[rows.index(made) + 1 :]
        if after:
            after[0].first().setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.next.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        """Draw where the tape goes for the measure that the keyboard is in now."""
        if now is None or not self.isAncestorOf(now):
            return
        at = next((made for made in self.rows() if made.isAncestorOf(now)), None)
        if at is not None:
            for block in self.blocks:
                block.show_row(at)

    # -- readings ---------------------------------------------------------------------------------------

    def _typed(self, made: object, name: str, text: str, value: object) -> None:
        assert isinstance(made, MeasureRow)
        self.session.save_reading(made.slot, name, text, value)  # type: ignore[arg-type]

    def _said(self, made: object, words: str) -> None:
        assert isinstance(made, MeasureRow)
        self.session.save(made.slot, "value", words or None)

    def _left(self, made: object, name: str) -> None:
        assert isinstance(made, MeasureRow)
        self.session.leave(made.slot, name)

    def _more_said(self, made: object, name: str, value: object) -> None:
        assert isinstance(made, MeasureRow)
        self.session.save(made.slot, name, value)

    def _chose(self, made: object, name: str, change: str) -> None:
        assert isinstance(made, MeasureRow)
        walk, record = self.session.walk, self.session.desk.record
        self.session.do(partial(taping.choose, record, walk.case, made.slot, name, change))

    def _note(self) -> None:
        if self.note is None or self.room.room is None:
            return
        answers = self.note.editor.value()
        words = str(answers[0]["valueString"]) if answers else ""
        self._noted = words.strip()
        self._do(rooms.note, self.room.room, words)

    # -- things and the room ----------------------------------------------------------------------------

    def _do(self, work: Callable[..., object], *what: object, said: str = "") -> None:
        record, case = self.session.desk.record, self.session.walk.case
        done = partial(self._told, said) if said else None
        self.session.do(partial(work, record, case, *what), done)

    def _told(self, said: str, _: object) -> None:
        self.session.desk.noticed.emit(said, True)

    def _add_thing(self) -> None:
        link = self.sender()
        if isinstance(link, ThingLink):
            self._do(taping.add_thing, self.room, link.thing)

    def _another(self, thing: ThingSlots, name: str) -> None:
        self._do(taping.add_thing, self.room, thing.group, name)

    def _rename_thing(self, thing: ThingSlots, name: str) -> None:
        self._do(taping.rename_thing, self.room, thing, name)

    def _remove_thing(self, thing: ThingSlots) -> None:
        self._do(taping.remove_thing, thing, said=f"Removed: {thing.name}")

    def _none(self, thing: ThingSlots) -> None:
        self._do(taping.none_here, thing, said=THINGS[thing.group].none)

    def _after_all(self, thing: ThingSlots) -> None:
        self._do(taping.here_after_all, thing)

    def _earlier(self) -> None:
        self._do(rooms.move, self.room.row, -1)

    def _later(self) -> None:
        self._do(rooms.move, self.room.row, 1)

    def _remove(self) -> None:
        self.flush()
        self._do(rooms.remove, self.room.room, said=f"Removed: {self.room.name}, with its measures")

    def _ask_name(self) -> None:
        self._end_name()
        self._name_line = NameLine("What does the household call this room?", "Call it so", self.room.name)
        self._name_line.named.connect(self._rename)
        self._name_line.ended.connect(self._end_name)
        self._name_place.addWidget(self._name_line)
        QTimer.singleShot(0, self._name_line, self._name_line.go)

    def _rename(self, name: str) -> None:
        self._do(rooms.rename, self.room.room, name)

    def _end_name(self) -> None:
        if self._name_line is not None:
            self._name_line.hide()
            self._name_line.deleteLater()
            self._name_line = None


def shape_of(room: RoomSlots) -> tuple[object, ...]:
    """Return what of a room its page is made by: its name, its things, their rows."""
    things = tuple(
        (thing.group, thing.thing, thing.none_here, tuple(slot.row for slot in thing.slots))
        for thing in room.things
    )
    return (room.row, room.name, things)
