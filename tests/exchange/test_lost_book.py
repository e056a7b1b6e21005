"""A book that is gone with its backups: enrolled again under its code, the units around it give back what they hold."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from hoidesk.book.book import Book
from hoidesk.exchange.scopes import DOWN, UP, scope_for
from hoidesk.exchange.state import load_chain
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.units.operations import SaveArea

from .books import CELL, DAY, DISTRICT, WARD, count, deliver, field, join, meet, new_book, only, register, send, take_in

OTHER = ("cell", "P05-2-04", "Khu phố 4")
Rows = dict[str, dict[bytes, tuple[object, ...]]]


def within(book: Book, scope_id: str, own: str, peer: str) -> Rows:
    """Every row and column of a scope, as compiled for ``own`` → ``peer``."""
    scope = scope_for(book.registry, scope_id, own=own, peer=peer)
    found: Rows = {}
    with book.read() as connection:
        for scoped in scope.tables:
            names = ", ".join(f'"{c.name}"' for c in scoped.columns)
            rows = connection.exec_driver_sql(f'SELECT id, {names} FROM "{scoped.table.name}" WHERE {scoped.where}')
            found[str(scoped.table.name)] = {bytes(row[0]): tuple(row[1:]) for row in rows}
    return {name: rows for name, rows in found.items() if rows}


def counts(book: Book) -> dict[str, int]:
    """Rows of every synced table that has any."""
    found = {str(t.name): count(book, str(t.name)) for t in book.registry.tables}
    return {name: rows for name, rows in found.items() if rows}


def lived(cell: Book, ward: Book, folder: Path) -> None:
    """Cell and ward are enrolled, the cell held three meetings, and everything went up."""
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, folder / "a")
    for day in ("2026-11-05", "2026-11-06", "2026-11-07"):
        meet(cell, branch, day)
    deliver(cell, ward, folder / "b", receipts_to=folder / "b")
    take_in(cell, [folder / "b"])


def test_a_lost_cell_gets_back_exactly_what_its_scope_says(cell: Book, ward: Book, tmp_path: Path) -> None:
    lived(cell, ward, tmp_path)
    ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4", effective_from=DAY))
    with new_book(tmp_path, CELL, "sổ mới") as fresh:
        join(ward, fresh)
        back = deliver(ward, fresh, tmp_path / "c")
        assert (back.state, back.counts.parked, back.counts.refused) == ("merged", 0, 0)
        # Its quarter, its association and branch, its three meetings; not the neighbour's quarter, no minutes.
        assert counts(fresh) == {"area": 1, "association": 1, "branch": 1, "meeting": 3}
        link = WARD[1], CELL[1]
        assert within(fresh, DOWN, *link) == within(ward, DOWN, *link)
        assert count(cell, "agenda_item") == 3 and count(fresh, "agenda_item") == 0
        # What it writes from now on is its own, and the old book is no longer believed.
        again = send(fresh, tmp_path / "d")
        assert only(take_in(ward, [again.path])).state == "merged"
        assert only(take_in(ward, [send(cell, tmp_path / "e").path])).code == "package.old_keys"
    assert count(ward, "meeting") == 3


def test_a_lost_ward_gets_back_what_the_district_and_its_cells_hold(
    cell: Book, ward: Book, district: Book, tmp_path: Path
) -> None:
    join(district, ward)
    lived(cell, ward, tmp_path)
    with new_book(tmp_path, OTHER, "khu phố 4") as other, new_book(tmp_path, WARD, "sổ mới") as fresh:
        area = ward.run(SaveArea(kind="quarter", code=OTHER[1], name=OTHER[2], effective_from=DAY)).id
        join(ward, other)
        deliver(ward, other, tmp_path / "c")
        assert count(other, "area") == 1
        deliver(ward, district, tmp_path / "d")
        # One meeting more that the ward never got, and one that the district does not know.
        with cell.read() as connection:
            branch = UUID(bytes=connection.exec_driver_sql("SELECT id FROM branch").scalar_one())
        late = meet(cell, branch, "2026-11-09")

        join(district, fresh)
        back = deliver(district, fresh, tmp_path / "e")
        assert (back.state, back.counts.parked, back.counts.refused) == ("merged", 0, 0)
        assert counts(fresh) == {"area": 2, "association": 1, "branch": 1, "meeting": 3}
        link = DISTRICT[1], WARD[1]
        assert within(fresh, DOWN, *link) == within(district, DOWN, *link)

        # The cells know the ward by its old keys. Its new certificate is proven by the district: nobody types there.
        for number, below in enumerate((cell, other)):
            stranger = only(take_in(fresh, [send(below, tmp_path / f"f{number}").path]))
            assert stranger.state == "refused"
            asked = enrol(below, invite(fresh, below.unit.code))
            accept_certificate(below, certify(fresh, asked.request, asked.digits).file)
            with below.read() as connection:
                own, above, _top = load_chain(connection)
            assert (own.serial, above.serial) == (2, 2)
            up = send(below, tmp_path / f"g{number}")
            assert up.kind == "full"
            assert only(take_in(fresh, [up.path])).state == "merged"
            link = below.unit.code, WARD[1]
            assert within(fresh, UP, *link) == within(below, UP, *link)
            assert deliver(fresh, below, tmp_path / f"h{number}").state == "merged"
        assert count(fresh, "meeting") == 4 and field(fresh, "meeting", late, "present") == 24
        assert field(fresh, "area", area, "name") == OTHER[2]
        # The old ward's packages are refused on both sides; the new one goes on upwards.
        for number, reader in enumerate((cell, district)):
            lost = send(ward, tmp_path / f"i{number}", reader.unit.code)
            assert only(take_in(reader, [lost.path])).code == "package.old_keys"
        assert deliver(fresh, district, tmp_path / "j").state == "merged"
        assert count(district, "meeting") == 4


def test_a_lost_district_enrols_its_wards_again_with_their_digits_of_it(
    ward: Book, cell: Book, district: Book, tmp_path: Path
) -> None:
    """Nobody stands above it, so the wards' officers type its digits; the serials go on although it forgot them."""
    join(district, ward)
    lived(cell, ward, tmp_path)
    with new_book(tmp_path, DISTRICT, "sổ mới") as fresh:
        invitation = invite(fresh, WARD[1], name=WARD[2])
        with fresh.read() as connection:
            digits = load_chain(connection)[0].fingerprint
        asked = enrol(ward, invitation, digits[:8])
        accept_certificate(ward, certify(fresh, asked.request, asked.digits).file)
        with ward.read() as connection:
            assert load_chain(connection)[0].serial == 2
        up = deliver(ward, fresh, tmp_path / "c")
        assert up.state == "merged"
        link = WARD[1], DISTRICT[1]
        assert within(fresh, UP, *link) == within(ward, UP, *link)
        assert counts(fresh) == {"area": 1, "association": 1, "branch": 1, "meeting": 3}
        assert deliver(fresh, ward, tmp_path / "d").state == "merged"
        assert deliver(ward, cell, tmp_path / "e").state == deliver(cell, ward, tmp_path / "f").state == "merged"
