"""A row of a meeting ledger."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from hoidesk.language import _
from hoidesk.spreadsheets.bodies import area_name, read_body
from hoidesk.spreadsheets.records import MeetingRecord
from hoidesk.spreadsheets.row import Carried, RowReader
from hoidesk.spreadsheets.values import is_nothing, person_of, text_of, time_of
from hoidesk.spreadsheets.words import plain

__all__ = ["read_meeting"]

_DITTO: Final = frozenset({"nt", "nhu tren"})
_DITTO_MARKS: Final = re.compile(r"^[\"”“'′″〃,,\s]+$")
_MONTH: Final = re.compile(r"\bthang (\d{1,2})(?: (?:nam )?(20\d\d))?\b")
_RATIO: Final = re.compile(r"^\s*(\d{1,4})\s*(?:/|trên|tren)\s*(\d{1,4})\b")
_BULLET: Final = re.compile(r"^\s*(?:[-+•–*]|\d{1,2}\s*[.)])\s*")
_NEXT_NUMBER: Final = re.compile(r"[\s;]+\d{1,2}[.)]\s+")


def read_meeting(reader: RowReader) -> MeetingRecord | None:
    """The meeting of a row, or None when the row holds none."""
    held_on = _held_on(reader)
    branch, kind, area = _body(reader)
    invited, present = _attendance(reader)
    excused = reader.count("excused")
    petitions, no_petition = _petitions(reader)
    _cross_check(reader, held_on, invited, present, excused)
    chair, secretary = reader.value("chair", person_of), reader.value("secretary", person_of)
    if reader.failed or held_on is None or branch is None:
        return None
    return MeetingRecord(
        sheet=reader.sheet,
        row=reader.row.number,
        date=held_on,
        branch=branch,
        branch_kind=kind,
        area=area,
        invited=invited,
        present=present,
        excused=excused,
        starts=time_of(reader.cell("starts")) or time_of(reader.cell("held_on")),
        place=reader.text("place"),
        chair=chair.name if chair else None,
        secretary=secretary.name if secretary else None,
        agenda=_items(reader, "agenda", semicolons=True),
        decisions=_items(reader, "decision", semicolons=True),
        petitions=petitions,
        no_petition=no_petition,
        remarks=reader.remark(),
    )


def _held_on(reader: RowReader) -> date | None:
    cell = reader.cell("held_on")
    month, year = _month(reader)
    if month and isinstance(cell, int) and 1 <= cell <= 31:
        # Ledgers that stand in groups or sheets by month write the day alone.
        try:
            held_on: date | None = date(year, month, cell)
        except ValueError:
            reader.bad(
                _("there is no day {day} in month {month}. Type the day again.").format(day=cell, month=month),
                "held_on",
            )
            return None
    else:
        held_on = reader.day("held_on")
    if held_on is None and not reader.failed:
        reader.bad(_("no day. Type day/month/year, for example 05/06/2026."), "held_on")
    if held_on and held_on > reader.today:
        reader.bad(_("the day {day:%d/%m/%Y} lies ahead. Check it.").format(day=held_on), "held_on")
    return held_on


def _month(reader: RowReader) -> tuple[int | None, int]:
    """Month and year of the row: from its own column, else the headings above it, the titles, the sheet's name."""
    year = reader.table.year or reader.today.year
    own = reader.cell("month")
    if isinstance(own, int) and 1 <= own <= 12:
        return own, year
    for text in (*reversed(reader.row.groups), *reversed(reader.table.titles), reader.sheet):
        if (match := _MONTH.search(plain(text))) and 1 <= int(match.group(1)) <= 12:
            return int(match.group(1)), int(match.group(2) or year)
    return None, year


def _body(reader: RowReader) -> tuple[str | None, str | None, str | None]:
    """Name and kind of the branch, and its quarter: from the columns, else from the group headings."""
    text = _own(reader, "branch")
    groups = list(reversed(reader.row.groups))
    if text is None and not reader.columns("branch"):
        text = next((group for group in groups if read_body(group).kind), None)
    if text is None:
        reader.bad(_("no branch. Type the name of the branch."), "branch")
    text = reader.without_phones(text) if text else None
    body = read_body(text) if text else None
    if text and body and body.kind is None and plain(text).startswith("chi bo"):
        reader.bad(_("of a Party cell only the day of a meeting is kept. Enter it by hand."), "branch")
    area_text = _own(reader, "area") or (None if body and body.area else _area_above(reader))
    header = reader.columns("area")[0].header if reader.columns("area") else ""
    area = area_name(area_text, header) if area_text else None
    if area_text and area is None:
        reader.bad(_("“{text}” is no known quarter. Type for example “Khu phố 5”.").format(text=area_text[:40]), "area")
    if area is None and not area_text:
        area = body.area if body else None
        around = (*groups, *reader.table.titles, reader.sheet)
        area = area or next((name for one in around if not one.isdigit() and (name := area_name(one))), None)
        if area is None:
            reader.bad(_("no quarter. Type for example “Khu phố 5”."), "area")
    elif area and body and body.area and body.area != area:
        reader.bad(
            _("the branch and the column name two quarters: {one} and {two}.").format(one=body.area, two=area), "area"
        )
    return (body.name if body else None), (body.kind if body else None), area


def _own(reader: RowReader, field: str) -> str | None:
    """The text of a field; a ditto mark takes the text of the row above."""
    text = text_of(reader.cell(field))
    if text is None:
        return None
    column = reader.columns(field)[0].index
    if plain(text) in _DITTO or _DITTO_MARKS.match(text):
        above = reader.carried.get(column)
        text = above.text if above else None
    if text is not None:
        reader.carried[column] = Carried(text, reader.row.number, reader.row.groups)
    return text


def _area_above(reader: RowReader) -> str | None:
    """The quarter of the row right above, where the ledger names it once for the rows below without merging cells."""
    columns = reader.columns("area")
    above = reader.carried.get(columns[0].index) if columns else None
    if above is None or above.row != reader.row.number - 1 or above.groups != reader.row.groups:
        return None
    above.row = reader.row.number
    reader.look(_("the quarter “{area}” was taken from the rows above.").format(area=above.text), "area")
    return above.text


def _attendance(reader: RowReader) -> tuple[int | None, int | None]:
    """Invited and present; ``27/31`` in one cell is 27 of 31."""
    invited, present = reader.count("invited"), None
    ratio = reader.text("attendance")
    if ratio is not None:
        match = _RATIO.match(ratio)
        if match is None:
            reader.bad(_("“{text}” is not “present/invited”, for example 27/31.").format(text=ratio[:40]), "attendance")
        else:
            return int(match.group(2)), int(match.group(1))
    cell = reader.cell("present")
    match = _RATIO.match(cell) if isinstance(cell, str) else None
    if match:
        return invited if invited is not None else int(match.group(2)), int(match.group(1))
    present = reader.count("present")
    absent = reader.count("absent_all")
    if present is None and invited is not None and absent is not None and absent <= invited:
        present = invited - absent
    return invited, present


def _petitions(reader: RowReader) -> tuple[tuple[str, ...], bool]:
    """The petitions of a cell, and whether it says in words that there was none."""
    cell = reader.cell("petition")
    if cell is None:
        return (), False
    if isinstance(cell, int) and not isinstance(cell, bool):
        if cell:
            reader.look(_("{count} petitions without their text; enter them by hand.").format(count=cell), "petition")
        return (), cell == 0
    if is_nothing(cell) or plain(str(cell)).startswith(("khong co kien nghi", "khong kien nghi", "khong co y kien")):
        return (), bool(plain(str(cell)))
    return _items(reader, "petition", semicolons=False), False


def _items(reader: RowReader, field: str, *, semicolons: bool) -> tuple[str, ...]:
    """The items of a cell: its lines, ``1. … 2. …`` within a line, and parts between semicolons where they separate."""
    cell = reader.cell(field)
    if is_nothing(cell) or isinstance(cell, bool):
        return ()
    parts: list[str] = []
    for line in str(cell).split("\n"):
        numbered = _NEXT_NUMBER.split(line) if re.match(r"\s*1\s*[.)]", line) else [line]
        for part in numbered:
            parts.extend(part.split(";") if semicolons else [part])
    bare = (" ".join(_BULLET.sub("", part).split()).strip(" ;") for part in parts)
    items = (reader.without_phones(part) for part in bare if part)
    return tuple(item[:1].upper() + item[1:] for item in items if item)


def _cross_check(
    reader: RowReader, held_on: date | None, invited: int | None, present: int | None, excused: int | None
) -> None:
    if invited is not None and present is not None:
        if present > invited:
            text = _("{present} present of {invited} invited. Check both counts.")
            reader.bad(text.format(present=present, invited=invited), "present")
        elif excused is not None and excused > invited - present:
            text = _("{excused} excused, but only {absent} absent. Check the counts.")
            reader.bad(text.format(excused=excused, absent=invited - present), "excused")
    year = reader.table.year
    if held_on and year and held_on.year != year:
        text = _("the day {day:%d/%m/%Y} is not of the year {year} in the title.")
        reader.look(text.format(day=held_on, year=year), "held_on")
    last = reader.table.as_of
    if held_on and last and held_on.year == last.year and held_on > last and held_on.day <= 12:
        swapped = date(held_on.year, held_on.day, held_on.month)
        if swapped <= last:
            text = _("the day {day:%d/%m/%Y} lies after the period; was {other:%d/%m/%Y} meant?")
            reader.look(text.format(day=held_on, other=swapped), "held_on")
