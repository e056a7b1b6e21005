"""Looking at a stick that carries the files of an enrolment: what is promised is what receiving would do."""

from __future__ import annotations

from pathlib import Path

from hoidesk.book.book import Book
from hoidesk.book.dump import dump_sum
from hoidesk.exchange.looking import preview_all
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four

from .books import take_in


def states(book: Book, stick: Path) -> dict[str, str]:
    """State by name of file, as looking says it; the book must not change by it."""
    with book.read() as connection:
        before = dump_sum(connection)
    found = preview_all(book, [stick]).results
    with book.read() as connection:
        assert dump_sum(connection) == before
    return {received.path.name: received.state for received in found}


def test_a_certificate_is_promised_only_to_the_unit_it_was_made_for(ward: Book, district: Book, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    invitation = invite(district, ward.unit.code, name=ward.unit.name)
    (stick / "invitation-P05-2").write_bytes(invitation)
    assert states(ward, stick) == {"invitation-P05-2": "refused"}, "it has to be answered under another panel"
    asked = enrol(ward, invitation)
    groups = groups_of_four(asked.digits).split()
    certificate = certify(district, asked.request, f"{groups[4]} {groups[1]}").file
    (stick / "certificate-P05-2").write_bytes(certificate)
    assert states(district, stick) == {"certificate-P05-2": "other", "invitation-P05-2": "other"}
    assert states(ward, stick) == {"certificate-P05-2": "certificate", "invitation-P05-2": "duplicate"}
    taken = {received.path.name: received.state for received in take_in(ward, [stick]).results}
    assert taken == {"certificate-P05-2": "certificate", "invitation-P05-2": "duplicate"}


def test_an_older_certificate_is_not_promised(ward: Book, district: Book, tmp_path: Path) -> None:
    def certified() -> bytes:
        asked = enrol(ward, invite(district, ward.unit.code, name=ward.unit.name))
        groups = groups_of_four(asked.digits).split()
        return certify(district, asked.request, f"{groups[0]} {groups[2]}").file

    first, second = certified(), certified()
    accept_certificate(ward, second)
    stick = tmp_path / "usb"
    stick.mkdir()
    (stick / "certificate-P05-2").write_bytes(first)
    assert states(ward, stick) == {"certificate-P05-2": "refused"}
