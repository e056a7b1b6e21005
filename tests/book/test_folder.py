"""Opening a book: each trouble has its own sentence, and nothing is changed by a refusal."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest
from sqlalchemy import text

from hoidesk.book import users
from hoidesk.book.drafts import DraftStore
from hoidesk.book.folder import create_book, open_book, open_with_sheet, place_warnings
from hoidesk.book.slots import KEYS, KEYS_COPY
from hoidesk.book.store import DATABASE, open_writer
from hoidesk.book.users import add_user, change_password, recovery_sheet, remove_user
from hoidesk.cli import main
from hoidesk.errors import EnvError, Refusal, UserError
from hoidesk.units.operations import SaveArea
from tests.book.books import PASSWORD, USER, dump, register, ward


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed ward book with a register, in a folder with Vietnamese letters and blanks."""
    with ward(tmp_path / "Sổ Mặt trận", "Phường Hòa An 2026") as book:
        register(book)
        return book.folder


def code_of(folder: Path, password: str = PASSWORD, **more: object) -> str:
    with pytest.raises(Refusal) as caught:
        open_book(folder, password=password, **more)  # type: ignore[arg-type]
    assert caught.value.text and "\n" not in caught.value.text
    return caught.value.code


def test_a_reopened_book_holds_what_was_saved(folder: Path) -> None:
    with open_book(folder, password=PASSWORD) as book:
        assert (book.unit.tier, book.unit.code, book.unit.name) == ("ward", "P05-2", "Phường Hòa An")
        assert sum("Hội Khuyến học" in line for line in dump(book)) == 1


def test_each_trouble_has_its_own_code(folder: Path, tmp_path: Path) -> None:
    assert code_of(tmp_path / "không có") == "book.missing"
    assert code_of(tmp_path) == "book.not_a_book"
    assert code_of(folder, "sai") == "password.wrong"
    assert code_of(folder, user="Người lạ") == "user.unknown"
    with open_book(folder, password=PASSWORD):
        assert code_of(folder) == "book.in_use"
    (folder / KEYS).unlink()
    with open_book(folder, password=PASSWORD):
        pass
    (folder / KEYS_COPY).write_bytes(b"{}")
    assert code_of(folder) == "book.slots_damaged"
    (folder / KEYS_COPY).unlink()
    assert code_of(folder) == "book.no_slots"


def test_a_reader_works_beside_the_writer(folder: Path) -> None:
    with open_book(folder, password=PASSWORD) as writer, open_book(folder, password=PASSWORD, writer=False) as reader:
        register_again = dump(writer)
        assert dump(reader) == register_again
        with pytest.raises(UserError) as caught:
            reader.undo()
        assert caught.value.code == "book.reading"


@pytest.mark.parametrize("where", [0, 100, 5000, -100])
def test_a_flipped_bit_is_damage_and_never_a_wrong_password(folder: Path, where: int) -> None:
    data = bytearray((folder / DATABASE).read_bytes())
    data[where] ^= 1
    (folder / DATABASE).write_bytes(data)
    try:
        with open_book(folder, password=PASSWORD) as book, book.read() as connection:
            # A page that was not needed to open the book: the check finds it.
            assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
    except EnvError as error:
        assert error.code == "book.damaged"


@pytest.mark.parametrize("size", [0, 1, 4096, 30_000])
def test_a_cut_database_is_damage(folder: Path, size: int) -> None:
    data = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(data[:size])
    assert code_of(folder) == "book.damaged"
    with pytest.raises(EnvError) as caught, open_book(folder, password=PASSWORD, writer=False):
        pass
    assert caught.value.code == "book.damaged"


@pytest.mark.parametrize("size", [0, 5000])
def test_the_command_line_tells_damage_in_sentences_alone(
    folder: Path, size: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    (folder / DATABASE).write_bytes((folder / DATABASE).read_bytes()[:size])
    assert main(["list", str(folder), "areas"]) == 3
    assert capfd.readouterr().err.count("\n") == 1  # nothing of what SQLCipher says itself
    assert main(["check", str(folder)]) == 3
    shown = capfd.readouterr()
    assert "hoidesk salvage" in shown.out and "hoidesk check" not in shown.out and shown.err == ""


def test_a_newer_book_is_refused(folder: Path) -> None:
    with open_book(folder, password=PASSWORD) as book:
        key = book.key
    engine = open_writer(folder / DATABASE, key)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert code_of(folder) == "book.newer"
    assert code_of(folder, writer=False) == "book.newer"


def test_a_password_typed_in_decomposed_letters_opens(folder: Path) -> None:
    with open_book(folder, password=unicodedata.normalize("NFD", PASSWORD), user=unicodedata.normalize("NFD", USER)):
        pass


def test_creating_over_something_or_wrongly_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    def refused(**changed: str) -> str:
        facts = {"tier": "ward", "code": "P05-2", "name": "Phường", "user": USER, "password": "x"} | changed
        with pytest.raises(Refusal) as caught:
            create_book(tmp_path / "mới", **facts)  # type: ignore[arg-type]
        assert not (tmp_path / "mới.hoibook").exists()
        return caught.value.code

    assert refused(tier="kingdom") == "unit.tier"
    assert refused(code="P05/2") == "unit.code"
    assert refused(code="99999") == "unit.code_unlisted"
    assert refused(name="  ") == "unit.name"
    assert refused(user=" ") == "user.no_name"
    assert refused(password="") == "user.no_password"
    with pytest.raises(UserError) as caught:
        create_book(folder, tier="ward", code="P05", name="x", user=USER, password="x")
    assert caught.value.code == "book.exists"


def test_the_recovery_sheet_opens_a_book_without_its_slots(folder: Path, tmp_path: Path) -> None:
    with open_book(folder, password=PASSWORD) as book:
        sheet = tmp_path / "phiếu khôi phục.pdf"
        sheet.write_bytes(recovery_sheet(book))
        before = dump(book)
    (folder / KEYS).unlink()
    (folder / KEYS_COPY).unlink()
    with open_with_sheet(folder, sheet, user="Trần Văn Ổn", password="mới") as book:
        assert dump(book) == before
    with open_book(folder, password="mới", user="Trần Văn Ổn") as book:
        assert dump(book) == before


def test_the_sheet_of_another_book_is_refused(folder: Path, tmp_path: Path) -> None:
    with ward(tmp_path, "khác") as other:
        sheet = tmp_path / "sheet.pdf"
        sheet.write_bytes(recovery_sheet(other))
    with pytest.raises(EnvError) as caught:
        open_with_sheet(folder, sheet, user=USER, password="x")
    assert caught.value.code == "recovery.other"
    with open_book(folder, password=PASSWORD):
        pass


def test_removing_a_user_kills_the_old_key(folder: Path) -> None:
    with open_book(folder, password=PASSWORD) as book:
        before = dump(book)
        add_user(book, "Bình", "viewer", "b")
        add_user(book, "Cúc", "secretary", "c")
        stolen = {name: (folder / name).read_bytes() for name in (KEYS, KEYS_COPY)}
        change_password(book, "Cúc", "c2")
        assert remove_user(book, "Bình", PASSWORD) == ["Cúc"]
    for name, data in stolen.items():
        (folder / name).rename(folder / (name + ".kept"))
        (folder / name).write_bytes(data)
    assert code_of(folder, "b", user="Bình") == "book.damaged"
    for name in stolen:
        (folder / name).unlink()
        (folder / (name + ".kept")).rename(folder / name)
    assert code_of(folder, "b", user="Bình") == "user.unknown"
    with open_book(folder, password=PASSWORD) as book:
        assert dump(book) == before


def test_roles_hold(folder: Path) -> None:
    with open_book(folder, password=PASSWORD) as book:
        add_user(book, "Xem", "viewer", "v")
    with open_book(folder, password="v", user="Xem") as book:
        for act in (book.undo, lambda: register(book), lambda: add_user(book, "Y", "officer", "y")):
            with pytest.raises(UserError) as caught:
                act()
            assert caught.value.code == "role.refused"


def test_a_moved_book_opens(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "Bản khác.hoibook")
    with open_book(tmp_path / "Bản khác.hoibook", password=PASSWORD) as book:
        assert dump(book)


def test_risky_places_are_told() -> None:
    assert place_warnings(Path("C:/Users/a/Desktop/so.hoibook"))
    assert place_warnings(Path("/home/a/OneDrive - UBND/so.hoibook"))
    assert not place_warnings(Path("D:/So Mat tran/so.hoibook"))


def test_a_path_that_the_system_cannot_take_has_a_sentence(tmp_path: Path) -> None:
    long = tmp_path / ("á" * 300)
    assert code_of(long) == "book.missing"
    with pytest.raises(EnvError) as caught:
        create_book(long, tier="ward", code="P05-2", name="Phường", user=USER, password=PASSWORD)
    assert caught.value.code == "disk.failed"


def test_an_account_without_a_name_opens_the_book(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import getpass

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nameless)
    with open_book(folder, password=PASSWORD):
        assert code_of(folder) == "book.in_use"


def test_the_drafts_follow_the_book_to_its_new_key(folder: Path) -> None:
    with open_book(folder, password=PASSWORD) as book:
        store = DraftStore(book.folder, book.key)
        store.save("meeting", {"topic": "Đường Xã Đàn"})
        store.close()
        add_user(book, "Nguyễn Ánh", "secretary", "khác")
        remove_user(book, "Nguyễn Ánh", PASSWORD)
    with open_book(folder, password=PASSWORD) as book:
        store = DraftStore(book.folder, book.key)
        assert [dict(d.values) for d in store.all()] == [{"topic": "Đường Xã Đàn"}]
        store.close()


def test_a_user_is_not_removed_while_somebody_reads_beside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader holds the write-ahead log back: what it holds would be lost with it."""
    monkeypatch.setattr(users, "_WAIT", 0.05)
    with open_book(folder, password=PASSWORD) as book:
        add_user(book, "Nguyễn Ánh", "secretary", "khác")
        with open_book(folder, user=USER, password=PASSWORD, writer=False) as beside, beside.read() as connection:
            connection.execute(text("SELECT count(*) FROM area")).scalar()
            book.run(SaveArea(code="P05-2-07", name="Khu phố 7"))
            with pytest.raises(EnvError) as caught:
                remove_user(book, "Nguyễn Ánh", PASSWORD)
        assert caught.value.code == "book.busy" and not (folder / "book.db.new").exists()
        remove_user(book, "Nguyễn Ánh", PASSWORD)
    with open_book(folder, password=PASSWORD) as book:
        assert sum("Khu phố 7" in line for line in dump(book)) == 1
    assert code_of(folder, "khác") == "password.wrong"
