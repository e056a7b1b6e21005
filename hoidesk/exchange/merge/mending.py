"""A book whose identity or clock contradicts what others received is mended with one button.

A package that proves the contradiction waits; nothing is thrown away on either side. Mending gives the book a new
incarnation, stamps anew what it wrote itself since the last package that is beyond doubt, and the next package for
everybody is a full one (package format, section 11).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.clock import ms_of
from hoidesk.book.slots import Role
from hoidesk.book.triggers import QUIET_IMPORT
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.exchange.merge.replica import split_in_time, split_off
from hoidesk.exchange.state import get_fact, require_role, set_fact, stamp_text
from hoidesk.language import N_, _

__all__ = ["Mended", "Need", "mend", "need_of", "need_sentence", "note_need"]

Reason = Literal["fork", "rewound", "clock"]
FACT: Final = "mend"


@dataclass(frozen=True, slots=True)
class Need:
    """Why the book has to be mended: ``fork`` (another PC uses its identity), ``rewound`` (it was put back without
    being told) or ``clock`` (its stamps lie far in the future); ``unit`` is the peer that proved it, ``at`` the
    instant (UTC text) at which it was noticed, empty for a clock."""

    reason: Reason
    unit: str
    unit_name: str
    at: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending did: the reason, and how many of its own values the book stamped anew."""

    reason: Reason
    restamped: int


def note_need(work: Work, reason: Reason, unit: str, common: tuple[int, int]) -> None:
    """Remember that a package of ``unit`` proved the contradiction, and up to which local number and clock this book
    and its twin are one; of several proofs the earliest point counts."""
    stored = get_fact(work.connection, FACT)
    if stored is not None:
        found = json.loads(stored)
        reason, unit, common = found["reason"], found["unit"], min(common, (found["seq"], found["hlc"]))
    fact = {"reason": reason, "unit": unit, "at": stamp_text(work), "seq": common[0], "hlc": common[1]}
    set_fact(work.connection, FACT, json.dumps(fact))


def need_of(connection: Connection) -> Need | None:
    """Whether this book has to be mended, and why."""
    stored = get_fact(connection, FACT)
    if stored is not None:
        found = json.loads(stored)
        name = connection.execute(text("SELECT name FROM peer WHERE unit = :u"), {"u": found["unit"]}).scalar()
        return Need(found["reason"], found["unit"], str(name or found["unit"]), found["at"])
    state = connection.execute(text("SELECT hlc, cap, trusted FROM clock_state")).one()
    # A clock may count on a little beyond the cap, but never by days.
    return Need("clock", "", "", "") if (state.hlc >> 16) > state.cap + ms_of(timedelta(days=1)) else None


def need_sentence(need: Need) -> str:
    """What is wrong and what to do, for the board and the command line."""
    if need.reason == "clock":
        return _("This PC's date was far ahead for a while, and other units hold its packages back. Mend the book.")
    if need.reason == "rewound":
        return _("{unit} holds newer records of this book than it has itself: it was put back. Mend the book.").format(
            unit=need.unit_name
        )
    return _("Another PC uses the identity of this book; {unit} noticed it. Mend the book.").format(unit=need.unit_name)


def mend(book: Book) -> Mended:
    """Mend the book; UserError ``mend.nothing`` when nothing is wrong with it.

    Packages that waited for it are taken at the next :func:`hoidesk.exchange.receive.receive_waiting`.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    with book.transaction(N_("Mend the identity of this PC"), "exchange", quiet=QUIET_IMPORT) as work:
        connection = work.connection
        need = need_of(connection)
        if need is None:
            raise UserError("mend.nothing", _("There is nothing to mend."))
        if need.reason == "clock":
            cap = int(connection.execute(text("SELECT cap FROM clock_state")).scalar_one())
            restamped = split_in_time(connection, cap)
        else:
            proof = json.loads(str(get_fact(connection, FACT)))
            restamped = split_off(connection, after=proof["seq"], proven=proof["hlc"])
        connection.execute(text("DELETE FROM exchange_state WHERE name = :n"), {"n": FACT})
        # The sequence moves, so that the entry of this act stays in the list of operations.
        connection.execute(text("UPDATE clock_state SET seq = seq + 1"))
        connection.execute(text("UPDATE op SET kind = 'mend' WHERE id = :o"), {"o": work.op})
    return Mended(need.reason, restamped)
