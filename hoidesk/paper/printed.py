"""The printed numbers of an issued paper as data: each with its value, the version of its rule and its records.

Record ids are listed once and named by their places in that list ("0-11,15"): a half-year of a large ward would
otherwise repeat each id a dozen times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from hoidesk.errors import EnvError
from hoidesk.figures.model import Key
from hoidesk.language import _
from hoidesk.paper.numbers import Used

__all__ = ["PrintedFigure", "printed_from_json", "printed_json"]


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One number as it was printed, with the records that it counted.

    ``number`` is None where the paper says "không có". ``where`` is the filter, values as text.
    """

    figure: str
    part: str
    where: tuple[tuple[str, str], ...]
    number: Fraction | None
    numerator: int | None
    denominator: int | None
    rule_version: str
    record_ids: tuple[UUID, ...]
    numerator_ids: tuple[UUID, ...]


def _runs(places: Iterable[int]) -> str:
    out: list[list[int]] = []
    for place in sorted(places):
        if out and place == out[-1][1] + 1:
            out[-1][1] = place
        else:
            out.append([place, place])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def _places(runs: str, count: int) -> list[int]:
    out: list[int] = []
    for run in runs.split(",") if runs else ():
        first, _dash, last = run.partition("-")
        stop = int(last or first)
        if not 0 <= int(first) <= stop < count:
            raise ValueError(run)
        out.extend(range(int(first), stop + 1))
    return out


def _key(value: Key) -> str:
    return "" if value is None else str(value)


def printed_json(used: Sequence[Used]) -> str:
    """The printed numbers as canonical JSON text."""
    ids = sorted({one for u in used for one in (*u.value.record_ids, *u.value.numerator_ids)})
    place = {one: index for index, one in enumerate(ids)}

    def listed(records: Sequence[UUID]) -> str:
        return _runs(place[one] for one in records)

    figures: list[dict[str, Any]] = []
    for u in sorted(used, key=lambda u: (u.ref.id, u.ref.part, [(k, _key(v)) for k, v in u.where])):
        value = u.value
        one: dict[str, Any] = {"id": u.ref.id, "rule": value.rule_version, "records": listed(value.record_ids)}
        one["number"] = None if value.number is None else str(Fraction(value.number))
        if u.ref.part:
            one["part"] = u.ref.part
        if u.where:
            one["where"] = {name: _key(key) for name, key in u.where}
        if value.denominator is not None:
            one |= {"above": value.numerator, "below": value.denominator, "counted": listed(value.numerator_ids)}
        figures.append(one)
    content = {"records": [one.hex for one in ids], "figures": figures}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def printed_from_json(text: str) -> tuple[PrintedFigure, ...]:
    """The printed numbers of a stored paper; raises EnvError if the text is not whole (it may come from outside)."""
    try:
        content = json.loads(text)
        ids = [UUID(hex=one) for one in content["records"]]
        return tuple(_printed(one, ids) for one in content["figures"])
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        text_ = _("The stored paper cannot be read. Compose the paper again from the book.")
        raise EnvError("paper.damaged", text_) from error


def _printed(one: dict[str, Any], ids: Sequence[UUID]) -> PrintedFigure:
    def records(runs: str) -> tuple[UUID, ...]:
        return tuple(ids[place] for place in _places(runs, len(ids)))

    counted = one.get("counted", one["records"])
    return PrintedFigure(
        figure=str(one["id"]),
        part=str(one.get("part", "")),
        where=tuple(sorted((str(k), str(v)) for k, v in one.get("where", {}).items())),
        number=None if one["number"] is None else Fraction(one["number"]),
        numerator=one.get("above"),
        denominator=one.get("below"),
        rule_version=str(one["rule"]),
        record_ids=records(one["records"]),
        numerator_ids=records(counted),
    )
