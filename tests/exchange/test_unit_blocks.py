"""What two PCs of a unit tell each other about keys: merged in any order, never back, and never on mere say-so."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoidesk.book.book import Book
from hoidesk.book.work import Work
from hoidesk.errors import EnvError, UserError
from hoidesk.exchange.packages.canonical import to_base64
from hoidesk.exchange.scopes import DOWN, SAME, UP
from hoidesk.exchange.state import (
    add_keys,
    get_fact,
    key_ring,
    load_chain,
    load_pins,
    peers,
    store_peer,
    store_pins,
)
from hoidesk.exchange.trust.certificates import Pin, issue_certificate, issue_root, pins_of
from hoidesk.exchange.trust.keys import UnitKeys
from hoidesk.exchange.trust.siblings import HIGHEST_PC, take_unit_block, unit_block

from .books import new_book
from .families import Unit, root

ABOVE, CODE = "P05-2", "P05-2-3"
CELLS = ("P05-2-3-01", "P05-2-3-02", "P05-2-3-03")
BOOK = ("ward", CODE, "Phường Ô Chợ Dừa")


def issued(superior: Unit, code: str, keys: UnitKeys, serial: int, secret: bytes = b"L" * 32) -> Unit:
    certificate = issue_certificate(
        superior.certificate,
        superior.keys,
        unit=code,
        name=f"Đơn vị {code}",
        keys=keys.public,
        scope=UP,
        serial=serial,
        link_secret=secret,
    )
    return Unit(code, keys, (certificate, *superior.chain))


class Family:
    """A ward through its life: new keys after a theft (2, 4), a certificate by the district's new keys (3)."""

    def __init__(self) -> None:
        province = root("P05", "Tỉnh Hà Bắc")
        keys = [UnitKeys.generate() for _ in range(3)]
        old, new = (issued(province, ABOVE, UnitKeys.generate(), serial) for serial in (1, 2))
        self.districts = {1: old, 2: old, 3: new, 4: new}
        self.keys = {1: keys[:1], 2: keys[:2], 3: keys[:2], 4: keys}
        self.wards = {v: issued(self.districts[v], CODE, self.keys[v][-1], v, bytes([v]) * 32) for v in range(1, 5)}
        own = [UnitKeys.generate() for _ in range(2)]
        # Serials 1 to 3 of each cell: enrolled, certified anew for the same keys, enrolled again with other keys.
        self.cells = {
            (cell, serial): issued(self.wards[serial], cell, own[serial // 3], serial, bytes([9 + serial]) * 32)
            for cell in CELLS
            for serial in (1, 2, 3)
        }

    def block(self, version: int, cells: dict[str, int], shown: dict[str, int], pcs: int) -> dict[str, Any]:
        """What a PC says that holds the ward's version and these serials of cells, pinned as far as they were shown."""
        district, ward = self.districts[version], self.wards[version]
        known = [self.cells[c, min(s, version)] for c, s in cells.items()]
        said = {CODE: Pin(ward.keys.public.sign, CODE, version)}
        for unit in known:
            serial = unit.certificate.serial
            pinned = serial if serial == 3 else min(serial, shown.get(unit.code, 1))
            said[unit.code] = Pin(unit.keys.public.sign, unit.code, pinned)
        return {
            "keys": [{"seed": to_base64(k.seed), "identity": k.identity} for k in self.keys[version]],
            "chain": [c.text for c in ward.chain],
            "peers": [
                {"certificate": district.certificate.text, "relation": "superior", "scope": UP, "link": ""},
                *(
                    {
                        "certificate": unit.certificate.text,
                        "relation": "subordinate",
                        "scope": DOWN,
                        "link": to_base64(bytes([9 + unit.certificate.serial]) * 32),
                    }
                    for unit in known
                ),
            ],
            "pins": [
                {"unit": u, "sign": to_base64(p.sign), "subtree": p.subtree, "serial": p.serial}
                for u, p in said.items()
            ],
            "pcs": pcs,
        }


@pytest.fixture(scope="module")
def family() -> Family:
    return Family()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with new_book(tmp_path_factory.mktemp("second"), BOOK) as made:
        yield made


class _Undo(Exception):
    pass


@contextmanager
def second_pc(book: Book, family: Family) -> Iterator[Work]:
    """A second PC that took its certificate from the first one while the ward had its first keys; nothing stays."""
    try:
        with book.transaction("test", "test") as work:
            ward = family.wards[1]
            add_keys(work, UnitKeys.generate(), passing=True)
            store_pins(work.connection, pins_of(ward.chain))
            store_peer(work, ward.certificate, "sibling", SAME, b"S" * 32)
            yield work
            raise _Undo
    except _Undo:
        pass


def state(work: Work) -> dict[str, Any]:
    connection = work.connection
    return {
        "keys": {k.identity for k in key_ring(connection)[:-1]},
        "chain": [c.text for c in load_chain(connection)],
        "peers": {p.unit: (p.certificate.text, p.relation, p.scope, p.link) for p in peers(connection)},
        "pins": load_pins(connection),
        "pcs": get_fact(connection, HIGHEST_PC),
    }


def serials(work: Work) -> dict[str, int]:
    connection = work.connection
    found = {f"pin {u}": p.serial for u, p in load_pins(connection).items()}
    found |= {f"peer {p.unit}": p.certificate.serial for p in peers(connection)}
    chain = load_chain(connection)
    return found | {f"chain {number}": c.serial for number, c in enumerate(chain[:1])}


some = st.dictionaries(st.sampled_from(CELLS), st.integers(1, 3))
blocks = st.lists(st.tuples(st.integers(1, 4), some, some, st.integers(1, 5)), min_size=1, max_size=3)
settled = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def merged(book: Book, family: Family, said: Sequence[dict[str, Any]]) -> dict[str, Any]:
    with second_pc(book, family) as work:
        before = serials(work)
        for block in said:
            take_unit_block(work, block)
            after = serials(work)
            assert all(after[name] >= serial for name, serial in before.items())
            before = after
        return state(work)
    raise AssertionError


@settled
@given(choices=blocks)
def test_blocks_merge_alike_in_any_order_and_twice_and_never_lower_a_serial(
    book: Book, family: Family, choices: list[tuple[int, dict[str, int], dict[str, int], int]]
) -> None:
    said = [family.block(*choice) for choice in choices]
    orders = list(itertools.permutations(said))
    results = [merged(book, family, order) for order in orders]
    assert all(result == results[0] for result in results)
    assert merged(book, family, [*said, *said]) == results[0]
    newest = max(version for version, *_rest in choices)
    assert results[0]["chain"][0] == family.wards[newest].certificate.text
    assert results[0]["peers"][ABOVE][3] == bytes([newest]) * 32


@settled
@given(choices=blocks)
def test_what_a_pc_merged_it_says_itself(
    book: Book, family: Family, choices: list[tuple[int, dict[str, int], dict[str, int], int]]
) -> None:
    """Both PCs are alike after one block each way: what one learned reaches the other."""
    said = [family.block(*choice) for choice in choices]
    with second_pc(book, family) as work:
        for block in said:
            take_unit_block(work, block)
        told, there = unit_block(work.connection), state(work)
    with second_pc(book, family) as work:
        take_unit_block(work, told)
        assert state(work) == there


def changed(block: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    made: Any = copy.deepcopy(block)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return dict(made)


def refused(book: Book, family: Family, block: dict[str, Any], version: int = 2) -> EnvError:
    """The refusal of a block by a PC that holds the ward's version; nothing may have changed by it."""
    with second_pc(book, family) as work:
        take_unit_block(work, family.block(version, {CELLS[0]: 1}, {}, 2))
        before = state(work)
        with pytest.raises(EnvError) as caught:
            take_unit_block(work, block)
        assert state(work) == before
    assert "{" not in caught.value.text
    return caught.value


def test_a_block_that_breaks_the_shape_is_refused(book: Book, family: Family) -> None:
    good = family.block(3, {CELLS[0]: 2}, {}, 3)
    entry = good["peers"][1]
    shapes: list[dict[str, Any]] = [
        {},
        {"keys": 7},
        good | {"keys": []},
        good | {"keys": good["keys"] * 40},
        good | {"chain": []},
        good | {"chain": good["chain"] * 4},
        good | {"chain": ["xin chào"]},
        good | {"pcs": 0},
        good | {"pcs": "3"},
        good | {"pcs": 10**9},
        good | {"peers": [entry] * 501},
        good | {"peers": [entry | {"relation": "sibling"}]},
        good | {"peers": [entry | {"link": "AAAA"}]},
        good | {"peers": [entry | {"link": "không phải base64"}]},
        good | {"peers": [entry | {"certificate": "x" * 5000}]},
        good | {"pins": [{"unit": CODE, "sign": "AAAA", "subtree": CODE, "serial": 1}]},
        changed(good, ("pins", 0, "serial"), -1),
        changed(good, ("pins", 0, "serial"), 2**70),
        changed(good, ("keys", 0, "seed"), "AAAA"),
        changed(good, ("keys", 0, "identity"), "AGE-SECRET-KEY-1QQQ"),
        changed(good, ("keys", 0, "identity"), None),
    ]
    for shape in shapes:
        assert refused(book, family, shape).code == "siblings.malformed", shape


def test_a_block_that_brings_foreign_keys_is_refused(book: Book, family: Family) -> None:
    good = family.block(3, {CELLS[0]: 2}, {}, 3)
    thief = UnitKeys.generate()
    impostor = issued(root(ABOVE, "Quận giả"), CODE, thief, 9)
    false = issue_root(thief, unit=ABOVE, name="Quận giả", serial=9)
    theirs = [{"seed": to_base64(thief.seed), "identity": thief.identity}]
    other = issued(family.districts[3], "P05-2-9", UnitKeys.generate(), 1)
    cell = issued(impostor, CELLS[1], UnitKeys.generate(), 5)
    below = {"relation": "subordinate", "scope": DOWN, "link": ""}
    above = {"relation": "superior", "scope": UP, "link": ""}
    stolen_pin = {"unit": ABOVE, "sign": to_base64(thief.public.sign), "subtree": "P05", "serial": 9}
    hostile: dict[str, dict[str, Any]] = {
        "chain of a false superior": good | {"keys": theirs, "chain": [c.text for c in impostor.chain]},
        "chain of another unit": good | {"chain": [c.text for c in other.chain]},
        "chain for keys that are not in it": good | {"keys": theirs},
        "chain whose links do not hold": good | {"chain": [good["chain"][0], good["chain"][2]]},
        "subordinate certified by somebody": good | {"peers": [below | {"certificate": cell.certificate.text}]},
        "neighbour as subordinate": good | {"peers": [below | {"certificate": other.certificate.text}]},
        "ourselves as subordinate": good | {"peers": [below | {"certificate": good["chain"][0]}]},
        "false superior": good | {"peers": [above | {"certificate": false.text}]},
        "neighbour as superior": good | {"peers": [above | {"certificate": other.certificate.text}]},
        "pin of the superior": good | {"pins": [stolen_pin]},
        "pin of a cell alone": good | {"pins": [stolen_pin | {"unit": CELLS[2], "subtree": CELLS[2]}]},
        "pin of ourselves with a foreign key": good | {"pins": [stolen_pin | {"unit": CODE, "subtree": CODE}]},
        "pin of a wide subtree": good | {"pins": [good["pins"][1] | {"subtree": CODE}]},
        "pin above the certificate": good | {"pins": [good["pins"][1] | {"serial": 9}]},
    }
    for what, block in hostile.items():
        assert refused(book, family, block).code == "siblings.foreign", what


def test_an_older_block_changes_nothing_above(book: Book, family: Family) -> None:
    with second_pc(book, family) as work:
        take_unit_block(work, family.block(4, {CELLS[0]: 3}, {}, 4))
        before = state(work)
        take_unit_block(work, family.block(1, {CELLS[0]: 1}, {}, 2))
        assert state(work) == before


def test_a_book_without_keys_has_no_block_to_give(tmp_path: Path) -> None:
    with new_book(tmp_path, BOOK) as made, made.read() as connection:
        with pytest.raises(UserError) as caught:
            unit_block(connection)
    assert caught.value.code == "siblings.no_keys"
