"""Books filled to the brim with words, numbers and days that occur nowhere else, each known by its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import zstandard
from sqlalchemy import insert, update

from hoidesk.book.book import Book
from hoidesk.book.ids import new_id
from hoidesk.book.registry import StoredColumn, StoredTable, registry
from hoidesk.exchange.packages.stream import Row, Section, Stamp
from hoidesk.exchange.packages.ziplayout import read_layout
from hoidesk.exchange.state import load_keys

from .what_travels import may_see

SPECIAL = ("conflict", "alias", "erasure")
WORD = re.compile(r"Ẩnsố\d{6}ỹ|\b7\d{8}\b|\b2[1-9]\d\d-\d\d-\d\d\b")
IDS = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(frozen=True)
class Place:
    """Where a marker stands: in a column of a record of a unit, as a value that ``lost`` there, or ``hidden`` in the
    history or among what was put aside."""

    table: str
    column: str
    unit: str
    lost: bool = False
    hidden: bool = False

    def allowed(self, sender: str, receiver: str) -> bool:
        """Whether a package may carry it; what is hidden (history, rows put aside) never travels."""
        return not self.hidden and may_see(sender, receiver, self.table, self.column, self.unit)


@dataclass
class Markers:
    """Every marker with its place; ``ids`` are the ids of the records."""

    places: dict[str, Place] = field(default_factory=dict)
    ids: dict[str, Place] = field(default_factory=dict)
    n: int = 0

    def value(self, column: StoredColumn, place: Place) -> Any:
        """A value for a column that occurs nowhere else; None or False where a kind has too few values."""
        self.n += 1
        word = f"Ẩnsố{self.n:06}ỹ"
        match column.info.kind:
            case "flag":
                return False
            case "count" | "money" | "points":
                number = 700_000_000 + self.n
                self.places[str(number)] = place
                return number
            case "day":
                day = date(2100, 1, 1) + timedelta(days=self.n)
                self.places[day.isoformat()] = place
                return day
            case "instant":
                return datetime(2100, 1, 1, tzinfo=UTC) + timedelta(days=self.n)
            case "document":
                self.places[word] = place
                return json.dumps([word], ensure_ascii=False)
        self.places[word] = place
        return word

    # Filling

    def fill(self, book: Book, units: tuple[str, ...]) -> dict[tuple[str, str], UUID]:
        """One record of every table for every unit, with a marker in every column; returns their ids."""
        made = {(t.name, unit): new_id() for t in registry().tables for unit in units}
        with book.transaction("test", "test") as work:
            for table in registry().tables:
                if table.name in SPECIAL:
                    continue
                for unit in units:
                    row = self._row(table, unit, made)
                    work.connection.execute(insert(table.table), row)
            for unit in units:
                self._special(work.connection, unit, made)
        return made

    def _row(self, table: StoredTable, unit: str, made: dict[tuple[str, str], UUID]) -> dict[str, Any]:
        id_ = made[table.name, unit]
        self.ids[id_.hex] = Place(table.name, "id", unit)
        row: dict[str, Any] = {"id": id_, "unit": unit}
        for column in table.columns:
            if column.name == "unit":
                continue
            if column.info.refers is not None:
                row[column.name] = made[column.info.refers, unit]
            else:
                row[column.name] = self.value(column, Place(table.name, column.name, unit))
        return row

    def _special(self, connection: Any, unit: str, made: dict[tuple[str, str], UUID]) -> None:
        """For every column a value that lost, for every table an alias, and an order to erase."""
        stored = registry()
        for table in stored.tables:
            if table.name in SPECIAL:
                continue
            for column in table.columns:
                self.n += 1
                word = f"Ẩnsố{self.n:06}ỹ"
                self.places[word] = Place(table.name, column.name, unit, lost=True)
                values = {
                    "id": new_id(), "unit": unit, "table_number": table.id, "record": made[table.name, unit].hex,
                    "column_number": column.id, "value": json.dumps(word, ensure_ascii=False), "lost_clock": "1",
                    "lost_replica": "0" * 31 + "1", "won_clock": "2", "won_replica": "0" * 31 + "1",
                    "writer": "", "settled_on": None,
                }  # fmt: skip
                connection.execute(insert(stored["conflict"].table), values)
            one, other = new_id(), new_id()
            for id_ in (one, other):
                self.ids[id_.hex] = Place(table.name, "id", unit)
            alias = {"id": new_id(), "unit": unit, "table_number": table.id, "duplicate": one.hex, "kept": other.hex,
                     "different": False}  # fmt: skip
            connection.execute(insert(stored["alias"].table), alias)
        erasure = stored["erasure"]
        fixed = {"table_number": 12, "record": new_id().hex, "columns": "8"}
        connection.execute(insert(erasure.table), self._row(erasure, unit, made) | fixed)
        self.places = {w: p for w, p in self.places.items() if not (p.table == "erasure" and p.column in fixed)}

    def edit(self, book: Book, made: dict[tuple[str, str], UUID]) -> None:
        """A new marker in every field that may change: what stood there lies in the history from now on."""
        before = dict(self.places)
        with book.transaction("test", "test") as work:
            for (name, unit), id_ in made.items():
                table = registry()[name]
                columns = [
                    c for c in table.columns
                    if c.info.refers is None and c.name not in ("unit", "voided") and not table.info.frozen(c.name)
                ]  # fmt: skip
                if name in SPECIAL or not columns:
                    continue
                names = {c.name for c in columns}
                for word, place in before.items():
                    if (place.table, place.unit, place.lost) == (name, unit, False) and place.column in names:
                        self.places[word] = Place(name, place.column, unit, hidden=True)
                values = {c.name: self.value(c, Place(name, c.name, unit)) for c in columns}
                work.connection.execute(update(table.table).where(table.table.c.id == id_).values(values))

    def put_aside(self, book: Book, unit: str) -> None:
        """Suggestions, rows in quarantine, rows that wait, fields of a newer program: none of it is a record."""
        stamp = Stamp(1, "0" * 31 + "1")
        with book.transaction("test", "test") as work:
            for table in registry().tables:
                section = Section(table.id, (4,), "new", (str(table.name), "?"))
                for where in ("suggestion", "quarantine", "parked", "unknown_field"):
                    self.n += 1
                    word = f"Ẩnsố{self.n:06}ỹ"
                    self.places[word] = Place(table.name, where, unit, hidden=True)
                    row = Row(new_id().bytes, stamp, (stamp,), (word,))
                    values = {"tbl": table.id, "id": row.id, "inc": b"\1" * 16}
                    if where in ("suggestion", "unknown_field"):
                        values |= {"col": 4, "value": json.dumps(word, ensure_ascii=False), "hlc": 1}
                        if where == "suggestion":
                            values |= {"unit": unit, "at": "2026-11-12"}
                    else:
                        why = "reason" if where == "quarantine" else "missing"
                        values |= {"section": msgspec.json.encode(section).decode(), why: word, "package": 1,
                                   "row": msgspec.json.encode(row).decode(), "at": "2026-11-12"}  # fmt: skip
                    names = ", ".join(values)
                    work.connection.exec_driver_sql(
                        f"INSERT INTO {where}({names}) VALUES({','.join('?' * len(values))})", tuple(values.values())
                    )


# Looking


def plain(path: Path, reader: Book) -> str:
    """Everything that the receiver of a package can read: label, content, seal; and what a finder of it can."""
    with reader.read() as connection:
        keys = load_keys(connection)
    assert keys is not None
    found = [path.name]
    with path.open("rb") as file:
        layout = read_layout(file)
        for name in ("label.json", "payload.age", "seal.age", "SHA256SUMS"):
            member = layout[name]
            file.seek(member.offset)
            raw = file.read(member.size)
            if name.endswith(".age"):
                opened = keys.open(raw)
                assert opened is not None
                raw = opened if name == "seal.age" else zstandard.ZstdDecompressor().decompressobj().decompress(opened)
            found.append(raw.decode("utf-8"))
    return "\n".join(found)


def leaked(markers: Markers, text: str, sender: str, receiver: str) -> list[Place]:
    """The places whose markers or ids stand in a package although its receiver may not see them."""
    found = [markers.places[w] for w in WORD.findall(text) if w in markers.places]
    found += [markers.ids[i] for i in IDS.findall(text) if i in markers.ids]
    return sorted({p for p in found if not p.allowed(sender, receiver)}, key=repr)


def lacking(markers: Markers, text: str, sender: str, receiver: str) -> list[Place]:
    """The places that the receiver may see and whose markers are not in the package."""
    words = set(WORD.findall(text)) | set(IDS.findall(text))
    everything = [*markers.places.items(), *markers.ids.items()]
    return sorted((p for w, p in everything if p.allowed(sender, receiver) and w not in words), key=repr)
