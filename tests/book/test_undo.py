"""Undo and redo: back to the same book, step by step, across restarts; what others changed since is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hoidesk.associations.operations import SaveAssociation
from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.book.operations import Void
from hoidesk.book.users import add_user
from hoidesk.errors import UserError
from hoidesk.meetings.operations import RecordMeeting, SaveMeeting
from tests.book.books import PASSWORD, USER, dump, register, ward
from tests.vietnamese import lines


def test_undo_names_what_it_undoes_and_survives_a_restart(book: Book, ids: dict[str, UUID], tmp_path: Path) -> None:
    before = dump(book)
    book.run(
        RecordMeeting(
            meeting={"branch_id": str(ids["branch"]), "held_on": "5/6/2026", "invited": 31, "present": 27},
            items=[{"text": "Triển khai nghị quyết"}],
            petitions=[{"text": "Đèn đường hẻm 42 không sáng"}],
        )
    )
    after = dump(book)
    folder = book.folder
    book.close()
    with open_book(folder, password=PASSWORD) as again:
        entry = again.undo_entry()
        assert entry is not None and entry.label == "Record a meeting" and entry.title == "05/06/2026"
        assert again.undo().kept == []
        assert dump(again) == before
        assert again.redo().kept == []
        assert dump(again) == after


def test_what_was_changed_since_is_kept_and_told(book: Book, ids: dict[str, UUID]) -> None:
    book.run(SaveAssociation(id=ids["association"], headquarters="Số 1", remark="một"))
    first = book.undo_entry()
    with book.transaction("Elsewhere", "package") as work:
        work.connection.exec_driver_sql("UPDATE association SET headquarters = 'Số 2'")
        work.connection.exec_driver_sql("UPDATE op SET kind = 'import' WHERE id = (SELECT max(id) FROM op)")
    assert book.undo_entry() == first
    assert len(book.undo().kept) == 1
    line = next(line for line in dump(book) if "Hội Khuyến học" in line)
    assert "Số 2" in line and "một" not in line


def test_an_exported_record_is_set_aside_instead_of_deleted(book: Book, ids: dict[str, UUID]) -> None:
    meeting = book.run(SaveMeeting(branch_id=ids["branch"], held_on="2026-06-05")).id
    with book.transaction("export", "export") as work:
        work.connection.exec_driver_sql("UPDATE clock_state SET exported_seq = seq")
    book.undo()
    with book.read() as connection:
        assert connection.exec_driver_sql("SELECT voided FROM meeting WHERE id = ?", (meeting.bytes,)).scalar()
    book.redo()
    with book.read() as connection:
        assert connection.exec_driver_sql("SELECT voided FROM meeting WHERE id = ?", (meeting.bytes,)).scalar() is None


def test_nothing_to_undo_is_said(book: Book) -> None:
    for act, code in ((book.undo, "undo.nothing"), (book.redo, "redo.nothing")):
        with pytest.raises(UserError) as caught:
            act()
        assert caught.value.code == code


class UndoMachine(RuleBasedStateMachine):
    """The book against a list of dumps: undo steps back in it, redo forward, a new write cuts the future off."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.scratch = tempfile.TemporaryDirectory()
        self.book: Book = ward(Path(self.scratch.name))
        self.ids = register(self.book)
        self.meetings: list[UUID] = []

    @initialize()
    def begin(self) -> None:
        self.past = [dump(self.book)]
        self.future: list[list[str]] = []
        self.floor = 0

    def wrote(self, outcome: Any) -> None:
        if outcome.op is not None:
            self.past.append(dump(self.book))
            self.future = []

    @rule(day=st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 6, 30)), text=lines())
    def record(self, day: Any, text: str) -> None:
        outcome = self.book.run(SaveMeeting(branch_id=self.ids["branch"], held_on=day, topic=text))
        self.meetings.append(outcome.id)
        self.wrote(outcome)

    @precondition(lambda self: self.meetings)
    @rule(data=st.data(), present=st.integers(0, 9), text=lines())
    def edit(self, data: Any, present: int, text: str) -> None:
        meeting = data.draw(st.sampled_from(self.meetings))
        try:
            self.wrote(self.book.run(SaveMeeting(id=meeting, invited=9, present=present, remark=text)))
        except UserError as error:
            assert error.code == "record.missing"

    @precondition(lambda self: self.meetings)
    @rule(data=st.data())
    def void(self, data: Any) -> None:
        meeting = data.draw(st.sampled_from(self.meetings))
        try:
            self.wrote(self.book.run(Void(table="meeting", id=meeting, reason="nhập nhầm")))
        except UserError as error:
            assert error.code == "record.missing"

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self) -> None:
        assert self.book.undo().kept == []
        self.future.append(self.past.pop())

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        assert self.book.redo().kept == []
        self.past.append(self.future.pop())

    @rule()
    def restart(self) -> None:
        folder = self.book.folder
        self.book.close()
        self.book = open_book(folder, password=PASSWORD)

    @invariant()
    def equal(self) -> None:
        if hasattr(self, "past"):
            assert dump(self.book) == self.past[-1]

    def teardown(self) -> None:
        self.book.close()
        self.scratch.cleanup()


TestUndoMachine = UndoMachine.TestCase
TestUndoMachine.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_a_secretary_undoes_what_a_secretary_did_and_an_officer_everything(book: Book) -> None:
    ids = register(book)
    add_user(book, "Nguyễn Ánh", "secretary", "khác")
    folder = book.folder
    book.close()
    with open_book(folder, user="Nguyễn Ánh", password="khác") as secretary:
        before = dump(secretary)
        with pytest.raises(UserError) as caught:
            secretary.undo()
        assert caught.value.code == "role.refused" and dump(secretary) == before
        secretary.run(SaveMeeting(branch_id=ids["branch"], held_on="5/6/2026", invited=31, present=27))
        secretary.undo()
        secretary.redo()
        secretary.undo()
        assert dump(secretary) == before
    with open_book(folder, user=USER, password=PASSWORD) as officer:
        assert officer.undo().entry.label == "Save a branch"
    with open_book(folder, user="Nguyễn Ánh", password="khác") as secretary, pytest.raises(UserError):
        secretary.redo()
