"""How the program looks on this laptop: colours, size, targets for fingers. A choice is seen at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.road.parts import choose, code_of
from ui.theme.appearance import Appearance
from ui.theme.choice import SYSTEM
from ui.theme.theme import ZOOMS
from ui.widgets.buttons import PrimaryButton
from ui.widgets.choices import Option, SingleChoice, coded
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading

_COLOURS = (
    (SYSTEM, "As this laptop is set"), ("light", "Light"), ("dark", "Dark"),
    ("high-contrast", "High contrast"),
)  # fmt: skip
_TARGETS = (("keys", "For a mouse and keys"), ("touch", "For fingers: everything larger to hit"))


class LookSheet(Sheet):
    """Asks how it is to look, and shows it while it is chosen."""

    def __init__(self, look: Appearance, parent: QWidget) -> None:
        super().__init__(parent, width=560)
        self._look = look
        self.setAccessibleName("Colours, size and touch")
        outer, foot = self.lay_out(16)
        outer.addWidget(Heading("Colours, size and touch"))
        self.colours = self._row("Colours", [coded(*one) for one in _COLOURS], look.name)
        sizes = [coded(str(zoom), f"{zoom} per cent") for zoom in ZOOMS]
        self.size_row = self._row("Size of everything", sizes, str(look.theme.zoom))
        density = "touch" if look.theme.touch else "keys"
        self.targets = self._row("Buttons and fields", [coded(*one) for one in _TARGETS], density)
        for row in (self.colours, self.size_row, self.targets):
            outer.addWidget(row)
        done = PrimaryButton("Done")
        done.clicked.connect(self.accept)
        foot.addWidget(done, 0, Qt.AlignmentFlag.AlignLeft)
        look.changed.connect(self._changed)
        self.colours.go()

    def _row(self, label: str, options: Sequence[Option], chosen: str) -> FormRow:
        made = FormRow(label, SingleChoice(options), absent=())
        choose(made, [chosen])
        made.edited.connect(self._chosen)
        return made

    def _chosen(self) -> None:
        zoom = code_of(self.size_row)
        self._look.use(
            code_of(self.colours) or None, int(zoom) if zoom else None, touch=code_of(self.targets) == "touch"
        )

    def _changed(self, _theme: object) -> None:
        choose(self.size_row, [str(self._look.theme.zoom)])
