"""The folder of a book: make one, open one, open one with its recovery sheet."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import unicodedata
import uuid
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import Engine

from hoidesk.book.book import Book
from hoidesk.book.clock import check_clock, first_state
from hoidesk.book.files import disk_refusal, sync_folder
from hoidesk.book.lock import WriterLock
from hoidesk.book.migrate import migrate
from hoidesk.book.recovery import key_of_sheet
from hoidesk.book.registry import registry, table_number
from hoidesk.book.schema import SCHEMA, create_schema, make_triggers, schema_of, verify_triggers
from hoidesk.book.search import fold_dirty
from hoidesk.book.slots import Role, find_slot, load_slots, make_slot, open_slot, store_slots
from hoidesk.book.store import DATABASE, damaged, open_reader, open_writer, refusals, rewrite
from hoidesk.book.witness import Sight, look, remember, sentence
from hoidesk.book.work import UnitIdentity
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.decide.aliases import refresh
from hoidesk.exchange.decide.erasure import WIPE
from hoidesk.exchange.merge.replica import begin_asked_life, begin_new_life
from hoidesk.language import _
from hoidesk.text.nfc import clean_line
from hoidesk.units.administrative import unit as administrative_unit

__all__ = ["LOCK", "SUFFIX", "TIERS", "create_book", "open_book", "open_with_sheet", "place_warnings"]

SUFFIX: Final = ".hoibook"
LOCK: Final = "book.lock"
TIERS: Final = ("cell", "ward", "district")
_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def _checked_unit(tier: str, code: str, name: str) -> UnitIdentity:
    if tier not in TIERS:
        raise UserError("unit.tier", _("Choose a tier: cell, ward or district."), field="tier")
    code = code.strip()
    if len(code) > 40 or not _CODE.fullmatch(code):
        raise UserError(
            "unit.code", _("A unit code has letters, digits and hyphens only, for example P05-2."), field="code"
        )
    if code.isdigit() and tier != "cell" and administrative_unit(code) is None:
        # Offices may use codes of their own; a code of digits alone claims to be an official one of 2025.
        raise UserError(
            "unit.code_unlisted",
            _("{code} is not in the list of 2025. Check the code, or use one of your own with letters.").format(
                code=code
            ),
            field="code",
        )
    name = clean_line(name)
    if not name:
        raise UserError("unit.name", _("Type the name of the unit."), field="name")
    return UnitIdentity(tier, code, name)


def place_warnings(folder: Path) -> list[str]:
    """Sentences on a place that is risky for a book: the desktop, a temporary or a synchronised folder."""
    parts = {part.casefold() for part in folder.parts}
    found = []
    if "desktop" in parts:
        found.append(_("The desktop is often wiped when a PC is repaired. Choose another folder."))
    if parts & {"temp", "tmp"}:
        found.append(_("Files in a temporary folder vanish by themselves. Choose another folder."))
    if any(word in part for part in parts for word in ("onedrive", "dropbox", "google drive", "icloud", "zalo")):
        found.append(_("A folder that synchronises itself can damage the book. Choose another folder."))
    return found


def create_book(
    folder: Path, *, tier: str, code: str, name: str, user: str, password: str, today: date | None = None
) -> Book:
    """Make a new book in ``folder`` (its name ends in .hoibook) and open it as an officer.

    ``today`` corrects a PC whose clock is wrong. The folder appears only once the book in it is whole. Raises
    UserError for a bad field or an existing folder, EnvError when the disk refuses.
    """
    folder = Path(unicodedata.normalize("NFC", str(folder))).absolute()
    if folder.suffix != SUFFIX:
        folder = folder.with_name(folder.name + SUFFIX)
    unit = _checked_unit(tier, code, name)
    if os.path.exists(folder):  # says no to a path that the system cannot take; making the folder then says why
        raise UserError(
            "book.exists", _("{path} already exists. Choose another name for the new book.").format(path=folder)
        )
    key = os.urandom(32)
    slot = make_slot(user, Role.OFFICER, password, key)
    clock = first_state(today)
    part = folder.with_name(folder.name + ".new")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if part.exists():
            shutil.rmtree(part)
        part.mkdir()
        _write_database(part / DATABASE, key, unit, clock)
        store_slots(part, [slot])
        os.replace(part, folder)
        sync_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise disk_refusal(error, folder) from error
    except EnvError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return _open(folder, slot.user, slot.role, key, writer=True, today=today)


def _write_database(path: Path, key: bytes, unit: UnitIdentity, clock: dict[str, int]) -> None:
    engine = open_writer(path, key)
    try:
        with refusals(), engine.begin() as connection:
            create_schema(connection)
            connection.execute(
                text(
                    "INSERT INTO clock_state(one, seq, hlc, inc, op, quiet, offset, cap, trusted, exported_seq) "
                    "VALUES(1, 0, 0, :inc, 0, 0, :offset, :cap, :trusted, 0)"
                ),
                {"inc": os.urandom(16), **clock},
            )
            facts = {"book_id": uuid.uuid4().hex, "tier": unit.tier, "code": unit.code, "name": unit.name}
            for name, value in facts.items():
                connection.execute(text("INSERT INTO book_info(name, value) VALUES(:n, :v)"), {"n": name, "v": value})
    finally:
        engine.dispose()


def checked_folder(folder: Path) -> Path:
    """The folder of an existing book; EnvError when there is no book in it."""
    folder = Path(folder).absolute()
    if not os.path.isdir(folder):
        raise EnvError("book.missing", _("There is no book at {path}.").format(path=folder))
    if not (folder / DATABASE).is_file():
        raise EnvError("book.not_a_book", _("{path} is not a book of this program.").format(path=folder))
    return folder


def open_book(
    folder: Path, *, user: str | None = None, password: str, writer: bool = True, today: date | None = None
) -> Book:
    """Open the book in ``folder`` with a user's password.

    Without ``user`` every slot is tried, first to last. ``writer=False`` reads beside another window. Raises EnvError
    with a code of its own for: no book, wrong password, missing or damaged slot file, damaged book, newer book, book
    in use, implausible clock.
    """
    folder = checked_folder(folder)
    slots = load_slots(folder)
    if user is not None:
        wanted = find_slot(slots, user).user
        slots = [slot for slot in slots if slot.user == wanted]
    refused: EnvError | None = None
    for slot in slots:
        try:
            key = open_slot(slot, password)
        except EnvError as error:
            refused = refused or error
            continue
        try:
            return _open(folder, slot.user, slot.role, key, writer=writer, today=today)
        except EnvError as error:
            # A slot of an old key, left over from an interrupted renewal, must not hide the one that fits.
            if error.code != "book.damaged":
                raise
            refused = error
    assert refused is not None
    raise refused


def open_with_sheet(folder: Path, sheet: Path, *, user: str, password: str, today: date | None = None) -> Book:
    """Open a book with its recovery sheet and give ``user`` a new slot as an officer; other slots are kept."""
    folder = checked_folder(folder)
    key = key_of_sheet(sheet)
    try:
        book = _open(folder, user, Role.OFFICER, key, writer=True, today=today)
    except EnvError as error:
        if error.code != "book.damaged":
            raise
        raise EnvError(
            "recovery.other",
            _("The book does not open with this sheet: it is of another book, or the book is damaged."),
        ) from error
    try:
        kept = [s for s in load_slots(folder) if s.user != book.user]
    except EnvError:
        kept = []
    try:
        store_slots(folder, [make_slot(user, Role.OFFICER, password, key), *kept])
    except BaseException:
        book.close()
        raise
    return book


def _open(folder: Path, user: str, role: Role, key: bytes, *, writer: bool, today: date | None) -> Book:
    lock: WriterLock | None = None
    engine: Engine | None = None
    reader: Engine | None = None
    sight: Sight = ""
    try:
        if writer:
            lock = WriterLock(folder / LOCK)
            try:
                lock.acquire()
            except OSError as error:
                raise disk_refusal(error, folder / LOCK) from error
            engine = open_writer(folder / DATABASE, key)
            with refusals():
                sight = _prepare(engine, folder, key, today)
        reader = open_reader(folder / DATABASE, key)
        with refusals(), reader.connect() as connection:
            if schema_of(connection) != SCHEMA:
                raise EnvError(
                    "book.older", _("The book is of an older program. Open it for writing once to bring it up to date.")
                )
            facts = {r.name: r.value for r in connection.execute(text("SELECT name, value FROM book_info"))}
        unit = UnitIdentity(facts["tier"], facts["code"], facts["name"])
    except BaseException:
        for opened in (engine, reader):
            if opened is not None:
                opened.dispose()
        if lock is not None:
            lock.release()
        raise
    book = Book(folder, unit, user, role, key, engine, reader, lock)
    book.notices = (sentence(sight),) if sight else ()
    if writer:
        _adopt(book)
    return book


def _adopt(book: Book) -> None:
    """After an upgrade: take up what a newer program had written. Looked at cheaply, for it is hardly ever so."""
    with book.read() as connection:
        if connection.execute(text("SELECT 1 FROM unknown_field LIMIT 1")).first() is None:
            return
    from hoidesk.exchange.merge.adoption import adopt

    try:
        adopt(book)
    except BaseException:
        book.close()
        raise


def _prepare(engine: Engine, folder: Path, key: bytes, today: date | None) -> Sight:
    """What the writer does at opening: bring the schema up to date, mend triggers, begin a new life if the book was put
    back or copied, fold what a foreign tool wrote."""
    with engine.connect() as connection:
        if connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")).scalar() != 1:
            raise damaged()
        version = schema_of(connection)
    if version != SCHEMA:
        migrate(engine, folder, key, version)
    with engine.begin() as connection:
        check_clock(connection, today)
        if not verify_triggers(connection):
            make_triggers(connection, registry())
        connection.execute(text("UPDATE clock_state SET op = 0, quiet = 0"))
        sight: Sight = "" if begin_asked_life(connection) else look(connection, folder, DATABASE)
        if sight:
            begin_new_life(connection)
        remember(connection, folder, DATABASE, opening=True)
        refresh(connection, registry(), {table_number("alias")})
        fold_dirty(connection, registry())
        wipe = connection.execute(text("SELECT 1 FROM exchange_state WHERE name = :n"), {"n": WIPE}).first()
    if wipe is not None:
        with contextlib.suppress(EnvError), refusals():
            rewrite(engine)
    return sight
