"""The tables of exchange that never travel: keys, units, marks, what was sent and received, what waits."""

from __future__ import annotations

from typing import Final

__all__ = ["EXCHANGE_DDL"]

EXCHANGE_DDL: Final = (
    # The unit's own secret keys; the newest row is in use, older ones still open packages that were on their way.
    """CREATE TABLE unit_key(
        number INTEGER PRIMARY KEY, seed BLOB NOT NULL, identity TEXT NOT NULL, made_at TEXT NOT NULL)""",
    # Single facts: next package number, number of this PC, own certificate chain, pending invitation.
    "CREATE TABLE exchange_state(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE peer(
        unit TEXT PRIMARY KEY, name TEXT NOT NULL,
        relation TEXT NOT NULL CHECK(relation IN ('superior', 'subordinate', 'sibling')), certificate TEXT NOT NULL,
        scope TEXT NOT NULL, link BLOB, enrolled_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    # The units whose keys this book knows for itself, and the lowest certificate serial that it still accepts.
    """CREATE TABLE pin(
        unit TEXT PRIMARY KEY, sign BLOB NOT NULL, subtree TEXT NOT NULL, serial INTEGER NOT NULL) WITHOUT ROWID""",
    # Every key of a unit that was ever proven here: what it approved by an older key stays proven.
    """CREATE TABLE signer_key(
        unit TEXT NOT NULL, sign BLOB NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY(unit, sign)) WITHOUT ROWID""",
    """CREATE TABLE ack(
        inc BLOB NOT NULL, unit TEXT NOT NULL, seq INTEGER NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL,
        at TEXT NOT NULL, PRIMARY KEY(inc, unit)) WITHOUT ROWID""",
    # Other replicas: whose they are, up to which of their marks I hold everything, the highest number seen; of my own
    # packages, after which number its receipts count; which life they go on from.
    """CREATE TABLE incarnation(
        inc BLOB PRIMARY KEY, unit TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0,
        number INTEGER NOT NULL DEFAULT 0, id BLOB, since INTEGER NOT NULL DEFAULT 0, follows BLOB) WITHOUT ROWID""",
    "CREATE TABLE vector(inc BLOB PRIMARY KEY, hlc INTEGER NOT NULL) WITHOUT ROWID",
    # What each peer said that it has seen: a value that lost there was noticed there.
    """CREATE TABLE hearsay(
        inc BLOB NOT NULL, unit TEXT NOT NULL, hlc INTEGER NOT NULL, PRIMARY KEY(inc, unit)) WITHOUT ROWID""",
    """CREATE TABLE package_out(
        inc BLOB NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL, at TEXT NOT NULL, rows INTEGER NOT NULL, size INTEGER NOT NULL,
        digits TEXT NOT NULL, delivered_at TEXT, acked_at TEXT, receipt TEXT, hlc INTEGER NOT NULL DEFAULT 0,
        counts TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY(inc, number)) WITHOUT ROWID""",
    # inc and number name a package of another replica; the frame is what a parked row of it needs to be merged later.
    """CREATE TABLE package_in(
        inc BLOB NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL, digits TEXT NOT NULL,
        counts TEXT NOT NULL DEFAULT '{}', frame TEXT NOT NULL DEFAULT '{}', owes INTEGER NOT NULL DEFAULT 0,
        told INTEGER, PRIMARY KEY(inc, number)) WITHOUT ROWID""",
    # Every id that a package named for a number of its incarnation: two ids for one number prove a clone.
    """CREATE TABLE package_id(
        inc BLOB NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY(inc, number)) WITHOUT ROWID""",
    """CREATE TABLE inbox(
        id BLOB PRIMARY KEY, unit TEXT NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL, reason TEXT NOT NULL,
        missing INTEGER, file TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID""",
    # Rows whose parent is not here yet, in the order in which they came.
    """CREATE TABLE parked(
        number INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, id BLOB NOT NULL, missing TEXT NOT NULL,
        section TEXT NOT NULL, row TEXT NOT NULL, inc BLOB NOT NULL, package INTEGER NOT NULL, at TEXT NOT NULL)""",
    "CREATE INDEX parked_record ON parked(tbl, id)",
    # Rows that go whole to every peer whose mark lies below seq, although its vector may cover their stamps.
    """CREATE TABLE resend(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(tbl, id)) WITHOUT ROWID""",
    "CREATE INDEX resend_seq ON resend(seq)",
    # Rows that break a rule of their table, with the reason; and writes by somebody who does not own the field.
    # ``settled`` is NULL while a person has to decide, "" when the row was written into the book, else why it was not.
    """CREATE TABLE quarantine(
        number INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, id BLOB NOT NULL, reason TEXT NOT NULL, section TEXT NOT NULL,
        row TEXT NOT NULL, inc BLOB NOT NULL, package INTEGER NOT NULL, at TEXT NOT NULL,
        settled TEXT, settled_at TEXT)""",
    """CREATE TABLE suggestion(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, col INTEGER NOT NULL, value TEXT NOT NULL, hlc INTEGER NOT NULL,
        inc BLOB NOT NULL, unit TEXT NOT NULL, at TEXT NOT NULL, settled TEXT, settled_at TEXT,
        PRIMARY KEY(tbl, id, col, hlc, inc)) WITHOUT ROWID""",
    # What a newer program wrote: kept raw with its stamp, relayed the way it came (bits: 1 up, 2 down), adopted after
    # the upgrade as if package ``package`` of ``source`` came again. Column 0 is the creation of a row.
    """CREATE TABLE unknown_field(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, col INTEGER NOT NULL, value TEXT NOT NULL, hlc INTEGER NOT NULL,
        inc BLOB NOT NULL, way INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0, source BLOB,
        package INTEGER, PRIMARY KEY(tbl, id, col)) WITHOUT ROWID""",
    # Records that an officer chose for one peer beyond its scope; the next package carries them whole.
    """CREATE TABLE allowed_detail(
        peer TEXT NOT NULL, tbl INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY(peer, tbl, id)) WITHOUT ROWID""",
    # What follows from the alias rows that stand: which record counts for a duplicate. Kept by the writer.
    """CREATE TABLE canonical(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, kept BLOB NOT NULL, PRIMARY KEY(tbl, id)) WITHOUT ROWID""",
)
