"""Sheets with the office's own labels in their texts, kept per content, labels and language."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hoidesk.assessment.sheet import Group, Item, Sheet
from hoidesk.assessment.sheet_reading import read_sheet
from hoidesk.language import current_language
from hoidesk.presets import DEFAULT_LABELS, Labels, fill_labels

__all__ = ["labelled", "sheet_of"]


def _item(item: Item, labels: Labels) -> Item:
    return replace(
        item,
        text=fill_labels(item.text, labels),
        evidence=fill_labels(item.evidence, labels),
        note=fill_labels(item.note, labels),
        guide=tuple(fill_labels(line, labels) for line in item.guide),
    )


def _group(group: Group, labels: Labels) -> Group:
    criteria = tuple(
        replace(one, text=fill_labels(one.text, labels), items=tuple(_item(item, labels) for item in one.items))
        for one in group.criteria
    )
    return replace(group, text=fill_labels(group.text, labels), criteria=criteria)


def labelled(sheet: Sheet, labels: Labels) -> Sheet:
    """The sheet with every label placeholder of its texts filled."""
    return replace(
        sheet,
        title=fill_labels(sheet.title, labels),
        notice=fill_labels(sheet.notice, labels),
        groups=tuple(_group(group, labels) for group in sheet.groups),
        bands=tuple(replace(one, text=fill_labels(one.text, labels)) for one in sheet.bands),
        side_conditions=tuple(replace(one, text=fill_labels(one.text, labels)) for one in sheet.side_conditions),
    )


def sheet_of(content: str, labels: Labels = DEFAULT_LABELS) -> Sheet:
    """The sheet in a criteria set's content, with labels; a round reads the same three over and over.

    Raises UserError if the content is not a sheet.
    """
    return _sheet_of(content, labels, current_language())


@lru_cache(maxsize=64)
def _sheet_of(content: str, labels: Labels, _language: str) -> Sheet:
    return labelled(read_sheet(content), labels)
