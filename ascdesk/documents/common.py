"""The parts that every copy shares: its opening, people's words, how to reach us, rights. Released values
only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ascdesk.documents.blocks import (
    Block,
    BodyOutlines,
    Bullets,
    Document,
    Facts,
    Heading,
    Notice,
    Paragraph,
    Words,
)
from ascdesk.documents.body import Spot, mark_line, place_words
from ascdesk.documents.model import (
    Answer,
    BodyMark,
    FrontDoor,
    Issue,
    Person,
    Question,
    Rights,
    Section,
    Worker,
)
from ascdesk.documents.words import apart, day, in_lines, listed

ABSENT = {
    "not-known": "Not known.",
    "declined": "You chose not to answer this.",
    "varies": "It varies.",
    "not-discussed": "We have not talked about this yet.",
}
_FACT = 70
"""Characters up to which a finding is shown as a fact beside its question."""
_FACT_SHARE = 0.52
DRAFT_MEANS = "This is not finished. What it says may still change."


def document(
    name: str, issue: Issue, person: Person, front_door: FrontDoor, blocks: Sequence[Block]
) -> Document:
    """Give a document its running head and foot, and its opening before its blocks."""
    draft = (Notice(f"Draft: {issue.draft_because}", DRAFT_MEANS, warning=True),) if issue.draft else ()
    facts = tuple((label, value) for label, value in _opening_facts(issue, person) if value)
    opening: tuple[Block, ...] = (
        Heading(name, 1),
        Paragraph(apart(person.name), "lead"),
        *draft,
        Facts(facts),
    )
    return Document(
        title=f"{name}, version {issue.version}",
        footer_name=apart(person.name),
        issued=f"{_issued_word(issue)} {day(issue.issued)}",
        stamp=f"{issue.issued:%Y%m%d}",
        council=front_door.council,
        language=issue.language,
        draft=issue.draft,
        draft_because=issue.draft_because,
        blocks=(*opening, *blocks),
    )


def _issued_word(issue: Issue) -> str:
    return "Printed" if issue.draft else "Issued"


def _opening_facts(issue: Issue, person: Person) -> tuple[tuple[str, str], ...]:
    return (
        ("Likes to be called", apart(person.preferred_name) if person.preferred_name != person.name else ""),
        ("Born", day(person.born) if person.born else ""),
        ("NHS number", person.nhs_number),
        ("Address", in_lines(person.address)),
        ("First language", person.first_language),
        ("Communication", "\n".join(person.communication)),
        ("Version", str(issue.version)),
        (f"{_issued_word(issue)}", day(issue.issued)),
        ("This copy is for", apart(issue.recipient)),
    )


def called(person: Person) -> str:
    """Give the name that the person likes to be called by."""
    return apart(person.preferred_name or person.name)


def account(answer: Answer, person: Person) -> Words:
    """Show one account: the person's own words set off by a line, anybody else's under who says so."""
    return Words(source_label(answer, person), answer.text, own=answer.source == "person")


def source_label(answer: Answer, person: Person) -> str:
    """Say whose account it is."""
    who = apart(answer.who)
    return {
        "person": f"In {called(person)}’s words",
        "observed": f"What {who or 'your worker'} saw or found",
        "carer": f"What {who or 'your carer'} told us",
        "professional": f"What {who or 'another professional'} told us",
        "record": f"From our records{': ' + who if who else ''}",
    }.get(answer.source, "")


def in_order(answers: Sequence[Answer]) -> list[Answer]:
    """Put the person's own words first; the others stay in their order."""
    return sorted(answers, key=lambda a: a.source != "person")


def accounts(answers: Sequence[Answer], person: Person) -> list[Words]:
    """Show several accounts, the person's first."""
    return [account(a, person) for a in in_order(answers)]


def section(part: Section, person: Person, level: int = 2) -> list[Block]:
    """Show a section of the form with its questions and parts. One with no answer at all is left out."""
    inner = answered(part.questions, person) + body_outlines(part)
    for sub in part.parts:
        inner += section(sub, person, 3)
    return [Heading(part.heading, 2 if level == 2 else 3), *inner] if inner else []


def body_outlines(part: Section) -> list[Block]:
    """Draw the rows of a section that are marks on a body; nothing where there are none."""
    marks = [row.mark for row in part.parts if row.mark is not None and row.mark.side]
    if not marks:
        return []
    spots = tuple(Spot(one.number, one.face, one.x, one.y) for one in marks)
    return [BodyOutlines(spots, tuple(_mark_words(one) for one in marks))]


def _mark_words(mark: BodyMark) -> str:
    place = _told(mark.place) or place_words(mark.face, mark.x, mark.y)
    return mark_line(mark.number, mark.face, place, _told(mark.seen), [one.text for one in mark.size])


def _told(answers: Sequence[Answer]) -> str:
    return answers[0].text if answers else ""


def answered(questions: Sequence[Question], person: Person) -> list[Block]:
    """Show questions in order; short findings that follow one another stand as one table of facts."""
    blocks: list[Block] = []
    facts: list[tuple[str, str]] = []
    for question in questions:
        fact = _fact(question)
        if fact is not None:
            facts.append(fact)
            continue
        blocks += [Facts(tuple(facts), _FACT_SHARE)] if facts else []
        facts = []
        blocks += asked(question, person)
    return [*blocks, Facts(tuple(facts), _FACT_SHARE)] if facts else blocks


def _fact(question: Question) -> tuple[str, str] | None:
    """Return a question with a short finding of the worker's, or why there is none, as a fact."""
    if not question.answers:
        text = ABSENT.get(question.absent, "")
        return (question.label, text) if text else None
    only = question.answers[0]
    plain = len(question.answers) == 1 and only.source == "observed" and not question.absent
    short = len(only.text) <= _FACT and "\n" not in only.text
    return (question.label, only.text) if plain and short else None


def asked(question: Question, person: Person) -> list[Block]:
    """Show a question and its accounts, or why there is none; short worker's answers stand plainly below
    it."""
    if not question.answers:
        text = ABSENT.get(question.absent, "")
        return [Paragraph(question.label, "label", keep_with_next=True), Paragraph(text)] if text else []
    answers = in_order(question.answers)
    if answers[0].source == "person" and question.absent != "varies":
        # The question and whose words they are, in one line: large print is long enough.
        own = account(answers[0], person)
        blocks: list[Block] = [replace(own, label=_led(question.label, own.label))]
        answers = answers[1:]
    else:
        blocks = [Paragraph(question.label, "label", keep_with_next=True)]
    if question.absent == "varies":
        blocks.append(Paragraph(ABSENT["varies"]))
    for answer in answers:
        plain = answer.source == "observed" and "\n" not in answer.text and len(answer.text) <= 120
        blocks.append(Paragraph(answer.text) if plain else account(answer, person))
    return blocks


def _led(asked: str, whose: str) -> str:
    return f"{asked} {whose}" if asked.endswith("?") else f"{asked}: {whose[:1].lower()}{whose[1:]}"


def reach_us(worker: Worker | None, front_door: FrontDoor) -> list[Block]:
    """Say how to reach the worker directly, and the council's front door, in both cases (seed 001)."""
    blocks: list[Block] = [Heading("How to reach us")]
    if worker and (worker.phone or worker.email):
        rows = (
            ("Your worker", apart(worker.name)),
            ("Role and team", ", ".join(t for t in (worker.role, worker.team) if t)),
        )
        direct = (("Direct number", worker.phone), ("Email", worker.email))
        blocks.append(Facts(tuple(r for r in (*rows, *direct) if r[1])))
        blocks.append(
            Paragraph(
                f"If you cannot reach {apart(worker.name)}, or if things change later:", keep_with_next=True
            )
        )
    door = (
        ("Who to ask", f"{front_door.name}, {front_door.council}"),
        ("Phone", front_door.phone),
        ("Email", front_door.email),
        ("Address", in_lines(front_door.address)),
        ("Open", front_door.hours),
    )
    blocks.append(Facts(tuple(r for r in door if r[1])))
    return blocks


def your_rights(rights: Rights) -> list[Block]:
    """Say how to disagree, who can speak up for you, how to complain, and about charges."""
    parts = (
        ("If you do not agree", rights.disagree),
        ("Somebody to speak up for you", rights.advocacy),
        ("If you want to complain", rights.complaint),
        ("The Ombudsman", rights.ombudsman),
        ("About charges", rights.charging),
    )
    blocks: list[Block] = [Heading("Your rights")]
    for heading, text in parts:
        if text:
            blocks += [Heading(heading, 3), Paragraph(text)]
    return blocks


def kept_private() -> Block:
    """Say, on every copy and always in the same words, that some things may be left out; so it gives
    nothing away."""
    return Paragraph(
        "A copy leaves out what other people told us in confidence and what we must keep private. "
        "You can ask us at any time to see what we hold about you.",
        "quiet",
    )


def copies(names: Sequence[str]) -> list[Block]:
    """Say who else gets a copy."""
    if not names:
        return []
    return [Heading("Who else gets a copy"), Bullets(tuple(names))]


def people(pairs: Sequence[tuple[str, str]]) -> str:
    """List people with what they were there as."""
    return listed(tuple(f"{apart(name)} ({role})" if role else apart(name) for name, role in pairs))
