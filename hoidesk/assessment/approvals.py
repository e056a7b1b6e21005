"""Approvals as they lie in a book: the office's own, and those that subordinate units sent up."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from hoidesk.assessment.snapshot import DOMAIN, snapshot_hash
from hoidesk.assessment.tables import Approval
from hoidesk.emulation.units import unit_names
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.exchange.trust.keys import PublicKeys

__all__ = [
    "ApprovalRow",
    "approval_ids",
    "approval_rows",
    "approval_standings",
    "scored_by",
    "snapshot_is_whole",
    "snapshot_of",
]

_T: Final = Approval.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """An approved assessment. ``office`` is the code of the unit that approved; points are hundredths."""

    id: UUID
    office: str
    unit_kind: str
    unit_id: UUID
    unit_name: str
    year: int
    round_code: str
    cut_off: date
    revision: int
    approved_on: date
    approver_post: str | None
    minutes_number: str | None
    minutes_on: date | None
    computed_class: str | None
    decided_class: str
    difference_reason: str | None
    final: int | None
    maximum: int | None
    whole: bool
    """The snapshot still has the fingerprint that was stored with it."""


def approval_ids(
    connection: Connection, *, year: int | None = None, round_code: str | None = None, office: str | None = None
) -> list[UUID]:
    """The approvals that stand: of several revisions for one unit and round only the newest; newest rounds first."""
    about = func.coalesce(_T.c.branch_id, _T.c.association_id, _T.c.area_id)
    newest = (
        select(about.label("about"), _T.c.year, _T.c.round_code, func.max(_T.c.revision).label("revision"))
        .where(_T.c.voided.is_(None))
        .group_by(about, _T.c.year, _T.c.round_code)
        .subquery()
    )
    same = and_(
        newest.c.about == about,
        newest.c.year == _T.c.year,
        newest.c.round_code == _T.c.round_code,
        newest.c.revision == _T.c.revision,
    )
    wanted = select(_T.c.id).join(newest, same).where(_T.c.voided.is_(None))
    for column, value in (("year", year), ("round_code", round_code), ("unit", office)):
        if value is not None:
            wanted = wanted.where(_T.c[column] == value)
    ordered = wanted.order_by(_T.c.cut_off.desc(), _T.c.unit, _T.c.unit_kind, _T.c.approved_on, _T.c.id)
    return list(connection.execute(ordered).scalars())


def approval_rows(connection: Connection, ids: Sequence[UUID]) -> list[ApprovalRow]:
    """The approvals with these ids, in their order; two statements."""
    rows = {row.id: row for row in connection.execute(select(_T).where(_T.c.id.in_(ids)))}
    names = unit_names(connection, [_about(row) for row in rows.values()])
    return [_row(rows[id_], names) for id_ in ids if id_ in rows]


def _about(row: Any) -> UUID:
    found: UUID = row.branch_id or row.association_id or row.area_id
    return found


def _row(row: Any, names: dict[UUID, str]) -> ApprovalRow:
    content = _content(row.snapshot)
    total = content.get("layers", {}).get("ward", {}).get("total", {})
    stored = ("id", "unit_kind", "year", "round_code", "cut_off", "revision", "approved_on", "approver_post")
    more = ("minutes_number", "minutes_on", "computed_class", "decided_class")
    unit = _about(row)
    return ApprovalRow(
        **{name: getattr(row, name) for name in (*stored, *more)},
        office=row.unit,
        unit_id=unit,
        unit_name=names.get(unit) or str(content.get("unit", {}).get("name", "")),
        difference_reason=content.get("difference_reason"),
        final=total.get("final"),
        maximum=total.get("maximum"),
        whole=snapshot_hash(row.snapshot) == row.snapshot_sha256,
    )


def _content(snapshot: str) -> dict[str, Any]:
    """The snapshot as a mapping; one that is damaged shows nothing rather than stopping the list."""
    try:
        found = json.loads(snapshot)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def approval_standings(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """How far each approval is proven: ``proven``, ``unproven`` or ``forged``."""
    from hoidesk.exchange.trust.proofs import approval_standing

    rows = connection.execute(select(_T).where(_T.c.id.in_(ids))).mappings()
    return {row["id"]: approval_standing(connection, dict(row)) for row in rows}


def scored_by(snapshot: str) -> str:
    """The criteria set by which an approved sheet was scored, with the frame it is built on: codes and versions."""
    named = _content(snapshot).get("criteria_set", {})
    words = f"{named.get('code', '')} {named.get('version', '')}".strip()
    frame = named.get("frame")
    if not isinstance(frame, dict):
        return words
    on = f"{frame.get('code', '')} {frame.get('version', '')}".strip()
    return _("{criteria}, built on {frame}").format(criteria=words, frame=on)


def snapshot_of(connection: Connection, id: UUID) -> tuple[str, str, str | None] | None:
    """Text, fingerprint and signature of one approval, or None."""
    row = connection.execute(select(_T.c.snapshot, _T.c.snapshot_sha256, _T.c.signature).where(_T.c.id == id)).first()
    return None if row is None else (row.snapshot, row.snapshot_sha256, row.signature)


def snapshot_is_whole(text: str, sha256: str, signature: str | None, keys: PublicKeys) -> bool:
    """Whether a snapshot has its fingerprint and the signature of the unit that owns ``keys``."""
    if signature is None or snapshot_hash(text) != sha256:
        return False
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return keys.verifies(DOMAIN, text.encode("utf-8"), raw)
