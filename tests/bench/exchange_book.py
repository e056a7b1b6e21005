"""The book that packages are measured with: five years of a large ward, 141,000 records, enrolled with its superior.

A second PC of the ward is its peer too: what goes there is everything, so that a package can be held against a copy of
the database.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.exchange.scopes import SAME
from hoidesk.exchange.state import load_chain
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.language import N_
from tests.bench.big_book import PASSWORD, USER, _branches, meeting_rows

__all__ = ["PASSWORD", "RECORDS", "make_books", "pair"]

RECORDS: Final = 141_000
# Of ten records: four agenda items, two and a half meetings, two petitions, one and a half membership figures.
_MEETINGS, _ITEMS, _PETITIONS = 0.25, 0.40, 0.20
_TEXTS: Final = (
    "Thống nhất tổng vệ sinh ngõ 12 phố Đặng Văn Ngữ vào sáng thứ Bảy",
    "Đề nghị sửa đèn đường, nạo vét cống thoát nước trước mùa mưa",
    "Vận động Quỹ Vì người nghèo; rà soát hộ khó khăn trước Tết",
    "Góp ý dự thảo quy ước khu dân cư, bổ sung nội dung phòng cháy",
    "Phân công tổ liên gia theo dõi, báo lại trong kỳ họp tới",
)


def make_books(folder: Path, records: int = RECORDS) -> tuple[Path, Path]:
    """Make ``ward.hoibook`` with so many records and an empty ``district.hoibook``; gives their folders, closed."""
    with (
        create_book(folder / "district", tier="district", code="P05", name="Quận 5", user=USER, password=PASSWORD) as d,
        create_book(
            folder / "ward", tier="ward", code="P05-2", name="Phường An Phú", user=USER, password=PASSWORD
        ) as w,
    ):
        asked = enrol(w, invite(d, "P05-2", name="Phường An Phú"))
        groups = groups_of_four(asked.digits).split()
        accept_certificate(w, certify(d, asked.request, f"{groups[0]} {groups[3]}").file)
        _fill(w, records)
        return w.folder, d.folder


def _fill(ward: Book, records: int) -> None:
    branches = _branches(ward)
    with ward.read() as connection:
        units = {UUID(bytes=row.id): row.unit for row in connection.execute(text("SELECT id, unit FROM branch")).all()}
    chance = random.Random(records)
    with ward.transaction(N_("Record a meeting"), "import") as work:

        def write(table: str, rows: list[dict[str, Any]], owners: list[str]) -> list[UUID]:
            """Rows with their units, in parts that share one: what insert_many asks one by one takes too long here."""
            found: list[UUID] = []
            for start in range(0, len(rows), 1000):
                part = rows[start : start + 1000]
                for row, unit in zip(part, owners[start : start + 1000], strict=True):
                    row["unit"] = unit
                found += work.insert_many(table, part, unit=part[0]["unit"])
            return found

        meetings = list(meeting_rows(branches, int(records * _MEETINGS)))
        owners = [units[m["branch_id"]] for m in meetings]
        ids = write("meeting", meetings, owners)
        held = list(zip(ids, owners, strict=True))
        items = [chance.choice(held) for _n in range(int(records * _ITEMS))]
        write(
            "agenda_item",
            [{"meeting_id": m, "outcome": "note", "text": chance.choice(_TEXTS)} for m, _unit in items],
            [unit for _m, unit in items],
        )
        asked = [chance.choice(held) for _n in range(int(records * _PETITIONS))]
        write(
            "petition",
            [
                {"meeting_id": m, "raised_on": _day(chance), "theme": "urban_order", "text": chance.choice(_TEXTS)}
                for m, _unit in asked
            ],
            [unit for _m, unit in asked],
        )
        counted = [chance.choice(branches) for _n in range(records - len(meetings) - len(items) - len(asked))]
        write(
            "membership",
            [{"branch_id": b, "as_of": _day(chance), "members": chance.randrange(20, 200)} for b in counted],
            [units[b] for b in counted],
        )


def _day(chance: random.Random) -> date:
    return date(2026, 11, 20) - timedelta(days=chance.randrange(5 * 365))


def pair(book: Book) -> None:
    """Make another PC of the unit a peer, as its enrolment does."""
    with book.transaction("bench", "bench") as work:
        own = load_chain(work.connection)[0]
        work.connection.execute(
            text(
                "INSERT OR REPLACE INTO peer(unit, name, relation, certificate, scope, enrolled_at) "
                "VALUES(:u, :n, 'sibling', :c, :s, '2026-11-12T00:00:00Z')"
            ),
            {"u": own.unit, "n": own.name, "c": own.text, "s": SAME},
        )
