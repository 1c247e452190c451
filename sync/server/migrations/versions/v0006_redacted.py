"""Keep what was ordered removed beside the log, so that the same words are not stored when they come again.

Revision ID: 0006
Revises: 0005
"""

from alembic import op
from sqlalchemy import Column, MetaData, String, Table, func, select, table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, where it is not there; nothing was ever removed by order in an older layout."""
    redacted = Table(
        "redacted",
        MetaData(),
        Column("case", String(36), primary_key=True),
        Column("what", String(64), primary_key=True),
        Column("redaction", String(36), nullable=False),
    )
    redacted.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Remove it while it is empty: an older server would store again what was ordered removed."""
    if op.get_bind().scalar(select(func.count()).select_from(table("redacted"))):
        raise NotImplementedError("Words were removed by order in this database. Stay at this version.")
    op.drop_table("redacted")
