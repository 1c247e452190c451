"""The file that says which forms there are: every question that it names is in its form."""

from __future__ import annotations

from importlib.resources import files

import pytest

from ascdesk.care.routing import Channel, Condition, NeedKind
from ascdesk.errors import Unreadable
from ascdesk.record.models import Person, Referral
from ascdesk.work.library import FormLibrary
from sync.server.web.settings import WebForm, read_settings, web_settings

TEXT = (files("resources") / "web" / "forms.toml").read_text(encoding="utf-8")
FORMS = web_settings().forms


def named(form: WebForm) -> set[str]:
    """Return every question that a form's settings name."""
    found = {*form.person.values(), *form.referral.values(), *form.urgent_because, form.who}
    found |= {form.needs.source, form.conditions.source}
    found |= {when.question for when in (*form.urgent, *form.needs.add, *form.conditions.add)}
    return found - {""}


@pytest.mark.parametrize("slug", sorted(FORMS))
def test_every_question_that_is_named_stands_in_its_form(slug: str) -> None:
    form = FormLibrary().form(FORMS[slug].questionnaire)

    assert named(FORMS[slug]) - set(form.by_link) == set()


@pytest.mark.parametrize("slug", sorted(FORMS))
def test_every_answer_that_is_named_is_offered(slug: str) -> None:
    web = FORMS[slug]
    form = FormLibrary().form(web.questionnaire)
    told = [(web.who, code) for code in web.sources]
    told += [(when.question, when.code) for when in (*web.urgent, *web.needs.add, *web.conditions.add)]

    for question, code in told:
        node = form.node(question)
        offered = {"yes", "no"} if node.type == "boolean" else {option.code for option in node.options}
        assert code in offered, question


@pytest.mark.parametrize("slug", sorted(FORMS))
def test_every_field_that_is_named_is_the_records_own(slug: str) -> None:
    web = FORMS[slug]

    assert set(web.person) - {"name"} <= set(Person.__table__.columns.keys())
    assert set(web.referral) <= set(Referral.__table__.columns.keys())
    assert set(web.channels.values()) <= {one.value for one in Channel}
    assert {when.adds for when in web.needs.add} <= {one.value for one in NeedKind}
    assert {when.adds for when in web.conditions.add} <= {one.value for one in Condition}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[drafts]", "[draft]", "has no part [drafts]"),
        ("keep_days = 28", "keep_days = 0", "keep_days must be a whole number above 0"),
        ("start = [20, 3600]", "start = [20]", "limits.start must be [times, seconds]"),
        ('entry = "open"', 'entry = "ajar"', "entry must be “open” or “invited”"),
        ('title = "Ask for help for somebody"', 'title = ""', "no text for “title”"),
        ("version = 1", "version =", "cannot be read"),
        ('{ question = "rf.urgent", code = "yes" }', "{ code = 1 }", "needs a question and a code"),
    ],
    ids=["part", "number", "limit", "entry", "text", "toml", "condition"],
)
def test_a_bad_file_is_refused_with_what_is_wrong(old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    with pytest.raises(Unreadable) as refused:
        read_settings(TEXT.replace(old, new, 1), "forms.toml")

    assert sentence in refused.value.sentence
