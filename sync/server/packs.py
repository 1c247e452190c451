"""The council's pack on the server: loaded by an administrator, kept as it travels, fetched by laptops."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, select

from ascdesk.councils.pack import Pack, canonical
from ascdesk.errors import Refusal
from sync.server.database import plain_trouble, read_setting, write_setting, writing
from sync.server.tables import setting

_PACK = "pack"
VERSION = "pack_version"


def load_pack(engine: Engine, pack: Pack) -> bool:
    """Keep a pack for every laptop to fetch; tell whether that changed anything.

    Raises :class:`Refusal` when it is not newer than the one that laptops may have already.
    """
    told = canonical(pack)
    with plain_trouble(), writing(engine) as connection:
        # one load at a time: laptops must never be sent back to an older pack
        connection.execute(select(setting).where(setting.c.name == "schema").with_for_update())
        held = pack_version(connection)
        if told == read_setting(connection, _PACK):
            return False
        if pack.version <= held:
            raise Refusal(
                f"The council’s server holds version {held} of the pack, so version {pack.version} would "
                f"reach no laptop. Raise “version” in council.toml to {held + 1} and load it again."
            )
        write_setting(connection, _PACK, told)
        write_setting(connection, VERSION, str(pack.version))
        return True


def pack_version(connection: Connection) -> int:
    """Return the version of the pack that laptops get; nought when none was loaded."""
    return int(read_setting(connection, VERSION) or 0)


def held_pack(connection: Connection) -> str | None:
    """Return the pack as it travels, if one was loaded."""
    return read_setting(connection, _PACK)
