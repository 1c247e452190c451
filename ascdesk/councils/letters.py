"""The council's letters: paragraphs with places that are filled in, from a declared list for each letter.

Here is what may be written and how it is filled in; where a value comes from is for the caller, and how the
page looks is for `ascdesk.documents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ascdesk.care.clocks import LONDON, Clock, State
from ascdesk.councils.checking import Mark, Page, Part, each
from ascdesk.councils.times import Clocks
from ascdesk.errors import Refusal

_PLACE = re.compile(r"\{([^{}]*)\}")
_BY_THE_MINUTE = frozenset({"T2", "T4"})

COMMON = (
    "name", "full_name", "today", "council", "front_door", "front_door_phone", "front_door_email",
    "front_door_hours", "worker", "worker_role", "worker_team", "worker_phone", "worker_email",
)  # fmt: skip
"""Places that every letter may have. `name` is what the person likes to be called."""


@dataclass(frozen=True, slots=True)
class LetterKind:
    """What a letter is for, and the places and lists that it may have beside the common ones."""

    words: str
    places: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


LETTERS: Mapping[str, LetterKind] = {
    "first": LetterKind(
        "To the person after the first contact: what they can expect, with their own dates.",
        ("received_on", "teams"),
        ("promises", "next_steps"),
    ),
    "contact": LetterKind("To the person: who their worker is, for which work.", ("purpose",)),
    "signposting": LetterKind("A sheet of places to be sent to for help.", (), ("signposts",)),
    "closing": LetterKind(
        "To the person when active work ends: why, and how to come back.", ("closed_on", "reason")
    ),
    "next_steps": LetterKind(
        "To whoever asked for the person: what happens next, as far as they may know.",
        ("referrer", "received_on", "decided_on", "teams"),
        ("next_steps",),
    ),
    "top_up": LetterKind(
        "The written agreement of whoever pays the extra cost of a dearer service.",
        (
            "payer", "service", "offered", "offered_weekly", "chosen", "chosen_weekly", "extra_weekly",
            "starts_on",
        ),
    ),
}  # fmt: skip
"""Every letter that a pack has, one file letters/ID.toml each."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it stands in the file; an `optional` one is left out where a value is not known.

    `items` names the list that follows it, empty for none.
    """

    heading: str
    text: str
    items: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a council."""

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Filled:
    """A paragraph filled in, with the items of its list."""

    heading: str
    text: str
    items: tuple[str, ...] = ()


def letter_file(letter: str) -> str:
    """Name the file of a letter inside its pack."""
    return f"letters/{letter}.toml"


def read_letter(letter: str, page: Page) -> Letter:
    """Read one letter; a place or list that is not declared for it is noted."""
    root = page.root()
    paragraphs = each(root.parts("paragraph"), lambda part: _paragraph(part, LETTERS[letter]))
    title = root.text("title")
    _places(root, "title", title, COMMON)
    found = Letter(letter, title, paragraphs, root.mark())
    root.done()
    return found


def _paragraph(part: Part, kind: LetterKind) -> Paragraph:
    items = part.text("items", "")
    found = Paragraph(
        heading=part.text("heading", ""),
        text=part.text("text", "" if items else None),
        items=items,
        optional=part.flag("optional", False),
    )
    for name, text in (("heading", found.heading), ("text", found.text)):
        _places(part, name, text, (*COMMON, *kind.places))
    part.among("items", [items] if items else [], kind.lists, "a list that this letter can have")
    return found


def _places(part: Part, name: str, text: str, known: Sequence[str]) -> None:
    found = [one for one in _PLACE.findall(text) if one not in known]
    for one in found:
        shown = ", ".join(f"{{{place}}}" for place in known)
        part.wrong(f"“{{{one}}}” cannot be filled in here; known here: {shown}.", name)
    if set("{}") & set(_PLACE.sub("", text)):
        part.wrong("a curly bracket stands alone: write places as {name}.", name)


def fill(
    letter: Letter, values: Mapping[str, str], lists: Mapping[str, Sequence[str]] | None = None
) -> tuple[Filled, ...]:
    """Return the paragraphs of a letter with every place filled in.

    An optional paragraph that lacks a value, or whose list is empty, is left out. Raises Refusal naming what
    is missing for one that is not optional.
    """
    found = []
    for one in letter.paragraphs:
        items = tuple((lists or {}).get(one.items, ())) if one.items else ()
        lacking = [place for place in _of(one) if not values.get(place, "").strip()]
        lacking += [one.items] if one.items and not items else []
        if not lacking:
            found.append(Filled(_filled(one.heading, values), _filled(one.text, values), items))
        elif not one.optional:
            raise Refusal(
                f"The letter “{letter.title}” cannot be written yet: {_told(lacking[0])} is not known. "
                "Fill it in first."
            )
    return tuple(found)


def title_of(letter: Letter, values: Mapping[str, str]) -> str:
    """Return a letter's title with its places filled in; one that is not known is left empty."""
    return _filled(letter.title, values)


def _of(paragraph: Paragraph) -> list[str]:
    return _PLACE.findall(paragraph.heading) + _PLACE.findall(paragraph.text)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], ""), text)


def _told(place: str) -> str:
    return "“" + place.replace("_", " ") + "”"


def promises(standards: Clocks, every: Iterable[Clock]) -> tuple[str, ...]:
    """Say the service standards with the person's own dates, for each clock that still runs to a date."""
    found = []
    for clock in every:
        promise = standards.words[clock.rule].promise
        if promise and clock.due is not None and clock.state is State.RUNNING:
            found.append(promise.replace("{due}", due_words(clock)))
    return tuple(found)


def due_words(clock: Clock) -> str:
    """Say when a clock is due, as a person reads it: the day, and the minute for the urgent ones."""
    if clock.due is None:
        return "as soon as possible"
    local = clock.due.astimezone(LONDON)
    day = f"{local:%A} {local.day} {local:%B %Y}"
    return f"{local:%H:%M} on {day}" if clock.rule in _BY_THE_MINUTE else day
