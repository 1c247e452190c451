"""The people and the laptops that the council knows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from ascdesk.errors import Refusal
from sync.protocol import User
from sync.server.chains import blank_device
from sync.server.database import plain_trouble, read_setting, writing
from sync.server.intake import note
from sync.server.tables import device, user

_SHOWN = ("id", "name", "role", "team", "registration", "telephone", "email")


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its own salt and costs."""
    from argon2 import PasswordHasher  # noqa: PLC0415 (only where passwords are)

    return PasswordHasher().hash(password)


def add_user(engine: Engine, subject: str, details: Mapping[str, str], password: str | None) -> User:
    """Add a worker. ``subject`` is their user name. Raises :class:`Refusal` when it is taken."""
    values: dict[str, Any] = {name: details.get(name, "") for name in _SHOWN if name != "id"}
    values |= {"id": details.get("id") or str(uuid.uuid4()), "subject": subject, "active": True}
    values["password"] = None if password is None else hash_password(password)
    with plain_trouble(), writing(engine) as connection:
        if connection.scalar(select(user.c.id).where(user.c.subject == subject)) is not None:
            raise Refusal(f"There is a user “{subject}” already. Choose another user name.")
        connection.execute(insert(user).values(values))
    return User(**{name: values[name] for name in _SHOWN})


def find_user(connection: Connection, subject: str) -> User | None:
    """Return the active worker whom the issuer calls ``subject``."""
    row = connection.execute(select(user).where(user.c.subject == subject, user.c.active)).mappings().first()
    return None if row is None else _user(row)


def _user(row: RowMapping) -> User:
    return User(**{name: row[name] for name in _SHOWN})


def user_id(engine: Engine, subject: str) -> str:
    """Return the id of a worker by user name or by id. Raises :class:`Refusal` when there is none."""
    with plain_trouble(), engine.connect() as connection:
        known = (user.c.subject == subject) | (user.c.id == subject)
        found: str | None = connection.scalar(select(user.c.id).where(known))
    if found is None:
        raise Refusal(f"The council has no user “{subject}”. Add them with “ascdesk-server user add”.")
    return found


def right_password(engine: Engine, subject: str, password: str) -> bool:
    """Tell whether the password is this worker's; it takes as long for somebody unknown."""
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    with engine.connect() as connection:
        row = connection.execute(
            select(user.c.password).where(user.c.subject == subject, user.c.active)
        ).first()
        stand_in = read_setting(connection, "password_stand_in") or ""
    kept = row[0] if row is not None else None
    try:
        PasswordHasher().verify(kept or stand_in, password)
    except (Argon2Error, InvalidHashError):
        return False
    return kept is not None


def register_device(engine: Engine, owner: User, device_id: str, name: str, at: str) -> None:
    """Register a laptop; the same one again changes nothing but its name.

    Raises :class:`Refusal` when the id is another worker's laptop or was revoked.
    """
    with writing(engine) as connection:
        row = connection.execute(select(device).where(device.c.id == device_id).with_for_update()).first()
        if row is None:
            values = blank_device(device_id) | {"user": owner.id, "name": name, "enrolled_at": at}
            connection.execute(insert(device).values(values))
        elif row.user not in (None, owner.id) or row.revoked_at is not None:
            raise Refusal(
                "This laptop is enrolled for somebody else, or was revoked. Ask your administrator."
            )
        else:
            values = {"user": owner.id, "name": name, "enrolled_at": row.enrolled_at or at}
            connection.execute(update(device).where(device.c.id == device_id).values(values))
        note(connection, [{"at": at, "user": owner.id, "device": device_id, "did": "enrol"}])


def directory(connection: Connection) -> list[dict[str, str]]:
    """Return the council's directory: every active worker, with how colleagues and people reach them."""
    columns = [user.c[name] for name in ("id", "name", "role", "team", "telephone", "email")]
    query = select(*columns).where(user.c.active).order_by(user.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def works_on(connection: Connection, owner: User, device_id: str) -> bool:
    """Tell whether the laptop is this worker's and was not revoked."""
    query = select(device.c.id).where(
        device.c.id == device_id, device.c.user == owner.id, device.c.revoked_at.is_(None)
    )
    return connection.scalar(query) is not None
