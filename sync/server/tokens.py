"""Checking the access token that comes with each call, whichever issuer made it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("ES256", "RS256")

_BELIEVED_SECONDS = 60
_MOST_BELIEVED = 10_000

Keys = Callable[[bool], KeySet]
"""Gives the issuer's public keys; ``True`` asks it to look again."""


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """Who signs people in. With ``outside`` the built-in issuer is off, and ``url`` is the other one's."""

    url: str
    client_id: str = "asc-desk"
    audience: str = "asc-desk"
    outside: bool = False
    token_seconds: int = 600
    subject_claim: str = "sub"


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Checks tokens of one issuer."""

    issuer: IssuerSettings
    keys: Keys
    now: Callable[[], float] = time.time
    believed: dict[str, tuple[str, float]] = field(default_factory=dict, compare=False)
    """Whom tokens that were checked speak for, and until when they are believed again without a look."""

    def subject(self, token: str) -> str | None:
        """Return whom the token speaks for, or ``None`` when it is forged, foreign or expired.

        A good one is believed for a minute, within its time, before its signature is looked at again.
        """
        if (known := self.believed.get(token)) is not None and self.now() < known[1]:
            return known[0]
        for look_again in (False, True):
            try:
                claims = self._claims(token, self.keys(look_again))
            except ValueError:  # a key that this set does not have: the issuer may have changed its keys
                continue
            except JoseError:
                return None
            subject = claims.get(self.issuer.subject_claim)
            if not isinstance(subject, str) or not subject:
                return None
            if len(self.believed) >= _MOST_BELIEVED:
                self.believed.clear()
            self.believed[token] = subject, min(self.now() + _BELIEVED_SECONDS, float(claims["exp"]))
            return subject
        return None

    def _claims(self, token: str, keys: KeySet) -> dict[str, Any]:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(self.now()),
            iss={"essential": True, "value": self.issuer.url},
            aud={"essential": True, "value": self.issuer.audience},
            exp={"essential": True},
        )
        rules.validate(claims)
        return claims


def outside_keys(issuer: IssuerSettings, fetch: Callable[[str], Any]) -> Keys:
    """Return the keys of an outside issuer, fetched by its discovery document and held for an hour."""
    held: dict[str, Any] = {}

    def keys(look_again: bool) -> KeySet:
        fresh = "at" in held and time.monotonic() - held["at"] < (10 if look_again else 3600)
        if not fresh:
            configuration = fetch(f"{issuer.url.rstrip('/')}/.well-known/openid-configuration")
            held["keys"] = KeySet.import_key_set(fetch(configuration["jwks_uri"]))
            held["at"] = time.monotonic()
        found: KeySet = held["keys"]
        return found

    return keys
