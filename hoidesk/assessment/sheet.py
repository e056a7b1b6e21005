"""A score sheet as the rules read it: groups, criteria, items, bands and side conditions.

The content of a criteria set is a mapping (a shipped preset, or the JSON frozen in the book); :func:`read_sheet` turns
it into values of fixed type. Points are integers in hundredths of a point, thresholds are exact fractions: nothing in
this room ever rounds a float. Texts keep their label placeholders until they are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = [
    "Band",
    "Criterion",
    "Group",
    "Item",
    "Sheet",
    "SideCondition",
    "Step",
    "canonical_json",
    "exact",
    "hundredths",
    "read_sheet",
    "sheet_faults",
]

SCORING_KINDS: Final = frozenset(
    {"yes_no", "steps", "ratio_to_target", "deduction", "bonus_with_ceiling", "judgement", "veto"}
)
ROLES: Final = ("points", "bonus", "penalty", "veto")
NOT_RATED: Final = "NOT_RATED"


@dataclass(frozen=True, slots=True)
class Step:
    """From this value on, these points (hundredths)."""

    at_least: Fraction
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line that gets a score; which fields count depends on ``kind``. Points in hundredths."""

    id: str
    text: str
    kind: str
    role: str
    maximum: int
    lowest: int
    highest: int
    criterion_maximum: int
    figure: str | None
    where: tuple[tuple[str, str], ...]
    when_none: str
    yes_at_least: Fraction | None
    yes_at_most: Fraction | None
    steps: tuple[Step, ...]
    otherwise: int
    target: Fraction | None
    round_to: int
    per_unit: int
    text_required: bool
    evidence_required: bool
    evidence: str
    note: str
    guide: tuple[str, ...]
    source: str
    cap_class: str | None
    hold: bool
    not_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A numbered criterion with its items; maximum in hundredths."""

    id: str
    number: str
    text: str
    maximum: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A numbered group of criteria; only groups with the role ``points`` make the total."""

    id: str
    number: str
    text: str
    role: str
    maximum: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A class and its band on the scale to 100: from ``at_least`` (included) to ``below`` (excluded)."""

    code: str
    text: str
    at_least: Fraction | None
    below: Fraction | None


@dataclass(frozen=True, slots=True)
class SideCondition:
    """A condition beside the points that a class asks for."""

    id: str
    for_class: str
    text: str
    figure: str | None
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of a sheet; ``bands`` run from the best class down, without the one for units not rated."""

    id: str
    title: str
    label: str
    version: str
    notice: str
    unit_kind: str
    dimension: str
    max_total: int
    bonus_ceiling: int
    penalty_floor: int
    score_step: int
    scale_to: int
    gap_reason_pct: Fraction
    new_unit_days: int | None
    not_rated_reasons: frozenset[str]
    groups: tuple[Group, ...]
    bands: tuple[Band, ...]
    side_conditions: tuple[SideCondition, ...]

    def items(self) -> Iterator[Item]:
        """Every item in printed order."""
        for group in self.groups:
            for criterion in group.criteria:
                yield from criterion.items

    def item(self, id_: str) -> Item:
        """One item; KeyError if the sheet has none of this id."""
        for one in self.items():
            if one.id == id_:
                return one
        raise KeyError(id_)

    def condition(self, id_: str) -> SideCondition | None:
        """One side condition in force, or None."""
        return next((one for one in self.side_conditions if one.id == id_), None)


def exact(value: object) -> Fraction:
    """A number of a sheet as it is written: 0.1 is one tenth. ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"not a number: {value!r}")
    return Fraction(str(value))


def hundredths(value: object) -> int:
    """Points of a sheet in hundredths; ValueError for finer points."""
    scaled = exact(value) * 100
    if scaled.denominator != 1:
        raise ValueError(f"finer than a hundredth of a point: {value!r}")
    return int(scaled)


def canonical_json(content: object) -> str:
    """The one text of a JSON value: sorted keys, no spaces, letters as they are. Hashes are taken over its UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _optional(one: Mapping[str, Any], key: str) -> Fraction | None:
    return None if one.get(key) is None else exact(one[key])


def _limits(one: Mapping[str, Any], role: str, maximum: int) -> tuple[int, int]:
    """Lowest and highest points that the item can get."""
    if role == "bonus":
        return 0, hundredths(one["ceiling"])
    if role == "penalty":
        return hundredths(one["floor"]), 0
    if one["kind"] == "deduction":
        return hundredths(one.get("floor", 0)), maximum
    return (0, 0) if role == "veto" else (0, maximum)


def _item(one: Mapping[str, Any], group: Mapping[str, Any], criterion_maximum: int) -> Item:
    if one["kind"] not in SCORING_KINDS:
        raise ValueError(f"unknown kind of scoring: {one['kind']!r}")
    role, maximum = group["role"], hundredths(one["max"])
    lowest, highest = _limits(one, role, maximum)
    yes, effect = one.get("yes_when", {}), one.get("effect", {})
    manual = one.get("answer") == "manual"
    return Item(
        id=str(one["id"]),
        text=str(one["vi"]),
        kind=str(one["kind"]),
        role=role,
        maximum=maximum,
        lowest=lowest,
        highest=highest,
        criterion_maximum=criterion_maximum,
        figure=None if manual or "figure" not in one else str(one["figure"]),
        where=tuple(sorted((str(key), str(value)) for key, value in one.get("where", {}).items())),
        when_none=str(one.get("when_none", "ask")),
        yes_at_least=_optional(yes, "at_least"),
        yes_at_most=_optional(yes, "at_most"),
        steps=tuple(Step(exact(step["at_least"]), hundredths(step["points"])) for step in one.get("steps", ())),
        otherwise=hundredths(one.get("otherwise", 0)),
        target=_optional(one, "target"),
        round_to=hundredths(one.get("round_to", 0)) or 1,
        per_unit=hundredths(one.get("per_unit", 0)),
        text_required=bool(one.get("text_required", False)),
        evidence_required=bool(one.get("evidence_required", False)),
        evidence=str(one.get("evidence", "")),
        note=str(one.get("note", "")),
        guide=tuple(str(line) for line in one.get("guide", ())),
        source=str(one.get("source", "")),
        cap_class=effect.get("cap_class"),
        hold="hold" in effect,
        not_for=frozenset(str(kind) for kind in group.get("not_applicable_for", ())),
    )


def _criterion(one: Mapping[str, Any], group: Mapping[str, Any]) -> Criterion:
    maximum = hundredths(one["max"])
    items = tuple(_item(item, group, maximum) for item in one["items"])
    return Criterion(str(one["id"]), str(one["number"]), str(one["vi"]), maximum, items)


def _group(one: Mapping[str, Any]) -> Group:
    if one["role"] not in ROLES:
        raise ValueError(f"unknown role of a group: {one['role']!r}")
    criteria = tuple(_criterion(criterion, one) for criterion in one["criteria"])
    return Group(str(one["id"]), str(one["number"]), str(one["vi"]), one["role"], hundredths(one["max"]), criteria)


def _condition(one: Mapping[str, Any]) -> SideCondition:
    figure = None if one.get("answer") == "manual" else one.get("figure")
    return SideCondition(
        str(one["id"]),
        str(one["for_class"]),
        str(one["vi"]),
        None if figure is None else str(figure),
        _optional(one, "at_least"),
        _optional(one, "at_most"),
    )


def _bands(classes: Mapping[str, Any]) -> tuple[Band, ...]:
    return tuple(
        Band(str(one["code"]), str(one["vi"]), _optional(one, "at_least"), _optional(one, "below"))
        for one in classes["bands"]
        if one["code"] != NOT_RATED
    )


def _read(content: Mapping[str, Any]) -> Sheet:
    classes = content["classes"]
    not_rated: Sequence[Mapping[str, Any]] = classes.get("not_rated_when", ())
    days = [int(one["days"]) for one in not_rated if one["reason"] == "new_unit" and one.get("days")]
    return Sheet(
        id=str(content["id"]),
        title=str(content["vi"]),
        label=str(content.get("label", "")),
        version=str(content["version"]),
        notice=str(content.get("notice", "")),
        unit_kind=str(content["unit_kind"]),
        dimension=str(content["dimension"]),
        max_total=hundredths(content["max_total"]),
        bonus_ceiling=hundredths(content.get("bonus_ceiling", 0)),
        penalty_floor=hundredths(content.get("penalty_floor", 0)),
        score_step=hundredths(content.get("score_step", 1)),
        scale_to=int(classes.get("scale_to", 100)),
        gap_reason_pct=exact(content.get("gap_reason_pct", 10)),
        new_unit_days=days[0] if days else None,
        not_rated_reasons=frozenset(str(one["reason"]) for one in not_rated),
        groups=tuple(_group(one) for one in content["groups"]),
        bands=_bands(classes),
        side_conditions=tuple(
            _condition(one) for one in classes.get("side_conditions", ()) if one.get("enabled", True)
        ),
    )


def read_sheet(content: Mapping[str, Any] | str) -> Sheet:
    """The sheet in a preset mapping or in the JSON text of a criteria set.

    Raises UserError if the content is not a sheet: it may have come in a package from a newer or broken program.
    """
    try:
        loaded = json.loads(content) if isinstance(content, str) else content
        return _read(loaded)
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError, RecursionError) as error:
        raise UserError(
            "criteria.unreadable",
            _("This criteria set cannot be read. Ask the unit that issued it to send it again."),
            field="content",
        ) from error


def sheet_faults(sheet: Sheet) -> list[str]:
    """What keeps a sheet from being published, one sentence each: sums that do not agree, ids written twice, gaps."""
    faults = []
    for group in (one for one in sheet.groups if one.role == "points"):
        for criterion in group.criteria:
            if sum(item.maximum for item in criterion.items) != criterion.maximum:
                faults.append(_("Criterion {number}: its lines do not add up.").format(number=criterion.number))
        if sum(criterion.maximum for criterion in group.criteria) != group.maximum:
            faults.append(_("Group {number}: its criteria do not add up.").format(number=group.number))
    if sum(group.maximum for group in sheet.groups if group.role == "points") != sheet.max_total:
        faults.append(_("The groups do not add up to the total of the sheet."))
    ids = [item.id for item in sheet.items()] + [one.id for one in sheet.side_conditions]
    if len(ids) != len(set(ids)):
        faults.append(_("An id is used twice."))
    edges = [band.at_least for band in sheet.bands[:-1]] == [band.below for band in sheet.bands[1:]]
    open_ends = bool(sheet.bands) and sheet.bands[0].below is None and sheet.bands[-1].at_least is None
    if not (edges and open_ends):
        faults.append(_("The bands of the classes leave a gap or overlap."))
    return faults
