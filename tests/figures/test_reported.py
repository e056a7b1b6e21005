"""Reported values and the command, on a real book."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import normalize
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveAssociation, SaveBranch
from hoidesk.book.book import Book
from hoidesk.book.folder import create_book
from hoidesk.book.operations import Void, parse_operation
from hoidesk.book.settings import SaveSettings
from hoidesk.errors import UserError
from hoidesk.figures.commands import add_commands
from hoidesk.figures.evaluation import beside, evaluate, trace
from hoidesk.figures.operations import SaveReportedFigure
from hoidesk.meetings.operations import SaveMeeting
from hoidesk.units.operations import SaveArea
from tests.figures.desk import HALF

PASSWORD = "mật khẩu của phường"


@pytest.fixture
def book(home: Path) -> Iterator[Book]:
    with create_book(
        home / "ward", tier="ward", code="P05-2", name="Phường Đông Hưng", user="Cán bộ", password=PASSWORD
    ) as made:
        yield made


def _reported(**values: Any) -> SaveReportedFigure:
    told = {
        "figure": "members_of_associations",
        "window_from": "01/01/2026",
        "window_to": "30/06/2026",
        "as_of": "15/06/2026",
        "value": "1.203",
        "source": normalize("NFD", "Báo cáo của Hội Người cao tuổi"),
    }
    return SaveReportedFigure(**{**told, **values})


def test_a_reported_value_stands_beside_the_counted_one(book: Book) -> None:
    book.run(_reported())
    estimated = book.run(_reported(kind="estimated", value="1.250", as_of=date(2026, 6, 20)))
    with book.read() as connection:
        told = beside(connection, "members_of_associations", HALF)
        assert evaluate(connection, "members_of_associations", HALF).number == 0
        assert beside(connection, "members_of_associations", HALF.last_year()) == ()
        assert beside(connection, "members_of_associations", HALF, {"association": UUID(int=1)}) == ()
    assert [(one.kind, one.value, one.as_of) for one in told] == [
        ("estimated", Fraction(1250), date(2026, 6, 20)),
        ("reported", Fraction(1203), date(2026, 6, 15)),
    ]
    assert told[0].id == estimated.id
    assert told[1].source == "Báo cáo của Hội Người cao tuổi"
    book.run(Void(table="reported_figure", id=estimated.id, reason="số cũ"))
    with book.read() as connection:
        assert len(beside(connection, "members_of_associations", HALF)) == 1


def test_a_reported_value_may_be_about_one_quarter(book: Book) -> None:
    area = book.run(SaveArea(code="P05-2-01", name="Khu phố 1")).id
    op = {
        "op": "reported_figure.save",
        "figure": "attendance_rate",
        "dimensions": {"area": str(area)},
        "window_from": "2026-01-01",
        "window_to": "2026-06-30",
        "as_of": "2026-06-30",
        "value": "82,5",
        "source": "Sổ tay khu phố",
    }
    book.run(parse_operation(op))
    with book.read() as connection:
        (told,) = beside(connection, "attendance_rate", HALF, {"area": area})
    assert told.value == Fraction(165, 2)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("value", {"value": "nhiều"}),
        ("value", {"value": "1,714"}),
        ("value", {"figure": "attendance_rate", "value": "cao"}),
        ("source", {"source": "  "}),
        ("window_to", {"window_to": "31/12/2025"}),
        ("window_from", {"window_from": "31/02/2026"}),
        ("figure", {"figure": "members_of_everything"}),
        ("kind", {"kind": "guessed"}),
        ("dimensions", {"dimensions": {"branch": "x"}}),
        ("dimensions", {"dimensions": {"association": "khu phố 1"}}),
        ("dimensions", {"dimensions": "[1"}),
        ("dimensions", {"dimensions": "[1]"}),
    ],
)
def test_bad_input_is_refused_with_the_field_and_nothing_is_written(
    book: Book, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(UserError) as refusal:
        book.run(_reported(**values))
    assert refusal.value.text
    assert refusal.value.field == field or refusal.value.code.startswith("number.")
    with book.read() as connection:
        assert beside(connection, "members_of_associations", HALF) == ()
    assert book.undo_entry() is None


def _fill(book: Book) -> UUID:
    area = book.run(SaveArea(code="P05-2-01", name="Khu phố 1")).id
    elderly = book.run(SaveAssociation(name=normalize("NFD", "Hội Người cao tuổi"), founded_on="1/3/2005")).id
    branch = book.run(
        SaveBranch(
            area_id=area, association_id=elderly, kind="elderly", name="Chi hội Người cao tuổi", rhythm="monthly"
        )
    ).id
    book.run(SaveMeeting(branch_id=branch, held_on="5/3/2026", invited=31, present=27))
    return UUID(str(book.run(SaveMeeting(branch_id=branch, held_on="6/4/2026", invited=30, present=15)).id))


def test_an_undone_meeting_leaves_the_figures_as_they_were(book: Book) -> None:
    last = _fill(book)
    with book.read() as connection:
        rate = evaluate(connection, "attendance_rate", HALF)
        labels = {record.label for record in trace(connection, "meetings_held", HALF)}
    assert (rate.numerator, rate.denominator) == (42, 61)
    assert last in rate.record_ids
    assert labels == {"Chi hội Người cao tuổi, 05/03/2026", "Chi hội Người cao tuổi, 06/04/2026"}
    book.undo()
    with book.read() as connection:
        rate = evaluate(connection, "attendance_rate", HALF)
    assert (rate.numerator, rate.denominator) == (27, 31)


def _run(book: Book, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    args = parser.parse_args(["figures", str(book.folder), *arguments])
    status: int = args.handler(args)
    return status


def test_the_command_prints_counted_and_reported_values(
    book: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    _fill(book)
    book.run(_reported())
    book.run(SaveSettings(values={"label.area": "Tổ dân phố"}))
    days = ("--from", "01/01/2026", "--to", "30/06/2026")

    assert _run(book, *days, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    by_id = {row["figure"]: row for row in rows if row["source"] is None}
    assert by_id["meetings_held"]["value"] == 2
    assert by_id["attendance_rate"]["value"] == round(4200 / 61, 4)
    assert (by_id["attendance_rate"]["numerator"], by_id["attendance_rate"]["denominator"]) == (42, 61)
    assert by_id["petitions_answered_rate"]["value"] is None
    assert by_id["petitions_answered_rate"]["text"] == "không có"
    assert by_id["areas_total"]["name"] == "Tổng số tổ dân phố"
    assert "funds_total" not in by_id
    assert all(not isinstance(value, dict | list) for row in rows for value in row.values())
    (told,) = [row for row in rows if row["source"] is not None]
    assert (told["figure"], told["kind"], told["value"]) == ("members_of_associations", "reported", 1203)

    assert _run(book, *days, "--id", "members_of_associations") == 0
    assert "\t1.203\tSố báo cáo, " in capsys.readouterr().out

    assert _run(book, *days, "--id", "meetings_held", "--trace", "--json") == 0
    traced = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in traced} == {
        "Chi hội Người cao tuổi, 05/03/2026",
        "Chi hội Người cao tuổi, 06/04/2026",
    }
    assert {row["table"] for row in traced} == {"meeting"}

    assert _run(book, *days, "--id", "attendance_rate") == 0
    assert "attendance_rate\tTỷ lệ dự họp\t68,9%" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "31/02/2026", "--to", "30/06/2026"),
        ("--from", "30/06/2026", "--to", "01/01/2026"),
        ("--from", "01/01/2026", "--to", "30/06/2026", "--id", "no_such_figure"),
        ("--from", "01/01/2026", "--to", "30/06/2026", "--id", "funds_total"),
    ],
)
def test_wrong_arguments_are_refused_before_the_book_is_opened(book: Book, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as refusal:
        _run(book, *arguments)
    assert refusal.value.text
