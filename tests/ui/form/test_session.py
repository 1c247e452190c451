"""An open form: every pause durable; what a condition hides stays and comes back; draft and form agree."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from ascdesk.work import responses
from ascdesk.work.drafting import form_state
from ascdesk.work.responses import Key
from tests.support.desks import NOW
from tests.ui.form.conftest import Open, rest

YES, NO = {"valueBoolean": True}, {"valueBoolean": False}
Opener = Callable[..., Open]


def agree(one: Open) -> None:
    """Assert that the living form says what its draft says, as if it had been loaded afresh."""
    fresh = form_state(one.session.form, one.session.draft, NOW.date())
    assert list(one.session.state.addresses()) == list(fresh.addresses())
    assert one.session.state.calculated() == fresh.calculated()
    for key in one.session.draft.accounts:
        # What cannot be read as an answer (a text where yes or no is asked) counts as none in both.
        assert one.session.state.answers(*key_of(key)) == fresh.answers(*key_of(key))


def key_of(key: Key) -> tuple[tuple[str, ...], str]:
    """Return where an account stands in the form."""
    return key.path, key.link_id


edits = st.lists(
    st.one_of(
        st.tuples(st.just("s01.declines-assessment"), st.sampled_from([YES, NO, None])),
        st.tuples(st.just("s11.impairment"), st.sampled_from([YES, NO, {"valueString": "x"}, None])),
        st.tuples(st.just("row"), st.integers(0, 2)),
        st.tuples(st.just("remove"), st.integers(0, 2)),
        st.tuples(st.just("rest"), st.none()),
        st.tuples(st.just("reload"), st.none()),
    ),
    min_size=2,
    max_size=9,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=edits)
def test_form_and_draft_agree_and_the_record_holds_both(
    opened: Opener, qtbot: QtBot, history: list[tuple[str, object]]
) -> None:
    one = opened()
    rows: list[str] = []
    for what, value in history:
        if what == "row":
            rows.append(one.session.add_row((), "s04.contact"))
            one.say("s04.contact.first-name", {"valueString": f"Peter {value}"}, row=rows[-1])
        elif what == "remove" and rows:
            one.session.remove_row((), "s04.contact", rows.pop(int(str(value)) % len(rows)))
        elif what == "rest":
            rest(qtbot, one.desk)
        elif what == "reload":
            one.session.reload()
        elif what.startswith("s") and what in one.session.form.by_link:
            one.say(what, value)  # type: ignore[arg-type]
    rest(qtbot, one.desk)
    agree(one)
    said = {key: account.said for key, account in one.stored().accounts.items()}
    shown = {key: a.said for key, a in one.session.draft.accounts.items() if not a.said.empty}
    assert {key: found for key, found in shown.items() if not key.path or key.path[0] in rows} == said
    assert set(one.session.state.rows((), "s04.contact")) == set(rows)


def test_an_answer_that_a_condition_hides_stays_and_comes_back(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    hidden = next(
        node.link_id
        for node in one.session.form.nodes
        if node.link_id.startswith("s01.refusal") and node.type == "text"
    )
    one.say("s01.declines-assessment", YES)
    key = one.say(hidden, {"valueString": "He said it twice."}, "observed")
    assert one.session.state.enabled((), hidden)
    one.say("s01.declines-assessment", NO)
    rest(qtbot, one.desk)
    assert not one.session.state.enabled((), hidden)
    assert one.stored().account(key).said.answer == ({"valueString": "He said it twice."},)
    one.say("s01.declines-assessment", YES)
    assert one.session.state.enabled((), hidden)
    assert one.session.state.answers((), hidden) == ({"valueString": "He said it twice."},)
    rest(qtbot, one.desk)


def test_typing_and_typing_it_back_leaves_nothing_behind(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    rest(qtbot, one.desk)
    before = one.desk.record.outgoing_count(one.case)
    one.say("s11.impairment", YES)
    one.say("s11.impairment", None)
    rest(qtbot, one.desk)
    assert one.desk.record.outgoing_count(one.case) == before
    assert one.stored().accounts == {}


def test_a_row_that_is_removed_at_once_goes_and_comes_back_whole(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    row = one.session.add_row((), "s04.contact")
    key = one.say("s04.contact.first-name", {"valueString": "Peter"}, row=row)
    one.session.remove_row((), "s04.contact", row)
    rest(qtbot, one.desk)
    assert one.stored().accounts == {}
    assert one.stored().rows == {}
    one.session.restore_row((), "s04.contact", row)
    rest(qtbot, one.desk)
    assert one.stored().account(key).said.answer == ({"valueString": "Peter"},)


def test_a_row_that_was_only_on_the_screen_writes_nothing(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    before = one.desk.record.digest(one.case)
    row = one.session.add_row((), "s04.contact")
    one.session.remove_row((), "s04.contact", row)
    one.session.restore_row((), "s04.contact", row)
    rest(qtbot, one.desk)
    assert one.session.state.rows((), "s04.contact") == (row,)
    assert one.desk.record.digest(one.case) == before


def test_undo_is_called_by_the_page_that_it_is_on(opened: Opener) -> None:
    one = opened()
    assert one.session.step_name(Key((), "A01.words", "person")) == "change to Meals and drinks"


def test_reloading_takes_in_what_the_record_says(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    key = Key((), "s11.impairment", "observed")
    draft = one.stored()
    said = responses.said_of({"answer": [YES]})
    responses.answer(one.desk.record, draft, key, said, seen=frozenset(), name="x")
    with qtbot.waitSignal(one.session.reloaded):
        one.session.reload()
    assert one.session.state.answers((), "s11.impairment") == (YES,)
    agree(one)
