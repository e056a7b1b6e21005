"""Figures of Party organisations in associations: status, counts, rules and dates, never a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final
from unicodedata import normalize

from sqlalchemy import ColumnElement, FromClause, Row, and_, func, or_, select

from hoidesk.associations.tables import Association, PartyStatus
from hoidesk.figures.definition import Ask, Facts, define
from hoidesk.figures.model import Fact
from hoidesk.figures.sources import alive, association_dims, associations, stands, table_of

__all__: list[str] = []

_WITH_ORGANISATION: Final = ("own", "joint")
_READ: Final = ("status", "joint_with", "party_members", "members_as_of", "rules_issued_on", "rules_reviewed_on")


def _latest(ask: Ask) -> FromClause:
    """The status of each association on the day: the one that began last, of those in force."""
    p = table_of(PartyStatus)
    newest = func.row_number().over(partition_by=p.c.association_id, order_by=(p.c.status_from.desc(), p.c.id.desc()))
    in_effect = and_(
        or_(p.c.status_from.is_(None), p.c.status_from <= ask.as_of),
        or_(p.c.status_to.is_(None), p.c.status_to >= ask.as_of),
    )
    ranked = select(p, newest.label("rank_")).where(stands(p), in_effect).subquery("party_ranked")
    return select(ranked).where(ranked.c.rank_ == 1).subquery("party_latest")


def _with_status(ask: Ask) -> tuple[Facts, FromClause]:
    a, latest = table_of(Association), _latest(ask)
    facts = associations(ask.as_of)
    joined = replace(facts, source=a.outerjoin(latest, latest.c.association_id == a.c.id))
    return joined.also(party_status=func.coalesce(latest.c.status, "unknown")), latest


def _has_organisation(latest: FromClause) -> ColumnElement[bool]:
    return func.coalesce(latest.c.status.in_(_WITH_ORGANISATION), False)


@define("associations_with_party_org")
def associations_with_party_org(ask: Ask) -> Facts:
    """Associations with an own or joint Party organisation; one without a record is not known, not "none"."""
    facts, latest = _with_status(ask)
    return facts.only(_has_organisation(latest))


@define("associations_party_org_rate")
def associations_party_org_rate(ask: Ask) -> Facts:
    """Of all associations on the day."""
    facts, latest = _with_status(ask)
    return facts.share(_has_organisation(latest))


@define("party_caucus_associations")
def party_caucus_associations(ask: Ask) -> Facts:
    """Associations with a Party caucus, whatever their Party organisation."""
    facts, latest = _with_status(ask)
    return facts.only(latest.c.caucus.is_(True))


Group = list[Row[Any]]
"""The rows of the associations that share one Party organisation."""


def _names(text: str | None) -> str:
    return " ".join(normalize("NFC", text or "").casefold().split())


def _share(one: Row[Any], other: Row[Any]) -> bool:
    """Whether two joint cells are the same one: the same partners, or one names the other association."""
    first, second = _names(one.joint_with), _names(other.joint_with)
    return (bool(first) and first == second) or _names(one.name) in second or _names(other.name) in first


def _grouped(rows: list[Row[Any]]) -> list[Group]:
    """The distinct Party organisations: own ones as they are, joint cells merged across the associations in them."""
    groups: list[Group] = [[row] for row in rows if row.status == "own"]
    joint: list[Group] = []
    for row in rows:
        if row.status != "joint":
            continue
        same = [group for group in joint if any(_share(row, member) for member in group)]
        joint = [group for group in joint if group not in same]
        joint.append([*(member for group in same for member in group), row])
    return groups + joint


def _organisations(ask: Ask, adds: Callable[[Group], tuple[int, int] | None]) -> Facts:
    """The Party organisations; ``adds`` says what each adds above and below the line, or None to leave it out."""
    a, latest = table_of(Association), _latest(ask)

    def merged(_facts: list[Fact], rows: list[Row[Any]], _more: list[list[Row[Any]]], ask: Ask) -> Iterable[Fact]:
        for group in _grouped(rows):
            amounts = adds(group)
            if amounts is not None:
                keys = {"party_status": group[0].status, "entrusted": min(row.entrusted for row in group)}
                label = (", ".join(sorted(row.name for row in group)),)
                yield Fact("party_status", group[0].id_, amounts[0], amounts[1], keys, label)

    facts = Facts(
        table="party_status",
        record=latest.c.id,
        label=(),
        source=latest.join(a, a.c.id == latest.c.association_id),
        where=(
            stands(a),
            a.c.kind == "association",
            alive(a.c.founded_on, a.c.ended_on, ask.as_of),
            latest.c.status.in_(_WITH_ORGANISATION),
        ),
        dims={},
    )
    columns: dict[str, ColumnElement[Any]] = {name: latest.c[name] for name in _READ}
    columns |= {"name": a.c.name, "entrusted": association_dims(a, ask.as_of)["entrusted"]}
    return facts.refined(merged, columns=columns, late=("party_status", "entrusted"))


def _rules_in(group: Group, ask: Ask) -> bool:
    return any(row.rules_issued_on is not None and row.rules_issued_on <= ask.as_of for row in group)


@define("party_orgs_total")
def party_orgs_total(ask: Ask) -> Facts:
    """Distinct Party organisations; a joint cell of several associations counts once."""
    return _organisations(ask, lambda group: (1, 0))


@define("party_members")
def party_members(ask: Ask) -> Facts:
    """The latest count of each Party organisation; a joint cell counts once."""

    def counted(group: Group) -> tuple[int, int] | None:
        told = [
            (row.members_as_of, row.party_members)
            for row in group
            if row.party_members is not None and row.members_as_of is not None and row.members_as_of <= ask.as_of
        ]
        return (max(told)[1], 0) if told else None

    return _organisations(ask, counted)


@define("party_rules_rate")
def party_rules_rate(ask: Ask) -> Facts:
    """Of all Party organisations, those with working rules issued by the day."""
    return _organisations(ask, lambda group: (int(_rules_in(group, ask)), 1))


@define("party_rules_reviewed")
def party_rules_reviewed(ask: Ask) -> Facts:
    """Working rules reviewed in the window; several reviews of one count once."""

    def reviewed(group: Group) -> tuple[int, int] | None:
        return (1, 0) if any(row.rules_reviewed_on in ask.window for row in group) else None

    return _organisations(ask.at(ask.window.end), reviewed)
