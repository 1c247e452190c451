"""The forms that this laptop works by: those the program carries, and those its council has published.

Every version that was ever published stays, for a draft keeps the version that it began with (design §4). A
carried form is ``resources/forms/NAME.json``; what it was in earlier releases lies beside it as
``NAME@VERSION.json``. Each is compiled once and kept while the program runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock

from ascdesk.errors import Unreadable
from ascdesk.forms.jsontext import parse_json
from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form

NEEDS_ASSESSMENT = "needs-assessment"

_PUBLISHED = re.compile(r"forms/([A-Za-z0-9][A-Za-z0-9._-]*)@([A-Za-z0-9][A-Za-z0-9._-]*)\.json")
_PARTS = re.compile(r"\d+|[a-z]+")


@dataclass(frozen=True, slots=True)
class Published:
    """Where a published form lies in a council's pack: its name and its version."""

    name: str
    version: str

    @property
    def file(self) -> str:
        """Return the file's name in the pack."""
        return f"forms/{self.name}@{self.version}.json"


def published_in(file: str) -> Published | None:
    """Return which form a file of a pack is, if it is one."""
    found = _PUBLISHED.fullmatch(file)
    return None if found is None else Published(found.group(1), found.group(2))


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts versions: 1.9 before 1.10, a named stage such as 2.0-draft before 2.0."""
    parts = [
        (1, int(part), "") if part.isdigit() else (-1, 0, part) for part in _PARTS.findall(version.lower())
    ]
    return (*parts, (0, 0, ""))


class FormLibrary:
    """Compiled forms by name and version. Safe to ask from any thread.

    ``published`` are the texts of the council's own by their files' names; ``carried`` the program's files.
    """

    def __init__(
        self, published: Mapping[str, str] | None = None, carried: Mapping[str, Traversable] | None = None
    ) -> None:
        self._forms: dict[tuple[str, str], Form] = {}
        self._files = _carried_files() if carried is None else carried
        self._carried: dict[str, Form] = {}
        self._texts: dict[Published, str] = {}
        self._lock = Lock()
        self.take(published or {})

    def take(self, texts: Mapping[str, str]) -> None:
        """Take in the forms among a pack's texts; a version that is known already stays as it is."""
        with self._lock:
            for file, text in texts.items():
                which = published_in(file)
                if which is not None:
                    self._texts.setdefault(which, text)

    def form(self, name: str, version: str | None = "") -> Form:
        """Return a compiled form: this version of it, or the newest without one or where it is unknown.

        The council's own stands before the one that the program carries. Raises :class:`Unreadable` when
        there is none of that name.
        """
        with self._lock:
            if (exact := Published(name, version or "")) in self._texts:
                return self._published(exact)
            if (newest := self._newest(name)) is None:
                return self._carry(name, version)
            if version in self._carried_versions(name):
                return self._carry(name, version)
            return self._published(newest)

    def knows(self, name: str, version: str) -> bool:
        """Say whether exactly this version of a form is here."""
        try:
            return self.form(name, version).version == version
        except Unreadable:
            return False

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of a form that are here, the newest first."""
        with self._lock:
            found = {which.version for which in self._texts if which.name == name}
            found |= self._carried_versions(name)
        return tuple(sorted(found, key=version_order, reverse=True))

    def own(self) -> dict[str, str]:
        """Return the council's own forms that the program does not carry, each with its newest title."""
        with self._lock:
            names = sorted({which.name for which in self._texts if not self._is_carried(which.name)})
            newest = [which for name in names if (which := self._newest(name)) is not None]
            return {which.name: self._published(which).title for which in newest}

    def _newest(self, name: str) -> Published | None:
        found = [which for which in self._texts if which.name == name]
        return max(found, key=lambda which: version_order(which.version), default=None)

    def _published(self, which: Published) -> Form:
        key = (which.name, which.version)
        if key not in self._forms:
            self._forms[key] = compile_form(parse_json(self._texts[which], which.file, "Questionnaire"))
        return self._forms[key]

    def _is_carried(self, name: str) -> bool:
        # A name may come from a record that was made elsewhere: it is looked up, never used as a path.
        return f"{name}.json" in self._files and "@" not in name

    def _carried_versions(self, name: str) -> set[str]:
        if not self._is_carried(name):
            return set()
        earlier = (published_in(f"forms/{file}") for file in self._files)
        return {which.version for which in earlier if which and which.name == name} | {
            self._carry(name).version
        }

    def _carry(self, name: str, version: str | None = "") -> Form:
        """Return a carried form: as it was in this version where that is kept, else as it is now."""
        if not self._is_carried(name):
            raise Unreadable("This form is not in this version of ASC Desk. Update ASC Desk to open it.")
        earlier = f"{name}@{version}"
        which = earlier if f"{earlier}.json" in self._files else name
        if which not in self._carried:
            text = self._files[f"{which}.json"].read_text(encoding="utf-8")
            self._carried[which] = compile_form(parse_json(text, which, "Questionnaire"))
        return self._carried[which]


@cache
def _carried_files() -> Mapping[str, Traversable]:
    folder = files("resources") / "forms"
    return {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".json")}
