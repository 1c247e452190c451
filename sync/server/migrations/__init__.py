"""The steps from one layout of the server's database to the next. `docs/server.md` says how to add one."""

LOCK_MILLISECONDS = 500
"""So long a step waits for a table. Whoever comes meanwhile waits behind it, so it is short."""
