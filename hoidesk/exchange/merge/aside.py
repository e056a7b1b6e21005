"""Rows and values of a package that are not merged now: parked, in quarantine or suggested."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sqlalchemy import Connection, text

from hoidesk.exchange.merge.frame import Counts, Frame
from hoidesk.exchange.packages.stream import Row, Section

__all__ = ["Aside"]

MAX_REASONS: Final = 20


def _encoded(part: Section | Row) -> str:
    return msgspec.json.encode(part).decode()


@dataclass(slots=True)
class Aside:
    """Keeps what is put aside, with the reason, in the transaction of a merge; ``at`` is its instant, ``parkings`` how
    often a row was parked in it."""

    connection: Connection
    at: str
    counts: Counts
    reasons: list[str] = field(default_factory=list)
    parkings: int = 0

    def reason(self, sentence: str) -> None:
        """Note why something was refused; the receipt names the first twenty different reasons."""
        if sentence not in self.reasons and len(self.reasons) < MAX_REASONS:
            self.reasons.append(sentence)

    def quarantine(self, frame: Frame, section: Section, row: Row, reason: str) -> None:
        """Keep a record that breaks a rule of its table, so that nothing is lost while the rest goes on.

        A full package repeats it; the same row is kept once, so that what a person decided about it stands.
        """
        self.counts.refused += 1
        self.reason(reason)
        same = text("SELECT 1 FROM quarantine WHERE tbl = :t AND id = :id AND row = :r")
        kept = {"t": section.table, "id": row.id, "r": _encoded(row)}
        if self.connection.execute(same, kept).first() is None:
            self._store("quarantine", "reason", frame, section, row, reason)

    def park(self, frame: Frame, section: Section, row: Row, missing: str) -> None:
        """Keep a row until the record of table ``missing`` that it refers to is there."""
        self.parkings += 1
        self._store("parked", "missing", frame, section, row, missing)

    def _store(self, table: str, column: str, frame: Frame, section: Section, row: Row, why: str) -> None:
        self.connection.execute(
            text(
                f"INSERT INTO {table}(tbl, id, {column}, section, row, inc, package, at) "
                "VALUES(:t, :id, :why, :s, :r, :inc, :n, :at)"
            ),
            {
                "t": section.table,
                "id": row.id,
                "why": why,
                "s": _encoded(section),
                "r": _encoded(row),
                "inc": bytes.fromhex(frame.inc),
                "n": frame.number,
                "at": self.at,
            },
        )

    def suggest(self, frame: Frame, section: Section, row: Row, positions: Iterable[int]) -> None:
        """Keep what a unit wrote into fields that it does not own."""
        self.counts.suggestions += 1
        self.connection.execute(
            text(
                "INSERT OR IGNORE INTO suggestion(tbl, id, col, value, hlc, inc, unit, at) "
                "VALUES(:t, :id, :c, :v, :h, :i, :u, :at)"
            ),
            [
                {
                    "t": section.table,
                    "id": row.id,
                    "c": section.columns[i],
                    "v": json.dumps(row.values[i], ensure_ascii=False),
                    "h": row.stamps[i].hlc,
                    "i": bytes.fromhex(row.stamps[i].inc),
                    "u": frame.unit,
                    "at": self.at,
                }
                for i in positions
            ],
        )

    # Parked rows

    def parked_of(self, frame: Frame) -> int:
        """How many rows of a package are parked."""
        return int(
            self.connection.execute(
                text("SELECT count(*) FROM parked WHERE inc = :i AND package = :n"),
                {"i": bytes.fromhex(frame.inc), "n": frame.number},
            ).scalar_one()
        )

    def parked(self) -> list[tuple[int, Frame, Section, Row]]:
        """What is parked, in the order in which it came, each with the frame of its package."""
        rows = self.connection.execute(
            text(
                "SELECT p.number, p.section, p.row, i.frame FROM parked p "
                "JOIN package_in i ON i.inc = p.inc AND i.number = p.package ORDER BY p.number"
            )
        ).all()
        return [
            (
                int(r.number),
                Frame.parse(r.frame),
                msgspec.json.decode(r.section, type=Section),
                msgspec.json.decode(r.row, type=Row),
            )
            for r in rows
        ]

    def unpark(self, number: int) -> None:
        """Take a row out; merging it again may park it again."""
        self.connection.execute(text("DELETE FROM parked WHERE number = :n"), {"n": number})
