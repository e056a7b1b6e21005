"""The A5 sheet of a package that this book wrote: filled from what the book remembers of it, now or later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from hoidesk.book.registry import registry
from hoidesk.errors import UserError
from hoidesk.exchange.outgoing import replaced_by
from hoidesk.exchange.state import get_fact
from hoidesk.language import _, in_vietnamese
from hoidesk.text.dates import VIETNAM

if TYPE_CHECKING:
    from hoidesk.book.book import Book
    from hoidesk.paper.handover import Handover

__all__ = ["handover_of", "handover_sheet", "sheet_offered"]


def sheet_offered(office: Mapping[str, Any], tier: str) -> bool:
    """Whether the window offers the sheet after writing: as the office says, and if it says nothing, not at a cell."""
    said = office.get("paper.handover")
    return said == "yes" or (said != "no" and tier != "cell")


def handover_of(book: Book, connection: Connection, number: int) -> Handover:
    """What stands on the sheet of a package; UserError when this book did not write it to a stick."""
    from hoidesk.paper.handover import Handover

    row = connection.execute(
        text(
            "SELECT o.inc, o.id, o.unit, o.number, o.at, o.size, o.digits, o.counts, o.delivered_at, p.name "
            "FROM package_out o LEFT JOIN peer p ON p.unit = o.unit WHERE o.number = :n ORDER BY o.at DESC LIMIT 1"
        ),
        {"n": number},
    ).first()
    if row is None or row.delivered_at is None:
        raise UserError(
            "handover.none", _("There is no package {number} that was written to a stick.").format(number=number)
        )
    pc = get_fact(connection, "pc") or "1"
    code = book.unit.code
    counts = {int(table): int(rows) for table, rows in json.loads(row.counts).items()}
    known = [(registry().find(table), rows) for table, rows in sorted(counts.items())]
    return Handover(
        from_name=book.unit.name,
        to_name=str(row.name or row.unit),
        number=int(row.number),
        file_name=f"{code}-{pc}-{row.number}.hdk",
        size=int(row.size),
        made_on=datetime.fromisoformat(row.at).astimezone(VIETNAM).date(),
        replaces=replaced_by(connection, str(row.unit), int(row.number)),
        counts=tuple((in_vietnamese(table.info.label), rows) for table, rows in known if table is not None),
        digits=str(row.digits),
        qr=f"hoidesk {code} {row.unit} {row.number} {bytes(row.id).hex()} {row.digits}",
    )


def handover_sheet(book: Book, number: int) -> bytes:
    """The sheet of a package as PDF."""
    from hoidesk.paper.handover import handover_pdf

    with book.read() as connection:
        sheet = handover_of(book, connection, number)
    return handover_pdf(sheet)
