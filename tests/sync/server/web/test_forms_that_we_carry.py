"""Each form that we carry is filled in with only what it must have, sent, and stands in the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ascdesk.record.models import Answer, PieceOfWork, Referral, Response
from ascdesk.work.library import FormLibrary
from sync.server.database import reading
from sync.server.web.settings import web_settings
from tests.sync.council import Council
from tests.sync.server.web.visiting import Site, Visitor, site_of

Json = Any


@pytest.fixture
def real(fresh_sqlite: Council, tmp_path: Path) -> Site:
    return site_of(
        fresh_sqlite.engine, tmp_path / "mail", settings=web_settings(), library=FormLibrary(), clock=None
    )


def needed(visitor: Visitor, slug: str) -> dict[str, Json]:
    """Return an answer for each question on the page that must have one: the last that is offered."""
    form = FormLibrary().form(web_settings().forms[slug].questionnaire)
    found: dict[str, Json] = {}
    for name in visitor.held().get("shown", ()):
        node = form.node(name.rpartition("|")[2])
        if not node.required:
            continue
        if node.type == "boolean":
            found[name] = "yes"
        elif node.options:
            found[name] = node.options[-1].code
        elif node.type == "date":
            found |= {f"{name}-day": "3", f"{name}-month": "5", f"{name}-year": "1947"}
        else:
            found[name] = "Stanley Boyd"
    return found


@pytest.mark.parametrize("slug", sorted(web_settings().forms))
def test_a_form_is_sent_with_only_what_it_must_have(real: Site, slug: str) -> None:
    web, visitor = web_settings().forms[slug], Visitor(real)
    visitor.go(f"/apply/invited/{real.invite(slug)}" if web.invited else f"/apply/{slug}")
    visitor.send()
    for _ in range(80):
        if visitor.heading == "Check your answers":
            break
        visitor.send(**needed(visitor, slug))
        assert visitor.errors == []
    visitor.send("send")

    assert visitor.heading == "We have what you sent"
    with reading(real.engine) as connection:
        response = connection.execute(select(Response.__table__)).one()
        answers = connection.execute(select(Answer.__table__)).all()
        referrals = connection.execute(select(Referral.__table__)).all()
        pieces = connection.execute(select(PieceOfWork.__table__)).all()
    assert (response.questionnaire, response.kind) == (web.questionnaire, web.kind)
    assert answers
    assert (len(referrals), len(pieces)) == ((0, 1) if web.invited else (1, 0))
