"""Rows 16 and 19: the key is gone, or the passphrase, or the laptop was revoked; no unsent work is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError
from sqlalchemy import update

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.vault.device import SERVICE, KeyringStore
from ascdesk.vault.errors import KeyLost, KeyringTrouble, WrongPassphrase
from ascdesk.vault.escrow import UNSENT_NAME
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile, open_profile
from ascdesk.vault.profile import has_profile, set_aside
from ascdesk.work import safekeeping
from sync.client.connection import Tokens
from sync.client.enrol import Enrolment, connect, keep_enrolment
from sync.client.exchange import Outcome, synchronise
from sync.server import accounts
from sync.server.database import council_of, reading, writing
from sync.server.escrows import bring_in, make_recovery_key
from sync.server.tables import device as devices
from tests.sync.council import NOON, Council, open_test_council, serving

PASSPHRASE = "cobbler lantern mistral pear"


class Keyring(KeyringBackend):
    """A real keyring backend whose secrets end with the test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        try:
            del self.kept[service, username]
        except KeyError:
            raise PasswordDeleteError(username) from None


class Enrolled:
    """A real profile of amina's, enrolled with a council; its record is open."""

    def __init__(self, folder: Path, council: Council, server: str, keyring: Keyring) -> None:
        self.folder, self.council = folder, council
        self.store = KeyringStore(keyring, trusted=frozenset({Keyring.__module__}))
        self.device = new_id()
        opened = create_profile(
            folder,
            PASSPHRASE,
            demonstration=False,
            council=server,
            device=self.device,
            store=self.store,
            cost=Cost(8, 1, 1),
        )
        self.record = _record(opened, create=True)
        user, signed_in = council.worker("amina"), council.tokens("amina")
        accounts.register_device(council.engine, user, self.device, "laptop", NOON)
        with reading(council.engine) as connection:
            whose = council_of(connection)
        tokens = Tokens(
            signed_in["access_token"], signed_in["refresh_token"], f"{server}/issuer/token", "asc-desk"
        )
        keep_enrolment(self.record, Enrolment(server, self.device, user, whose, tokens).as_json())

    def sync(self) -> Outcome:
        with connect(self.record) as connection:
            outcome = synchronise(self.record, connection)
        safekeeping.renew(self.record)
        return outcome

    def write(self, case: str, field: str, value: str) -> None:
        """Write as the desk does: durable, then followed by the escrow."""
        heads = self.record.heads(case, [case]).get((case, field), ())
        edit = Edit("person", case, field, value, frozenset(head.id for head in heads))
        self.record.write(case, [edit], name="Edit", editor="an editor")
        safekeeping.follow(self.record)


def _record(opened: Opened, *, create: bool = False) -> Record:
    return Record(opened.record, opened.key, clock=lambda: datetime.now(UTC), create=create)


def values(record: Record, case: str) -> dict[str, set[object]]:
    return {
        field: {head.content for head in heads} for (_, field), heads in record.heads(case, [case]).items()
    }


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    made = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    make_recovery_key(made.engine, tmp_path / "recovery.key")
    yield made
    made.engine.dispose()


def lose_nothing(one: Enrolled, case: str) -> None:
    """Work that is sent, work that is stored in a batch, and work that is only here: typed twice over."""
    one.write(case, "given_name", "Noor")
    assert one.sync().finished
    one.write(case, "family_name", "Hadad")
    assert one.record.next_batch() is not None
    one.write(case, "family_name", "Haddad")
    one.write(case, "address", "1 Acacia")
    one.write(case, "address", "1 Acacia Avenue, with the blue door")


@pytest.mark.fault(19)
@pytest.mark.parametrize("how", ["lost", "changed", "forgotten"])
def test_unsent_work_comes_back_from_the_escrow_to_the_laptop_that_enrols_again(
    council: Council, tmp_path: Path, how: str
) -> None:
    """Named mutation, one of the seeded bugs: no escrow. `safekeeping.follow` that does nothing loses it."""
    keyring, folder, case = Keyring(), tmp_path / "profile", new_id()
    with serving(council.app()) as server:
        one = Enrolled(folder, council, server, keyring)
        lose_nothing(one, case)
        one.record.close()
        before = (folder / "record.db").read_bytes()
        if how == "lost":
            keyring.kept.clear()
            with pytest.raises(KeyLost, match="enrol this laptop again"):
                open_profile(folder, PASSPHRASE, store=one.store)
        elif how == "changed":
            other = Keyring()
            create_profile(
                tmp_path / "other",
                PASSPHRASE,
                demonstration=False,
                council=server,
                device=one.device,
                store=KeyringStore(other, trusted=frozenset({Keyring.__module__})),
                cost=Cost(8, 1, 1),
            ).wipe()
            keyring.kept[SERVICE, one.device] = other.kept[SERVICE, one.device]
            with pytest.raises(KeyLost, match="must be enrolled again"):
                open_profile(folder, PASSPHRASE, store=one.store)
        else:
            with pytest.raises(WrongPassphrase):
                open_profile(folder, "not what it was, not at all", store=one.store)

        kept = set_aside(folder, datetime(2026, 11, 22, 9, 30, tzinfo=UTC))

        assert not has_profile(folder)
        assert (kept / "record.db").read_bytes() == before, "nothing is deleted, nothing is opened"
        again = Enrolled(folder, council, server, keyring)
        again.sync()
        assert "address" not in values(again.record, case)
        brought = bring_in(council.engine, kept / UNSENT_NAME, tmp_path / "recovery.key", NOON)
        assert (brought.refused, brought.unopened, brought.known) == ((), 0, 0)
        assert again.sync().finished
        assert values(again.record, case) == {
            "given_name": {"Noor"},
            "family_name": {"Haddad"},
            "address": {"1 Acacia Avenue, with the blue door"},
        }
        again.record.close()


@pytest.mark.fault(19)
def test_a_locked_keyring_stops_and_says_so_and_opens_once_it_is_unlocked(
    council: Council, tmp_path: Path
) -> None:
    keyring, folder, case = Keyring(), tmp_path / "profile", new_id()
    with serving(council.app()) as server:
        one = Enrolled(folder, council, server, keyring)
        one.write(case, "given_name", "Noor")
        one.record.close()
        keyring.locked = True
        with pytest.raises(KeyringTrouble, match="Unlock the keyring") as told:
            open_profile(folder, PASSPHRASE, store=one.store)
        assert not isinstance(told.value, KeyLost), "nobody is told to enrol again"
        keyring.locked = False
        record = _record(open_profile(folder, PASSPHRASE, store=one.store))
        assert values(record, case) == {"given_name": {"Noor"}}
        record.close()


@pytest.mark.fault(16)
def test_unsent_work_of_a_revoked_laptop_reaches_the_council_from_its_escrow(
    council: Council, tmp_path: Path
) -> None:
    case = new_id()
    with serving(council.app()) as server:
        one = Enrolled(tmp_path / "profile", council, server, Keyring())
        lose_nothing(one, case)
        with writing(council.engine) as connection:
            connection.execute(
                update(devices)
                .where(devices.c.id == one.device)
                .values(revoked_at="2026-11-21T13:00:00.000Z")
            )
        assert not one.sync().finished
        one.record.close()
        brought = bring_in(
            council.engine, tmp_path / "profile" / UNSENT_NAME, tmp_path / "recovery.key", NOON
        )
        assert (brought.new, brought.refused) == (3, ())
        other = Enrolled(tmp_path / "other", council, server, Keyring())
        assert other.sync().finished
        assert values(other.record, case)["address"] == {"1 Acacia Avenue, with the blue door"}
        other.record.close()


@pytest.mark.fault(1)
@pytest.mark.parametrize("killed_after", range(6))
def test_setting_aside_that_is_cut_short_goes_on_and_ends_in_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    from ascdesk.vault import profile as module

    folder = tmp_path / "profile"
    (folder / "attachments").mkdir(parents=True)
    for name in ("key.json", "profile.json", "record.db", UNSENT_NAME, "lock", "attachments/a"):
        (folder / name).write_text(name)
    really, moved = module.replace_durably, 0

    def cut(pending: Path, path: Path) -> None:
        nonlocal moved
        if moved == killed_after:
            raise KeyboardInterrupt
        moved += 1
        really(pending, path)

    with monkeypatch.context() as patch:
        patch.setattr(module, "replace_durably", cut)
        if killed_after < 5:
            with pytest.raises(KeyboardInterrupt):
                set_aside(folder, datetime(2026, 11, 22, tzinfo=UTC))
            assert has_profile(folder), "so that it is gone on with"
            patch.setattr(module, "replace_durably", really)
        kept = set_aside(folder, datetime(2026, 11, 22, tzinfo=UTC))
    assert {path.name for path in kept.iterdir()} == {
        "key.json",
        "profile.json",
        "record.db",
        UNSENT_NAME,
        "attachments",
    }
    assert {path.name for path in folder.iterdir()} == {"kept", "lock"}
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
