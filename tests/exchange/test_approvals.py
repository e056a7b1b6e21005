"""Approvals on their way: proven by their certificates, never counted when forged, not moved by later edits."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hoidesk.assessment.approvals import approval_ids, approval_rows, approval_standings, scored_by
from hoidesk.assessment.operations import (
    AnswerConditions,
    FinishScoring,
    ProposeClass,
    Reopen,
    ScoreInput,
    SetScores,
)
from hoidesk.assessment.rows import assessment_ids
from hoidesk.assessment.sheet_view import sheet_view
from hoidesk.assessment.snapshot import DOMAIN, snapshot_hash
from hoidesk.book.book import Book
from hoidesk.book.ids import new_id
from hoidesk.errors import UserError
from hoidesk.exchange.operations import RetryQuarantine
from hoidesk.exchange.trust.enrol import accept_certificate, certify
from hoidesk.exchange.trust.keys import UnitKeys, groups_of_four
from hoidesk.exchange.trust.rekey import rekey
from tests.assessment.rounds import approve, finished, of_unit, open_round, single_officer, view
from tests.emulation.ward import Ward, open_ward

from .books import DISTRICT, WARD, count, deliver, field, join, new_book, send, take_in
from .test_siblings import pair


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = open_ward(tmp_path)
    with made.book:
        yield made


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Book]:
    with new_book(tmp_path, DISTRICT) as book:
        yield book


def approved(ward: Ward, unit: UUID | None = None) -> UUID:
    """A sheet scored and approved; returns the assessment."""
    single_officer(ward)
    id_ = of_unit(ward, unit or ward.women)
    finished(ward, id_)
    approve(ward, id_)
    return id_


def standings(book: Book) -> list[str]:
    with book.read() as connection:
        return sorted(approval_standings(connection, approval_ids(connection)).values())


def tamper(book: Book, **columns: Any) -> UUID:
    """Copy the newest approval under a new id with other columns, past every operation."""
    with book.transaction("test", "test") as work:
        row = dict(work.connection.exec_driver_sql("SELECT * FROM approval ORDER BY id DESC").mappings().first() or {})
        made = {k: v for k, v in row.items() if k not in ("id", "unit")} | columns
        for name in ("assessment_id", "area_id", "branch_id", "association_id", "approver_post_id"):
            made[name] = None if made[name] is None else UUID(bytes=bytes(made[name]))
        id_ = new_id()
        names = ["id", "unit", *made]
        values = [id_.bytes, row["unit"], *(v.bytes if isinstance(v, UUID) else v for v in made.values())]
        listed = ", ".join(names)
        work.connection.exec_driver_sql(
            f"INSERT INTO approval({listed}) VALUES({','.join('?' * len(names))})", tuple(values)
        )
    return id_


def test_an_approval_is_proven_by_its_own_certificates(ward: Ward, district: Book, tmp_path: Path) -> None:
    join(district, ward.book)
    open_round(ward)
    approved(ward)
    assert standings(ward.book) == ["proven"]
    deliver(ward.book, district, tmp_path / "a")
    assert standings(district) == ["proven"]
    with district.read() as connection:
        (row,) = approval_rows(connection, approval_ids(connection))
        snapshot = connection.exec_driver_sql("SELECT snapshot FROM approval").scalar_one()
    assert row.decided_class == "EXCELLENT"
    sheet = ward.sheets["branch"]
    code, version = field(ward.book, "criteria_set", sheet, "code"), field(ward.book, "criteria_set", sheet, "version")
    assert scored_by(snapshot) == f"{code} {version}"


@pytest.mark.parametrize("what", ["class", "snapshot", "signature", "stolen", "none", "revision"])
def test_a_forged_approval_is_held_back_and_never_counts(what: str, ward: Ward, district: Book, tmp_path: Path) -> None:
    """Whoever writes past the operations of an enrolled unit still cannot approve in its name."""
    join(district, ward.book)
    open_round(ward)
    id_ = approved(ward)
    with ward.book.read() as connection:
        text = connection.exec_driver_sql("SELECT snapshot FROM approval").scalar_one()
    content = json.loads(text) | {"decided_class": "COMPLETED"}
    edited = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    other = UnitKeys.generate()
    forged = {"snapshot": edited, "snapshot_sha256": snapshot_hash(edited), "decided_class": "COMPLETED"}
    changes: dict[str, Any] = {
        "class": {"decided_class": "COMPLETED"},
        "snapshot": forged,
        "signature": {"signature": base64.b64encode(bytes(64)).decode()},
        "stolen": forged | {"signature": base64.b64encode(other.sign(DOMAIN, edited.encode())).decode()},
        "none": {"signature": None},
        "revision": {"revision": 2},
    }[what]
    bad = tamper(ward.book, **changes)
    received = deliver(ward.book, district, tmp_path / "a")
    assert received.state == "merged" and received.counts.refused == 1
    assert field(district, "approval", bad, "id") is None and count(district, "approval") == 1
    assert standings(district) == ["proven"]
    with district.read() as connection:
        entry = connection.exec_driver_sql("SELECT number FROM quarantine").scalar_one()
    with pytest.raises(UserError) as caught:
        district.run(RetryQuarantine(entry=entry))
    assert caught.value.code == "kept.owner"
    assert count(district, "approval") == 1
    with ward.book.read() as connection:
        shown = approval_standings(connection, [bad])
    assert shown == {bad: "forged"} and view(ward, id_).state == "approved"


def test_what_was_approved_by_older_keys_stays_proven(ward: Ward, district: Book, tmp_path: Path) -> None:
    join(district, ward.book)
    open_round(ward)
    approved(ward)
    deliver(ward.book, district, tmp_path / "a")
    made = rekey(ward.book)
    assert made.request is not None
    groups = groups_of_four(made.digits).split()
    accept_certificate(ward.book, certify(district, made.request, f"{groups[0]} {groups[2]}").file)
    approved(ward, ward.learning)
    deliver(ward.book, district, tmp_path / "b")
    assert standings(district) == ["proven", "proven"]
    assert standings(ward.book) == ["proven", "proven"]


def test_the_approval_of_a_cell_is_proven_at_the_district(ward: Ward, district: Book, tmp_path: Path) -> None:
    """The district never met the cell: the chain in the approval leads to the ward that it enrolled."""
    join(district, ward.book)
    cell_folder = tmp_path / "khu phố"
    cell_folder.mkdir()
    with new_book(cell_folder, ("cell", "P05-2-01", "Khu phố 1")) as book:
        join(ward.book, book)
        deliver(ward.book, book, tmp_path / "down")
        cell = Ward(
            book, ward.quarters, ward.committee, ward.women, ward.youth, ward.learning, ward.association,
            ward.suspended, ward.union, ward.sheets,
        )  # fmt: skip
        open_round(cell, sheets={"branch": ward.sheets["branch"]})
        approved(cell)
        deliver(book, ward.book, tmp_path / "up")
        assert count(ward.book, "approval") == 1 and standings(ward.book) == ["proven"]
    deliver(ward.book, district, tmp_path / "on")
    assert standings(district) == ["proven"]
    with district.read() as connection:
        assert [row.office for row in approval_rows(connection, approval_ids(connection))] == ["P05-2-01"]


def test_without_certificates_the_key_must_be_known(ward: Ward, district: Book, tmp_path: Path) -> None:
    """What an older program wrote carries no certificates: proven by a known key, otherwise flagged as unchecked."""
    join(district, ward.book)
    open_round(ward)
    approved(ward)
    tamper(ward.book, chain=None)
    deliver(ward.book, district, tmp_path / "a")
    assert standings(district) == ["proven", "proven"]
    with district.transaction("test", "test") as work:
        work.connection.exec_driver_sql("DELETE FROM signer_key WHERE unit = 'P05-2'")
        work.connection.exec_driver_sql("DELETE FROM pin WHERE unit = 'P05-2'")
    assert standings(district) == ["proven", "unproven"], "the certificates still lead to the district itself"


def test_approved_here_and_edited_there(ward: Ward, district: Book, tmp_path: Path) -> None:
    """One PC approves, another still scores: the approval stands, the edit is shown as not in effect."""
    join(district, ward.book)
    open_round(ward)
    single_officer(ward)
    id_ = of_unit(ward, ward.women)
    finished(ward, id_)
    with new_book(tmp_path, WARD, "máy hai") as other:
        pair(ward.book, other)
        deliver(ward.book, other, tmp_path / "0")
        b = Ward(
            other, ward.quarters, ward.committee, ward.women, ward.youth, ward.learning, ward.association,
            ward.suspended, ward.union, ward.sheets,
        )  # fmt: skip
        approve(ward, id_)
        other.run(SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=100, text="sửa")]))
        assert view(b, id_).state == "self_submitted"
        for sender, receiver, name in ((other, ward.book, "1"), (ward.book, other, "2"), (other, ward.book, "3")):
            take_in(receiver, [send(sender, tmp_path / name, ward.book.unit.code).path])
        for book in (ward, b):
            found = view(book, id_)
            assert found.state == "approved" and found.approval is not None
            assert found.approval.changed_lines == ("b2_1a",) and found.approval.changed_since
            assert found.approval.decided_class == "EXCELLENT" and found.approval.standing == "proven"
            with book.book.read() as connection:
                assert assessment_ids(connection, state="approved") == [id_]
            with pytest.raises(UserError) as caught:
                book.book.run(SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=0)]))
            assert caught.value.code == "assessment.approved"
    deliver(ward.book, district, tmp_path / "up")
    assert standings(district) == ["proven"]


def test_reopening_travels_and_a_new_revision_replaces_the_approval(ward: Ward, district: Book, tmp_path: Path) -> None:
    join(district, ward.book)
    open_round(ward)
    id_ = approved(ward)
    with pytest.raises(UserError) as caught:
        ward.book.run(Reopen(id=id_, reason="  "))
    assert caught.value.field == "reason"
    with pytest.raises(UserError):
        ward.book.run(Reopen(id=id_, reason="Sai dòng", items=["khong_co"]))
    with pytest.raises(UserError) as caught:
        ward.book.run(Reopen(id=of_unit(ward, ward.learning), reason="Sai"))
    assert caught.value.code == "reopen.not_approved"
    ward.book.run(Reopen(id=id_, reason="Chấm nhầm số buổi họp", items=["b2_1a"], post="Chủ tịch"))
    found = view(ward, id_)
    assert found.state == "proposed" and found.approval is not None and found.approval.reopened
    assert [(one.revision, one.items, one.reason) for one in found.reopenings] == [
        (1, ("b2_1a",), "Chấm nhầm số buổi họp")
    ]
    deliver(ward.book, district, tmp_path / "a")
    assert count(district, "reopening") == count(district, "approval") == 1
    assert field(district, "reopening", found.reopenings[0].id, "reason") == "Chấm nhầm số buổi họp"
    with pytest.raises(UserError) as caught:
        ward.book.run(SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1b", points=0)]))
    assert caught.value.code == "score.closed"
    ward.book.run(
        SetScores(assessment_id=id_, layer="ward", scores=[ScoreInput(item="b2_1a", points=200, text="đếm lại")])
    )
    ward.book.run(FinishScoring(assessment_ids=[id_]))
    with pytest.raises(UserError):
        ward.book.run(AnswerConditions(assessment_ids=[id_], answers={"ex_above": "fails"}))
    ward.book.run(ProposeClass(assessment_ids=[id_]))
    approve(ward, id_)
    again = view(ward, id_)
    assert again.state == "approved" and again.approval is not None and again.approval.revision == 2
    assert not again.approval.reopened and again.approval.changed_lines == ()
    deliver(ward.book, district, tmp_path / "b")
    with district.read() as connection:
        rows = approval_rows(connection, approval_ids(connection))
        assert sheet_view(connection, id_) is None, "scores stay in the office"
    assert [row.revision for row in rows] == [2] and standings(district) == ["proven"]
