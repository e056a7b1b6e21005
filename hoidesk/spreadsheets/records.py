"""What a careful clerk reads out of an office spreadsheet: records, findings, and the reading of a whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

__all__ = ["AssociationRecord", "Finding", "MeetingRecord", "Reading", "Record", "SheetReading"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about a place in the file.

    ``kind`` is ``"bad"`` (the row stays out), ``"look"`` (the row goes in, somebody should look) or ``"note"`` (about
    a whole sheet). ``text`` is a full sentence in the language in use; ``row`` as the spreadsheet numbers it.
    """

    kind: Literal["bad", "look", "note"]
    sheet: str
    row: int | None
    column: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationRecord:
    """One row of a list of associations. None: the sheet does not say."""

    sheet: str
    row: int
    name: str
    type: str | None = None
    """The type as the sheet words it."""
    type_code: str | None = None
    """The same as a preset id; ``other`` for words that the preset does not have."""
    scope: str | None = None
    entrusted: bool | None = None
    decision_number: str | None = None
    decision_date: date | None = None
    licensing_authority: str | None = None
    managing_body: str | None = None
    statute_number: str | None = None
    members: int | None = None
    joined: int | None = None
    left: int | None = None
    as_of: date | None = None
    head: str | None = None
    head_title: str | None = None
    phone: str | None = None
    party_organisation: str | None = None
    """The status as the sheet words it."""
    party_code: str | None = None
    party_members: int | None = None
    last_congress: date | None = None
    next_congress: date | None = None
    headquarters: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord:
    """One row of a meeting ledger."""

    sheet: str
    row: int
    date: date
    branch: str
    """The name of the branch, in the preset's words where the kind is known."""
    branch_kind: str | None
    area: str | None
    """The quarter, for example ``Khu phố 5``."""
    invited: int | None = None
    present: int | None = None
    excused: int | None = None
    starts: str | None = None
    """``HH:MM``."""
    place: str | None = None
    chair: str | None = None
    secretary: str | None = None
    agenda: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    petitions: tuple[str, ...] = ()
    no_petition: bool = False
    """The sheet says so in words; a blank cell does not."""
    remarks: tuple[str, ...] = ()

    @property
    def petition(self) -> str | None:
        """The petitions in one text."""
        return "; ".join(self.petitions) or None


Record = AssociationRecord | MeetingRecord


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One table that was recognised."""

    sheet: str
    kind: str
    as_of: date | None
    records: tuple[Record, ...]
    rows: int
    """Rows of records, good and bad."""
    titles: tuple[str, ...] = ()
    """The texts above the header."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file: its tables and everything that there is to say about it."""

    file: str
    sha256: str
    tables: tuple[SheetReading, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def records(self) -> tuple[Record, ...]:
        """The good rows of every table, in the order of the file."""
        return tuple(record for table in self.tables for record in table.records)

    @property
    def bad(self) -> tuple[Finding, ...]:
        """Why rows stay out."""
        return tuple(finding for finding in self.findings if finding.kind == "bad")
