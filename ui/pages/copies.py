"""Copies: what the person will get, looked at page by page, given, kept, and opened again exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ascdesk.documents.fonts import FontSet
from ascdesk.work import cases, issuing, letters, privacy, therapy_copies
from ascdesk.work.cases import Case, IssuedCopy
from ascdesk.work.copying import Asking, ThirdParty
from ascdesk.work.criteria import DETERMINED
from ascdesk.work.issuing import METHODS, Prepared, What
from ascdesk.work.library import NEEDS_ASSESSMENT
from ascdesk.work.picturing import PagePicture, page_count, page_picture
from ui.actions import hint
from ui.desk import Desk
from ui.form.sure import SureSheet
from ui.pages.base import CasePage
from ui.place import Place
from ui.signatures import SignedTwice
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.choices import MultipleChoice, SingleChoice, coded
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.paper import PageImage, show_picture
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card, EmptyState, Hairline, HairlineList, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong
from ui.widgets.written import LineEditor
from ui.words import when_words

SCALE = 1.8
"""Pixels to a point of a preview: sharp at 100 per cent, readable at 200."""
_FORMATS = (
    ("standard", "Standard"),
    ("large-print", "Large print, 18 point"),
    ("large-print-20", "Large print, 20 point"),
    ("large-print-28", "Large print, 28 point"),
    ("plain-text", "Plain text"),
)
_FILES = {
    "assessment": "assessment",
    "plan": "support-plan",
    "letter": "letter",
    "report": "therapy-report",
    "order": "prescription",
    "works": "adaptation",
    "help": "things-to-help",
}
_NOT_MADE = {
    "easy-read": "Easy Read",
    "braille": "braille",
    "audio": "audio",
    "email": "email",
    "bsl-video": "a BSL video",
    "read-aloud": "somebody to read it aloud",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that can be given: its address, what it is, its words, and why it has to wait, if it does."""

    of: str
    what: What
    words: str
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The case, and the copy as it would be given now; nothing where there is nothing to give."""

    case: Case
    prepared: Prepared | None
    pages: int = 0
    subjects: tuple[Subject, ...] = ()


class CopiesPage(CasePage):
    """The copies of one case: the one to be given, and those that were given."""

    key = "copies"
    title = "Give a copy"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.loaded: Loaded | None = None
        self.pictures: list[PageImage] = []
        self._asking = Asking()
        self._fonts: FontSet | None = None
        self._turns = Turns(self)
        desk.locked.connect(self._drop)
        desk.visit.connect(self._visited)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Prepare the copy that the place names; the newest thing there is without one."""
        if (place.case, place.of) != (self.place.case, self.place.of) or self.desk.visiting:
            self._clear()
        super().show_place(place)
        self._read(opened=True)

    def _clear(self) -> None:
        """Take the copy from the screen, and what was asked of it."""
        self.loaded = None
        self._turns.later(iter(()))
        self._asking = Asking()
        self.pictures = []
        empty(self.centre)
        self.set_panel(None)

    def _visited(self, case: str) -> None:
        """Prepare anew when a visit begins: the person beside may not see all that stands here."""
        if case and self.place.case:
            self._clear()
            if self.isVisible():
                self._read()

    def refresh(self) -> None:
        """Prepare again: something was written or pulled."""
        self._read()

    def _read(self, *, opened: bool = False) -> None:
        work = partial(self._prepare, self.place, self._asking, opened=opened)
        self.desk.read(work, self._show, self.not_read)

    def close_now(self, case: Case) -> None:
        """Take the copy away: the person beside may not see it."""
        self.loaded = None
        self._turns.later(iter(()))
        self.pictures = []
        super().close_now(case)

    def _prepare(self, place: Place, asking: Asking, *, opened: bool) -> tuple[Place, Loaded]:
        """Read and lay out. On the database's thread."""
        from ascdesk.documents import api  # noqa: PLC0415 (the first copy of a session loads the fonts)

        desk = self.desk
        if desk.visiting:
            privacy.refuse_private(desk.record, place.case, place.of, desk.library)
            if therapy_copies.for_worker_alone(place.of):
                raise privacy.Private(cases.look(desk.record, place.case))
        case = (cases.open_case if opened else cases.look)(desk.record, place.case)
        if desk.visiting:
            case = privacy.seen_beside(desk.record, case, desk.library)
        subjects = _subjects(desk, case)
        chosen = _chosen_of(case, subjects, place.of)
        if chosen is None:
            return place, Loaded(case, None, subjects=subjects)
        if self._fonts is None:
            self._fonts = api.load_fonts(fonts_folder())
        builder = issuing.Builder(desk.record, place.case, desk.library, asking)
        prepared = issuing.prepare(builder, chosen.what, chosen.of, self._fonts)
        paged = bool(prepared.data) and prepared.copy.issue.format != "plain-text"
        return place, Loaded(case, prepared, page_count(prepared.data) if paged else 0, subjects)

    def _drop(self) -> None:
        """Forget the shapes of words that were printed: the record is being locked."""
        self._fonts = None
        self.loaded = None

    # -- showing ----------------------------------------------------------------------------------------

    def _show(self, found: tuple[Place, Loaded]) -> None:
        place, loaded = found
        if (place.case, place.of) != (self.place.case, self.place.of) or loaded == self.loaded:
            return
        scrolled = self.area.verticalScrollBar().value() if self.loaded else 0
        same = (
            self.loaded is not None
            and self.loaded.prepared is not None
            and loaded.prepared is not None
            and self.loaded.prepared.data == loaded.prepared.data
        )
        self.loaded = loaded
        self._turns.begin(self._steps(loaded, None if same else scrolled))

    def _steps(self, loaded: Loaded, scrolled: int | None) -> Iterator[object]:
        """Build the copy, unless the same one is there, scrolled as it was; then the panel beside it."""
        self.show_case(loaded.case)
        self.state.set_hints([hint("back")])
        if scrolled is not None:
            self._build(loaded)
            self.area.verticalScrollBar().setValue(scrolled)
            yield REST
        self._build_panel(loaded)

    def _build(self, loaded: Loaded) -> None:
        empty(self.centre)
        self.pictures = []
        prepared = loaded.prepared
        name = loaded.case.person.known_as
        if prepared is None:
            begin = SecondaryButton("Back to the case")
            begin.clicked.connect(self._back)
            words = "Start the needs assessment first. A draft can be given too, marked as a draft."
            self.centre.addWidget(page_head("", self.title))
            self.centre.addWidget(EmptyState("There is nothing to give yet", words, begin))
            return
        who = name if prepared.recipients == (loaded.case.person.full_name,) else prepared.recipients[0]
        if who in therapy_copies.ROLES:
            who = f"{who[:1].lower()}{who[1:]}"  # in the middle of a sentence
        lead = f"This is what {who or 'whoever it is for'} will get. Read it through before you give it."
        self.centre.addWidget(page_head(prepared.title, self.title, lead))
        if len(loaded.subjects) > 1:
            self.centre.addWidget(self._kinds(loaded, prepared))
        self._show_marks(prepared)
        if prepared.missing or prepared.refused:
            self._show_refused(prepared)
        elif loaded.pages:
            self.pictures = [PageImage(number, loaded.pages) for number in range(1, loaded.pages + 1)]
            for picture in self.pictures:
                picture.wanted.connect(self._draw)
                self.centre.addWidget(picture)
        else:
            card = Card()
            card.body.addWidget(Body(prepared.data.decode()))
            self.centre.addWidget(card)

    def _kinds(self, loaded: Loaded, prepared: Prepared) -> QWidget:
        """Offer the other documents of the case."""
        held = QWidget()
        line = Flow(held, gap=16)
        for one in loaded.subjects:
            if one.of == prepared.of:
                line.addWidget(Strong(one.words, wrap=False))
            elif one.lacking:
                line.addWidget(Quiet(f"{one.words}: {one.lacking}"))
            else:
                link = SubjectLink(one.of, one.words)
                link.chosen.connect(self._turn_to)
                line.addWidget(link)
        return held

    def _turn_to(self, of: str) -> None:
        self.desk.go(Place("copies", self.place.case, of))

    def _show_marks(self, prepared: Prepared) -> None:
        held = QWidget()
        line = Flow(held, gap=8)
        if prepared.what == "letter":
            line.addWidget(Chip("Letter", "plain"))
        elif prepared.draft:
            line.addWidget(Chip(f"Draft: {_draft_because(prepared)}, and every page says so", "warning"))
        else:
            stands = "Final" if prepared.what in ("works", "help") else "Signed"
            stands = "Ordered" if prepared.what == "order" else stands
            line.addWidget(Chip(f"{stands} · version {prepared.copy.issue.version}", "good"))
        if self.loaded is not None and self.loaded.pages:
            many = self.loaded.pages
            line.addWidget(Chip("1 page" if many == 1 else f"{many} pages", "plain"))
        self.centre.addWidget(held)
        if prepared.standing.others:
            self.centre.addWidget(SignedTwice(prepared.standing))

    def _show_refused(self, prepared: Prepared) -> None:
        card = Card()
        card.body.addWidget(Strong("This cannot be printed as it is"))
        if prepared.refused:
            card.body.addWidget(Body(prepared.refused))
        for missing in prepared.missing:
            card.body.addWidget(Body(f"{missing} in “{missing.example}”"))
        if prepared.missing:
            words = "No font here has these characters. Change the words, or give the copy as plain text."
            card.body.addWidget(Quiet(words))
        self.centre.addWidget(card)

    def _draw(self, number: int) -> None:
        """Draw a page that came into sight."""
        if self.loaded is not None and self.loaded.prepared is not None:
            data = self.loaded.prepared.data
            self.desk.read(partial(page_picture, data, number, SCALE), self._drawn)

    def _drawn(self, picture: PagePicture) -> None:
        show_picture(self.pictures, picture)

    # -- the panel: for whom, how, what is left out -----------------------------------------------------

    def _build_panel(self, loaded: Loaded) -> None:
        held = QWidget()
        outer = column(held, 14)
        if loaded.prepared is not None:
            self._build_giving(loaded.prepared, outer)
            if self.desk.visiting:
                # What others said, and what is held back and why, is for the worker alone.
                outer.addWidget(Quiet("What is left out can be looked through when the visit has ended."))
            else:
                self._build_third_parties(loaded.prepared, outer)
                self._build_withheld(loaded.prepared, outer)
        self._build_given(loaded.case, outer)
        self.set_panel(held)

    def _build_giving(self, prepared: Prepared, outer: object) -> None:
        add = outer.addWidget  # type: ignore[attr-defined]
        self.recipients = FormRow("Who is it for?", LineEditor(), "Names, with semicolons between", absent=())
        self.recipients.set_stored({"answer": [{"valueString": "; ".join(prepared.recipients)}]})
        self.recipients.left.connect(self._asked_anew)
        add(self.recipients)
        self.formats = FormRow(
            "In which format?", SingleChoice([coded(c, w) for c, w in _FORMATS]), absent=()
        )
        chosen = dict(_FORMATS)[prepared.copy.issue.format]
        coding = coded(prepared.copy.issue.format, chosen).answer
        self.formats.set_stored({"answer": [coding]})
        self.formats.edited.connect(self._asked_anew)
        add(self.formats)
        if prepared.asked_format:
            wanted = _NOT_MADE.get(prepared.asked_format, prepared.asked_format)
            name = prepared.copy.person.preferred_name
            add(Quiet(f"{name} asked for {wanted}. It cannot be made here: give this one, and arrange it."))
        self.method = FormRow(
            "How is it given?", SingleChoice([coded(m, m.capitalize()) for m in METHODS]), absent=()
        )
        add(self.method)
        ready = bool(prepared.data)
        thing = "letter" if prepared.what == "letter" else "draft" if prepared.draft else "copy"
        give = PrimaryButton(f"Give this {thing}")
        give.setEnabled(ready)
        give.clicked.connect(self._ask_give)
        add(give)
        save = Link("Save a copy to…")
        save.setEnabled(ready)
        save.clicked.connect(self._ask_save)
        add(save)

    def _build_third_parties(self, prepared: Prepared, outer: object) -> None:
        if not prepared.third_parties:
            return
        add = outer.addWidget  # type: ignore[attr-defined]
        add(Hairline())
        add(Heading("What others said"))
        add(Quiet("Printed only where you decide that it may be. Ask whoever said it first."))
        for about in prepared.third_parties:
            add(ReleaseTick(about, self._release))

    def _build_withheld(self, prepared: Prepared, outer: object) -> None:
        add = outer.addWidget  # type: ignore[attr-defined]
        add(Hairline())
        add(Heading("Left out"))
        if not prepared.withheld:
            add(Quiet("Nothing is left out of this copy."))
        for one in prepared.withheld:
            line = QWidget()
            lines = column(line, 0)
            lines.addWidget(Body(one.where or "Somewhere in the text"))
            lines.addWidget(Small(one.why))
            add(line)

    def _build_given(self, case: Case, outer: object) -> None:
        if not case.copies:
            return
        add = outer.addWidget  # type: ignore[attr-defined]
        add(Hairline())
        add(Heading("Given before"))
        rows = HairlineList(boxed=False)
        for copy in reversed(case.copies):
            rows.add(GivenRow(copy, self.desk.clock().date(), self._open_given))
        add(rows)

    # -- choosing ---------------------------------------------------------------------------------------

    def _asked_anew(self) -> None:
        """Lay it out again for somebody else, or in another format."""
        asking = self._chosen()
        if asking != self._asking and self.loaded is not None:
            self._asking = asking
            self._read()

    def _chosen(self) -> Asking:
        said = self.recipients.stored()["answer"]
        names = str(said[0].get("valueString", "")) if said else ""
        formats = self.formats.stored()["answer"]
        chosen = formats[0]["valueCoding"]["code"] if formats else None
        recipients = tuple(name.strip() for name in names.split(";") if name.strip())
        return Asking(recipients, chosen)

    def _release(self, about: ThirdParty, may: bool) -> None:
        work = partial(
            issuing.set_release, self.desk.record, self.place.case, about, by=self.desk.user.name, may=may
        )
        self.desk.write(self.place.case, work)

    # -- giving -----------------------------------------------------------------------------------------

    def _ask_give(self) -> None:
        self.recipients.flush()
        prepared = self.loaded.prepared if self.loaded is not None else None
        if prepared is None:
            return
        chosen = self._chosen()
        if not chosen.recipients:
            self.recipients.set_error("Say who the copy is for.")
            self.recipients.go()
            return
        self.recipients.set_error("")
        if not self.method.stored()["answer"]:
            self.method.set_error("Say how it is given.")
            self.method.go()
            return
        self.method.set_error("")
        # What is given is what was asked for last, laid out once more as the record stands now.
        self._asking = chosen
        builder = issuing.Builder(self.desk.record, self.place.case, self.desk.library, chosen)
        method = self.method.stored()["answer"][0]["valueCoding"]["code"]
        work = partial(_give, builder, prepared, self._fonts, method)
        self.desk.write(self.place.case, work, self._given)

    def _given(self, issued: issuing.Issued) -> None:
        self.desk.noticed.emit(
            f"Given: version {issued.number}. It is kept on this laptop, encrypted.", False
        )

    def _ask_save(self) -> None:
        sheet = SureSheet(
            "Save a copy outside ASC Desk",
            "The file will not be protected: whoever has this laptop, or the stick it is on, can read it. "
            "Delete it as soon as it is printed or handed over.",
            "Choose where…",
            self,
        )
        sheet.confirmed.connect(self._choose_file)
        sheet.open()

    def _choose_file(self) -> None:
        prepared = self.loaded.prepared if self.loaded is not None else None
        if prepared is None:
            return
        # No name in a file's name: it would stay in the lists of recent files.
        ending = ".txt" if prepared.copy.issue.format == "plain-text" else ".pdf"
        suggested = _FILES.get(prepared.what, "copy") + ending
        chosen, _ = QFileDialog.getSaveFileName(self, "Save a copy", suggested)
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the copy on the screen to a file that is not protected."""
        prepared = self.loaded.prepared if self.loaded is not None else None
        if prepared is not None:
            self.desk.read(partial(issuing.export, prepared.data, path), self._saved)

    def _saved(self, _: object) -> None:
        self.desk.noticed.emit("Saved. That file is not protected: delete it when it has been used.", False)

    def _open_given(self, copy: IssuedCopy) -> None:
        work = partial(_reopen, self.desk, copy)
        self.desk.read(work, self._show_given)

    def _show_given(self, found: tuple[IssuedCopy, bytes, int]) -> None:
        from ui.dialogs.given import GivenCopy  # noqa: PLC0415 (opened seldom)

        copy, data, pages = found
        GivenCopy(self.desk, copy, data, pages, self).open()

    def _back(self) -> None:
        self.act("back")


class SubjectLink(Link):
    """A link to another document of the case."""

    chosen = Signal(str)

    def __init__(self, of: str, words: str) -> None:
        super().__init__(words)
        self._of = of
        self.clicked.connect(self._choose)

    def _choose(self) -> None:
        self.chosen.emit(self._of)


class ReleaseTick(QWidget):
    """One account of somebody else, in full, with the decision whether it may be printed."""

    def __init__(self, about: ThirdParty, decide: object) -> None:
        super().__init__()
        assert callable(decide)
        self.about = about
        self._decide = decide
        outer = column(self, 2)
        who = about.who or {"professional": "Another professional", "record": "The record"}.get(
            about.source, ""
        )
        outer.addWidget(Small(f"{who[:1].upper()}{who[1:]}: {about.label}" if who else about.label))
        outer.addWidget(Body(about.words))
        self.tick = MultipleChoice([coded("may", "May be printed")])
        self.tick.setAccessibleName(f"May be printed: {about.label}")
        if about.released:
            self.tick.set_value([coded("may", "May be printed").answer])
        self.tick.edited.connect(self._decided)
        outer.addWidget(self.tick)

    def _decided(self) -> None:
        self._decide(self.about, bool(self.tick.value()))


class GivenRow(QWidget):
    """One copy that was given: what, to whom, when and how, and a way to open it again."""

    def __init__(self, copy: IssuedCopy, today: object, opened: object) -> None:
        super().__init__()
        assert callable(opened)
        self._copy, self._opened = copy, opened
        outer = column(self, 0, (0, 8, 0, 8))
        number = f", version {copy.number}" if copy.number else ""
        outer.addWidget(Strong(f"{copy.title or 'Copy'}{number}"))
        when = when_words(copy.at, today)  # type: ignore[arg-type]
        outer.addWidget(
            Small(f"{copy.recipient or ''} · {when} · {dict(_FORMATS).get(copy.format or '', '')}")
        )
        if copy.sha256:
            link = SmallLink("Open exactly what was given")
            link.setAccessibleName(f"Open exactly what was given: {copy.title}{number}")
            link.clicked.connect(self._open)
            line = Flow()
            line.addWidget(link)
            outer.addLayout(line)

    def _open(self) -> None:
        self._opened(self._copy)


def fonts_folder() -> Path:
    """Return the folder of the bundled fonts."""
    from importlib.resources import files  # noqa: PLC0415

    return Path(str(files("resources") / "fonts"))


def _subjects(desk: Desk, case: Case) -> tuple[Subject, ...]:
    """Return what can be given: the newest assessment and plan, signed records, and letters."""
    found: list[Subject] = []
    assessment = case.response(NEEDS_ASSESSMENT)
    if assessment is not None:
        found.append(Subject(assessment.row, "assessment", "Needs assessment"))
    found += [Subject(plan.row, "plan", "Support plan") for plan in case.plans[-1:]]
    plans = {plan.row for plan in case.plans}
    hidden = privacy.private_rows(desk.record, case, desk.library)
    for held in case.responses:
        if held.signed_at and held.of not in plans and held.questionnaire not in (NEEDS_ASSESSMENT, None):
            form = desk.library.form(held.questionnaire, held.questionnaire_version)
            if any(form.nodes[root].ours.get("copy") != "never" for root in form.roots):
                words = f"{form.title} (private)" if held.row in hidden else form.title
                found.append(Subject(held.row, "record", words))
    for told in therapy_copies.offers(desk.record, case):
        if not (desk.visiting and therapy_copies.for_worker_alone(told.of)):
            found.append(Subject(told.of, told.what, told.words, told.lacking))
    for offer in letters.offers(desk.record, case):
        found.append(Subject(offer.of, "letter", offer.title, offer.lacking))
    return tuple(found)


def _chosen_of(case: Case, subjects: tuple[Subject, ...], of: str) -> Subject | None:
    """Return what a place means; the newest assessment or plan where it names none, else the first letter.

    A carer's assessment whose copy is owed comes before what was given already.
    """
    if of:
        named = next((one for one in subjects if one.of == of), None)
        return named or Subject(of, _kind_of(case, of), "")
    ready = [one for one in subjects if not one.lacking]
    given = {copy.of for copy in case.copies}
    owed = {one.row for one in case.responses if one.questionnaire in DETERMINED and one.signed_at} - given
    carers = [one for one in ready if one.what == "record" and one.of in owed]
    own = [one for one in ready if one.what in ("assessment", "plan")]
    if carers and all(one.of in given for one in own):
        return carers[-1]
    return own[-1] if own else next(iter(ready), None)


def _kind_of(case: Case, of: str) -> What:
    """Return what kind of document an address means that is not offered, as an earlier assessment."""
    if letters.parse(of):
        return "letter"
    named = therapy_copies.parse(of)
    if named is not None:
        return named.what
    held = next((one for one in case.responses if one.row == of), None)
    return "assessment" if held is None or held.questionnaire == NEEDS_ASSESSMENT else "record"


def _give(builder: issuing.Builder, shown: Prepared, fonts: FontSet | None, method: str) -> issuing.Issued:
    prepared = issuing.prepare(builder, shown.what, shown.of, fonts or fonts_folder())
    paged = bool(prepared.data) and prepared.copy.issue.format != "plain-text"
    pages = page_count(prepared.data) if paged else 1
    return issuing.issue(builder.record, prepared, method=method, pages=pages)


def _reopen(desk: Desk, copy: IssuedCopy) -> tuple[IssuedCopy, bytes, int]:
    data = issuing.open_issued(desk.record, copy.sha256 or "")
    return copy, data, 0 if copy.format == "plain-text" else page_count(data)


def _draft_because(prepared: Prepared) -> str:
    """Return why a copy is only a draft."""
    standing = prepared.standing
    if standing.signed is None:
        return prepared.copy.issue.draft_because
    if standing.amending is not None:
        return "being amended"
    return "two signatures do not agree" if standing.others else "written in since it was signed"
