"""From blocks to pages: where every line stands and what it belongs to. Draws nothing and knows no PDF.

Each line of text belongs to a node of the structure tree, so that what is read aloud follows what is meant;
rules, tints, running heads and the watermark belong to none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import TypeAlias

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
    Rule,
    Table,
    Words,
)
from ascdesk.documents.body import FACES, HEIGHT, WIDTH, Spot
from ascdesk.documents.elevations import picture_of
from ascdesk.documents.fonts import FontSet
from ascdesk.documents.item_pictures import item_picture
from ascdesk.documents.jpeg import read_jpeg
from ascdesk.documents.lines import Line, Style, break_lines, text_width
from ascdesk.documents.pages import Bookmark, Box, Laid, Node, Outline, Page, Placed, Text
from ascdesk.documents.pictures import Label
from ascdesk.documents.sheet import PAGE_HEIGHT, Sheet


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: tuple[Line, ...]
    x: float
    width: float
    node: Node | None
    numeric: bool = False


_Set: TypeAlias = tuple[str, Style, bool]  # a cell's text, its style, and whether it is a figure
_PHOTO = 0.4  # of a page’s height: how tall a photo with its caption may be, so that two stand on a page
_FEW = 4  # columns that are squeezed rather than told row by row
_APART = 12.0  # points between the columns of a table
_Known: TypeAlias = dict[tuple[str, Style, float], tuple[Line, ...]]  # texts already broken into lines


def lay_out(document: Document, sheet: Sheet, fonts: FontSet) -> Laid:
    """Set a document's blocks on pages."""
    flow = _Flow(sheet, fonts)
    blocks = document.blocks
    for i, block in enumerate(blocks):
        flow.need(flow.room_for(blocks[i:]) if _leads(block) else flow.whole(block))
        flow.place(block)
    return Laid(tuple(flow.pages), flow.root, tuple(flow.bookmarks))


def _leads(block: Block) -> bool:
    return isinstance(block, Heading) or (isinstance(block, Paragraph | Words) and block.keep_with_next)


class _Flow:
    """The pages so far, and where the next line goes. Heights are measured down from the top of the page."""

    def __init__(self, sheet: Sheet, fonts: FontSet, known: _Known | None = None) -> None:
        self.sheet, self.fonts = sheet, fonts
        self.known: _Known = {} if known is None else known
        self.pages = [Page()]
        self.y = sheet.top
        self.root = Node("Document")
        self.bookmarks: list[Bookmark] = []

    @property
    def page(self) -> Page:
        return self.pages[-1]

    @property
    def left_over(self) -> float:
        return PAGE_HEIGHT - self.sheet.bottom - self.y

    @property
    def fresh(self) -> bool:
        return self.y <= self.sheet.top

    def new_page(self) -> None:
        self.pages.append(Page())
        self.y = self.sheet.top

    def need(self, height: float) -> None:
        """Begin a page where `height` points are not left, unless this one is still empty."""
        if height > self.left_over and not self.fresh:
            self.new_page()

    def gap(self, height: float) -> None:
        """Leave white space, but none at the top of a page."""
        if not self.fresh:
            self.y += height

    def broken(self, text: str, style: Style, width: float | None = None) -> tuple[Line, ...]:
        key = (text, style, width or self.sheet.width)
        if key not in self.known:
            self.known[key] = break_lines(*key, self.fonts)
        return self.known[key]

    def height(self, block: Block) -> float:
        """Measure a block set whole, with the space around it; over a page is as good as endless."""
        trial = _Flow(self.sheet, self.fonts, self.known)
        trial.y += 1.0
        trial.place(block)
        return trial.y - self.sheet.top if len(trial.pages) == 1 else float("inf")

    def whole(self, block: Block) -> float:
        """Say how much room a block wants at once: a small one all it needs, a large one its first lines."""
        few = self.sheet.body.leading * 3.2
        if isinstance(block, Paragraph | Bullets | Facts):
            return min(self.height(block), few)
        height = self.height(block)
        if isinstance(block, BodyOutlines | Drawn | Photograph):
            return height
        return height if height < 0.36 * (PAGE_HEIGHT - self.sheet.top - self.sheet.bottom) else few * 1.5

    def room_for(self, blocks: Sequence[Block]) -> float:
        """Measure what a heading wants below it: what leads on with it, and the first that follows."""
        height, most = 0.0, 0.6 * (PAGE_HEIGHT - self.sheet.top - self.sheet.bottom)
        for block in blocks:
            if not _leads(block):
                return min(height + self.whole(block), most)
            height += self.whole(block) if isinstance(block, Words) else self.height(block)
        return min(height, most)

    def line(self, line: Line, x: float, node: Node | None, width: float, *, to_right: bool = False) -> None:
        """Set one line and go down by its leading."""
        style = line.style
        if line.rtl or to_right:
            x += width - line.width
        baseline = self.y + (style.leading - style.size) / 2 + style.size * 0.80
        self.page.texts.append(Text(x, PAGE_HEIGHT - baseline, line, node))
        if node:
            node.said += line.text
            node.reordered = node.reordered or line.reordered
        self.y += style.leading

    def lines(self, lines: Sequence[Line], node: Node, indent: float = 0.0) -> None:
        """Set lines over as many pages as they need, leaving no single line alone on either side of a
        break."""
        todo = list(lines)
        while todo:
            leading = todo[0].style.leading
            fit = max(int((self.left_over + 0.01) // leading), 0)
            if fit < len(todo):
                if len(todo) - fit == 1 and fit > 2:
                    fit -= 1
                if fit < 2 and not self.fresh:
                    self.new_page()
                    continue
            for line in todo[: max(fit, 1)]:
                self.line(line, self.sheet.left + indent, node, self.sheet.width - indent)
            todo = todo[max(fit, 1) :]
            if todo:
                self.new_page()

    @singledispatchmethod
    def place(self, block: Block) -> None:
        """Set one block."""
        raise TypeError(f"no way to set a {type(block).__name__}")

    @place.register
    def _(self, block: Heading) -> None:
        style = (self.sheet.h1, self.sheet.h2, self.sheet.h3)[block.level - 1]
        self.gap(self.sheet.gap * (0, 3.2, 1.8)[block.level - 1])
        node = self.root.add(f"H{block.level}")
        at = PAGE_HEIGHT - self.y + 8
        self.bookmarks.append(Bookmark(block.level, block.text, len(self.pages) - 1, at, node))
        self.lines(self.broken(block.text, style), node)
        self.gap(self.sheet.gap * (0.6, 0.6, 0.2)[block.level - 1])

    @place.register
    def _(self, block: Paragraph) -> None:
        style = self.toned(block)
        for text in block.text.split("\n"):
            if text.strip():
                self.lines(self.broken(text, style), self.root.add("P"))
                self.gap(self.sheet.gap * (0.2 if block.tone == "label" else 1))

    def toned(self, block: Paragraph) -> Style:
        """Give the style of a paragraph's tone."""
        sheet = self.sheet
        return {
            "body": sheet.body,
            "quiet": sheet.label(),
            "lead": replace(sheet.body, size=sheet.body.size * 1.17, leading=sheet.body.leading * 1.14),
            "strong": sheet.strong(),
            "label": replace(sheet.small, weight=600),
        }[block.tone]

    @place.register
    def _(self, block: Words) -> None:
        quote, indent = self.root.add("BlockQuote"), 14.0
        colour = "accent" if block.own else "quiet"
        label = replace(self.sheet.small, weight=600, colour=colour)
        first = self.broken(block.label, label, self.sheet.width - indent)
        start_page, start = len(self.pages), self.y
        self.lines(first, quote.add("P"), indent)
        for text in block.text.split("\n"):
            if text.strip():
                self.lines(
                    self.broken(text, self.sheet.body, self.sheet.width - indent), quote.add("P"), indent
                )
                self.gap(self.sheet.gap * 0.5)
        self.y -= 0 if self.fresh else self.sheet.gap * 0.5
        self.bar(start_page, start, "accent" if block.own else "hairline")
        self.gap(self.sheet.gap * 1.4)

    def bar(self, start_page: int, start: float, colour: str) -> None:
        """Draw the line beside somebody's words, on every page that they reach."""
        for number in range(start_page, len(self.pages) + 1):
            top = start if number == start_page else self.sheet.top
            end = self.y if number == len(self.pages) else PAGE_HEIGHT - self.sheet.bottom
            if end > top:
                box = Box(self.sheet.left, PAGE_HEIGHT - end + 2, 2.0, end - top - 4, colour)
                self.pages[number - 1].boxes.append(box)

    @place.register
    def _(self, block: Facts) -> None:
        if not block.rows:
            return
        table = self.root.add("Table")
        label = self.sheet.width * (block.share or self.sheet.facts_label)
        x, rest = self.sheet.left, self.sheet.width - label
        rows = []
        for name, value in block.rows:
            row = table.add("TR")
            head = self.broken(name, self.sheet.label(), label - _APART)
            value_lines = self.broken(value, self.sheet.small, rest)
            heading = _Cell(head, x, label - _APART, row.add("TH", Scope="Row"))
            rows.append([heading, _Cell(value_lines, x + label, rest, row.add("TD"))])
        self.rows(rows, 4.0)
        self.gap(self.sheet.gap * 1.4)

    @place.register
    def _(self, block: Table) -> None:
        if self.too_wide(block):
            self.stack(block)
            return
        table = self.root.add("Table", **({"Summary": block.summary} if block.summary else {}))
        strong = replace(self.sheet.label(), weight=600)
        head = [(text, strong, i in block.numeric) for i, text in enumerate(block.header)]
        texts = []
        for n, row in enumerate(block.rows):
            bold = block.strong_last and n == len(block.rows) - 1
            style = replace(self.sheet.small, weight=600 if bold else 400)
            texts.append([(text, style, i in block.numeric) for i, text in enumerate(row)])
        widths = self.column_widths(block.widths, [head, *texts])
        self.row(self.cells(head, widths, table.add("TR"), "Column"), 4.0)
        again = [replace(c, node=None) for c in self.cells(head, widths, Node("TR"), "Column")]
        self.rows([self.cells(row, widths, table.add("TR"), "Row") for row in texts], 5.0, again)
        self.gap(self.sheet.gap * 1.6)

    def too_wide(self, block: Table) -> bool:
        """Say whether the longest words of the columns do not stand beside each other, as in larger print."""
        strong = replace(self.sheet.label(), weight=600)
        least = 0.0
        for i, title in enumerate(block.header):
            cells = [(title, strong, False), *((row[i], self.sheet.small, False) for row in block.rows)]
            least += max(self.longest_word(cell) for cell in cells) + _APART
        return len(block.header) > _FEW and least - _APART > self.sheet.width

    def stack(self, block: Table) -> None:
        """Set a table row by row, each as facts under its name: no figure is ever broken over lines."""
        for row in block.rows:
            self.need(self.sheet.body.leading * 4)
            self.place(Paragraph(row[0], "strong"))
            cells = zip(block.header[1:], row[1:], strict=True)
            self.place(Facts(tuple((name or block.summary, cell) for name, cell in cells if cell)))

    def column_widths(self, shares: Sequence[float], rows: Sequence[Sequence[_Set]]) -> list[float]:
        """Divide the width by shares, but give every column room for its longest word: a sum of money is
        never
        broken. A column of words yields where there is not room for all."""
        least = [max(self.longest_word(row[i]) for row in rows) + _APART + 0.5 for i in range(len(shares))]
        most = self.sheet.width * 0.4
        least = [w if rows[0][i][2] else min(w, most) for i, w in enumerate(least)]
        fixed: dict[int, float] = {}
        while True:
            left = max(self.sheet.width - sum(fixed.values()), 0.0)
            total = sum(share for i, share in enumerate(shares) if i not in fixed)
            widths = [fixed.get(i, left * share / total if total else 0.0) for i, share in enumerate(shares)]
            short = [i for i, width in enumerate(widths) if i not in fixed and width < least[i]]
            if not short:
                break
            fixed.update({i: least[i] for i in short})
        squeeze = self.sheet.width / max(sum(widths), self.sheet.width)
        return [width * squeeze for width in widths]

    def longest_word(self, cell: _Set) -> float:
        """Measure a cell's longest word, in points."""
        text, style, _ = cell
        return max((text_width(word, style, self.fonts) for word in text.split()), default=0.0)

    def rows(self, rows: Sequence[list[_Cell]], pad: float, again: list[_Cell] | None = None) -> None:
        """Set rows one below the other; the last never stands alone at the head of a page."""
        for n, cells in enumerate(rows):
            beside = self.row_height(rows[n + 1], pad) if n == len(rows) - 2 else 0.0
            self.row(cells, pad, again, beside)

    def row_height(self, cells: Sequence[_Cell], pad: float) -> float:
        """Measure a row in points."""
        return 2 * pad + self.row_leading(cells) * max(len(c.lines) for c in cells)

    def row_leading(self, cells: Sequence[_Cell]) -> float:
        """Give the leading of a row's lines."""
        leadings = (line.style.leading for c in cells for line in c.lines)
        return max(leadings, default=self.sheet.small.leading)

    def cells(self, texts: Sequence[_Set], widths: Sequence[float], row: Node, scope: str) -> list[_Cell]:
        """Break a row's texts into cells; every cell of a header row, and the first of any other, is a
        heading."""
        cells, x = [], self.sheet.left
        for i, ((text, style, numeric), width) in enumerate(zip(texts, widths, strict=True)):
            before = _APART if numeric and i else 0.0  # figures keep to the right edge of their column
            inner = width - (before or (_APART if i < len(widths) - 1 else 0.0))
            heads = scope == "Column" or i == 0
            node = row.add("TH", Scope=scope) if heads else row.add("TD")
            cells.append(_Cell(self.broken(text, style, inner), x + before, inner, node, numeric))
            x += width
        return cells

    def row(
        self, cells: list[_Cell], pad: float, again: list[_Cell] | None = None, beside: float = 0.0
    ) -> None:
        """Set a row and the hairline below it, whole if it fits on a page, else over as many as it needs.

        `beside` is the height of what must stand on the same page below it.
        """
        leading = self.row_leading(cells)
        count = max(len(c.lines) for c in cells)
        done = 0
        while True:
            rest = count - done
            wanted = 2 * pad + rest * leading + beside
            if wanted > self.left_over and not self.fresh and done == 0 and rest <= 12:
                self.new_page()
                self.repeat(again, pad)
            fit = max(int((self.left_over - 2 * pad + 0.01) // leading), 1)
            self.band([replace(c, lines=c.lines[done : done + fit]) for c in cells], pad, leading)
            done += fit
            if done >= count:
                return
            self.new_page()
            self.repeat(again, pad)

    def repeat(self, again: list[_Cell] | None, pad: float) -> None:
        """Show the header row again at the head of a page; it is not read twice."""
        if again:
            self.band(again, pad, self.sheet.small.leading)

    def band(self, cells: list[_Cell], pad: float, leading: float) -> None:
        """Set the part of a row that stands on one page."""
        top = self.y + pad
        for cell in cells:
            self.y = top
            for line in cell.lines:
                one = line if len(cell.lines) > 1 else replace(line, rtl=False)  # a name stays near its label
                self.line(one, cell.x, cell.node, cell.width, to_right=cell.numeric)
        self.y = top + leading * max(1, *(len(c.lines) for c in cells)) + pad
        self.page.boxes.append(Box(self.sheet.left, PAGE_HEIGHT - self.y, self.sheet.width, 0.6, "hairline"))

    @place.register
    def _(self, block: Bullets) -> None:
        listing, indent = self.root.add("L"), self.sheet.body.size * 1.3
        for item in block.items:
            entry = listing.add("LI")
            lines = self.broken(item, self.sheet.body, self.sheet.width - indent)
            self.need(self.sheet.body.leading * min(len(lines), 2))
            dot = self.broken("•", replace(self.sheet.body, colour="accent"))[0]
            mark, y = entry.add("Lbl"), self.y
            self.line(dot, self.sheet.left + 2, mark, self.sheet.width)
            self.y = y
            self.lines(lines, entry.add("LBody"), indent)
            self.gap(self.sheet.gap * 0.5)
        self.gap(self.sheet.gap)

    @place.register
    def _(self, block: Notice) -> None:
        pad, sheet = 13.0, self.sheet
        width = sheet.width - 2 * pad
        ink, ground = ("warning", "warning-soft") if block.warning else ("accent", "accent-soft")
        title = self.broken(block.title, replace(sheet.h3, colour=ink), width)
        body = self.broken(block.text, sheet.body, width) if block.text else ()
        height = 2 * pad + sum(line.style.leading for line in (*title, *body)) + (4 if body else 0)
        part = self.root.add("Div")
        if height > PAGE_HEIGHT - sheet.top - sheet.bottom:  # a long statement: without the tint, over pages
            self.lines(title, part.add("P"))
            self.lines(self.broken(block.text, sheet.body), part.add("P"))
            self.gap(sheet.gap)
            return
        self.need(height)
        self.page.boxes.append(Box(sheet.left, PAGE_HEIGHT - self.y - height, sheet.width, height, ground))
        end = self.y + height
        self.y += pad
        for lines in (title, body):
            node = part.add("P") if lines else part
            for line in lines:
                self.line(line, sheet.left + pad, node, width)
            self.y += 4
        self.y = end
        self.gap(sheet.gap * 1.8)

    @place.register
    def _(self, block: BodyOutlines) -> None:
        label, scale = replace(self.sheet.small, weight=600), self.sheet.body.size / 10.5
        height = HEIGHT * scale + label.leading + 6
        self.need(height)
        left = self.sheet.left + self.sheet.width / 2 - WIDTH * scale * 1.15
        top = PAGE_HEIGHT - self.y
        node = self.root.add("Figure", Alt=block.alternative)
        node.box = (self.sheet.left, top - height, self.sheet.left + self.sheet.width, top)
        for at, face in enumerate(FACES):
            x = left + at * WIDTH * scale * 1.3
            here = [spot for spot in block.spots if spot.face == face]
            middles = tuple(
                (x + one.x * WIDTH / 100 * scale, top - one.y * HEIGHT / 100 * scale) for one in here
            )
            radius = self.number().size * 0.85
            self.page.outlines.append(Outline(face, x, top, scale, radius, middles, node))
            self.numbers(here, middles, node)
            words = self.broken(face.capitalize(), label)[0]
            under = top - HEIGHT * scale - label.size - 4
            self.page.texts.append(Text(x + (WIDTH * scale - words.width) / 2, under, words, node))
        self.y += height
        self.gap(self.sheet.gap * 1.4)

    def number(self) -> Style:
        """Give the style of the number in a mark; in large print it is no smaller than the rest."""
        size = self.sheet.small.size if self.sheet.small.size > 12 else 9.0
        return replace(self.sheet.small, size=size, leading=size, weight=700, colour="paper")

    def numbers(self, spots: Sequence[Spot], middles: Sequence[tuple[float, float]], node: Node) -> None:
        """Set the number of each mark in the middle of its circle."""
        style = self.number()
        for spot, (x, y) in zip(spots, middles, strict=True):
            line = self.broken(str(spot.number), style)[0]
            self.page.texts.append(Text(x - line.width / 2, y - style.size * 0.35, line, node))

    @place.register
    def _(self, block: Rule) -> None:
        self.gap(self.sheet.gap)
        self.page.boxes.append(Box(self.sheet.left, PAGE_HEIGHT - self.y, self.sheet.width, 0.6, "hairline"))
        self.gap(self.sheet.gap)

    @place.register
    def _(self, block: Drawn) -> None:
        text = self.sheet.small.size
        picture = picture_of(block.built, self.sheet.width, text)
        caption = self.broken(block.caption, self.sheet.label()) if block.caption else ()
        under = sum(line.style.leading for line in caption)
        self.need(picture.height + under)
        node = self.figure(block.alternative, self.sheet.left, self.sheet.width, picture.height)
        self.page.pictures.append(Placed(picture, self.sheet.left, PAGE_HEIGHT - self.y, node))
        for label in picture.labels:
            self.label(label, node)
        self.y += picture.height
        self.captioned(caption)

    @place.register
    def _(self, block: Photograph) -> None:
        read = read_jpeg(block.data)
        caption = self.broken(block.caption, self.sheet.label()) if block.caption else ()
        under = sum(line.style.leading for line in caption) + self.sheet.gap
        most = (PAGE_HEIGHT - self.sheet.top - self.sheet.bottom) * _PHOTO - under
        scale = min(self.sheet.width / read.width, most / read.height)
        width, height = read.width * scale, read.height * scale
        self.need(height + under)
        node = self.figure(block.alternative, self.sheet.left, width, height)
        top = PAGE_HEIGHT - self.y
        self.page.pictures.append(Placed(read, self.sheet.left, top, node, width, height))
        self.y += height + self.sheet.gap * 0.5
        self.captioned(caption)

    @place.register
    def _(self, block: Item) -> None:
        side = self.sheet.body.size * 6.4
        indent = side + self.sheet.gap * 2
        self.need(side)
        node = self.figure(block.alternative, self.sheet.left, side, side)
        page, foot = len(self.pages), self.y + side
        self.page.pictures.append(
            Placed(item_picture(block.picture, side), self.sheet.left, PAGE_HEIGHT - self.y, node)
        )
        width = self.sheet.width - indent
        self.lines(self.broken(block.name, self.sheet.h3, width), self.root.add("H3"), indent)
        for text in (part for line in block.lines for part in line.split("\n") if part.strip()):
            self.lines(self.broken(text, self.sheet.body, width), self.root.add("P"), indent)
            self.gap(self.sheet.gap * 0.5)
        if len(self.pages) == page:
            self.y = max(self.y, foot)
        self.gap(self.sheet.gap * 2)

    def figure(self, alternative: str, x: float, width: float, height: float) -> Node:
        """Add a figure that stands here to the structure."""
        node = self.root.add("Figure", Alt=alternative)
        top = PAGE_HEIGHT - self.y
        node.box = (x, top - height, x + width, top)
        return node

    def label(self, label: Label, node: Node) -> None:
        """Set words of a drawing whose left upper corner is here."""
        size = self.sheet.small.size
        style = Style(size, size, 600 if label.strong else 400, label.ink)
        words = self.broken(label.text, style, 1e6)[0]
        x = label.x - {"start": 0.0, "middle": words.width / 2, "end": words.width}[label.anchor]
        place = Text(self.sheet.left + x, PAGE_HEIGHT - self.y - label.y, words, node)
        self.page.texts.append(place)

    def captioned(self, caption: Sequence[Line]) -> None:
        """Set a figure's caption below it."""
        if caption:
            self.lines(caption, self.root.add("P"))
        self.gap(self.sheet.gap * 1.4)
