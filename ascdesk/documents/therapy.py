"""An occupational therapist's documents: the report, a prescription, a recommendation, and the plain words.

Released values only. How to get into a home is on none of them; an alert for who delivers is on the
supplier's alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from ascdesk.documents.blocks import (
    Block,
    Bullets,
    Document,
    Drawn,
    Facts,
    Heading,
    Item,
    Notice,
    Paragraph,
    Photograph,
    Table,
)
from ascdesk.documents.common import document, kept_private, reach_us, section, your_rights
from ascdesk.documents.item_pictures import KEYS, picture_of_name
from ascdesk.documents.model import (
    BuildingWork,
    HelpCopy,
    OrderCopy,
    OrderLine,
    RoomFound,
    Shown,
    TherapyReport,
    WorksCopy,
)
from ascdesk.documents.words import apart, money

_FACT_SHARE = 0.3


def report_story(copy: TherapyReport) -> Document:
    """Tell a released report: what is recommended first, then what was found, measured and seen."""
    person = copy.person
    blocks: list[Block] = [*_by(copy), *_recommended(copy)]
    for part in copy.sections:
        blocks += section(part, person)
    blocks += _measured(copy.rooms)
    blocks += _fits(copy.lines)
    blocks += _photos(copy.rooms)
    blocks += [*reach_us(copy.worker, copy.front_door), *your_rights(copy.rights), kept_private()]
    return document(copy.title, copy.issue, person, copy.front_door, blocks)


def order_story(copy: OrderCopy) -> Document:
    """Tell a released prescription: where it goes and when, then every thing with how it is set and why."""
    blocks: list[Block] = []
    if copy.alert and not copy.own:
        blocks.append(Notice("Before you go", copy.alert, warning=True))
    blocks.append(Facts(copy.facts, _FACT_SHARE))
    if not copy.own:
        blocks += [Facts(copy.internal, _FACT_SHARE), *_get_in(copy)]
        blocks += [Heading("What is ordered"), _table(copy.lines)]
        for line in copy.lines:
            blocks += [Heading(line.name, 3), Facts(_line_facts(line), _FACT_SHARE)]
    else:
        blocks.append(Heading("What we ordered for you"))
        blocks += [_item(line) for line in copy.lines]
        blocks += [*reach_us(copy.worker, copy.front_door), kept_private()]
    return document(copy.title, copy.issue, copy.person, copy.front_door, blocks)


def works_story(copy: WorksCopy) -> Document:
    """Tell a released recommendation: each work with its drawing to scale and what it rests on."""
    blocks: list[Block] = []
    for work in copy.works:
        blocks += _work(work)
    blocks += reach_us(copy.worker, copy.front_door)
    return document(copy.title, copy.issue, copy.person, copy.front_door, blocks)


def help_story(copy: HelpCopy) -> Document:
    """Tell what is coming in plain words: a picture of each thing, how it will help, and who to ask."""
    blocks: list[Block] = []
    if copy.lines:
        blocks.append(Heading("What you will have"))
        blocks += [_item(line) for line in copy.lines]
    if copy.works:
        blocks.append(Heading("What will be changed in your home"))
        blocks += [_work_item(work) for work in copy.works]
    if copy.next_steps:
        blocks += [Heading("What happens next"), Bullets(copy.next_steps)]
    blocks += [
        Heading("If something is not right"),
        Paragraph(
            "If something breaks, hurts, does not fit or is not used, stop using it and tell us. "
            "It costs you nothing to change it or to give it back."
        ),
        *reach_us(copy.worker, copy.front_door),
    ]
    return document(copy.title, copy.issue, copy.person, copy.front_door, blocks)


# -- the report's parts ----------------------------------------------------------------------------------


def _by(copy: TherapyReport) -> list[Block]:
    if copy.assessor is None:
        return []
    who = copy.assessor
    said = ", ".join(part for part in (apart(who.name), who.role, who.team) if part)
    return [Facts((("Written by", said),))]


def _recommended(copy: TherapyReport) -> list[Block]:
    """Say what is recommended; it is what the reader acts on, so it stands first."""
    blocks: list[Block] = [Heading("What is recommended")]
    if not copy.lines and not copy.works:
        return [*blocks, Paragraph("No equipment and no adaptation is recommended yet.")]
    blocks += [_item(line, reasons=True) for line in copy.lines]
    for work in copy.works:
        blocks += [_work_item(work), *(Drawn(one) for one in work.drawings)]
    return blocks


def _measured(rooms: Sequence[RoomFound]) -> list[Block]:
    """Tell the measures by room; each in words with its figures, and when it was taken."""
    held = [room for room in rooms if room.taken or room.note]
    if not held:
        return []
    blocks: list[Block] = [
        Heading("What was measured"),
        Paragraph("Each measure is taken twice. Where the two are too far apart, that is said."),
    ]
    for room in held:
        blocks.append(Heading(room.name, 3))
        blocks += [Paragraph(room.note)] if room.note else []
        if room.taken:
            rows = tuple((one.what, one.words, one.on) for one in room.taken)
            summary = f"Measures: {room.name}"
            blocks.append(Table(("What", "Found", "When"), rows, (0.38, 0.38, 0.24), summary=summary))
    return blocks


def _fits(lines: Sequence[OrderLine]) -> list[Block]:
    held = [line for line in lines if line.fit]
    if not held:
        return []
    blocks: list[Block] = [Heading("What fits, and what does not")]
    for line in held:
        blocks += [Heading(line.name, 3), Paragraph(line.fit, "strong", keep_with_next=bool(line.fit_words))]
        blocks += [Bullets(line.fit_words)] if line.fit_words else []
        if line.override:
            blocks.append(Paragraph(f"Prescribed all the same: {line.override}"))
    return blocks


def _photos(rooms: Sequence[RoomFound]) -> list[Block]:
    held = [room for room in rooms if room.photos]
    blocks: list[Block] = [Heading("Photos")] if held else []
    for room in held:
        blocks.append(Heading(room.name, 3))
        blocks += [_photo(one) for one in room.photos]
    return blocks


def _photo(shown: Shown) -> Photograph:
    return Photograph(shown.data, shown.alternative, shown.caption)


# -- things ----------------------------------------------------------------------------------------------


def _item(line: OrderLine, *, reasons: bool = False) -> Item:
    """Show a thing with its picture: how many, where, how it is set, and how it will help."""
    name = f"{line.name}, {line.quantity} of them" if line.quantity > 1 else line.name
    where = f"Where: {line.room}" if line.room else ""
    settings = f"How it is set: {line.settings}" if line.settings else ""
    why = line.why if reasons or not line.helps else ""
    lines = (line.helps, why, where, settings, line.size and f"Size: {line.size}")
    return Item(_picture(line.picture, line.name), name, tuple(one for one in lines if one))


def _work_item(work: BuildingWork) -> Item:
    facts = dict(work.facts)
    where = facts.get("Where", "")
    lines = (work.helps or work.need, f"Where: {where}" if where else "", work.stage)
    return Item(_picture(work.picture, work.name), work.name, tuple(one for one in lines if one))


def _picture(key: str, name: str) -> str:
    return key if key in KEYS else picture_of_name(name)


def _table(lines: Sequence[OrderLine]) -> Table:
    rows = tuple((line.name, line.code or "in no catalogue", str(line.quantity)) for line in lines)
    return Table(
        ("Item", "Code", "Number"), rows, (0.56, 0.28, 0.16), frozenset({2}), summary="What is ordered"
    )


def _line_facts(line: OrderLine) -> tuple[tuple[str, str], ...]:
    special = f"{line.supply}: {line.special_because}" if line.special_because else line.supply
    fit = "\n".join((line.fit, *line.fit_words) if line.fit else line.fit_words)
    swap = {True: "Another of the same kind may be sent", False: "Only this one"}
    rows = (
        ("Size", line.size),
        ("Room", line.room),
        ("Fit and set", line.settings),
        ("Why", line.why),
        ("For", line.outcome),
        ("Supply", special),
        ("Loan or issue", line.basis),
        ("Cost of one", money(line.cost) if line.cost is not None else ""),
        ("Substitute", swap[line.substitute] if line.substitute is not None else ""),
        ("Fit", fit),
        ("Prescribed although", line.override),
        ("Trial", line.trial),
    )
    return tuple(row for row in rows if row[1])


def _get_in(copy: OrderCopy) -> list[Block]:
    """Say who tells how to get in: it is never written down here."""
    who = copy.worker
    if who is None or not who.phone:
        return [Paragraph("How to get in is not written here: ask the front door before you go.", "quiet")]
    return [Paragraph(f"How to get in is not written here: ring {apart(who.name)} on {who.phone}.", "quiet")]


# -- a work ----------------------------------------------------------------------------------------------


def _work(work: BuildingWork) -> list[Block]:
    blocks: list[Block] = [Heading(work.name), Facts(tuple(row for row in work.facts if row[1]), _FACT_SHARE)]
    if work.need:
        blocks += [Heading("What it is to make possible", 3), Paragraph(work.need)]
    if work.drawings:
        blocks.append(Heading("Drawing", 3))
        blocks += [Drawn(one) for one in work.drawings]
    blocks += [Bullets(work.arithmetic)] if work.arithmetic else []
    blocks += [_photo(one) for one in work.photos]
    blocks += _reasons(work)
    for heading, text in (("Space and storage", work.space), ("Until it is done", work.temporary)):
        blocks += [Heading(heading, 3), Paragraph(text)] if text else []
    blocks += [Heading("Where it stands", 3), Paragraph(work.stage)] if work.stage else []
    return blocks


def _reasons(work: BuildingWork) -> list[Block]:
    blocks: list[Block] = []
    if work.points:
        rows = tuple((f"{one.name} ({one.source})", one.state, one.words) for one in work.points)
        blocks += [
            Heading("The tests of a Disabled Facilities Grant", 3),
            Paragraph(
                "Housing Grants, Construction and Regeneration Act 1996.", "quiet", keep_with_next=True
            ),
            Table(("Test", "How it stands", "Why"), rows, (0.34, 0.2, 0.46), summary="Tests of the grant"),
        ]
    if work.options:
        options = tuple((one.what, one.why, "Yes" if one.chosen else "") for one in work.options)
        blocks += [
            Heading("What was considered", 3),
            Table(("Option", "Why, or why not", "Chosen"), options, (0.3, 0.52, 0.18), summary="Options"),
        ]
    return blocks
