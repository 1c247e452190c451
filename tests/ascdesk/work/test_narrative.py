"""What the plan's narrative form says, as the rules read it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ascdesk.care import plans as care
from ascdesk.work.narrative import Narrative
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version

ROWS = ("r1", "r2")


def said(**answers: Any) -> Narrative:
    """Return a narrative; ``p05_call_name__r1`` stands for p05.call.name in row r1."""
    accounts: dict[Key, Account] = {}
    for name, value in answers.items():
        link, _, row = name.partition("__")
        key = Key((row,) if row else (), link.replace("_", "."), "observed")
        parts = tuple(FrozenAnswer(_answer(one)) for one in (value if isinstance(value, list) else [value]))
        accounts[key] = Account(key, (Version("c", Said(parts), "rosa", ""),))
    rows: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {
        ((), group): ROWS for group in ("p02.person", "p05.call", "p06.risk")
    }
    return Narrative(Draft("c", "r", "support-plan", "1", "", "", accounts, rows))


def _answer(value: object) -> dict[str, object]:
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    text = str(value)
    return {"valueCoding": {"code": text[1:]}} if text.startswith("#") else {"valueString": text}


def test_an_empty_form_says_nothing() -> None:
    assert said().into(care.Plan()) == care.Plan()


@pytest.mark.parametrize(
    ("answers", "field", "value"),
    [
        ({"p01_matters": "The garden."}, "matters", "The garden."),
        ({"p07_reduce": "Balance classes."}, "reduce_advice", "Balance classes."),
        ({"p07_prevention": "Key safe."}, "prevention_advice", "Key safe."),
        ({"p09_share": ["#provider", "#gp"]}, "consent_to_share", True),
        ({"p09_share": ["#gp"]}, "consent_to_share", False),
        ({"p10_agreed": "#yes"}, "agreement", care.Agreement.AGREED),
        ({"p10_agreed": "#no"}, "agreement", care.Agreement.NOT_AGREED),
        ({"p09_urgent-why": "Fell twice."}, "urgent_start_because", "Fell twice."),
        ({"p10_review-date": date(2027, 1, 9)}, "review_date", date(2027, 1, 9)),
        ({"p06_risk_choice__r1": "Bath", "p06_risk_choice__r2": "Gas"}, "risk_enablement", "Bath; Gas"),
        ({"p02_person_name__r2": "Peter", "p02_involvement": "All"}, "involved", "Peter"),
        ({"p02_involvement": "All of it."}, "involved", "All of it."),
    ],
)  # fmt: skip
def test_each_answer_comes_to_its_place(answers: dict[str, object], field: str, value: object) -> None:
    assert getattr(said(**answers).into(care.Plan()), field) == value


def test_half_a_date_is_no_review_date() -> None:
    held = said(**{"p10_review-date": "x"})
    key = Key((), "p10.review-date", "observed")
    half = Account(key, (Version("c", Said((FrozenAnswer({"valueDate": "2027-01"}),)), "rosa", ""),))
    accounts = dict(held.draft.accounts) | {key: half}
    draft = Draft("c", "r", "support-plan", "1", "", "", accounts, {})
    assert Narrative(draft).into(care.Plan()).review_date is None


@pytest.mark.parametrize(("barred", "not_barred"), [("#yes", False), ("#no", True), (None, None)])
def test_a_direct_payment_is_asked_for_with_its_conditions(
    barred: str | None, not_barred: bool | None
) -> None:
    answers = {
        "p08_wanted": "#yes",
        "p08_capacity": "#yes",
        "p08_person": "#nominee",
        "p08_person-name": "Peter",
    }
    payment = said(**answers, **({"p08_barred": barred} if barred else {})).direct_payment()
    assert payment is not None
    assert (payment.has_capacity, payment.not_barred) == (True, not_barred)
    assert (payment.manager, payment.manager_name) == (care.Manager.NOMINEE, "Peter")


@pytest.mark.parametrize("wanted", ["#no", "#not-yet", None])
def test_no_direct_payment_where_none_is_wanted(wanted: str | None) -> None:
    assert said(**({"p08_wanted": wanted} if wanted else {})).direct_payment() is None


def test_the_contingency_names_who_to_call() -> None:
    held = said(p05_call_name__r1="Peter", p05_call_name__r2="Mary", p05_keys="Key safe").into(care.Plan())
    assert (held.contingency.who_to_call, held.contingency.keys) == ("Peter; Mary", "Key safe")
