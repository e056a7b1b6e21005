"""A list of associations against the register: found by folded name, compared field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from hoidesk.associations.tables import Association, Membership, PartyStatus, Post
from hoidesk.book.registry import registry
from hoidesk.language import _
from hoidesk.presets import entries, label_of
from hoidesk.spreadsheets.planned import FieldChange, PlannedRow, changed_fields, shown, state_of
from hoidesk.spreadsheets.records import AssociationRecord, Finding
from hoidesk.spreadsheets.words import plain

__all__ = ["AssociationPlanner", "name_key"]

_PLACE: Final = re.compile(r"\s(phuong|xa|thi tran|dac khu)\b.*$")
_CLUB: Final = re.compile(r"^(clb|cau lac bo)\b")
_SCOPES: Final = (
    ("commune", re.compile(r"(phuong|\bxa\b|dac khu)")),
    ("district_legacy", re.compile(r"(quan|huyen|thi xa)")),
    ("province", re.compile(r"(tinh|thanh pho)")),
)

Step = dict[str, Any]


def name_key(name: str) -> str:
    """What two spellings of one association have in common: no accents, no marks, no "phường …" at the end."""
    return _CLUB.sub("cau lac bo", _PLACE.sub("", plain(name))).replace("lien hiep ", "").replace("lhpn", "phu nu")


class AssociationPlanner:
    """Plans the rows of lists of associations against one steady view of the book."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        t = Association.__table__  # type: ignore[attr-defined]
        rows = connection.execute(
            select(t).where(t.c.voided.is_(None), t.c.ended_on.is_(None)).order_by(t.c.id)
        ).mappings()
        self._known: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            self._known.setdefault((row["kind"], name_key(row["name"])), dict(row))
        self._mass_orgs = {name_key(str(one["vi"])) for one in entries("mass_orgs")}
        self._labels = {column.name: _(column.info.label) for column in registry()["association"].columns}

    def plan(self, record: AssociationRecord, key: str, titles: Sequence[str]) -> tuple[PlannedRow, list[Finding]]:
        """What becomes of one row; ``key`` names its new records among the steps."""
        kind = "mass_org" if name_key(record.name) in self._mass_orgs else "association"
        known = self._known.get((kind, name_key(record.name)))
        steps: list[Step] = []
        changes: list[FieldChange] = []
        fields = self._fields(record, known, titles)
        if known is None:
            steps.append({"op": "association.save", "as": key, "kind": kind, "name": record.name, **_json(fields)})
            owner: Any = f"@{key}"
        else:
            differing, found = changed_fields(self._labels, known, fields)
            changes += found
            owner = str(known["id"])
            if differing:
                steps.append({"op": "association.save", "id": owner, **_json(differing)})
        identity = None if known is None else known["id"]
        for part in (self._membership, self._head, self._party):
            part_steps, part_changes = part(record, identity, owner)
            steps += part_steps
            changes += part_changes
        row = PlannedRow(record, state_of(known is None, changes), record.name, tuple(changes), tuple(steps))
        return row, []

    def _fields(self, record: AssociationRecord, known: Mapping[str, Any] | None, titles: Sequence[str]) -> Step:
        """The fields of association.save that the sheet speaks of."""
        before = known or {}
        type_code = record.type_code
        remarks = list(record.remarks)
        if type_code == "other" and record.type:
            remarks.append(_("Type in the list: {type}").format(type=record.type))
            type_code = None if before.get("type") else type_code
        kept = str(before.get("remark") or "")
        added = [remark for remark in remarks if remark not in kept]
        fields: Step = {
            "type": type_code,
            "scope": _scope(record.scope, titles),
            "founding_number": record.decision_number,
            "founded_on": record.decision_date,
            "licensing_authority": record.licensing_authority,
            "managing_body": record.managing_body,
            "statute_number": record.statute_number,
            "last_congress_on": record.last_congress,
            "next_congress_on": record.next_congress,
            "headquarters": record.headquarters,
            "remark": "\n".join([*filter(None, [kept]), *added]) if added else None,
        }
        if before.get("scope") is not None:
            fields["scope"] = fields["scope"] if record.scope else None
        day = record.as_of
        entrusted = before.get("entrusted_from") is not None and before.get("entrusted_to") is None
        if record.entrusted and not entrusted:
            # The list does not say since when; the founding decision is the earliest day it can be.
            fields["entrusted_from"] = record.decision_date or before.get("founded_on") or day
        elif record.entrusted is False and entrusted:
            fields["entrusted_to"] = day
        return fields

    def _membership(self, record: AssociationRecord, id: Any, owner: str) -> tuple[list[Step], list[FieldChange]]:
        if record.members is None or record.as_of is None:
            return [], []
        values: Step = {"members": record.members, "joined": record.joined, "left": record.left}
        before = self._newest(Membership, id, "as_of", as_of=record.as_of)
        label = _("Members on {day}").format(day=shown(record.as_of))
        if before is None:
            note = _("Spreadsheet, sheet “{sheet}”, row {row}").format(sheet=record.sheet, row=record.row)
            last = self._newest(Membership, id, "as_of")
            step = {
                "op": "membership.save",
                "association_id": owner,
                "as_of": record.as_of,
                "source_note": note,
                **values,
            }
            return [_json(step)], [FieldChange(label, shown(last["members"] if last else None), shown(record.members))]
        differing, _found = changed_fields({}, before, values)
        if not differing:
            return [], []
        step = {"op": "membership.save", "id": str(before["id"]), **differing}
        return [step], [FieldChange(label, shown(before["members"]), shown(record.members))]

    def _head(self, record: AssociationRecord, id: Any, owner: str) -> tuple[list[Step], list[FieldChange]]:
        if record.head is None:
            return [], []
        # The titles of these posts are data of Vietnamese offices and are stored as they are printed.
        title = record.head_title or ("Chủ nhiệm" if _CLUB.match(plain(record.name)) else "Chủ tịch")
        before = self._newest(Post, id, "held_from", title=title, held_to=None)
        if before is not None and plain(before["holder"] or "") == plain(record.head):
            if record.phone and record.phone != before["phone"]:
                step = {"op": "post.save", "id": str(before["id"]), "phone": record.phone}
                return [step], [FieldChange(_("Official phone"), shown(before["phone"]), record.phone)]
            return [], []
        steps: list[Step] = []
        day = record.as_of
        if before is not None and day is not None:
            ends = max(day - timedelta(days=1), before["held_from"] or date.min)
            steps.append(_json({"op": "post.save", "id": str(before["id"]), "held_to": ends}))
        new: Step = {"op": "post.save", "association_id": owner, "title": title, "holder": record.head}
        new |= {"phone": record.phone, "held_from": day if before is not None else None}
        steps.append(_json(new))
        return steps, [FieldChange(title, shown(before["holder"]) if before else "", record.head)]

    def _party(self, record: AssociationRecord, id: Any, owner: str) -> tuple[list[Step], list[FieldChange]]:
        if record.party_code is None:
            return [], []
        counted: Step = {}
        if record.party_members is not None:
            counted = {"party_members": record.party_members, "members_as_of": record.as_of}
        before = self._newest(PartyStatus, id, "status_from", status_to=None)
        new_label = label_of("party_statuses", record.party_code)
        if before is not None and before["status"] == record.party_code:
            differing, found = changed_fields({"party_members": _("Party members (count)")}, before, counted)
            if "party_members" not in differing:
                return [], []
            return [_json({"op": "party_status.save", "id": str(before["id"]), **differing})], found[:1]
        steps: list[Step] = []
        day = record.as_of
        if before is not None and day is not None:
            ends = max(day - timedelta(days=1), before["status_from"] or date.min)
            steps.append(_json({"op": "party_status.save", "id": str(before["id"]), "status_to": ends}))
        since = day if before is not None else None
        step = {"op": "party_status.save", "association_id": owner, "status": record.party_code, "status_from": since}
        steps.append(_json(step | counted))
        old_label = label_of("party_statuses", before["status"]) if before else ""
        return steps, [FieldChange(_("Party organisation"), old_label, new_label)]

    def _newest(self, table: Any, id: Any, order: str, **where: Any) -> dict[str, Any] | None:
        """The newest record of an association in ``table`` with these values; None for a new association."""
        if id is None:
            return None
        t = table.__table__
        query = select(t).where(t.c.association_id == id, t.c.voided.is_(None))
        for name, value in where.items():
            query = query.where(t.c[name].is_(None) if value is None else t.c[name] == value)
        row = self._connection.execute(query.order_by(t.c[order].desc().nulls_last(), t.c.id.desc())).mappings().first()
        return dict(row) if row else None


def _scope(text: str | None, titles: Sequence[str]) -> str | None:
    """The scope that the sheet names for the row, or in its title ("trên địa bàn phường")."""
    if text is not None:
        return next((scope for scope, pattern in _SCOPES if pattern.search(plain(text))), None)
    title = plain(" ".join(titles))
    return "commune" if re.search(r"dia ban (phuong|xa|dac khu)", title) else None


def _json(values: Mapping[str, Any]) -> Step:
    """Fields as JSON has them, blanks left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None
    }
