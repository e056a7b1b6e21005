"""The cross-table type by scope: the published totals of a large city come out, in the table and from a book."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hoidesk.paper.cross_table import Counted, cross_table
from hoidesk.paper.half_year import compose_half_year
from hoidesk.paper.model import Table
from hoidesk.paper.words import cell_text
from tests.paper.office import HALF, Ward

TYPES = {"a": "Xã hội, nhân đạo", "b": "Xã hội - nghề nghiệp"}
SCOPES = {"province": "Cấp một", "district_legacy": "Cấp cũ", "commune": "Cấp ba"}
# 3.711 associations = 159 + 347 + 3.205; of these entrusted 1.714 = 19 + 143 + 1.552 (survey of September 2023).
PUBLISHED = {"province": (159, 19), "district_legacy": (347, 143), "commune": (3205, 1552)}


def shown(table: Table) -> list[list[str]]:
    return [[cell_text(c, k) for c, k in zip(line.cells, table.columns, strict=True)] for line in table.rows]


def test_the_published_totals() -> None:
    cells = {("a", scope): Counted(*numbers) for scope, numbers in PUBLISHED.items()}
    table = cross_table(cells, TYPES, SCOPES, frozenset({"district_legacy"}))
    total = shown(table)[-1]
    assert total == ["", "Cộng", "3.711", "1.714", "159", "19", "347", "143", "3.205", "1.552"]
    assert table.notes == (
        "Tổng số hội theo phạm vi: 3.711 = 159 + 347 + 3.205.",
        "Hội do Đảng, Nhà nước giao nhiệm vụ theo phạm vi: 1.714 = 19 + 143 + 1.552.",
    )
    rest = [int(total[i].replace(".", "")) - int(total[i + 1].replace(".", "")) for i in (2, 4, 6, 8)]
    assert rest == [1997, 140, 204, 1653]


def test_a_closed_scope_stands_only_where_there_is_a_number() -> None:
    table = cross_table({("a", "commune"): Counted(1, 0)}, TYPES, SCOPES, frozenset({"district_legacy"}))
    assert [head.text for head in table.header[0]] == ["STT", "Loại hình hội", "Cộng", "Cấp một", "Cấp ba"]


def test_what_the_register_does_not_say_has_a_row_and_a_column_of_its_own() -> None:
    table = cross_table({(None, None): Counted(2, 1), ("b", "commune"): Counted(1, 1)}, TYPES, SCOPES)
    assert table.header[0][-1].text == "Chưa rõ"
    assert shown(table)[-2][1:4] == ["Chưa rõ loại hình", "2", "1"] and shown(table)[-1][2:4] == ["3", "2"]


_CELLS = st.dictionaries(
    st.tuples(st.sampled_from([None, *TYPES]), st.sampled_from([None, *SCOPES])),
    st.builds(lambda a, b: Counted(a, min(a, b)), st.integers(0, 5000), st.integers(0, 5000)),
)


@given(_CELLS)
def test_rows_and_columns_always_agree(cells: dict[tuple[str | None, str | None], Counted]) -> None:
    table = cross_table(cells, TYPES, SCOPES, frozenset({"district_legacy"}))
    numbers = [[int(str(cell.value)) for cell in line.cells[2:]] for line in table.rows]
    for line in numbers:
        assert line[0] == sum(line[2::2]) and line[1] == sum(line[3::2])
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert all("≠" not in note for note in table.notes)
    assert sum(c.width_mm for c in table.columns) <= 160.01


def test_the_published_totals_out_of_a_book(ward: Ward) -> None:
    rows = []
    for scope, (total, entrusted) in PUBLISHED.items():
        for number in range(total):
            since = date(2020, 1, 1) if number < entrusted else None
            kind = "charitable_humanitarian" if number % 2 else "other"
            values = {"kind": "association", "name": f"Hội {scope} {number}", "scope": scope, "type": kind}
            rows.append({**values, "entrusted_from": since})
    with ward.book.transaction("Fill the book", "test") as work:
        for id_ in ward.associations.values():
            work.update("association", id_, {"voided": "thử"})
        work.insert_many("association", rows)
    with ward.book.read() as connection:
        composed = compose_half_year(connection, ward.book.unit, HALF)
    table = next(t for a in composed.paper.annexes for t in a.blocks if isinstance(t, Table) and t.name == "A2")
    assert shown(table)[-1][2:] == ["3.711", "1.714", "159", "19", "347", "143", "3.205", "1.552"]
    listed = next(t for a in composed.paper.annexes for t in a.blocks if isinstance(t, Table) and t.name == "A1")
    assert len(listed.rows) == 3711 + 1
