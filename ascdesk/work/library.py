"""The forms that this program carries: read from ``resources/forms``, compiled once, kept while it runs."""

from __future__ import annotations

import json
from importlib.resources import files
from threading import Lock

from ascdesk.errors import Unreadable
from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form

NEEDS_ASSESSMENT = "needs-assessment"


class FormLibrary:
    """Compiled forms by name. Safe to ask from any thread."""

    def __init__(self) -> None:
        self._forms: dict[str, Form] = {}
        self._lock = Lock()

    def form(self, name: str) -> Form:
        """Return the compiled form. Raises :class:`Unreadable` when there is none of that name."""
        with self._lock:
            if name not in self._forms:
                self._forms[name] = compile_form(_read(name))
            return self._forms[name]


def _read(name: str) -> dict[str, object]:
    # A name may come from a record that was made elsewhere: it is looked up, never used as a path.
    folder = files("resources") / "forms"
    known = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".json")}
    if f"{name}.json" not in known:
        raise Unreadable("This form is not in this version of ASC Desk. Update ASC Desk to open it.")
    content = json.loads(known[f"{name}.json"].read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content
