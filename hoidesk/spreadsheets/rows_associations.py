"""A row of a list of associations."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from hoidesk.language import _
from hoidesk.spreadsheets import words
from hoidesk.spreadsheets.records import AssociationRecord
from hoidesk.spreadsheets.row import RowReader
from hoidesk.spreadsheets.values import (
    Decision,
    Person,
    decision_of,
    party_of,
    person_of,
    phone_of,
    type_of,
    yes_no,
)

__all__ = ["read_association"]

_LEADING_NUMBER: Final = re.compile(r"^\d{1,3}\s*[.)]\s*(?=\D)")
_FOOTNOTE: Final = re.compile(r"\s*(\*+|\(\*+\)|\(\d\))$")
_ENTRUSTED: Final = re.compile(r"giao nhiem vu|giao nv")
_OTHER: Final = re.compile(r"\b(khac|con lai|khong duoc giao|ngoai)\b")
_PARTY_MEMBERS_IN: Final = re.compile(r"(\d{1,4})\s*(?:đảng viên|đv)", re.IGNORECASE)


def read_association(reader: RowReader) -> AssociationRecord | None:
    """The association of a row, or None when the row holds none."""
    name = _name(reader)
    if name is None:
        return None
    decision = _decision(reader)
    person = reader.value("head", person_of)
    type_text, type_code = _type(reader)
    party_text, party_code, party_members = _party(reader)
    if party_members is None:
        party_members = reader.count("party_members")
    record = AssociationRecord(
        sheet=reader.sheet,
        row=reader.row.number,
        name=name,
        type=type_text,
        type_code=type_code,
        scope=reader.text("scope"),
        entrusted=_entrusted(reader),
        decision_number=decision.number,
        decision_date=decision.day,
        licensing_authority=reader.text("licensing_authority"),
        managing_body=reader.text("managing_body"),
        statute_number=reader.text("statute_number"),
        members=reader.count("members"),
        joined=reader.count("joined"),
        left=reader.count("left"),
        as_of=reader.as_of,
        head=person.name if person else None,
        head_title=reader.text("head_title") or (person.title if person else None),
        phone=_phone(reader, person),
        party_organisation=party_text,
        party_code=party_code,
        party_members=party_members,
        last_congress=reader.day("last_congress"),
        next_congress=reader.day("next_congress"),
        headquarters=reader.text("headquarters"),
    )
    _cross_check(reader, record)
    return replace(record, remarks=reader.remark())


def _name(reader: RowReader) -> str | None:
    text = reader.text("name")
    if text is None:
        filled = sum(1 for cell in reader.row.cells if cell is not None)
        # A sum may stand alone without a word; a line with its number in the first column is meant as a record.
        if filled > (1 if reader.text("ordinal") is not None else 2):
            reader.bad(_("no name. Type the name of the association."), "name")
        return None
    text = _FOOTNOTE.sub("", _LEADING_NUMBER.sub("", text))
    if not re.search(r"[^\W\d_]{2}", text):
        reader.bad(_("“{text}” is not a name.").format(text=text[:40]), "name")
        return None
    return text


def _decision(reader: RowReader) -> Decision:
    """Number and day of the founding decision from one column or from two."""
    both = reader.value("decision", lambda cell: decision_of(cell, today=reader.today))
    number = reader.value("decision_number", lambda cell: decision_of(cell, today=reader.today))
    day = reader.day("decision_date")
    found = Decision(
        (number.number if number else None) or (both.number if both else None),
        day or (number.day if number else None) or (both.day if both else None),
    )
    if found.day and found.day > reader.today:
        reader.bad(_("the day {day:%d/%m/%Y} lies ahead. Check it.").format(day=found.day), "decision_date")
    return found


def _type(reader: RowReader) -> tuple[str | None, str | None]:
    if reader.is_spread("type"):
        text, code = type_of(reader.ticked("type"))
    else:
        text, code = type_of(reader.cell("type"))
    if text is None and not reader.columns("type"):
        # Lists without such a column often stand in groups, one a type.
        for group in reversed(reader.row.groups):
            heading = words.GROUP_NUMBER.sub("", words.plain(group))
            code = type_of(heading)[1]
            if code not in (None, "other") and not _ENTRUSTED.search(heading):
                return re.sub(r"^([IVX]+|[A-H]|\d+)\s*[.)]\s*", "", group), code
        return None, None
    if code == "other" and text is not None and "khac" not in words.plain(text):
        reader.look(_("“{text}” is not in the list of types; it is entered as another type.").format(text=text), "type")
    return text, code


def _entrusted(reader: RowReader) -> bool | None:
    if reader.is_spread("entrusted"):
        ticked = reader.ticked("entrusted")
        return None if ticked is None else ticked == "yes"
    if reader.columns("entrusted"):
        return reader.value("entrusted", yes_no)
    groups = [words.plain(group) for group in reader.row.groups]
    for group in groups:
        if _ENTRUSTED.search(group):
            return not _OTHER.search(group)
        if _OTHER.search(group) and "hoi" in group:
            return False
    return None


def _party(reader: RowReader) -> tuple[str | None, str | None, int | None]:
    """Words, status code and number of Party members, as far as the columns say."""
    if reader.is_spread("party"):
        code = reader.ticked("party")
        column = next((c for c in reader.columns("party") if c.choice == code), None) if code else None
        return (column.header.split(" / ")[-1] if column else None), code, None
    found = reader.value("party", party_of)
    text, code = found if found else (None, None)
    match = _PARTY_MEMBERS_IN.search(text) if text else None
    return text, code, int(match.group(1)) if match else None


def _phone(reader: RowReader, person: Person | None) -> str | None:
    if not reader.phones:
        return None
    own = reader.value("phone", phone_of)
    return own or (phone_of(person.phone) if person and person.phone else None)


def _cross_check(reader: RowReader, record: AssociationRecord) -> None:
    first: date | None = record.last_congress
    if first and record.next_congress and record.next_congress <= first:
        reader.bad(_("the next congress is not after the last one. Check both days."), "next_congress")
    if record.last_congress and record.last_congress > reader.today:
        reader.bad(_("the last congress lies ahead. Check the day."), "last_congress")
    if record.as_of and record.as_of > reader.today:
        reader.look(_("the day of the figures, {day:%d/%m/%Y}, lies ahead.").format(day=record.as_of), "members")
