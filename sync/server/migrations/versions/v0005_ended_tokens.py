"""Find the tokens and codes of sign-in that have ended by an index.

Each sign-in and each renewal removes those that have ended. Without an index each looked through all of them:
a large council's laptops leave a million in a month.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from sync.server.migrations.live import add_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two indexes while sign-in goes on."""
    add_index("issuer_code_expires", "issuer_code", ["expires"])
    add_index("issuer_refresh_expires", "issuer_refresh", ["expires"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("issuer_refresh_expires", "issuer_refresh")
    op.drop_index("issuer_code_expires", "issuer_code")
