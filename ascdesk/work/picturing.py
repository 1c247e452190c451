"""An issued or prepared PDF as pictures of its pages, with the words on each for screen readers."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: its number from 1, its size in pixels, its pixels as BGRA rows, and its words."""

    number: int
    width: int
    height: int
    pixels: bytes
    words: str


def page_count(data: bytes) -> int:
    """Return how many pages a PDF has."""
    held = pypdfium2.PdfDocument(data)
    try:
        return len(held)
    finally:
        held.close()


def page_picture(data: bytes, number: int, scale: float) -> PagePicture:
    """Return page ``number`` (from 1); ``scale`` is pixels to a point."""
    held = pypdfium2.PdfDocument(data)
    try:
        page = held[number - 1]
        bitmap = page.render(scale=scale, rev_byteorder=False, force_bitmap_format=_BGRA)
        text = page.get_textpage()
        words = text.get_text_bounded()
        # A buffer of the library's own is copied: the picture outlives the document.
        picture = PagePicture(number, bitmap.width, bitmap.height, bytes(bitmap.buffer), words)
        for part in (text, bitmap, page):
            part.close()
        return picture
    finally:
        held.close()


_BGRA = pypdfium2.raw.FPDFBitmap_BGRA
