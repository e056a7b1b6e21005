"""Showing who this unit is: its digits to anybody, its secret key only on purpose and on the record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.errors import UserError
from hoidesk.exchange.state import load_chain, load_keys, require_role
from hoidesk.exchange.trust.keys import groups_of_four
from hoidesk.language import N_, _

__all__ = ["identity_of", "reveal"]


def identity_of(book: Book) -> dict[str, Any]:
    """Code, name, digits, public keys and certificate serial of this unit; UserError before it has keys."""
    with book.read() as connection:
        keys, chain = load_keys(connection), load_chain(connection)
    if keys is None:
        raise UserError(
            "identity.none", _("This unit has no keys yet. They are made at the first invitation or enrolment.")
        )
    public = keys.public
    return {
        "unit": book.unit.code,
        "name": book.unit.name,
        "digits": groups_of_four(public.fingerprint(book.unit.code)),
        "sign": public.sign.hex(),
        "age": public.age,
        "serial": chain[0].serial if chain else None,
        "superior": chain[1].unit if len(chain) > 1 else None,
    }


def reveal(book: Book) -> dict[str, Any]:
    """The identity with its secret age key, which opens packages with standard tools.

    The caller asked for the password again; the act is kept in the history and is not for viewers.
    """
    require_role(book, Role.OFFICER)
    shown = identity_of(book)
    with book.transaction(N_("Reveal the secret key"), "exchange") as work:
        keys = load_keys(work.connection)
        # The sequence moves, so that the entry of this act stays in the list of operations.
        work.connection.execute(text("UPDATE clock_state SET seq = seq + 1"))
        work.connection.execute(text("UPDATE op SET kind = 'reveal' WHERE id = :o"), {"o": work.op})
    assert keys is not None
    return shown | {"secret": keys.identity}
