"""How Alembic runs the steps: over the connection that it is given, one transaction for each step.

`sync.server.migrating` is the way in; nothing else runs this.
"""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo

from sync.server.migrations.live import SCHEMA_SETTING, said

connection = context.config.attributes["connection"]
one_transaction = connection.dialect.name == "sqlite"


def _number_it(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]
) -> None:
    """Write the layout's number where every start looks for it, in the transaction of the step itself."""
    said(connection, SCHEMA_SETTING, str(int(max(heads))))


context.configure(
    connection=connection,
    transaction_per_migration=not one_transaction,
    on_version_apply=_number_it,
)
with context.begin_transaction():
    context.run_migrations()
