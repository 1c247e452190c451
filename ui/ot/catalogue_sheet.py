"""What a catalogue's file holds, and each line of it that cannot be used, before it is taken in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.councils.catalogue import CatalogueFile
from ui.road.parts import in_line, text_of, write_in
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.surfaces import Marked
from ui.widgets.text import Body, Heading, Quiet
from ui.widgets.written import LineEditor

SHOWN = 6


class TakeInSheet(Sheet):
    """Says what was read and what was refused. ``given`` carries the catalogue's name."""

    given = Signal(str)

    def __init__(self, name: str, file: CatalogueFile, parent: QWidget) -> None:
        super().__init__(parent, width=620)
        self.setAccessibleName("Take in a catalogue")
        outer, foot = self.lay_out(12)
        outer.addWidget(Heading("Take in a catalogue"))
        outer.addWidget(Body(file.sentence))
        for one in file.refused[:SHOWN]:
            outer.addWidget(Marked("look", one.sentence))
        if len(file.refused) > SHOWN:
            words = "“ascdesk catalogue check” with the file’s name lists all of it."
            outer.addWidget(Quiet(f"And {len(file.refused) - SHOWN} more. {words}"))
        outer.addWidget(
            Quiet("It stands on this laptop in place of the one in use. What was prescribed keeps its words.")
        )
        self.name = FormRow("What is it called?", LineEditor(), absent=())
        write_in(self.name, name)
        outer.addWidget(self.name)
        keep, not_now = PrimaryButton("Take it in"), Link("Not now")
        keep.clicked.connect(self._give)
        not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(keep, not_now))
        self.name.go()

    def _give(self) -> None:
        said = text_of(self.name)
        if not said:
            self.name.set_error("Say what the catalogue is called, such as the store’s name and the year.")
            self.name.go()
            return
        self.given.emit(said)
        self.accept()
