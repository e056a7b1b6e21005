"""Reading a score sheet from the content of a criteria set, and judging whether it may be published.

The content is a mapping (a shipped preset, or the JSON frozen in the book), and may have come in a package: whatever
it is, it becomes a sheet or one sentence. Texts keep their label placeholders until they are shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from hoidesk.assessment.sheet import (
    NOT_RATED,
    Band,
    Criterion,
    Group,
    Item,
    Sheet,
    SideCondition,
    Step,
    exact,
    hundredths,
)
from hoidesk.errors import UserError
from hoidesk.language import _

__all__ = ["read_sheet", "sheet_faults"]

SCORING_KINDS: Final = frozenset(
    {"yes_no", "steps", "ratio_to_target", "deduction", "bonus_with_ceiling", "judgement", "veto"}
)
ROLES: Final = ("points", "bonus", "penalty", "veto")


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


def _points_of(item: Item) -> tuple[int, ...]:
    """Every number of points that the rule of an item can give by itself."""
    steps = tuple(step.points for step in item.steps)
    per_unit = item.per_unit if item.figure is not None else 0
    rounding = item.round_to if item.kind == "ratio_to_target" else 0
    return item.maximum, item.lowest, item.highest, item.otherwise, per_unit, rounding, *steps


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
    if any(points % sheet.score_step for item in sheet.items() for points in _points_of(item)):
        faults.append(_("Some points do not fit the steps in which points are given."))
    ids = [item.id for item in sheet.items()] + [one.id for one in sheet.side_conditions]
    if len(ids) != len(set(ids)):
        faults.append(_("An id is used twice."))
    edges = [band.at_least for band in sheet.bands[:-1]] == [band.below for band in sheet.bands[1:]]
    open_ends = bool(sheet.bands) and sheet.bands[0].below is None and sheet.bands[-1].at_least is None
    if not (edges and open_ends):
        faults.append(_("The bands of the classes leave a gap or overlap."))
    return faults
