"""The catalogue of figures: what each one is called and means, joined with whether this program can count it.

The words are the preset ``figures``; the definitions lie in the subject files of this room. A figure that is in the
catalogue but has no definition yet is known and not defined: lists leave it out, papers print it as not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from hoidesk import presets
from hoidesk.errors import UserError
from hoidesk.language import _, current_language

__all__ = ["UUID_DIMENSIONS", "VERSION", "Dimension", "Figure", "defined", "dimension", "figure", "figures"]

VERSION: Final = "2026.1"
"""Version of the catalogue whose definitions the subject files follow."""

UUID_DIMENSIONS: Final = frozenset({"association", "branch", "area", "cluster", "criteria_set", "round"})
"""Dimensions whose values are records; all others take ids of a preset, ``calendar_month`` takes ``2026-03``."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One entry of the catalogue.

    ``kind``: count, sum, rate, growth or lateness. ``window``: moment (the state at the end of the as-of day) or
    period. ``unit``: id of the unit of measure, ``"%"`` for shares. ``params``: numbers of the definition.
    """

    id: str
    group: str
    vi: str
    en: str
    unit: str
    kind: str
    window: str
    decided_by: str
    definition: str
    dimensions: tuple[str, ...]
    denominator: str | None
    params: Mapping[str, int]
    requirements: tuple[str, ...]
    annex: tuple[str, ...]
    privacy: str | None

    @property
    def defined(self) -> bool:
        """Whether this program can count it."""
        return defined(self.id)

    @property
    def title(self) -> str:
        """The name in the language in use, label placeholders still open."""
        return self.vi if current_language() == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something a figure can be split by; ``values`` is empty where the values are records or free."""

    id: str
    vi: str
    en: str
    values: tuple[str, ...]


def _figure(raw: Mapping[str, Any]) -> Figure:
    return Figure(
        id=raw["id"],
        group=raw["group"],
        vi=raw["vi"],
        en=raw["en"],
        unit=raw["unit"],
        kind=raw["kind"],
        window=raw["window"],
        decided_by=raw["decided_by"],
        definition=" ".join(str(raw["definition"]).split()),
        dimensions=tuple(raw["dimensions"]),
        denominator=raw.get("denominator"),
        params=dict(raw.get("params", {})),
        requirements=tuple(raw["requirements"]),
        annex=tuple(raw["annex"]),
        privacy=raw.get("privacy"),
    )


@cache
def _catalogue() -> Mapping[str, Figure]:
    return {id_: _figure(raw) for id_, raw in presets.figures_catalogue().items()}


def figures() -> tuple[Figure, ...]:
    """All figures in the order of the catalogue."""
    return tuple(_catalogue().values())


def figure(id_: str) -> Figure:
    """One figure; raises :class:`UserError` for an id that the catalogue does not know."""
    try:
        return _catalogue()[id_]
    except KeyError:
        raise UserError(
            "figures.unknown",
            _("There is no figure {figure}. List the figures and take an id from there.").format(figure=id_),
            field="figure",
        ) from None


def defined(id_: str) -> bool:
    """Whether this program can count the figure; False also for an unknown id."""
    from hoidesk.figures.definition import definitions

    return id_ in definitions()


def dimension(id_: str) -> Dimension:
    """One dimension with the ids of its values; raises :class:`UserError` for an unknown one."""
    try:
        raw = presets.entry("dimensions", id_)
        return Dimension(id_, raw["vi"], raw["en"], tuple(presets.value_labels(id_)))
    except KeyError:
        raise UserError(
            "figures.dimension",
            _("There is no dimension {dimension}. Take one that is listed with the figure.").format(dimension=id_),
            field="dimension",
        ) from None
