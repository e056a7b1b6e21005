"""Offices whose programs are of different age: what the newer one wrote is not lost on its way through the older."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.errors import EnvError
from hoidesk.exchange import scopes
from hoidesk.exchange.merge.adoption import adopt
from hoidesk.exchange.packages.canonical import canonical
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four

from .books import DAY, DISTRICT, PASSWORD, WARD, count, decrypted, deliver, field, join, meet, new_book, send
from .newer import CLUB, INSIDE, MOTTO, of_book, schema_step, upgrade, write
from .skewed import Chain, kept, lost, stamp
from .test_siblings import pair


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "registry", property(of_book))


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path)
    yield made
    made.close()


def test_a_field_goes_through_an_old_ward_to_a_new_district(chain: Chain) -> None:
    upgrade(chain.cell)
    upgrade(chain.district)
    write(chain.cell, "branch", chain.branch, motto="Đoàn kết – Sáng tạo")
    chain.up()
    assert field(chain.district, "branch", chain.branch, "motto") == "Đoàn kết – Sáng tạo"
    assert stamp(chain.district, 11, chain.branch, 900) == stamp(chain.cell, 11, chain.branch, 900)
    write(chain.cell, "branch", chain.branch, motto="Nghĩa tình khu phố", starred=1)
    chain.up()
    assert field(chain.district, "branch", chain.branch, "motto") == "Nghĩa tình khu phố"
    assert field(chain.district, "branch", chain.branch, "starred") == 1
    write(chain.district, "branch", chain.branch, motto="Đống Đa anh hùng")
    chain.down()
    assert field(chain.cell, "branch", chain.branch, "motto") == "Đống Đa anh hùng"
    assert stamp(chain.district, 11, chain.branch, 900) == stamp(chain.cell, 11, chain.branch, 900)


def test_rows_of_an_unknown_table_go_through_an_old_ward_both_ways(chain: Chain) -> None:
    upgrade(chain.cell)
    upgrade(chain.district)
    club, other = uuid.uuid4(), uuid.uuid4()
    write(chain.cell, "club", club, branch_id=chain.branch, name="Câu lạc bộ Dưỡng sinh Ô Chợ Dừa", members=31)
    write(chain.district, "club", other, branch_id=chain.branch, name="Câu lạc bộ Thơ Đường", members=7)
    chain.up()
    chain.down()
    for book in (chain.cell, chain.district):
        assert field(book, "club", club, "name") == "Câu lạc bộ Dưỡng sinh Ô Chợ Dừa"
        assert field(book, "club", other, "members") == 7
    clocks = []
    for book in (chain.cell, chain.district):
        with book.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, hlc, inc FROM row_clock WHERE tbl = 7000 ORDER BY id").all()
            clocks.append([tuple(r) for r in rows])
    assert clocks[0] == clocks[1]
    write(chain.cell, "club", club, members=32)
    chain.up()
    assert field(chain.district, "club", club, "members") == 32
    assert stamp(chain.district, CLUB, club, 6) == stamp(chain.cell, CLUB, club, 6)


def test_a_lost_stick_costs_nothing_that_is_kept(chain: Chain) -> None:
    upgrade(chain.cell)
    upgrade(chain.district)
    write(chain.cell, "branch", chain.branch, motto="Nhất")
    deliver(chain.cell, chain.ward, chain.stick)
    send(chain.ward, chain.stick, "P05")  # lost on the way
    write(chain.ward, "branch", chain.branch, name="Chi hội số Ba")
    deliver(chain.ward, chain.district, chain.stick)
    assert field(chain.district, "branch", chain.branch, "motto") == "Nhất"
    assert field(chain.district, "branch", chain.branch, "name") == "Chi hội số Ba"


def test_what_is_kept_goes_on_only_the_way_it_came(chain: Chain, tmp_path: Path) -> None:
    """From below it goes up, from above to the units that it concerns, and never to a neighbour."""
    with new_book(tmp_path, ("cell", "P05-2-04", "Khu phố 4"), "bốn") as neighbour:
        join(chain.ward, neighbour)
        deliver(chain.ward, neighbour, chain.stick)
        upgrade(chain.cell)
        upgrade(chain.district)
        write(chain.cell, "branch", chain.branch, motto="Đi lên")
        write(chain.district, "club", uuid.uuid4(), branch_id=chain.branch, name="Đi xuống", unit="P05-2-03")
        write(chain.district, "club", uuid.uuid4(), name="Cho mọi đơn vị", unit="P05")
        write(chain.district, "club", uuid.uuid4(), name="Riêng cho phường", unit="P05-2")
        deliver(chain.cell, chain.ward, chain.stick)
        deliver(chain.district, chain.ward, chain.stick)
        assert (11, MOTTO, '"Đi lên"', 1) in kept(chain.ward) and (CLUB, 5, '"Đi xuống"', 2) in kept(chain.ward)
        up = str(decrypted(send(chain.ward, chain.stick, "P05").path, chain.district))
        down = str(decrypted(send(chain.ward, chain.stick, "P05-2-03").path, chain.cell))
        beside = str(decrypted(send(chain.ward, chain.stick, "P05-2-04").path, neighbour))
    assert "Đi lên" in up and not any(t in up for t in ("Đi xuống", "Cho mọi đơn vị", "Riêng cho phường"))
    assert "Đi xuống" in down and "Cho mọi đơn vị" in down and "Đi lên" not in down and "Riêng" not in down
    assert "Cho mọi đơn vị" in beside and not any(t in beside for t in ("Đi lên", "Đi xuống", "Riêng"))


def test_what_another_pc_of_the_unit_wrote_stays_in_the_unit(chain: Chain, tmp_path: Path) -> None:
    with new_book(tmp_path, WARD, "máy hai") as second:
        pair(chain.ward, second)
        deliver(chain.ward, second, chain.stick)
        deliver(second, chain.ward, chain.stick)
        upgrade(second)
        upgrade(chain.cell)
        write(second, "branch", chain.branch, inside="Chỉ trong cơ quan", motto="Hai máy")
        write(chain.cell, "branch", chain.branch, starred=1)
        deliver(chain.cell, second, chain.stick)
        deliver(second, chain.ward, chain.stick)
        assert (11, INSIDE, '"Chỉ trong cơ quan"', 0) in kept(chain.ward)
        # What the cell wrote came up to this unit, whichever of its PCs brought it.
        assert (11, 901, "1", 1) in kept(chain.ward)
        for unit, reader in (("P05", chain.district), ("P05-2-03", chain.cell)):
            sent = str(decrypted(send(chain.ward, chain.stick, unit).path, reader))
            assert "Chỉ trong" not in sent and "Hai máy" not in sent
        chain.ward.close()
        chain.ward = open_book(chain.ward.folder, password=PASSWORD, today=DAY)
        upgrade(chain.ward)
        deliver(chain.ward, second, chain.stick)
        assert field(chain.ward, "branch", chain.branch, "inside") == "Chỉ trong cơ quan"


def test_what_an_officer_chose_for_the_ward_ends_there(chain: Chain) -> None:
    """A row with fields that do not go up by themselves was chosen for its reader, with what that cannot know."""
    upgrade(chain.cell)
    write(chain.cell, "branch", chain.branch, motto="Riêng cho phường biết", remark="Chỉ trong cơ quan")
    scoped = scopes.scope_for(chain.cell.registry, scopes.UP, own="P05-2-03", peer="P05-2")
    branch = next(t for t in scoped.tables if t.table.name == "branch")
    whole = replace(branch, columns=branch.table.columns)
    wider = replace(scoped, tables=tuple(whole if t is branch else t for t in scoped.tables))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("hoidesk.exchange.export.scope_for", lambda *_a, **_k: wider)
        deliver(chain.cell, chain.ward, chain.stick)
    assert (11, MOTTO, '"Riêng cho phường biết"', 0) in kept(chain.ward)
    assert "Riêng cho" not in str(decrypted(send(chain.ward, chain.stick, "P05").path, chain.district))


def test_a_unit_keeps_nothing_about_records_outside_its_sender_s_subtree(chain: Chain) -> None:
    upgrade(chain.cell)
    write(chain.cell, "club", uuid.uuid4(), name="Của phường khác", unit="P05-3")
    with chain.cell.transaction("test", "test") as work:
        work.connection.exec_driver_sql("UPDATE club SET unit = 'P05-2-04' WHERE name LIKE 'Của%'")
    write(chain.cell, "club", uuid.uuid4(), name="Của mình", unit="P05-2-03")
    deliver(chain.cell, chain.ward, chain.stick)
    assert [v for _t, c, v, _w in kept(chain.ward) if c == 5] == ['"Của mình"']


def test_an_order_to_erase_also_empties_what_an_old_program_keeps(chain: Chain) -> None:
    upgrade(chain.cell)
    club = uuid.uuid4()
    write(chain.cell, "club", club, branch_id=chain.branch, name="Nguyễn Thị Ánh Tuyết", members=4)
    deliver(chain.cell, chain.ward, chain.stick)
    assert (CLUB, 5, '"Nguyễn Thị Ánh Tuyết"', 1) in kept(chain.ward)
    order = {"table_number": CLUB, "record": club.hex, "columns": "2,5", "ordered_on": DAY, "reason": "Theo đơn"}
    write(chain.cell, "erasure", uuid.uuid4(), unit="P05-2-03", **order)
    deliver(chain.cell, chain.ward, chain.stick)
    of_club = {c: v for t, c, v, _w in kept(chain.ward) if t == CLUB}
    assert (of_club[2], of_club[5], of_club[6]) == ('"P05-2-03"', "null", "4")
    assert "Ánh Tuyết" not in str(decrypted(send(chain.ward, chain.stick, "P05").path, chain.district))


# Two values


def test_two_values_of_an_unknown_field_meet_in_an_old_ward_and_neither_vanishes(chain: Chain) -> None:
    upgrade(chain.cell)
    upgrade(chain.district)
    write(chain.cell, "branch", chain.branch, motto="Của khu phố")
    write(chain.district, "branch", chain.branch, motto="Của quận")
    deliver(chain.district, chain.ward, chain.stick)
    deliver(chain.cell, chain.ward, chain.stick)
    loss = {(11, chain.branch.hex, MOTTO, '"Của khu phố"')}
    assert lost(chain.ward) == loss
    assert [v for _t, c, v, _w in kept(chain.ward) if c == MOTTO] == ['"Của quận"']
    chain.settle()
    for book in chain.books.values():
        assert lost(book) == loss
    upgrade(chain.ward)
    chain.settle()
    for book in chain.books.values():
        assert lost(book) == loss and field(book, "branch", chain.branch, "motto") == "Của quận"


def test_typing_over_a_value_knowingly_is_no_conflict_in_an_old_ward(chain: Chain) -> None:
    upgrade(chain.cell)
    upgrade(chain.district)
    for motto in ("Một", "Hai", "Ba"):
        write(chain.cell, "branch", chain.branch, motto=motto)
        chain.up()
    write(chain.district, "branch", chain.branch, motto="Bốn")
    chain.down()
    assert field(chain.cell, "branch", chain.branch, "motto") == "Bốn"
    assert not any(lost(book) for book in chain.books.values())


# Adoption


def test_after_the_upgrade_the_kept_fields_are_fields(chain: Chain) -> None:
    upgrade(chain.cell)
    club = uuid.uuid4()
    write(chain.cell, "branch", chain.branch, motto="Đoàn kết", starred=1)
    write(chain.cell, "club", club, branch_id=chain.branch, name="Cờ tướng", members=9)
    chain.up()  # the district is old, too
    assert upgrade(chain.ward) == 2 and upgrade(chain.district) == 2
    assert adopt(chain.ward) == 0
    for book in (chain.ward, chain.district):
        assert not kept(book) and not lost(book)
        assert field(book, "branch", chain.branch, "motto") == "Đoàn kết"
        assert field(book, "branch", chain.branch, "starred") == 1
        assert field(book, "club", club, "members") == 9
        assert stamp(book, 11, chain.branch, MOTTO) == stamp(chain.cell, 11, chain.branch, MOTTO)
        assert book.undo_entry() is None or "mới" not in book.undo_entry().label
    with chain.ward.read() as connection:
        marked = connection.exec_driver_sql("SELECT count(*) FROM resend WHERE tbl IN (11, 7000)").scalar()
    assert marked == 2


def test_what_was_not_handed_on_is_after_the_upgrade(chain: Chain) -> None:
    """An old ward cannot know whether a record of its own unit is for its cells; their vectors cover it meanwhile."""
    upgrade(chain.cell)
    upgrade(chain.district)
    club = uuid.uuid4()
    write(chain.district, "club", club, name="Câu lạc bộ của phường", unit="P05-2")
    write(chain.district, "branch", chain.branch, motto="Cùng gói")
    chain.down()
    assert field(chain.cell, "branch", chain.branch, "motto") == "Cùng gói"
    assert field(chain.cell, "club", club, "name") is None
    upgrade(chain.ward)
    deliver(chain.ward, chain.cell, chain.stick)
    assert field(chain.cell, "club", club, "name") == "Câu lạc bộ của phường"


def test_what_was_written_since_is_compared_by_stamp(chain: Chain) -> None:
    upgrade(chain.cell)
    write(chain.cell, "branch", chain.branch, motto="Cũ hơn")
    deliver(chain.cell, chain.ward, chain.stick)
    schema_step(chain.ward)
    write(chain.ward, "branch", chain.branch, motto="Mới hơn")
    assert adopt(chain.ward) == 1
    assert field(chain.ward, "branch", chain.branch, "motto") == "Mới hơn"
    assert lost(chain.ward) == {(11, chain.branch.hex, MOTTO, '"Cũ hơn"')}


def test_a_record_that_never_changes_gets_the_field_that_it_always_had(chain: Chain) -> None:
    upgrade(chain.cell)
    with chain.cell.transaction("test", "test") as work:
        values = {"petition_id": None, "text": "Đề nghị sửa đèn", "urgent": "Khẩn"}
        stored = work.table("forwarded_petition")
        row = {c.name: values[c.name] for c in stored.columns if c.name in values}
        for column in stored.columns:
            if column.name not in row and not column.column.nullable and column.column.server_default is None:
                row[column.name] = {"day": date(2026, 11, 5)}.get(column.info.kind, "P05-2-03")
        forwarded = work.insert("forwarded_petition", row, unit="P05-2-03")
    chain.up()
    upgrade(chain.ward)
    assert field(chain.ward, "forwarded_petition", forwarded, "urgent") == "Khẩn"
    with chain.ward.read() as connection:
        waiting = connection.exec_driver_sql("SELECT (SELECT count(*) FROM quarantine) + (SELECT count(*) FROM parked)")
        assert waiting.scalar() == 0
        guards = "SELECT count(*) FROM sqlite_master WHERE name = 'guard_forwarded_petition_update'"
        assert connection.exec_driver_sql(guards).scalar() == 1


def _forget(book: Book, id: Any, column: int, value: str) -> None:
    """As if an older program had kept a field that this one knows."""
    with book.transaction("test", "test") as work:
        work.connection.exec_driver_sql(
            "INSERT INTO unknown_field(tbl, id, col, value, hlc, inc, way, seq, source, package) "
            "SELECT 20, ?, ?, ?, r.hlc + 1, r.inc, 1, 1, i.inc, i.number FROM row_clock r, package_in i "
            "WHERE r.tbl = 20 AND r.id = ? AND i.unit = 'P05-2-03' LIMIT 1",
            (id.bytes, column, value, id.bytes),
        )


@pytest.mark.parametrize(
    ("column", "value", "quarantined"), [(18, "25", 0), (18, '"hai mươi"', 1), (8, '"2026-11-06"', 0)]
)
def test_opening_a_book_takes_up_what_was_kept(chain: Chain, column: int, value: str, quarantined: int) -> None:
    """A value that the column cannot hold goes to quarantine with its reason, as from any package."""
    met = meet(chain.cell, chain.branch)
    chain.up()
    _forget(chain.ward, met, column, value)
    chain.ward.close()
    chain.ward = open_book(chain.ward.folder, password=PASSWORD, today=DAY)
    assert not kept(chain.ward)
    name = {18: "present", 8: "held_on"}[column]
    assert (str(field(chain.ward, "meeting", met, name)) == value.strip('"')) is not bool(quarantined)
    assert count(chain.ward, "quarantine") == quarantined


# Formats


@pytest.mark.parametrize("kind", ["invitation", "certificate"])
def test_an_enrolment_file_of_a_newer_format_says_what_is_needed(tmp_path: Path, kind: str) -> None:
    with new_book(tmp_path, DISTRICT) as district, new_book(tmp_path, WARD) as ward:
        file = invite(district, "P05-2")
        act: Callable[[Book, bytes], Any] = enrol
        if kind == "certificate":
            asked = enrol(ward, file)
            groups = groups_of_four(asked.digits).split()
            file, act = certify(district, asked.request, f"{groups[0]} {groups[1]}").file, accept_certificate
        line, rest = file.split(b"\n", 1)
        newer_file = canonical(json.loads(line) | {"version": 3, "zone": "Đống Đa"}) + b"\n" + rest
        with pytest.raises(EnvError, match="3") as caught:
            act(ward, newer_file)
        assert caught.value.code == f"{kind}.newer"
        with pytest.raises(EnvError) as caught:
            act(ward, newer_file.replace(b'"version":3', b'"version":1'))
        assert caught.value.code == f"{kind}.malformed"
