"""Erasing personal data by order: gone from every place of the book and from the bytes of its files, and for good."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import text

from hoidesk.associations.operations import SaveAssociation, SavePost
from hoidesk.book import backup, drafts, folder, store
from hoidesk.book.book import Book
from hoidesk.book.drafts import DraftStore
from hoidesk.book.folder import open_book
from hoidesk.book.operations import Void, parse_operation
from hoidesk.book.registry import registry
from hoidesk.book.search import search
from hoidesk.book.slots import Role
from hoidesk.book.triggers import QUIET_IMPORT
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.decide.erasure import erasable
from hoidesk.exchange.decide.erasure_operations import ErasePersonalData
from hoidesk.exchange.packages.stream import Row, Section, Stamp
from hoidesk.meetings.operations import RecordMeeting

from .books import CELL, PASSWORD, WARD, count, deliver, field, join, new_book, register

NAME = "Lê Thị Hồng Gấm"
OLDER = "Đặng Văn Quế"
PHONE = "0912345678"
SECRETS = (NAME, OLDER, PHONE, "hong gam", "van que", "Quế")
POST, HOLDER, PHONE_COLUMN = 12, 8, 12
WHY = "Theo đề nghị của người giữ chức vụ"


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books without encryption: their files show what the pages of an encrypted one hold."""

    def quiet(connection: Any, _key: bytes) -> None:
        connection.execute("PRAGMA cipher_log_level = NONE")

    for module in (store, folder, drafts, backup):
        if hasattr(module, "use_key"):
            monkeypatch.setattr(module, "use_key", quiet)


def bytes_of(book: Book) -> bytes:
    """Every byte of the files in the folder of a book."""
    return b"\n".join(path.read_bytes() for path in sorted(book.folder.rglob("*")) if path.is_file())


def lost(book: Book) -> list[str]:
    """The secrets that still lie somewhere in the files."""
    found = bytes_of(book)
    return [secret for secret in SECRETS if secret.encode() in found]


def post_with_a_past(book: Book) -> tuple[UUID, UUID]:
    """A post whose holder was typed, corrected, and has a phone; and the association it belongs to."""
    association = book.run(SaveAssociation(name="Hội Chữ thập đỏ", kind="association")).id
    post = book.run(SavePost(association_id=association, title="Chủ tịch", holder=OLDER, phone=PHONE)).id
    book.run(SavePost(id=post, holder=NAME))
    return post, association


def erase(book: Book, record: UUID, table: str = "post") -> UUID:
    return book.run(ErasePersonalData(table=table, id=record, reason=WHY, number="12/QĐ")).id


def put_aside(work: Work, post: UUID) -> None:
    """The name in every place where a merge may leave it."""
    section = Section(POST, (7, HOLDER), "set", ("post", "title", "holder"))
    stamp = Stamp(1, "00" * 16)
    row = Row(post.bytes, None, (stamp, stamp), ("Chủ tịch", NAME))
    conflict = Section(80, (4, 5, 6, 7), "new", ("conflict",))
    lost_row = Row(uuid4().bytes, stamp, (stamp,) * 4, (POST, post.hex, HOLDER, json.dumps(OLDER, ensure_ascii=False)))
    for place, why in (("parked", "missing"), ("quarantine", "reason")):
        for one, held in ((section, row), (conflict, lost_row)):
            work.connection.execute(
                text(
                    f"INSERT INTO {place}(tbl, id, {why}, section, row, inc, package, at) "
                    "VALUES(:t, :id, 'x', :s, :r, x'00', 1, '2026-11-12')"
                ),
                {
                    "t": one.table,
                    "id": held.id,
                    "s": msgspec.json.encode(one).decode(),
                    "r": msgspec.json.encode(held).decode(),
                },
            )
    spelled = json.dumps(NAME, ensure_ascii=False)
    work.connection.execute(
        text(
            "INSERT INTO suggestion(tbl, id, col, value, hlc, inc, unit, at) "
            "VALUES(12, :id, 8, :v, 5, x'00', 'P05', '2026-11-12')"
        ),
        {"id": post.bytes, "v": spelled},
    )
    work.connection.execute(
        text("INSERT INTO unknown_field(tbl, id, col, value, hlc, inc) VALUES(12, :id, 8, :v, 5, x'00')"),
        {"id": post.bytes, "v": spelled},
    )
    work.connection.execute(
        text(
            "INSERT INTO conflict(id, unit, table_number, record, column_number, value, lost_clock, lost_replica, "
            "won_clock, won_replica, writer) VALUES(:id, 'P05-2', 12, :r, 8, :v, '5', '', '6', '', 'P05-2')"
        ),
        {"id": uuid4().bytes, "r": post.hex, "v": spelled},
    )
    work.connection.execute(text("UPDATE op SET title = :t WHERE id = 1"), {"t": f"Chủ tịch {NAME}"})
    work.connection.execute(
        text(
            "INSERT INTO batch(id, op, kind, name, sha256, at, rows, refused) VALUES(x'01', 1, '', '', '', '', 1, :w)"
        ),
        {"w": json.dumps([f"“{OLDER}”"], ensure_ascii=False)},
    )


def test_nothing_of_the_name_is_left_in_the_bytes(plain: None, tmp_path: Path) -> None:
    with new_book(tmp_path, WARD) as book:
        post, _association = post_with_a_past(book)
        gone = book.run(SavePost(area_id=register(book)[0], title="Tổ trưởng", holder="Người khác hẳn")).id
        with book.transaction("test", "test", quiet=QUIET_IMPORT) as work:
            put_aside(work, post)
        store_ = DraftStore(book.folder, book.key)
        store_.save(f"post {post}", {"holder": NAME, "title": "Chủ tịch", "more": [{"phone": PHONE}]})
        assert set(lost(book)) == set(SECRETS), "the search itself must find what is there"
        erase(book, post)
        kept = store_.load(f"post {post}")
        store_.close()
        assert kept is not None and kept.values == {"holder": "", "title": "Chủ tịch", "more": [{"phone": ""}]}
        assert lost(book) == []
        with book.read() as connection:
            assert search(connection, "hồng gấm") == [] and search(connection, "đặng văn") == []
            assert [title for _t, _i, title in search(connection, "chủ tịch")], "the post itself is still found"
            assert connection.exec_driver_sql("SELECT count(*) FROM exchange_state WHERE name = 'wipe'").scalar() == 0
        assert field(book, "post", post, "title") == "Chủ tịch" and field(book, "post", post, "holder") is None
        assert field(book, "post", gone, "holder") == "Người khác hẳn"
    assert lost(book) == []


def test_the_index_of_search_forgets_the_words(ward: Book) -> None:
    """A word that no row holds any more stays in older segments of the index until it is made anew."""

    def indexed() -> bool:
        with ward.read() as connection:
            blocks = connection.exec_driver_sql("SELECT block FROM search_fts_data").scalars()
            return any(b"gam" in bytes(block) for block in blocks)

    post, association = post_with_a_past(ward)
    ward.run(SavePost(association_id=association, title="Ủy viên", holder="Bùi Thước"))
    assert indexed()
    erase(ward, post)
    assert not indexed()


def test_undo_and_redo_do_not_bring_it_back(plain: None, tmp_path: Path) -> None:
    with new_book(tmp_path, WARD) as book:
        post, _association = post_with_a_past(book)
        book.run(SavePost(id=post, title="Phó Chủ tịch"))
        order = erase(book, post)
        undone = book.undo()
        assert undone.entry.title == "Chủ tịch" or "Phó" in undone.entry.title
        assert field(book, "post", post, "title") == "Chủ tịch", "undo went to the act before the order"
        for step in (book.undo, book.redo, book.undo, book.undo):
            step()
            assert lost(book) == []
        assert count(book, "erasure") == 1
        with book.read() as connection:
            rows = connection.exec_driver_sql("SELECT reason, number, columns, voided FROM erasure").all()
        assert rows == [(WHY, "12/QĐ", "8,12", None)]
        assert order


def test_freed_pages_are_overwritten_at_the_latest_at_the_next_opening(
    plain: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk may forbid it at once; without it the bytes stay in the free room of the pages."""

    def full(_engine: Any) -> None:
        raise store.damaged()

    with new_book(tmp_path, WARD) as book:
        posts = [post_with_a_past(book)[0]]
        association = field(book, "post", posts[0], "association_id")
        for number in range(40):
            holder = f"{NAME} thứ {number:02}"
            values = {"association_id": UUID(bytes=association), "title": f"Ủy viên {number}", "holder": holder}
            posts.append(book.run(SavePost(**values)).id)
    with monkeypatch.context() as blocked, open_book(book.folder, user="Bích", password=PASSWORD) as again:
        blocked.setattr("hoidesk.book.book.rewrite", full)
        for post in posts:
            erase(again, post)
        assert {field(again, "post", post, "holder") for post in posts} == {None}
    assert NAME in lost(book)
    with open_book(book.folder, user="Bích", password=PASSWORD) as again:
        assert count(again, "erasure") == len(posts)
        assert lost(again) == []


def older_package(work: Work, post: UUID) -> None:
    """A value that comes later with any stamp, as a merge writes it."""
    work.connection.execute(text("UPDATE post SET holder = :v WHERE id = :i"), {"v": NAME, "i": post.bytes})
    work.connection.execute(
        text("INSERT INTO history(seq, op, tbl, id, col, old, hlc, inc) VALUES(9, 1, 12, :i, 8, :v, :h, x'00')"),
        {"i": post.bytes, "v": OLDER, "h": 2**62},
    )


def raw_write(work: Work, post: UUID) -> None:
    """A foreign tool."""
    work.connection.execute(text("UPDATE post SET phone = :v WHERE id = :i"), {"v": PHONE, "i": post.bytes})


@pytest.mark.parametrize("write", [put_aside, older_package, raw_write])
@pytest.mark.parametrize("quiet", [0, QUIET_IMPORT])
def test_what_brings_a_value_back_later_is_emptied_in_the_same_transaction(
    plain: None, tmp_path: Path, write: Callable[[Work, UUID], None], quiet: int
) -> None:
    with new_book(tmp_path, WARD) as book:
        post, _association = post_with_a_past(book)
        erase(book, post)
        with book.transaction("test", "test", quiet=quiet) as work:
            write(work, post)
        assert lost(book) == []
        assert field(book, "post", post, "holder") is None and field(book, "post", post, "phone") is None


def test_a_name_is_not_typed_again_into_the_same_record(ward: Book) -> None:
    post, association = post_with_a_past(ward)
    erase(ward, post)
    with pytest.raises(UserError) as caught:
        ward.run(SavePost(id=post, holder="Trần Văn Lộc"))
    assert (caught.value.code, caught.value.field) == ("record.erased", "holder")
    assert ward.run(SavePost(id=post, title="Chủ tịch danh dự")).id == post
    assert ward.run(SavePost(association_id=association, title="Chủ tịch", holder="Trần Văn Lộc")).id


def test_the_order_of_the_owning_unit_travels_and_holds_above(ward: Book, cell: Book, tmp_path: Path) -> None:
    """The cell sent its post without the name; the ward typed it; the cell's order empties it at the ward too."""
    join(ward, cell)
    area, _association, _branch = register(ward)
    deliver(ward, cell, tmp_path / "1")
    post = cell.run(SavePost(area_id=area, title="Trưởng ban", holder=NAME)).id
    deliver(cell, ward, tmp_path / "2")
    assert field(ward, "post", post, "holder") is None
    ward.run(SavePost(id=post, holder=NAME, phone=PHONE))
    erase(cell, post)
    deliver(cell, ward, tmp_path / "3")
    assert count(ward, "erasure") == 1
    assert field(ward, "post", post, "holder") is None and field(ward, "post", post, "phone") is None
    with ward.read() as connection:
        assert (
            connection.exec_driver_sql("SELECT count(*) FROM history WHERE old IN (?, ?)", (NAME, PHONE)).scalar() == 0
        )
        assert search(connection, "hồng gấm") == []


def test_an_order_for_somebody_elses_record_changes_nothing(ward: Book, cell: Book, tmp_path: Path) -> None:
    join(ward, cell)
    post, _association = post_with_a_past(ward)
    register(ward)
    order = {
        "table_number": POST, "record": post.hex, "columns": "8,12", "reason": "x",
        "ordered_on": date(2026, 11, 12),
    }  # fmt: skip
    with cell.transaction("test", "test") as work:
        work.insert("erasure", order, unit=CELL[1])
        work.insert("erasure", order | {"record": "không phải mã", "columns": "x"}, unit=CELL[1])
        work.insert("erasure", order, unit=WARD[1])
    received = deliver(cell, ward, tmp_path / "1")
    assert field(ward, "post", post, "holder") == NAME
    assert count(ward, "erasure") == 2 and received.counts.refused == 0, "the ward's unit is out of the cell's scope"


def test_a_unit_erases_what_it_holds_of_the_units_below(ward: Book) -> None:
    area, _association, _branch = register(ward)
    post = ward.run(SavePost(area_id=area, title="Trưởng ban", holder=NAME)).id
    assert field(ward, "post", post, "unit") == "P05-2-03"
    erase(ward, post)
    assert field(ward, "post", post, "holder") is None


def test_names_of_a_meeting_are_erased_too(ward: Book) -> None:
    _area, _association, branch = register(ward)
    meeting = ward.run(
        RecordMeeting(meeting={"branch_id": str(branch), "held_on": "2026-11-05", "chair_name": NAME, "present": 9})
    ).id
    erase(ward, meeting, "meeting")
    assert field(ward, "meeting", meeting, "chair_name") is None and field(ward, "meeting", meeting, "present") == 9


def test_what_cannot_be_ordered_is_said_in_one_sentence(ward: Book) -> None:
    post, association = post_with_a_past(ward)
    given: tuple[tuple[dict[str, Any], str], ...] = (
        ({"table": "association", "id": association, "reason": WHY}, "erase.nothing"),
        ({"table": "post", "id": post, "reason": "  "}, "erase.no_reason"),
        ({"table": "post", "id": uuid4(), "reason": WHY}, "record.missing"),
    )
    for fields, code in given:
        with pytest.raises(UserError) as caught:
            ward.run(parse_operation({"op": "personal.erase", **{k: str(v) for k, v in fields.items()}}))
        assert caught.value.code == code
    ward.role = Role.SECRETARY
    with pytest.raises(UserError) as caught:
        erase(ward, post)
    assert caught.value.code == "role.refused"
    ward.role = Role.OFFICER
    ward.run(Void(table="post", id=post, reason="Hết nhiệm kỳ"))
    erase(ward, post)
    with pytest.raises(UserError) as caught:
        erase(ward, post)
    assert caught.value.code == "erase.done"


def test_every_field_with_personal_data_can_be_erased_or_lies_in_an_issued_paper() -> None:
    personal = {t.name for t in registry().tables if any(c.info.personal for c in t.columns)}
    assert {t.name for t in registry().tables if erasable(t)} == personal - {"paper"}
    assert not [c.name for c in registry()["approval"].columns if c.info.personal]


def test_an_order_with_impossible_numbers_is_no_order(tmp_path: Path) -> None:
    """It comes out of a package: what is no column number names nothing, and the rest of the order holds."""
    with new_book(tmp_path, WARD) as book:
        post, _association = post_with_a_past(book)
        with book.transaction("test", "test", quiet=QUIET_IMPORT) as work:
            values = {"table_number": 12, "record": post.hex, "columns": f"{'9' * 30},x,-1,,8", "reason": "Theo đơn"}
            work.insert("erasure", values | {"ordered_on": date(2026, 11, 12)}, unit="P05-2")
        assert not field(book, "post", post, "holder")
        assert field(book, "post", post, "title") == "Chủ tịch"
