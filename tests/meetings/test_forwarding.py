"""Forwarding a petition and answering it: these records never change, so they are checked before they are written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoidesk.book.operations import parse_operation
from hoidesk.errors import UserError
from hoidesk.meetings.operations import ForwardPetition, ReplyToPetition, SavePetition
from tests.book.books import dump, register, ward


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "không có"}, "field.choice"),
        ({"number": "Số 12" * 100}, "field.too_long"),
        ({"text": "ố" * 200_000}, "field.too_long"),
        ({"text": " \t"}, "reply.no_text"),
    ],
)
def test_a_reply_with_a_wrong_field_is_refused(tmp_path: Path, fields: dict[str, Any], code: str) -> None:
    with ward(tmp_path) as book:
        branch = register(book)["branch"]
        petition = book.run(SavePetition(branch_id=branch, text="Đèn ngõ 12", raised_on="5/6/2026")).id
        sent = book.run(ForwardPetition(id=petition, forwarded_on=date(2026, 6, 6))).id
        before = dump(book)
        with pytest.raises(UserError) as refused:
            book.run(parse_operation({"op": "petition.reply", "forwarded_id": str(sent), "text": "Đã sửa"} | fields))
        assert refused.value.code == code and refused.value.field in fields
        assert dump(book) == before
        book.run(ReplyToPetition(forwarded_id=sent, text="Đã sửa\nngày 10/6", number="12/CV"))
        assert any("Đã sửa" in line and "12/CV" in line for line in dump(book))


def test_a_petition_is_forwarded_to_a_unit_that_fits_one_line(tmp_path: Path) -> None:
    with ward(tmp_path) as book:
        branch = register(book)["branch"]
        petition = book.run(SavePetition(branch_id=branch, text="Đèn ngõ 12", raised_on="5/6/2026")).id
        before = dump(book)
        with pytest.raises(UserError) as refused:
            book.run(ForwardPetition(id=petition, forwarded_on=date(2026, 6, 6), to_unit="P05" * 300))
        assert refused.value.field == "to_unit" and dump(book) == before
