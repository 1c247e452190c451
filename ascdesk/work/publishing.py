"""`ascdesk forms publish`: a form becomes a version in the council's pack, which never changes again."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ascdesk.atomic import write_atomically
from ascdesk.errors import Refusal, Unreadable
from ascdesk.forms.differences import Difference, differences
from ascdesk.forms.jsontext import LARGEST, load_json, parse_json
from ascdesk.forms.model import Form
from ascdesk.forms.problems import Note, Problem
from ascdesk.forms.questionnaire import compile_report
from ascdesk.work.library import FormLibrary, Published, published_in, version_order

LARGEST_PART = 1_000_000
"""Bytes that one part of a pack may have."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of publishing: where it lies, what it follows, what is different, what has no effect here."""

    name: str
    version: str
    file: str
    fresh: bool
    previous: str
    items: int
    different: tuple[Difference, ...]
    notes: tuple[Note, ...]

    def told(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in ("name", "version", "file", "items")}
        plain |= {"published": self.fresh, "previous": self.previous or None, "problems": []}
        plain["differences"] = [_printed(asdict(one)) for one in self.different]
        return plain | {"notes": [_printed(asdict(one)) for one in self.notes]}

    def lines(self) -> list[str]:
        """Return it in plain lines."""
        if not self.fresh:
            return [
                f"{self.name} {self.version} is published already, and says the same. Nothing was changed."
            ]
        said = [f"Published {self.name} {self.version}: {self.items} items, {self.file}."]
        if self.previous:
            count = len(self.different)
            said.append(f"Different from version {self.previous}: {count or 'nothing'}.")
            said += [f"  {one.link_id or 'the form'}: {one.message}" for one in self.different]
        said += [f"note: {one.link_id} {one.element}: {one.message}" for one in self.notes]
        return [*said, "Raise the version in council.toml, and laptops fetch it with the council’s pack."]


class PublishRefused(Refusal):
    """A form that cannot be published, with every reason and the item and element of each."""

    def __init__(self, sentence: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(sentence)
        self.problems = problems


def publish(file: Path, pack: Path, name: str = "") -> Publication:
    """Compile a form and put it into a council's pack.

    Raises :class:`PublishRefused` naming item and element, and :class:`Unreadable` for what cannot be read.
    """
    if not (pack / "council.toml").is_file():
        raise Unreadable(f"{pack} is no council’s pack: give the folder that holds its council.toml.")
    raw = load_json(file, "Questionnaire")
    form, problems, notes = compile_report(raw)
    if form is None:
        raise PublishRefused(_first(file.name, problems), problems)
    which = Published(_named(file, raw, name), _version(form))
    text = file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    if len(text.encode()) > min(LARGEST_PART, LARGEST):
        raise PublishRefused(f"{file.name} is larger than a part of a pack can be (a million bytes).")
    folder = pack / "forms"
    known = _known(folder, which.name)
    path = pack / which.file
    if which.version in known:
        _refuse_change(which, parse_json(known[which.version], path.name, "Questionnaire"), raw)
        return Publication(which.name, which.version, which.file, False, "", len(form.nodes), (), notes)
    before = _before(which, known, raw)
    different = differences(before, form) if before is not None else ()
    folder.mkdir(exist_ok=True)
    write_atomically(path, text.encode())
    version = before.version if before is not None else ""
    return Publication(
        which.name, which.version, which.file, True, version, len(form.nodes), different, notes
    )


def _named(file: Path, raw: dict[str, Any], name: str) -> str:
    found = name or str(raw.get("id") or "") or file.stem
    if not _NAME.fullmatch(found):
        raise PublishRefused(
            f"“{found}” cannot be a form’s name: use letters, figures, points and hyphens (--name)."
        )
    return found


def _version(form: Form) -> str:
    if not _NAME.fullmatch(form.version):
        sentence = "The form has no version that can be kept: write one such as 1.2.0 into “version”."
        raise PublishRefused(sentence, (Problem("", "version", "is missing, or cannot be kept"),))
    return form.version


def _known(folder: Path, name: str) -> dict[str, str]:
    """Return the texts of the versions that are published already."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        which = published_in(f"forms/{path.name}")
        if which is not None and which.name == name:
            found[which.version] = path.read_text(encoding="utf-8")
    return found


def _refuse_change(which: Published, before: object, after: object) -> None:
    if before != after:
        sentence = (
            f"Version {which.version} of {which.name} is published already and says something else. "
            "A published version never changes: raise “version” and publish again."
        )
        raise PublishRefused(sentence, (Problem("", "version", f"{which.version} is published already"),))


def _before(which: Published, known: dict[str, str], raw: object) -> Form | None:
    """Return the version that this one follows, perhaps the carried one; refuse one that is lower."""
    library = FormLibrary({Published(which.name, one).file: text for one, text in known.items()})
    try:
        newest = library.form(which.name)
    except Unreadable:
        return None
    if newest.version == which.version:  # the one that the program carries
        _refuse_change(which, newest.source, raw)
    elif version_order(which.version) < version_order(newest.version):
        sentence = f"Version {newest.version} of {which.name} is there already: give this a higher one."
        raise PublishRefused(sentence, (Problem("", "version", f"is lower than {newest.version}"),))
    return newest


def _first(name: str, problems: tuple[Problem, ...]) -> str:
    first = problems[0]
    where = f"{name}, item {first.link_id}" if first.link_id else name
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}: {first.element}: {first.message}{more}. Correct it and publish again."


def _printed(found: dict[str, Any]) -> dict[str, str]:
    return {"linkId": found["link_id"], "element": found["element"], "message": found["message"]}
