"""The schema of a book: made whole for a new one, compared for an old one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from hoidesk.book.local import LOCAL_DDL
from hoidesk.book.registry import Registry, registry
from hoidesk.book.store import damaged
from hoidesk.book.triggers import trigger_ddl, trigger_sum
from hoidesk.errors import EnvError
from hoidesk.exchange.local import EXCHANGE_DDL
from hoidesk.language import _

__all__ = ["SCHEMA", "create_schema", "make_triggers", "schema_of", "verify_triggers"]

# The newest migration of hoidesk/book/migrations; a book says the same in alembic_version.
SCHEMA: Final = "0002"


def create_schema(connection: Connection) -> None:
    """All tables, local and synced, with their triggers, in the transaction of ``connection``."""
    tables = registry()
    for statement in (*LOCAL_DDL, *EXCHANGE_DDL):
        connection.exec_driver_sql(statement)
    SQLModel.metadata.create_all(connection, tables=[t.table for t in tables.tables], checkfirst=False)
    connection.exec_driver_sql("CREATE TABLE alembic_version(version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.execute(text("INSERT INTO alembic_version VALUES(:v)"), {"v": SCHEMA})
    make_triggers(connection, tables)


def make_triggers(connection: Connection, tables: Registry) -> None:
    """Drop every trigger of the book and make those of this program."""
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    ddl = trigger_ddl(tables)
    for statement in ddl.values():
        connection.exec_driver_sql(statement)
    connection.execute(
        text("INSERT OR REPLACE INTO book_info(name, value) VALUES('triggers', :sum)"), {"sum": trigger_sum(ddl)}
    )


def verify_triggers(connection: Connection) -> bool:
    """Whether the triggers in the book are exactly those of this program."""
    ddl = trigger_ddl(registry())
    found = {
        row.name: row.sql
        for row in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    }
    return found == ddl


def schema_of(connection: Connection) -> str:
    """The schema version of the book; EnvError when the book is newer than this program, or holds no version."""
    if not connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")).scalar():
        raise damaged()  # an emptied file is an empty database to SQLite
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is None:
        raise damaged()
    if str(version) > SCHEMA:
        raise EnvError(
            "book.newer", _("The book was written by a newer program. Install the newer program on this PC.")
        )
    return str(version)
