"""Bring an older book up to date: backup first, then each step and its record in one transaction.

Steps only add tables and columns; triggers are made again in the same transaction. Data steps run quiet: they keep
history, but give no new stamps, or every office would send its whole book again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from hoidesk.book.registry import registry
from hoidesk.book.triggers import QUIET_MIGRATION

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
        with engine.begin() as connection:
            connection.execute(text("UPDATE clock_state SET quiet = :q"), {"q": QUIET_MIGRATION})
            with Operations.context(MigrationContext.configure(connection)):
                script.module.upgrade()
            make_triggers(connection, registry())
            connection.execute(
                text("UPDATE alembic_version SET version_num = :v"),
                {"v": script.revision},
            )
            connection.execute(text("UPDATE clock_state SET quiet = 0"))
