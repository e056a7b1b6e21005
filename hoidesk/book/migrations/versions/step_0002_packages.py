"""From 0001 to 0002: several PCs of one unit, mending, records that are one thing, orders to erase."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = None

STATEMENTS = (
    """CREATE TABLE resend(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(tbl, id)) WITHOUT ROWID""",
    "CREATE INDEX resend_seq ON resend(seq)",
    """CREATE TABLE hearsay(
        inc BLOB NOT NULL, unit TEXT NOT NULL, hlc INTEGER NOT NULL, PRIMARY KEY(inc, unit)) WITHOUT ROWID""",
    """CREATE TABLE canonical(
        tbl INTEGER NOT NULL, id BLOB NOT NULL, kept BLOB NOT NULL, PRIMARY KEY(tbl, id)) WITHOUT ROWID""",
    "ALTER TABLE incarnation ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE incarnation ADD COLUMN follows BLOB",
    "ALTER TABLE package_out ADD COLUMN hlc INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE package_out ADD COLUMN counts TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE quarantine ADD COLUMN settled TEXT",
    "ALTER TABLE quarantine ADD COLUMN settled_at TEXT",
    "ALTER TABLE suggestion ADD COLUMN settled TEXT",
    "ALTER TABLE suggestion ADD COLUMN settled_at TEXT",
    "ALTER TABLE unknown_field ADD COLUMN way INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE unknown_field ADD COLUMN seq INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE unknown_field ADD COLUMN source BLOB",
    "ALTER TABLE unknown_field ADD COLUMN package INTEGER",
    # A peer may be another PC of the unit: the check of a table cannot be changed, so the table is made anew. It is
    # local and has no triggers.
    """CREATE TABLE peer_new(
        unit TEXT PRIMARY KEY, name TEXT NOT NULL,
        relation TEXT NOT NULL CHECK(relation IN ('superior', 'subordinate', 'sibling')), certificate TEXT NOT NULL,
        scope TEXT NOT NULL, link BLOB, enrolled_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "INSERT INTO peer_new SELECT unit, name, relation, certificate, scope, link, enrolled_at, tries FROM peer",
    "DROP TABLE peer",
    "ALTER TABLE peer_new RENAME TO peer",
    """CREATE TABLE alias(
        id BLOB NOT NULL, unit TEXT NOT NULL, voided TEXT, table_number INTEGER NOT NULL, duplicate TEXT NOT NULL,
        kept TEXT NOT NULL, different BOOLEAN DEFAULT '0' NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX ix_alias_unit ON alias (unit)",
    """CREATE TABLE erasure(
        id BLOB NOT NULL, unit TEXT NOT NULL, voided TEXT, table_number INTEGER NOT NULL, record TEXT NOT NULL,
        columns TEXT NOT NULL, ordered_on DATE NOT NULL, reason TEXT NOT NULL, number TEXT, PRIMARY KEY (id))""",
    "CREATE INDEX ix_erasure_unit ON erasure (unit)",
    # What a unit issues lies beside its drafts; an approval carries its proof, and can be opened again.
    """CREATE TABLE criteria_draft(
        id BLOB NOT NULL, unit TEXT NOT NULL, voided TEXT, code TEXT NOT NULL, version TEXT NOT NULL,
        year INTEGER NOT NULL, unit_kind TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL,
        content_sha256 TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX ix_criteria_draft_unit ON criteria_draft (unit)",
    """CREATE TABLE outline(
        id BLOB NOT NULL, unit TEXT NOT NULL, voided TEXT, code TEXT NOT NULL, version TEXT NOT NULL,
        title TEXT NOT NULL, content TEXT NOT NULL, content_sha256 TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX ix_outline_unit ON outline (unit)",
    "ALTER TABLE approval ADD COLUMN chain TEXT",
    """CREATE TABLE reopening(
        id BLOB NOT NULL, unit TEXT NOT NULL, voided TEXT, assessment_id BLOB, approval_id BLOB NOT NULL,
        reopened_on DATE NOT NULL, reason TEXT NOT NULL, lines TEXT DEFAULT '[]' NOT NULL, post TEXT, PRIMARY KEY (id),
        FOREIGN KEY(assessment_id) REFERENCES assessment (id) DEFERRABLE INITIALLY DEFERRED,
        FOREIGN KEY(approval_id) REFERENCES approval (id) DEFERRABLE INITIALLY DEFERRED)""",
    "CREATE INDEX ix_reopening_unit ON reopening (unit)",
    "CREATE INDEX ix_reopening_assessment_id ON reopening (assessment_id)",
    "CREATE INDEX ix_reopening_approval_id ON reopening (approval_id)",
    """CREATE TABLE signer_key(
        unit TEXT NOT NULL, sign BLOB NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY(unit, sign)) WITHOUT ROWID""",
    "INSERT INTO signer_key(unit, sign, serial) SELECT unit, sign, serial FROM pin",
    """CREATE TABLE allowed_detail(
        peer TEXT NOT NULL, tbl INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY(peer, tbl, id)) WITHOUT ROWID""",
)  # fmt: skip


def upgrade() -> None:
    """Add what is new; nothing is renamed or retyped."""
    for statement in STATEMENTS:
        op.execute(statement)
