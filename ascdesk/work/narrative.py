"""What the support plan's narrative form says, read into the plan that the rules judge."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date

from ascdesk.care import plans as care
from ascdesk.work.responses import Draft


@dataclass(frozen=True, slots=True)
class Narrative:
    """A reader of the ``support-plan`` form's answers, by linkId."""

    draft: Draft

    def into(self, plan: care.Plan) -> care.Plan:
        """Return ``plan`` with everything that the form says in words."""
        return dataclasses.replace(
            plan,
            matters=self.text("p01.matters"),
            short_term=self._short_term(),
            contingency=self._contingency(),
            risk_enablement=self.in_rows("p06.risk", "p06.risk.choice"),
            reduce_advice=self.text("p07.reduce"),
            prevention_advice=self.text("p07.prevention"),
            consent_to_share=self._share(),
            involved=self.in_rows("p02.person", "p02.person.name") or self.text("p02.involvement"),
            agreement=self._agreement(),
            not_agreed_because=self.text("p10.not-agreed") or self.text("p10.best-interests"),
            steps_to_agree=self.text("p10.not-agreed") or self.text("p10.best-interests"),
            urgent_start_because=self.text("p09.urgent-why"),
            review_date=self.day("p10.review-date"),
        )

    def text(self, link_id: str, path: tuple[str, ...] = ()) -> str:
        """Return the text of an answer, or nothing."""
        for answer in self.draft.answers(path, link_id):
            return str(answer.get("valueString", ""))
        return ""

    def codes(self, link_id: str) -> tuple[str, ...]:
        """Return the codes that were chosen."""
        answers = self.draft.answers((), link_id)
        return tuple(answer["valueCoding"]["code"] for answer in answers if "valueCoding" in answer)

    def code(self, link_id: str) -> str | None:
        """Return the code that was chosen, if one was."""
        return next(iter(self.codes(link_id)), None)

    def day(self, link_id: str) -> date | None:
        """Return a whole date, if one was given."""
        for answer in self.draft.answers((), link_id):
            try:
                return date.fromisoformat(str(answer.get("valueDate", "")))
            except ValueError:
                return None
        return None

    def in_rows(self, group: str, link_id: str) -> str:
        """Return one question's texts over the rows of a repeating group, joined by semicolons."""
        rows = self.draft.rows.get(((), group), ())
        return "; ".join(text for row in rows if (text := self.text(link_id, (row,))))

    def direct_payment(self) -> care.DirectPayment | None:
        """Return what is said of a direct payment (Care Act 2014 s.31); ``None`` where none is wanted."""
        if self.code("p08.wanted") != "yes":
            return None
        managers = {
            "adult": care.Manager.SELF,
            "nominee": care.Manager.NOMINEE,
            "authorised": care.Manager.AUTHORISED_PERSON,
        }
        barred = _yes_no(self.code("p08.barred"))
        return care.DirectPayment(
            requested=True,
            has_capacity=_yes_no(self.code("p08.capacity")),
            not_barred=None if barred is None else not barred,
            can_manage=_yes_no(self.code("p08.manage")),
            appropriate=_yes_no(self.code("p08.appropriate")),
            manager=managers.get(self.code("p08.person") or ""),
            manager_name=self.text("p08.person-name"),
        )

    def _short_term(self) -> care.ShortTerm:
        return care.ShortTerm(
            considered=_yes_no(self.code("p04.considered")),
            tried=self.text("p04.result-why") or self.text("p04.goals"),
            not_because=self.text("p04.why-not"),
        )

    def _contingency(self) -> care.Contingency:
        return care.Contingency(
            who_to_call=self.in_rows("p05.call", "p05.call.name"),
            carer_unavailable=self.text("p05.carer"),
            provider_failure=self.text("p05.provider"),
            keys=self.text("p05.keys"),
            pets=self.text("p05.pets"),
            medication=self.text("p05.medicines"),
        )

    def _share(self) -> bool | None:
        shared = self.codes("p09.share")
        return ("provider" in shared) if shared else None

    def _agreement(self) -> care.Agreement | None:
        said = self.code("p10.agreed")
        if said is None:
            return None
        return care.Agreement.AGREED if said == "yes" else care.Agreement.NOT_AGREED


def _yes_no(code: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(code or "")
