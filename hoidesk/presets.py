"""The shipped presets: closed lists with their labels, reference sheets, figures, report outline, calendar.

YAML under resources/presets is the only source. A file is parsed at its first use (safe loader, libyaml where the
wheel has it) and kept; asking for a label therefore costs a dictionary access. What these functions return is shared:
read it, never change it.

Tier and area names are data: a preset writes ``{label.superior}``, ``{label.unit}``, ``{label.area}``,
``{label.group}`` or ``{scope.ID}``, and :class:`Labels` says what stands there in this office.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from hoidesk.language import current_language
from hoidesk.places import resource

__all__ = [
    "CHOICES",
    "DEFAULT_LABELS",
    "SHEETS",
    "Labels",
    "choices",
    "criteria_sheet",
    "difficulty_codes",
    "entries",
    "entry",
    "expected_bodies",
    "figure",
    "figures_catalogue",
    "fill_labels",
    "label_of",
    "letterheads",
    "report_outline",
    "value_labels",
    "working_calendar",
]

CHOICES: Final[Mapping[str, tuple[str, str]]] = {
    # name: (file, list in the file)
    "superior_labels": ("labels", "superior_labels"),
    "unit_labels": ("labels", "unit_labels"),
    "area_labels": ("labels", "area_labels"),
    "group_labels": ("labels", "group_labels"),
    "tiers": ("labels", "tiers"),
    "area_kinds": ("labels", "area_kinds"),
    "association_kinds": ("labels", "association_kinds"),
    "association_types": ("association_types", "types"),
    "scopes": ("association_types", "scopes"),
    "common_associations": ("association_types", "common_associations"),
    "mass_orgs": ("association_types", "mass_orgs"),
    "branch_kinds": ("association_types", "branch_kinds"),
    "body_kinds": ("association_types", "body_kinds"),
    "party_statuses": ("association_types", "party_statuses"),
    "reorganization_kinds": ("association_types", "reorganization_kinds"),
    "meeting_kinds": ("meeting_kinds", "kinds"),
    "meeting_counters": ("meeting_kinds", "counters"),
    "rhythms": ("meeting_kinds", "rhythms"),
    "outcome_kinds": ("meeting_kinds", "outcome_kinds"),
    "agenda_kinds": ("meeting_kinds", "agenda_kinds"),
    "item_outcomes": ("meeting_kinds", "item_outcomes"),
    "reply_statuses": ("petition_themes", "reply_statuses"),
    "petition_statuses": ("petition_themes", "statuses"),
    "petition_themes": ("petition_themes", "themes"),
    "addressee_kinds": ("petition_themes", "addressee_kinds"),
    "limitation_groups": ("limitation_codes", "groups"),
    "limitation_codes": ("limitation_codes", "codes"),
    "movement_kinds": ("movements", "kinds"),
    "movement_leads": ("movements", "leads"),
    "goals": ("movements", "goals"),
    "movements": ("movements", "movements"),
    "document_kinds": ("document_kinds", "kinds"),
    "issuing_levels": ("document_kinds", "issuing_levels"),
    "issuer_kinds": ("document_kinds", "issuer_kinds"),
    "figure_groups": ("figures", "groups"),
    "figure_units": ("figures", "units"),
    "figures": ("figures", "figures"),
    "reported_kinds": ("figures", "reported_kinds"),
    "dimensions": ("figures", "dimensions"),
    "holidays": ("working_calendar", "holidays"),
    "criteria_states": ("states", "criteria_states"),
    "round_codes": ("states", "round_codes"),
    "assessment_states": ("states", "assessment_states"),
    "score_layers": ("states", "score_layers"),
    "score_cells": ("states", "score_cells"),
    "not_rated_reasons": ("states", "not_rated_reasons"),
}
"""Every closed list that :func:`choices` knows. The values of a dimension (``"source_channel"``, ``"class"``,
``"unit_kind"``, ``"organization_kind"`` ...) can be asked for by the dimension's id as well."""

SHEETS: Final[Mapping[str, str]] = {
    "quarter": "criteria_quarter",
    "area": "criteria_quarter",
    "branch": "criteria_branch",
    "association": "criteria_association",
}
_OUTLINES: Final[Mapping[str, str]] = {"half_year": "half_year_report"}
_PLACEHOLDER: Final = re.compile(r"\{(label|scope)\.([a-z_]+)\}")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:]\s+)$")


@dataclass(frozen=True, slots=True)
class Labels:
    """What this office calls its tiers and areas, as the office chose or typed them (Vietnamese, first letter large).

    A text equal to a shipped label is shown in the language of the window; any other text is shown as typed.
    """

    superior: str = "Quận/huyện"
    unit: str = "Phường"
    area: str = "Khu phố"
    group: str = "Tổ dân phố"

    def text(self, name: str) -> str:
        """The label ``superior``, ``unit``, ``area`` or ``group`` in the language in use; KeyError for another."""
        typed = {"superior": self.superior, "unit": self.unit, "area": self.area, "group": self.group}[name]
        if current_language() == "vi":
            return typed
        return next((str(one["en"]) for one in entries(f"{name}_labels") if one["vi"] == typed), typed)


DEFAULT_LABELS: Final = Labels()


@cache
def _document(stem: str) -> Mapping[str, Any]:
    """One parsed preset file; ValueError if it does not hold a mapping."""
    import yaml

    loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with resource("presets", f"{stem}.yaml").open("rb") as file:
        content = yaml.load(file, Loader=loader)  # a safe loader, with or without libyaml
    if not isinstance(content, dict):
        raise ValueError(f"preset {stem} is not a mapping")
    return content


@cache
def _dimension_values(name: str) -> tuple[Mapping[str, Any], ...]:
    for dimension in _document("figures")["dimensions"]:
        if dimension["id"] == name:
            labels = dimension.get("labels", {})
            return tuple({"id": value, **labels[value]} for value in dimension.get("values", ()))
    raise KeyError(name)


@cache
def entries(name: str) -> tuple[Mapping[str, Any], ...]:
    """The raw entries of a closed list in shipped order; KeyError for an unknown list."""
    if name in CHOICES:
        stem, key = CHOICES[name]
        return tuple(_document(stem)[key])
    return _dimension_values(name)


@cache
def _index(name: str) -> Mapping[str, Mapping[str, Any]]:
    return {str(one["id"]): one for one in entries(name)}


def entry(name: str, id_: str) -> Mapping[str, Any]:
    """One entry of a closed list, for example ``entry("meeting_kinds", "regular")["counter"]``; KeyError if absent."""
    return _index(name)[id_]


def _text(one: Mapping[str, Any]) -> str:
    """Proper names (associations, movements) have one text; lists shown in both languages have two."""
    return str(one.get(current_language()) or one["vi"])


def choices(name: str, labels: Labels = DEFAULT_LABELS) -> dict[str, str]:
    """The ids of a closed list with their text in the language in use, in shipped order. The dict is the caller's."""
    return dict(_choices(name, labels, current_language()))


@cache
def _choices(name: str, labels: Labels, _language: str) -> Mapping[str, str]:
    return {str(one["id"]): fill_labels(_text(one), labels) for one in entries(name)}


def label_of(name: str, id_: str | None, labels: Labels = DEFAULT_LABELS) -> str:
    """The text of one id; an id of a newer program is shown as it is, None as an empty text."""
    return "" if id_ is None else _choices(name, labels, current_language()).get(id_, id_)


def value_labels(dimension: str, labels: Labels = DEFAULT_LABELS) -> dict[str, str]:
    """The texts of a dimension's values, wherever its values come from; empty for an open dimension (each branch)."""
    source = _index("dimensions")[dimension].get("values_from")
    if source is None:
        return choices(dimension, labels)
    stem, key = str(source).removesuffix(".yaml").replace(".yaml ", " ").split()
    name = next(name for name, place in CHOICES.items() if place == (stem, key))
    return choices(name, labels)


def fill_labels(text: str, labels: Labels = DEFAULT_LABELS) -> str:
    """``text`` with its label and scope placeholders filled; other placeholders stay for their own reader.

    A label is written small inside a sentence and large at its start.
    """

    def one(match: re.Match[str]) -> str:
        kind, name = match.groups()
        label = labels.text(name) if kind == "label" else _text(entry("scopes", name))
        at_start = _SENTENCE_START.search(text[: match.start()])
        return label if at_start else label[:1].lower() + label[1:]

    return _PLACEHOLDER.sub(one, text)


def criteria_sheet(kind: str) -> Mapping[str, Any]:
    """The reference sheet of ``"quarter"`` (or ``"area"``), ``"branch"`` or ``"association"``; KeyError for others."""
    return _document(SHEETS[kind])


def figures_catalogue() -> Mapping[str, Mapping[str, Any]]:
    """Every figure's definition by id, in shipped order."""
    return _index("figures")


def figure(id_: str) -> Mapping[str, Any]:
    """One figure's definition; KeyError for an unknown figure."""
    return _index("figures")[id_]


def report_outline(name: str = "half_year") -> Mapping[str, Any]:
    """Outline, annex tables, totals rules and letterheads of a report; KeyError for an unknown one."""
    return _document(_OUTLINES[name])


def letterheads() -> Sequence[Mapping[str, Any]]:
    """The three shipped letterheads."""
    heads: Sequence[Mapping[str, Any]] = report_outline()["letterheads"]
    return heads


def working_calendar() -> Mapping[str, Any]:
    """Holidays by rule, weekly rest, and the lists that the office fills."""
    return _document("working_calendar")


def expected_bodies() -> tuple[str, ...]:
    """The kinds of bodies that every area is expected to have, unless the office chose others."""
    return tuple(_document("association_types")["body_kinds_expected"])


def difficulty_codes() -> tuple[str, ...]:
    """The limitation codes that say an association lacks money or facilities, or waits for its superior."""
    groups = _document("limitation_codes")["difficulty_groups"]
    return tuple(str(one["id"]) for one in entries("limitation_codes") if one["group"] in groups)
