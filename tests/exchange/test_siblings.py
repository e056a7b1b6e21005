"""Two PCs of one unit: the second is enrolled by the first, and from then on both are the same unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hoidesk.book.book import Book
from hoidesk.errors import UserError
from hoidesk.exchange.state import get_fact, key_ring, load_chain, load_keys, load_pins, peers
from hoidesk.exchange.trust.enrol import Certified, accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.exchange.trust.siblings import unit_block

from .books import WARD, count, deliver, dump, field, join, meet, new_book, only, register, send, take_in


def pair(first: Book, second: Book, superior_digits: str = "") -> Certified:
    """Enrol ``second`` as another PC of the unit of ``first``: three files, two digit groups."""
    asked = enrol(second, invite(first, first.unit.code), superior_digits)
    assert asked.sibling
    groups = groups_of_four(asked.digits).split()
    made = certify(first, asked.request, f"{groups[3]} {groups[0]}")
    assert accept_certificate(second, made.file).sibling
    return made


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, WARD, "máy hai") as book:
        yield book


def secrets_of(book: Book) -> tuple[str, str | None]:
    with book.read() as connection:
        keys = load_keys(connection)
        assert keys is not None
        return keys.identity, get_fact(connection, "pc")


def test_the_second_pc_gets_the_records_the_keys_and_the_peers(
    ward: Book, second: Book, cell: Book, district: Book, tmp_path: Path
) -> None:
    join(district, ward)
    join(ward, cell)
    branch = register(ward)[2]
    meet(ward, branch)
    pair(ward, second)
    with pytest.raises(UserError) as caught:
        send(second, tmp_path / "none")
    assert caught.value.code in ("export.not_enrolled", "peer.none")
    for act in (lambda: invite(second, "P05-2-07"), lambda: enrol(second, invite(district, "P05-2"))):
        with pytest.raises(UserError) as caught:
            act()
        assert caught.value.code == "siblings.joining"
    first = deliver(ward, second, tmp_path / "a")
    assert (first.state, first.counts.refused, first.counts.parked) == ("merged", 0, 0)
    # Everything, also what never goes up: agenda items, petitions, names.
    for table in ("area", "branch", "meeting", "agenda_item", "petition"):
        assert count(second, table) == count(ward, table) > 0
    assert secrets_of(second) == (secrets_of(ward)[0], "2")
    with ward.read() as one, second.read() as two:
        assert load_chain(one) == load_chain(two)
        assert load_pins(one) == load_pins(two)
        others = [[p for p in peers(c) if p.relation != "sibling"] for c in (one, two)]
        assert others[0] == others[1] and [p.link for p in others[0]] == [p.link for p in others[1]]
    sent = send(second, tmp_path / "b", "P05-2")
    assert sent.path.name.startswith("P05-2-2-")
    assert only(take_in(ward, [sent.path])).state == "merged"


def test_each_pc_reads_what_cell_and_district_wrote_and_is_believed_by_them(
    ward: Book, second: Book, cell: Book, district: Book, tmp_path: Path
) -> None:
    join(district, ward)
    join(ward, cell)
    branch = register(ward)[2]
    pair(ward, second)
    deliver(ward, second, tmp_path / "a")
    deliver(second, cell, tmp_path / "b")
    meeting = meet(cell, branch)
    up = send(cell, tmp_path / "c")
    assert only(take_in(second, [up.path])).counts.new == 1
    assert field(second, "meeting", meeting, "present") == 24
    assert deliver(second, district, tmp_path / "d").state == "merged"
    assert field(district, "meeting", meeting, "present") == 24
    assert deliver(second, ward, tmp_path / "e").counts.new == 1
    assert field(ward, "meeting", meeting, "present") == 24
    assert only(take_in(ward, [up.path])).state in ("superseded", "duplicate")
    assert deliver(district, ward, tmp_path / "f").state == "merged"


def test_a_cell_that_the_second_pc_enrolled_is_known_to_the_first(
    ward: Book, second: Book, cell: Book, tmp_path: Path
) -> None:
    register(ward)
    pair(ward, second)
    deliver(ward, second, tmp_path / "a")
    join(second, cell)
    assert only(take_in(ward, [send(cell, tmp_path / "b").path])).code == "package.stranger"
    deliver(second, ward, tmp_path / "c")
    assert deliver(cell, ward, tmp_path / "d").state == "merged"
    assert deliver(ward, cell, tmp_path / "e").state == "merged"


def test_the_passing_keys_only_open_the_first_package(ward: Book, second: Book, tmp_path: Path) -> None:
    register(ward)
    pair(ward, second)
    with ward.read() as connection:
        passing = peers(connection)[0].certificate.keys
    one = send(ward, tmp_path / "a", "P05-2")
    two = send(ward, tmp_path / "b", "P05-2")
    assert [only(take_in(second, [p.path])).state for p in (one, two)] == ["merged", "merged"]
    deliver(second, ward, tmp_path / "c")
    with ward.read() as connection, second.read() as other:
        own = load_keys(connection)
        assert own is not None and peers(connection)[0].certificate.keys == own.public != passing
        assert own in key_ring(other) and len(key_ring(other)) == 2
        shared = [k["identity"] for k in unit_block(connection)["keys"]]
        assert shared == [own.identity] == [k["identity"] for k in unit_block(other)["keys"]]


def test_a_pc_does_not_answer_its_own_invitation(ward: Book) -> None:
    with pytest.raises(UserError) as caught:
        enrol(ward, invite(ward, "P05-2"))
    assert caught.value.code == "enrol.own"


def test_a_second_pc_that_was_lost_is_enrolled_again_under_the_next_number(
    ward: Book, second: Book, tmp_path: Path
) -> None:
    register(ward)
    pair(ward, second)
    deliver(ward, second, tmp_path / "a")
    deliver(second, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    with new_book(tmp_path, WARD, "máy ba") as third:
        pair(ward, third)
        first = deliver(ward, third, tmp_path / "c")
        assert first.state == "merged" and count(third, "branch") == count(ward, "branch")
        assert secrets_of(third)[1] == "3"


def test_the_files_of_a_second_pc_are_taken_with_the_stick(ward: Book, second: Book, tmp_path: Path) -> None:
    register(ward)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "a mời.hdi").write_bytes(invite(ward, "P05-2"))
    (stick / "b mời.hdi").write_bytes(invite(ward, "P05-2-03"))
    asked = enrol(second, (stick / "a mời.hdi").read_bytes())
    made = certify(ward, asked.request, asked.digits)
    (stick / "chung-nhan.hdc").write_bytes(made.file)
    send(ward, stick, "P05-2")
    results = take_in(second, [stick]).results
    assert [r.state for r in results] == ["duplicate", "other", "certificate", "merged"]
    assert count(second, "branch") == 1
    assert [r.state for r in take_in(second, [stick]).results] == ["duplicate", "other", "other", "duplicate"]


def test_a_hostile_block_changes_nothing_although_our_own_unit_signed_it(
    ward: Book, second: Book, district: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds the keys of the unit and sends a false superior along with good records."""
    register(ward)
    pair(ward, second)
    deliver(ward, second, tmp_path / "a")
    join(district, ward)
    deliver(ward, second, tmp_path / "b")
    with new_book(tmp_path, ("district", "P05", "Quận giả"), "giả") as impostor, second.read() as connection:
        invite(impostor, "P05-2")
        with impostor.read() as other:
            false = load_chain(other)[0].text
        good = unit_block(connection)
    hostile = [dict(p, certificate=false) if p["relation"] == "superior" else p for p in good["peers"]]
    for block, code in ((good | {"peers": hostile}, "siblings.foreign"), ({"keys": 1}, "siblings.malformed")):
        monkeypatch.setattr("hoidesk.exchange.export.unit_block", lambda _connection, block=block: block)
        lie = send(second, tmp_path / f"lie {code}", "P05-2")
        before = dump(ward)
        received = only(take_in(ward, [lie.path]))
        assert (received.state, received.code) == ("refused", code) and dump(ward) == before
    monkeypatch.undo()
    assert deliver(second, ward, tmp_path / "c").state == "merged"
