"""What the therapist's assessment says of precautions, as the rules of fit name them.

The assessment asks once for all (`oa.precaution`); a precaution that it does not name there is not ruled out,
unless it says that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ascdesk.record.record import Record
from ascdesk.work import cases, responses
from ascdesk.work.responses import Key

FORM: Final = "ot-assessment"
_MEANS: Final[Mapping[str, str]] = {
    "hip": "hip_precautions",
    "epilepsy": "epilepsy",
    "bath-alone": "epilepsy",
    "skin": "skin",
}
"""Answers of the form, and the precaution of `ascdesk.care.equipment` that each means."""
_NONE: Final = "none"


def assessed(record: Record, case: str) -> Mapping[str, bool]:
    """Return the precautions that the newest assessment told of, each with whether it applies.

    *None that anybody knows of* rules out those that the form asks about. What two people answered
    differently is not asked.
    """
    held = cases.look(record, case).response(FORM)
    if held is None:
        return {}
    account = responses.load(record, case, held.row).account(Key((), "oa.precaution", "observed"))
    if account.conflict:
        return {}
    codes = {str(answer.get("valueCoding", {}).get("code", "")) for answer in account.said.answer}
    found = {means: True for code, means in _MEANS.items() if code in codes}
    return found or (dict.fromkeys(_MEANS.values(), False) if codes == {_NONE} else {})
