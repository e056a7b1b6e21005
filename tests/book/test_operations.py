"""Operations: the same for window, scripts and importer; bad input gets one sentence and changes nothing."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoidesk.book.book import Book
from hoidesk.book.folder import open_book
from hoidesk.book.operations import Void, describe, operations, parse_operation
from hoidesk.book.registry import registry
from hoidesk.book.rows import history_of, options, record, titles
from hoidesk.cli import main
from hoidesk.errors import Refusal, UserError
from hoidesk.language import use_language
from hoidesk.meetings.operations import ForwardPetition, RecordMeeting, ReplyToPetition, SaveMeeting, TakeReply
from tests.book.books import PASSWORD, dump
from tests.vietnamese import PANGRAM

BAD: list[tuple[dict[str, Any], str, str | None]] = [
    ({"op": "nothing"}, "op.unknown", "op"),
    ({"op": 5}, "op.no_name", None),
    ({"op": "meeting.save", "colour": "red"}, "field.unknown", "colour"),
    ({"op": "meeting.save", "branch_id": "BRANCH"}, "field.missing", "held_on"),
    ({"op": "meeting.save", "branch_id": "BRANCH", "held_on": "31/02"}, "day.not_in_month", "held_on"),
    ({"op": "meeting.save", "branch_id": "BRANCH", "held_on": "2126-01-01"}, "meeting.ahead", "held_on"),
    ({"op": "meeting.save", "held_on": "5/6/2026"}, "record.one_owner", "branch_id"),
    ({"op": "meeting.save", "branch_id": "no", "held_on": "5/6/2026"}, "field.wrong", "branch_id"),
    (
        {"op": "meeting.save", "branch_id": str(UUID(int=5)), "held_on": "5/6/2026"},
        "record.no_parent",
        "branch_id",
    ),
    (
        {"op": "meeting.save", "branch_id": "BRANCH", "held_on": "5/6/2026", "invited": "1,714"},
        "number.ambiguous",
        "invited",
    ),
    (
        {"op": "meeting.save", "branch_id": "BRANCH", "held_on": "5/6/2026", "invited": 3, "present": 4},
        "meeting.present",
        "present",
    ),
    ({"op": "meeting.save", "branch_id": "BRANCH", "held_on": "5/6/2026", "kind": "party"}, "field.choice", "kind"),
    (
        {"op": "meeting.save", "branch_id": "BRANCH", "held_on": "5/6/2026", "kind": "party_day", "topic": "x"},
        "meeting.party_day",
        "topic",
    ),
    (
        {"op": "meeting.save", "branch_id": "BRANCH", "held_on": "5/6/2026", "starts": "25:10"},
        "meeting.time",
        "starts",
    ),
    ({"op": "meeting.save", "id": "x", "present": 4}, "field.id", "id"),
    ({"op": "meeting.save", "id": str(UUID(int=7)), "present": 4}, "record.missing", None),
    ({"op": "area.save", "code": "P06-1", "name": "Khu phố 1"}, "unit.outside", "code"),
    ({"op": "area.save", "code": "P05-2-03", "name": "Khu phố 1"}, "unit.code_used", "code"),
    ({"op": "association.save", "name": "HỘI KHUYẾN HỌC"}, "association.same_name", "name"),
    (
        {"op": "association.save", "name": "Hội A", "term_from": "2026-01-01", "term_to": "2025-01-01"},
        "dates.order",
        "term_to",
    ),
    ({"op": "record.void", "table": "nothing", "id": str(UUID(int=7)), "reason": "x"}, "table.unknown", "table"),
]


@pytest.mark.parametrize(("fields", "code", "field"), BAD)
def test_bad_input_is_one_sentence(
    book: Book, ids: dict[str, UUID], fields: dict[str, Any], code: str, field: str | None
) -> None:
    before = dump(book)
    with pytest.raises(UserError) as caught:
        book.run(parse_operation({k: str(ids["branch"]) if v == "BRANCH" else v for k, v in fields.items()}))
    assert (caught.value.code, caught.value.field) == (code, field)
    assert "\n" not in caught.value.text and caught.value.text.endswith((".", ")"))
    assert dump(book) == before and book.undo_entry() is not None


def test_a_line_that_is_no_json_is_refused() -> None:
    for text in ("", "{", "[]", "5", "[" * 5000):
        with pytest.raises(UserError):
            parse_operation(text)


@given(
    st.dictionaries(
        st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=8), st.floats()), max_size=4
    )
)
@settings(max_examples=150, deadline=None)
def test_any_object_is_parsed_or_refused(fields: dict[str, Any]) -> None:
    for name in ("meeting.save", "record.void", "meeting.record", "petition.forward", "settings.save"):
        try:
            parse_operation(json.dumps({**fields, "op": name}))
        except Refusal:
            pass


def test_a_batch_is_all_or_nothing_and_one_undo(book: Book, ids: dict[str, UUID]) -> None:
    before = dump(book)
    good = [SaveMeeting(branch_id=ids["branch"], held_on=f"{day}/6/2026") for day in range(1, 6)]
    with pytest.raises(UserError):
        book.run_batch([*good, SaveMeeting(branch_id=ids["branch"], held_on="31/06")], label="Import")
    assert dump(book) == before
    outcome = book.run_batch(good, label="Import")
    assert len(outcome.result) == len(outcome.changes.ids["meeting"]) == 5
    book.undo()
    assert dump(book) == before


def test_a_stopped_batch_leaves_the_old_state(book: Book, ids: dict[str, UUID]) -> None:
    before = dump(book)

    def stop(done: int, every: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book.run_batch(
            [SaveMeeting(branch_id=ids["branch"], held_on="1/6/2026") for _n in range(60)],
            label="Import",
            progress=stop,
        )
    assert dump(book) == before


def test_two_windows_on_one_record(book: Book, ids: dict[str, UUID]) -> None:
    meeting = book.run(SaveMeeting(branch_id=ids["branch"], held_on="5/6/2026", invited=30, present=20)).id
    with book.read() as connection:
        seen = record(connection, "meeting", meeting)
    assert seen is not None
    book.run(SaveMeeting(id=meeting, seen=seen.seen, present=21))
    with pytest.raises(UserError) as caught:
        book.run(SaveMeeting(id=meeting, seen=seen.seen, present=25))
    assert (caught.value.code, caught.value.field) == ("record.changed", "present")
    book.run(SaveMeeting(id=meeting, seen=seen.seen, topic="Khác trường thì không vướng"))


def test_text_is_kept_composed_and_blank_is_nothing(book: Book, ids: dict[str, UUID]) -> None:
    typed = unicodedata.normalize("NFD", PANGRAM)
    meeting = book.run(SaveMeeting(branch_id=ids["branch"], held_on="5/6/2026", topic=f"  {typed} ", place="  ")).id
    with book.read() as connection:
        found = record(connection, "meeting", meeting)
    assert found is not None and found.values["topic"] == PANGRAM and found.values["place"] is None


def test_a_record_belongs_to_the_unit_of_its_quarter(book: Book, ids: dict[str, UUID]) -> None:
    meeting = book.run(SaveMeeting(branch_id=ids["branch"], held_on="5/6/2026")).id
    own = book.run(SaveMeeting(association_id=ids["association"], held_on="5/6/2026")).id
    with book.read() as connection:
        found = [record(connection, "meeting", i) for i in (meeting, own)]
    assert [f.unit for f in found if f] == ["P05-2-03", "P05-2"]


def test_a_petition_from_meeting_to_reply(book: Book, ids: dict[str, UUID]) -> None:
    book.run(
        RecordMeeting(
            meeting={"branch_id": str(ids["committee"]), "held_on": "5/6/2026"},
            petitions=[{"text": "Xin thêm thùng rác ở hẻm 45", "theme": "environment"}],
        )
    )
    with book.read() as connection:
        petition = options(connection, "petition")[0][0]
    sent = book.run(ForwardPetition(id=petition)).id
    reply = book.run(ReplyToPetition(forwarded_id=sent, text="Đã lắp ngày 20/6")).id
    book.run(TakeReply(reply_id=reply))
    with book.read() as connection:
        found = record(connection, "petition", petition)
        assert found is not None
        assert (found.values["status"], found.values["answer"]) == ("answered", "Đã lắp ngày 20/6")
        assert found.values["number"] == f"01/{found.values['registered_on'].year}"
        assert [c.column for c in history_of(connection, "petition", petition)][-2:] == ["status", "forwarded_on"]
        assert "Khu phố 3" in titles(connection, "petition", [petition])[petition]


def test_a_meeting_cannot_say_no_petition_and_bring_one(book: Book, ids: dict[str, UUID]) -> None:
    before = dump(book)
    with pytest.raises(UserError):
        book.run(
            RecordMeeting(
                meeting={"branch_id": str(ids["branch"]), "held_on": "5/6/2026", "no_petition": True},
                petitions=[{"text": "Đèn"}],
            )
        )
    assert dump(book) == before


def test_a_flag_may_be_spelled_as_a_word(book: Book, ids: dict[str, UUID]) -> None:
    book.run(
        RecordMeeting(
            meeting={"branch_id": str(ids["branch"]), "held_on": "5/6/2026", "no_petition": "0"},
            petitions=[{"text": "Đèn đường"}],
        )
    )
    assert sum("Đèn đường" in line for line in dump(book)) == 1


def test_set_aside_needs_a_reason(book: Book, ids: dict[str, UUID]) -> None:
    with pytest.raises(UserError) as caught:
        book.run(Void(table="branch", id=ids["branch"], reason=" "))
    assert caught.value.field == "reason"


def test_every_operation_is_described(book: Book) -> None:
    found = describe(operations().values())
    assert {"meeting.save", "association.save", "settings.save"} <= {op["name"] for op in found}
    for op in found:
        assert op["meaning"] and op["label"] and op["needs"] in ("officer", "secretary", "viewer")
        assert all(field["type"] for field in op["fields"].values()), op["name"]
    json.dumps(found)


def test_operations_are_described_in_the_language_in_use() -> None:
    found = describe(operations().values())
    use_language("en")
    try:
        english = describe(operations().values())
    finally:
        use_language("vi")
    for ours, theirs in zip(found, english, strict=True):
        assert ours["label"] != theirs["label"] and ours["meaning"] != theirs["meaning"]
        for name, field in ours["fields"].items():
            assert field["meaning"] != theirs["fields"][name]["meaning"], f"{ours['name']}.{name}"


def test_the_list_of_operations_says_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations"]) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert len(heads) == len(operations())
    assert any(line.startswith("meeting.save  Ghi buổi sinh hoạt") for line in heads)
    assert not any(line.strip() == head.partition("  ")[2] for head in heads for line in lines)


def test_there_is_no_place_for_what_must_not_be_kept() -> None:
    """Named persons stand in few columns only, and a Party organisation has none of them."""
    named = {(t.name, c.name) for t in registry().tables for c in t.columns if c.info.personal}
    assert named >= {("post", "holder"), ("post", "phone"), ("meeting", "chair_name"), ("meeting", "secretary_name")}
    assert not any(table == "party_status" for table, _column in named)
    for table in registry().tables:
        for column in table.columns:
            if column.info.personal:
                assert not (table.info.up and column.info.up), f"{table.name}.{column.name} would go up"


def test_only_a_line_feed_ends_a_line(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON may hold a paragraph separator and a next-line sign as they are."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    folder = book.folder
    book.close()
    lines = [{"op": "area.save", "code": f"P05-2-0{n}", "name": f"Khu\u2028phố\x85{n}"} for n in (1, 2)]
    file = tmp_path / "việc.jsonl"
    file.write_bytes("\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode())
    assert main(["apply", str(folder), str(file)]) == 0


def test_a_new_password_is_never_that_of_the_environment(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a console with HOIDESK_PASSWORD set, the new user is asked for a password of his own."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "mật khẩu riêng")
    folder = book.folder
    book.close()
    assert main(["user", str(folder), "add", "Nguyễn Ánh", "--role", "secretary"]) == 0
    with open_book(folder, user="Nguyễn Ánh", password="mật khẩu riêng", writer=False) as opened:
        assert opened.user == "Nguyễn Ánh"
