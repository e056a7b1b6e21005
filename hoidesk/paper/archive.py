"""A paper as plain data and back: what is stored when a paper is issued, so that it prints again to the same bytes."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, get_type_hints

from hoidesk.errors import EnvError
from hoidesk.language import _
from hoidesk.paper import model

__all__ = ["paper_from_data", "paper_to_data"]

_PARTS: Final = {
    part.__name__: part
    for part in (
        model.Annex,
        model.BarChart,
        model.Cell,
        model.Column,
        model.HeaderCell,
        model.Heading,
        model.LetterLine,
        model.Letterhead,
        model.MissingNote,
        model.Paper,
        model.Paragraph,
        model.Row,
        model.Series,
        model.SignatureBlock,
        model.Table,
    )
}
_HINTS: Final[dict[str, dict[str, Any]]] = {}


def paper_to_data(paper: model.Paper) -> dict[str, Any]:
    """The paper as mappings, lists, texts and numbers, ready for canonical JSON."""
    data = _out(paper)
    assert isinstance(data, dict)
    return data


def _out(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        data = {f.name: _out(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != f.default}
        return {"part": type(value).__name__, **data}
    if isinstance(value, tuple):
        return [_out(one) for one in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def paper_from_data(data: Any) -> model.Paper:
    """The paper that :func:`paper_to_data` wrote; raises EnvError if the stored text was changed or is not whole."""
    try:
        paper = _in(data)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise _damaged() from error
    if not isinstance(paper, model.Paper):
        raise _damaged()
    return paper


def _damaged() -> EnvError:
    return EnvError("paper.damaged", _("The stored paper cannot be read. Compose the paper again from the book."))


def _in(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_in(one) for one in data)
    if not isinstance(data, dict):
        return data
    if "decimal" in data:
        return Decimal(data["decimal"])
    if "date" in data:
        return date.fromisoformat(data["date"])
    part: Any = _PARTS[data["part"]]
    values = {name: _in(value) for name, value in data.items() if name != "part"}
    for name, value in values.items():
        _check(part, name, value)
    return part(**values)


def _check(part: Any, name: str, value: Any) -> None:
    """A stored paper may come from another office: each value has to be of the kind that the part declares."""
    if part.__name__ not in _HINTS:
        _HINTS[part.__name__] = get_type_hints(part)
    hint = _HINTS[part.__name__][name]
    allowed = hint.__args__ if isinstance(hint, types.UnionType) else (hint,)
    if not any(_is(value, one) for one in allowed):
        raise TypeError(f"{part.__name__}.{name}")


def _is(value: Any, hint: Any) -> bool:
    if hint is type(None):
        return value is None
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(hint, type):
        return isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    origin = getattr(hint, "__origin__", None)
    if origin is tuple:
        inner = hint.__args__
        if not isinstance(value, tuple):
            return False
        if inner[-1] is Ellipsis:
            kinds = inner[0].__args__ if isinstance(inner[0], types.UnionType) else (inner[0],)
            return all(any(_is(one, kind) for kind in kinds) for one in value)
        return len(value) == len(inner) and all(_is(one, kind) for one, kind in zip(value, inner, strict=True))
    return value in getattr(hint, "__args__", ())
