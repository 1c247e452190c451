"""Keep up to where what follows from a case's changes was done: who sees it, what is merged.

Revision ID: 0007
Revises: 0006
"""

from alembic import op
from sqlalchemy import BigInteger, Column, inspect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, where it is not there. The sweep looks through every case once.

    The default is also for servers of the version before, which make counters without it.
    """
    columns = {column["name"] for column in inspect(op.get_bind()).get_columns("case_counter")}
    if "followed_version" not in columns:
        op.add_column(
            "case_counter", Column("followed_version", BigInteger, nullable=False, server_default="0")
        )


def downgrade() -> None:
    """Remove it."""
    op.drop_column("case_counter", "followed_version")
