"""The tables that never travel: clocks, history, operations, search, and what this book knows of itself."""

from __future__ import annotations

from typing import Final

__all__ = ["LOCAL_DDL"]

LOCAL_DDL: Final = (
    # One row: what the book is. Values are plain text; secrets of the unit lie in unit_key.
    "CREATE TABLE book_info(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE clock_state(
        one INTEGER PRIMARY KEY CHECK(one = 1),
        seq INTEGER NOT NULL, hlc INTEGER NOT NULL, inc BLOB NOT NULL, op INTEGER NOT NULL,
        quiet INTEGER NOT NULL, offset INTEGER NOT NULL, cap INTEGER NOT NULL, trusted INTEGER NOT NULL,
        exported_seq INTEGER NOT NULL)""",
    """CREATE TABLE row_clock(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, created_seq INTEGER NOT NULL, seq INTEGER NOT NULL,
        hlc INTEGER NOT NULL, inc BLOB NOT NULL, PRIMARY KEY(tbl, id)) WITHOUT ROWID""",
    "CREATE INDEX row_clock_seq ON row_clock(seq, tbl)",
    """CREATE TABLE history(
        seq INTEGER NOT NULL, op INTEGER NOT NULL, tbl INTEGER NOT NULL, id BLOB NOT NULL, col INTEGER NOT NULL,
        old, hlc INTEGER NOT NULL, inc BLOB NOT NULL)""",
    "CREATE INDEX history_field ON history(tbl, id, col, seq)",
    "CREATE INDEX history_seq ON history(seq)",
    "CREATE INDEX history_op ON history(op)",
    """CREATE TABLE op(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '', first_seq INTEGER NOT NULL, last_seq INTEGER,
        kind TEXT NOT NULL DEFAULT 'do', reverses INTEGER, reversed_by INTEGER)""",
    """CREATE TABLE batch(
        id BLOB PRIMARY KEY, op INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
        at TEXT NOT NULL, rows INTEGER NOT NULL, refused TEXT NOT NULL DEFAULT '[]')""",
    "CREATE TABLE search_dirty(tbl INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY(tbl, id)) WITHOUT ROWID",
    """CREATE TABLE search_text(
        rowid INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, id BLOB NOT NULL, title TEXT NOT NULL,
        written TEXT NOT NULL, folded TEXT NOT NULL, sort BLOB NOT NULL)""",
    "CREATE UNIQUE INDEX search_text_id ON search_text(tbl, id)",
    "CREATE INDEX search_text_sort ON search_text(tbl, sort)",
    """CREATE VIRTUAL TABLE search_fts USING fts5(folded, content='search_text', content_rowid='rowid',
        tokenize='unicode61 remove_diacritics 0', prefix='1 2 3', columnsize=0)""",
)
