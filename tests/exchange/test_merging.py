"""Merging what an enrolled unit may send, well or badly: every row ends somewhere, and the rest goes on."""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.dump import dump_sum
from hoidesk.book.search import search
from hoidesk.errors import UserError
from hoidesk.exchange.operations import SettleConflict
from hoidesk.exchange.packages.container import Reader
from hoidesk.exchange.packages.pipe import Order
from hoidesk.exchange.packages.stream import Manifest, Receipt, Row, RowKind, Section, Stamp, encode_row, encode_section
from hoidesk.exchange.packages.writing import write_package
from hoidesk.exchange.receive import Received
from hoidesk.exchange.rows import conflicts, received_packages
from hoidesk.exchange.state import load_chain, load_keys, load_pins, peers
from hoidesk.meetings.operations import SaveMeeting

from .books import CELL, WARD, count, deliver, field, join, new_book, only, register, send, take_in

INC = "c0" * 16
CELL_CODE = "P05-2-03"


class Forge:
    """Makes packages in the name of the cell with any rows, as a faulty or hostile program there could."""

    def __init__(self, cell: Book, ward: Book, folder: Path) -> None:
        with cell.read() as connection:
            keys, self.chain = load_keys(connection), load_chain(connection)
        assert keys is not None
        self.keys, self.ward, self.folder = keys, ward, folder
        self.number, self.clock, self.mark = 0, 1_794_459_600_000 << 16, 0

    def stamp(self) -> Stamp:
        self.clock += 1
        return Stamp(self.clock, INC)

    def send(self, *sections: tuple[int, dict[int, Any], RowKind, UUID], **changes: Any) -> Received:
        """One row a section: table, values by column number, kind, id. ``changes`` alter the manifest."""
        lines: list[bytes] = []
        counts: dict[str, int] = {}
        for table, values, kind, id_ in sections:
            stamp = self.stamp()
            stamps = (stamp,) * len(values)
            names = ("t", *("c" for _ in values))
            lines.append(encode_section(Section(table, tuple(values), kind, names)))
            row = Row(id_.bytes, None if kind == "set" else stamp, stamps, tuple(values.values()))
            lines.append(encode_row(row, {INC: 0}))
            counts[str(table)] = counts.get(str(table), 0) + 1
        self.number += 1
        start, self.mark = self.mark, self.mark + 10
        told: dict[str, Any] = {
            "id": secrets.token_hex(16),
            "sender": CELL_CODE,
            "incarnation": INC,
            "number": self.number,
            "kind": "changes",
            "chain": [c.text for c in self.chain],
            "ids": [],
            "start": start,
            "end": self.mark,
            "after": None,
            "re": {},
            "receipts": [],
            "vector": {INC: f"{self.clock:x}"},
            "incs": [INC],
            "scope": "up-1",
            "schema": 1,
            "program": "9.9",
            "at": self.clock >> 16,
            "counts": counts,
        }
        manifest = Manifest(**(told | changes))
        path = self.folder / f"{self.number}-{secrets.token_hex(3)}.hdk"
        with self.ward.read() as connection:
            recipient = load_chain(connection)[0]
        write_package(path, manifest=manifest, lines=lines, signer=self.keys, recipient=recipient, day="2026-11-12")
        return only(take_in(self.ward, [path]))


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, WARD) as book:
        yield book


@pytest.fixture
def cell(tmp_path: Path, ward: Book) -> Iterator[Book]:
    with new_book(tmp_path, CELL) as book:
        join(ward, book)
        yield book


@pytest.fixture
def forge(cell: Book, ward: Book, tmp_path: Path) -> Forge:
    return Forge(cell, ward, tmp_path)


def meeting(branch: UUID, **more: Any) -> dict[int, Any]:
    values = {2: CELL_CODE, 3: None, 4: branch.hex, 7: "regular", 8: "2026-11-05", 18: 24, 20: 0, 22: "self", 23: 0}
    return values | {int(k[1:]): v for k, v in more.items()}


def new() -> UUID:
    return UUID(bytes=secrets.token_bytes(16))


def test_a_record_of_another_unit_is_refused_and_the_rest_merged(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    good, bad = new(), new()
    received = forge.send(
        (20, meeting(branch, c2="P05-2-04"), "new", bad),
        (20, meeting(branch, c2="P05-3"), "new", new()),
        (20, meeting(branch), "new", good),
    )
    assert (received.state, received.counts.new, received.counts.refused) == ("merged", 1, 2)
    assert any("P05-2-04" in reason for reason in received.reasons)
    assert field(ward, "meeting", good, "present") == 24 and field(ward, "meeting", bad, "present") is None


def test_a_record_cannot_be_moved_out_of_or_taken_from_another_unit(ward: Book, forge: Forge) -> None:
    register(ward)
    other = register_second(ward)
    received = forge.send((11, {7: "Chi hội bị chiếm"}, "set", other), (11, {2: CELL_CODE}, "set", other))
    assert received.counts.refused == 2
    assert field(ward, "branch", other, "name") == "Chi hội khác"
    assert field(ward, "branch", other, "unit") == "P05-2-04"


def register_second(ward: Book) -> UUID:
    from hoidesk.units.operations import SaveArea

    area = ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4")).id
    return ward.run(SaveBranch(area_id=area, kind="front_working_committee", name="Chi hội khác")).id


def test_a_field_that_the_unit_does_not_own_is_kept_as_a_suggestion(ward: Book, forge: Forge) -> None:
    area = register(ward)[0]
    received = forge.send((2, {7: "Khu phố Ba (tên đẹp hơn)"}, "set", area))
    assert (received.counts.suggestions, received.counts.changed) == (1, 0)
    assert field(ward, "area", area, "name") == "Khu phố 3"
    with ward.read() as connection:
        kept = connection.exec_driver_sql("SELECT value, unit FROM suggestion").all()
    assert [(json.loads(v), u) for v, u in kept] == [("Khu phố Ba (tên đẹp hơn)", CELL_CODE)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"c8": "2026-02-31"},
        {"c8": "05/11/2026"},
        {"c8": None},
        {"c18": "24"},
        {"c20": 2},
        {"c4": "không phải mã"},
        {"c2": " P05-2-03"},
        {"c7": 7},
        {"c7": "a\x00b"},
    ],
)
def test_a_bad_record_goes_to_quarantine_and_the_rest_goes_on(ward: Book, forge: Forge, wrong: dict[str, Any]) -> None:
    branch = register(ward)[2]
    good = new()
    received = forge.send((20, meeting(branch, **wrong), "new", new()), (20, meeting(branch), "new", good))
    assert (received.counts.new, received.counts.refused) == (1, 1) and len(received.reasons) == 1
    with ward.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM quarantine").scalar() == 1
        assert received_packages(connection)[0].counts == received.counts
    assert field(ward, "meeting", good, "present") == 24


def test_what_hides_in_received_text_is_dropped(ward: Book, forge: Forge) -> None:
    """Signs that turn the direction or drive a terminal would show another text than was sent."""
    branch, id_ = register(ward)[2], new()
    written = unicodedata.normalize("NFD", "Góp ý\x1b[2J đường\u202e Xã\u200b Đàn")
    forge.send((20, meeting(branch, c12=written), "new", id_))
    assert field(ward, "meeting", id_, "topic") == "Góp ý[2J đường Xã Đàn"


def test_an_incomplete_new_record_goes_to_quarantine(ward: Book, forge: Forge) -> None:
    register(ward)
    received = forge.send((20, {2: CELL_CODE, 18: 3}, "new", new()), (20, {8: "2026-11-05"}, "new", new()))
    assert received.counts.refused == 2 and count(ward, "meeting") == 0


def test_what_a_newer_program_wrote_is_kept_raw(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    id_ = new()
    received = forge.send(
        (20, meeting(branch, c900="Nghị quyết"), "new", id_), (7000, {2: CELL_CODE, 7: "x"}, "new", new())
    )
    assert (received.counts.new, received.counts.unknown) == (1, 2)
    with ward.read() as connection:
        rows = connection.exec_driver_sql("SELECT tbl, col, value FROM unknown_field ORDER BY tbl, col").all()
    assert [tuple(r) for r in rows] == [
        (20, 900, '"Nghị quyết"'),
        (7000, 0, "null"),
        (7000, 2, f'"{CELL_CODE}"'),
        (7000, 7, '"x"'),
    ]


@pytest.mark.parametrize("unit", [None, 5, "", "P05-2-03\n"])
def test_an_unknown_record_of_no_unit_goes_to_quarantine(ward: Book, forge: Forge, unit: Any) -> None:
    received = forge.send((7000, {2: unit, 7: "x"}, "new", new()), (7000, {2: "P05-3", 7: "y"}, "new", new()))
    assert (received.state, received.counts.refused, received.counts.unknown) == ("merged", 2, 0)
    assert count(ward, "quarantine") == 1 and count(ward, "unknown_field") == 0


def test_a_stamp_beyond_the_package_s_own_vector_is_refused(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    received = forge.send((20, meeting(branch), "new", new()), vector={INC: f"{forge.clock:x}"})
    assert received.counts.refused == 1 and count(ward, "meeting") == 0


def test_a_package_from_the_far_future_waits(ward: Book, forge: Forge) -> None:
    branch = register(ward)[2]
    with ward.read() as connection:
        before, clock = dump_sum(connection), connection.exec_driver_sql("SELECT hlc FROM clock_state").scalar()
    forge.clock = 3_818_000_000_000 << 16  # the year 2090
    received = forge.send((20, meeting(branch), "new", new()))
    assert received.state == "waiting" and "ngày" in received.sentence
    with ward.read() as connection:
        assert dump_sum(connection) == before
        assert connection.exec_driver_sql("SELECT hlc FROM clock_state").scalar() == clock


def test_a_unit_cannot_claim_what_another_replica_has_written(ward: Book, cell: Book, forge: Forge) -> None:
    """A claimed vector entry must not make the ward skip what the true writer sends later."""
    branch = register(ward)[2]
    deliver(ward, cell, forge.folder / "a")
    deliver(cell, ward, forge.folder / "b", receipts_to=forge.folder / "b")
    take_in(cell, [forge.folder / "b"])  # from now on the cell sends changes only, where seen stamps are skipped
    with cell.read() as connection:
        true = bytes(connection.exec_driver_sql("SELECT inc FROM clock_state").scalar_one()).hex()
    with new_book(forge.folder, ("cell", "P05-2-04", "Khu phố 4"), "second") as second:
        join(ward, second)
        liar = Forge(second, ward, forge.folder)
        far = (1_794_459_600_000 + 86_400_000) << 16
        claimed = {INC: f"{liar.clock:x}", true: f"{far:x}"}
        assert liar.send(sender="P05-2-04", vector=claimed, incs=[INC, true]).state == "merged"
    held = cell.run(SaveMeeting(branch_id=branch, held_on="2026-11-05", present=3)).id
    deliver(cell, ward, forge.folder / "c")
    assert field(ward, "meeting", held, "present") == 3


def test_the_book_is_searched_and_undone_as_if_nothing_had_come(ward: Book, cell: Book, tmp_path: Path) -> None:
    branch = register(ward)[2]
    before = ward.undo_entry()
    deliver(ward, cell, tmp_path / "a")
    cell.run(SaveBranch(id=branch, name="Chi hội Đường sắt"))
    deliver(cell, ward, tmp_path / "b")
    with ward.read() as connection:
        assert [r[1] for r in search(connection, "duong sat")] == [branch]
    assert ward.undo_entry() == before  # receiving cannot be undone
    with ward.read() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM op ORDER BY id DESC LIMIT 1").scalar()
        stamps = connection.exec_driver_sql(
            "SELECT count(*) FROM history h JOIN incarnation i ON i.inc = h.inc WHERE h.tbl = 11"
        ).scalar()
    assert kinds == "import" and stamps == 1


@pytest.mark.parametrize("take", [True, False])
def test_a_conflict_is_settled_once_and_that_travels(ward: Book, cell: Book, tmp_path: Path, take: bool) -> None:
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    ward.run(SaveBranch(id=branch, name="Tên của phường"))
    cell.run(SaveBranch(id=branch, name="Tên của khu phố"))
    deliver(cell, ward, tmp_path / "b")
    with ward.read() as connection:
        (row,) = conflicts(connection)
    ward.run(SettleConflict(id=row.id, take=take))
    wanted = row.lost if take else row.present
    assert field(ward, "branch", branch, "name") == wanted
    with pytest.raises(UserError) as caught:
        ward.run(SettleConflict(id=row.id, take=take))
    assert caught.value.code == "conflict.settled"
    deliver(ward, cell, tmp_path / "c")
    assert field(cell, "branch", branch, "name") == wanted
    with cell.read() as connection:
        assert conflicts(connection) == [] and len(conflicts(connection, open_only=False)) == 1


def test_export_never_repeats_what_was_acknowledged(ward: Book, cell: Book, tmp_path: Path) -> None:
    register(ward)
    deliver(ward, cell, tmp_path / "a", receipts_to=tmp_path / "a")
    take_in(ward, [tmp_path / "a"])
    sent = send(ward, tmp_path / "b", CELL_CODE)
    assert (sent.rows, sent.kind) == (0, "receipt")


def test_a_conflict_that_names_no_record_is_put_aside(ward: Book, forge: Forge) -> None:
    register(ward)
    conflict = {2: CELL_CODE, 3: None, 4: 20, 5: "đây không phải mã", 6: 4, 7: "1", 8: "1", 9: "a", 10: "2", 11: "b"}
    received = forge.send((80, conflict | {12: ""}, "new", new()))
    assert (received.state, received.counts.refused, received.counts.new) == ("merged", 1, 0)
    with ward.read() as connection:
        assert conflicts(connection) == []


@pytest.mark.parametrize("change", ["at", "re", "receipts", "after", "schema", "number"])
def test_a_number_that_no_book_can_hold_is_refused(ward: Book, forge: Forge, change: str) -> None:
    branch = register(ward)[2]
    with ward.read() as connection:
        own = bytes(connection.exec_driver_sql("SELECT inc FROM clock_state").scalar_one()).hex()
        before = dump_sum(connection)
    values: dict[str, Any] = {
        "at": 2**63,
        "re": {own: (2**63, "00" * 16, 5)},
        "receipts": [Receipt(own, 2**63, "00" * 16, 5)],
        "after": (2**63, "00" * 16),
        "schema": -1,
        "number": 2**63,
    }
    received = forge.send((20, meeting(branch), "new", new()), **{change: values[change]})
    assert (received.state, received.code) == ("refused", "package.malformed")
    with ward.read() as connection:
        assert dump_sum(connection) == before


def test_secrets_do_not_show_when_they_are_printed(ward: Book, cell: Book) -> None:
    with ward.read() as connection:
        (peer,) = peers(connection)
        keys, pins = load_keys(connection), load_pins(connection)
    assert keys is not None and peer.link is not None
    order = Order.of("/a", "vi", Reader.of(ward.unit.code, [keys], pins))
    for shown in (repr(peer), repr(order), repr(keys), f"{order}"):
        assert keys.identity not in shown and repr(peer.link) not in shown and repr(keys.seed) not in shown
