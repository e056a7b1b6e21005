"""New keys after a theft, over three tiers with real books: what the thief can still do, and what breaks for nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveBranch
from hoidesk.book.backup import backup_to, restore_backup
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.paper_receipt import acknowledge, paper_receipt
from hoidesk.exchange.state import find_peer, key_ring, load_chain, load_keys
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.enrolment import read_invitation
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.exchange.trust.rekey import Rekeyed, rekey, rekey_request
from hoidesk.units.operations import SaveArea

from .books import (
    DAY,
    DISTRICT,
    PASSWORD,
    WARD,
    count,
    decrypted,
    deliver,
    dump,
    field,
    join,
    meet,
    new_book,
    only,
    register,
    send,
    take_in,
)
from .test_siblings import pair


@contextmanager
def thief_of(book: Book, folder: Path) -> Iterator[Book]:
    """The stolen PC: a copy of the book as it is now."""
    with book.read():
        shutil.copytree(book.folder, folder, ignore=shutil.ignore_patterns("book.lock"))
    with open_book(folder, password=PASSWORD) as stolen:
        yield stolen


def two_groups(digits: str) -> str:
    groups = groups_of_four(digits).split()
    return f"{groups[2]} {groups[5]}"


def certified_again(unit: Book, superior: Book) -> Rekeyed:
    made = rekey(unit)
    assert made.request is not None
    with pytest.raises(UserError) as caught:
        certify(superior, made.request, two_groups("0" * 24))
    assert caught.value.code == "certify.digits_wrong"
    accept_certificate(unit, certify(superior, made.request, two_groups(made.digits)).file)
    return made


@pytest.fixture
def family(cell: Book, ward: Book, district: Book, tmp_path: Path) -> tuple[Book, Book, Book]:
    join(district, ward)
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "0")
    meet(cell, branch)
    deliver(cell, ward, tmp_path / "1", receipts_to=tmp_path / "1")
    take_in(cell, [tmp_path / "1"])
    deliver(ward, district, tmp_path / "2", receipts_to=tmp_path / "2")
    take_in(ward, [tmp_path / "2"])
    return cell, ward, district


Family = tuple[Book, Book, Book]


def serial_of(book: Book) -> int:
    with book.read() as connection:
        return load_chain(connection)[0].serial


def test_what_a_thief_writes_with_the_old_keys_is_refused(family: Family, tmp_path: Path) -> None:
    cell, ward, district = family
    with thief_of(ward, tmp_path / "thief.hoibook") as thief:
        made = rekey(ward)
        assert made.request is not None and made.superior == "P05" and not made.again
        file = certify(district, made.request, two_groups(made.digits)).file
        lie = thief.run(SaveBranch(id=branch_of(thief), name="Kẻ gian sửa")).changes
        assert lie
        before = dump(district)
        up = send(thief, tmp_path / "up")
        # Refused above from the moment of certifying, before the ward even has its certificate.
        assert only(take_in(district, [up.path])).code == "package.old_keys" and dump(district) == before
        accept_certificate(ward, file)
        assert only(take_in(district, [up.path])).code == "package.old_keys" and dump(district) == before
        assert deliver(ward, cell, tmp_path / "down").state == "merged"
        before = dump(cell)
        down = send(thief, tmp_path / "lie", cell.unit.code)
        assert only(take_in(cell, [down.path])).code == "package.old_keys" and dump(cell) == before
        # What cell and district write from now on, he cannot open; the ward can.
        for book in (cell, district):
            sealed = send(book, tmp_path / f"to {book.unit.tier}", WARD[1])
            assert only(take_in(thief, [sealed.path])).code == "package.not_sealed_for_us"
            assert only(take_in(ward, [sealed.path])).state == "merged"
        # Nor can he invite the cell.
        with pytest.raises(UserError) as caught:
            enrol(cell, invite(thief, cell.unit.code))
        assert caught.value.code == "enrol.digits_missing"
    assert [serial_of(b) for b in (district, ward, cell)] == [0, 2, 2]


def branch_of(book: Book) -> UUID:
    with book.read() as connection:
        return UUID(bytes=connection.exec_driver_sql("SELECT id FROM branch").scalar_one())


def test_packages_that_were_under_way_are_still_opened(family: Family, tmp_path: Path) -> None:
    cell, ward, district = family
    down = send(district, tmp_path / "down", WARD[1])
    up = send(cell, tmp_path / "up")
    crossing = send(ward, tmp_path / "crossing", "P05")
    certified_again(ward, district)
    assert only(take_in(ward, [down.path])).state == "merged"
    assert only(take_in(ward, [up.path])).state == "merged"
    # Signed by the old keys, it may as well be the thief's: the next package contains the same.
    assert only(take_in(district, [crossing.path])).code == "package.old_keys"
    assert deliver(ward, district, tmp_path / "again").state == "merged"


def test_a_ward_goes_on_while_its_new_keys_are_not_certified(family: Family, tmp_path: Path) -> None:
    cell, ward, district = family
    made = rekey(ward)
    waiting = rekey_request(ward)
    assert waiting is not None and waiting.digits == made.digits
    assert deliver(ward, cell, tmp_path / "a").state == "merged"
    assert deliver(ward, district, tmp_path / "b").state == "merged"
    assert made.request is not None
    file = certify(district, made.request, made.digits).file
    sealed = send(district, tmp_path / "c", WARD[1])  # to keys that the ward has, but does not sign with yet
    assert only(take_in(ward, [sealed.path])).state == "merged"
    accept_certificate(ward, file)
    assert rekey_request(ward) is None
    assert deliver(ward, district, tmp_path / "d").state == "merged"
    # The certificate twice, and the one of the first enrolment, change nothing.
    chain = chain_of(ward)
    accept_certificate(ward, file)
    assert chain_of(ward) == chain


def chain_of(book: Book) -> list[str]:
    with book.read() as connection:
        return [c.text for c in load_chain(connection)]


def test_the_cells_need_nobody_to_come(family: Family, tmp_path: Path) -> None:
    """Their certificates were signed by the old keys: their packages are believed, and new certificates come along."""
    cell, ward, district = family
    before = chain_of(cell)
    certified_again(ward, district)
    first = meet(cell, branch_of(cell), "2026-11-08")
    assert deliver(cell, ward, tmp_path / "a").state == "merged"
    assert field(ward, "meeting", first, "present") == 24
    assert chain_of(cell) == before
    assert deliver(ward, cell, tmp_path / "b").state == "merged"
    after = chain_of(cell)
    assert after[1:] == chain_of(ward) and serial_of(cell) == 2
    with cell.read() as connection, ward.read() as above:
        assert find_peer(connection, WARD[1], cell.unit).certificate.text == chain_of(ward)[0]
        assert find_peer(connection, WARD[1], cell.unit).link == find_peer(above, cell.unit.code, ward.unit).link
    # Once more before the ward saw it, and the older package of the cell that comes late.
    late = send(cell, tmp_path / "late")
    assert deliver(ward, cell, tmp_path / "c").state == "merged" and chain_of(cell) == after
    assert only(take_in(ward, [late.path])).state == "merged"
    with ward.read() as connection:
        assert connection.exec_driver_sql("SELECT serial FROM pin WHERE unit = ?", (cell.unit.code,)).scalar() == 2


def test_a_cell_enrolled_after_the_theft_gets_a_certificate_by_the_new_keys(family: Family, tmp_path: Path) -> None:
    _cell, ward, district = family
    certified_again(ward, district)
    ward.run(SaveArea(kind="quarter", code="P05-2-04", name="Khu phố 4", effective_from=DAY))
    with new_book(tmp_path, ("cell", "P05-2-04", "Khu phố 4"), "khu phố 4") as other:
        join(ward, other)
        assert chain_of(other)[1:] == chain_of(ward)
        assert deliver(ward, other, tmp_path / "a").state == "merged"
        assert deliver(other, ward, tmp_path / "b").state == "merged"


def test_the_stolen_secret_of_the_paper_receipt_ends(family: Family, tmp_path: Path) -> None:
    cell, ward, district = family
    with thief_of(ward, tmp_path / "thief.hoibook") as thief:
        certified_again(ward, district)
        meet(cell, branch_of(cell), "2026-11-08")
        up = send(cell, tmp_path / "a")
        take_in(ward, [up.path])
        with pytest.raises(UserError) as caught:
            paper_receipt(ward, cell.unit.code)
        assert caught.value.code == "ack.renewal"
        with pytest.raises(UserError) as caught:
            acknowledge(ward, "1234567890", cell.unit.code)
        assert caught.value.code == "ack.renewal"
        deliver(ward, cell, tmp_path / "b")
        deliver(cell, ward, tmp_path / "c")
        meet(cell, branch_of(cell), "2026-11-09")
        last = send(cell, tmp_path / "d")
        take_in(ward, [last.path])
        with thief.read() as connection:
            stolen = find_peer(connection, cell.unit.code, thief.unit).link
        with ward.read() as connection:
            assert find_peer(connection, cell.unit.code, ward.unit).link != stolen
        assert acknowledge(cell, paper_receipt(ward, cell.unit.code)) == last.number
        # And between ward and district: the certificate brought a new one.
        sent = send(ward, tmp_path / "e")
        take_in(district, [sent.path])
        assert acknowledge(ward, paper_receipt(district, WARD[1]), "P05") == sent.number


def test_a_cell_makes_new_keys_while_its_ward_did_as_well(family: Family, tmp_path: Path) -> None:
    cell, ward, district = family
    certified_again(ward, district)
    made = rekey(cell)
    assert made.request is not None
    # Sealed to the ward's old keys, as the cell knows it: nothing is lost, it only has to hear of the new ones first.
    with pytest.raises(EnvError) as caught:
        certify(ward, made.request, made.digits)
    assert caught.value.code == "request.not_for_us"
    deliver(ward, cell, tmp_path / "a")
    again = rekey_request(cell)
    assert again is not None and again.request is not None and again.digits == made.digits
    accept_certificate(cell, certify(ward, again.request, two_groups(again.digits)).file)
    assert serial_of(cell) == 3
    assert deliver(cell, ward, tmp_path / "b").state == "merged"
    assert deliver(ward, cell, tmp_path / "c").state == "merged"


def test_a_unit_with_nobody_above_it_invites_again_and_its_digits_are_typed(family: Family, tmp_path: Path) -> None:
    cell, ward, district = family
    with thief_of(district, tmp_path / "thief.hoibook") as thief:
        made = rekey(district)
        assert made.request is None and made.again == ("Phường Ô Chợ Dừa",) and serial_of(district) == 1
        unknown = only(take_in(ward, [send(district, tmp_path / "a", WARD[1]).path]))
        assert unknown.code == "package.new_keys"
        invitation = invite(district, WARD[1])
        for typed, code in (("", "enrol.digits_missing"), (two_groups("1" * 24), "enrol.digits_wrong")):
            with pytest.raises(UserError) as caught:
                enrol(ward, invitation, typed)
            assert (caught.value.code, caught.value.field) == (code, "digits")
        asked = enrol(ward, invitation, two_groups(made.digits))
        accept_certificate(ward, certify(district, asked.request, two_groups(asked.digits)).file)
        assert deliver(district, ward, tmp_path / "b").state == "merged"
        assert deliver(ward, district, tmp_path / "c").state == "merged"
        # The ward kept its own keys: its cells notice nothing.
        assert deliver(ward, cell, tmp_path / "d").state == "merged"
        assert deliver(cell, ward, tmp_path / "e").state == "merged"
        assert only(take_in(ward, [send(thief, tmp_path / "f", WARD[1]).path])).code == "package.old_keys"


def test_a_ward_that_had_new_keys_before_it_joined_a_district_goes_on(
    cell: Book, ward: Book, district: Book, tmp_path: Path
) -> None:
    """Its serial as its own root was higher than the first that the district would give."""
    join(ward, cell)
    register(ward)
    for _theft in range(2):
        made = rekey(ward)
    assert serial_of(ward) == 2
    asked = enrol(cell, invite(ward, cell.unit.code), two_groups(made.digits))
    accept_certificate(cell, certify(ward, asked.request, asked.digits).file)
    join(district, ward)
    assert serial_of(ward) == 3
    assert deliver(ward, cell, tmp_path / "a").state == deliver(cell, ward, tmp_path / "b").state == "merged"
    assert deliver(ward, district, tmp_path / "c").state == "merged"


def test_the_second_pc_is_invited_again_before_it_gets_the_new_keys(family: Family, tmp_path: Path) -> None:
    """Its old keys were stolen too: new ones sealed to them would be the thief's."""
    cell, ward, district = family
    with new_book(tmp_path, WARD, "máy hai") as second:
        pair(ward, second)
        deliver(ward, second, tmp_path / "a")
        deliver(second, ward, tmp_path / "b")
        with thief_of(ward, tmp_path / "thief.hoibook") as thief:
            made = rekey(ward)
            assert made.sibling and made.request is not None
            between = send(ward, tmp_path / "between", WARD[1])
            # Sealed to the old keys, so the thief can read it; the new ones are not in it.
            manifest = decrypted(between.path, thief)[0]
            with ward.read() as connection:
                newest, old = key_ring(connection)
            assert [k["identity"] for k in manifest["unit_block"]["keys"]] == [old.identity] != [newest.identity]
            accept_certificate(ward, certify(district, made.request, made.digits).file)
            with pytest.raises(UserError) as caught:
                send(ward, tmp_path / "c", WARD[1])
            assert caught.value.code == "siblings.old_keys"
            pair(ward, second)
            sealed = send(ward, tmp_path / "d", WARD[1])
            assert only(take_in(thief, [sealed.path])).code == "package.not_sealed_for_us"
            assert only(take_in(second, [sealed.path])).state == "merged"
        with ward.read() as one, second.read() as two:
            assert load_keys(one) == load_keys(two) and load_chain(one) == load_chain(two)
        assert deliver(second, district, tmp_path / "e").state == "merged"
        assert deliver(second, cell, tmp_path / "f").state == "merged"
        assert chain_of(cell)[1:] == chain_of(second)


def test_a_backup_from_before_the_theft_makes_keys_once_more(family: Family, tmp_path: Path) -> None:
    """It lacks the new keys and its own are refused; the way out is the same act again."""
    _cell, ward, district = family
    saved = backup_to(ward, tmp_path).path
    certified_again(ward, district)
    folder = restore_backup(saved, tmp_path / "lại", user=None, password=PASSWORD)
    with open_book(folder, password=PASSWORD) as back:
        sealed = send(district, tmp_path / "a", WARD[1])
        assert only(take_in(back, [sealed.path])).code == "package.not_sealed_for_us"
        assert only(take_in(district, [send(back, tmp_path / "b").path])).code == "package.old_keys"
        certified_again(back, district)
        assert serial_of(back) == 3
        assert deliver(back, district, tmp_path / "c").state == "merged"
        assert deliver(district, back, tmp_path / "d").state == "merged"


def test_only_units_with_keys_and_officers_make_new_ones(ward: Book) -> None:
    with pytest.raises(UserError) as caught:
        rekey(ward)
    assert caught.value.code == "rekey.none"
    assert rekey_request(ward) is None


def test_an_invitation_of_a_unit_that_is_known_otherwise_is_not_answered(family: Family, tmp_path: Path) -> None:
    """Somebody makes a book of the same name; nobody above certified it."""
    cell, ward, _district = family
    with new_book(tmp_path, WARD, "kẻ gian") as impostor:
        forged = invite(impostor, cell.unit.code)
        with pytest.raises(UserError) as caught:
            enrol(cell, forged, two_groups(read_invitation(invite(ward, cell.unit.code)).superior.fingerprint))
        assert caught.value.code == "enrol.digits_wrong"
    with new_book(tmp_path, DISTRICT, "quận giả") as impostor, new_book(tmp_path, WARD, "phường giả") as below:
        join(impostor, below)
        with pytest.raises(UserError) as caught:
            enrol(cell, invite(below, cell.unit.code))
        assert caught.value.code == "enrol.digits_missing"
    assert count(cell, "branch") == 1
