"""JPEGs for print: their measures, and nothing but the picture."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from ascdesk.documents.jpeg import read_jpeg
from ascdesk.errors import Refusal
from tests.support.therapy_copies import a_photo

PLACE = b"Exif\x00\x00MM\x00*GPS 52.4068 N 1.5197 W"


@pytest.mark.parametrize(("mode", "parts"), [("RGB", 3), ("L", 1)])
@pytest.mark.parametrize("saved", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_measures_are_read_and_the_picture_stays_the_same(
    mode: str, parts: int, saved: dict[str, bool]
) -> None:
    data = a_photo(64, 48, mode=mode, **saved)
    read = read_jpeg(data)
    assert (read.width, read.height, read.components) == (64, 48, parts)
    assert Image.open(io.BytesIO(read.data)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


def test_places_dates_comments_and_what_follows_the_picture_are_gone() -> None:
    data = a_photo(comment=b"Taken at 14 Sandown Avenue", exif=PLACE) + b"A second picture behind it"
    assert b"GPS" in data and b"Sandown" in data
    clean = read_jpeg(data).data
    for secret in (b"GPS", b"Exif", b"Sandown", b"second"):
        assert secret not in clean
    assert clean.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8", b"\x89PNG\r\n", a_photo()[:200], a_photo(mode="CMYK"), b"\xff\xd8\xff\xe0\x00\x00"],
    ids=["nothing", "start alone", "PNG", "cut off", "four colours", "no length"],
)
def test_what_is_no_picture_is_refused_in_plain_words(data: bytes) -> None:
    with pytest.raises(Refusal, match="choose another"):
        read_jpeg(data)


@example(b"\xc0\x00\x02")
@given(st.binary(max_size=400))
def test_anything_at_all_is_read_or_refused(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff"):
        with contextlib.suppress(Refusal):
            read_jpeg(start + data)
