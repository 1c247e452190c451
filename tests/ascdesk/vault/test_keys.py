"""The key hierarchy: both halves are needed, and every altered byte is noticed."""

from __future__ import annotations

import hmac
import json
import unicodedata

import pytest
from argon2.low_level import Type, hash_secret_raw
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ascdesk.errors import PlainError
from ascdesk.vault.errors import DamagedProfile, ForeignProfile, KeyringTrouble, WrongPassphrase
from ascdesk.vault.keys import (
    DEFAULT_COST,
    Cost,
    WrappedKey,
    derive_kek,
    new_database_key,
    new_device_secret,
    secret_mark,
    unwrap,
    wipe,
    wrap,
)
from ascdesk.vault.sealed import decode, encode

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
passphrases = st.text(max_size=60)
secrets = st.binary(min_size=32, max_size=32).map(bytearray)


def sealed(key: bytearray, passphrase: str, secret: bytearray) -> WrappedKey:
    return wrap(key, passphrase, secret, device="laptop-1", demonstration=False, cost=CHEAP)


@given(passphrases, secrets, secrets)
@example("", bytearray(32), bytearray(32))
def test_what_was_wrapped_comes_back(passphrase: str, secret: bytearray, key: bytearray) -> None:
    read = WrappedKey.from_bytes(sealed(key, passphrase, secret).to_bytes())
    assert unwrap(read, passphrase, secret) == key


@given(passphrases, passphrases, secrets)
def test_another_passphrase_opens_nothing(passphrase: str, other: str, secret: bytearray) -> None:
    assume(unicodedata.normalize("NFKC", passphrase) != unicodedata.normalize("NFKC", other))
    with pytest.raises(WrongPassphrase):
        unwrap(sealed(new_database_key(), passphrase, secret), other, secret)


@given(passphrases, secrets, secrets)
def test_another_device_secret_opens_nothing(passphrase: str, secret: bytearray, other: bytearray) -> None:
    assume(secret != other)
    with pytest.raises(KeyringTrouble):
        unwrap(sealed(new_database_key(), passphrase, secret), passphrase, other)


@given(passphrases, secrets, st.binary(min_size=16, max_size=16))
def test_the_derivation_is_the_one_written_down(passphrase: str, secret: bytearray, salt: bytes) -> None:
    """RFC 5869 by hand over Argon2id: a profile made today must open with every later version."""
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    stretched = hash_secret_raw(typed, salt, 1, 8, 1, 32, Type.ID)
    extracted = hmac.digest(salt, stretched + bytes(secret), "sha256")
    expected = hmac.digest(extracted, b"asc-desk kek 1\x01", "sha256")
    assert derive_kek(passphrase, secret, salt, CHEAP) == expected


KEPT = (
    b'{"application":"asc-desk","check":"488f2d76742dc726282c3a59689d60a29f58559613fb8ae693f7483'
    b'9e2da9a07","ciphertext":"xhS3FEQ9qNj7pH+JeDC926wH6q0MdmIc16ScoYhrgK3zipkqOchsoCUoEZQLozfc"'
    b',"demonstration":false,"derivation":{"lanes":2,"memory_kib":64,"name":"argon2id+hkdf-sha25'
    b'6","passes":2,"salt":"JlK7pyJ3p3IiAlhNof4kkA==","secret_mark":"sYu7vGqm4QQ="},"device":"la'
    b'ptop-1","format":1,"nonce":"k5AL1okJmISPrnjE","wrapping":"aes-256-gcm"}\n'
)


def test_a_key_file_of_the_first_version_opens_for_ever() -> None:
    secret = bytearray(range(32))
    assert unwrap(WrappedKey.from_bytes(KEPT), "kettle robin amber lane", secret) == bytearray(range(32, 64))


@given(st.integers(1, 255))
@settings(max_examples=20)
@example(0x2A)  # makes a space of the newline
@example(0x20)  # changes the case of letters
def test_any_altered_byte_of_the_key_file_is_noticed(change: int) -> None:
    raw = sealed(new_database_key(), "four words go here", new_device_secret()).to_bytes()
    for place in range(len(raw)):
        altered = raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
        with pytest.raises((DamagedProfile, ForeignProfile)):
            WrappedKey.from_bytes(altered)


@given(st.data())
def test_a_key_file_cut_short_or_run_on_is_noticed(data: st.DataObject) -> None:
    raw = sealed(new_database_key(), "four words go here", new_device_secret()).to_bytes()
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    for altered in (cut, raw + b" ", raw + b"\n", raw + raw):
        with pytest.raises(PlainError):
            WrappedKey.from_bytes(altered)


@pytest.mark.parametrize(
    "change",
    [
        {"device": "laptop-2"},
        {"demonstration": True},
        {"cost": Cost(memory_kib=16, passes=1, lanes=1)},
        {"cost": Cost(memory_kib=8, passes=2, lanes=1)},
        {"salt": bytes(16)},
        {"nonce": bytes(12)},
        {"ciphertext": bytes(48)},
    ],
    ids=str,
)
def test_a_forger_who_mends_the_checksum_gains_nothing(change: dict[str, object]) -> None:
    secret = new_device_secret()
    whole = sealed(new_database_key(), "four words go here", secret)
    parts = {name: getattr(whole, name) for name in WrappedKey.__slots__} | change
    parts["secret_mark"] = secret_mark(secret, parts["salt"])
    forged = WrappedKey.from_bytes(WrappedKey(**parts).to_bytes())
    with pytest.raises(WrongPassphrase):
        unwrap(forged, "four words go here", secret)


@pytest.mark.parametrize("field", ["device", "demonstration"])
def test_the_header_alone_is_authenticated(field: str) -> None:
    """Device and kind of profile take no part in the derivation, so only the associated data guards them."""
    secret = new_device_secret()
    whole = sealed(new_database_key(), "four words go here", secret)
    parts = {name: getattr(whole, name) for name in WrappedKey.__slots__}
    parts[field] = {"device": "laptop-2", "demonstration": True}[field]
    with pytest.raises(WrongPassphrase):
        unwrap(WrappedKey(**parts), "four words go here", secret)


@pytest.mark.parametrize(
    "derivation",
    [
        {"memory_kib": 2**40},
        {"memory_kib": 0},
        {"passes": 0},
        {"passes": 2**31},
        {"lanes": 0},
        {"lanes": -1},
        {"name": "scrypt"},
        {"salt": "AAAA"},
        {"salt": "*"},
        {"memory_kib": "8"},
    ],
    ids=str,
)
def test_a_derivation_no_laptop_can_do_is_damage(derivation: dict[str, object]) -> None:
    body = json.loads(sealed(new_database_key(), "four words", new_device_secret()).to_bytes())
    body.pop("check")
    body["derivation"] |= derivation
    with pytest.raises(DamagedProfile):
        WrappedKey.from_bytes(encode(body))


def test_the_default_cost_is_the_one_of_the_design() -> None:
    assert Cost(64 * 1024, 3, 4) == DEFAULT_COST
    secret, key = new_device_secret(), new_database_key()
    wrapped = wrap(key, "four words go here", secret, device="d", demonstration=False)
    assert wrapped.cost == DEFAULT_COST
    assert unwrap(wrapped, "four words go here", secret) == key


def test_salt_nonce_and_key_are_new_every_time() -> None:
    secret, key = new_device_secret(), new_database_key()
    several = [sealed(key, "same", secret) for _ in range(5)]
    for part in ("salt", "nonce", "ciphertext"):
        assert len({getattr(one, part) for one in several}) == 5
    assert len({bytes(new_database_key()) for _ in range(5)}) == 5


def test_the_key_is_nowhere_in_what_is_written() -> None:
    secret, key = new_device_secret(), new_database_key()
    raw = sealed(key, "four words go here", secret).to_bytes()
    wrapped = WrappedKey.from_bytes(raw)
    for hidden in (bytes(key), bytes(secret), b"four words"):
        assert hidden not in raw
        assert hidden.hex().encode() not in raw
        assert hidden not in wrapped.ciphertext


def test_a_wiped_secret_is_zeros() -> None:
    secret = new_device_secret()
    wipe(secret)
    assert secret == bytearray(32)


def test_a_secret_of_another_length_is_not_ours() -> None:
    with pytest.raises(ForeignProfile):
        sealed(new_database_key(), "x", bytearray(b"short"))


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9) | st.booleans(), max_size=4))
def test_the_sealed_form_keeps_what_it_was_given(body: dict[str, object]) -> None:
    assume(not {"application", "format", "check"} & set(body))
    read = decode(encode(body))
    assert {name: read[name] for name in body} == body


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"[]", b"null", b"[" * 60_000, b"x" * 100_000, b"\xff\xfe", b"{"]
)
def test_nonsense_is_damage(raw: bytes) -> None:
    with pytest.raises(DamagedProfile):
        decode(raw)


def test_another_programs_file_is_foreign() -> None:
    with pytest.raises(ForeignProfile):
        decode(b'{"name":"somebody else"}')


def test_a_file_far_too_long_is_not_read() -> None:
    with pytest.raises(DamagedProfile):
        decode(encode({"padding": "x" * 70_000}))
