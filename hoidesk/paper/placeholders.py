"""Placeholders in the sentences of an outline: ``{figure_id}``, ``{figure_id.numerator}``, ``{figure_id.dim=value}``.

``{label.*}``, ``{scope.*}``, ``{period.*}``, ``{office.*}``, ``{doc.*}`` and ``{signer.*}`` are words of the office.
Labels of tiers and areas are written small inside a sentence and large at its start. A placeholder that is not known
stays as it was typed: an officer's braces are no fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from hoidesk.paper.outline import FigureRef

__all__ = ["capitalised", "figure_refs", "fill", "small"]

_WORDS: Final = ("label", "scope", "period", "office", "doc", "signer")
_CASED: Final = ("label", "scope")
_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([A-Za-z0-9_]+)(?:=([A-Za-z0-9_]+))?)?\}")
_PARTS: Final = ("numerator", "denominator", "start", "previous")
_STARTS: Final = re.compile(r"(?:^|[.!?:]\s+)\s*$")


def small(text: str) -> str:
    """``text`` with a small first letter, for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def capitalised(text: str) -> str:
    """``text`` with a large first letter, for the start of a sentence or a cell."""
    return text[:1].upper() + text[1:]


def _ref(match: re.Match[str]) -> FigureRef | None:
    """The figure that a placeholder names, or None for a word of the office."""
    name, extra, value = match.groups()
    if name in _WORDS:
        return None
    if extra is None:
        return FigureRef(name)
    if value is not None:
        return FigureRef(name, ((extra, value),))
    return FigureRef(name, (), extra) if extra in _PARTS else None


def figure_refs(text: str) -> tuple[FigureRef, ...]:
    """The figures that a text names, in order."""
    return tuple(ref for ref in map(_ref, _PLACEHOLDER.finditer(text)) if ref is not None)


def fill(text: str, words: Mapping[str, str], figure: Callable[[FigureRef], str | None] | None = None) -> str:
    """``text`` with its placeholders filled.

    ``words``: "label.area" and the like. ``figure`` gives the printed value of a figure, or None to leave the
    placeholder as it stands.
    """

    def one(match: re.Match[str]) -> str:
        ref = _ref(match)
        if ref is not None:
            shown = figure(ref) if figure is not None else None
            return match[0] if shown is None else shown
        key = f"{match[1]}.{match[2]}"
        if match[2] is None or match[3] is not None or key not in words:
            return match[0]
        word = words[key]
        if match[1] not in _CASED:
            return word
        return capitalised(word) if _STARTS.search(text[: match.start()]) else small(word)

    return _PLACEHOLDER.sub(one, text)
