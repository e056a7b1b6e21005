"""A backup is one file with the database and the slots; it counts only after it was opened and compared.

The file is a ZIP with stored members: the database (a consistent copy, encrypted under the same key), the slot file
and a line of text that says what it is.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlcipher3
from sqlalchemy import Connection, text

from hoidesk.book.clock import now_utc
from hoidesk.book.dump import dump_sum
from hoidesk.book.files import discard, disk_refusal, sync_folder, write_atomic
from hoidesk.book.slots import KEYS, KEYS_COPY, Slot, dump_slots, find_slot, load_slots, open_slot, parse_slots
from hoidesk.book.store import DATABASE, open_reader, open_writer, refusals, use_key
from hoidesk.book.work import OFFICE_TIME
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.merge.replica import ask_new_life
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.book.book import Book

__all__ = ["BACKUP_SUFFIX", "Backup", "backup_to", "last_backup", "restore_backup", "write_backup"]

BACKUP_SUFFIX: Final = ".hoibackup"
PROVEN: Final = "last-backup.json"
_ABOUT: Final = "about.json"
_MEMBERS: Final = (_ABOUT, DATABASE, KEYS)
_MAX_BYTES: Final = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Backup:
    """A proven backup: where it lies, its size in bytes, when it was made, how many records it holds."""

    path: Path
    size: int
    at: datetime
    records: int


def _member(name: str) -> zipfile.ZipInfo:
    """A member under a fixed time: a PC whose clock fell before 1980 must be able to make a backup."""
    return zipfile.ZipInfo(name)


def write_backup(
    folder: Path, key: bytes, to: Path, *, replace: bool = False, at: datetime | None = None, compare: bool = True
) -> Backup:
    """Back the book in ``folder`` up to the file ``to`` and prove it: opened again and compared table by table.

    ``at`` is the instant it is dated with. Without ``compare`` the copy is opened and its pages are checked, but its
    records are neither compared nor counted. Raises UserError when the file exists already, EnvError when the disk
    refuses or the copy is not equal.
    """
    if os.path.exists(to) and not replace:
        raise UserError("backup.exists", _("{path} already exists. Choose another name.").format(path=to))
    at = datetime.now(UTC) if at is None else at
    try:
        slots = load_slots(folder)
    except EnvError:
        slots = None  # a book that is opened with its recovery sheet has none; its database is kept all the same
    part = to.with_name(to.name + ".part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=".hoidesk-") as scratch:
            copy = Path(scratch) / DATABASE
            with refusals():
                _copy_database(folder / DATABASE, key, copy)
            with open(part, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    about = {"kind": "hoidesk-backup", "format": 1, "at": at.isoformat()}
                    archive.writestr(_member(_ABOUT), json.dumps(about))
                    with copy.open("rb") as source, archive.open(_member(DATABASE), "w", force_zip64=True) as target:
                        shutil.copyfileobj(source, target, 1 << 20)
                    if slots is not None:
                        archive.writestr(_member(KEYS), dump_slots(slots))
                file.flush()
                os.fsync(file.fileno())
            records = _prove(part, folder, key) if compare else _open_again(part, key)
        os.replace(part, to)
        sync_folder(to.parent)
    except OSError as error:
        discard(part)
        raise disk_refusal(error, to) from error
    except BaseException:
        discard(part)
        raise
    return Backup(to, to.stat().st_size, at, records)


def _copy_database(source: Path, key: bytes, target: Path) -> None:
    """A consistent copy beside a running writer, page by page, encrypted under the same key."""
    connection = sqlcipher3.connect(str(source), isolation_level=None)
    try:
        use_key(connection, key)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
        copy = sqlcipher3.connect(str(target), isolation_level=None)
        try:
            use_key(copy, key)
            connection.backup(copy)
        finally:
            copy.close()
    finally:
        connection.close()


def _prove(part: Path, folder: Path, key: bytes) -> int:
    """Open the copy inside the backup file and compare it; EnvError when it differs, else the number of records."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".hoidesk-") as scratch:
        with zipfile.ZipFile(part) as archive:
            archive.extract(DATABASE, scratch)
        before = _sum(folder / DATABASE, key)
        after = _sum(Path(scratch) / DATABASE, key)
    # A writer may have gone on meanwhile: then only the copy's own soundness can be judged.
    if after[0] != before[0] and after[2] == before[2]:
        raise EnvError("backup.differs", _("The backup is not equal to the book. Choose another drive and try again."))
    return after[1]


def _open_again(part: Path, key: bytes) -> int:
    """Open the copy inside the backup file and check its pages; EnvError when it is damaged. Counts nothing."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".hoidesk-") as scratch:
        with zipfile.ZipFile(part) as archive:
            archive.extract(DATABASE, scratch)
        engine = open_reader(Path(scratch) / DATABASE, key)
        try:
            with refusals(), engine.connect() as connection:
                _require_sound(connection)
        finally:
            engine.dispose()
    return 0


def _require_sound(connection: Connection) -> None:
    if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
        raise EnvError("backup.damaged", _("The backup is damaged. Choose another drive and try again."))


def _sum(path: Path, key: bytes) -> tuple[str, int, int]:
    engine = open_reader(path, key)
    try:
        with refusals(), engine.connect() as connection:
            _require_sound(connection)
            seq = connection.execute(text("SELECT seq FROM clock_state")).scalar_one()
            total, records = dump_sum(connection)
            return total, records, seq
    finally:
        engine.dispose()


def restore_backup(file: Path, to: Path, *, user: str | None, password: str) -> Path:
    """Make the book folder ``to`` from a backup, after the password opened it; the folder must not exist yet.

    Raises UserError or EnvError with a sentence; nothing is left behind then.
    """
    to = to.absolute()
    if to.suffix != ".hoibook":
        to = to.with_name(to.name + ".hoibook")
    if os.path.exists(to):
        raise UserError(
            "book.exists", _("{path} already exists. Choose another name for the new book.").format(path=to)
        )
    part = to.with_name(to.name + ".new")
    shutil.rmtree(part, ignore_errors=True)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        _unpack(file, part)
        slots = load_slots(part)
        chosen = slots if user is None else [find_slot(slots, user)]
        key = _first_key(chosen, password)
        _sum(part / DATABASE, key)
        _ask_new_life(part / DATABASE, key)
        os.replace(part, to)
        sync_folder(to.parent)
    except OSError as error:
        raise disk_refusal(error, to) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return to


def _ask_new_life(path: Path, key: bytes) -> None:
    """Packages of the restored book must not bear the numbers of packages that were made after the backup."""
    engine = open_writer(path, key)
    try:
        with refusals(), engine.begin() as connection:
            ask_new_life(connection)
    finally:
        engine.dispose()


def _first_key(slots: list[Slot], password: str) -> bytes:
    wrong: EnvError | None = None
    for slot in slots:
        try:
            return open_slot(slot, password)
        except EnvError as error:
            wrong = error
    assert wrong is not None
    raise wrong


def _unpack(file: Path, into: Path) -> None:
    refusal = EnvError(
        "backup.not_one", _("{name} is not a backup of this program, or it is damaged.").format(name=file.name)
    )
    if not file.is_file():
        raise EnvError("backup.missing", _("There is no file {path}.").format(path=file))
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            members = archive.infolist()
            stored = all(i.compress_type == zipfile.ZIP_STORED for i in members)
            if not stored or sorted(names) != sorted(_MEMBERS) or sum(i.file_size for i in members) > _MAX_BYTES:
                raise refusal
            for name in _MEMBERS:  # names are ours, never the archive's
                with archive.open(name) as source, open(into / name, "wb") as target:
                    shutil.copyfileobj(source, target)
        about = json.loads((into / _ABOUT).read_bytes()[:4096])
        if not isinstance(about, dict) or about.get("kind") != "hoidesk-backup" or about.get("format") != 1:
            raise refusal
        data = (into / KEYS).read_bytes()
        parse_slots(data)
        (into / KEYS_COPY).write_bytes(data)
        (into / _ABOUT).unlink()
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise refusal from error


def backup_to(book: Book, folder: Path) -> Backup:
    """A proven backup of an open book in ``folder``, named by book, day and time; its date is remembered."""
    load_slots(book.folder)  # a backup that no password opens is none
    with book.read() as connection:
        at = now_utc(connection.execute(text("SELECT offset FROM clock_state")).scalar_one())
    stamp = (at + OFFICE_TIME).strftime("%Y-%m-%d-%H%M%S")
    made = write_backup(book.folder, book.key, folder / f"{book.folder.stem}-{stamp}{BACKUP_SUFFIX}", at=at)
    record = {"at": made.at.isoformat(), "path": str(made.path), "records": made.records}
    write_atomic(book.folder / PROVEN, json.dumps(record, ensure_ascii=False).encode())
    return made


def last_backup(folder: Path) -> Mapping[str, Any] | None:
    """When and where the last proven backup of the book was made ("at", "path", "records"), or None."""
    try:
        found = json.loads((folder / PROVEN).read_bytes())
        datetime.fromisoformat(found["at"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
