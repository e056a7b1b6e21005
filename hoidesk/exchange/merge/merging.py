"""Merging rows into the book, field by field, with the sender's stamps (package format, section 10).

The larger stamp wins, and a value that loses without its writer having seen the winner becomes a conflict record. A row
whose parent is missing is parked, a row that breaks a rule goes to quarantine, a write by somebody who does not own the
field is kept as a suggestion; the rest of the package goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from hoidesk.book.records import UNIT_ID
from hoidesk.book.registry import StoredTable
from hoidesk.book.work import Work
from hoidesk.exchange.merge.aside import Aside
from hoidesk.exchange.merge.conflicts import conflict_id, conflict_values
from hoidesk.exchange.merge.frame import Counts, Frame
from hoidesk.exchange.merge.loading import Batch, batches, load_batch
from hoidesk.exchange.merge.pending import Pending
from hoidesk.exchange.merge.replica import next_clock
from hoidesk.exchange.merge.resend import send_whole
from hoidesk.exchange.merge.skew import keep, keep_rows
from hoidesk.exchange.merge.values import BadValue, KnownSection, known_section, required_columns, spelled, stored_value
from hoidesk.exchange.packages.stream import NOBODY, Row, Section, Stamp
from hoidesk.exchange.scopes import CONFLICT, travels
from hoidesk.exchange.state import stamp_text
from hoidesk.exchange.trust.keys import contains
from hoidesk.exchange.trust.proofs import check_row
from hoidesk.language import _

__all__ = ["Merge"]


@dataclass(slots=True)
class Merge:
    """One merging transaction. ``units``: whose replica an incarnation is, as far as known."""

    work: Work
    units: dict[str, str]
    counts: Counts = field(default_factory=Counts)
    seq: int = 0
    hlc: int = 0
    own: str = ""
    aside: Aside = field(init=False)
    pending: Pending = field(default_factory=Pending)

    def __post_init__(self) -> None:
        state = self.connection.execute(text("SELECT seq, hlc, inc FROM clock_state")).one()
        self.seq, self.hlc, self.own = int(state.seq), int(state.hlc), bytes(state.inc).hex()
        self.aside = Aside(self.connection, stamp_text(self.work), self.counts)

    @property
    def connection(self) -> Connection:
        """The connection of the transaction."""
        return self.work.connection

    def rows(
        self, frame: Frame, rows: Iterable[tuple[Section, Row]], progress: Callable[[int], None] = lambda _n: None
    ) -> None:
        """Merge the rows of a package, then what was parked and now has its parent."""
        done = 0
        for section, batch in batches(rows):
            self._section(frame, section, batch)
            done += len(batch)
            progress(done)
        self.retry_parked()
        self.counts.parked = self.aside.parked_of(frame)

    def finish(self, frame: Frame) -> None:
        """Put the book's clock above everything that was merged."""
        self.hlc = max(self.hlc, *frame.seen.values(), 0)
        self.connection.execute(
            text("UPDATE clock_state SET seq = :s, hlc = max(hlc, :h)"), {"s": self.seq, "h": self.hlc}
        )

    # Sections

    def _section(self, frame: Frame, section: Section, rows: list[Row]) -> None:
        table = self.work.registry.find(section.table)
        if table is None:
            keep_rows(self, frame, section, rows)
            return
        known = known_section(section, table)
        batch = self.batch(known, rows)
        inserts: list[tuple[Row, dict[str, Any]]] = []
        fresh: set[bytes] = set()
        for row in rows:
            values = self._checked(frame, known, row, batch, fresh)
            if values is None:
                continue
            if row.id in batch.present:
                self._update(frame, known, row, values, batch)
            elif self._may_create(frame, known, row, values):
                inserts.append((row, {known.columns[i].name: v for i, v in values.items()}))
                fresh.add(row.id)
            else:
                continue
            if known.unknown:
                self._keep(frame, known, row, values, batch)
        self._insert(known, inserts)
        self.pending.flush(self.connection)

    def batch(self, known: KnownSection, rows: list[Row]) -> Batch:
        """The present state of the rows that a section meets."""
        return load_batch(self.connection, known, rows)

    def _keep(self, frame: Frame, known: KnownSection, row: Row, values: dict[int, Any], batch: Batch) -> None:
        """Keep what only a newer program knows of a record, unless the record is none of the sender's business."""
        given = {known.columns[i].id: v for i, v in values.items()}.get(UNIT_ID)
        unit = str(batch.present.get(row.id, {}).get(UNIT_ID) or given or frame.unit)
        if not self.outside(frame, unit):
            up = not frame.superior
            chosen = not all(travels(known.table, column, up=up) for column in known.columns.values())
            keep(self, frame, known.section, row, known.unknown, unit, chosen=chosen)

    def _checked(
        self, frame: Frame, known: KnownSection, row: Row, batch: Batch, fresh: set[bytes]
    ) -> dict[int, Any] | None:
        """The stored values of a row; None when it was put aside."""
        stamps = (*row.stamps, *((row.created,) if row.created else ()))
        if not all(map(frame.possible, stamps)):
            self.aside.quarantine(frame, known.section, row, _("A stamp is later than the package itself."))
            return None
        try:
            values = {i: stored_value(column, row.values[i]) for i, column in known.columns.items()}
            check_row(self.connection, known, values, new=row.id not in batch.present and known.section.kind != "set")
        except BadValue as bad:
            self.aside.quarantine(frame, known.section, row, str(bad))
            return None
        if row.id not in batch.present and known.section.kind != "full" and all(map(frame.knew, stamps)):
            self.counts.same += 1  # seen before and put aside then: refused, kept as a suggestion, or parked
            return None
        missing = self._missing(known, row, values, batch, fresh)
        if missing:
            self.aside.park(frame, known.section, row, missing)
            return None
        return values

    def _missing(self, known: KnownSection, row: Row, values: dict[int, Any], batch: Batch, fresh: set[bytes]) -> str:
        if known.section.kind == "set" and row.id not in batch.present:
            return known.table.name
        for position, there in batch.parents.items():
            parent, refers = values[position], known.columns[position].info.refers
            own_table = refers == known.table.name
            if parent is not None and parent not in there and not (own_table and parent in fresh):
                return str(refers)
        return ""

    # Rights

    def outside(self, frame: Frame, unit: str) -> bool:
        """Whether a record of ``unit`` is none of the sender's business."""
        if frame.sibling:
            return False
        if frame.superior:
            own = self.work.unit.code
            return not contains(own, unit) and not contains(unit, own)
        return not contains(frame.subtree, unit)

    def _foreign(self, frame: Frame, table: StoredTable, unit: str, stamp: Stamp) -> bool:
        """Whether the field was written by a unit that does not own it; another PC of this unit has judged that."""
        if frame.sibling:
            return False
        writer = self.units.get(stamp.inc, frame.unit)
        if table.info.writers == "unit":
            return writer != unit
        if table.info.writers == "superior":
            return writer == unit and unit != self.work.unit.code and self.work.unit.covers(unit)
        return False

    def refuse(self, unit: str, sender: str) -> None:
        """Count a record that is none of the sender's business."""
        self.counts.refused += 1
        self.aside.reason(_("{sender} may not write records of {unit}.").format(sender=sender, unit=unit))

    def _may_create(self, frame: Frame, known: KnownSection, row: Row, values: dict[int, Any]) -> bool:
        by_id = {known.columns[i].id: v for i, v in values.items()}
        unit = by_id.get(UNIT_ID)
        empty = [c for c in required_columns(known.table) if by_id.get(c.id) is None]
        if unit is None or empty:
            self.aside.quarantine(frame, known.section, row, _("The record is incomplete."))
            return False
        if self.outside(frame, unit):
            self.refuse(unit, frame.unit)
            return False
        stamp = row.created or row.stamps[0]
        if self._foreign(frame, known.table, unit, stamp):
            self.aside.suggest(frame, known.section, row, range(len(row.values)))
            return False
        return True

    # Writing

    def _insert(self, known: KnownSection, rows: list[tuple[Row, dict[str, Any]]]) -> None:
        if not rows:
            return
        table, names = known.table, list(rows[0][1])
        listed = ", ".join(f'"{n}"' for n in names)
        self.connection.exec_driver_sql(
            f'INSERT INTO "{table.name}"(id, {listed}) VALUES({",".join("?" * (len(names) + 1))})',
            [(row.id, *values.values()) for row, values in rows],
        )
        clocks, history = [], []
        for row, _values in rows:
            self.seq += 1
            created = row.created or row.stamps[0]
            inc = bytes.fromhex(created.inc)
            clocks.append((table.id, row.id, self.seq, self.seq, created.hlc, inc))
            history += [
                (self.seq, self.work.op, table.id, row.id, known.columns[i].id, None, s.hlc, bytes.fromhex(s.inc))
                for i, s in enumerate(row.stamps)
                if s != created and i in known.columns
            ]
        self.connection.exec_driver_sql(
            "INSERT INTO row_clock(tbl, id, created_seq, seq, hlc, inc) VALUES(?, ?, ?, ?, ?, ?)", clocks
        )
        self.pending.history += history
        self.counts.new += len(rows)

    def _update(self, frame: Frame, known: KnownSection, row: Row, values: dict[int, Any], batch: Batch) -> None:
        """Settle every group of fields of a row that is in the book."""
        present = batch.present[row.id]
        unit = str(present[UNIT_ID])
        moved = {known.columns[i].id: v for i, v in values.items()}.get(UNIT_ID, unit)
        if self.outside(frame, unit) or self.outside(frame, moved):
            self.refuse(unit, frame.unit)
            return
        taken: dict[int, tuple[Any, Stamp]] = {}
        for group in known.groups:
            taken |= self._group(frame, known, row, values, batch, unit, group)
        differing = {i: v for i, (v, _s) in taken.items() if v != present[known.columns[i].id]}
        if taken:
            self._write(known, row.id, present, taken, differing)
        if differing:
            self.counts.changed += 1
        else:
            self.counts.same += 1

    def _group(
        self,
        frame: Frame,
        known: KnownSection,
        row: Row,
        values: dict[int, Any],
        batch: Batch,
        unit: str,
        group: tuple[int, ...],
    ) -> dict[int, tuple[Any, Stamp]]:
        """The values to take over of one group, each with the stamp that it gets; records what loses."""
        present, table = batch.present[row.id], known.table
        theirs = max(row.stamps[i] for i in group)
        ours = max(batch.stamp(row.id, known.columns[i].id) for i in group)
        differing = [i for i in group if values[i] != present[known.columns[i].id]]
        if theirs == ours:
            return self._twins(known, row, values, present, theirs, unit, group, differing)
        if frame.knew(theirs) and known.section.kind != "full":
            return {}
        if differing and self._foreign(frame, table, unit, theirs):
            self.aside.suggest(frame, known.section, row, group)
            return {}
        if differing and ours != NOBODY and table.info.frozen(known.columns[group[0]].name):
            self.aside.quarantine(frame, known.section, row, _("A record that never changes was changed."))
            return {}
        if theirs < ours:
            if not frame.knew(theirs) and not frame.noticed(
                theirs, ours, lambda peer: self._watches(peer, known, group, unit)
            ):
                for i in differing:
                    self._conflict(known, row.id, i, values[i], theirs, ours, unit)
            return {}
        if not self._aware(frame, known, group, theirs, ours):
            for i in differing:
                # A field that stays in its office, but for detail on request, is empty here because it never came.
                came = frame.sibling or travels(known.table, known.columns[i], up=not frame.superior)
                if came or present[known.columns[i].id] is not None:
                    self._conflict(known, row.id, i, present[known.columns[i].id], ours, theirs, unit)
        result = {}
        for i in group:
            mine = batch.stamp(row.id, known.columns[i].id)
            if i in differing or row.stamps[i] > mine:
                result[i] = (values[i], row.stamps[i] if row.stamps[i] > mine else theirs)
        return result

    def _twins(
        self,
        known: KnownSection,
        row: Row,
        values: dict[int, Any],
        present: dict[int, Any],
        stamp: Stamp,
        unit: str,
        group: tuple[int, ...],
        differing: list[int],
    ) -> dict[int, tuple[Any, Stamp]]:
        """Two values under one stamp: one that never travelled is filled in. Otherwise two PCs wrote with one identity;
        every book keeps the same value, and the other as a conflict."""
        if not differing or known.table.id == CONFLICT:
            return {}
        mine = {i: present[known.columns[i].id] for i in group}
        if not any(v is not None for v in mine.values()):
            return {i: (values[i], stamp) for i in differing}
        if not any(values[i] is not None for i in group):
            return {}
        take = spelled(values[i] for i in group) > spelled(mine.values())
        for i in differing:
            self._conflict(known, row.id, i, mine[i] if take else values[i], stamp, stamp, unit)
        return {i: (values[i], stamp) for i in differing} if take else {}

    def _watches(self, peer: str, known: KnownSection, group: tuple[int, ...], unit: str) -> bool:
        """Whether these fields of a record of ``unit`` go to a peer, which then notices what they lose."""
        own = self.work.unit.code
        if peer == own:
            return True
        up = contains(peer, own)
        return contains(own if up else peer, unit) and all(travels(known.table, known.columns[i], up=up) for i in group)

    def _aware(self, frame: Frame, known: KnownSection, group: tuple[int, ...], theirs: Stamp, ours: Stamp) -> bool:
        """Whether the sender's value was written by somebody who had seen ours: it came through the sender, or our
        field travels to the sender and its vector covers it."""
        if not frame.sender_saw(ours):
            return ours == NOBODY
        if frame.sibling or ours.inc == theirs.inc or self.units.get(ours.inc) == frame.unit:
            return True
        return all(travels(known.table, known.columns[i], up=frame.superior) for i in group)

    def _write(
        self,
        known: KnownSection,
        id_: bytes,
        present: dict[int, Any],
        taken: dict[int, tuple[Any, Stamp]],
        differing: dict[int, Any],
    ) -> None:
        self.seq += 1
        number = known.table.id
        self.pending.change(known.table.name, id_, {known.columns[i].name: v for i, v in differing.items()})
        self.pending.history += [
            (self.seq, self.work.op, number, id_, c.id, present[c.id], stamp.hlc, bytes.fromhex(stamp.inc))
            for c, stamp in ((known.columns[i], s) for i, (_v, s) in taken.items())
        ]
        self.pending.clocks.append((self.seq, number, id_))

    def _conflict(
        self, known: KnownSection, id_: bytes, position: int, value: Any, lost: Stamp, won: Stamp, unit: str
    ) -> None:
        if known.table.id != CONFLICT:
            self.lost(known.table.id, id_, known.columns[position].id, value, lost, won, unit)

    def lost(self, table: int, id_: bytes, column: int, value: Any, lost: Stamp, won: Stamp, unit: str) -> None:
        """Keep a value that lost; the same loss has the same id in every book, so it is kept once."""
        record = conflict_id(table, id_, column, lost)
        if self.connection.exec_driver_sql("SELECT 1 FROM conflict WHERE id = ?", (record,)).first():
            return
        values = conflict_values(table, id_, column, value, lost, won, self.units.get(lost.inc, ""), unit)
        names = ", ".join(f'"{n}"' for n in values)
        self.connection.exec_driver_sql(
            f"INSERT INTO conflict(id, {names}) VALUES({','.join('?' * (len(values) + 1))})",
            (record, *values.values()),
        )
        self.seq += 1
        self.hlc = next_clock(self.connection, self.hlc)
        self.connection.exec_driver_sql(
            "INSERT INTO row_clock(tbl, id, created_seq, seq, hlc, inc) VALUES(?, ?, ?, ?, ?, ?)",
            (CONFLICT, record, self.seq, self.seq, self.hlc, bytes.fromhex(self.own)),
        )
        self.counts.conflicts += 1

    # What waits

    def retry_parked(self) -> None:
        """Merge parked rows whose parent came meanwhile, as long as that makes progress.

        Others may have heard of their stamps already, through this book's vector: they go on whole.
        """
        waiting = self.aside.parked()
        while waiting:
            for number, frame, section, row in waiting:
                self.aside.unpark(number)
                before = self.aside.parkings
                self._section(frame, section, [row])
                if self.aside.parkings == before:
                    self.seq += 1
                    send_whole(self.connection, section.table, [row.id], seq=self.seq)
            left = self.aside.parked()
            if len(left) == len(waiting):
                return
            waiting = left
