"""Files that answer a question: known by their content, within its types and size, named by their hash."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from PIL import Image

from ascdesk.errors import Refusal
from ascdesk.record.change import canonical, new_id
from ascdesk.record.record import Record
from ascdesk.work import files, sending

PDF = b"%PDF-1.7 a letter from the surgery\n%%EOF\n"
CASE = new_id()


def photo(kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(held, kind)
    return held.getvalue()


def test_a_picture_becomes_a_plain_jpeg_and_a_pdf_stays_as_it_is() -> None:
    picture = files.take_in(photo(), "Rash.PNG")
    assert (picture.title, picture.media_type) == ("Rash.jpg", "image/jpeg")
    assert files.take_in(PDF, "Letter.pdf") == files.File("Letter.pdf", "application/pdf", PDF)


def test_the_answer_names_the_bytes_and_does_not_hold_them(record: Record) -> None:
    answer = files.keep(record, CASE, files.take_in(PDF, "Letter.pdf"))
    held = answer["valueAttachment"]
    assert (held["title"], held["size"], held["contentType"]) == ("Letter.pdf", len(PDF), "application/pdf")
    name = files.sha256_of(json.loads(canonical(answer)))
    assert record.attachments.read(CASE, name) == PDF
    assert held["url"] == sending.named(name) and len(canonical(answer)) < 300


@pytest.mark.parametrize(
    ("data", "types", "most", "words"),
    [
        (b"MZ a program", (), None, "neither a picture nor a PDF"),
        (b"%PDF-1.7 cut off", (), None, "neither a picture nor a PDF"),
        (PDF, ("image/jpeg", "image/png"), None, "only pictures can"),
        (photo(), ("application/pdf",), None, "only PDF can"),
        (PDF * 40, (), Decimal("0.001"), "larger than 0.001 MB"),
    ],
    ids=["a program", "half a pdf", "pdf for a picture", "picture for a pdf", "too large"],
)
def test_what_a_question_does_not_take_is_refused_by_name(
    data: bytes, types: tuple[str, ...], most: Decimal | None, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        files.take_in(data, "../../Scan 3.pdf", types=types, most=most)
    assert "“Scan 3.pdf”" in refused.value.sentence


def test_an_answer_that_names_nothing_has_no_bytes() -> None:
    assert files.sha256_of({"valueAttachment": {"title": "x", "data": "AAAA"}}) == ""
    assert files.sha256_of({"valueString": "ni:///sha-256;x"}) == ""
