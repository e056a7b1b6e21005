"""Backups, drafts, rescue and migrations."""

from __future__ import annotations

import time
import zipfile
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
import sqlcipher3
from sqlalchemy import text

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book import folder as folder_room
from hoidesk.book import salvage as salvage_room
from hoidesk.book import schema
from hoidesk.book.backup import backup_to, last_backup, restore_backup, write_backup
from hoidesk.book.book import Book
from hoidesk.book.check import check_book
from hoidesk.book.drafts import DRAFTS, DraftStore
from hoidesk.book.folder import create_book, open_book
from hoidesk.book.migrate import migrate, pending
from hoidesk.book.salvage import salvage
from hoidesk.book.slots import KEYS, KEYS_COPY
from hoidesk.book.store import DATABASE
from hoidesk.book.users import add_user
from hoidesk.errors import EnvError, Refusal, UserError
from tests.book.books import PASSWORD, USER, dump


def test_a_backup_is_one_proven_file(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    made = backup_to(book, tmp_path / "sao lưu")
    assert made.records == 4 and made.path.suffix == ".hoibackup"
    found = last_backup(book.folder)
    assert found is not None and found["path"] == str(made.path)
    restored = restore_backup(made.path, tmp_path / "khôi phục", user=USER, password=PASSWORD)
    with open_book(restored, password=PASSWORD) as again:
        assert dump(again) == dump(book)
    with pytest.raises(UserError):
        restore_backup(made.path, tmp_path / "khôi phục", user=USER, password=PASSWORD)
    with pytest.raises(EnvError) as caught:
        restore_backup(made.path, tmp_path / "khác", user=USER, password="sai")
    assert caught.value.code == "password.wrong" and not (tmp_path / "khác.hoibook").exists()


def test_a_backup_of_a_book_with_a_damaged_slot_file_opens_again(book: Book, tmp_path: Path) -> None:
    (book.folder / KEYS).write_bytes(b"{broken")
    made = backup_to(book, tmp_path)
    restored = restore_backup(made.path, tmp_path / "lại", user=USER, password=PASSWORD)
    with open_book(restored, password=PASSWORD) as again:
        assert again.unit.code == "P05-2"


def test_a_backup_that_no_password_opens_is_not_made(book: Book, tmp_path: Path) -> None:
    for name in (KEYS, KEYS_COPY):
        (book.folder / name).write_bytes(b"{broken")
    with pytest.raises(EnvError) as caught:
        backup_to(book, tmp_path / "b")
    assert caught.value.code == "book.slots_damaged" and last_backup(book.folder) is None


def test_a_clock_before_1980_hinders_no_backup(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    made = backup_to(book, tmp_path)
    assert restore_backup(made.path, tmp_path / "lại", user=USER, password=PASSWORD).is_dir()


def test_a_backup_is_dated_by_the_clock_of_the_book(tmp_path: Path) -> None:
    with create_book(
        tmp_path / "a", tier="ward", code="P05-2", name="Phường", user=USER, password=PASSWORD, today=date(2031, 3, 4)
    ) as book:
        made = backup_to(book, tmp_path)
    assert "2031-03-04" in made.path.name and made.at.date() == date(2031, 3, 4)


def test_a_note_of_the_last_backup_that_cannot_be_read_is_none(book: Book) -> None:
    for spoiled in ("[]", "{}", '{"at": 5}', '{"at": "gestern"}', "nonsense"):
        (book.folder / "last-backup.json").write_text(spoiled, encoding="utf-8")
        assert last_backup(book.folder) is None


@pytest.mark.parametrize("spoil", ["about", "packed"])
def test_a_backup_that_somebody_made_by_hand_is_refused(book: Book, tmp_path: Path, spoil: str) -> None:
    made = write_backup(book.folder, book.key, tmp_path / "a.hoibackup")
    other = tmp_path / "b.hoibackup"
    method = zipfile.ZIP_LZMA if spoil == "packed" else zipfile.ZIP_STORED
    with zipfile.ZipFile(made.path) as source, zipfile.ZipFile(other, "w", method) as target:
        for name in source.namelist():
            target.writestr(name, b"[]" if (name, spoil) == ("about.json", "about") else source.read(name))
    with pytest.raises(EnvError) as caught:
        restore_backup(other, tmp_path / "c", user=USER, password=PASSWORD)
    assert caught.value.code == "backup.not_one" and not (tmp_path / "c.hoibook").exists()


def test_a_damaged_backup_makes_no_book(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    made = write_backup(book.folder, book.key, tmp_path / "a.hoibackup")
    data = made.path.read_bytes()
    for number, bad in enumerate(
        [b"", data[:100], data[: len(data) // 2], data.replace(b"book.db", b"../../x"), b"x" * 999]
    ):
        file = tmp_path / f"{number}.hoibackup"
        file.write_bytes(bad)
        with pytest.raises(Refusal):
            restore_backup(file, tmp_path / "b", user=USER, password=PASSWORD)
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 4
    (tmp_path / "f.hoibackup").write_bytes(flipped)
    with pytest.raises(Refusal):
        restore_backup(tmp_path / "f.hoibackup", tmp_path / "b", user=USER, password=PASSWORD)
    assert not (tmp_path / "b.hoibook").exists() and not (tmp_path / "b.hoibook.new").exists()


def test_a_backup_with_other_members_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.hoibackup", "w") as archive:
        archive.writestr("../evil", "x")
    with pytest.raises(EnvError):
        restore_backup(tmp_path / "x.hoibackup", tmp_path / "b", user=USER, password=PASSWORD)
    assert not (tmp_path.parent / "evil").exists()


def test_drafts_are_found_again(book: Book) -> None:
    store = DraftStore(book.folder, book.key)
    store.save("meeting/new", {"topic": "Đèn đường", "present": "27"})
    store.save("meeting/new", {"topic": "Đèn đường hẻm 42", "present": "27"})
    store.save("petition/new", {"text": "x"})
    store.discard("petition/new")
    store.close()
    store = DraftStore(book.folder, book.key)
    draft = store.load("meeting/new")
    assert draft is not None and draft.values["topic"] == "Đèn đường hẻm 42"
    assert [d.key for d in store.all()] == ["meeting/new"] and store.load("petition/new") is None
    store.close()
    assert "Đèn".encode() not in (book.folder / DRAFTS).read_bytes()


def test_a_full_disk_does_not_set_the_drafts_aside(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DraftStore(book.folder, book.key)
    store.save("meeting", {"topic": "Góp ý đường Xã Đàn"})
    store.close()

    class Full:
        def execute(self, *_args: object) -> None:
            raise sqlcipher3.OperationalError("database or disk is full")

        def close(self) -> None:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(sqlcipher3, "connect", lambda *_a, **_k: Full())
        with pytest.raises(EnvError) as caught:
            DraftStore(book.folder, book.key)
    assert caught.value.code == "disk.full"
    store = DraftStore(book.folder, book.key)
    assert [dict(d.values) for d in store.all()] == [{"topic": "Góp ý đường Xã Đàn"}]
    store.close()


def test_unreadable_drafts_never_stop_the_work(book: Book) -> None:
    (book.folder / DRAFTS).write_bytes(b"damaged" * 1000)
    store = DraftStore(book.folder, book.key)
    assert store.all() == []
    store.close()


def test_a_sound_book_has_no_findings(book: Book, ids: dict[str, UUID]) -> None:
    with book.read() as connection:
        assert check_book(connection) == []
    with book.transaction("test", "test") as work:
        work.connection.exec_driver_sql("DELETE FROM row_clock WHERE tbl = 10")
    with book.read() as connection:
        assert [f.name for f in check_book(connection)] == ["clocks"]


def test_salvage_saves_what_can_be_read(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    book.run_batch([SaveAssociation(name=f"Hội {n}", remark="x" * 3000) for n in range(600)], label="Import")
    before = set(dump(book))
    folder = book.folder
    book.close()
    data = bytearray((folder / DATABASE).read_bytes())
    middle = len(data) // 2 // 4096 * 4096 + 100
    for offset in range(middle, middle + 3 * 4096, 4096):
        data[offset] ^= 0xFF
    (folder / DATABASE).write_bytes(data)
    saved, lost = salvage(folder, tmp_path / "cứu", user=USER, password=PASSWORD, today=None)
    with open_book(tmp_path / "cứu.hoibook", password=PASSWORD) as rescued:
        after = set(dump(rescued))
        with rescued.read() as connection:
            assert check_book(connection) == []
    assert after <= before and len(after) == saved
    assert saved == len(before) or lost


def test_an_older_book_is_backed_up_and_brought_up_to_date(
    book: Book, ids: dict[str, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step of a later program runs on a book of today: history is kept, no row gets a new stamp."""
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "versions" / "0003_next.py").write_text(
        "from alembic import op\nrevision = '0003'\ndown_revision = None\n"
        "def upgrade():\n"
        '    op.execute("ALTER TABLE association ADD COLUMN nickname TEXT")\n'
        "    op.execute(\"UPDATE association SET remark = 'đã dời'\")\n",
        encoding="utf-8",
    )
    before = dump(book)
    with book.read() as connection:
        clocks = connection.execute(text("SELECT * FROM row_clock ORDER BY tbl, id")).all()
    folder, key = book.folder, book.key
    book.close()
    assert pending("0002", scripts) == ["0003"] and pending("0003", scripts) == []
    monkeypatch.setattr(folder_room, "migrate", partial(migrate, scripts=scripts))
    monkeypatch.setattr(schema, "SCHEMA", "0003")
    monkeypatch.setattr(folder_room, "SCHEMA", "0003")
    with open_book(folder, password=PASSWORD) as newer:
        with newer.read() as connection:
            assert connection.execute(text("SELECT * FROM row_clock ORDER BY tbl, id")).all() == clocks
            assert connection.execute(text("SELECT nickname FROM association")).scalar() is None
        assert any("đã dời" in line for line in dump(newer))
        newer.run(SaveAssociation(id=ids["association"], remark="sau"))
    backups = list(folder.parent.glob("*-before-update-0002.hoibackup"))
    assert len(backups) == 1
    monkeypatch.undo()
    old = restore_backup(backups[0], tmp_path / "cũ", user=USER, password=PASSWORD)
    with open_book(old, password=PASSWORD) as older:
        assert dump(older) == before
    assert key


def test_a_failing_step_leaves_the_book_as_it_was(
    book: Book, ids: dict[str, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "versions" / "0003_bad.py").write_text(
        "from alembic import op\nrevision = '0003'\ndown_revision = None\n"
        "def upgrade():\n    op.execute(\"DELETE FROM branch\")\n    raise RuntimeError('broken step')\n",
        encoding="utf-8",
    )
    before = dump(book)
    folder = book.folder
    book.close()
    monkeypatch.setattr(folder_room, "migrate", partial(migrate, scripts=scripts))
    monkeypatch.setattr(schema, "SCHEMA", "0003")
    monkeypatch.setattr(folder_room, "SCHEMA", "0003")
    with pytest.raises(EnvError) as caught:
        open_book(folder, password=PASSWORD)
    assert isinstance(caught.value.__cause__, RuntimeError)
    monkeypatch.undo()
    with open_book(folder, password=PASSWORD) as again:
        assert dump(again) == before


def test_a_salvaged_book_is_not_emptied_by_undo(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    before = dump(book)
    folder = book.folder
    book.close()
    salvage(folder, tmp_path / "cứu", user=None, password=PASSWORD, today=None)
    with open_book(tmp_path / "cứu.hoibook", password=PASSWORD) as saved:
        with pytest.raises(UserError) as caught:
            saved.undo()
        assert caught.value.code == "undo.nothing" and dump(saved) == before


def test_salvage_is_for_officers_and_finds_their_slot(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    add_user(book, "Nguyễn Ánh", "viewer", "xem")
    add_user(book, "Trần Đức", "officer", "khác")
    folder = book.folder
    book.close()
    with pytest.raises(UserError) as caught:
        salvage(folder, tmp_path / "a", user="Nguyễn Ánh", password="xem", today=None)
    assert caught.value.code == "role.refused" and not (tmp_path / "a.hoibook").exists()
    assert salvage(folder, tmp_path / "b", user=None, password="khác", today=None) == (4, [])


def test_a_salvage_that_breaks_off_leaves_no_half_book(
    book: Book, ids: dict[str, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = book.folder
    book.close()

    def full(_connection: object) -> int:
        raise EnvError("disk.full", "Đĩa đầy.")

    monkeypatch.setattr(salvage_room, "_drop_orphans", full)
    with pytest.raises(EnvError):
        salvage(folder, tmp_path / "c", user=USER, password=PASSWORD, today=None)
    assert not list(tmp_path.glob("c.*"))
