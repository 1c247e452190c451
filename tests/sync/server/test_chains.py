"""Devices' chains: whole ones pass in any split; broken or copied ones are flagged, their changes stored."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ascdesk.record.change import first_link, new_id, next_link
from sync.server.chains import Chain, follow
from sync.server.database import reading
from sync.server.intake import Sender, take_in
from sync.server.tables import device as devices
from tests.sync.council import NOON, Council, Device


def push(
    council: Council, device: Device, changes: list[dict[str, Any]], by: Device | None = None
) -> list[str]:
    sender = Sender((by or device).author, (by or device).id)
    return [answer.outcome for answer in take_in(council.engine, sender, changes, NOON).answers]


def chain(council: Council, device: Device) -> tuple[int, int | None, bool]:
    columns = devices.c.last_seq, devices.c.broken_at, devices.c.cloned
    with reading(council.engine) as connection:
        row = connection.execute(select(*columns).where(devices.c.id == device.id)).one()
    return row[0], row[1], row[2]


def test_a_whole_chain_passes_also_with_a_refused_change_and_a_retry(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    good = [device.change(case, "given_name", number) for number in range(2)]
    bad = device.change(case, "given_name", "x" * 5_000_000)
    altered = device.change(case, "given_name", "Noor") | {"value": '"Nora"'}
    more = [device.change(case, "given_name", number) for number in range(2)]

    push(council, device, [*good, bad, altered])
    push(council, device, [*good, bad, altered])
    push(council, device, more)

    assert chain(council, device) == (6, None, False)


def test_a_broken_chain_is_flagged_and_its_changes_are_stored(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    push(council, device, [device.change(case, "given_name", "Noor")])
    wrong = device.change(case, "given_name", "Nora") | {"link": "f" * 64}

    assert push(council, device, [wrong]) == ["stored"]
    assert chain(council, device)[1] == 2


def test_a_change_without_a_place_is_flagged_and_stored(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    wire = device.change(case, "given_name", "Noor")
    del wire["device_seq"], wire["link"]

    assert push(council, device, [wire]) == ["stored"]
    assert chain(council, device)[1] is not None


def test_a_copied_profile_is_noticed_and_both_work(council: Council) -> None:
    first, case = council.device("amina"), new_id()
    push(council, first, [first.change(case, "given_name", "Noor")])
    copied = Device(first.author, first.id, first.seq, first.link)

    assert push(council, first, [first.change(case, "pronouns", "she/her")]) == ["stored"]
    assert chain(council, first)[2] is False
    assert push(council, copied, [copied.change(case, "pronouns", "they/them")]) == ["stored"]
    assert chain(council, first)[2] is True
    assert push(council, first, [first.change(case, "address", "14 Sandown Garth")]) == ["stored"]
    assert chain(council, first)[2] is True, "what follows fits, and the profile is a copy for all that"


def test_a_gap_is_waited_for_and_filled_in_any_order(council: Council) -> None:
    amina, bashir = council.device("amina"), council.device("bashir")
    cases = [new_id(), new_id()]
    changes = [amina.change(cases[number % 2], "given_name", number) for number in range(6)]
    # After a restore a colleague offers first what they hold of one case; then the laptop itself comes.
    push(council, amina, changes[1::2], by=bashir)
    assert chain(council, amina) == (0, None, False)

    push(council, amina, changes)

    assert chain(council, amina) == (6, None, False)


@given(
    hashes=st.lists(st.text(alphabet="0123456789abcdef", min_size=1, max_size=4), max_size=8), data=st.data()
)
def test_following_in_pieces_is_following_at_once(hashes: list[str], data: st.DataObject) -> None:
    start = Chain(0, first_link("laptop"), None, False)
    places, link = [], start.last_link
    for seq, change_hash in enumerate(hashes, 1):
        link = next_link(link, seq, change_hash)
        places.append((seq, change_hash, link))
    cut = data.draw(st.integers(0, len(places)))

    assert follow(follow(start, places[:cut]), places[cut:]) == follow(start, places)
    assert follow(start, places).broken_at is None
    if hashes:
        swapped = data.draw(st.integers(0, len(places) - 1))
        seq, change_hash, link = places[swapped]
        places[swapped] = (seq, f"{change_hash}0", link)
        assert follow(start, places).broken_at == seq
