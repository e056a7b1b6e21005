"""A stick with a hundred packages, looked at and taken in one go: one line each, and no surprise after the preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hoidesk.associations.operations import SaveAssociation, SaveBranch, SavePost
from hoidesk.book.backup import restore_backup
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.exchange.before import before_path
from hoidesk.exchange.decide.erasure_operations import ErasePersonalData
from hoidesk.exchange.looking import Looked, preview_all
from hoidesk.exchange.packages.container import Reader
from hoidesk.exchange.packages.reading import Check, OpenPackage, open_here
from hoidesk.exchange.receive import receive
from hoidesk.exchange.received import Received, ReceiveResult
from hoidesk.exchange.stick import Cancelled
from hoidesk.units.operations import SaveArea

from .books import DISTRICT, PASSWORD, WARD, count, dump, join, meet, new_book, send, take_in

CELLS = [f"P05-2-{number:02}" for number in range(1, 7)]
EACH = 15


def spoil(path: Path) -> None:
    """Flip one bit in the middle; its twin goes, so that nothing helps."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (path.parent / "HOIDESK" / path.name).unlink()


def quarter(ward: Book, code: str) -> UUID:
    """A quarter and its Front working committee, which the meetings are of."""
    name = f"Khu phố {int(code[-2:])}"
    area = ward.run(SaveArea(kind="quarter", code=code, name=name)).id
    return ward.run(SaveBranch(area_id=area, kind="front_working_committee", name=f"Ban công tác Mặt trận {name}")).id


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, WARD) as book:
        yield book


@pytest.fixture
def stick(ward: Book, tmp_path: Path) -> Path:
    """From six cells fifteen packages each, four for the district, and six more that are damaged or known already."""
    stick = tmp_path / "usb ố"
    with new_book(tmp_path, DISTRICT) as district:
        join(district, ward)
        for number in range(4):
            ward.run(SaveAssociation(kind="association", name=f"Hội Làm vườn {number}"))
            send(ward, stick / "lên quận")
    for code in CELLS:
        branch = quarter(ward, code)
        with new_book(tmp_path, ("cell", code, f"Khu phố {int(code[-2:])}"), code) as cell:
            join(ward, cell)
            take_in(cell, [send(ward, tmp_path / "xuống" / code, code).path])
            for number in range(EACH):
                meet(cell, branch, f"2026-{1 + number % 10:02}-{3 + number:02}", present=10 + number)
                sent = send(cell, stick / code).path
                if code == CELLS[0] and number in (0, 1, 2):
                    take_in(ward, [sent])  # it came once before, on another stick
                if code == CELLS[1] and number in (4, 8, 14):
                    spoil(sent)
    (stick / "Đọc tôi.txt").write_text("không phải gói")
    return stick


def look(book: Book, path: Path) -> Looked:
    return preview_all(book, [path], opener=open_here)


def tally(results: tuple[Received, ...]) -> Counter[str]:
    return Counter(one.state for one in results)


def test_the_preview_of_a_hundred_packages_comes_true(ward: Book, stick: Path) -> None:
    before = dump(ward)
    names: list[str] = []
    seen = preview_all(ward, [stick], opener=open_here, progress=lambda _done, _all, name: names.append(name))
    assert dump(ward) == before, "looking writes nothing"
    expected = {"merged": 84, "duplicate": 3, "refused": 3, "other": 4}
    assert tally(seen.results) == expected and len(seen.results) == 94
    assert len([n for n in names if n.endswith(".hdk")]) == 94
    assert all(one.code == "package.damaged" for one in seen.results if one.state == "refused")
    # Every package holds all that no receipt covers yet; counted in sequence, each meeting is new once.
    meetings = len(CELLS) * EACH - 3 - 1  # three came before, and the last package of one cell is damaged
    assert sum(one.counts.new for one in seen.results) == sum(1 for c in seen.changes.changes if c.result == "new")
    named = [c for c in seen.changes.changes if c.result == "new" and c.table and c.table.name == "meeting"]
    assert len(named) == meetings and all("Ban công tác Mặt trận Khu phố" in c.title for c in named)

    done = receive(ward, [stick], opener=open_here)
    assert tally(done.results) == expected
    assert [(o.path, o.state, o.counts) for o in done.results] == [(o.path, o.state, o.counts) for o in seen.results]
    assert count(ward, "meeting") == len(CELLS) * EACH - 1
    digits = {one.unit: one.receipt for one in done.results if one.receipt}
    assert set(digits) == set(CELLS) and all(len(text) == 10 for text in digits.values())
    again = receive(ward, [stick], opener=open_here)
    assert tally(again.results) == {"duplicate": 87, "refused": 3, "other": 4} and again.backup is None


def test_the_book_of_before_can_be_restored(ward: Book, stick: Path, tmp_path: Path) -> None:
    before = count(ward, "meeting")
    done = receive(ward, [stick], opener=open_here)
    assert done.backup == before_path(ward) and done.warnings == ()
    restored = restore_backup(before_path(ward), tmp_path / "trước", user="Bích", password=PASSWORD)
    with open_book(restored, user="Bích", password=PASSWORD) as book:
        assert count(book, "meeting") == before == 3
    assert count(ward, "meeting") > before


def test_the_copy_of_before_goes_when_personal_data_are_erased(ward: Book, stick: Path) -> None:
    post = ward.run(SavePost(association_id=_association(ward), title="Chủ tịch", holder="Lê Thị Gấm"))
    assert receive(ward, [stick], opener=open_here).backup == before_path(ward)
    ward.run(ErasePersonalData(table="post", id=post.id, reason="Theo đề nghị"))
    assert not before_path(ward).exists()


def _association(ward: Book) -> UUID:
    with ward.read() as connection:
        return UUID(bytes=connection.exec_driver_sql("SELECT id FROM association LIMIT 1").scalar_one())


def test_stopping_leaves_whole_packages_and_says_how_far_it_got(ward: Book, stick: Path) -> None:
    reached: list[str] = []

    def progress(_done: int, _all: int, name: str) -> None:
        reached.append(name)

    def stop_after(files: int) -> ReceiveResult:
        reached.clear()
        return receive(ward, [stick], opener=open_here, progress=progress, cancelled=lambda: len(reached) > files)

    first = stop_after(30)
    states = [one.state for one in first.results]
    assert len(states) == 94 and "stopped" not in states[:30] and set(states[30:]) == {"stopped"}
    assert states[:30].count("merged") > 10 and first.receipts == ()
    rest = receive(ward, [stick], opener=open_here)
    assert tally(rest.results)["merged"] == 84 - states[:30].count("merged")
    assert count(ward, "meeting") == len(CELLS) * EACH - 1


def test_a_package_is_given_up_in_the_middle_when_it_is_stopped(ward: Book, stick: Path) -> None:
    """The check between rows stops a large package too; the book is as before."""
    before = count(ward, "meeting")
    opened: list[OpenPackage] = []

    def opener(path: Path, reader: Reader, check: Check) -> OpenPackage:
        opened.append(open_here(path, reader, check))
        return opened[-1]

    done = receive(ward, [stick / CELLS[2]], opener=opener, cancelled=lambda: bool(opened))
    assert [one.state for one in done.results] == ["stopped"] * EACH
    assert count(ward, "meeting") == before and len(opened) == 1


def test_a_stick_is_given_up_while_it_is_looked_through(ward: Book, stick: Path) -> None:
    """Before the first package there is no list yet: it is only said that nothing was taken."""
    before = dump(ward)
    asked = iter([False, False, *([True] * 10_000)])
    with pytest.raises(Cancelled):
        receive(ward, [stick], opener=open_here, cancelled=lambda: next(asked))
    assert dump(ward) == before


def test_a_package_that_fills_the_gap_frees_the_one_that_waited(ward: Book, tmp_path: Path) -> None:
    """The preview knows too that what waits in the book goes through once the missing package is there."""
    branch = quarter(ward, "P05-2-03")
    with new_book(tmp_path, ("cell", "P05-2-03", "Khu phố 3")) as cell:
        join(ward, cell)
        take_in(cell, [send(ward, tmp_path / "xuống", "P05-2-03").path])
        meet(cell, branch, "2026-01-05")
        first = send(cell, tmp_path / "một").path
        with cell.transaction("ack", "test") as work:  # as if a receipt had come: the next package starts after it
            work.connection.exec_driver_sql(
                "INSERT INTO ack(inc, unit, seq, number, id, at) SELECT inc, unit, last, number, id, at "
                "FROM package_out ORDER BY number DESC LIMIT 1"
            )
        meet(cell, branch, "2026-02-05")
        second = send(cell, tmp_path / "hai").path
    (early,) = take_in(ward, [second]).results
    assert early.state == "waiting"
    seen = look(ward, tmp_path / "một")
    assert [one.state for one in seen.results] == ["merged", "merged"] and count(ward, "meeting") == 0
    both = take_in(ward, [first])
    assert [one.state for one in both.results] == ["merged", "merged"] and count(ward, "meeting") == 2
