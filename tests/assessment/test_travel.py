"""What the superior unit receives of emulation and assessment: registrations and approvals, never scores."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hoidesk.assessment.approvals import approval_ids, approval_rows, snapshot_is_whole, snapshot_of
from hoidesk.book.folder import create_book
from hoidesk.emulation.operations import RecordRegistration, SubmitRegistration
from hoidesk.emulation.rows import registration_detail, registration_ids
from hoidesk.exchange.export import export_package
from hoidesk.exchange.receive import receive
from hoidesk.exchange.state import load_keys
from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
from hoidesk.exchange.trust.keys import groups_of_four
from tests.assessment.rounds import approve, finished, of_unit, open_round, single_officer
from tests.emulation.ward import open_ward


def test_approvals_go_up_and_scores_stay(tmp_path: Path) -> None:
    ward = open_ward(tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    superior = create_book(
        tmp_path / "superior",
        tier="district",
        code="P05",
        name="Đơn vị cấp trên",
        user="Văn phòng",
        password="mật khẩu",
    )
    with ward.book as book, superior:
        open_round(ward)
        women = of_unit(ward, ward.women)
        finished(ward, women)
        single_officer(ward)
        approve(ward, women)
        registration = book.run(
            RecordRegistration(
                registration={"year": 2026, "branch_id": ward.women, "criteria_set_id": ward.sheets["branch"]},
                targets=[{"text": "Sinh hoạt đủ 12 kỳ", "item": "b2_1a", "target_value": 12}],
                limitations=[{"text": "Dự họp thấp", "code": "low_attendance"}],
            )
        ).id
        book.run(SubmitRegistration(id=registration))
        request = enrol(book, invite(superior, "P05-2"))
        digits = " ".join(groups_of_four(request.digits).split()[:2])
        accept_certificate(book, certify(superior, request.request, digits).file)
        package = export_package(book, stick)
        (received,) = receive(superior, [package.path]).results
        assert received.state == "merged" and received.counts.parked == received.counts.refused == 0
        with superior.read() as connection:
            (row,) = approval_rows(connection, approval_ids(connection))
            snapshot = snapshot_of(connection, row.id)
            detail = registration_detail(connection, registration_ids(connection)[0], date(2026, 11, 23))
            for table in ("round", "assessment", "score"):
                count = connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()
                assert count == 0, f"{table} stays in the office"
        with book.read() as connection:
            keys = load_keys(connection)
        assert keys is not None and snapshot is not None
        assert snapshot_is_whole(*snapshot, keys.public)
        assert (row.office, row.unit_name, row.decided_class) == ("P05-2", "Chi hội Phụ nữ Khu phố 1", "EXCELLENT")
        assert detail is not None and detail.row.criteria_title is not None
        assert [one.text for one in detail.targets] == ["Sinh hoạt đủ 12 kỳ"]
        assert [one.code for one in detail.limitations] == ["low_attendance"]
