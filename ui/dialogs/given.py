"""A copy exactly as it was given: its pages, and a way to save it for printing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ascdesk.work import issuing
from ascdesk.work.cases import IssuedCopy
from ascdesk.work.picturing import PagePicture, page_picture
from ui.desk import Desk
from ui.form.sure import SureSheet
from ui.pages.copies import SCALE
from ui.theme.appearance import theme_of
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.paper import PageImage, show_picture
from ui.widgets.surfaces import PageScroll
from ui.widgets.text import Body, Heading, Quiet
from ui.words import when_words


class GivenCopy(QDialog):
    """The bytes that were given, page by page. ``pages`` is 0 for plain text."""

    def __init__(self, desk: Desk, copy: IssuedCopy, data: bytes, pages: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("ASC Desk")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = theme_of().px
        around = parent.window().size()
        self.resize(min(px(820), around.width()), min(px(720), around.height()))
        self._desk, self._data = desk, data
        outer = column(self, 12, (24, 20, 24, 20))
        outer.addWidget(Heading(copy.title or "Copy"))
        when = when_words(copy.at, desk.clock().date())
        outer.addWidget(Quiet(f"Exactly as it was given to {copy.recipient or 'the person'}, {when}."))
        self._list = PageScroll(self, gap=12)
        self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # arrows and Page Down read on
        self._list.setAccessibleName(
            f"{copy.title or 'Copy'}, page by page" if pages else copy.title or "Copy"
        )
        outer.addWidget(self._list, 1)
        self.pictures = [PageImage(number, pages) for number in range(1, pages + 1)]
        for picture in self.pictures:
            picture.wanted.connect(self._draw)
            self._list.body.addWidget(picture)
        if not pages:
            self._list.body.addWidget(Body(data.decode()))
        line = Flow(gap=12)
        close = PrimaryButton("Close")
        close.clicked.connect(self.accept)
        line.addWidget(close)
        self.save = Link("Save a copy to…")
        self.save.clicked.connect(self._ask_save)
        line.addWidget(self.save)
        outer.addLayout(line)
        self._ending = ".pdf" if pages else ".txt"

    def _draw(self, number: int) -> None:
        self._desk.read(partial(page_picture, self._data, number, SCALE), self._drawn)

    def _drawn(self, picture: PagePicture) -> None:
        try:
            show_picture(self.pictures, picture)
        except RuntimeError:
            return  # the sheet was closed while the page was drawn

    def _ask_save(self) -> None:
        words = "The file will not be protected. Delete it as soon as it is printed or handed over."
        sheet = SureSheet("Save a copy outside ASC Desk", words, "Choose where…", self)
        sheet.confirmed.connect(self._choose)
        sheet.open()

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Save a copy", f"copy{self._ending}")
        if chosen:
            self._desk.read(partial(issuing.export, self._data, Path(chosen)), self._saved)

    def _saved(self, _: object) -> None:
        self._desk.noticed.emit("Saved. That file is not protected: delete it when it has been used.", False)
