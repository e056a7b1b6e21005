"""Wrong values in fields: every operation refuses with a sentence whatever its fields hold, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from hoidesk.book.book import Book
from hoidesk.book.operations import describe, operations, parse_operation
from hoidesk.book.search import fold_dirty
from hoidesk.cli import main
from hoidesk.errors import Refusal, UserError
from tests.book.books import PASSWORD, dump, register, ward
from tests.vietnamese import PANGRAM, nfd

HOSTILE: Final[dict[str, Any]] = {
    "empty text": "",
    "blank": " \u200b\t",
    "lone surrogate": "\ud800",
    "null character": "a\x00b",
    "long text": "ố" * 300_000,
    "decomposed": nfd(PANGRAM),
    "SQL": "'); DROP TABLE meeting;--",
    "template": "{0} {field} %s",
    "path": "../../etc/passwd",
    "31/02": "31/02/2026",
    "two readings": "1,714",
    "minus": -1,
    "huge": 10**30,
    "half": 0.5,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "list": [],
    "list in list": [[["x"]]],
    "object": {},
    "null": None,
    "yes": True,
    "id of nothing": "01a2094c-24dd-718a-bd8e-32e5a5aa4b0b",
    "no id": "01a2094c-24dd-718a-bd8e",
}


# Issuing composes the whole report each time.
SLOW: Final = {"paper.issue": ("lone surrogate", "long text", "31/02", "list")}


class _TakenBack(Exception):
    """The value was taken; the transaction is rolled back."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with ward(tmp_path_factory.mktemp("values")) as opened:
        register(opened)
        yield opened


def _plausible(kind: str, name: str, ids: dict[str, str]) -> Any:
    """A value that a required field may take, so that only the field under test is wrong."""
    by_name = {"branch_id": "branch", "area_id": "area", "association_id": "association", "id": "area"}
    if name in by_name:
        return ids[by_name[name]]
    if kind.startswith("uuid"):
        return ids["branch"]
    if kind.startswith("date"):
        return "2026-06-05"
    return {"integer": 1, "boolean": False, "object": {}, "array": []}.get(kind, "x")


@pytest.fixture(scope="module")
def ids(book: Book) -> dict[str, str]:
    with book.read() as connection:
        rows = {
            name: connection.exec_driver_sql(f'SELECT lower(hex(id)) FROM "{name}" ORDER BY id').scalars().first()
            for name in ("area", "association", "branch")
        }
    return rows


NAMES: Final = sorted(operations())


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_refuses_hostile_values(book: Book, ids: dict[str, str], name: str) -> None:
    """Each field in turn takes each hostile value: what comes of it is a sentence or a whole write."""
    (described,) = describe([operations()[name]])
    fields = described["fields"]
    good = {field: _plausible(about["type"], field, ids) for field, about in fields.items() if about["required"]}
    before = dump(book)
    for field in [*fields, "không có ô này"]:
        for label, value in HOSTILE.items():
            if name in SLOW and label not in SLOW[name]:
                continue
            attempt = {"op": name} | good | {field: value}
            try:
                with book.transaction("try", "test") as work:
                    parse_operation(attempt).apply(work)
                    fold_dirty(work.connection, work.registry)
                    raise _TakenBack
            except _TakenBack:
                continue
            except Refusal as refusal:
                assert refusal.text.endswith("."), (label, refusal.text)
                assert len(refusal.text) < 400, (label, refusal.text[:100])
    assert dump(book) == before


@pytest.mark.parametrize(
    "line",
    [
        "",
        "không phải JSON",
        "[]",
        "null",
        '"area.save"',
        "{}",
        '{"op": 5}',
        '{"op": "không có"}',
        '{"op": "area.save"}',
        '{"op": "area.save", "code": "P05-2-09"',
        '{"op": "area.save", "code": "P05-2-09", "name": "Khu phố 9", "thừa": 1}',
        '{"op": "area.save", "code": "P05-2-09", "name": "\\ud800"}',
        "[" * 100_000,
        '{"op": "meeting.record", "meeting": ' + '{"a":' * 50_000,
        "NaN",
    ],
)
def test_lines_that_are_no_operation(line: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_operation(line).apply(None)  # type: ignore[arg-type]
    assert refused.value.text.endswith(".")


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({"held_on": "31/02/2026"}, "day.not_in_month", "31/02/2026"),
        ({"held_on": "5/13/2026"}, "day.month", "13"),
        ({"held_on": ""}, None, ""),
        ({"present": "1,714"}, "number.ambiguous", "1714"),
        ({"present": "12,5"}, "number.not_whole", "12,5"),
        ({"present": "-3"}, "number.negative", "-3"),
        ({"present": 31, "invited": 30}, "meeting.present", "31"),
        ({"held_on": "1/1/2100"}, "meeting.ahead", "01/01/2100"),
        ({"kind": "liên hoan"}, "field.choice", "liên hoan"),
        ({"starts": "25:00"}, "meeting.time", "25:00"),
    ],
)
def test_a_meeting_with_a_wrong_field(
    book: Book, ids: dict[str, str], fields: dict[str, Any], code: str | None, named: str
) -> None:
    before = dump(book)
    with pytest.raises(UserError) as refused:
        book.run(parse_operation({"op": "meeting.save", "branch_id": ids["branch"], "held_on": "2026-06-05"} | fields))
    assert code is None or refused.value.code == code
    assert named in refused.value.text
    assert refused.value.field in fields
    assert dump(book) == before


@pytest.mark.parametrize(("typed", "stored"), [("1.714", 1714), ("1 714", 1714), ("1714", 1714), (1714, 1714)])
def test_a_count_in_the_spelling_of_offices(book: Book, ids: dict[str, str], typed: str | int, stored: int) -> None:
    meeting = {"op": "meeting.save", "branch_id": ids["branch"], "held_on": "5/6/2026", "present": typed}
    made = book.run(parse_operation(meeting)).id
    with book.read() as connection:
        row = connection.exec_driver_sql("SELECT held_on, present FROM meeting WHERE id = ?", (made.bytes,)).one()
    assert tuple(row) == (date(2026, 6, 5).isoformat(), stored)
    book.undo()


def test_one_bad_line_stops_an_atomic_file_and_only_itself_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    with ward(tmp_path) as made:
        folder = made.folder
        empty = dump(made)
    lines = [
        {"op": "area.save", "code": "P05-2-01", "name": "Khu phố 1"},
        {"op": "area.save", "code": "P05-2-02", "name": "Khu phố 2", "households": "1,714"},
        {"op": "area.save", "code": "P05-2-03", "name": "Khu phố 3", "households": "1.714"},
    ]
    file = tmp_path / "areas.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert main(["apply", str(folder), str(file), "--atomic"]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert main(["list", str(folder), "areas", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert empty == []
    assert main(["apply", str(folder), str(file)]) == 3
    shown = capsys.readouterr()
    (sentence,) = shown.err.strip().splitlines()
    assert sentence.startswith("Dòng 2") and "1,714" in sentence
    assert main(["list", str(folder), "areas", "--json"]) == 0
    assert [row["households"] for row in json.loads(capsys.readouterr().out)] == [None, 1714]


def test_a_line_stays_one_line_and_text_is_stored_composed(book: Book, ids: dict[str, str]) -> None:
    meeting = {"op": "meeting.save", "branch_id": ids["branch"], "held_on": "5/6/2026"}
    made = book.run(
        parse_operation(meeting | {"topic": nfd(" Bàn\nvệ\tsinh\u200b "), "remark": nfd("dòng một\r\ndòng hai")})
    ).id
    with book.read() as connection:
        row = connection.exec_driver_sql("SELECT topic, remark FROM meeting WHERE id = ?", (made.bytes,)).one()
    assert tuple(row) == ("Bàn vệ sinh", "dòng một\ndòng hai")
    book.undo()
