"""The longest real form that anyone has, ``../shared/real-forms/health-check-715``, on and off the screen.

Opened, answered, turned through, calculated against ``fhirpathpy``, a group of a thousand rows. What it
takes of memory is measured in a process of its own.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from ascdesk.forms.jsontext import dump_json, parse_json
from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.response import response as told_response
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.bench.figures import Figure, figure, timed
from tests.support.desks import JEAN, NOW, desk_on, filled_record
from tests.support.filling import an_answer
from ui.desk import Desk
from ui.form.question import Question
from ui.pages.assess import AssessPage
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance

NAME = "health-check-715"
FILE = Path(__file__).parents[3] / "shared" / "real-forms" / f"{NAME}.json"
AGE, SEX = "e2a16e4d-2765-4b61-b286-82cfc6356b30", "418e4a02-de77-48a0-a92a-fe8fcc52b1aa"
ROWS = 1_000
TODAY = NOW.date()


def forming() -> Iterator[Figure]:
    """Measure all of it."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    form = compile_form(parse_json(FILE.read_text(encoding="utf-8"), NAME, "Questionnaire"))
    yield _calculations(form)
    yield _compiling()
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, _ = filled_record(Path(folder))
        desk = desk_on(record, _library())
        shell = Shell(desk, Appearance(app))
        opened = Opened(app, desk, shell, half_filled(record, form))
        desk.go(Place())
        shell.show()
        yield from _opening(opened)
        yield from _answering(opened)
        yield _keys(opened)
        yield _sections(opened)
        yield from _rows(opened)
        desk.database.stop()
        record.close()
    yield _memory()


@dataclass(frozen=True, slots=True)
class Opened:
    """A window on a record with the form in it, half filled."""

    app: QApplication
    desk: Desk
    shell: Shell
    response: str
    processor: list[float] = field(default_factory=list)

    @property
    def page(self) -> AssessPage:
        """Return the form's page."""
        assert isinstance(self.shell.page, AssessPage)
        return self.shell.page

    def there(self) -> bool:
        """Say whether the page asked for is there with all that is on it."""
        page = self.shell.page
        return isinstance(page, AssessPage) and page.view is not None and page.view.is_built

    def first(self) -> bool:
        """Say whether the page asked for shows its first questions."""
        page = self.shell.page
        return isinstance(page, AssessPage) and page.view is not None

    def painted(self, work: Callable[[], object], shown: Callable[[], bool] = lambda: True) -> float:
        """Return the milliseconds from ``work`` until ``shown`` holds and what it changed is painted."""
        self.quiet()
        before = time.process_time()
        found = timed(partial(self._until, work, shown))
        self.processor.append((time.process_time() - before) * 1000)
        return found

    def of_processor(self, count: int, part: float = 0.5) -> str:
        """Say what the last ``count`` took of the processor: about what a quiet machine takes in all.

        It is the bar's own measure only there; beside others it tells how much of a figure is waiting.
        """
        ordered = sorted(self.processor[-count:])
        return f"{ordered[int(len(ordered) * part)]:.0f} ms of the processor"

    def quiet(self) -> None:
        """Wait until nothing is on its way any more."""
        while self.desk.database.busy:
            self.app.processEvents()
        QTest.qWait(30)

    def _until(self, work: Callable[[], object], shown: Callable[[], bool]) -> None:
        work()
        waiting = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        while not shown():
            self.app.processEvents(waiting, 20)  # as the program's own loop waits: the other threads get on
        for _ in range(2):  # what was laid out last is painted in the turn after
            self.app.processEvents()


def _library() -> FormLibrary:
    return FormLibrary({f"forms/{NAME}@{_version()}.json": FILE.read_text(encoding="utf-8")})


def _version() -> str:
    return str(json.loads(FILE.read_text(encoding="utf-8"))["version"])


def half_filled(record: Record, form: Form) -> str:
    """Begin the form for somebody and answer half of what is asked of an adult; return it."""
    row = responses.start(record, JEAN, NAME, form.version, assessor_name="Ruth Okafor")
    draft = responses.load(record, JEAN, row)
    for path, link_id, answers in _half(form):
        said = Said(tuple(FrozenAnswer(part) for part in answers))
        groups = [form.nodes[index].link_id for index in form.node(link_id).groups]
        key = Key(path, link_id, "observed")
        responses.answer(record, draft, key, said, seen=frozenset(), name="Fill in", groups=groups)
    return row


def _half(form: Form) -> Iterator[tuple[tuple[str, ...], str, list[dict[str, Any]]]]:
    chance, state = random.Random(715), FormState(form, TODAY)
    yield (), AGE, [{"valueInteger": 66}]
    state.set((), AGE, [{"valueInteger": 66}])
    rows: dict[int, str] = {}
    for node in form.nodes:
        asked = node.is_question and not node.calculated and not node.hidden and node.link_id != AGE
        if asked and chance.random() < 0.5 and state.enabled(("",) * len(node.groups), node.link_id):
            yield (
                tuple(rows.setdefault(group, new_id()) for group in node.groups),
                node.link_id,
                an_answer(node, chance),
            )


def _compiling() -> Figure:
    text = FILE.read_text(encoding="utf-8")
    times = [timed(lambda: compile_form(parse_json(text, NAME, "Questionnaire"))) for _ in range(9)]
    return figure("compile the health check", times, note="534 items, read from its text")


def _opening(opened: Opened) -> Iterator[Figure]:
    there, fresh, cached = Place("assess", JEAN, opened.response), [], []
    for turn in range(10):
        opened.painted(partial(opened.desk.go, Place("work")))
        if turn % 2 == 0:
            opened.desk.library = _library()
            opened.shell._pages.pop("assess", None)
        (cached if turn % 2 else fresh).append(opened.painted(partial(opened.desk.go, there), opened.first))
    note = "half filled, to the first questions of its first section"
    yield figure("open the health check, never read before", fresh, bar=300, note=note)
    yield figure("open the health check, cached", cached, bar=150, note=note)


def _answering(opened: Opened) -> Iterator[Figure]:
    """Answer what other items depend on, wherever it stands, by a press or by what was typed being taken."""
    times: list[float] = []
    for key in [page.key for section in opened.page._visible() for page in section.pages]:
        opened.painted(partial(opened.page._turn, key), opened.there)
        for question in _reading(opened):
            for work in _presses(question) * 2:
                times.append(opened.painted(work))
    yield ninety_fifth(
        "an answer to everything dependent repainted",
        times,
        33,
        f"{len(times)} answers that others read; {opened.of_processor(len(times), 0.95)}",
    )


def _reading(opened: Opened) -> list[Question]:
    assert opened.page.view is not None
    form = opened.page.session.form if opened.page.session else None
    assert form is not None
    found = [
        question
        for questions in opened.page.view.questions.values()
        for question in questions
        if question.row.isVisible() and form.readers[question.node.index] and not question.node.calculated
    ]
    return found[:4]


def _presses(question: Question) -> list[Callable[[], object]]:
    parts = question.row.editor.parts()
    buttons = [part for part in parts if hasattr(part, "click")]
    if buttons:
        return [partial(getattr(part, "click")) for part in buttons[:2]]  # noqa: B009
    return []


def ninety_fifth(name: str, times: list[float], bar: float, note: str) -> Figure:
    """Return a figure whose bar is for the 95th percentile, which stands for the median in it."""
    found = figure(
        name, times, bar=bar, note=f"95th percentile; median {statistics.median(times):.1f}; {note}"
    )
    return replace(found, median=sorted(times)[int(len(times) * 0.95)])


def _keys(opened: Opened) -> Figure:
    box = None
    for key in [page.key for section in opened.page._visible() for page in section.pages]:
        opened.painted(partial(opened.page._turn, key), opened.there)
        assert opened.page.view is not None
        parts = [part for row in opened.page.view.rows() for part in row.editor.parts()]
        box = next((one for one in parts if isinstance(one, QPlainTextEdit) and one.isVisible()), None)
        if box is not None:
            break
    assert box is not None
    box.setPlainText("Words as somebody says them. " * 170)
    box.setFocus()
    times = []
    for _ in range(200):
        QTest.qWait(5)
        times.append(timed(partial(opened._until, partial(QTest.keyClicks, box, "a"), lambda: True)))
    return ninety_fifth("keystroke in a long text to paint", times, 16, "5,000 characters, the health check")


def _sections(opened: Opened) -> Figure:
    keys = [page.key for section in opened.page._visible() for page in section.pages]
    opened.painted(partial(opened.page._turn, keys[-1]), opened.there)
    times = [opened.painted(partial(opened.page._turn, key), opened.there) for key in keys]
    worst = max(range(len(times)), key=times.__getitem__)
    note = f"{len(times)} pages, all that is on each; the longest is page {worst + 1}"
    note += f"; {opened.of_processor(len(times))}"
    return figure("section to section of the health check", times, bar=60, note=note)


# -- off the screen ---------------------------------------------------------------------------------------


def _calculations(form: Form) -> Figure:
    """Work out everything of the form, and the same expressions by fhirpathpy on the same answers."""
    state = FormState(form, TODAY)
    state.fill(_half(form))
    ours = [timed(partial(state.turn_to, TODAY)) for _ in range(9)]
    theirs = timed(
        partial(_by_fhirpathpy, form, json.loads(dump_json(told_response(state)), parse_float=Decimal))
    )
    found = figure("all calculations of the health check, one pass", ours, note="conditions too")
    return replace(
        found, against=f"fhirpathpy, {theirs:.0f} ms (bar 0.02)", ratio=statistics.median(ours) / theirs
    )


def _by_fhirpathpy(form: Form, raw: dict[str, Any]) -> None:
    import fhirpathpy
    from fhirpathpy.models import models

    names = {part["name"] for part in _expressions(form.source) if part.get("name")}
    variables: dict[str, Any] = {name: [] for name in [*names, "patient"]} | {"resource": raw}
    for part in _expressions(form.source):
        if part.get("language") == "text/fhirpath" and part.get("name"):
            top = raw["item"][0] if raw.get("item") else {}
            base = {"base": "QuestionnaireResponse.item", "expression": part["expression"]}
            variables[part["name"]] = fhirpathpy.evaluate(top, base, variables, models["r4"])
    for part in _expressions(form.source):
        ours = part.get("language") == "text/fhirpath" and not part.get("name")
        if ours and not re.search(r"%patient|%LaunchPatient", part["expression"]):
            fhirpathpy.evaluate({}, part["expression"], variables, models["r4"])


def _expressions(raw: Any) -> Iterator[dict[str, Any]]:
    if isinstance(raw, list):
        for each in raw:
            yield from _expressions(each)
    elif isinstance(raw, dict):
        for name, each in raw.items():
            if name == "valueExpression":
                yield each
            else:
                yield from _expressions(each)


def _rows(opened: Opened) -> Iterator[Figure]:
    """Add a thousand rows to a group, each with an answer: worked out, and made durable."""
    assert opened.page.session is not None
    form = opened.page.session.form
    group = next(node for node in form.nodes if node.repeating_group and len(node.groups) == 1)
    link = next(form.nodes[one].link_id for one in group.children if form.nodes[one].keys == ("valueString",))
    state = FormState(form, TODAY)
    record = opened.desk.record
    row = responses.start(record, JEAN, NAME, form.version)
    draft = responses.load(record, JEAN, row)

    def add(at: int) -> None:
        path = (new_id(),)
        state.add_row((), group.link_id, path[0])
        state.set(path, link, [{"valueString": f"Name {at}"}])
        said = Said((FrozenAnswer({"valueString": f"Name {at}"}),))
        responses.answer(
            record,
            draft,
            Key(path, link, "observed"),
            said,
            seen=frozenset(),
            name="Add",
            groups=[group.link_id],
        )

    times = [timed(partial(add, at)) for at in range(ROWS + 10)]
    first, last = statistics.median(times[1:21]), statistics.median(times[-20:])
    found = figure(
        "the 1,000th row of a repeating group, durable", times[-20:], note="worked out and written"
    )
    yield replace(found, against=f"the first, {first:.2f} ms (bar 1.5)", ratio=last / first)


MEMORY = """
from tests.bench.forming import resident
print(resident())
"""


def _memory() -> Figure:
    out = subprocess.run([sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True)
    used = float(out.stdout.split()[-1])
    return Figure("memory, 40 cases and the health check open (MB)", used, used, 250, note="resident, in MB")


def resident() -> float:
    """Return what this process takes, in megabytes, with forty cases and the form open on the screen."""
    from ui.app import prepare

    prepare()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, told = filled_record(Path(folder))
        many_more(record, told, 40)
        desk = desk_on(record, _library())
        shell = Shell(desk, app.property("appearance"))
        response = half_filled(record, desk.library.form(NAME))
        opened = Opened(app, desk, shell, response)
        desk.go(Place())
        shell.show()
        opened.painted(partial(desk.go, Place("assess", JEAN, response)), opened.there)
        opened.quiet()
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        desk.database.stop()
        record.close()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def many_more(record: Record, told: Any, wanted: int) -> None:
    """Pull cases again under other ids until there are as many as ``wanted``."""
    from tests.support.desks import numbered

    held = len(told.cases)
    for at in range(wanted - held):
        case, ids = told.cases[at % held], {}
        copies = []
        for change in told.changes:
            if change.case == case:
                ids[change.id] = new_id()
                copies.append(
                    replace(
                        change, id=ids[change.id], case=f"{case[:-4]}{at:04}", row=f"{at:04}{change.row[4:]}",
                        supersedes=tuple(ids.get(one, one) for one in change.supersedes),
                    )
                )  # fmt: skip
        record.apply_page(f"{case[:-4]}{at:04}", numbered(copies))
