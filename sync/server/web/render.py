"""Pages as HTML: GOV.UK components by their macros, the council's name around them. Everything is escaped."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, FunctionLoader, PackageLoader, PrefixLoader

from ascdesk.care.clocks import LONDON
from ascdesk.care.people import MONTHS
from ascdesk.work.council import CouncilLines

Json = Any
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Makes pages. ``lines`` are the council's own."""

    lines: CouncilLines
    environment: Environment

    def page(self, template: str, **values: Json) -> str:
        """Return a page as HTML."""
        shown = self.environment.get_template(template)
        return shown.render(council=self.lines.front_door, rights=self.lines.rights, **values)


def renderer(lines: CouncilLines) -> Renderer:
    """Return what makes the pages of a council."""
    return Renderer(lines, environment())


@functools.cache
def environment() -> Environment:
    """Return the templates: ours, and GOV.UK Frontend's macros."""
    ours = FunctionLoader(_template)
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(
        loader=ChoiceLoader([govuk, ours]), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"day": day_words, "moment": moment_words}
    return made


def _template(name: str) -> str | None:
    folder = files("resources") / "web" / "templates"
    known = {entry.name: entry for entry in folder.iterdir()}
    return known[name].read_text(encoding="utf-8") if name in known else None


def day_words(text: str) -> str:
    """Return a date with its weekday, as people say it: Tuesday 24 November 2026."""
    day = datetime.fromisoformat(text)
    return f"{_DAYS[day.weekday()]} {day.day} {MONTHS[day.month]} {day.year}"


def moment_words(text: str) -> str:
    """Return a moment in Europe/London: 5pm on Tuesday 24 November 2026; the end of a day is the day."""
    moment = datetime.fromisoformat(text).astimezone(LONDON)
    if (moment.hour, moment.minute) == (23, 59):
        return day_words(text)
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'} on {day_words(text)}"
