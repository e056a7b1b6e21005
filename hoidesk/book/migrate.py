"""Bring an older book up to date: backup first, then each step and its record in one transaction.

Steps only add tables and columns; triggers are made again in the same transaction. A step that moves data depends on
nothing but the data, so that every office comes to the same. It runs quiet: history is kept under the operation
number -1, which no package looks at, and no stamp is given, or every office would send its whole book again. It fills
fields and makes no records, for two offices would make different ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from hoidesk.book.registry import registry
from hoidesk.book.store import refusals
from hoidesk.book.triggers import MIGRATION_OP, QUIET_MIGRATION
from hoidesk.errors import EnvError
from hoidesk.language import _

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

__all__ = ["MIGRATIONS", "migrate", "pending"]

MIGRATIONS = Path(__file__).parent / "migrations"


def pending(version: str, folder: Path = MIGRATIONS) -> list[str]:
    """The names of the steps that a book of schema ``version`` lacks, oldest first."""
    return [script.revision for script in _scripts(folder) if script.revision > version]


def _scripts(folder: Path) -> list[Any]:
    from alembic.script import ScriptDirectory

    return sorted(ScriptDirectory(str(folder)).walk_revisions(), key=lambda s: s.revision)


def migrate(engine: Engine, folder: Path, key: bytes, version: str, scripts: Path = MIGRATIONS) -> None:
    """Run every pending step on the book in ``folder``; a failing step leaves the book at the step before."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    from hoidesk.book.backup import write_backup
    from hoidesk.book.schema import make_triggers

    write_backup(folder, key, folder.parent / f"{folder.stem}-before-update-{version}.hoibackup", replace=True)
    for script in _scripts(scripts):
        if script.revision <= version:
            continue
        try:
            with refusals(), engine.begin() as connection:
                before = _stamped(connection)
                connection.execute(
                    text("UPDATE clock_state SET quiet = :q, op = :op"), {"q": QUIET_MIGRATION, "op": MIGRATION_OP}
                )
                with Operations.context(MigrationContext.configure(connection)):
                    script.module.upgrade()
                if _stamped(connection) != before:
                    raise AssertionError(f"step {script.revision} made records or gave stamps")
                make_triggers(connection, registry())
                connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": script.revision})
                connection.execute(text("UPDATE clock_state SET quiet = 0, op = 0"))
        except EnvError:
            raise  # a full disk or a damaged file says so itself
        except Exception as error:
            raise EnvError(
                "book.not_updated",
                _("The book cannot be brought up to date; it is as before. Use the former program and report this."),
            ) from error


def _stamped(connection: Connection) -> tuple[int, int]:
    """What no step may change: how many rows have a clock, and how far the clock of the book came."""
    row = connection.execute(text("SELECT (SELECT count(*) FROM row_clock) AS rows, hlc FROM clock_state")).one()
    return int(row.rows), int(row.hlc)
