"""Canaries planted in everything that must not leave, looked for in every part of the file that is issued."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib.util
import io
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pikepdf
import pypdfium2
import pytest

from ascdesk.documents.api import FontSet, make_assessment_copy, make_plan_copy
from ascdesk.documents.model import Answer, AssessmentCopy, PlanCopy, Question, ReleaseDecision, Section


def load_samples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("document_samples", Path(__file__).with_name("conftest.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAMPLES = load_samples()
CANARIES = {
    "held back": Answer("person", "Quillfeather secret", held_back="not yet"),
    "carer": Answer("carer", "Ravenmoor secret", who="Ravenmoor Peter"),
    "professional": Answer("professional", "Stonecrop secret"),
    "record": Answer("record", "Thistledown secret"),
    "never": Answer("person", "Umberfield secret", copy="never"),
}
WORDS = (
    "quillfeather",
    "ravenmoor",
    "stonecrop",
    "thistledown",
    "umberfield",
    "violetmere",
    "winterbourne",
    "yarrowby",
)
CODE, NOTE, OTHER = "Yarrowby", "Violetmere is violent", "999 000 0018"


def planted(copy: Any) -> Any:
    section = Section(
        "Planted",
        tuple(Question(f"About {k}", (a, Answer("person", "Allowed here"))) for k, a in CANARIES.items()),
        (Section("Winterbourne safeguarding", (Question("Winterbourne", (Answer("person",
        "Winterbourne"),)),), copy="never"),), )  # fmt: skip
    changes: dict[str, Any] = {
        "private": (CODE, NOTE),
        "copies_to": (f"Ruth, {NOTE}", f"number {OTHER}", "key safe 90417"),
        "prevention": f"Keep the {CODE} shut. {NOTE}. Also {OTHER}.",
        "sections" if isinstance(copy, AssessmentCopy) else "narrative": (section,),
    }
    if isinstance(copy, PlanCopy):
        changes["needs"] = (
            dataclasses.replace(copy.needs[0], title=f"Eating {CODE}", words=tuple(CANARIES.values())),
        )
        changes["contingency"] = section.questions
    else:
        changes["outcomes"] = (
            dataclasses.replace(copy.outcomes[0], title=f"Eating {CODE}", words=tuple(CANARIES.values())),
        )
        changes["persons_view"] = tuple(CANARIES.values())
    return dataclasses.replace(copy, **changes)


def everything_in(data: bytes) -> str:
    """All that a file says: text of its pages, every string and stream of every object, and its metadata."""
    with pypdfium2.PdfDocument(data) as document:
        said = [page.get_textpage().get_text_bounded() for page in document]
        said += [mark.get_title() for mark in document.get_toc()]
        said += [str(document.get_metadata_dict())]
        assert document.count_attachments() == 0
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.attachments) == 0
        assert "/Thumb" not in repr([page.obj.keys() for page in pdf.pages])
        for item in pdf.objects:
            said.append(all_strings(item))
            if isinstance(item, pikepdf.Stream):
                # a photo is stored as it is; everything else is unpacked
                raw = item.read_raw_bytes() if item.get("/Subtype") == "/Image" else item.read_bytes()
                said.append(raw.decode("latin-1"))
                said.append(actual_texts(raw))
    return " ".join(said)


def all_strings(item: Any) -> str:
    if isinstance(item, pikepdf.String):
        return str(item)
    if isinstance(item, pikepdf.Array) and not item.is_indirect:
        return " ".join(all_strings(part) for part in item)
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return " ".join(all_strings(v) for v in item.values() if not getattr(v, "is_indirect", False))
    return ""


def actual_texts(raw: bytes) -> str:
    found = re.findall(rb"/ActualText <([0-9A-F]+)>", raw)
    return " ".join(bytes.fromhex(h.decode()).decode("utf-16") for h in found)


@pytest.mark.parametrize("form", ["standard", "large-print", "large-print-28", "plain-text"])
@pytest.mark.parametrize("kind", ["assessment", "plan"])
def test_no_canary_is_anywhere_in_what_is_issued(kind: str, form: str, fonts: FontSet) -> None:
    copy = SAMPLES.an_assessment() if kind == "assessment" else SAMPLES.a_plan()
    copy = planted(dataclasses.replace(copy, issue=dataclasses.replace(copy.issue, format=form)))
    data = (make_assessment_copy if kind == "assessment" else make_plan_copy)(copy, fonts)
    said = data.decode() if form == "plain-text" else everything_in(data)
    flat = re.sub(r"\s+", " ", said).lower()
    assert "allowed here" in flat
    for word in (*WORDS, OTHER, OTHER.replace(" ", ""), "90417"):
        assert word not in flat, word


def test_the_search_itself_finds_what_is_allowed_in_text_bookmarks_and_structure(fonts: FontSet) -> None:
    decided = ReleaseDecision("Amina Rahman", dt.date(2026, 11, 21))
    section = Section(
        "Quillfeather",
        (
            Question(
                "Asked",
                (dataclasses.replace(CANARIES["carer"], released=decided), Answer("person", "محمد عبد")),
            ),
        ),
    )
    said = everything_in(make_assessment_copy(SAMPLES.an_assessment(sections=(section,)), fonts))
    assert said.count("Quillfeather") >= 2  # the page and the bookmark
    assert "Ravenmoor secret" in said
    assert "محمد عبد" in said  # the structure tree's reading order


def test_metadata_names_the_document_and_nobody(fonts: FontSet) -> None:
    with pikepdf.open(io.BytesIO(make_assessment_copy(SAMPLES.an_assessment(), fonts))) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        packet = pdf.Root.Metadata.read_bytes().decode()
    assert info["/Title"] == "Needs assessment, version 2"
    for name in ("Hollis", "Jean", "Amina", "999 123"):
        assert name not in repr(info) + packet
