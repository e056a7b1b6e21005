"""``hoidesk figures``: the counted values of a window, and the records behind them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hoidesk.cli_book import add_book, add_json, day_argument, opened, print_records
from hoidesk.errors import UserError
from hoidesk.language import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.figures.catalogue import Figure
    from hoidesk.figures.model import Reported, Value
    from hoidesk.figures.window import Window
    from hoidesk.presets import Labels

__all__ = ["add_commands"]


def add_commands(subparsers: Any) -> None:
    """Add ``figures`` to the command line."""
    parser = subparsers.add_parser("figures", help=_("count what the book holds for a period"))
    add_book(parser)
    parser.add_argument("--from", dest="start", metavar=_("DATE"), help=_("first day"))
    parser.add_argument("--to", dest="end", metavar=_("DATE"), help=_("last day"))
    parser.add_argument("--id", dest="ids", action="append", metavar=_("FIGURE"), help=_("only this figure"))
    parser.add_argument("--replay", metavar=_("PAPER"), help=_("the numbers of an issued paper, by its id"))
    parser.add_argument("--trace", action="store_true", help=_("list the records behind each value"))
    add_json(parser)
    parser.set_defaults(handler=_figures)


def _figures(args: argparse.Namespace) -> int:
    from hoidesk.book.settings import office_labels
    from hoidesk.figures.catalogue import figure, figures
    from hoidesk.figures.evaluation import require_defined
    from hoidesk.figures.window import Window

    if args.replay is not None:
        return _replay(args)
    start, end = day_argument(args.start), day_argument(args.end)
    if start is None or end is None:
        raise UserError("figures.window", _("Type both days, for example --from 01/01/2026 --to 30/06/2026."))
    window = Window(start, end)
    chosen = [figure(id_) for id_ in args.ids] if args.ids else [one for one in figures() if one.defined]
    for one in chosen:
        require_defined(one.id)
    with opened(args, writer=False) as book, book.read() as connection:
        labels = office_labels(connection, book.unit.code)
        rows = _traced if args.trace else _counted
        records = [row for one in chosen for row in rows(connection, one, window, labels)]
    if not args.json and not args.trace:
        records = [_line(row) for row in records]
    print_records(records, as_json=args.json)
    return 0


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """What a line of text says: whether a value was reported or estimated, and for which day, stands beside it."""
    from hoidesk.presets import label_of
    from hoidesk.text.dates import show_day

    told = row.get("source") is not None
    kind = f"{label_of('reported_kinds', row['kind'])}, {show_day(row['as_of'])}" if told else None
    return {"figure": row["figure"], "name": row["name"], "value": row["text"], "kind": kind}


def _replay(args: argparse.Namespace) -> int:
    """Print the numbers of an issued paper, or the records behind them."""
    from uuid import UUID

    from hoidesk.book.settings import office_labels
    from hoidesk.paper.replay import replayed, replayed_records

    try:
        paper_id = UUID(args.replay)
    except ValueError:
        raise UserError(
            "paper.missing", _("This paper is not in the book. List the issued papers."), field="paper"
        ) from None
    with opened(args, writer=False) as book, book.read() as connection:
        if args.trace:
            rows = list(replayed_records(connection, paper_id))
        else:
            rows = list(replayed(connection, paper_id, office_labels(connection, book.unit.code)))
    wanted = [row for row in rows if not args.ids or row["figure"] in args.ids]
    print_records(wanted, as_json=args.json)
    return 0


def _counted(connection: Connection, entry: Figure, window: Window, labels: Labels) -> Iterator[dict[str, Any]]:
    """The counted value of a figure, then what was reported or estimated beside it."""
    from hoidesk.figures.evaluation import beside, evaluate
    from hoidesk.figures.words import unit_words
    from hoidesk.presets import fill_labels

    common = {"figure": entry.id, "name": fill_labels(entry.title, labels), "unit": unit_words(entry.unit, labels)}
    yield common | _value(evaluate(connection, entry.id, window), window)
    for told in beside(connection, entry.id, window):
        yield common | _told(told, window)


def _value(value: Value, window: Window) -> dict[str, Any]:
    from hoidesk.figures.words import value_words

    return {
        "kind": value.kind,
        "value": _number(value.number),
        "text": value_words(value),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "records": len(value.record_ids),
        "from": window.start,
        "to": window.end,
        "as_of": window.as_of,
        "rule_version": value.rule_version,
        "source": None,
    }


def _told(told: Reported, window: Window) -> dict[str, Any]:
    from hoidesk.figures.words import number_words

    return {
        "kind": told.kind,
        "value": _number(told.value),
        "text": number_words(told.value),
        "numerator": None,
        "denominator": None,
        "records": 0,
        "from": window.start,
        "to": window.end,
        "as_of": told.as_of,
        "rule_version": None,
        "source": told.source,
    }


def _number(number: int | Fraction | None) -> int | float | None:
    """A number as JSON has it: whole where it is whole, else with four decimals."""
    if number is None or isinstance(number, int):
        return number
    return int(number) if number.denominator == 1 else round(float(number), 4)


def _traced(connection: Connection, entry: Figure, window: Window, _labels: Labels) -> Iterator[dict[str, Any]]:
    """The records behind the value of a figure."""
    from hoidesk.figures.evaluation import trace

    for record in trace(connection, entry.id, window):
        yield {
            "figure": entry.id,
            "table": record.table,
            "id": record.id,
            "name": record.label,
            "numerator": record.numerator,
            "denominator": record.denominator,
        }
