"""Precautions of the assessment, as the rules of fit name them."""

from __future__ import annotations

import pytest

from ascdesk.care.equipment import PRECAUTIONS
from ascdesk.record.record import Record
from ascdesk.work import precautions, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.casework import person

WHERE = Key((), "oa.precaution", "observed")


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ((), {}),
        (("hip",), {"hip_precautions": True}),
        (("epilepsy", "bath-alone"), {"epilepsy": True}),
        (("skin", "latex"), {"skin": True}),
        (("latex",), {}),
        (("none",), {"hip_precautions": False, "epilepsy": False, "skin": False}),
        (("none", "hip"), {"hip_precautions": True}),
    ],
    ids=["not asked", "hip", "epilepsy", "skin", "another", "none", "none, and hip"],
)
def test_what_was_ticked_is_told_as_the_rules_name_it(
    record: Record, library: FormLibrary, codes: tuple[str, ...], told: dict[str, bool]
) -> None:
    case = person(record)
    assert precautions.assessed(record, case) == {}
    response = responses.start(record, case, "ot-assessment", library.form("ot-assessment").version)
    draft = responses.load(record, case, response)
    said = Said(tuple(FrozenAnswer({"valueCoding": {"code": code}}) for code in codes))
    if codes:
        responses.answer(record, draft, WHERE, said, seen=frozenset(), name="precautions")
    found = precautions.assessed(record, case)
    assert found == told
    assert set(found) <= set(PRECAUTIONS)
