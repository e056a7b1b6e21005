"""Reading emulation: criteria sets, registrations with targets and limitations, clusters, units that have not sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, literal, or_, select

from hoidesk.book.search import search
from hoidesk.emulation.rules import ClusterWarning, cluster_warnings, days_late, is_overdue, target_met
from hoidesk.emulation.tables import (
    Cluster,
    ClusterMember,
    CriteriaDraft,
    CriteriaSet,
    Limitation,
    Registration,
    Target,
)
from hoidesk.emulation.units import UNIT_TABLES, sort_of, unit_id, unit_names, units_on

__all__ = [
    "ClusterRow",
    "CriteriaSetRow",
    "LimitationRow",
    "RegistrationDetail",
    "RegistrationRow",
    "TargetRow",
    "cluster_rows",
    "criteria_set_rows",
    "limitation_rows",
    "not_registered",
    "registration_detail",
    "registration_ids",
    "registration_rows",
    "registration_years",
]

_SET: Final = CriteriaSet.__table__  # type: ignore[attr-defined]
_DRAFT: Final = CriteriaDraft.__table__  # type: ignore[attr-defined]
_REG: Final = Registration.__table__  # type: ignore[attr-defined]
_TARGET: Final = Target.__table__  # type: ignore[attr-defined]
_LIMIT: Final = Limitation.__table__  # type: ignore[attr-defined]
_CLUSTER: Final = Cluster.__table__  # type: ignore[attr-defined]
_MEMBER: Final = ClusterMember.__table__  # type: ignore[attr-defined]
_COUNTED: Final = ("targets", "targets_met", "limitations", "limitations_open")


@dataclass(frozen=True, slots=True)
class CriteriaSetRow:
    """A version of a criteria set, without its content. ``state``: draft, published or withdrawn."""

    id: UUID
    code: str
    version: str
    year: int
    unit_kind: str
    title: str
    state: str
    unit: str
    """The unit that issued it, or works on the draft."""


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration in the list. ``state``: draft, submitted or withdrawn; ``days_late`` counts on while unsent."""

    id: UUID
    year: int
    unit_kind: str
    unit_id: UUID
    unit_name: str
    title_targeted: str | None
    criteria_set_id: UUID | None
    criteria_title: str | None
    agreed_meeting_id: UUID | None
    due_on: date | None
    submitted_on: date | None
    withdrawn_on: date | None
    remark: str | None
    days_late: int
    targets: int
    targets_met: int
    limitations: int
    limitations_open: int

    @property
    def state(self) -> str:
        """Where the registration stands."""
        if self.withdrawn_on is not None:
            return "withdrawn"
        return "draft" if self.submitted_on is None else "submitted"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target; ``met`` as of the day that was asked for."""

    id: UUID
    position: int
    item: str | None
    text: str
    target_value: int | None
    target_unit: str | None
    due_on: date | None
    evidence_expected: str | None
    result_value: int | None
    confirmed_on: date | None
    met: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class LimitationRow:
    """A known limitation; ``code`` is an id of the list ``limitation_codes``."""

    id: UUID
    unit_kind: str
    unit_id: UUID
    registration_id: UUID | None
    code: str | None
    text: str
    remedy: str | None
    remedy_due_on: date | None
    opened_on: date | None
    closed_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class RegistrationDetail:
    """A registration with its targets beside the unit's limitations: those named in it and those still open."""

    row: RegistrationRow
    targets: tuple[TargetRow, ...]
    limitations: tuple[LimitationRow, ...]
    seen: int
    """Row clock to pass as ``seen`` when saving."""


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster with its quarters (id, name) and what is unusual about it."""

    id: UUID
    year: int
    name: str
    members: tuple[tuple[UUID, str], ...]
    warnings: tuple[ClusterWarning, ...]


def criteria_set_rows(
    connection: Connection, *, year: int | None = None, unit_kind: str | None = None, state: str | None = None
) -> list[CriteriaSetRow]:
    """Criteria sets and drafts of them, newest year first; optionally only of one year, kind of unit or state."""
    names = [name for name in CriteriaSetRow.__slots__ if name != "state"]
    found: list[CriteriaSetRow] = []
    for table, stated in ((_SET, _SET.c.state), (_DRAFT, literal("draft"))):
        wanted = select(*(table.c[name] for name in names), stated.label("state")).where(table.c.voided.is_(None))
        for column, value in ((table.c.year, year), (table.c.unit_kind, unit_kind), (stated, state)):
            if value is not None:
                wanted = wanted.where(column == value)
        found += [CriteriaSetRow(**row) for row in connection.execute(wanted).mappings()]
    return sorted(found, key=lambda one: (-one.year, one.unit_kind, one.title, one.id))


def registration_years(connection: Connection) -> list[int]:
    """The years that have a registration, newest first."""
    rows = connection.execute(
        select(_REG.c.year).distinct().where(_REG.c.voided.is_(None)).order_by(_REG.c.year.desc())
    )
    return list(rows.scalars())


def registration_ids(
    connection: Connection, *, year: int | None = None, unit_kind: str | None = None, query: str = ""
) -> list[UUID]:
    """Registrations by year (newest first), kind of unit and the unit's name in Vietnamese order."""
    wanted = select(_REG.c.id).where(_REG.c.voided.is_(None))
    if year is not None:
        wanted = wanted.where(_REG.c.year == year)
    if unit_kind is not None:
        wanted = wanted.where(_REG.c.unit_kind == unit_kind)
    if query.strip():
        wanted = wanted.where(_REG.c.id.in_([id_ for _t, id_, _title in search(connection, query, [31], limit=None)]))
    order = case({kind: place for place, kind in enumerate(UNIT_TABLES)}, value=_REG.c.unit_kind)
    return list(connection.execute(wanted.order_by(_REG.c.year.desc(), order, sort_of(_REG), _REG.c.id)).scalars())


def registration_rows(connection: Connection, ids: Sequence[UUID], today: date) -> list[RegistrationRow]:
    """The registrations with these ids, in their order; three statements however many there are."""
    fields = select(_REG, _SET.c.title.label("criteria_title")).outerjoin(_SET, _SET.c.id == _REG.c.criteria_set_id)
    rows = {row.id: row for row in connection.execute(fields.where(_REG.c.id.in_(ids)))}
    counts = _counts(connection, ids, today)
    names = unit_names(connection, [unit_id(row) for row in rows.values()])
    found = []
    for id_ in ids:
        row = rows.get(id_)
        if row is None:
            continue
        unit = unit_id(row)
        late = 0 if row.withdrawn_on is not None else days_late(row.due_on, row.submitted_on, today)
        counts_here = dict(zip(_COUNTED, counts.get(id_, (0, 0, 0, 0)), strict=True))
        computed = {"unit_id": unit, "unit_name": names.get(unit, ""), "days_late": late} | counts_here
        found.append(RegistrationRow(**_stored(row, RegistrationRow, computed)))
    return found


def _counts(connection: Connection, ids: Sequence[UUID], today: date) -> dict[UUID, tuple[int, int, int, int]]:
    """Targets, targets met, limitations and open limitations of registrations, in one statement."""
    met = and_(
        _TARGET.c.confirmed_on <= today,
        or_(_TARGET.c.target_value.is_(None), _TARGET.c.result_value >= _TARGET.c.target_value),
    )
    open_ = or_(_LIMIT.c.closed_on.is_(None), _LIMIT.c.closed_on > today)

    def part(table: Any, column: str, condition: Any) -> Any:
        return (
            select(table.c.registration_id.label("id"), func.count().label("n"), _sum(condition).label("m"))
            .where(table.c.registration_id.in_(ids), table.c.voided.is_(None))
            .group_by(table.c.registration_id)
            .subquery(column)
        )

    targets, limits = part(_TARGET, "targets", met), part(_LIMIT, "limits", open_)
    rows = connection.execute(
        select(_REG.c.id, targets.c.n, targets.c.m, limits.c.n.label("k"), limits.c.m.label("o"))
        .outerjoin(targets, targets.c.id == _REG.c.id)
        .outerjoin(limits, limits.c.id == _REG.c.id)
        .where(_REG.c.id.in_(ids))
    )
    return {row.id: (row.n or 0, row.m or 0, row.k or 0, row.o or 0) for row in rows}


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _stored(row: Any, kind: Any, computed: dict[str, Any]) -> dict[str, Any]:
    """The fields of a read model: those stored in the row, and the computed ones."""
    return {name: getattr(row, name) for name in kind.__slots__ if name not in computed} | computed


def _target(row: Any, today: date) -> TargetRow:
    met = target_met(row.target_value, row.result_value, row.confirmed_on, today)
    late = is_overdue(row.due_on, row.confirmed_on, today)
    return TargetRow(**_stored(row, TargetRow, {"met": met, "overdue": late}))


def _limitation(row: Any, today: date) -> LimitationRow:
    late = is_overdue(row.remedy_due_on, row.closed_on, today)
    return LimitationRow(**_stored(row, LimitationRow, {"unit_id": unit_id(row), "overdue": late}))


def limitation_rows(
    connection: Connection, kind: str, unit: UUID, today: date, *, also: UUID | None = None
) -> list[LimitationRow]:
    """The open limitations of a unit, and all those named in the registration ``also``; the nearest deadline first."""
    column = _LIMIT.c[f"{kind}_id"]
    open_ = and_(column == unit, or_(_LIMIT.c.closed_on.is_(None), _LIMIT.c.closed_on > today))
    wanted = open_ if also is None else or_(open_, _LIMIT.c.registration_id == also)
    rows = connection.execute(
        select(_LIMIT)
        .where(_LIMIT.c.voided.is_(None), wanted)
        .order_by(_LIMIT.c.remedy_due_on.is_(None), _LIMIT.c.remedy_due_on, _LIMIT.c.id)
    )
    return [_limitation(row, today) for row in rows]


def registration_detail(connection: Connection, id: UUID, today: date) -> RegistrationDetail | None:
    """Everything about one registration, or None if it is not in the book."""
    found = registration_rows(connection, [id], today)
    if not found:
        return None
    row = found[0]
    rows = connection.execute(
        select(_TARGET)
        .where(_TARGET.c.registration_id == id, _TARGET.c.voided.is_(None))
        .order_by(_TARGET.c.position, _TARGET.c.id)
    )
    targets = tuple(_target(one, today) for one in rows)
    seen = connection.exec_driver_sql("SELECT seq FROM row_clock WHERE tbl = 31 AND id = ?", (id.bytes,)).scalar()
    limitations = limitation_rows(connection, row.unit_kind, row.unit_id, today, also=id)
    return RegistrationDetail(row, targets, tuple(limitations), seen or 0)


def not_registered(connection: Connection, year: int, day: date) -> list[tuple[str, UUID, str]]:
    """The units in existence on ``day`` without a standing registration for ``year``: kind, id, name."""
    rows = connection.execute(
        select(_REG.c.unit_kind, _REG.c.area_id, _REG.c.branch_id, _REG.c.association_id).where(
            _REG.c.year == year,
            _REG.c.voided.is_(None),
            _REG.c.submitted_on.is_not(None),
            _REG.c.withdrawn_on.is_(None),
        )
    )
    there = {unit_id(row) for row in rows}
    return [(unit.kind, unit.id, unit.name) for unit in units_on(connection, day) if unit.id not in there]


def cluster_rows(
    connection: Connection, year: int, neighbours: Iterable[tuple[UUID, UUID]] | None = None
) -> list[ClusterRow]:
    """The clusters of a year with their quarters and warnings; adjacency only where ``neighbours`` are known."""
    clusters = connection.execute(
        select(_CLUSTER).where(_CLUSTER.c.year == year, _CLUSTER.c.voided.is_(None)).order_by(_CLUSTER.c.name)
    ).all()
    rows = connection.execute(
        select(_MEMBER.c.cluster_id, _MEMBER.c.area_id).where(
            _MEMBER.c.cluster_id.in_([row.id for row in clusters]), _MEMBER.c.voided.is_(None)
        )
    ).all()
    names = unit_names(connection, [row.area_id for row in rows])
    members: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for row in rows:
        members[row.cluster_id].append((row.area_id, names.get(row.area_id, "")))
    known = None if neighbours is None else list(neighbours)
    found = []
    for cluster in clusters:
        inside = sorted(members[cluster.id], key=lambda one: (one[1], one[0]))
        warnings = cluster_warnings([id_ for id_, _name in inside], known)
        found.append(ClusterRow(cluster.id, cluster.year, cluster.name, tuple(inside), warnings))
    return found
