"""From pages to the bytes of a tagged PDF, by ReportLab's document objects.

ReportLab 5 writes the file but offers no structure, so marked content, the structure tree, its parent tree
and the
fonts by glyph (Type 0, subset by HarfBuzz) are made here. The same pages give the same bytes, always.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from ascdesk.documents.blocks import Document
from ascdesk.documents.drawing import Furniture, Marks, Used, artifact, boxes, content
from ascdesk.documents.fonts import FontSet
from ascdesk.documents.jpeg import Jpeg
from ascdesk.documents.pages import Bookmark, Laid, Node
from ascdesk.documents.sheet import PAGE_HEIGHT, PAGE_WIDTH, Sheet

PdfObject: TypeAlias = Any  # ReportLab's objects: dictionaries, arrays, references


def write(document: Document, laid: Laid, sheet: Sheet, fonts: FontSet) -> bytes:
    """Write a laid-out document as a PDF 1.7 file: tagged, bookmarked, its fonts embedded."""
    from reportlab.pdfbase import pdfdoc  # noqa: PLC0415 - imported when there is something to write

    used, marks = Used(), Marks()
    furniture = Furniture(document, sheet, fonts, used)
    streams = []
    for number, page in enumerate(laid.pages):
        marks.by_page.append([])
        ops = [artifact(furniture.on(number + 1, len(laid.pages)))]
        ops.append(artifact(boxes(page.boxes)))
        ops.append(content(page, number, marks, used))
        streams.append("\n".join(op for op in ops if op).encode("ascii"))
    return _File(pdfdoc, document, fonts).put_together(laid, streams, marks, used)


class _File:
    """The objects of one file, as ReportLab's document keeps and numbers them."""

    def __init__(self, pdfdoc: PdfObject, document: Document, fonts: FontSet) -> None:
        self.d, self.document, self.fonts = pdfdoc, document, fonts
        self.doc = pdfdoc.PDFDocument(compression=1, invariant=1, pdfVersion=(1, 7), lang=document.language)

    def put_together(self, laid: Laid, streams: Sequence[bytes], marks: Marks, used: Used) -> bytes:
        """Put the file together; return its bytes."""
        pages = self.pages(streams, used, marks.photos)
        elements = self.structure(laid.root, marks, pages)
        self.catalog(laid.bookmarks, pages, elements)
        result: bytes = self.doc.format()
        return result

    def dictionary(self, **entries: PdfObject) -> PdfObject:
        """Make a dictionary object."""
        return self.d.PDFDictionary(entries)

    def stream(self, content: bytes, **entries: PdfObject) -> PdfObject:
        """Make a compressed stream and return a reference to it."""
        head = self.d.PDFDictionary({"Filter": "/FlateDecode", **entries})
        return self.doc.Reference(self.d.PDFStream(head, zlib.compress(content)))

    def pages(self, streams: Sequence[bytes], used: Used, photos: Sequence[Jpeg]) -> list[PdfObject]:
        """Add the pages; return their references."""
        fonts = self.dictionary(**{f"G{font}": self.font(font, seen) for font, seen in used.glyphs.items()})
        parts = {"Font": fonts}
        if photos:
            named = {f"I{number}": self.photo(photo) for number, photo in enumerate(photos)}
            parts["XObject"] = self.dictionary(**named)
        resources = self.doc.Reference(self.dictionary(**parts))
        out = []
        for number, stream in enumerate(streams):
            page = self.dictionary(
                Type="/Page",
                Parent=self.doc.Reference(self.doc.Pages),
                MediaBox=self.d.PDFArray([0, 0, PAGE_WIDTH, PAGE_HEIGHT]),
                Resources=resources,
                Contents=self.stream(stream),
                StructParents=number,
                Tabs="/S",
            )
            self.doc.addPage(page)
            out.append(self.doc.Reference(page))
        return out

    def photo(self, photo: Jpeg) -> PdfObject:
        """Add a photo; return its reference."""
        head = self.dictionary(
            Type="/XObject", Subtype="/Image", Width=photo.width, Height=photo.height, BitsPerComponent=8,
            ColorSpace="/DeviceGray" if photo.components == 1 else "/DeviceRGB", Filter="/DCTDecode",
        )  # fmt: skip
        return self.doc.Reference(self.d.PDFStream(head, photo.data))

    def font(self, font: int, seen: dict[int, str]) -> PdfObject:
        """Add a font by glyph ids, holding only the glyphs that were shown; return its reference."""
        face = self.fonts.faces[font]
        name = f"{_tag(seen)}+{face.file.removesuffix('.ttf')}"
        program = face.subset(seen)
        box, ascent, descent = face.box(), *face.extents()
        descriptor = self.dictionary(
            Type="/FontDescriptor", FontName="/" + name, Flags=4, FontBBox=self.d.PDFArray(box),
            ItalicAngle=0,
            Ascent=ascent, Descent=descent, CapHeight=ascent, StemV=80 if face.weight < 600 else 140,
            FontFile2=self.stream(program, Length1=len(program)),
        )  # fmt: skip
        widths = [x for gid in sorted(seen) for x in (gid, self.d.PDFArray([face.advance(gid)]))]
        descendant = self.dictionary(
            Type="/Font", Subtype="/CIDFontType2", BaseFont="/" + name, CIDToGIDMap="/Identity", DW=0,
            CIDSystemInfo=self.dictionary(
                Registry=self.d.PDFString("Adobe"), Ordering=self.d.PDFString("Identity"), Supplement=0
            ),
            FontDescriptor=self.doc.Reference(descriptor), W=self.d.PDFArray(widths),
        )  # fmt: skip
        whole = self.dictionary(
            Type="/Font", Subtype="/Type0", BaseFont="/" + name, Encoding="/Identity-H",
            DescendantFonts=self.d.PDFArray([self.doc.Reference(descendant)]),
            ToUnicode=self.stream(_to_unicode(seen)),
        )  # fmt: skip
        return self.doc.Reference(whole)

    def structure(self, root: Node, marks: Marks, pages: Sequence[PdfObject]) -> dict[int, PdfObject]:
        """Add the structure tree and its parent tree; return each node's reference."""
        references: dict[int, PdfObject] = {}
        tree = self.dictionary(Type="/StructTreeRoot")
        top = self.element(root, self.doc.Reference(tree), marks, pages, references)
        nums: list[PdfObject] = []
        for number, nodes in enumerate(marks.by_page):
            nums += [number, self.d.PDFArray([references[id(node)] for node in nodes])]
        tree["K"] = self.d.PDFArray([top])
        tree["ParentTree"] = self.doc.Reference(self.dictionary(Nums=self.d.PDFArray(nums)))
        tree["ParentTreeNextKey"] = len(pages)
        self.doc.Catalog.StructTreeRoot = tree
        return references

    def element(
        self,
        node: Node,
        parent: PdfObject,
        marks: Marks,
        pages: Sequence[PdfObject],
        refs: dict[int, PdfObject],
    ) -> PdfObject:
        """Add a node and what is below it; return its reference."""
        entries = self.dictionary(Type="/StructElem", S="/" + node.tag, P=parent)
        reference = refs[id(node)] = self.doc.Reference(entries)
        kids: list[PdfObject] = []
        for page, mcid in marks.of_node.get(id(node), ()):
            kids.append(self.dictionary(Type="/MCR", Pg=pages[page], MCID=mcid))
        kids += [self.element(kid, reference, marks, pages, refs) for kid in node.kids]
        entries["K"] = self.d.PDFArray(kids)
        if node.reordered:
            entries["ActualText"] = self.d.PDFString(node.said.strip())
        if node.tag == "Figure":
            entries["Alt"] = self.d.PDFString(node.attributes["Alt"])
            layout = self.dictionary(O="/Layout", Placement="/Block", BBox=self.d.PDFArray(node.box))
            entries["A"] = layout
        elif node.attributes:
            values = {k: "/" + v if k == "Scope" else self.d.PDFString(v) for k, v in node.attributes.items()}
            entries["A"] = self.dictionary(O="/Table" if node.tag in {"Table", "TH"} else "/List", **values)
        if node.tag == "L":
            entries["A"] = self.dictionary(O="/List", ListNumbering="/Disc")
        return reference

    def catalog(
        self, bookmarks: Sequence[Bookmark], pages: Sequence[PdfObject], elements: dict[int, PdfObject]
    ) -> None:
        """Fill in the catalogue: outline, language, title, and that the file is tagged."""
        catalog, document = self.doc.Catalog, self.document
        catalog.MarkInfo = self.dictionary(Marked="true")
        catalog.ViewerPreferences = self.dictionary(DisplayDocTitle="true")
        catalog.Outlines = self.outline(bookmarks, pages, elements)
        catalog.Metadata = self.doc.Reference(
            self.d.PDFStream(self.dictionary(Type="/Metadata", Subtype="/XML"), _xmp(document))
        )
        self.doc.setTitle(document.title)
        self.doc.setAuthor(document.council)
        self.doc.setSubject("")
        self.doc.setCreator("ASC Desk")
        self.doc.setDateFormatter(lambda *_: f"D:{document.stamp}000000Z")

    def outline(
        self, bookmarks: Sequence[Bookmark], pages: Sequence[PdfObject], elements: dict[int, PdfObject]
    ) -> PdfObject:
        """Make the outline from the headings; return its root, or None where there is none."""
        root = self.dictionary(Type="/Outlines")
        trail: list[tuple[int, PdfObject]] = [(0, root)]
        children: dict[int, list[PdfObject]] = {}
        for mark in bookmarks:
            while trail[-1][0] >= mark.level:
                trail.pop()
            parent = trail[-1][1]
            item = self.dictionary(
                Title=self.d.PDFString(mark.text),
                Parent=self.doc.Reference(parent),
                Dest=self.d.PDFArray([pages[mark.page], "/XYZ", 0, mark.y, "null"]),
                SE=elements[id(mark.node)],
            )
            children.setdefault(id(parent), []).append(item)
            trail.append((mark.level, item))
            _chain(self.doc, parent, children[id(parent)])
        return root if children else None


def _chain(doc: PdfObject, parent: PdfObject, items: Sequence[PdfObject]) -> None:
    """Link an outline's item to the one before it, and its parent to its first and last."""
    parent["First"], parent["Last"] = doc.Reference(items[0]), doc.Reference(items[-1])
    parent["Count"] = len(items) if "Type" in parent else -len(items)
    if len(items) > 1:
        items[-2]["Next"], items[-1]["Prev"] = doc.Reference(items[-1]), doc.Reference(items[-2])


def _tag(seen: dict[int, str]) -> str:
    """Make a subset's six letters from what is in it, so that the same document has the same bytes."""
    number = zlib.crc32(",".join(map(str, sorted(seen))).encode())
    return "".join(chr(65 + number // 26**i % 26) for i in range(6))


def _to_unicode(seen: dict[int, str]) -> bytes:
    """Write the map from glyphs to the characters that they stand for."""
    pairs = [
        f"<{gid:04X}> <{text.encode('utf-16-be').hex().upper()}>"
        for gid, text in sorted(seen.items())
        if text
    ]
    blocks = "".join(
        f"{len(pairs[i : i + 100])} beginbfchar\n" + "\n".join(pairs[i : i + 100]) + "\nendbfchar\n"
        for i in range(0, len(pairs), 100)
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{blocks}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _xmp(document: Document) -> bytes:
    """Write the metadata packet: title, language and date, and that the file follows PDF/UA-1."""
    title, author = escape(document.title), escape(document.council)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{escape(document.language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>ASC Desk</xmp:CreatorTool>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
