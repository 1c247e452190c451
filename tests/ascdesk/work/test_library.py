"""Forms by name and version, never by path: those carried, and every version that the council published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Refusal, Unreadable
from ascdesk.work.library import FormLibrary, published_in, version_order

CARRIED = {path.stem for path in (Path(__file__).parents[3] / "resources" / "forms").glob("*.json")}


@pytest.mark.parametrize("name", sorted(CARRIED))
def test_a_form_is_compiled_once(library: FormLibrary, name: str) -> None:
    assert library.form(name) is library.form(name)


@given(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "../demo/caseload", "/etc/passwd", "../forms/needs-assessment", "./needs-assessment", "",
                "needs-assessment.json", "NEEDS-ASSESSMENT", "needs-assessment\0", "..\\demo\\caseload",
            ]
        ),
    )
)  # fmt: skip
def test_any_other_name_is_refused_in_a_sentence(library: FormLibrary, name: str) -> None:
    if name in CARRIED:
        return
    with pytest.raises(Unreadable) as refused:
        library.form(name)
    assert refused.value.sentence == (
        "This form is not in this version of ASC Desk. Update ASC Desk to open it."
    )


def text(version: str, *links: str) -> str:
    """Return a small form of this version."""
    items = [{"linkId": link, "text": link, "type": "string"} for link in links or ("a",)]
    raw = {"resourceType": "Questionnaire", "status": "active", "version": version, "title": f"V{version}"}
    return json.dumps(raw | {"item": items})


def published(*versions: str, name: str = "falls") -> FormLibrary:
    """Return a library to which these versions of a form were published."""
    return FormLibrary({f"forms/{name}@{version}.json": text(version) for version in versions})


def test_a_draft_gets_the_version_it_began_with_and_a_new_one_the_newest() -> None:
    forms = published("1.9.0", "1.10.0", "1.2.0")
    assert forms.form("falls").version == "1.10.0"
    assert forms.form("falls", "1.2.0").version == "1.2.0"


def test_a_version_that_is_not_here_is_read_with_the_newest_and_that_is_known() -> None:
    forms = published("1", "2")
    assert forms.form("falls", "3").version == "2"
    assert not forms.knows("falls", "3")
    assert forms.knows("falls", "1")


def test_the_councils_own_stands_before_the_carried_one_which_stays_for_its_drafts() -> None:
    forms = published("1.1.0-council", name="needs-assessment")
    assert forms.form("needs-assessment").version == "1.1.0-council"
    assert forms.form("needs-assessment", "1.0.0").version == "1.0.0"
    assert forms.own() == {}


def carried(folder: Path, **kept: str) -> FormLibrary:
    """Return a library of a later release: its forms, and what they were, by file."""
    for file, version in kept.items():
        (folder / f"{file}.json").write_text(text(version))
    return FormLibrary(carried={path.name: path for path in folder.iterdir()})


def test_a_draft_keeps_its_version_when_a_release_brings_a_newer_one(tmp_path: Path) -> None:
    forms = carried(tmp_path, **{"falls": "1.10.0", "falls@1.9.0": "1.9.0", "falls@1.2.0": "1.2.0"})
    assert forms.form("falls").version == "1.10.0"
    assert forms.form("falls", "1.9.0").version == "1.9.0"
    assert forms.form("falls", "7").version == "1.10.0", "of another release: read with the newest"
    assert forms.versions("falls") == ("1.10.0", "1.9.0", "1.2.0")
    assert forms.knows("falls", "1.2.0") and not forms.knows("falls", "7")
    with pytest.raises(Unreadable):
        forms.form("falls@1.2.0")


def test_what_the_council_published_since_leaves_earlier_releases_readable(tmp_path: Path) -> None:
    forms = carried(tmp_path, **{"falls": "1.1", "falls@1.0": "1.0"})
    forms.take({"forms/falls@1.2.json": text("1.2")})
    assert [forms.form("falls", asked).version for asked in ("", "1.2", "1.1", "1.0")] == [
        "1.2", "1.2", "1.1", "1.0",
    ]  # fmt: skip
    assert forms.own() == {}


def test_what_the_council_added_is_offered_by_its_title() -> None:
    assert published("1", "2").own() == {"falls": "V2"}


def test_a_published_version_never_changes() -> None:
    forms = published("1")
    forms.take({"forms/falls@1.json": text("1", "other")})
    assert [node.link_id for node in forms.form("falls", "1").nodes] == ["a"]


def test_forms_come_with_a_newer_pack_while_the_program_runs() -> None:
    forms = FormLibrary()
    with pytest.raises(Unreadable):
        forms.form("falls")
    forms.take({"forms/falls@1.json": text("1"), "teams.toml": "nothing of forms"})
    assert forms.form("falls").version == "1"


def test_a_published_form_that_is_none_is_refused_when_it_is_asked_for() -> None:
    forms = FormLibrary({"forms/falls@1.json": "[]"})
    with pytest.raises(Unreadable):
        forms.form("falls")
    bad = json.loads(text("1")) | {"item": [{"linkId": "a", "type": "reference"}]}
    with pytest.raises(Refusal):
        FormLibrary({"forms/falls@1.json": json.dumps(bad)}).form("falls")


@pytest.mark.parametrize(
    "file", ["forms/falls.json", "forms/../x@1.json", "falls@1.json", "forms/a/b@1.json", "forms/@1.json"]
)
def test_other_files_of_a_pack_are_no_forms(file: str) -> None:
    assert published_in(file) is None


def test_versions_are_ordered_as_people_read_them() -> None:
    ordered = ["0.9", "1.0-draft", "1.0", "1.0.1", "1.2", "1.10", "2022-10-28", "2026-01-05"]
    assert sorted({*ordered}, key=version_order) == ordered
