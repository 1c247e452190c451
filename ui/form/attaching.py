"""A question that is answered by files: chosen or pasted, shown by name and size, pictures as thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from ascdesk.errors import PlainError
from ascdesk.forms.model import Node
from ascdesk.work import files, pictures
from ascdesk.work.files import File
from ui.desk import Desk
from ui.ot.photo_view import unpacked
from ui.tasks import Priority
from ui.theme.appearance import theme_of
from ui.widgets.buttons import SecondaryButton, SmallLink
from ui.widgets.editor import Answer, Answers, Editor
from ui.widgets.layouts import Flow, column, row
from ui.widgets.surfaces import empty
from ui.widgets.text import Body, ErrorText, Small

_SMALL = QSize(96, 72)


class AttachmentEditor(Editor):
    """Files as FHIR attachments: the answer names them by their hash, the record keeps the bytes."""

    def __init__(self, node: Node, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._node = node
        self._desk: Desk | None = None
        self._case = ""
        self._answers: Answers = []
        self._fixed = False
        self._pictures: dict[str, QLabel] = {}
        outer = column(self, 6)
        self._list = column(None, 6)
        outer.addLayout(self._list)
        buttons = Flow(None, gap=8)
        self.choose = SecondaryButton("Choose a file", self)
        self.paste = SecondaryButton("Paste a picture", self)
        self.choose.clicked.connect(self._choose)
        self.paste.clicked.connect(self._paste)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.paste)
        outer.addLayout(buttons)
        self.told = ErrorText("", self)
        outer.addWidget(self.told)
        self.told.hide()
        self._may()

    def set_place(self, desk: Desk, case: str) -> None:
        """Keep files with this case."""
        self._desk, self._case = desk, case
        self._may()
        self._show_thumbnails()

    def value(self) -> Answers:
        """Return the files as attachments, by name."""
        return [dict(answer) for answer in self._answers]

    def parts(self) -> list[QWidget]:
        """Return the two ways to give a file."""
        return [self.choose, self.paste]

    def part_names(self) -> list[str]:
        """Name each way."""
        return ["Choose a file", "Paste a picture"]

    def set_read_only(self, fixed: bool) -> None:
        """Only show the files, or let them be changed."""
        self._fixed = fixed
        self._may()
        self._say()

    def _may(self) -> None:
        full = bool(self._answers) and not self._node.repeats
        for button in (self.choose, self.paste):
            button.setEnabled(self._desk is not None and not self._fixed)
            button.setVisible(not self._fixed and not full)

    # -- giving -----------------------------------------------------------------------------------------

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Choose a file")
        self.add_files([Path(path) for path in chosen])

    def add_files(self, paths: Sequence[Path]) -> None:
        """Take these files in; of several for one answer the first."""
        for path in paths if self._node.repeats else paths[:1]:
            self._take(partial(_from_file, path, self._node))

    def _paste(self) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._refuse("There is no picture to paste. Copy one first, then paste it here.")
            return
        self._take(partial(_from_image, image, self._node))

    def _take(self, work: Any) -> None:  # noqa: ANN401 (a callable that returns a File)
        if self._desk is not None:
            self.told.hide()
            self._desk.pictures.run(work, self._took, self._failed)

    def _took(self, file: File) -> None:
        assert self._desk is not None
        self._desk.read(partial(files.keep, self._desk.record, self._case, file), self._kept, self._failed)

    def _kept(self, answer: Answer) -> None:
        self._answers = [*self._answers, answer] if self._node.repeats else [answer]
        self._say()
        self._tapped()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, PlainError):
            self._refuse(error.sentence)
        elif self._desk is not None:
            self._desk.tell(error)

    def _refuse(self, sentence: str) -> None:
        self.told.setText(sentence)
        self.told.show()

    # -- showing ----------------------------------------------------------------------------------------

    def _show(self, answers: Sequence[Answer]) -> None:
        if list(answers) != self._answers:
            self._answers = [dict(answer) for answer in answers]
            self._say()

    def _say(self) -> None:
        empty(self._list)
        self._pictures = {}
        for number, answer in enumerate(self._answers):
            held = answer.get("valueAttachment")
            if isinstance(held, dict):
                self._list.addWidget(self._line(number, answer, held))
        self._may()
        self._show_thumbnails()

    def _line(self, number: int, answer: Answer, held: dict[str, Any]) -> QWidget:
        line = QWidget(self)
        inside = row(line, 12)
        title = str(held.get("title") or "A file")
        if str(held.get("contentType", "")).startswith("image/") and (name := files.sha256_of(answer)):
            picture = QLabel(line)
            picture.setAccessibleName(f"Picture: {title}")
            self._pictures[name] = picture
            inside.addWidget(picture)
        words = column(None, 0)
        words.addWidget(Body(title, line))
        words.addWidget(Small(_size(held.get("size")), line))
        inside.addLayout(words, 1)
        if not self._fixed:
            inside.addWidget(RemoveLink(number, title, line))
            inside.itemAt(inside.count() - 1).widget().clicked.connect(self._remove)  # type: ignore[union-attr]
        return line

    def _remove(self) -> None:
        link = self.sender()
        if isinstance(link, RemoveLink) and link.number < len(self._answers):
            self._answers = [one for number, one in enumerate(self._answers) if number != link.number]
            self._say()
            self.choose.setFocus(Qt.FocusReason.OtherFocusReason)
            self._tapped()

    def _show_thumbnails(self) -> None:
        if self._desk is not None and self._pictures:
            work = partial(_small, self._desk, self._case, tuple(self._pictures))
            self._desk.database.run(work, self._thumbnails, self._no_thumbnails, Priority.SYNC)

    def _thumbnails(self, found: dict[str, QImage]) -> None:
        for name, image in found.items():
            label = self._pictures.get(name)
            if label is not None and not image.isNull():
                side = theme_of().px(72)
                mode = Qt.TransformationMode.SmoothTransformation
                label.setPixmap(QPixmap.fromImage(image).scaledToHeight(side, mode))

    def _no_thumbnails(self, _: Exception) -> None:
        """Show the name alone: the picture is on another laptop yet, or its file is damaged."""


class RemoveLink(SmallLink):
    """Takes one file away."""

    def __init__(self, number: int, title: str, parent: QWidget) -> None:
        super().__init__("Remove", parent)
        self.number = number
        self.setAccessibleName(f"Remove {title}")


def _from_file(path: Path, node: Node) -> File:
    return files.take_in(pictures.read_file(path), path.name, types=node.mime_types, most=node.max_size)


def _from_image(image: QImage, node: Node) -> File:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    data = buffer.data().data()
    buffer.close()
    return files.take_in(bytes(data), "Pasted picture.png", types=node.mime_types, most=node.max_size)


def _small(desk: Desk, case: str, names: Sequence[str]) -> dict[str, QImage]:
    """Return pictures unpacked small, on the database's thread; those that are not here are left out."""
    found: dict[str, QImage] = {}
    for name in names:
        try:
            data = desk.record.attachments.read(case, name)
        except PlainError:
            continue
        found[name] = unpacked(data, _SMALL * 2)
    return found


def _size(size: object) -> str:
    if not isinstance(size, int):
        return ""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} kB"
