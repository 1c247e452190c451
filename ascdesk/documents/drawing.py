"""What is drawn on a page, as PDF operators: marked text, artifacts, and what every page carries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ascdesk.documents import body
from ascdesk.documents.blocks import Document
from ascdesk.documents.fonts import FontSet, Glyph, Run
from ascdesk.documents.jpeg import Jpeg
from ascdesk.documents.lines import Line, Style, break_lines
from ascdesk.documents.pages import Box, Node, Outline, Page, Placed, Text
from ascdesk.documents.pictures import Stroke, segments
from ascdesk.documents.sheet import COLOURS, PAGE_HEIGHT, PAGE_WIDTH, Sheet


@dataclass(slots=True)
class Used:
    """What each font has shown: glyph id to the text that it stands for."""

    glyphs: dict[int, dict[int, str]] = field(default_factory=dict)
    noted: dict[int, Run] = field(default_factory=dict)  # by identity: a word is shaped once and shown often

    def note(self, run: Run) -> None:
        """Remember a run's glyphs. A glyph that stands for part of a character only has no text of its
        own."""
        if id(run) in self.noted:
            return
        self.noted[id(run)] = run
        seen = self.glyphs.setdefault(run.font, {})
        whole = {c for c, n in Counter(g.cluster for g in run.glyphs).items() if n == 1}
        for glyph in run.glyphs:
            if glyph.cluster in whole:
                seen[glyph.gid] = seen.get(glyph.gid) or glyph.text
            else:
                seen.setdefault(glyph.gid, "")


@dataclass(slots=True)
class Marks:
    """Which marked content belongs to which node: (page, id) in reading order, and each page's nodes by
    id. `photos` are those that were drawn, each once, however often it stands."""

    of_node: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    by_page: list[list[Node]] = field(default_factory=list)
    photos: list[Jpeg] = field(default_factory=list)

    def photo(self, photo: Jpeg) -> str:
        """Return the name of a photo among the file's."""
        if photo not in self.photos:
            self.photos.append(photo)
        return f"I{self.photos.index(photo)}"

    def mark(self, node: Node, page: int) -> int:
        """Give the next marked content of a page to a node; return its id."""
        here = self.by_page[page]
        here.append(node)
        self.of_node.setdefault(id(node), []).append((page, len(here) - 1))
        return len(here) - 1


def artifact(ops: str) -> str:
    """Mark operators as what is never read aloud."""
    return f"/Artifact BMC\n{ops}\nEMC" if ops else ""


def _colour(name: str) -> str:
    return " ".join(f"{c:.3f}" for c in COLOURS[name]) + " rg"


def boxes(filled: Sequence[Box]) -> str:
    """Fill rectangles."""
    return "\n".join(
        f"{_colour(b.colour)} {b.x:.2f} {b.y:.2f} {b.width:.2f} {b.height:.2f} re f" for b in filled
    )


@dataclass(frozen=True, slots=True)
class Furniture:
    """What every page carries and nobody reads aloud: watermark, running head and running foot."""

    document: Document
    sheet: Sheet
    fonts: FontSet
    used: Used

    def on(self, number: int, count: int) -> str:
        """Draw it for page `number` of `count`."""
        running, large = self.sheet.running, self.sheet.running.size > 12
        top, foot = PAGE_HEIGHT - self.sheet.top * 0.5, self.sheet.bottom * 0.56
        if self.document.draft:
            ops = [self.watermark()]
            state = f"Draft: {self.document.draft_because}"
            style = replace(running, colour="warning", weight=600)
        else:
            ops = []
            state, style = self.document.council, running
        ops.append(self.text(self.document.title, running, top, 0.6))
        ops.append(self.text(state, style, top - (running.leading if large else 0), 1.0, to_right=not large))
        rule = Box(self.sheet.left, foot + running.size + 6, self.sheet.width, 0.6, "hairline")
        ops.append(boxes([rule]))
        ops.append(self.text(f"Page {number} of {count}", running, foot, 1.0, to_right=True))
        if large:
            ops.append(self.text(self.document.footer_name, running, foot, 0.66))
            ops.append(self.text(self.document.issued, running, foot - running.leading, 1.0))
        else:
            named = "  ·  ".join(part for part in (self.document.issued, self.document.footer_name) if part)
            ops.append(self.text(named, running, foot, 0.82))
        return "\n".join(op for op in ops if op)

    def text(self, text: str, style: Style, y: float, share: float, *, to_right: bool = False) -> str:
        """Set one line in a share of the width; one too long ends in an ellipsis (it stands whole in the
        document)."""
        width = self.sheet.width * share
        lines = break_lines(text, style, width, self.fonts, rtl=False)
        kept = text[:200]
        while len(lines) > 1:
            kept = kept[:-1].rstrip()
            lines = break_lines(kept + "…", style, width, self.fonts, rtl=False)
        if not lines:
            return ""
        x = self.sheet.left + (width - lines[0].width if to_right else 0)
        return f"BT {_show(lines[0], f'1 0 0 1 {x:.2f} {y:.2f} Tm', self.used)} ET"

    def watermark(self) -> str:
        """Draw that this is a draft along the diagonal of A4, pale enough to read through."""
        words = f"Draft: {self.document.draft_because}"
        line = break_lines(words, Style(58, 60, 700, "watermark"), 1e6, self.fonts)[0]
        cos, sin = 0.5736, 0.8192
        x = PAGE_WIDTH / 2 - line.width / 2 * cos + 18 * sin
        y = PAGE_HEIGHT / 2 - line.width / 2 * sin - 18 * cos
        return f"BT {_show(line, f'{cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm', self.used)} ET"


def content(page: Page, number: int, marks: Marks, used: Used) -> str:
    """Draw a page's texts, every stretch of one node as one piece of marked content; repeats are
    artifacts."""
    ops = [
        f"/{one.node.tag} <</MCID {marks.mark(one.node, number)}>> BDC\n{outline(one)}\nEMC"
        for one in page.outlines
    ]
    ops += [
        f"/{one.node.tag} <</MCID {marks.mark(one.node, number)}>> BDC\n{_placed(one, marks)}\nEMC"
        for one in page.pictures
    ]
    for _, group in groupby(page.texts, key=lambda t: id(t.node) if t.node else 0):
        texts = list(group)
        shown = "\n".join(_text(t, used) for t in texts)
        node = texts[0].node
        if node is None:
            ops.append(artifact(shown))
        else:
            mcid = marks.mark(node, number)
            ops.append(f"/{node.tag} <</MCID {mcid}>> BDC\n{shown}\nEMC")
    return "\n".join(ops)


def outline(drawn: Outline) -> str:
    """Draw a body from one side, and a filled circle for each mark."""
    ops = ["q 1 J 1 j", f"{_colour('paper')} {_colour('quiet').upper()} 1 w"]
    for closed in body.outlines():
        ops.append(f"{_curves(drawn, closed)} h B")
    ops.append(f"{_colour('hairline').upper()} 0.8 w")
    ops += [f"{_curves(drawn, [line])} S" for line in body.inner_lines(drawn.face)]
    ops.append(f"{_colour('accent')} {_colour('paper').upper()} 1.2 w")
    ops += [f"{_circle(x, y, drawn.radius)} h B" for x, y in drawn.spots]
    return "\n".join([*ops, "Q"])


def _placed(placed: Placed, marks: Marks) -> str:
    """Draw a line drawing's strokes, or a photo."""
    if isinstance(placed.what, Jpeg):
        x, y = placed.x, placed.y - placed.height
        placing = f"{placed.width:.2f} 0 0 {placed.height:.2f} {x:.2f} {y:.2f} cm"
        return f"q {placing} /{marks.photo(placed.what)} Do Q"
    drawn = [_stroke(one, placed) for one in placed.what.strokes]
    return "\n".join(["q 1 J 1 j", *(op for op in drawn if op), "Q"])


def _stroke(stroke: Stroke, placed: Placed) -> str:
    """Write a path where its drawing stands, in its inks."""
    how = ("B" if stroke.fill else "S") if stroke.ink else ("f" if stroke.fill else "")
    if not how:
        return ""
    inks = [_colour(stroke.fill)] if stroke.fill else []
    if stroke.ink:
        dash = "[2.5 2.5] 0 d" if stroke.dashed else "[] 0 d"
        inks.append(f"{_colour(stroke.ink).upper()} {stroke.width:.2f} w {dash}")
    path = []
    for letter, figures in segments(stroke.path):
        at = [placed.y - f if n % 2 else placed.x + f for n, f in enumerate(figures)]
        said = " ".join(f"{one:.2f}" for one in at)
        path.append("h" if letter == "Z" else f"{said} {letter.lower()}")
    return " ".join([*inks, *path, how])


def _curves(drawn: Outline, curves: Sequence[body.Curve]) -> str:
    """Write curves that follow one another, from the outline's units to points."""

    def at(point: body.Point) -> str:
        return f"{drawn.x + point[0] * drawn.scale:.2f} {drawn.y - point[1] * drawn.scale:.2f}"

    ops = [f"{at(curves[0][0])} m"]
    return " ".join(ops + [f"{at(one)} {at(two)} {at(end)} c" for _, one, two, end in curves])


def _circle(x: float, y: float, radius: float) -> str:
    """Write a circle as four curves."""
    k = radius * 0.5523
    quarters = (
        (k, radius, radius, k, radius, 0), (radius, -k, k, -radius, 0, -radius),
        (-k, -radius, -radius, -k, -radius, 0), (-radius, k, -k, radius, 0, radius),
    )  # fmt: skip
    ops = [f"{x:.2f} {y + radius:.2f} m"]
    for a, b, c, d, e, f in quarters:
        ops.append(f"{x + a:.2f} {y + b:.2f} {x + c:.2f} {y + d:.2f} {x + e:.2f} {y + f:.2f} c")
    return " ".join(ops)


def _text(text: Text, used: Used) -> str:
    return f"BT {_show(text.line, f'1 0 0 1 {text.x:.2f} {text.y:.2f} Tm', used)} ET"


def _show(line: Line, matrix: str, used: Used) -> str:
    """Write a line's runs, left to right. A run in a script with rules of its own says what it stands for."""
    ops = [_colour(line.style.colour), matrix]
    for (font, _), runs in groupby(line.runs, key=lambda r: (r.font, id(r) if not r.simple else 0)):
        together = list(runs)
        for run in together:
            used.note(run)
        ops.append(f"/G{font} {line.style.size:g} Tf")
        shown = _glyphs(together, line.style.size)
        ops.append(_spoken(together[0], shown))
    return " ".join(ops)


def _spoken(run: Run, shown: str) -> str:
    """Add what a run in a script that joins and reorders its letters stands for.

    From right to left it is given as it stands, and marked so (ISO 32000-1, 14.8.2.3.3), as readers that put
    text in order themselves expect; the structure tree has the whole paragraph in reading order.
    """
    if run.simple:
        return shown
    if run.level % 2:
        as_it_stands = "".join(glyph.text[::-1] for glyph in run.glyphs)
        return f"/ReversedChars BMC {_stands_for(as_it_stands)} {shown} EMC EMC"
    return f"{_stands_for(run.text)} {shown} EMC"


def _stands_for(text: str) -> str:
    encoded = ("\ufeff" + text).encode("utf-16-be").hex().upper()
    return f"/Span <</ActualText <{encoded}>>> BDC"


class _Pen:
    """Writes glyphs as arrays: adjustments in thousandths, and a rise where a mark is lifted."""

    def __init__(self, size: float) -> None:
        self.size = size
        self.ops: list[str] = []
        self.array: list[str | int] = []  # glyph ids in hexadecimal, and adjustments
        self.at = self.want = self.rise = 0.0

    def put(self, glyph: Glyph) -> None:
        """Write a glyph where shaping put it."""
        if abs(glyph.dy - self.rise) > 0.5:
            self.flush(f"{glyph.dy * self.size / 1000:.2f} Ts")
            self.rise = glyph.dy
        self.move(self.want + glyph.dx)
        self.array.append(f"{glyph.gid:04X}")
        self.at, self.want = self.at + glyph.natural, self.want + glyph.advance

    def move(self, to: float) -> None:
        """Go to a place on the line, in thousandths from its beginning."""
        back = round(self.at - to)
        if back:
            self.array.append(back)
            self.at -= back

    def flush(self, *then: str) -> None:
        """Write out what is waiting, then other operators."""
        if self.array:
            self.ops.append(f"[{_joined(self.array)}] TJ")
            self.array = []
        self.ops += then

    def done(self) -> str:
        """End where the next text begins; return everything."""
        self.move(self.want)
        self.flush(*(["0 Ts"] if self.rise else []))
        return " ".join(self.ops)


def _glyphs(runs: Iterable[Run], size: float) -> str:
    """Write runs of one font, one after the other."""
    pen = _Pen(size)
    for run in runs:
        for glyph in run.glyphs:
            pen.put(glyph)
    return pen.done()


def _joined(array: Sequence[str | int]) -> str:
    """Join glyph ids into hexadecimal strings, leaving the adjustments between them."""
    parts = []
    for are_glyphs, group in groupby(array, key=lambda part: isinstance(part, str)):
        texts = [str(part) for part in group]
        parts.append(f"<{''.join(texts)}>" if are_glyphs else " ".join(texts))
    return "".join(parts)
