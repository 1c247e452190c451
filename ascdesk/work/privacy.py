"""Whom a record is about, and which records are kept from the person of their case.

A form says so itself (``private``, ``names-subject`` and ``names-format`` in ``resources/forms/README.md``):
a carer's assessment is heard in private, so the person cared for neither sees it nor gets any of it on paper.
Unless the record names the person of the case as the carer, it is private: not knowing never opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ascdesk.documents import model
from ascdesk.errors import PlainError, Refusal
from ascdesk.forms.model import Form
from ascdesk.record.record import Record
from ascdesk.work import cases, readers, responses
from ascdesk.work.cases import Case, ContactFacts
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Draft, Said
from ascdesk.work.wording import names_for


class Private(Refusal):
    """A record that may not be opened while the person of its case can read the screen."""

    def __init__(self, case: Case) -> None:
        super().__init__("This is for you alone. End the visit to open it.")
        self.case = case


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a record is about: the person of the case (``own``), or somebody else, perhaps not named yet."""

    name: str
    called: str
    own: bool = True
    contact: ContactFacts | None = None


def subject_of(case: Case, form: Form, draft: Draft) -> Subject:
    """Return whom a record is about: by its own answer, else the one contact who is marked as a carer.

    Of several carers none is meant until the record names one.
    """
    person = case.person
    if not form.private:
        return Subject(person.full_name, person.known_as)
    named = _named(form, draft)
    if named and _same(named, person.full_name):
        return Subject(person.full_name, person.known_as)
    carers = [one for one in case.contacts if one.carer]
    if named:
        known = [one for one in case.contacts if _same(named, one.name or "")]
        return Subject(named, named.split()[0], False, known[0] if len(known) == 1 else None)
    only = carers[0] if len(carers) == 1 and carers[0].name else None
    name = (only.name or "").strip() if only is not None else ""
    return Subject(name, name.split()[0] if name else "the carer", False, only)


def is_private(case: Case, form: Form, draft: Draft) -> bool:
    """Say whether a record is kept from the person of its case."""
    return bool(form.private) and not subject_of(case, form, draft).own


def names_in(case: Case, form: Form, draft: Draft) -> dict[str, str]:
    """Return what a record's form calls whom it is about, and their carer."""
    subject = subject_of(case, form, draft)
    if subject.own:
        return names_for(case)
    called = {"name": subject.called, "carer": subject.called}
    return called | {"they": "they", "them": "them", "their": "their"}


def private_rows(record: Record, case: Case, library: FormLibrary) -> frozenset[str]:
    """Return the records of a case that are kept from its person."""
    return frozenset(draft.response for _, draft in _private(record, case, library))


def seen_beside(record: Record, case: Case, library: FormLibrary) -> Case:
    """Return a case without its private records and their copies: what the person beside may know of."""
    hidden = private_rows(record, case, library)
    if not hidden:
        return case
    return replace(
        case,
        responses=tuple(one for one in case.responses if one.row not in hidden),
        copies=tuple(one for one in case.copies if one.of not in hidden),
    )


def refuse_private(record: Record, case: str, response: str, library: FormLibrary) -> None:
    """Raise :class:`Private` for a record that the person of its case may not see."""
    held = cases.look(record, case)
    if response in private_rows(record, held, library):
        raise Private(held)


def private_texts(record: Record, case: Case, library: FormLibrary, besides: str) -> Iterator[str]:
    """Yield what was said in private, but for the record ``besides``: it is on nobody else's copy.

    Names, jobs and teams are not among it: they stand on every copy.
    """
    for form, draft in _private(record, case, library):
        if draft.response != besides:
            for key, account in draft.accounts.items():
                node = form.node(key.link_id) if key.link_id in form.by_link else None
                told = node is None or node.type == "text" or key.source == "person"
                if told or (node is not None and node.ours.get("copy") == "never"):
                    for version in account.versions:
                        yield from _written(version.said)


def person_of(case: Case, subject: Subject) -> model.Person:
    """Return somebody else than the person of the case as a copy's opening tells them: nothing of theirs."""
    contact = subject.contact
    address = contact.address if contact is not None else ""
    return model.Person(name=subject.name, preferred_name=subject.called, address=address or "")


def formats(form: Form, draft: Draft) -> list[str]:
    """Return the codes of the formats that a record says its copy is wanted in."""
    node = form.marked("names-format")
    return readers.codes(draft.answers((), node.link_id)) if node is not None else []


def _private(record: Record, case: Case, library: FormLibrary) -> Iterator[tuple[Form, Draft]]:
    for held in case.responses:
        try:
            form = library.form(held.questionnaire or "", held.questionnaire_version)
        except PlainError:
            continue  # a form that this program does not carry can be opened by nobody
        if form.private:
            draft = responses.load(record, case.id, held.row)
            if is_private(case, form, draft):
                yield form, draft


def _named(form: Form, draft: Draft) -> str:
    node = form.marked("names-subject")
    return readers.text(draft.answers((), node.link_id)).strip() if node is not None else ""


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _written(said: Said) -> Iterator[str]:
    return (str(one["valueString"]) for one in said.answer if one.get("valueString"))
