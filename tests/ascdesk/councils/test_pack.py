"""A pack is taken whole or refused with everything that is wrong in it, each with file, line and reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascdesk.care.routing import NeedKind
from ascdesk.councils.carried import carried, carried_pack, default_name
from ascdesk.councils.checking import Problem
from ascdesk.councils.pack import (
    PackRefused,
    canonical,
    files_of,
    from_canonical,
    pack_of,
    read_pack,
    warnings_of,
)
from ascdesk.errors import Refusal, Unreadable

TODAY = date(2026, 11, 21)


@pytest.fixture
def texts() -> dict[str, str]:
    """Return the files of the first carried pack, to be spoilt."""
    return files_of(files("resources") / "councils" / "coventry")


def problems_of(texts: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(PackRefused) as refused:
        pack_of(texts)
    return refused.value.problems


def spoil(texts: dict[str, str], file: str, old: str, new: str) -> int:
    """Change a file's text once; return the line on which the change stands, counted from 1."""
    place = texts[file].index(old)
    texts[file] = texts[file][:place] + new + texts[file][place + len(old) :]
    return texts[file].count("\n", 0, place) + 1


def test_every_carried_pack_is_sound_and_named_as_its_folder() -> None:
    assert default_name() in carried()
    for name in carried():
        assert carried_pack(name).id == name
    with pytest.raises(Unreadable):
        carried_pack("../coventry")


def test_the_first_council_has_every_team_of_the_source_document() -> None:
    pack = carried_pack("coventry")
    assert {one.id for one in pack.teams} == {
        "direct", "initial_contact", "duty", "opal", "ot", "telecare", "pi", "pi_ld", "older_people",
        "transitions", "disabilities_25", "carers", "manual", "mental_health_route", "hospital_route",
    }  # fmt: skip
    assert pack.team("ot").name == pack.team_name("ot") == "Occupational Therapy"
    assert pack.team_name("long_gone") == "long_gone"
    with pytest.raises(Refusal, match="long_gone"):
        pack.team("long_gone")


def test_every_need_has_somewhere_to_be_sent_to() -> None:
    for name in carried():
        pack = carried_pack(name)
        assert [need for need in NeedKind if not pack.signposts_for([need])] == []
        assert pack.signposts_for() == pack.signposts


SPOILT = [
    ("teams.toml", 'phone = "024 7683 3003"', "phone = 2476833003", "“phone” must be a text"),
    ("teams.toml", "purpose =", "pupose =", "Did you mean “purpose”?"),
    ("teams.toml", 'kind = "outside"', 'kind = "elsewhere"', "use team, outside"),
    ("teams.toml", 'id = "opal"', 'id = "Opal!"', "is no id"),
    ("teams.toml", 'id = "opal"', 'id = "duty"', "two teams with the id “duty”"),
    ("council.toml", "version = 2", "version = 0", "between 1 and"),
    ("council.toml", 'name = "Coventry City Council"', 'name = " "', "is empty"),
    ("channels.toml", 'id = "carer"', 'id = "fax"', "use phone, professional, carer, self_assessment"),
    ("routing.toml", 'teams = ["opal"]', 'teams = ["opel"]', "Did you mean “opal”?"),
    ("routing.toml", 'needs = ["telecare"]', 'needs = ["tv"]', "“tv” is not known here"),
    ("routing.toml", "below_age = 26", "below_age = 16", "higher than “from_age”"),
    ("routing.toml", 'how = "outside"', 'how = "outdoors"', "“outdoors” is not known"),
    ("calendar.toml", "closes = 17:00:00", "closes = 08:00:00", "later than “opens”"),
    ("calendar.toml", '"friday"', '"fryday"', "Did you mean “friday”?"),
    ("clocks.toml", "working_days = 2", "working_days = 0", "between 1 and 60"),
    ("clocks.toml", "working_days = 2", 'working_days = "2"', "whole number"),
    ("clocks.toml", 'todo = "Give {name} the', 'todo = "Give {nmae} the', "“{nmae}” cannot be filled in"),
    ("clocks.toml", "amber_days = 42", "amber_days = 57", "not be later than “days”"),
    ("clocks.toml", "first_months = 6", "first_months = 7", "between 1 and 6"),
    ("signposting.toml", 'needs = ["safeguarding"]', "needs = []", "name at least one"),
    ("rates.toml", 'amount = "23250.00"', "amount = 23250.00", "amount in quotation marks"),
    ("rates.toml", "from = 2024-04-01", "from = 2024-03-31", "two figures for the same days"),
    ("rates.toml", "to = 2024-03-31", "to = 2023-03-31", "on or after “from”"),
    ("services.toml", '"timetable"', '"time_table"', "Did you mean “timetable”?"),
    ("services.toml", 'rate = "respite_week"', 'rate = "rest_week"', "the name of a figure in rates.toml"),
    ("services.toml", 'component = "Day support"', 'component = "Daycare"', "the national return"),
    ("pathway.toml", "approvals = 1", "approvals = 3", "between 0 and 2"),
    ("pathway.toml", "from_age = 18", "from_age = 130", "between 0 and 120"),
    ("pathway.toml", "from_age = 18", "from_age = 18\nbelow_age = 18", "must be below “below_age”"),
    ("pathway.toml", 'finishes = "review_completed"', 'finishes = "reviewed"', "an event that a clock knows"),
    ("pathway.toml", 'next = ["review"]', 'next = ["revue"]', "Did you mean “review”?"),
    ("pathway.toml", 'checks = ["equipment', 'checks = ["equipement', "“equipement” is not known here"),
    ("letters/first.toml", "{front_door_phone}", "{front_dor_phone}", "cannot be filled in here"),
    ("signposting.toml", "example = true", 'example = "yes"', "true or false"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"), SPOILT, ids=[f"{one[0]}-{place}" for place, one in enumerate(SPOILT)]
)
def test_a_mistake_is_named_with_its_file_and_line(
    texts: dict[str, str], file: str, old: str, new: str, reason: str
) -> None:
    line = spoil(texts, file, old, new)
    found = problems_of(texts)
    named = [one for one in found if reason in one.reason]
    assert named, found
    assert named[0].file == file
    assert named[0].line == line
    assert f"{file}, line {named[0].line}: " in str(PackRefused(named))


def test_a_missing_text_is_named_where_its_part_begins(texts: dict[str, str]) -> None:
    line = spoil(texts, "teams.toml", 'purpose = "Takes the first call', '# purpose = "Takes')
    (found,) = problems_of(texts)
    part = texts["teams.toml"].splitlines()[found.line - 1]
    assert (found.file, part, found.reason) == (
        "teams.toml",
        "[[team]]",
        "“purpose” is missing: write a text.",
    )
    assert found.line < line


def test_a_pack_without_work_that_the_law_asks_for_is_refused(texts: dict[str, str]) -> None:
    texts["pathway.toml"] = texts["pathway.toml"].replace('"carers_assessment"', '"kindness"')
    (found,) = problems_of(texts)
    assert "“carers_assessment”, which every council needs" in found.reason


def test_all_problems_of_all_files_are_told_at_once(texts: dict[str, str]) -> None:
    spoil(texts, "teams.toml", 'name = "Duty Team"', "")
    spoil(texts, "clocks.toml", "minutes = 120", "minutes = -1")
    texts["calendar.toml"] += "\nbroken = [\n"
    del texts["channels.toml"]
    texts["chanels.toml"] = ""
    found = problems_of(texts)
    assert {one.file for one in found} == {
        "teams.toml", "clocks.toml", "calendar.toml", "channels.toml", "chanels.toml",
    }  # fmt: skip
    assert found == tuple(sorted(found))
    assert "(and 4 more)" in PackRefused(found).sentence


def test_a_file_that_is_not_toml_is_named_with_its_line_and_nothing_is_said_of_its_parts(
    texts: dict[str, str],
) -> None:
    line = spoil(texts, "teams.toml", 'id = "duty"', "id = duty")
    (found,) = problems_of(texts)
    assert (found.file, found.line) == ("teams.toml", line)
    assert "not TOML" in found.reason


@pytest.mark.parametrize(
    "more", ["x = " + "[" * 20_000, "x = " + "9" * 5_000, "x = 2026-02-30"], ids=["deep", "long", "no-day"]
)
def test_what_the_parser_chokes_on_is_a_problem_like_any_other(texts: dict[str, str], more: str) -> None:
    texts["rates.toml"] += f"\n{more}\n"
    (found,) = {one.file for one in problems_of(texts)}
    assert found == "rates.toml"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_a_file_is_spoilt_the_pack_is_taken_or_refused_with_lines(
    texts: dict[str, str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(texts)))
    lines = texts[name].splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    value = data.draw(st.sampled_from(['""', "1", "[]", "{}", "[[1]]", "[{a = 1}]", "17:00:00", "nan"]))
    spoilt = data.draw(
        st.sampled_from(["", lines[place].partition("=")[0] + "= " + value, lines[place][:9], "[x]", "[[x]]"])
    )
    text = "\n".join([*lines[:place], spoilt, *lines[place + 1 :]]) + "\n"
    try:
        pack_of(texts | {name: text})
    except PackRefused as refused:
        assert all(one.reason and one.line >= 1 for one in refused.problems)
        assert all(one.line <= len(lines) for one in refused.problems if one.file == name)


def test_a_folder_is_read_as_it_was_saved_on_any_machine(texts: dict[str, str], tmp_path: Path) -> None:
    for name, text in texts.items():
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (tmp_path / "notes.txt").write_text("not a part", encoding="utf-8")
    assert read_pack(tmp_path) == carried_pack("coventry")


def _unreadable(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "nowhere"
    yield Path(__file__)
    (tmp_path / "teams.toml").write_bytes(b"\xff\xfe\x00")
    yield tmp_path


def test_what_cannot_be_read_at_all_is_said_in_a_sentence(tmp_path: Path) -> None:
    for folder in _unreadable(tmp_path):
        with pytest.raises(Unreadable):
            read_pack(folder)


def test_a_pack_travels_as_one_text_and_comes_back_the_same() -> None:
    for name in carried():
        pack = carried_pack(name)
        assert from_canonical(canonical(pack)) == pack
        assert canonical(from_canonical(canonical(pack))) == canonical(pack)


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"files": 1}', '{"files": {"teams.toml": 1}}'], ids=repr)
def test_a_text_that_is_no_pack_is_refused(told: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        from_canonical(told)


def test_closures_that_end_within_twelve_months_are_warned_of(texts: dict[str, str]) -> None:
    def warned(more: str) -> bool:
        changed = texts | {"calendar.toml": more + "\n" + texts["calendar.toml"]}
        return any("less than twelve months" in one for one in warnings_of(pack_of(changed), TODAY))

    assert warned("")
    assert warned("complete_to = 2027-11-20")
    assert not warned("complete_to = 2027-11-21")
    texts["calendar.toml"] += '\n[[closure]]\nfirst = 2027-12-29\nlast = 2027-12-31\nwords = "Christmas"\n'
    assert not warned("")
    closures = pack_of(texts).calendar.closures
    assert closures == {date(2027, 12, 29), date(2027, 12, 30), date(2027, 12, 31)}
    assert not pack_of(texts).calendar.working(2027, 2028).is_working(date(2027, 12, 30))


def test_examples_and_what_nobody_confirmed_are_warned_of() -> None:
    told = " ".join(warnings_of(carried_pack("coventry"), TODAY))
    assert "rights.ombudsman" in told
    assert "Example: Carers' Kitchen" in told
