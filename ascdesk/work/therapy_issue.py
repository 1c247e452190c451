"""Makes an occupational therapist's copies for somebody, in a format: what `issuing` looks at and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ascdesk.care.grants import Scale
from ascdesk.care.prescriptions import Prescription
from ascdesk.documents import model
from ascdesk.documents.model import CopyFormat, HelpCopy, OrderCopy, TherapyReport, WorksCopy
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import adapting, prescribing, responses, therapy_copies
from ascdesk.work.copying import Asking, Copier, copier, own_format
from ascdesk.work.council import CouncilLines
from ascdesk.work.drafting import form_state
from ascdesk.work.fields import Row
from ascdesk.work.library import FormLibrary
from ascdesk.work.packs import pack_in_use
from ascdesk.work.responses import Draft
from ascdesk.work.signing import Standing
from ascdesk.work.telling import Part, Teller
from ascdesk.work.therapy_copies import Address
from ascdesk.work.versions import drawer_part
from ascdesk.work.wording import names_for

TherapyCopy = TherapyReport | OrderCopy | WorksCopy | HelpCopy


UNSIGNED = Standing()


@dataclass(frozen=True, slots=True)
class Made:
    """A copy, and what it was made from."""

    copy: TherapyCopy
    copier: Copier
    sections: tuple[Part, ...] = ()
    wanted: str = ""
    standing: Standing = UNSIGNED


@dataclass(frozen=True, slots=True)
class Making:
    """Makes the copies of one case. ``version`` gives the number of the next copy of an address."""

    record: Record
    case: str
    library: FormLibrary
    asking: Asking
    lines: CouncilLines
    version: Callable[[str], int]
    is_draft: Callable[[Standing], bool]

    def make(self, of: str, address: Address) -> Made:
        """Make the copy that an address names. Raises :class:`Refusal` where it is not there any more."""
        if address.what == "report":
            return self._report(of, address.row)
        if address.what == "order":
            return self._own_order(of, address.row) if address.own else self._order(of, address.row)
        return self._works(of, address.row) if address.what == "works" else self._help(of)

    @property
    def today(self) -> date:
        """Return the day on this laptop."""
        return date.fromisoformat(self.record.now()[:10])

    def _bare(self) -> Copier:
        return copier(self.record, self.case, Draft(self.case, "", "", "", "", ""), self.library)

    def _issue(self, of: str, to: str, own: CopyFormat, because: str) -> model.Issue:
        """Return the facts of the copy; it is a draft for as long as there is a reason."""
        return model.Issue(
            version=self.version(of), issued=self.today, recipient="; ".join(self.asking.recipients) or to,
            format=self.asking.format or own, draft=bool(because), language=self.asking.language,
            draft_because=because or "not yet signed",
        )  # fmt: skip

    # -- the report -------------------------------------------------------------------------------------

    def _report(self, of: str, response: str) -> Made:
        draft = responses.load(self.record, self.case, response)
        if draft.questionnaire != therapy_copies.REPORT_FORM:
            raise Refusal("This is not an occupational therapist’s assessment. Choose it again.")
        maker = copier(self.record, self.case, draft, self.library)
        form = self.library.form(draft.questionnaire, draft.version)
        state = form_state(form, draft, self.today)
        names = names_for(maker.case)
        sections = Teller(form, state, draft, names).sections()
        sections += drawer_part(self.library, form, draft, names)
        own, wanted = own_format(maker.case, ())
        because = "not yet signed" if self.is_draft(draft.standing) else ""
        worker = maker.worker(self.record.author)
        made = TherapyReport(
            issue=self._issue(of, maker.case.person.full_name, own, because),
            person=maker.person(),
            front_door=self.lines.front_door,
            rights=self.lines.rights,
            worker=worker,
            assessor=worker or model.Worker(maker.worker_name),
            sections=tuple(maker.section(part) for part in sections),
            rooms=therapy_copies.rooms_found(self.record, maker.case),
            lines=tuple(line for order in self._orders() for line in therapy_copies.lines_of(order)),
            works=self._all_works(),
            private=maker.private,
        )
        return Made(made, maker, sections, wanted, draft.standing)

    def _orders(self) -> list[Prescription]:
        every = prescribing.orders_of(self.record, self.case)
        return [one for one in every if not one.cancelled_at and one.lines]

    def _going(self) -> list[Row]:
        every = adapting.adaptations(self.record, self.case)
        return [one for one in every if not one.value("withdrawn_because")]

    def _all_works(self) -> tuple[model.BuildingWork, ...]:
        held = self._going()
        return tuple(therapy_copies.work_of(self.record, self.case, one, self.today) for one in held)

    # -- a prescription ---------------------------------------------------------------------------------

    def _order(self, of: str, row: str) -> Made:
        maker = self._bare()
        sheet = prescribing.load(self.record, self.case, row)
        because = self._not_ordered(sheet)
        told = therapy_copies.deliberate(self.record, self.case)
        team = pack_in_use(self.record).team_name(sheet.order.team) if sheet.order.team else ""
        made = OrderCopy(
            issue=self._issue(of, therapy_copies.SUPPLIER, "standard", because),
            person=therapy_copies.without_ids(maker.person()),
            front_door=self.lines.front_door,
            worker=maker.worker(self.record.author),
            facts=therapy_copies.order_facts(sheet.order, _speeds(sheet)),
            internal=therapy_copies.internal_facts(sheet.order, team),
            alert=sheet.order.safety_alert,
            lines=therapy_copies.lines_of(sheet.order),
            private=therapy_copies.for_supplier(maker.private, sheet.order, told),
        )
        return Made(made, maker, standing=sheet.standing)

    def _not_ordered(self, sheet: prescribing.OrderSheet) -> str:
        """Say why a prescription is only a draft; one that was sent is none, unless it was changed since."""
        changed = sheet.standing.signed is not None and self.is_draft(sheet.standing)
        return "" if sheet.order.ordered_at and not changed else "not yet ordered"

    def _own_order(self, of: str, row: str) -> Made:
        maker = self._bare()
        sheet = prescribing.load(self.record, self.case, row)
        because = self._not_ordered(sheet)
        own, wanted = own_format(maker.case, ())
        made = OrderCopy(
            issue=self._issue(of, maker.case.person.full_name, own, because),
            person=maker.person(),
            front_door=self.lines.front_door,
            worker=maker.worker(self.record.author),
            own=True,
            facts=therapy_copies.order_facts(sheet.order, _speeds(sheet)),
            lines=tuple(_for_the_person(line) for line in therapy_copies.lines_of(sheet.order)),
            private=maker.private,
        )
        return Made(made, maker, wanted=wanted, standing=sheet.standing)

    # -- works, and the plain words ---------------------------------------------------------------------

    def _works(self, of: str, row: str) -> Made:
        maker = self._bare()
        held = therapy_copies.chosen_works(self.record, self.case, row)
        because = "" if therapy_copies.recommended(held) else "not yet recommended"
        major = any(adapting.scale_of(one) is Scale.MAJOR for one in held)
        to = therapy_copies.AUTHORITY if major else therapy_copies.FITTER
        title = "Recommendation for an adaptation" if len(held) == 1 else "Minor adaptations"
        made = WorksCopy(
            issue=self._issue(of, to, "standard", because),
            person=maker.person() if major else therapy_copies.without_ids(maker.person()),
            front_door=self.lines.front_door,
            title=title,
            worker=maker.worker(self.record.author),
            works=tuple(therapy_copies.work_of(self.record, self.case, one, self.today) for one in held),
            private=maker.private,
        )
        return Made(made, maker)

    def _help(self, of: str) -> Made:
        maker = self._bare()
        orders, held = self._orders(), self._going()
        lines = tuple(line for order in orders for line in therapy_copies.lines_of(order))
        if not lines and not held:
            raise Refusal("There is nothing to tell yet: prescribe something, or begin an adaptation.")
        ready = all(order.ordered_at for order in orders) and therapy_copies.recommended(held)
        own, wanted = own_format(maker.case, ())
        made = HelpCopy(
            issue=self._issue(of, maker.case.person.full_name, own, "" if ready else "not all settled yet"),
            person=maker.person(),
            front_door=self.lines.front_door,
            worker=maker.worker(self.record.author),
            lines=tuple(_for_the_person(line) for line in lines),
            works=self._all_works(),
            next_steps=therapy_copies.next_steps(held, orders, self.today),
            private=maker.private,
        )
        return Made(made, maker, wanted=wanted)


def _speeds(sheet: prescribing.OrderSheet) -> dict[str, str]:
    return {one.id: one.name for one in sheet.ordering.speeds}


def _for_the_person(line: model.OrderLine) -> model.OrderLine:
    """Leave out what is the prescriber's business: codes, prices, why it is a special, what did not fit."""
    return replace(
        line, code="", cost=None, special_because="", supply="", override="", fit="", fit_words=(), trial=""
    )
