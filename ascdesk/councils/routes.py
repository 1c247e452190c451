"""The council's routing table, read row by row; how it is used is in `ascdesk.care.routing`."""

from __future__ import annotations

from collections.abc import Sequence

from ascdesk.care.routing import Channel, Condition, How, NeedKind, RoutingTable, Row, Stage
from ascdesk.councils.checking import Page, Part, each, unique

_OLDEST = 130


def read_routing(page: Page, teams: Sequence[str]) -> RoutingTable:
    """Read routing.toml; `teams` are the ids that teams.toml knows; none when it could not be read."""
    root = page.root()
    parts = root.parts("row")
    found: tuple[Row, ...] = each(parts, lambda part: _row(part, teams))
    unique(parts, [one.id for one in found], "rows")
    if found and not page.problems and not any(one.how is How.LAST for one in found):
        root.wrong('no row has how = "last": say who takes what nothing else settles.')
    root.done()
    return RoutingTable(found)


def _row(part: Part, teams: Sequence[str]) -> Row:
    from_age = part.whole("from_age", 0, _OLDEST) if "from_age" in part else None
    below_age = part.whole("below_age", 1, _OLDEST) if "below_age" in part else None
    if from_age is not None and below_age is not None and below_age <= from_age:
        part.wrong("“below_age” must be higher than “from_age”, or nobody fits.", "below_age")
    to = part.texts("teams")
    if teams:
        part.among("teams", to, teams, "the id of a team in teams.toml")
    return Row(
        id=part.text("id"),
        how=part.choice("how", How),
        teams=to,
        why=part.text("why"),
        when=part.choice("when", Stage) if "when" in part else None,
        urgent=part.flag("urgent", False),
        needs=part.choices("needs", NeedKind, ()),
        only_needs=part.choices("only_needs", NeedKind, ()),
        channels=part.choices("channels", Channel, ()),
        conditions=part.choices("conditions", Condition, ()),
        without=part.choices("without", Condition, ()),
        support=part.flag("support") if "support" in part else None,
        from_age=from_age,
        below_age=below_age,
    )
