from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from hoidesk.errors import UserError
from hoidesk.text.dates import (
    Day,
    Instant,
    parse_day,
    show_day,
    show_instant,
    show_long_day,
    today,
    weekday_name,
)
from tests.vietnamese import nfd

NOW = date(2026, 11, 23)
days = st.dates(date(1800, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("5", date(2026, 11, 5)),
        ("05", date(2026, 11, 5)),
        ("5/6", date(2026, 6, 5)),
        ("5-6", date(2026, 6, 5)),
        ("0506", date(2026, 6, 5)),
        ("050626", date(2026, 6, 5)),
        ("05062026", date(2026, 6, 5)),
        ("5.6.26", date(2026, 6, 5)),
        ("5-6-2026", date(2026, 6, 5)),
        ("05/06/2026", date(2026, 6, 5)),
        (" 5 / 6 / 2026 ", date(2026, 6, 5)),
        ("5/6-2026", date(2026, 6, 5)),
        ("2026-06-05", date(2026, 6, 5)),
        ("2026-06-05 00:00:00", date(2026, 6, 5)),
        ("ngày 5 tháng 6 năm 2026", date(2026, 6, 5)),
        ("Ngày 05 tháng 6", date(2026, 6, 5)),
        ("12/3/75", date(1975, 3, 12)),
        ("12/3/46", date(2046, 3, 12)),
        ("12/3/47", date(1947, 3, 12)),
        ("29/2/2024", date(2024, 2, 29)),
        ("28.9.1995", date(1995, 9, 28)),
    ],
)
def test_what_people_type(typed: str, day: date) -> None:
    assert parse_day(typed, NOW) == day


@pytest.mark.parametrize(
    ("typed", "code", "named"),
    [
        ("31/02", "day.not_in_month", "28"),
        ("31/02/2026", "day.not_in_month", "31/02/2026"),
        ("29/2/2026", "day.not_in_month", "28"),
        ("31", "day.not_in_month", "30"),
        ("0", "day.not_in_month", "00/11/2026"),
        ("310226", "day.not_in_month", "28"),
        ("5/13", "day.month", "13"),
        ("5/0/2026", "day.month", "0"),
        ("2026-02-31", "day.not_in_month", "28"),
        ("2026-13-01", "day.month", "13"),
        ("2026/06/05", "day.year_first", "2026/06/05"),
        ("5/6/1026", "day.year", "1026"),
        ("5/6/202", "day.unreadable", "5/6/202"),
        ("1/2/3/4", "day.unreadable", "1/2/3/4"),
        ("", "day.empty", ""),
        ("   ", "day.empty", ""),
        ("thứ hai", "day.unreadable", "thứ hai"),
        ("٥/٦/٢٠٢٦", "day.unreadable", ""),
        ("{0}", "day.unreadable", "{0}"),
        ("-5", "day.unreadable", "-5"),
        ("5/6/2026 14:00", "day.unreadable", ""),
    ],
)
def test_what_is_no_day_is_named(typed: str, code: str, named: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_day(typed, NOW)
    assert refused.value.code == code
    assert named in refused.value.text


@given(st.text(), days)
def test_any_text_is_a_day_or_a_sentence(text: str, now: date) -> None:
    try:
        day = parse_day(text, now)
    except UserError as refusal:
        assert refusal.text
    else:
        assert isinstance(day, date)


@given(days, days)
def test_there_and_back(day: date, now: date) -> None:
    assert parse_day(show_day(day), now) == day
    assert parse_day(day.isoformat(), now) == day
    assert parse_day(show_long_day(day), now) == day
    assert parse_day(f"{day.day}.{day.month}.{day.year}", now) == day
    assert parse_day(f"{day:%d%m}{day.year:04}", now) == day


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(-79, 20))
def test_short_years_lie_near_today(now: date, distance: int) -> None:
    year = now.year + distance
    assert parse_day(f"1/2/{year % 100:02}", now) == date(year, 2, 1)


def test_only_days_below_ten_and_the_first_two_months_are_padded() -> None:
    assert show_long_day(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert show_long_day(date(2026, 2, 15)) == "ngày 15 tháng 02 năm 2026"
    assert show_long_day(date(2026, 6, 29)) == "ngày 29 tháng 6 năm 2026"
    assert show_long_day(date(2026, 10, 9)) == "ngày 09 tháng 10 năm 2026"


def test_shown_day() -> None:
    assert show_day(date(2026, 6, 5)) == "05/06/2026"
    assert show_day(None) == ""


def test_weekdays_are_seven() -> None:
    monday = date(2026, 11, 23)
    assert len({weekday_name(monday + timedelta(days=n)) for n in range(14)}) == 7
    assert weekday_name(monday) == weekday_name(monday + timedelta(days=7))


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)))
def test_instants_are_shown_seven_hours_later(moment: datetime) -> None:
    shown = show_instant(moment.replace(tzinfo=UTC))
    later = moment + timedelta(hours=7)
    assert shown == f"{later:%H:%M} {show_day(later.date())}"


def test_an_instant_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        show_instant(datetime(2026, 1, 1))


class _Form(SQLModel):
    held_on: Day
    due_on: Day | None = None
    at: Instant | None = None


class _Base(SQLModel, registry=registry()):
    """Apart from the tables of the book."""


class _Table(_Base, table=True):
    __tablename__ = "text_dates_probe"
    id: int | None = Field(default=None, primary_key=True)
    held_on: Day
    due_on: Day | None = None


def test_a_field_takes_dates_iso_and_typed_days() -> None:
    form = _Form.model_validate({"held_on": "5/6/2026", "due_on": None})
    assert (form.held_on, form.due_on) == (date(2026, 6, 5), None)
    assert _Form(held_on=date(2026, 6, 5)).held_on == date(2026, 6, 5)
    assert _Form.model_validate({"held_on": datetime(2026, 6, 5)}).held_on == date(2026, 6, 5)
    assert _Form.model_validate({"held_on": datetime(2026, 6, 4, 18, tzinfo=UTC)}).held_on == date(2026, 6, 5)
    assert type(_Form.model_validate({"held_on": "5"}).held_on) is date
    assert _Form.model_validate({"held_on": "1"}).held_on == today().replace(day=1)


def test_a_wrong_day_is_the_error_of_its_field() -> None:
    with pytest.raises(ValidationError) as refused:
        _Form.model_validate({"held_on": "31/02/2026", "due_on": nfd("ngày {x}")})
    first, second = refused.value.errors()
    assert (first["loc"], first["type"]) == (("held_on",), "day.not_in_month")
    assert "31/02/2026" in first["msg"] and "28" in first["msg"]
    assert (second["loc"], second["type"]) == (("due_on",), "day.unreadable")
    assert "{x}" in second["msg"]


def test_instants_are_held_in_utc() -> None:
    form = _Form.model_validate({"held_on": "2026-06-05", "at": "2026-06-05T14:30:00+07:00"})
    assert form.at == datetime(2026, 6, 5, 7, 30, tzinfo=UTC)
    assert form.at is not None and form.at.tzinfo is UTC
    for wrong, code in [("2026-06-05T14:30:00", "instant.no_zone"), ("hôm qua", "instant.unreadable")]:
        with pytest.raises(ValidationError) as refused:
            _Form.model_validate({"held_on": "2026-06-05", "at": wrong})
        assert refused.value.errors()[0]["type"] == code


def test_table_columns_are_dates() -> None:
    columns = _Table.__table__.columns  # type: ignore[attr-defined]
    assert re.match("DATE", str(columns["held_on"].type)) and not columns["held_on"].nullable
    assert re.match("DATE", str(columns["due_on"].type)) and columns["due_on"].nullable


def test_plain_pydantic_models_take_the_same_types() -> None:
    class Model(BaseModel):
        on: Day

    assert Model.model_validate({"on": "050626"}).on == date(2026, 6, 5)
