"""The server's own tables, beside the record's: people, laptops, who has which case, sign-in, audit."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from ascdesk.record import models as _models  # noqa: F401 (puts the typed tables into the shared metadata)
from ascdesk.record.tables import Base

SCHEMA = 7
"""Version of the server's tables, checked at each start: the last of `sync.server.migrations.versions`."""

RECORD: MetaData = Base.metadata
OWN = MetaData()

setting = Table(
    "council_setting",
    OWN,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

revision = Table(
    "alembic_version",  # Alembic's own name: the step of migration that the database stands at
    OWN,
    Column("version_num", String(32), primary_key=True),
)

user = Table(
    "council_user",
    OWN,
    Column("id", String(36), primary_key=True),
    # What the issuer calls the person: the user name with the built-in one.
    Column("subject", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("team", String, nullable=False),
    Column("registration", String, nullable=False),
    Column("telephone", String, nullable=False),
    Column("email", String, nullable=False),
    Column("password", String),  # Argon2id, for the built-in issuer only
    Column("active", Boolean, nullable=False),
)

device = Table(
    "council_device",
    OWN,
    Column("id", String(36), primary_key=True),
    Column("user", String(36)),  # empty: met only through another laptop that offered its changes again
    Column("name", String, nullable=False),
    Column("enrolled_at", String, nullable=False),
    Column("revoked_at", String),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_link", String, nullable=False),
    Column("broken_at", BigInteger),  # first place at which its chain did not hold
    Column("cloned", Boolean, nullable=False),  # two different changes at one place of the chain
)

counter = Table(
    "case_counter",
    OWN,
    Column("case", String(36), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("last_id", String(36), nullable=False),
    Column("projected_version", BigInteger, nullable=False),
    # Up to where what follows from the typed tables was done (`sync.server.projecting.catch_up`).
    Column("followed_version", BigInteger, nullable=False, server_default="0"),
)

archived = Table(
    "case_archived",
    OWN,
    # Up to which version the council's last backup holds the case: what lies beyond leaves a laptop only into
    # the escrow (sync.server.backing).
    Column("case", String(36), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("last_id", String(36), nullable=False),
    Column("at", String, nullable=False),
)

access = Table(
    "case_access",
    OWN,
    Column("id", String(36), primary_key=True),
    Column("case", String(36), nullable=False),
    Column("user", String(36), nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
    # given: by hand; made: began the case; work: follows what stands open in the case (sync.server.scoping)
    Column("why", String, nullable=False, server_default="given"),
    Index("case_access_case", "case", "user"),
    Index("case_access_user", "user", "until"),
)

audit = Table(
    "access_audit",
    OWN,
    Column("id", String(36), primary_key=True),
    Column("at", String, nullable=False),
    Column("user", String(36), nullable=False),
    Column("device", String(36), nullable=False),
    Column("did", String, nullable=False),  # enrol, write, write late, read, opened, take away: no content
    Column("case", String(36)),
    Column("first_version", BigInteger),
    Column("last_version", BigInteger),
    Index("access_audit_case", "case", "at"),
)

unprojected = Table(
    "unprojected",
    OWN,
    Column(
        "id", String(36), primary_key=True
    ),  # a change that is stored but could not be put in a typed table
    Column("case", String(36), nullable=False),
    Column("trouble", String, nullable=False),
)

attachment = Table(
    "case_attachment",
    OWN,
    Column("case", String(36), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),  # bytes that are here: where the laptop goes on
    Column("held_at", String),  # when all of it was here and its hash was right
    Column("user", String(36), nullable=False),
    Column("device", String(36), nullable=False),
)

attachment_piece = Table(
    "case_attachment_piece",
    OWN,
    Column("case", String(36), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

issuer_key = Table(
    "issuer_key",
    OWN,
    Column("kid", String, primary_key=True),
    Column("key", Text, nullable=False),  # private JWK
    Column("made_at", String, nullable=False),
)

issuer_code = Table(
    "issuer_code",
    OWN,
    Column("hash", String(64), primary_key=True),
    Column("subject", String, nullable=False),
    Column("redirect", String, nullable=False),
    Column("challenge", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("family", String(36), nullable=False),
    Column("used", Boolean, nullable=False),
    Index("issuer_code_expires", "expires"),
)

issuer_refresh = Table(
    "issuer_refresh",
    OWN,
    Column("hash", String(64), primary_key=True),
    Column("subject", String, nullable=False),
    Column("family", String(36), nullable=False, index=True),
    Column("expires", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("issuer_refresh_expires", "expires"),
)

issuer_try = Table(
    "issuer_try",
    OWN,
    Column("who", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("wait_until", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)
