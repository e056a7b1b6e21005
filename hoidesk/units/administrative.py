"""The administrative units of 2025: 34 provinces and cities, 3,321 communes, wards and special zones.

Shipped data in force from 1 July 2025, with its source and date; see :func:`source`. The program only looks names and
codes up: a unit's own code in hoidesk is free text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from hoidesk.places import resource
from hoidesk.text.fold import fold

__all__ = ["AdministrativeUnit", "communes", "find", "provinces", "source", "unit"]

_KINDS: Final[Mapping[str, str]] = {
    "Tỉnh ": "province",
    "Thành phố ": "province",
    "Phường ": "ward",
    "Xã ": "commune",
    "Đặc khu ": "special_zone",
}


@dataclass(frozen=True, slots=True)
class AdministrativeUnit:
    """One unit: official code (two digits a province, five a communal unit), full name, kind, code of its province.

    ``kind`` is ``"province"``, ``"commune"``, ``"ward"`` or ``"special_zone"``.
    """

    code: str
    name: str
    kind: str
    province_code: str

    @property
    def short_name(self) -> str:
        """The name without the word for its kind: "Hoàn Kiếm"."""
        prefix = next(one for one in _KINDS if self.name.startswith(one))
        return self.name.removeprefix(prefix)


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(resource("units", "administrative_2025.json").read_text(encoding="utf-8"))
    return content


def _kind(name: str) -> str:
    return next(kind for prefix, kind in _KINDS.items() if name.startswith(prefix))


@cache
def _tree() -> Mapping[str, tuple[AdministrativeUnit, tuple[AdministrativeUnit, ...]]]:
    return {
        code: (
            AdministrativeUnit(code, name, _kind(name), code),
            tuple(AdministrativeUnit(one, text, _kind(text), code) for one, text in below),
        )
        for code, name, below in _content()["provinces"]
    }


@cache
def _by_code() -> Mapping[str, AdministrativeUnit]:
    return {one.code: one for province, below in _tree().values() for one in (province, *below)}


@cache
def _folded() -> tuple[tuple[str, str, AdministrativeUnit], ...]:
    """Folded full name, folded short name and unit of every unit, provinces first."""
    ordered = sorted(_by_code().values(), key=lambda one: (len(one.code), one.code))
    return tuple((fold(one.name), fold(one.short_name), one) for one in ordered)


def source() -> dict[str, str]:
    """Where the list comes from: source, through which package, date of the data, first day in force."""
    return {key: str(value) for key, value in _content().items() if key != "provinces"}


def provinces() -> tuple[AdministrativeUnit, ...]:
    """The 34 provinces and cities by code."""
    return tuple(province for province, _below in _tree().values())


def communes(province_code: str) -> tuple[AdministrativeUnit, ...]:
    """The communal units of a province by code; empty for a code that no province has."""
    found = _tree().get(province_code)
    return () if found is None else found[1]


def unit(code: str) -> AdministrativeUnit | None:
    """The unit with this official code, or None."""
    return _by_code().get(code.strip())


def find(text: str, *, province_code: str | None = None, limit: int = 20) -> list[AdministrativeUnit]:
    """Units whose name is, begins with or holds ``text``, without regard to accents, case or the word for the kind.

    Exact names come first, then beginnings, then the rest; provinces before communal units.
    """
    wanted = " ".join(fold(text).split())
    if not wanted:
        return []
    ranked: list[tuple[int, int, AdministrativeUnit]] = []
    for place, (full, short, one) in enumerate(_folded()):
        if province_code is not None and one.province_code != province_code:
            continue
        if wanted in (full, short):
            rank = 0
        elif full.startswith(wanted) or short.startswith(wanted):
            rank = 1
        elif wanted in full:
            rank = 2
        else:
            continue
        ranked.append((rank, place, one))
    ranked.sort(key=lambda entry: entry[:2])
    return [one for _rank, _place, one in ranked[:limit]]
