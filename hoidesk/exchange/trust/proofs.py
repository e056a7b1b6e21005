"""Whether an approval is what the unit that owns it signed: its snapshot, its columns, its signature, its keys.

An approval carries the certificates of the unit that signed it, so that it is proven wherever it is relayed to, and
stays proven after the unit got new keys. Older programs wrote none; then a key that this book knows must fit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from hoidesk.assessment.approvals import snapshot_is_whole
from hoidesk.errors import Refusal
from hoidesk.exchange.merge.conflicts import names_a_record
from hoidesk.exchange.merge.values import BadValue, KnownSection, wrong_value
from hoidesk.exchange.scopes import CONFLICT
from hoidesk.exchange.state import key_ring
from hoidesk.exchange.trust.certificates import Certificate, Pin, read_chain, verify_chain
from hoidesk.exchange.trust.keys import PublicKeys, contains
from hoidesk.language import _

__all__ = ["APPROVAL", "Standing", "approval_standing", "check_row"]

APPROVAL: Final = 44
Standing = Literal["proven", "unproven", "forged"]
"""``unproven``: nobody known here says whose key it is. ``forged``: it is not what its unit signed."""


def approval_standing(connection: Connection, values: Mapping[str, Any]) -> Standing:
    """How far an approval is proven; ``values`` are its stored columns."""
    if not _agrees(values):
        return "forged"
    keys, known = _keys_of(connection, values)
    if not known:
        return "unproven"
    text_, sha256, signature = values["snapshot"], values["snapshot_sha256"], values["signature"]
    whole = any(snapshot_is_whole(text_, sha256, signature, PublicKeys(sign, "")) for sign in keys)
    return "proven" if whole else "forged"


def check_row(connection: Connection, known: KnownSection, values: Mapping[int, Any], *, new: bool) -> None:
    """Refuse a row that could not stand in the book: a conflict that names no record, a ``new`` approval that is not
    what its unit signed. ``values`` are stored values by position; raises BadValue."""
    named = {column.name: values[position] for position, column in known.columns.items()}
    if known.table.id == CONFLICT and "record" in named and not names_a_record(named["record"]):
        raise wrong_value(next(c for c in known.columns.values() if c.name == "record"))
    if new and known.table.id == APPROVAL:
        if approval_standing(connection, dict.fromkeys(c.name for c in known.table.columns) | named) == "forged":
            raise BadValue(_("This approval is not what the unit that it names has signed."))


def _keys_of(connection: Connection, values: Mapping[str, Any]) -> tuple[list[bytes], bool]:
    """The keys that may have signed, and whether anything is known about whose they are."""
    unit = str(values["unit"])
    own = connection.execute(text("SELECT value FROM book_info WHERE name = 'code'")).scalar()
    keys = [key.public.sign for key in key_ring(connection)] if unit == own else []
    known = _known(connection)
    keys += [sign for code, sign in known if code == unit]
    chain = _chain(values.get("chain"))
    if chain and _proven(chain, unit, known):
        keys.append(chain[0].keys.sign)
    return keys, bool(keys)


def _known(connection: Connection) -> set[tuple[str, bytes]]:
    rows = connection.execute(text("SELECT unit, sign FROM signer_key UNION SELECT unit, sign FROM pin"))
    return {(str(row.unit), bytes(row.sign)) for row in rows}


def _chain(stored: Any) -> tuple[Certificate, ...]:
    try:
        texts = json.loads(stored) if stored else []
        return read_chain([str(one) for one in texts]) if isinstance(texts, list) and texts else ()
    except (Refusal, ValueError, RecursionError):
        return ()


def _proven(chain: tuple[Certificate, ...], unit: str, known: set[tuple[str, bytes]]) -> bool:
    """Whether the chain leads from a key of ``unit`` to a key that this book knew at any time."""
    if chain[0].unit != unit or not contains(chain[0].subtree, unit):
        return False
    pins = {
        c.unit: Pin(sign=c.keys.sign, subtree=c.subtree, serial=c.serial)
        for c in chain
        if (c.unit, c.keys.sign) in known
    }
    try:
        verify_chain(chain, pins)
    except Refusal:
        return False
    return True


def _agrees(values: Mapping[str, Any]) -> bool:
    """Whether the columns say what the signed snapshot says."""
    try:
        content = json.loads(values["snapshot"])
        unit, round_, approval = content["unit"], content["round"], content["approval"]
        about = _plain(values["branch_id"] or values["association_id"] or values["area_id"])
        said = {
            "decided_class": content["decided_class"],
            "computed_class": content["computed_class"],
            "revision": content["revision"],
            "unit_kind": unit["kind"],
            "year": round_["year"],
            "round_code": round_["code"],
            "cut_off": round_["cut_off"],
            "approved_on": approval["on"],
            "minutes_number": approval["minutes_number"],
            "minutes_on": approval["minutes_on"],
            "approver_post": approval["post"],
        }
        return unit["id"] == about and all(_plain(values[name]) == value for name, value in said.items())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return str(UUID(bytes=value))
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
