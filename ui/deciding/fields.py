"""The fields of a determination, links to where things are put right, and the step before a signature."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.deciding import Reckoning
from ui.place import Place
from ui.widgets.buttons import Link, PrimaryButton, SmallLink
from ui.widgets.choices import coded
from ui.widgets.editor import Editor
from ui.widgets.layouts import Flow
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Body, Heading, Strong


class FieldRow(FormRow):
    """One field of the determination. ``saved``: its name and value; ``gone``: the keyboard left it."""

    saved = Signal(str, object)
    gone = Signal(str)

    def __init__(self, field: str, label: str, editor: Editor, hint_words: str) -> None:
        super().__init__(label, editor, hint_words, absent=())
        self.field = field
        self.sent: object = None
        self.edited.connect(self._say)
        self.left.connect(self._gone)

    def value(self) -> object:
        """Return the field as the record keeps it."""
        answers = self.stored()["answer"]
        if not answers:
            return None
        coding = answers[0].get("valueCoding")
        if coding is not None:
            return bool(coding["code"] == "yes")
        return str(answers[0].get("valueString", "")) or None

    def load(self, value: object, *, undone: bool = False) -> None:
        """Show what the record says, unless somebody is typing here what they have not ``undone`` since."""
        if (self.typing() and not undone) or value == self.value():
            return
        if isinstance(value, bool):
            shown = coded("yes", "Eligible") if value else coded("no", "Not eligible")
            self.set_stored({"answer": [shown.answer]})
        else:
            self.set_stored({"answer": [{"valueString": str(value)}] if value else []})

    def typing(self) -> bool:
        """Say whether the keyboard is here."""
        return any(part.hasFocus() for part in self.editor.parts())

    def set_clash(self, clash: bool) -> None:
        """Say that two people wrote this differently."""
        self.set_error("Two people wrote this differently: choose what stands." if clash else "")

    def _say(self) -> None:
        self.sent = self.value()
        self.saved.emit(self.field, self.sent)

    def _gone(self) -> None:
        self.gone.emit(self.field)


class PlaceLink(SmallLink):
    """A link to a place. ``followed`` carries it."""

    followed = Signal(object)

    def __init__(self, words: str, place: Place, said: str) -> None:
        super().__init__(words)
        self.place = place
        self.setAccessibleName(said)
        self.clicked.connect(self._follow)

    def _follow(self) -> None:
        self.followed.emit(self.place)


class SigningSheet(Sheet):
    """The one deliberate step before a signature: what it fixes, in whose name. ``confirmed``: sign."""

    confirmed = Signal()

    def __init__(self, found: Reckoning, name: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        decided = "Eligible" if found.held.value("eligible") else "Not eligible"
        said = sum(1 for part in found.sections for one in part.all_asked() if one.voices)
        outer, foot = self.lay_out(12)
        title = "Sign the assessment and the determination"
        self.setAccessibleName(title)
        outer.addWidget(Heading(title))
        outer.addWidget(Strong(f"Decision: {decided.lower()}"))
        outer.addWidget(
            Body(
                f"Signing fixes {said} answers, the decision and its reasons exactly as they stand now. It "
                "cannot be undone. A correction is an amendment with its own reason and signature."
            )
        )
        outer.addWidget(Body(f"Signed by {name}" + (f", {role}" if role else "")))
        line = Flow(gap=12)
        self.sign = PrimaryButton("Sign now")
        self.sign.clicked.connect(self._confirm)
        line.addWidget(self.sign)
        self.not_now = Link("Not now")
        self.not_now.clicked.connect(self.reject)
        line.addWidget(self.not_now)
        foot.addLayout(line)
        # Enter must not sign by accident: the quiet way out has the keyboard first.
        self.not_now.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit()
        self.accept()
