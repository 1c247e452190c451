"""The built-in issuer: OpenID Connect by authorization code with PKCE, for trials and tests.

A council in use has its own issuer, and this one is off. Codes and refresh tokens are kept as hashes; a code
works once; a refresh token is changed at each use, and an old one that turns up again ends its whole family.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from sqlalchemy import Connection, Engine, delete, insert, select, update

from sync.server.accounts import find_user, right_password
from sync.server.database import writing
from sync.server.tables import issuer_code, issuer_key, issuer_refresh, issuer_try
from sync.server.tokens import IssuerSettings

CODE_SECONDS = 60
REFRESH_SECONDS = 90 * 24 * 3600
LOST_REPLY_SECONDS = 120
"""For so long a refresh token that was just used may be used again: its answer may have been lost."""

FREE_TRIES = 5
FREE_TRIES_FROM_ONE_PLACE = 50
FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks of the sign-in page."""

    client_id: str
    redirect_uri: str
    response_type: str
    challenge: str
    method: str
    state: str
    nonce: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What came of somebody's try: a code, or seconds to wait, or neither when the password is wrong."""

    code: str | None = None
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class BuiltInIssuer:
    """Signs in the people of this council's own user table."""

    engine: Engine
    settings: IssuerSettings
    now: Callable[[], float] = time.time

    def signing_key(self, connection: Connection) -> ECKey:
        """Return the newest signing key, making the first one."""
        row = connection.execute(select(issuer_key).order_by(issuer_key.c.made_at.desc())).first()
        if row is not None:
            return ECKey.import_key(json.loads(row.key))
        # A short name: it travels with every request, and only this council's few keys bear one.
        key = ECKey.generate_key("P-256", parameters={"kid": secrets.token_urlsafe(6)})
        made = key.as_dict(private=True)
        row_values = {"kid": made["kid"], "key": json.dumps(made), "made_at": f"{self.now():.6f}"}
        connection.execute(insert(issuer_key).values(row_values))
        return key

    def prepare(self) -> None:
        """Make the signing key if there is none yet."""
        with writing(self.engine) as connection:
            self.signing_key(connection)

    def keys(self, _look_again: bool = False) -> KeySet:
        """Return the public keys."""
        with self.engine.connect() as connection:
            rows = connection.scalars(select(issuer_key.c.key)).all()
        return KeySet([ECKey.import_key(json.loads(row)) for row in rows])

    def public_keys(self) -> dict[str, Any]:
        """Return the public keys as a JWK set."""
        return {"keys": [key.as_dict(private=False) for key in self.keys().keys]}

    def sign_in(self, asked: Asked, username: str, password: str, place: str) -> SignIn:
        """Check somebody's password, holding back who tries too often."""
        who = (
            (f"user:{username.strip().lower()}", FREE_TRIES),
            (f"place:{place}", FREE_TRIES_FROM_ONE_PLACE),
        )
        if wait := self._wait(who):
            return SignIn(wait_seconds=wait)
        # Counted before it is checked, so that many tries at once are no way round.
        self._count_try(who)
        if not right_password(self.engine, username.strip(), password):
            return SignIn()
        code = secrets.token_urlsafe(32)
        with writing(self.engine) as connection:
            connection.execute(delete(issuer_try).where(issuer_try.c.who.in_([name for name, _ in who])))
            connection.execute(delete(issuer_code).where(issuer_code.c.expires < int(self.now()) - 3600))
            values = {
                "hash": _hash(code),
                "subject": username.strip(),
                "redirect": asked.redirect_uri,
                "challenge": asked.challenge,
                "nonce": asked.nonce,
                "expires": int(self.now()) + CODE_SECONDS,
                "family": str(uuid.uuid4()),
                "used": False,
            }
            connection.execute(insert(issuer_code).values(values))
        return SignIn(code=code)

    def _wait(self, who: tuple[tuple[str, int], ...]) -> int:
        with self.engine.connect() as connection:
            names = [name for name, _ in who]
            query = select(issuer_try.c.wait_until).where(issuer_try.c.who.in_(names))
            until: list[int] = list(connection.scalars(query))
        return max([0, *(moment - int(self.now()) for moment in until)])

    def _count_try(self, who: tuple[tuple[str, int], ...]) -> None:
        now = int(self.now())
        with writing(self.engine) as connection:
            for name, free in who:
                query = select(issuer_try).where(issuer_try.c.who == name).with_for_update()
                row = connection.execute(query).first()
                failures = 1 if row is None or now - row.last_at > 24 * 3600 else row.failures + 1
                doubled = FIRST_WAIT_SECONDS * 2 ** min(max(failures - free, 0), 10)
                wait = min(doubled, LONGEST_WAIT_SECONDS) if failures >= free else 0
                values = {"failures": failures, "wait_until": now + wait, "last_at": now}
                if row is None:
                    connection.execute(insert(issuer_try).values(who=name, **values))
                else:
                    connection.execute(update(issuer_try).where(issuer_try.c.who == name).values(**values))

    def exchange(self, code: str, redirect: str, verifier: str) -> dict[str, Any] | None:
        """Return tokens for a code, once; ``None`` when it is not good. Used twice, its tokens end."""
        with writing(self.engine) as connection:
            query = select(issuer_code).where(issuer_code.c.hash == _hash(code)).with_for_update()
            row = connection.execute(query).first()
            if row is None:
                return None
            if row.used:
                self._end_family(connection, row.family)
                return None
            connection.execute(update(issuer_code).where(issuer_code.c.hash == row.hash).values(used=True))
            proven = hmac.compare_digest(row.challenge, challenge_of(verifier))
            if not proven or row.redirect != redirect or row.expires < int(self.now()):
                return None
            return self._tokens(connection, row.subject, row.family, row.nonce)

    def refresh(self, token: str) -> dict[str, Any] | None:
        """Return new tokens for a refresh token; ``None`` when it is not good any more."""
        now = int(self.now())
        with writing(self.engine) as connection:
            query = select(issuer_refresh).where(issuer_refresh.c.hash == _hash(token)).with_for_update()
            row = connection.execute(query).first()
            if row is None or row.expires < now or find_user(connection, row.subject) is None:
                return None
            if row.used_at is not None and now - row.used_at > LOST_REPLY_SECONDS:
                self._end_family(connection, row.family)
                return None
            if row.used_at is None:
                mine = issuer_refresh.c.hash == row.hash
                connection.execute(update(issuer_refresh).where(mine).values(used_at=now))
            return self._tokens(connection, row.subject, row.family, "")

    def _end_family(self, connection: Connection, family: str) -> None:
        connection.execute(delete(issuer_refresh).where(issuer_refresh.c.family == family))

    def _tokens(self, connection: Connection, subject: str, family: str, nonce: str) -> dict[str, Any]:
        now = int(self.now())
        connection.execute(delete(issuer_refresh).where(issuer_refresh.c.expires < now))
        fresh = secrets.token_urlsafe(32)
        values = {
            "hash": _hash(fresh),
            "subject": subject,
            "family": family,
            "expires": now + REFRESH_SECONDS,
        }
        connection.execute(insert(issuer_refresh).values(**values, used_at=None))
        key = self.signing_key(connection)
        identity = {"nonce": nonce} if nonce else {}
        return {
            "access_token": self._signed(key, subject, self.settings.audience, {}),
            "id_token": self._signed(key, subject, self.settings.client_id, identity),
            "token_type": "Bearer",
            "expires_in": self.settings.token_seconds,
            "refresh_token": fresh,
            "scope": "openid offline_access",
        }

    def tokens_for(self, subject: str) -> dict[str, Any]:
        """Return tokens for a worker without the sign-in page, for demonstrations that embed this server."""
        with writing(self.engine) as connection:
            return self._tokens(connection, subject, str(uuid.uuid4()), "")

    def _signed(self, key: ECKey, subject: str, audience: str, more: dict[str, Any]) -> str:
        now = int(self.now())
        times = {"iat": now, "exp": now + self.settings.token_seconds}
        claims = {"iss": self.settings.url, "sub": subject, "aud": audience} | times | more
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636 s.4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_loopback_redirect(address: str) -> bool:
    """Tell whether a redirect goes to a program on the same machine and nowhere else (RFC 8252 s.7.3)."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    plain = parts.scheme == "http" and not parts.username and not parts.password and not parts.fragment
    return plain and loopback and port is not None and not any(ord(letter) <= 32 for letter in address)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
