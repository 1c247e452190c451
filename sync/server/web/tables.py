"""The web forms' tables: drafts, sessions, links, uploads, counts, arrivals. Tokens only as hashes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from sync.server.tables import OWN

draft = Table(
    "web_draft",
    OWN,
    Column("id", String(36), primary_key=True),
    Column("form", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("case", String(36)),  # a review's, known by its invitation
    Column("invitation", String(64)),
    Column("content", Text, nullable=False),  # JSON: answers, rows, pages seen; emptied when sent
    Column("started_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False, index=True),
    Column("sent_at", BigInteger),
    Column("reference", String(16)),
    Column("told", Text),  # JSON: the dates on the confirmation page
)

session = Table(
    "web_session",
    OWN,
    Column("hash", String(64), primary_key=True),
    Column("form", String(64), primary_key=True),
    Column("draft", String(36), nullable=False, index=True),
    Column("until", BigInteger, nullable=False, index=True),
)

link = Table(
    "web_link",
    OWN,
    Column("hash", String(64), primary_key=True),
    Column("draft", String(36), nullable=False, index=True),
    Column("address", String(64), nullable=False),  # of the email address, a keyed hash: never the address
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

invitation = Table(
    "web_invitation",
    OWN,
    Column("hash", String(64), primary_key=True),
    Column("form", String(64), nullable=False),
    Column("case", String(36), nullable=False, index=True),
    Column("until", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
)

upload = Table(
    "web_upload",
    OWN,
    Column("id", String(36), primary_key=True),
    Column("draft", String(36), nullable=False, index=True),
    Column("case", String(36), index=True),
    Column("sha256", String(64), nullable=False),
    Column("content_type", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

count = Table(
    "web_count",
    OWN,
    Column("key", String(64), primary_key=True),  # of what and of whom, a keyed hash
    Column("since", BigInteger, nullable=False, index=True),
    Column("times", Integer, nullable=False),
)

arrival = Table(
    "web_arrival",
    OWN,
    Column("reference", String(16), primary_key=True),
    Column("case", String(36), nullable=False),
    Column("form", String(64), nullable=False),
    Column("at", String, nullable=False, index=True),
)
