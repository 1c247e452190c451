"""Everything that layouts 1 to 4 had, whichever of them the database is of; what is there stays as it is.

The tables are written out here and never taken from the living models: this is what layout 4 was. The typed
tables are no part of it: they are made from the log, and follow the models (`sync.server.retyping`).

Revision ID: 0004
Revises:
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
)

from sync.orders import make_signing_key

revision = "0004"
down_revision = None
branch_labels = None
depends_on = None

LAYOUT = MetaData()

Table(
    "change",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("case", String(36), nullable=False),
    Column("entity", String, nullable=False),
    Column("row", String(36), nullable=False),
    Column("field", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("value", Text),
    Column("salt", String),
    Column("supersedes", Text, nullable=False),
    Column("group", String(36), nullable=False),
    Column("author", String, nullable=False),
    Column("device", String(36), nullable=False),
    Column("wall", String, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("value_hash", String),
    Column("device_seq", BigInteger),
    Column("link", String),
    Column("version", BigInteger),
    Column("received_at", String),
    Column("late", Boolean, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("change_device", "device", "device_seq"),
    Index("change_group", "group"),
    Index("change_row", "case", "row", "field"),
    Index("change_version", "case", "version", unique=True),
)

Table(
    "superseded",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("by", String(36), nullable=False),
    PrimaryKeyConstraint("id", "by"),
    Index("superseded_by", "by"),
)

Table(
    "head",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("case", String(36), nullable=False),
    Column("entity", String, nullable=False),
    Column("row", String(36), nullable=False),
    Column("field", String, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("head_entity", "case", "entity"),
    Index("head_row", "case", "row"),
)

Table(
    "council_setting",
    LAYOUT,
    Column("name", String, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("name"),
)

Table(
    "council_user",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("subject", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("team", String, nullable=False),
    Column("registration", String, nullable=False),
    Column("telephone", String, nullable=False),
    Column("email", String, nullable=False),
    Column("password", String),
    Column("active", Boolean, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("subject"),
)

Table(
    "council_device",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("user", String(36)),
    Column("name", String, nullable=False),
    Column("enrolled_at", String, nullable=False),
    Column("revoked_at", String),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_link", String, nullable=False),
    Column("broken_at", BigInteger),
    Column("cloned", Boolean, nullable=False),
    PrimaryKeyConstraint("id"),
)

Table(
    "case_counter",
    LAYOUT,
    Column("case", String(36), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("last_id", String(36), nullable=False),
    Column("projected_version", BigInteger, nullable=False),
    PrimaryKeyConstraint("case"),
)

Table(
    "case_archived",
    LAYOUT,
    Column("case", String(36), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("last_id", String(36), nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("case"),
)

Table(
    "case_access",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("case", String(36), nullable=False),
    Column("user", String(36), nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
    Column("why", String, server_default="given", nullable=False),
    PrimaryKeyConstraint("id"),
    Index("case_access_case", "case", "user"),
    Index("case_access_user", "user", "until"),
)

Table(
    "access_audit",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("at", String, nullable=False),
    Column("user", String(36), nullable=False),
    Column("device", String(36), nullable=False),
    Column("did", String, nullable=False),
    Column("case", String(36)),
    Column("first_version", BigInteger),
    Column("last_version", BigInteger),
    PrimaryKeyConstraint("id"),
    Index("access_audit_case", "case", "at"),
)

Table(
    "unprojected",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("case", String(36), nullable=False),
    Column("trouble", String, nullable=False),
    PrimaryKeyConstraint("id"),
)

Table(
    "case_attachment",
    LAYOUT,
    Column("case", String(36), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("held_at", String),
    Column("user", String(36), nullable=False),
    Column("device", String(36), nullable=False),
    PrimaryKeyConstraint("case", "sha256"),
)

Table(
    "case_attachment_piece",
    LAYOUT,
    Column("case", String(36), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("case", "sha256", "number"),
)

Table(
    "issuer_key",
    LAYOUT,
    Column("kid", String, nullable=False),
    Column("key", Text, nullable=False),
    Column("made_at", String, nullable=False),
    PrimaryKeyConstraint("kid"),
)

Table(
    "issuer_code",
    LAYOUT,
    Column("hash", String(64), nullable=False),
    Column("subject", String, nullable=False),
    Column("redirect", String, nullable=False),
    Column("challenge", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("family", String(36), nullable=False),
    Column("used", Boolean, nullable=False),
    PrimaryKeyConstraint("hash"),
)

Table(
    "issuer_refresh",
    LAYOUT,
    Column("hash", String(64), nullable=False),
    Column("subject", String, nullable=False),
    Column("family", String(36), nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    PrimaryKeyConstraint("hash"),
    Index("ix_issuer_refresh_family", "family"),
)

Table(
    "issuer_try",
    LAYOUT,
    Column("who", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("wait_until", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("who"),
)

Table(
    "web_arrival",
    LAYOUT,
    Column("reference", String(16), nullable=False),
    Column("case", String(36), nullable=False),
    Column("form", String(64), nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("reference"),
    Index("ix_web_arrival_at", "at"),
)

Table(
    "web_count",
    LAYOUT,
    Column("key", String(64), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    PrimaryKeyConstraint("key"),
    Index("ix_web_count_since", "since"),
)

Table(
    "web_draft",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("form", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("case", String(36)),
    Column("invitation", String(64)),
    Column("content", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("reference", String(16)),
    Column("told", Text),
    PrimaryKeyConstraint("id"),
    Index("ix_web_draft_changed_at", "changed_at"),
)

Table(
    "web_invitation",
    LAYOUT,
    Column("hash", String(64), nullable=False),
    Column("form", String(64), nullable=False),
    Column("case", String(36), nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    PrimaryKeyConstraint("hash"),
    Index("ix_web_invitation_case", "case"),
)

Table(
    "web_link",
    LAYOUT,
    Column("hash", String(64), nullable=False),
    Column("draft", String(36), nullable=False),
    Column("address", String(64), nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    PrimaryKeyConstraint("hash"),
    Index("ix_web_link_draft", "draft"),
)

Table(
    "web_session",
    LAYOUT,
    Column("hash", String(64), nullable=False),
    Column("form", String(64), nullable=False),
    Column("draft", String(36), nullable=False),
    Column("until", BigInteger, nullable=False),
    PrimaryKeyConstraint("hash", "form"),
    Index("ix_web_session_draft", "draft"),
    Index("ix_web_session_until", "until"),
)

Table(
    "web_upload",
    LAYOUT,
    Column("id", String(36), nullable=False),
    Column("draft", String(36), nullable=False),
    Column("case", String(36)),
    Column("sha256", String(64), nullable=False),
    Column("content_type", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_web_upload_case", "case"),
    Index("ix_web_upload_draft", "draft"),
)


_SETTING = LAYOUT.tables["council_setting"]


def upgrade() -> None:
    """Make what is lacking: tables, why somebody has a case, the key that signs the council's orders."""
    connection = op.get_bind()
    LAYOUT.create_all(connection)
    if "why" not in {column["name"] for column in inspect(connection).get_columns("case_access")}:
        op.add_column("case_access", Column("why", String, server_default="given", nullable=False))
    signing = _SETTING.select().where(_SETTING.c.name == "signing_key")
    if connection.execute(signing).first() is None:
        connection.execute(_SETTING.insert().values(name="signing_key", value=make_signing_key()))


def downgrade() -> None:
    """Refuse: there is no layout before this one that any server still knows."""
    raise NotImplementedError("Put the backup back that was made before.")
