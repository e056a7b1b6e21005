"""Books of every released schema open with this program: brought up to date, nothing lost, nothing stamped anew."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from hoidesk.book.book import Book
from hoidesk.book.check import check_book
from hoidesk.book.dump import dump_lines
from hoidesk.book.folder import create_book, open_book
from hoidesk.book.migrate import MIGRATIONS, migrate, pending
from hoidesk.book.schema import SCHEMA
from hoidesk.errors import EnvError
from hoidesk.exchange.collecting import stamps_of as field_stamps
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive
from hoidesk.meetings.operations import SaveMeeting
from tests.exchange.books import send
from tests.museum.make import PASSWORD

MUSEUM = Path(__file__).resolve().parents[1] / "museum"
SCHEMAS = sorted(folder.name for folder in MUSEUM.iterdir() if folder.name.isdigit())
DAY = date(2026, 11, 12)


def piece(schema: str, name: str, folder: Path) -> Path:
    """A copy of a museum book: opening it writes."""
    return Path(shutil.copytree(MUSEUM / schema / f"{name}.hoibook", folder / f"{name}.hoibook"))


def schema_of(connection: Connection) -> dict[str, Any]:
    """Tables with columns and indexes, whatever the spelling of their making."""
    found: dict[str, Any] = {}
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars()
    for name in names.all():
        columns = connection.exec_driver_sql(f'PRAGMA table_xinfo("{name}")').all()
        indexes = connection.exec_driver_sql(f'PRAGMA index_list("{name}")').all()
        keys = connection.exec_driver_sql(f'PRAGMA foreign_key_list("{name}")').all()
        found[name] = (
            sorted(tuple(c)[1:] for c in columns),
            sorted((i[1], i[2], i[4]) for i in indexes if not i[1].startswith("sqlite_")),
            sorted(tuple(k)[2:] for k in keys),
        )
    return found


def triggers_of(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: sql for name, sql in rows}


def stamps_of(book: Book) -> tuple[Any, Any]:
    with book.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM row_clock ORDER BY tbl, id").all()
        return rows, connection.exec_driver_sql("SELECT * FROM history ORDER BY rowid").all()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_old_book_becomes_what_a_new_one_is(schema: str, tmp_path: Path) -> None:
    folder = piece(schema, "ward", tmp_path)
    with open_book(folder, password=PASSWORD, today=DAY) as old, old.read() as connection:
        migrated, triggers = schema_of(connection), triggers_of(connection)
        assert check_book(connection) == []
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == SCHEMA
        peer = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'peer'").scalar_one()
    assert "'sibling'" in peer
    fresh = create_book(
        tmp_path / "mới", tier="ward", code="P05-2", name="Phường Ô Chợ Dừa", user="Bích", password=PASSWORD, today=DAY
    )
    with fresh, fresh.read() as connection:
        assert migrated == schema_of(connection)
        assert triggers == triggers_of(connection)


@pytest.mark.parametrize("schema", [s for s in SCHEMAS if s < SCHEMA])
def test_updating_a_book_changes_no_record_and_no_stamp(schema: str, tmp_path: Path) -> None:
    """The backup from before the update opens to the same records; stamps and history are those of before."""
    from hoidesk.book.backup import restore_backup

    folder = piece(schema, "ward", tmp_path)
    assert pending(schema)[-1] == SCHEMA
    with open_book(folder, password=PASSWORD, today=DAY) as book:
        with book.read() as connection:
            lines = list(dump_lines(connection))
        after = stamps_of(book)
    (backup,) = tmp_path.glob(f"*-before-update-{schema}.hoibackup")
    old = restore_backup(backup, tmp_path / "cũ", user=None, password=PASSWORD)
    with open_book(old, password=PASSWORD, today=DAY) as again:
        with again.read() as connection:
            assert list(dump_lines(connection)) == lines
        assert stamps_of(again) == after
    assert any("Chi hội Người cao tuổi" in line for line in lines) and after[1]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_packages_of_an_old_program_are_still_read_and_exchange_goes_on(schema: str, tmp_path: Path) -> None:
    stick = MUSEUM / schema / "usb"
    with (
        open_book(piece(schema, "ward", tmp_path), password=PASSWORD, today=DAY) as ward,
        open_book(piece(schema, "district", tmp_path), password=PASSWORD, today=DAY) as district,
    ):
        at_ward = receive(ward, [stick], opener=open_here).results
        assert {r.state for r in at_ward} == {"merged", "other"}
        assert sorted(r.unit for r in at_ward if r.state == "merged") == ["P05", "P05-2-03"]
        assert sum(r.counts.new for r in at_ward) >= 2
        at_district = receive(district, [stick], opener=open_here).results
        assert [r.unit for r in at_district if r.state == "merged"] == ["P05-2"]
        with ward.read() as connection:
            parked = connection.exec_driver_sql("SELECT count(*) FROM parked").scalar()
            reply = connection.exec_driver_sql("SELECT text FROM petition_reply").scalar()
            meeting = connection.exec_driver_sql("SELECT id, present FROM meeting LIMIT 1").one()
        assert parked and reply == "Đã giao Xí nghiệp chiếu sáng xử lý"
        from uuid import UUID

        ward.run(SaveMeeting(id=UUID(bytes=meeting[0]), present=meeting[1] - 1))
        sent = send(ward, tmp_path / "usb", "P05")
        (received,) = receive(district, [sent.path], opener=open_here).results
        assert received.state == "merged"


# Steps to come


def step(folder: Path, body: str) -> Path:
    """The steps of today and one more, 9000, that runs ``body``."""
    scripts = Path(shutil.copytree(MIGRATIONS, folder / "migrations"))
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (scripts / "versions" / "step_9000.py").write_text(
        f"import os\nfrom alembic import op\nrevision = '9000'\ndown_revision = '{SCHEMA}'\ndef upgrade():\n{lines}",
        encoding="utf-8",
    )
    return scripts


def take_step(monkeypatch: pytest.MonkeyPatch, scripts: Path) -> None:
    """Let the program be one with the further step."""
    monkeypatch.setattr("hoidesk.book.folder.migrate", functools.partial(migrate, scripts=scripts))
    monkeypatch.setattr("hoidesk.book.folder.SCHEMA", "9000")
    monkeypatch.setattr("hoidesk.book.schema.SCHEMA", "9000")


HALF_DONE = "op.execute('ALTER TABLE op ADD COLUMN half TEXT')\nop.execute(\"UPDATE branch SET name = 'nửa chừng'\")\n"


def test_a_failing_step_leaves_the_book_at_the_step_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = piece("0001", "ward", tmp_path)
    with monkeypatch.context() as patched:
        take_step(patched, step(tmp_path, HALF_DONE + "raise KeyError('tổ dân phố')"))
        with pytest.raises(EnvError) as caught:
            open_book(folder, password=PASSWORD, today=DAY)
    assert caught.value.code == "book.not_updated" and caught.value.text.count("\n") == 0
    at_step_before(folder)


def at_step_before(folder: Path) -> None:
    """The book stands at the schema of today, and nothing of the further step is in it."""
    with open_book(folder, password=PASSWORD, today=DAY) as book, book.read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == SCHEMA
        assert check_book(connection) == []
        assert "half" not in str(connection.exec_driver_sql("PRAGMA table_info(op)").all())
        assert not connection.exec_driver_sql("SELECT 1 FROM branch WHERE name = 'nửa chừng'").all()
        assert connection.exec_driver_sql("SELECT quiet, op FROM clock_state").one() == (0, 0)


def test_a_power_cut_in_a_step_leaves_the_book_at_the_step_before(tmp_path: Path) -> None:
    folder = piece("0001", "ward", tmp_path)
    scripts = step(tmp_path, HALF_DONE + "os._exit(9)")
    program = (
        "import functools, sys\nfrom pathlib import Path\nfrom hoidesk.book import folder, migrate, schema\n"
        "folder.migrate = functools.partial(migrate.migrate, scripts=Path(sys.argv[1]))\n"
        "folder.SCHEMA = schema.SCHEMA = '9000'\n"
        "folder.open_book(Path(sys.argv[2]), password=sys.argv[3])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(scripts), str(folder), PASSWORD], check=False, timeout=120
    )
    assert done.returncode == 9
    at_step_before(folder)


def name_stamps(connection: Connection) -> list[Any]:
    """The stamp of every branch's name."""
    ids = [bytes(i) for i in connection.exec_driver_sql("SELECT id FROM branch ORDER BY id").scalars()]
    created, changed = field_stamps(connection, 11, ids)
    return [changed.get(id_, {}).get(7, created[id_]) for id_ in ids]


def test_a_step_that_moves_data_gives_no_stamp_and_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every office takes the step itself: what it changed is in the history, but in no package."""
    folder = piece("0001", "ward", tmp_path)
    with open_book(folder, password=PASSWORD, today=DAY) as ward:
        clocks, history = stamps_of(ward)
        with ward.transaction("test", "test") as work:
            # The cell has acknowledged everything.
            acked = work.connection.exec_driver_sql(
                "UPDATE ack SET seq = s.seq FROM clock_state s WHERE ack.inc = s.inc RETURNING unit"
            )
            assert acked.scalars().all() == ["P05-2-03"]
        assert send(ward, tmp_path / "usb", "P05-2-03").rows == 0
        with ward.read() as connection:
            clock = connection.exec_driver_sql("SELECT hlc FROM clock_state").scalar()
            names = name_stamps(connection)
    take_step(monkeypatch, step(tmp_path, "op.execute(\"UPDATE branch SET name = 'Đã rà soát'\")"))
    with open_book(folder, password=PASSWORD, today=DAY) as ward:
        after, later = stamps_of(ward)
        assert after == clocks and later[: len(history)] == history
        with ward.read() as connection:
            assert set(connection.exec_driver_sql("SELECT name FROM branch").scalars()) == {"Đã rà soát"}
            assert connection.exec_driver_sql("SELECT hlc FROM clock_state").scalar() == clock
            assert connection.exec_driver_sql("SELECT count(*) FROM history WHERE op = -1").scalar()
            assert name_stamps(connection) == names
        assert send(ward, tmp_path / "usb", "P05-2-03").rows == 0


def test_a_step_that_makes_records_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each office would make its own, and they would meet as different ones."""
    folder = piece("0001", "ward", tmp_path)
    made = "INSERT INTO setting(id, unit, key, value) VALUES(randomblob(16), \\'P05-2\\', \\'x\\', \\'1\\')"
    with monkeypatch.context() as patched:
        take_step(patched, step(tmp_path, f"op.execute('{made}')"))
        with pytest.raises(EnvError) as caught:
            open_book(folder, password=PASSWORD, today=DAY)
    assert isinstance(caught.value.__cause__, AssertionError)
    at_step_before(folder)
