"""The paper receipt: ten digits, read out or phoned, when no stick comes back (package format, section 11)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.errors import UserError
from hoidesk.exchange.merge.marks import move_mark, own_incarnation
from hoidesk.exchange.state import Peer, find_peer, peers, require_role
from hoidesk.exchange.trust.keys import check_receipt_digits, receipt_digits
from hoidesk.exchange.trust.renewal import renewal_due
from hoidesk.language import N_, _

__all__ = ["acknowledge", "paper_receipt"]

TRIES: Final = 5
LOOKED_AT: Final = 10
"""The digits may be of any of the last ten packages that a unit has not acknowledged, or of ten before."""


def paper_receipt(book: Book, unit: str) -> str:
    """The 10 digits to read out to ``unit`` for the last package that this book took over from it.

    Raises UserError when nothing came from that unit, or when no secret is shared with it.
    """
    with book.read() as connection:
        peer = find_peer(connection, unit, book.unit)
        due = renewal_due(connection, peer)
        row = connection.execute(
            text(
                "SELECT i.number, i.id, i.last FROM package_in i JOIN incarnation r ON r.inc = i.inc "
                "AND r.number = i.number WHERE i.unit = :u ORDER BY i.at DESC LIMIT 1"
            ),
            {"u": unit},
        ).first()
    if due:
        raise _renewing(peer)
    if row is None or peer.link is None:
        raise UserError("ack.nothing", _("No package of {unit} was taken over yet.").format(unit=unit))
    return receipt_digits(peer.link, int(row.number), bytes(row.id).hex(), int(row.last))


def acknowledge(book: Book, digits: str, unit: str | None = None) -> int:
    """Take a paper receipt for the package that the digits are about, and return its number.

    Raises UserError ``ack.shape``; ``ack.known`` for a package that was acknowledged before; ``ack.wrong``, or
    ``ack.tries`` after five wrong tries with a unit: only a receipt by stick helps then.
    """
    require_role(book, Role.OFFICER, Role.SECRETARY)
    typed = "".join(c for c in digits if c not in " -.")
    if len(typed) != 10 or not typed.isascii() or not typed.isdigit():
        raise UserError("ack.shape", _("A paper receipt has ten digits, for example 1234 5678 90."), field="digits")
    with book.read() as connection:
        linked = [p for p in peers(connection) if p.link is not None and unit in (None, p.unit)]
        asked = [p for p in linked if not renewal_due(connection, p)]
        open_ = [
            p
            for p in asked
            if connection.execute(text("SELECT tries FROM peer WHERE unit = :u"), {"u": p.unit}).scalar_one() < TRIES
        ]
    if linked and not asked:
        raise _renewing(linked[0])
    if asked and not open_:
        raise UserError("ack.tries", _("Five wrong tries. Ask for the receipt on a stick."), field="digits")
    for peer in open_:
        number = _try(book, peer, typed)
        if number is not None:
            return number
    with book.transaction(N_("Take a paper receipt"), "exchange") as work:
        for peer in open_:
            work.connection.execute(text("UPDATE peer SET tries = tries + 1 WHERE unit = :u"), {"u": peer.unit})
    raise UserError(
        "ack.wrong", _("These digits belong to no package that waits for a receipt. Read them again."), field="digits"
    )


def _renewing(peer: Peer) -> UserError:
    """The secret of the receipts was replaced with this unit's keys, and the other side does not have it yet."""
    return UserError(
        "ack.renewal",
        _(
            "{unit} does not have this unit's new keys yet. Until its next package only a receipt on a stick counts."
        ).format(unit=peer.name),
        field="digits",
    )


def _try(book: Book, peer: Peer, typed: str) -> int | None:
    assert peer.link is not None
    with book.transaction(N_("Take a paper receipt"), "exchange") as work:
        own = own_incarnation(work.connection)
        rows = work.connection.execute(
            text(
                "SELECT number, id, last, acked_at FROM package_out WHERE inc = :i AND unit = :u "
                "ORDER BY acked_at IS NOT NULL, number DESC LIMIT :n"
            ),
            {"i": own, "u": peer.unit, "n": 2 * LOOKED_AT},
        ).all()
        for row in rows:
            if check_receipt_digits(typed, peer.link, int(row.number), bytes(row.id).hex(), int(row.last)):
                if row.acked_at is not None:
                    # Read out a second time, or the stick was faster: true digits are no wrong try.
                    raise UserError(
                        "ack.known",
                        _("Package {number} was acknowledged before. Nothing is left to do.").format(number=row.number),
                        field="digits",
                    )
                move_mark(work, own, peer.unit, int(row.number), bytes(row.id), int(row.last), only_up=True)
                work.connection.execute(text("UPDATE peer SET tries = 0 WHERE unit = :u"), {"u": peer.unit})
                return int(row.number)
    return None
