"""The launcher's pages: one column, one heading, one filled button. They ask; they decide nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.bars import QuietBar
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.choices import Tick
from ui.widgets.editor import Field
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Body, ErrorText, PageHeading, Quiet, Small, Strong

COLUMN = 460
LONGEST_PASSPHRASE = 1024


class Page(QScrollArea):
    """A scrolling page with one column: heading, what to know, an error, then what the page adds."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical))
        inside, self._middle = QWidget(self), QWidget(self)
        around = QHBoxLayout(inside)
        around.setContentsMargins(0, 0, 0, 0)
        around.addStretch(1)
        around.addWidget(self._middle, 20)
        around.addStretch(1)
        outer = column(self._middle, 0, (24, 24, 24, 24))
        outer.addStretch(2)
        self.column: QVBoxLayout = column(None, 8)
        outer.addLayout(self.column)
        outer.addStretch(3)
        self.setWidget(inside)
        self.heading = PageHeading(heading)
        self.error = ErrorText()
        self.error.hide()
        self.column.addWidget(self.heading)
        self.column.addSpacing(theme_of().px(4))
        self.setAccessibleName(heading)
        self._middle.setMaximumWidth(theme_of().px(COLUMN))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the column's width in the letters of another zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_middle"):
            self._middle.setMaximumWidth(theme_of().px(COLUMN))

    def say(self, sentence: str) -> None:
        """Show what went wrong and what to do; nothing hides it again."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        if sentence:
            self.error.setAccessibleName(sentence)

    def first_field(self) -> QWidget | None:
        """Give what has the keyboard when the page is shown."""
        return None

    def add_buttons(self, *buttons: QWidget) -> None:
        """Put the buttons in one line under what is there."""
        self.column.addSpacing(theme_of().px(8))
        line = Flow(gap=12, line_gap=8)
        for button in buttons:
            line.addWidget(button)
        self.column.addLayout(line)


class Labelled(QWidget):
    """A label, a hint and a field, which screen readers read as one."""

    def __init__(self, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field(self)
        self.field.setAccessibleDescription(hint)
        self.label = Strong(label)
        self.label.setBuddy(self.field)
        self.hint = Small(hint)
        if not hint:
            self.hint.hide()  # never shown before it has a parent: it would be a window of its own
        layout = column(self, 4)
        for part in (self.label, self.hint, self.field):
            layout.addWidget(part)


class PassphraseField(Labelled):
    """A passphrase: hidden unless asked for, never offered to an input method's memory."""

    submitted = Signal()
    changed = Signal()

    def __init__(self, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, hint, parent)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMaxLength(LONGEST_PASSPHRASE)
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.returnPressed.connect(self.submitted)
        self.field.textEdited.connect(self._edited)

    def show_words(self, shown: bool) -> None:
        """Show what is typed, or hide it."""
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def take(self) -> str:
        """Give what was typed, and empty the field."""
        text = self.field.text()
        self.field.clear()
        return text

    def _edited(self, _: str) -> None:
        self.changed.emit()


class UnlockPage(Page):
    """The page most people see: one field and one button."""

    submitted = Signal(str)
    cannot = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Unlock ASC Desk", parent)
        self.notice = Body()
        self.notice.hide()
        self.passphrase = PassphraseField("Your passphrase")
        self.caps = Small("Caps Lock is on.")
        self.caps.hide()
        self.shown = Tick("Show passphrase")
        self.button = PrimaryButton("Unlock")
        for part in (self.notice, self.passphrase, self.error, self.caps, self.shown):
            self.column.addWidget(part)
        self.lost = Link("I no longer know my passphrase")
        self.lost.clicked.connect(self.cannot)
        self.add_buttons(self.button, self.lost)
        self.passphrase.submitted.connect(self._submit)
        self.passphrase.changed.connect(self._typing)
        self.button.clicked.connect(self._submit)
        self.shown.toggled.connect(self.passphrase.show_words)

    def first_field(self) -> QWidget:
        """Give the passphrase's field."""
        return self.passphrase.field

    def tell(self, sentence: str) -> None:
        """Say quietly why the page is shown again."""
        self.notice.setText(sentence)
        self.notice.setVisible(bool(sentence))

    def set_caps_lock(self, on: bool) -> None:
        """Say that Caps Lock is on, or no longer say it."""
        self.caps.setVisible(on)

    def set_busy(self, busy: bool) -> None:
        """Keep the page still while the key is derived and the record opens."""
        self.passphrase.setEnabled(not busy)
        self.shown.setEnabled(not busy)
        self.lost.setEnabled(not busy)
        self.button.setEnabled(not busy)
        self.button.setText("Opening…" if busy else "Unlock")
        if busy:
            self.caps.hide()
        else:
            self.passphrase.field.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why it was not opened, and let it be typed again."""
        self.set_busy(False)
        self.say(sentence)
        self.passphrase.field.setProperty("wrong", True)
        self.passphrase.field.setAccessibleDescription(sentence)
        self.passphrase.field.update()

    def _typing(self) -> None:
        self.passphrase.field.setProperty("wrong", False)
        self.passphrase.field.update()

    def _submit(self) -> None:
        if not self.passphrase.field.text():
            self.refuse("Type your passphrase, then choose Unlock.")
            return
        self.say("")
        self._typing()
        self.shown.setChecked(False)
        typed = self.passphrase.take()
        self.set_busy(True)
        self.submitted.emit(typed)


class TroublePage(Page):
    """Something a passphrase does not help with: what happened, what to do, and a way out."""

    again = Signal()
    leave = Signal()
    enrol = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ASC Desk cannot open", parent)
        self.sentence = Body()
        self.retry = PrimaryButton("Try again")
        self.close_button = SecondaryButton("Close")
        self.enrol_again = Link("Enrol this laptop again")
        self.enrol_again.hide()
        self.enrol_again.clicked.connect(self.enrol)
        self.column.addWidget(self.sentence)
        self.add_buttons(self.retry, self.close_button, self.enrol_again)
        self.retry.clicked.connect(self.again)
        self.close_button.clicked.connect(self.leave)

    def first_field(self) -> QWidget:
        """Give the button that tries again."""
        return self.retry

    def show_trouble(self, heading: str, sentence: str, *, lost: bool = False) -> None:
        """Say what happened; ``lost``: the key is gone, so that only enrolling again helps."""
        self.enrol_again.setVisible(lost)
        self.heading.setText(heading)
        self.setAccessibleName(heading)
        self.sentence.setText(sentence)


class AgainPage(Page):
    """Before a profile that opens no more is set aside: what becomes of what is in it, and a way back."""

    agreed = Signal()
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Enrol this laptop again", parent)
        self.column.addWidget(
            Body(
                "For when the passphrase is forgotten, or the keyring has lost its key. "
                "You need a connection and your work account."
            )
        )
        for words in _AGAIN:
            self.column.addSpacing(theme_of().px(4))
            self.column.addWidget(Body(words))
        self.button = PrimaryButton("Set it aside and enrol")
        self.return_button = SecondaryButton("Back")
        self.column.addWidget(self.error)
        self.add_buttons(self.button, self.return_button)
        self.button.clicked.connect(self.agreed)
        self.return_button.clicked.connect(self.back)

    def first_field(self) -> QWidget:
        """Give the way back: nothing is set aside by a key struck too soon."""
        return self.return_button


_AGAIN = (
    "What the council holds comes back to this laptop by itself.",
    "Words that were not sent yet are kept beside the profile, sealed so that only the council can read "
    "them. Tell your administrator, who brings them in; they then come back to you as well.",
    "Photos that were not sent stay in the old profile. They can be read again only with the old passphrase "
    "and the old keyring.",
    "Nothing is deleted: the old profile is kept in the folder “kept”.",
)


class CouncilPage(Page):
    """Enrolment, first page: where the council is."""

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Enrol this laptop", parent)
        self.column.addWidget(
            Body(
                "You do this once, while the laptop is connected. You will sign in with your work "
                "account, then choose a passphrase that opens ASC Desk when there is no connection."
            )
        )
        self.column.addSpacing(theme_of().px(8))
        self.address = Labelled("Your council's address for ASC Desk", "For example asc.council.gov.uk")
        self.button = PrimaryButton("Sign in")
        self.column.addWidget(self.address)
        self.column.addWidget(self.error)
        self.add_buttons(self.button)
        self.address.field.returnPressed.connect(self._submit)
        self.button.clicked.connect(self._submit)

    def first_field(self) -> QWidget:
        """Give the field of the address."""
        return self.address.field

    def _submit(self) -> None:
        self.submitted.emit(self.address.field.text())


class SignInPage(Page):
    """Enrolment, second page: the browser has the word."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sign in in your browser", parent)
        self.words = Body()
        self.column.addWidget(self.words)
        self.hint = Small("If no page opened, copy this address into your browser:")
        self.address = Field()
        self.address.setReadOnly(True)
        self.address.setAccessibleName("Address of the sign-in page")
        self.cancel = SecondaryButton("Stop signing in")
        self.column.addSpacing(theme_of().px(8))
        for part in (self.hint, self.address):
            part.hide()
            self.column.addWidget(part)
        self.add_buttons(self.cancel)
        self.cancel.clicked.connect(self.cancelled)

    def first_field(self) -> QWidget:
        """Give the way back."""
        return self.cancel

    def show_address(self, address: str, council_name: str) -> None:
        """Say whose sign-in page the browser was sent to, and where; no address: still asking."""
        opened = f"Your browser has opened the sign-in page of {council_name}."
        self.words.setText(f"{opened} When you have signed in, come back here." if address else "Asking…")
        self.address.setText(address)
        self.address.setCursorPosition(0)
        for part in (self.hint, self.address):
            part.setVisible(bool(address))


class ChoosePage(Page):
    """Enrolment, third page: a passphrase, twice."""

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Choose a passphrase", parent)
        self.who = Quiet()
        self.first = PassphraseField(
            "Passphrase", "At least 12 characters, or four words that you can remember together"
        )
        self.second = PassphraseField("The same again")
        self.shown = Tick("Show passphrase")
        self.button = PrimaryButton("Finish")
        self.column.addWidget(self.who)
        self.column.addWidget(
            Body(
                "It opens ASC Desk on this laptop only. Nobody at the council knows it, and nobody will ask "
                "you for it."
            )
        )
        self.column.addSpacing(theme_of().px(8))
        for part in (self.first, self.second, self.error, self.shown):
            self.column.addWidget(part)
        self.add_buttons(self.button)
        self.first.submitted.connect(self.second.field.setFocus)
        self.second.submitted.connect(self._submit)
        self.button.clicked.connect(self._submit)
        self.shown.toggled.connect(self.first.show_words)
        self.shown.toggled.connect(self.second.show_words)

    def first_field(self) -> QWidget:
        """Give the first field."""
        return self.first.field

    def set_busy(self, busy: bool) -> None:
        """Keep the page still while the profile is made."""
        for part in (self.first, self.second, self.shown, self.button):
            part.setEnabled(not busy)
        self.button.setText("Making your profile…" if busy else "Finish")

    def refuse(self, sentence: str) -> None:
        """Say why this passphrase will not do."""
        self.set_busy(False)
        self.say(sentence)
        self.first.field.setFocus()

    def _submit(self) -> None:
        if self.first.field.text() != self.second.field.text():
            self.second.take()
            self.refuse("The two passphrases are different. Type the second one again.")
            self.second.field.setFocus()
            return
        self.say("")
        self.shown.setChecked(False)
        self.second.take()
        self.set_busy(True)
        self.submitted.emit(self.first.take())


def caps_lock_after(event: QKeyEvent) -> bool | None:
    """Tell from a key press whether Caps Lock is on: a letter is not as Shift has it. None: cannot tell."""
    text = event.text()
    if len(text) != 1 or text.upper() == text.lower():
        return None
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return text.isupper() != shift
