"""The kind of service of a line: chosen from the council's list, with what that kind still has to say."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ascdesk.work.fields import Row
from ascdesk.work.services import facts_of, lacking, service_of
from ui.plan.session import PlanSession
from ui.plan.specs import line_parts
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.layouts import column
from ui.widgets.rows import FormRow
from ui.widgets.text import Quiet


class ServiceKind(QWidget):
    """One question above a line's fields, and a sentence on what is still open for that kind."""

    def __init__(self, session: PlanSession, held: Row) -> None:
        super().__init__()
        self._session, self._row = session, held.row
        options = [coded(one.id, one.name, hint=one.words) for one in session.sheet.services]
        outer = column(self, 6)
        self.form = FormRow("What kind of service is it?", SingleChoice(options), absent=())
        self.form.edited.connect(self._chosen)
        outer.addWidget(self.form)
        self.lacks = Quiet("")
        outer.addWidget(self.lacks)
        self.follow()

    def follow(self) -> None:
        """Show which kind the line is now, and what it lacks; a line that nobody is paid for has none."""
        held = self._session.row(self._row)
        if held is None:
            return
        service = service_of(self._session.sheet.services, held)
        answer = [{"valueCoding": {"code": service.id}}] if service else []
        if answer or not self.form.editor.value():
            self.form.set_stored({"answer": answer})
        self.form.set_read_only(self._session.frozen)
        self.setVisible(held.value("met_by") not in {None, "informal", "universal"})
        labels = {
            spec.field: spec.label
            for part in line_parts(self._session.sheet, held, self._session.names["name"])
            for spec in part.specs
        }
        open_ = [labels.get(field, field).rstrip("?") for field in lacking(service, held)] if service else []
        said = f"Still to say for {service.name.lower()}: {'; '.join(open_)}." if service and open_ else ""
        self.lacks.setText(said)
        self.lacks.setVisible(bool(said))

    def _chosen(self) -> None:
        chosen = next(
            (one["valueCoding"]["code"] for one in self.form.editor.value() if "valueCoding" in one), ""
        )
        service = next((one for one in self._session.sheet.services if one.id == chosen), None)
        held = self._session.row(self._row)
        if service is not None and held is not None:
            self._session.put(held, facts_of(service, held), name=f"choose {service.name.lower()}")
