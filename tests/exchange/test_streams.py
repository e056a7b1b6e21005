"""P10: no byte out of scope in any decrypted stream, and every byte in scope in a full one.

Books are filled in every column of every table, for every unit that a book may know, with markers that occur nowhere
else. Which of them a package may carry is written down by hand in what_travels.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hoidesk.book.book import Book
from hoidesk.book.registry import registry
from hoidesk.exchange import scopes
from hoidesk.exchange.export import Exported
from hoidesk.exchange.scopes import DOWN, SAME, UP, scope_for, travels

from .books import CELL, DISTRICT, WARD, join, new_book, send, take_in
from .markers import Markers, lacking, leaked, plain
from .test_siblings import pair
from .what_travels import AS_RECORD, EVERYBODY, ITS_UNIT, NOT, TRAVELS

NEIGHBOUR = ("cell", "P05-2-04", "Khu phố 4")
UNITS = {
    "district": ("P05", "P05-2", "P05-2-03", "P05-2-04", "P05-20", "P05-3"),
    "ward": ("P05", "P05-2", "P05-2-03", "P05-2-04"),
    "cell": ("P05", "P05-2", "P05-2-03"),
}
Family = dict[str, Book]


# The table


def test_every_table_and_column_was_decided_about() -> None:
    for table in registry().tables:
        assert table.name in TRAVELS, f"decide in what_travels.py what becomes of the table {table.name}"
        rule = TRAVELS[table.name]
        decided = [*rule.goes.split(), *rule.stays.split()]
        columns = [c.name for c in table.columns if c.name not in ("unit", "voided")]
        assert sorted(decided) == sorted(columns), f"decide in what_travels.py about every column of {table.name}"
    assert set(TRAVELS) == {t.name for t in registry().tables}


@pytest.mark.parametrize("name", list(TRAVELS))
def test_the_program_sends_what_was_decided(name: str) -> None:
    table, rule = registry()[name], TRAVELS[name]
    for column in table.columns:
        goes = column.name in rule.goes.split() or (bool(rule.goes) and column.name in ("unit", "voided"))
        assert travels(table, column, up=True) is (goes and rule.up), f"{name}.{column.name} up"
        assert travels(table, column, up=False) is (goes and rule.down != NOT), f"{name}.{column.name} down"
    if rule.down == AS_RECORD:
        return
    down = [s for s in scope_for(registry(), DOWN, own="P05", peer="P05-2").tables if s.table is table]
    assert bool(down) is (rule.down != NOT)
    if down:
        assert ("unit IN ('P05')" in down[0].where) is (rule.down == EVERYBODY)
        assert rule.down in (ITS_UNIT, EVERYBODY)


def test_names_and_phones_of_people_stay_whatever_the_direction() -> None:
    personal = {(t.name, c.name) for t in registry().tables for c in t.columns if c.info.personal}
    assert personal >= {("post", "holder"), ("post", "phone"), ("meeting", "chair_name"), ("paper", "signer_name")}
    assert all(column in TRAVELS[table].stays.split() for table, column in personal)


def test_between_the_pcs_of_a_unit_everything_goes() -> None:
    scope = scope_for(registry(), SAME, own="P05-2", peer="P05-2")
    assert [s.table.name for s in scope.tables] == [t.name for t in registry().tables]
    assert all(s.columns == s.table.columns and s.where == "1" for s in scope.tables)
    assert scope_for(registry(), UP, own="P05-2", peer="P05").tables


# The bytes


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    """A district, a ward with two PCs, two cells, all enrolled; each has heard of the replicas around it."""
    made = {
        "district": new_book(tmp_path, DISTRICT),
        "ward": new_book(tmp_path, WARD),
        "second": new_book(tmp_path, WARD, "máy hai"),
        "cell": new_book(tmp_path, CELL),
        "neighbour": new_book(tmp_path, NEIGHBOUR, "khu phố bên"),
    }
    join(made["district"], made["ward"])
    for name in ("cell", "neighbour"):
        join(made["ward"], made[name])
    pair(made["ward"], made["second"])
    for name in ("cell", "neighbour"):
        take_in(made["ward"], [send(made[name], tmp_path / f"first-{name}").path])
    yield made
    for book in made.values():
        book.close()


def check(markers: Markers, sent: Exported, sender: Book, receiver: Book) -> str:
    """Nothing in the package that its receiver may not see; returns its text."""
    text = plain(sent.path, receiver)
    assert leaked(markers, text, sender.unit.code, receiver.unit.code) == []
    return text


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [("ward", "district"), ("ward", "cell"), ("ward", "second"), ("cell", "ward"), ("district", "ward")],
)
def test_no_byte_out_of_scope_and_every_byte_in_scope(
    sender: str, receiver: str, family: Family, tmp_path: Path
) -> None:
    book, reader = family[sender], family[receiver]
    markers = Markers()
    made = markers.fill(book, UNITS[sender])
    markers.put_aside(book, book.unit.code)
    full = send(book, tmp_path / "full", reader.unit.code)
    assert full.kind == "full" and full.rows > 50
    text = check(markers, full, book, reader)
    assert lacking(markers, text, book.unit.code, reader.unit.code) == []
    strangers = {"P05-20", "P05-3"} if receiver == "ward" else {"P05-2-04"} if receiver == "cell" else set()
    assert not [code for code in strangers if f'"{code}"' in text]
    # What comes back: a receipt with its sentences, and what the reader itself may send.
    taken = take_in(reader, [full.path])
    assert [one.state for one in taken.results] == ["merged"]
    back = send(reader, tmp_path / "back", book.unit.code)
    check(markers, back, reader, book)
    take_in(book, [back.path])
    markers.edit(book, made)
    # The history now holds every first marker; a package of changes carries the second ones alone.
    changes = send(book, tmp_path / "changes", reader.unit.code)
    assert changes.kind == "changes" and changes.rows > 10
    text = check(markers, changes, book, reader)
    fresh = [p for p in lacking(markers, text, book.unit.code, reader.unit.code) if not _unchanged(p.table, p.column)]
    assert [p for p in fresh if not p.lost] == []
    again = send(book, tmp_path / "again", reader.unit.code)
    check(markers, again, book, reader)


def _unchanged(table: str, column: str) -> bool:
    """Whether a field kept its first marker, which went with the full package."""
    stored = registry()[table]
    known = stored.column(column)
    return column in ("id", "voided") or known is None or stored.info.frozen(column) or stored.name == "erasure"


def test_what_one_unit_sent_up_is_not_shown_to_its_neighbour(family: Family, tmp_path: Path) -> None:
    """Relayed in both directions: what a cell sent goes on to the district, never to the other cell."""
    cell, neighbour, ward, district = (family[n] for n in ("cell", "neighbour", "ward", "district"))
    markers = Markers()
    markers.fill(cell, ("P05-2-03",))
    up = send(cell, tmp_path / "up", "P05-2")
    check(markers, up, cell, ward)
    take_in(ward, [up.path])
    on = send(ward, tmp_path / "on", "P05")
    text = check(markers, on, ward, district)
    assert len({p for p in markers.places.values() if p.allowed("P05-2-03", "P05-2")}) > 100
    assert any(word in text for word in markers.places), "the ward relays what the cell sent up"
    aside = send(ward, tmp_path / "aside", "P05-2-04")
    check(markers, aside, ward, neighbour)
    assert not [word for word in markers.places if word in plain(aside.path, neighbour)]


def test_a_receipt_alone_names_no_record(family: Family, tmp_path: Path) -> None:
    ward, cell = family["ward"], family["cell"]
    markers = Markers()
    markers.fill(cell, ("P05-2-03",))
    take_in(ward, [send(cell, tmp_path / "a", "P05-2").path])
    take_in(cell, [send(ward, tmp_path / "b", "P05-2-03").path])
    again = send(cell, tmp_path / "c", "P05-2")
    take_in(ward, [again.path])
    receipt = send(ward, tmp_path / "d", "P05-2-03")
    text = check(markers, receipt, ward, cell)
    if receipt.kind == "receipt":
        assert not [word for word in markers.places if word in text]


@pytest.mark.parametrize("fault", ["personal", "conflicts", "neighbours"])
def test_a_scope_that_leaks_is_seen(
    fault: str, family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search itself is tried: three faults in the scopes, each of which it has to find."""
    ward, cell = family["ward"], family["cell"]
    markers = Markers()
    markers.fill(ward, UNITS["ward"])
    if fault == "personal":
        monkeypatch.setattr(scopes, "travels", lambda table, column, up: table.info.up)
    elif fault == "conflicts":
        monkeypatch.setattr(scopes, "_within_scope", lambda scoped, tables, up: scoped)
    else:
        monkeypatch.setattr(scopes, "_below", lambda code: f"unit LIKE '{code[:5]}%'")
    text = plain(send(ward, tmp_path / "a", "P05-2-03").path, cell)
    found = leaked(markers, text, "P05-2", "P05-2-03")
    assert found
    seen = {
        "personal": ("post", "holder", "P05-2-03"),
        "conflicts": ("post", "holder", "P05-2-03"),
        "neighbours": ("meeting", "present", "P05-2-04"),
    }[fault]
    assert seen in {(p.table, p.column, p.unit) for p in found}
