"""The receipt by phone: ten digits for one package, five tries, and never a try lost on true digits."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoidesk.book.book import Book
from hoidesk.errors import UserError
from hoidesk.exchange.paper_receipt import acknowledge, paper_receipt

from .books import deliver, join, meet, register, send, take_in


def refused(book: Book, digits: str) -> str:
    with pytest.raises(UserError) as caught:
        acknowledge(book, digits)
    return caught.value.code


def test_digits_acknowledge_one_package_and_are_known_afterwards(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meet(cell, branch)
    sent = send(cell, tmp_path / "b")
    take_in(ward, [sent.path])
    digits = paper_receipt(ward, cell.unit.code)
    spoken = f"{digits[:4]} {digits[4:8]}-{digits[8:]}"
    assert acknowledge(cell, spoken) == sent.number
    # What was acknowledged is not sent again.
    assert send(cell, tmp_path / "c").rows == 0
    for _time in range(7):
        assert refused(cell, digits) == "ack.known"
    meet(cell, branch, "2026-11-06")
    second = send(cell, tmp_path / "d")
    take_in(ward, [second.path])
    assert acknowledge(cell, paper_receipt(ward, cell.unit.code)) == second.number


def test_five_wrong_tries_end_it_until_a_stick_comes(cell: Book, ward: Book, tmp_path: Path) -> None:
    join(ward, cell)
    branch = register(ward)[2]
    deliver(ward, cell, tmp_path / "a")
    meet(cell, branch)
    deliver(cell, ward, tmp_path / "b", receipts_to=tmp_path / "b")
    digits = paper_receipt(ward, cell.unit.code)
    wrong = f"{(int(digits) + 1) % 10**10:010d}"
    assert refused(cell, "12345") == refused(cell, "không phải số") == "ack.shape"
    assert [refused(cell, wrong) for _time in range(6)] == ["ack.wrong"] * 5 + ["ack.tries"]
    assert refused(cell, digits) == "ack.tries"
    (received, *_more) = take_in(cell, [tmp_path / "b"]).results
    assert received.acknowledged == (1,)
