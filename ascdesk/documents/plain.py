"""A document as plain text: for screen readers, braille displays and anybody who asked for it so. UTF-8, 72
columns."""

from __future__ import annotations

import textwrap

from ascdesk.documents.blocks import (
    Block,
    BodyOutlines,
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
    Words,
)
from ascdesk.documents.fonts import tidy

WIDTH = 72


def plain_text(document: Document) -> bytes:
    """Write a document as text: headings underlined, tables told row by row. The bytes begin with no mark."""
    parts = [document.title + (f" (draft: {document.draft_because})" if document.draft else "")]
    parts += [text for block in document.blocks if (text := _block(block))]
    parts.append(f"{document.council}. {document.issued}. End of document.")
    return (tidy("\n\n".join(parts)).replace("\u200e", "") + "\n").encode()


def _block(block: Block) -> str:  # noqa: PLR0911 - one answer for each kind
    match block:
        case Heading(text, level):
            return text if level == 3 else f"{text}\n{('=' if level == 1 else '-') * min(len(text), WIDTH)}"
        case Paragraph(text):
            return _wrap(text)
        case Notice(title, text):
            return _wrap(f"{title}\n{text}" if text else title)
        case Words(label, text):
            return f"{label}:\n" + _wrap(text, "    ")
        case Facts(rows):
            return "\n".join(_wrap(f"{name}: {value}", "", "    ") for name, value in rows)
        case Bullets(items):
            return "\n".join(_wrap(item, "- ", "  ") for item in items)
        case BodyOutlines():
            return "Front and back of the body:\n" + "\n".join(_wrap(one, "- ", "  ") for one in block.said)
        case Drawn():
            return _figure("Drawing", block.alternative, block.caption)
        case Photograph():
            return _figure("Photo", block.alternative, block.caption)
        case Item():
            return "\n".join([block.name, *(_wrap(line) for line in block.lines)])
        case Table(header, rows):
            return "\n".join(_row(header, row) for row in rows)
    return ""


def _figure(what: str, told: str, caption: str) -> str:
    named = f"{caption}\n" if caption and caption != told else ""
    return _wrap(f"{named}{what}: {told}")


def _row(header: tuple[str, ...], row: tuple[str, ...]) -> str:
    cells = [f"{name}: {cell}" if name else cell for name, cell in zip(header[1:], row[1:], strict=True)]
    return _wrap(f"{row[0]}. " + "; ".join(cells) + ".", "", "    ")


def _wrap(text: str, first: str = "", later: str | None = None) -> str:
    rest = first if later is None else later
    lines = [
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=first if i == 0 else rest,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for i, line in enumerate(tidy(text).split("\n"))
        if line.strip()
    ]
    return "\n".join(lines)
