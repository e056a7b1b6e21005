"""Chains over three tiers with several wards and cells: each forgery is refused with a sentence of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoidesk.errors import EnvError
from hoidesk.exchange.packages.canonical import canonical, signed_text, to_base64
from hoidesk.exchange.packages.container import Reader, verify_package
from hoidesk.exchange.trust.certificates import CERTIFICATE_DOMAIN, Certificate, read_certificate, verify_chain
from hoidesk.exchange.trust.keys import UnitKeys

from .books import DISTRICT, count, deliver, join, meet, new_book, only, register, send, take_in
from .families import Unit, child, pack, root

CODES = {
    "stranger": "package.stranger",
    "old": "package.old_keys",
    "unproven": "package.new_keys",
    "forged": "package.bad_chain",
    "subtree": "package.bad_subtree",
    "order": "package.broken_chain",
}


@pytest.fixture(scope="module")
def tree() -> dict[str, Unit]:
    """A district with two wards, of which each has two cells."""
    units = {"Q5": root()}
    for ward in ("Q5-1", "Q5-2"):
        units[ward] = child(units["Q5"], ward)
        for cell in ("01", "02"):
            units[f"{ward}-{cell}"] = child(units[ward], f"{ward}-{cell}", "Khu phố")
    return units


def signed(certificate: Certificate, signer: UnitKeys, **changes: object) -> Certificate:
    """The certificate with other values, signed by ``signer``."""
    line = canonical(json.loads(certificate.text.splitlines()[0]) | changes)
    return read_certificate(signed_text(line, signer.sign(CERTIFICATE_DOMAIN, line)).decode())


def refused(folder: Path, sender: Unit, reader: Unit, pins: Unit, chain: tuple[Certificate, ...]) -> tuple[str, str]:
    """Code and sentence for a package of ``sender`` under ``chain`` at a reader that knows only ``pins``."""
    path = pack(folder, sender, reader, chain=chain).path
    with pytest.raises(EnvError) as caught:
        verify_package(path, Reader.of(reader.code, [reader.keys], pins.pin))
    return caught.value.code, caught.value.text


def test_every_unit_reads_its_neighbours_by_the_chain(tree: dict[str, Unit], tmp_path: Path) -> None:
    for code, unit in tree.items():
        for above in unit.chain[1:]:
            superior = tree[above.unit]
            up = pack(tmp_path, unit, superior).path
            assert verify_package(up, Reader.of(superior.code, [superior.keys], superior.pin)).signer.unit == code
            down = pack(tmp_path, superior, unit).path
            assert verify_package(down, Reader.of(code, [unit.keys], superior.pin)).anchor == 0
            # Known only through the district above both.
            proven = verify_package(down, Reader.of(code, [unit.keys], tree["Q5"].pin))
            assert proven.anchor == len(superior.chain) - 1


def test_each_fault_of_a_chain_has_its_own_sentence(tree: dict[str, Unit], tmp_path: Path) -> None:
    district, ward, other, cell = tree["Q5"], tree["Q5-2"], tree["Q5-1"], tree["Q5-2-01"]
    own, above, top = cell.chain
    stolen = child(district, "Q5-2", serial=2)
    sentences: dict[str, set[str]] = {}

    def check(what: str, chain: tuple[Certificate, ...], pins: Unit = district) -> None:
        code, sentence = refused(tmp_path, cell, ward, pins, chain)
        assert code == CODES[what], (what, code)
        sentences.setdefault(code, set()).add(sentence)

    # A forged link: another unit's key under the ward's name, and a certificate that nobody signed.
    check("forged", (signed(own, other.keys), above, top))
    check("forged", (own, signed(above, ward.keys), top))
    check("forged", (own, signed(above, ward.keys, serial=9), top))
    # A wrong subtree: the ward certifies its neighbour's cell, or a cell that speaks for the whole ward.
    check("subtree", (signed(own, ward.keys, unit="Q5-2-01", subtree="Q5-1"), above, top))
    check("subtree", (signed(own, ward.keys, subtree="Q5-2-02"), above, top))
    check("subtree", (signed(own, ward.keys, subtree="Q5"), above, top))
    # A wrong order, a missing link, a link twice, a link from the other ward.
    check("order", (own, top, above))
    check("order", (own, top))
    check("order", (own, own, above, top))
    check("order", (own, other.certificate, top))
    # Nobody known in it; an older serial; a root of the same name.
    check("stranger", (own, above))
    check("stranger", cell.chain, root("X9"))
    check("old", cell.chain, stolen)
    check("forged", (own, above, root().certificate))
    check("old", cell.chain, child(district, "Q5-2"))
    check("unproven", (own, above, signed(top, ward.keys, serial=3)), root("Q5-2"))
    assert set(sentences) == set(CODES.values())
    texts = [text for found in sentences.values() for text in found]
    assert len(texts) == len(set(texts)) and all("{" not in text for text in texts)


def test_a_chain_is_at_most_eight_long_and_never_goes_round(tree: dict[str, Unit], tmp_path: Path) -> None:
    ward, cell = tree["Q5-2"], tree["Q5-2-01"]
    code, _sentence = refused(tmp_path, cell, ward, tree["Q5"], cell.chain + (cell.chain[-1],) * 6)
    assert code == "certificate.malformed"
    circle = signed(ward.certificate, cell.keys, issuer=cell.code)
    code, _sentence = refused(tmp_path, cell, ward, tree["Q5"], (cell.certificate, circle, cell.certificate))
    assert code == "package.bad_subtree"


def test_the_unit_that_signs_is_the_one_that_the_chain_names(tree: dict[str, Unit], tmp_path: Path) -> None:
    """A cell that holds a true chain of another cell, and seals with its own key."""
    district, ward, cell, other = tree["Q5"], tree["Q5-2"], tree["Q5-2-01"], tree["Q5-2-02"]
    path = pack(tmp_path, other, ward, signer=cell.keys).path
    with pytest.raises(EnvError) as caught:
        verify_package(path, Reader.of(ward.code, [ward.keys], district.pin))
    assert caught.value.code == "package.bad_signature" and other.code in caught.value.text
    swapped = signed(cell.certificate, cell.keys, sign=to_base64(other.keys.public.sign))
    with pytest.raises(EnvError):
        verify_chain((swapped, *cell.chain[1:]), ward.pin)


def test_real_books_of_two_wards_and_two_cells(tmp_path: Path) -> None:
    """Each ward reads its own cell; the neighbour's cell and ward are strangers, and the district reads both wards."""
    names = {"P05-1": "Phường Văn Miếu", "P05-2": "Phường Ô Chợ Dừa"}
    with new_book(tmp_path, DISTRICT) as district:
        wards = {code: new_book(tmp_path, ("ward", code, name), code) for code, name in names.items()}
        cells = {code: new_book(tmp_path, ("cell", f"{code}-01", "Khu phố 1"), f"{code}-01") for code in names}
        try:
            for code, ward in wards.items():
                join(district, ward)
                join(ward, cells[code])
                branch = register(ward, f"{code}-01")[2]
                deliver(ward, cells[code], tmp_path / f"down {code}")
                meet(cells[code], branch)
                assert deliver(cells[code], ward, tmp_path / f"up {code}").counts.new == 1
                assert deliver(ward, district, tmp_path / f"district {code}").state == "merged"
            assert count(district, "meeting") == 2
            # The neighbour's cell writes to its own ward; carried to the other one it is not read.
            astray = send(cells["P05-1"], tmp_path / "astray")
            received = only(take_in(wards["P05-2"], [astray.path]))
            assert (received.state, received.code) == ("refused", "package.other_recipient")
        finally:
            for book in (*wards.values(), *cells.values()):
                book.close()
