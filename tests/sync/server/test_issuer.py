"""The built-in issuer: PKCE, codes that work once, refresh tokens that change, tries that are held back."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from sync.server.accounts import hash_password
from sync.server.app import create_app
from sync.server.database import write_setting, writing
from sync.server.issuer import (
    CODE_SECONDS,
    FREE_TRIES,
    LOST_REPLY_SECONDS,
    Asked,
    BuiltInIssuer,
    challenge_of,
    is_loopback_redirect,
)
from sync.server.tokens import IssuerSettings, TokenCheck
from tests.sync.asking import ask
from tests.sync.browser import read_form
from tests.sync.council import ISSUER, PASSWORD, Council

REDIRECT = "http://127.0.0.1:54321/signed-in"
VERIFIER = secrets.token_urlsafe(64)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(council: Council, clock: Clock) -> BuiltInIssuer:
    council.worker("amina", PASSWORD)
    with writing(council.engine) as connection:
        write_setting(connection, "password_stand_in", hash_password("nobody's"))
    issuer = BuiltInIssuer(council.engine, council.issuer, clock)
    issuer.prepare()
    return issuer


@pytest.fixture
def username(council: Council) -> str:
    return council.username("amina")


def asked(**parts: str) -> Asked:
    given_parts = {
        "client_id": "asc-desk",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "challenge": challenge_of(VERIFIER),
        "method": "S256",
        "state": "state",
    }
    return Asked(**(given_parts | parts))


def code_for(issuer: BuiltInIssuer, username: str) -> str:
    code = issuer.sign_in(asked(), username, PASSWORD, "here").code
    assert code is not None
    return code


def test_a_code_is_changed_for_tokens_that_the_server_accepts(
    issuer: BuiltInIssuer, username: str, clock: Clock
) -> None:
    tokens = issuer.exchange(code_for(issuer, username), REDIRECT, VERIFIER)

    assert tokens is not None
    check = TokenCheck(issuer.settings, issuer.keys, clock)
    assert check.subject(tokens["access_token"]) == username
    clock.now += issuer.settings.token_seconds + 1
    assert check.subject(tokens["access_token"]) is None


def test_a_code_works_once_and_a_second_use_ends_what_the_first_gave(
    issuer: BuiltInIssuer, username: str
) -> None:
    code = code_for(issuer, username)
    tokens = issuer.exchange(code, REDIRECT, VERIFIER)
    assert tokens is not None

    assert issuer.exchange(code, REDIRECT, VERIFIER) is None
    assert issuer.refresh(tokens["refresh_token"]) is None


def test_a_code_needs_its_verifier_its_redirect_and_haste(
    issuer: BuiltInIssuer, username: str, clock: Clock
) -> None:
    assert issuer.exchange(code_for(issuer, username), REDIRECT, "another verifier") is None
    assert issuer.exchange(code_for(issuer, username), "http://127.0.0.1:1/else", VERIFIER) is None
    assert issuer.exchange("no such code", REDIRECT, VERIFIER) is None
    code = code_for(issuer, username)
    clock.now += CODE_SECONDS + 1
    assert issuer.exchange(code, REDIRECT, VERIFIER) is None


def test_a_refresh_token_changes_and_a_lost_reply_does_not_end_the_sign_in(
    issuer: BuiltInIssuer, username: str, clock: Clock
) -> None:
    tokens = issuer.exchange(code_for(issuer, username), REDIRECT, VERIFIER)
    assert tokens is not None
    lost = issuer.refresh(tokens["refresh_token"])
    clock.now += LOST_REPLY_SECONDS
    kept = issuer.refresh(tokens["refresh_token"])

    assert lost is not None
    assert kept is not None
    assert len({tokens["refresh_token"], lost["refresh_token"], kept["refresh_token"]}) == 3


def test_an_old_refresh_token_that_turns_up_again_ends_its_family(
    issuer: BuiltInIssuer, username: str, clock: Clock
) -> None:
    stolen = issuer.exchange(code_for(issuer, username), REDIRECT, VERIFIER)
    assert stolen is not None
    newest = issuer.refresh(stolen["refresh_token"])
    assert newest is not None
    clock.now += LOST_REPLY_SECONDS + 1

    assert issuer.refresh(stolen["refresh_token"]) is None
    assert issuer.refresh(newest["refresh_token"]) is None


def test_tries_are_held_back_also_with_the_right_password(
    issuer: BuiltInIssuer, username: str, clock: Clock
) -> None:
    for _ in range(FREE_TRIES):
        assert issuer.sign_in(asked(), username, "wrong", username).code is None

    held = issuer.sign_in(asked(), username.upper(), PASSWORD, username)
    assert held.code is None
    assert held.wait_seconds > 0
    clock.now += held.wait_seconds
    assert issuer.sign_in(asked(), username, PASSWORD, username).code is not None


def test_somebody_unknown_is_told_nothing_else(issuer: BuiltInIssuer) -> None:
    assert issuer.sign_in(asked(), "nobody", "wrong", "elsewhere") == issuer.sign_in(
        asked(), "no one", "wrong", "elsewhere"
    )


def token_by(key: ECKey, **claims: object) -> str:
    given_claims = {"iss": ISSUER, "sub": "amina", "aud": "asc-desk", "exp": 2_000_000_000}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, given_claims | claims, key)


def test_tokens_of_others_are_not_accepted() -> None:
    key, strange = (ECKey.generate_key("P-256", auto_kid=True) for _ in range(2))
    keys = KeySet([key])
    check = TokenCheck(IssuerSettings(ISSUER), lambda _: keys, lambda: 1_800_000_000.0)
    assert check.subject(token_by(key)) == "amina"
    bad = [
        token_by(strange),
        token_by(key, iss="https://elsewhere.example"),
        token_by(key, aud="another"),
        token_by(key, exp=1_700_000_000),
        token_by(key, sub=7),
        token_by(key)[:-2] + "AA",
        "",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbWluYSJ9.",
    ]

    assert [check.subject(token) for token in bad] == [None] * len(bad)


@given(
    st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", fullmatch=True)
)
def test_no_token_makes_the_check_stumble(token: str) -> None:
    keys = KeySet(
        [
            ECKey.import_key(
                {
                    "kty": "EC",
                    "crv": "P-256",
                    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                }
            )
        ]
    )

    assert TokenCheck(IssuerSettings(ISSUER), lambda _: keys).subject(token) is None


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8/x", "http://127.0.0.1:54321/signed-in?a=b", "http://[::1]:80/"]
)
def test_a_program_on_this_machine_may_be_redirected_to(address: str) -> None:
    assert is_loopback_redirect(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://council.example/",
        "http://council.example:80/",
        "http://10.0.0.1:80/",
        "http://127.0.0.1/",
        "http://127.0.0.1@council.example:80/",
        "http://127.0.0.1:80@council.example:80/",
        "http://localhost:80/",
        "http://127.0.0.1:8/#x",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:8/\r\nX: y",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_else_is_redirected_to(address: str) -> None:
    assert not is_loopback_redirect(address)


def authorize(council: Council, **parts: str) -> httpx.Response:
    query = {
        "client_id": "asc-desk",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        "state": '"><script>alert(1)</script>',
    }
    return ask(create_app(council.engine, council.issuer), "GET", "/issuer/authorize", params=query | parts)


def test_the_sign_in_page_is_named_labelled_and_shows_nothing_foreign(small_council: Council) -> None:
    page = authorize(small_council)

    assert page.status_code == 200
    for wanted in (
        '<html lang="en-GB">',
        "<title>Sign in to ASC Desk</title>",
        '<label for="username">',
        '<label for="password">',
        "<h1>",
    ):
        assert wanted in page.text
    assert "<script>" not in page.text
    assert "script" not in page.headers["content-security-policy"]
    assert read_form(page)[1]["state"] == '"><script>alert(1)</script>'


def test_a_request_from_elsewhere_is_answered_here_and_sent_nowhere(small_council: Council) -> None:
    for parts in ({"redirect_uri": "https://council.example/"}, {"client_id": "another"}):
        page = authorize(small_council, **parts)
        assert page.status_code == 400
        assert "location" not in page.headers


def test_a_request_without_pkce_is_sent_back(small_council: Council) -> None:
    for parts in ({"code_challenge_method": "plain"}, {"code_challenge": ""}, {"response_type": "token"}):
        answer = authorize(small_council, **parts)
        assert answer.status_code == 303
        assert "error" in parse_qs(urlsplit(answer.headers["location"]).query)


def test_discovery_names_every_address_under_the_issuers_own(small_council: Council) -> None:
    app = create_app(small_council.engine, small_council.issuer)

    found = ask(app, "GET", "/issuer/.well-known/openid-configuration").json()
    keys = ask(app, "GET", "/issuer/jwks").json()["keys"]

    assert found["issuer"] == ISSUER
    assert all(found[name].startswith(f"{ISSUER}/") for name in found if name.endswith(("endpoint", "uri")))
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert keys
    assert all(key["kty"] == "EC" and "d" not in key for key in keys)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password", "client_id": "asc-desk"},
        {"client_id": "other"},
        {"grant_type": "refresh_token", "client_id": "asc-desk"},
    ],
)
def test_the_token_address_refuses_what_it_does_not_know(
    small_council: Council, form: dict[str, str]
) -> None:
    app = create_app(small_council.engine, small_council.issuer)

    answer = ask(app, "POST", "/issuer/token", data=form)

    assert answer.status_code == 400
    assert "error" in answer.json()
