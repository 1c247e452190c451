"""What a carer said in private: on the carer's own copy, and on nothing that the person cared for gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ascdesk.documents.model import RecordCopy
from ascdesk.errors import Refusal
from ascdesk.forms.questionnaire import compile_report
from ascdesk.record.record import Record
from ascdesk.work import cases, fields, issuing, letters, privacy, records, responses
from ascdesk.work.caseload import Caseload
from ascdesk.work.copying import Asking
from ascdesk.work.issuing import Builder
from ascdesk.work.library import FormLibrary
from ascdesk.work.privacy import Private
from ascdesk.work.responses import Key, Said
from ascdesk.work.searching import Search
from ascdesk.work.searching import told as told_words
from tests.ascdesk.documents.test_secrets import everything_in
from tests.support.desks import JEAN, filled_record

FONTS = Path(__file__).parents[3] / "resources" / "fonts"
FORM = "carers-assessment"
IN_PRIVATE = "I shout at her and I am ashamed of Quillfeather"
OBSERVED = "He looks worn out, and spoke of Ravenmoor twice"
NEVER = "Stonecrop is not to be named to her"
HELD = "Thistledown keeps him awake every night"
WORDS = ("quillfeather", "ravenmoor", "stonecrop", "thistledown")


@dataclass
class Heard:
    """Jean's case with a carer's assessment in it, and what copies of it are made with."""

    record: Record
    library: FormLibrary
    response: str

    def case(self) -> cases.Case:
        return cases.look(self.record, JEAN)

    def say(
        self, link_id: str, text: str, source: str = "observed", response: str = "", **marks: str
    ) -> None:
        draft = responses.load(self.record, JEAN, response or self.response)
        key = Key((), link_id, source)
        said = Said((responses.FrozenAnswer({"valueString": text}),), **marks)
        seen = draft.account(key).seen
        responses.answer(self.record, draft, key, said, seen=seen, name="test")

    def choose(self, link_id: str, code: str) -> None:
        node = self.library.form(FORM).node(link_id)
        option = next(one for one in node.options if one.code == code)
        draft = responses.load(self.record, JEAN, self.response)
        said = Said((responses.FrozenAnswer(dict(option.value)),))
        responses.answer(
            self.record, draft, Key((), link_id, "observed"), said, seen=frozenset(), name="test"
        )

    def copy(self, **asked: object) -> RecordCopy:
        asking = Asking(**asked)  # type: ignore[arg-type]
        return Builder(self.record, JEAN, self.library, asking).other(self.response)[0]

    def printed(self, what: issuing.What, of: str, **asked: object) -> str:
        asking = Asking(**asked)  # type: ignore[arg-type]
        prepared = issuing.prepare(Builder(self.record, JEAN, self.library, asking), what, of, FONTS)
        assert prepared.data, (prepared.refused, prepared.missing)
        plain = prepared.copy.issue.format == "plain-text"
        return re.sub(r"\s+", " ", prepared.data.decode() if plain else everything_in(prepared.data)).lower()

    def needs(self) -> str:
        held = self.case().response("needs-assessment")
        assert held is not None
        return held.row


@pytest.fixture
def heard(tmp_path: Path, told: Caseload, library: FormLibrary) -> Iterator[Heard]:
    record, _ = filled_record(tmp_path, told)
    response = responses.start(record, JEAN, FORM, library.form(FORM).version)
    made = Heard(record, library, response)
    made.say("ca.private-words", IN_PRIVATE, "person")
    made.say("ca.about-you", f"He walks by the canal. {OBSERVED}.")
    made.say("ca.keep-from", NEVER)
    made.say("ca.goals", HELD, "person", held_back="he asked us to")
    made.say("ca.strengths", "My sister is Yarrowby and she is always there", "person")
    yield made
    record.close()


@pytest.fixture(scope="module")
def library() -> FormLibrary:
    return FormLibrary()


@pytest.mark.parametrize("word", WORDS)
def test_a_search_beside_the_person_finds_nothing_that_was_said_in_private(heard: Heard, word: str) -> None:
    while heard.record.keep_search(told_words):
        pass
    alone = Search(heard.record, heard.library).find(word)
    assert [one.of for one in alone.found] == [heard.response]
    assert Search(heard.record, heard.library, visiting=JEAN).find(word).found == ()


# -- whom it is about -----------------------------------------------------------------------------------


def test_the_one_contact_who_is_the_carer_is_meant_until_the_record_names_somebody(heard: Heard) -> None:
    case, form = heard.case(), heard.library.form(FORM)
    draft = responses.load(heard.record, JEAN, heard.response)
    subject = privacy.subject_of(case, form, draft)
    only = case.carer
    assert only is not None and (subject.name, subject.own) == (only.name, False)
    assert privacy.names_in(case, form, draft)["name"] == (only.name or "").split()[0]
    assert privacy.is_private(case, form, draft)


def test_of_two_carers_none_is_meant_and_the_copy_is_for_nobody_yet(heard: Heard) -> None:
    fields.add(heard.record, JEAN, "contact", {"name": "Ada Winterbourne", "carer": True}, name="test")
    assert heard.copy().issue.recipient == ""
    prepared = issuing.prepare(
        Builder(heard.record, JEAN, heard.library, Asking()), "record", heard.response, FONTS
    )
    with pytest.raises(Refusal, match="Say who the copy is for"):
        issuing.issue(heard.record, prepared, method="by hand", pages=1)
    heard.say("ca.name", "Ada Winterbourne")
    assert heard.copy().issue.recipient == "Ada Winterbourne"


@pytest.mark.parametrize(("named", "private"), [("jean  HOLLIS", False), ("Jean", True), ("Somebody", True)])
def test_only_the_persons_own_name_opens_a_record_to_them(heard: Heard, named: str, private: bool) -> None:
    case = heard.case()
    named = case.person.full_name.upper() if named == "jean  HOLLIS" else named
    heard.say("ca.name", named)
    assert (heard.response in privacy.private_rows(heard.record, case, heard.library)) is private


def test_a_form_may_be_private_only_in_the_way_that_is_known() -> None:
    raw = {"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "string", "text": "A"}]}
    ours = "https://ascdesk.example/fhir/StructureDefinition/private"
    form, problems, _ = compile_report({**raw, "extension": [{"url": ours, "valueCode": "carer"}]})
    assert form is not None and form.private == "carer" and not problems
    form, problems, _ = compile_report({**raw, "extension": [{"url": ours, "valueCode": "everybody"}]})
    assert form is None and [one.element for one in problems] == ["private"]
    form, _, _ = compile_report(raw)
    assert form is not None and form.private == ""


# -- the copies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["standard", "large-print", "plain-text"])
def test_nothing_said_in_private_reaches_a_copy_of_the_person(heard: Heard, form: str) -> None:
    # A worker wrote it once more, where everything is printed.
    heard.say("s18.analysis", f"{IN_PRIVATE}. {OBSERVED}. {NEVER}. {HELD}. Kept here.",
             response=heard.needs())  # fmt: skip
    said = heard.printed("assessment", heard.needs(), format=form)
    for word in (*WORDS, "yarrowby"):
        assert word not in said, word
    assert "kept here" in said
    for offer in letters.offers(heard.record, heard.case()):
        if not offer.lacking:
            assert not [word for word in WORDS if word in heard.printed("letter", offer.of, format=form)]


def test_the_carers_copy_holds_what_the_carer_said_and_nothing_of_the_person(heard: Heard) -> None:
    case = heard.case()
    carer = case.carer
    assert carer is not None and carer.name
    said = heard.printed("record", heard.response)
    assert "yarrowby" in said and "canal" in said
    for word in ("stonecrop", "thistledown", "quillfeather"):  # never on a copy, or held back
        assert word not in said, word
    copy = heard.copy()
    assert copy.issue.recipient == copy.person.name == carer.name
    facts = (copy.person.born, copy.person.nhs_number, copy.person.first_language, copy.person.communication)
    assert facts == (None, "", "", ())
    assert copy.person.address == (carer.address or "")
    assert (case.person.nhs_number or "000") not in said.replace(" ", "")


def test_the_carers_copy_is_in_the_carers_format_not_in_the_persons(heard: Heard) -> None:
    person = fields.row(heard.record, JEAN, "person", heard.case().person.row)
    fields.put(heard.record, JEAN, person, {"copy_format": "large-print"}, name="test")
    assert heard.copy().issue.format == "standard"
    heard.choose("ca.format", "plain-text")
    assert heard.copy().issue.format == "plain-text"


def test_it_cannot_be_given_to_the_person(heard: Heard) -> None:
    name = heard.case().person.full_name
    builder = Builder(heard.record, JEAN, heard.library, Asking((f"{name.lower()}",)))
    prepared = issuing.prepare(builder, "record", heard.response, FONTS)
    assert not prepared.data and "heard in private" in prepared.refused
    with pytest.raises(Refusal, match="heard in private"):
        issuing.issue(heard.record, prepared, method="by hand", pages=1)


# -- beside the person ----------------------------------------------------------------------------------


def test_beside_the_person_neither_the_record_nor_its_copy_is_in_the_case(heard: Heard) -> None:
    builder = Builder(heard.record, JEAN, heard.library, Asking())
    issuing.issue(
        heard.record, issuing.prepare(builder, "record", heard.response, FONTS), method="by hand", pages=1
    )
    whole = heard.case()
    assert [one.of for one in whole.copies] == [heard.response]
    beside = privacy.seen_beside(heard.record, whole, heard.library)
    assert heard.response not in {one.row for one in beside.responses}
    assert beside == replace(whole, responses=beside.responses, copies=())
    with pytest.raises(Private):
        privacy.refuse_private(heard.record, JEAN, heard.response, heard.library)
    privacy.refuse_private(heard.record, JEAN, heard.needs(), heard.library)


def test_it_is_read_back_in_the_carers_name(heard: Heard) -> None:
    back = records.read_back(heard.record, JEAN, heard.response, heard.library, heard.copy().issue.issued)
    carer = heard.case().carer
    assert carer is not None
    assert back.private and back.names["name"] == (carer.name or "").split()[0]
    person = heard.case().person.known_as
    assert not [one.label for part in back.sections for one in part.all_asked() if person in one.label]


def test_no_form_shows_again_what_was_said_in_private(library: FormLibrary) -> None:
    names = [path.stem for path in (FONTS.parent / "forms").glob("*.json")]
    forms = {name: library.form(name) for name in names}
    secret = {node.link_id for form in forms.values() if form.private for node in form.nodes}
    assert secret
    for name, form in forms.items():
        if not form.private:
            assert not secret & {str(node.ours.get("echo", "")) for node in form.nodes}, name
