"""Settings of the office: they belong to the unit and travel to its other PCs, never up or down.

Letterhead lines, place, signer, labels of tiers and areas. One record a setting; the key is one of :data:`KEYS`.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from hoidesk.book.columns import document, line
from hoidesk.book.operations import Step
from hoidesk.book.records import Record, TableInfo
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.presets import Labels

__all__ = ["DEFAULTS", "SaveSettings", "Setting", "office_labels", "office_settings"]

# Every setting with its default. Labels are the names of tiers and areas as this office says them.
DEFAULTS: Final[dict[str, Any]] = {
    "label.superior": "Quận/huyện",
    "label.unit": "Phường",
    "label.area": "Khu phố",
    "label.group": "Tổ dân phố",
    "office.superior_name": "",
    "office.name": "",
    "office.place": "",
    "office.symbol": "BC-MTTQ-BTT",
    "signer.authority": "TM. BAN THƯỜNG TRỰC",
    "signer.post": "CHỦ TỊCH",
    "signer.name": "",
    "paper.letterhead": "state_front",
    # Lines of the Party and the Youth Union letterhead, and who else gets reports; only where the office uses them.
    "office.party_committee": "",
    "office.party_superior": "",
    "office.party_issuer": "",
    "office.party_symbol": "",
    "office.party_collective": "",
    "office.youth_superior": "",
    "office.youth_issuer": "",
    "office.youth_collective": "",
    "office.single_officer": False,
    # The issued outline by which this office reports (digits of its id), "" for the outline of the program.
    "paper.outline": "",
    # Whether the A5 sheet is offered after writing a package: "yes", "no", or "usual" for what is usual at the tier.
    "paper.handover": "usual",
}


class SettingFields(SQLModel):
    """One setting: its key and its value as JSON."""

    key: str = line(4, N_("Setting"), default=...)
    value: str = document(5, N_("Value"), default=...)


class Setting(SettingFields, Record, table=True):
    """A setting of the office."""

    __tablename__ = "setting"
    __info__: ClassVar[TableInfo] = TableInfo(60, N_("Setting"), writers="unit", owners=())


class SaveSettings(Step):
    """Change settings of the office; only the given keys change."""

    op: ClassVar[str] = "settings.save"
    label: ClassVar[str] = N_("Change settings of the office")

    values: dict[str, Any]

    def apply(self, work: Work) -> dict[str, Any]:
        for key, value in self.values.items():
            if key not in DEFAULTS:
                raise UserError("setting.unknown", _("There is no setting “{key}”.").format(key=key), field=key)
            if type(value) is not type(DEFAULTS[key]):
                raise UserError("setting.wrong", _("The setting “{key}” has a wrong kind of value.").format(key=key))
            stored = json.dumps(value, ensure_ascii=False)
            table = work.table("setting").table
            present = work.connection.execute(
                select(table.c.id).where(table.c.key == key, table.c.unit == work.unit.code, table.c.voided.is_(None))
            ).scalar()
            if present is None:
                work.insert("setting", {"key": key, "value": stored})
            else:
                work.update("setting", present, {"value": stored})
        return self.values


def office_settings(connection: Connection, unit: str) -> dict[str, Any]:
    """All settings of the office whose code is ``unit``, defaults filled in."""
    table = Setting.__table__  # type: ignore[attr-defined]
    rows = connection.execute(
        select(table.c.key, table.c.value).where(table.c.unit == unit, table.c.voided.is_(None)).order_by(table.c.id)
    )
    return DEFAULTS | {row.key: json.loads(row.value) for row in rows if row.key in DEFAULTS}


def office_labels(connection: Connection, unit: str) -> Labels:
    """What this office calls its tiers and areas; every screen and paper inserts these."""
    found = office_settings(connection, unit)
    return Labels(*(found[f"label.{name}"] for name in ("superior", "unit", "area", "group")))
