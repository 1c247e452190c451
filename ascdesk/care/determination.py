"""What must be true before a determination is signed, and which help waits for one.

Law: Care Act 2014 ss.13, 18, 19.
The computed result informs; a named person decides and may differ, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ascdesk.care.eligibility import Eligibility
from ascdesk.care.missing import Missing, blank


class LegalBasis(StrEnum):
    """Say under which power or duty help is given, line by line."""

    DUTY = "s18"
    POWER = "s19"
    URGENT = "s19(3)"
    CARER = "s20"
    AFTERCARE = "s117"


@dataclass(frozen=True, slots=True)
class Determination:
    """Hold what the worker is about to sign under s.13(1)-(2).

    `decided` is the worker's own finding; None until made. `deafblind` True means that the person has both
    sight and hearing loss (SI 2014/2827 reg 6); None means that it was not asked and stops nothing.
    """

    computed: Eligibility
    decided: bool | None = None
    reasons: str = ""
    differs_because: str = ""
    deafblind: bool | None = None
    specialist_assessor: str = ""
    prevention_advice: str = ""

    @property
    def differs(self) -> bool:
        """Tell whether the worker's finding is not the computed one."""
        return (
            self.decided is not None
            and self.computed.eligible is not None
            and self.decided != self.computed.eligible
        )


def missing_to_sign(determination: Determination) -> tuple[Missing, ...]:
    """List what still stops the signature; empty means that it may be signed.

    Care Act 2014 s.13(2) (written record with reasons), s.13(5) and s.24(2) (advice where nothing is
    eligible), SI 2015/313 (every outcome considered, each "no" with its meaning), SI 2014/2827 reg 6
    (deafblind people). The person's signature is never among them.
    """
    found = list(determination.computed.missing)
    found += _decision_missing(determination)
    if determination.deafblind and blank(determination.specialist_assessor):
        sentence = (
            "Name the specialist assessor: a deafblind person's assessment needs one with specific training."
        )
        found.append(Missing("specialist_assessor", sentence, "specialist_assessor"))
    if determination.decided is False and blank(determination.prevention_advice):
        sentence = (
            "Write the advice on what can reduce, prevent or delay needs: it is owed where none is eligible."
        )
        found.append(Missing("prevention_advice", sentence, "prevention_advice"))
    return tuple(found)


def _decision_missing(determination: Determination) -> list[Missing]:
    found: list[Missing] = []
    if determination.decided is None:
        found.append(Missing("decided", "Say what you have decided: eligible or not eligible.", "decided"))
    if blank(determination.reasons):
        found.append(Missing("reasons", "Write the reasons: the person is owed them.", "reasons"))
    if determination.differs and blank(determination.differs_because):
        sentence = "Your decision differs from the computed result: say why."
        found.append(Missing("differs_because", sentence, "differs_because"))
    return found


def may_sign(determination: Determination) -> bool:
    """Tell whether nothing stops the signature (see `missing_to_sign`)."""
    return determination.computed.can_sign and not missing_to_sign(determination)


def waits_for_determination(basis: LegalBasis) -> bool:
    """Tell whether help under this basis needs a signed determination first.

    Urgent help (s.19(3)) may come before any assessment or determination, and after-care (Mental Health Act
    1983 s.117) needs no Care Act eligibility at all. The other bases follow the determination of s.13.
    """
    return basis not in {LegalBasis.URGENT, LegalBasis.AFTERCARE}
