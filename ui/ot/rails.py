"""Where rails go: drawn on a blank wall or on a photo, and as it will be printed, to scale, below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ascdesk.documents.elevations import FIXTURES, Fixture, picture_of
from ascdesk.record.record import Record
from ascdesk.work import adapting, photos, sketching
from ascdesk.work.adapting import Plan
from ascdesk.work.fields import Row
from ui.desk import Desk
from ui.ot.linework import PictureView
from ui.ot.sketch import Sketch
from ui.plan.editors import Folded
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.layouts import Columns, column
from ui.widgets.lengths import LengthEditor
from ui.widgets.rows import FormRow
from ui.widgets.text import Quiet, Small

KINDS: Final[tuple[sketching.Kind, ...]] = ("rail", "line", "arrow", "words")


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo that may be drawn on: its row and how it is told from others."""

    row: str
    words: str


def shots(record: Record, case: str) -> tuple[Shot, ...]:
    """Return the photos of a case that are here, by their captions and rooms."""
    rooms = {room.row: room.name for room in photos.rooms(record, case)}
    found = [one for one in photos.photos(record, case) if one.where != "elsewhere"]
    return tuple(
        Shot(one.row, " · ".join(part for part in (one.caption, rooms.get(one.room, "")) if part) or
             f"Photo {number}")
        for number, one in enumerate(found, 1)
    )  # fmt: skip


class RailDrawing(QWidget):
    """The drawing of one adaptation. ``drawn``: the plan as it now is, and the name of the step."""

    drawn = Signal(object, str)

    def __init__(self, desk: Desk, case: str, held: Row, offered: Sequence[Shot]) -> None:
        super().__init__()
        self.desk, self.case, self.row = desk, case, held.row
        self.plan = Plan()
        self._photo = ""
        outer = column(self, 10)
        grounds = [coded("wall", "On a blank wall"), coded("photo", "On a photo")]
        self.ground = FormRow("Draw it", SingleChoice(grounds), absent=())
        self.photo = FormRow(
            "Which photo?", Folded([coded(one.row, one.words) for one in offered]), absent=()
        )
        self.no_photo = Quiet("There is no photo of this home yet. Take one on the page of photos.")
        self.before = FormRow(
            "What stands before the wall?",
            Folded([coded(code or "nothing", words.capitalize()) for code, words in FIXTURES.items()]),
            absent=(),
        )
        self.wide = FormRow("How wide is the wall?", LengthEditor(), absent=())
        self.high = FormRow("How high is it?", LengthEditor(), absent=())
        self.sketch = Sketch("Where the rails go", KINDS)
        self.printed = PictureView(partial(picture_of, adapting.wall_of(self.plan)))
        self._as_printed = Small("To scale, as it will be printed")
        measures = Columns(least=230, most=2, gap=20, line_gap=14)
        self._offered = bool(offered)
        outer.addWidget(self.ground)
        outer.addWidget(self.photo)
        outer.addWidget(self.no_photo)
        outer.addWidget(self.before)
        for one in (self.wide, self.high):
            measures.addWidget(one)
        outer.addLayout(measures)
        for part in (self.sketch, self._as_printed, self.printed):
            outer.addWidget(part)
        self.sketch.changed.connect(self._changed)
        for one in (self.ground, self.photo, self.before, self.wide, self.high):
            one.edited.connect(self._grounded)
        self.load(held)

    def load(self, held: Row) -> None:
        """Show what the record says, unless it is just what stands here."""
        plan = adapting.plan_of(held)
        if plan == self.plan and self.ground.stored()["answer"]:
            return
        self.plan = plan
        self._say("ground", "photo" if plan.photo or self._asks_photo() else "wall")
        self._say("photo", plan.photo)
        self._say("before", plan.fixture or "nothing")
        for row, figure in ((self.wide, plan.wall.width), (self.high, plan.wall.height)):
            if not row.isAncestorOf(self.focusWidget() or self):
                row.set_stored({"answer": [{"valueDecimal": str(figure)}]})
        self._show_ground()
        self.sketch.set_marks(plan.marks)
        self._show_printed()

    def flush(self) -> None:
        """Tell what is still being drawn or typed."""
        self.sketch.flush()
        for one in (self.wide, self.high):
            one.flush()

    # -- what it is drawn on ----------------------------------------------------------------------------

    def _asks_photo(self) -> bool:
        return _code(self.ground) == "photo" and not self.plan.marks

    def _say(self, name: str, code: str) -> None:
        row: FormRow = getattr(self, name)
        coding = {"valueCoding": {"code": code, "display": code}}
        row.set_stored({"answer": [coding] if code else []})

    def _show_ground(self) -> None:
        on_photo = _code(self.ground) == "photo"
        self.photo.setVisible(on_photo and self._offered)
        self.no_photo.setVisible(on_photo and not self._offered)
        for one in (self.before, self.wide, self.high, self.printed, self._as_printed):
            one.setVisible(not on_photo)
        self.sketch.setVisible(not on_photo or bool(self.plan.photo))
        if not on_photo:
            self._photo = ""
            self.sketch.set_wall(self.plan.wall)
        elif self.plan.photo and self.plan.photo != self._photo:
            self._photo = self.plan.photo
            read = partial(photos.open_photo, self.desk.record, self.case, self.plan.photo)
            self.desk.read(read, self._opened)

    def _opened(self, data: bytes) -> None:
        if self._photo:
            self.sketch.set_picture(QImage.fromData(data))

    def _grounded(self) -> None:
        """Keep what it is drawn on; what was drawn before stays where it was."""
        plan = self.plan
        if _code(self.ground) == "photo":
            chosen = _code(self.photo)
            plan = replace(plan, photo=chosen) if chosen else plan
        else:
            fixture: Fixture = next((one for one in FIXTURES if one == _code(self.before)), "")
            wall = sketching.Wall(_figure(self.wide, plan.wall.width), _figure(self.high, plan.wall.height))
            plan = replace(plan, photo="", fixture=fixture, wall=wall)
        if plan != self.plan:
            self._tell(plan, "change what the rails are drawn on")
        self._show_ground()

    def _changed(self, marks: object, step: str) -> None:
        assert isinstance(marks, tuple)
        self._tell(replace(self.plan, marks=marks), step)

    def _tell(self, plan: Plan, step: str) -> None:
        self.plan = plan
        self._show_printed()
        self.drawn.emit(plan, step)

    def _show_printed(self) -> None:
        wall = adapting.wall_of(self.plan)
        self.printed.show_picture(partial(picture_of, wall))


def _code(row: FormRow) -> str:
    said = row.stored()["answer"]
    return str(said[0]["valueCoding"]["code"]) if said and "valueCoding" in said[0] else ""


def _figure(row: FormRow, otherwise: int) -> int:
    """Return a length that was written, while it can be a wall's."""
    said = row.stored()["answer"]
    row.set_error(row.editor.problem())
    figure = said[0].get("valueDecimal") if said else None
    value = round(float(figure)) if figure is not None else otherwise
    return value if 300 <= value <= sketching.MOST_MM else otherwise
