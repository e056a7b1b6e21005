"""The half-year of the demo, step by step; every step says what it did in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from hoidesk.demo.actors import CELL, DISTRICT, Offices, folder_for, offices
from hoidesk.demo.texts import CELL_MEETINGS, REPLY, REPORT, REPORTED
from hoidesk.errors import EnvError
from hoidesk.figures.words import number_words
from hoidesk.language import _
from hoidesk.sample.content import WARD_CODE, WARD_NAME

if TYPE_CHECKING:
    from hoidesk.book.book import Book
    from hoidesk.exchange.export import Exported
    from hoidesk.exchange.receive import Received
    from hoidesk.sample.made import Sample

__all__ = ["Told", "run_demo"]

Say = Callable[[str], None]
FIRST: Final = date(2026, 1, 1)
LAST: Final = date(2026, 6, 30)
_NUMBER: Final = "31"
_FILES: Final = ("danh_sach_hoi.xlsx", "so_sinh_hoat.xlsx")


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo left behind: its folder, the issued report, the packages by their way."""

    folder: Path
    paper: UUID
    report: Path
    packages: dict[str, Exported]


def run_demo(wanted: Path | None, *, say: Say) -> Told:
    """Run the demo in ``wanted`` (a new folder when None); ``say`` gets one sentence a step.

    Raises UserError for a folder that holds a demo already, EnvError when the disk or a step of the exchange refuses.
    """
    folder = folder_for(wanted)
    with offices(folder) as here:
        say(_("Three books were made: of a cell, of its ward and of the superior unit; each has its own password."))
        told = _half_year(here, say)
    say(_("Everything lies in {folder}; the passwords are in passwords.txt.").format(folder=folder))
    return told


def _half_year(here: Offices, say: Say) -> Told:
    sample = _begin(here, say)
    packages = {"cell": _cell_records(here, say)}
    _ward_receives(here, packages["cell"], say)
    _ward_imports(here.ward, say)
    _ward_assesses(here.ward, sample, say)
    _ward_forwards(here.ward, say)
    paper, report = _ward_reports(here, say)
    packages["ward"] = _export(here.ward, here.stick)
    say(
        _sent(
            _("The ward wrote package {number} for the superior unit: {rows} records, read back and equal."),
            packages["ward"],
        )
    )
    packages["district"] = _district_answers(here, packages["ward"], say)
    _receipts_come_home(here, packages, say)
    return Told(here.folder, paper, report, packages)


# The steps


def _begin(here: Offices, say: Say) -> Sample:
    """The ward's register, the enrolment of two units, the first package down."""
    from hoidesk.sample.build import fill_sample
    from hoidesk.units.operations import SaveSubordinateUnit

    sample = fill_sample(here.ward)
    say(
        _("{ward}: {quarters} quarters, {associations} associations, {branches} branches, {meetings} meetings.").format(
            ward=WARD_NAME,
            quarters=len(sample.areas),
            associations=13,
            branches=len(sample.branches),
            meetings=len(sample.meetings),
        )
    )
    here.district.run(SaveSubordinateUnit(tier="ward", code=WARD_CODE, name=WARD_NAME), source="demo")
    here.ward.run(SaveSubordinateUnit(tier="cell", code=CELL[1], name=CELL[2]), source="demo")
    _enrol(here.district, here.ward, here.stick)
    _enrol(here.ward, here.cell, here.stick)
    say(_("The ward and the cell were enrolled with three files each: invitation, request, certificate."))
    first = _export(here.ward, here.stick, CELL[1])
    _receive(here.cell, first)
    say(_sent(_("The ward sent the cell its quarter and branches: {rows} records in package {number}."), first))
    return sample


def _enrol(superior: Book, unit: Book, stick: Path) -> None:
    """Invitation, request and certificate as files on the stick; two groups of digits are typed, as by phone."""
    from hoidesk.exchange.trust.enrol import accept_certificate, certify, enrol, invite
    from hoidesk.exchange.trust.keys import groups_of_four

    code = unit.unit.code
    invitation = _on_stick(stick / f"invitation-{code}", invite(superior, code))
    answer = enrol(unit, invitation)
    request = _on_stick(stick / f"request-{code}", answer.request)
    typed = " ".join(groups_of_four(answer.digits).split()[:2])
    certificate = _on_stick(stick / f"certificate-{code}", certify(superior, request, typed).file)
    accept_certificate(unit, certificate)


def _on_stick(path: Path, content: bytes) -> bytes:
    from hoidesk.book.files import write_atomic

    write_atomic(path, content)
    return path.read_bytes()


def _cell_records(here: Offices, say: Say) -> Exported:
    """The cell's secretary: three meetings, one petition forwarded, one package to the ward."""
    from hoidesk.associations.tables import Branch
    from hoidesk.meetings.operations import ForwardPetition, RecordMeeting
    from hoidesk.meetings.tables import Petition

    branch, petition = Branch.__table__, Petition.__table__  # type: ignore[attr-defined]
    with here.cell.read() as connection:
        rows = connection.execute(select(branch.c.kind, branch.c.id).where(branch.c.unit == CELL[1]))
        by_kind = {row.kind: row.id for row in rows}
    for kind, meeting, items, petitions in CELL_MEETINGS:
        record = RecordMeeting(meeting={**meeting, "branch_id": by_kind[kind]}, items=items, petitions=petitions)
        here.cell.run(record, source="demo")
    with here.cell.read() as connection:
        raised = connection.execute(select(petition.c.id)).scalars().all()
    for id_ in raised:
        here.cell.run(ForwardPetition(id=id_), source="demo")
    say(
        _("The secretary of the cell recorded {count} meetings and forwarded {petitions} petition to the ward.").format(
            count=len(CELL_MEETINGS), petitions=len(raised)
        )
    )
    package = _export(here.cell, here.stick)
    say(_sent(_("The cell wrote package {number} for the ward: {rows} records, read back and equal."), package))
    return package


def _ward_receives(here: Offices, package: Exported, say: Say) -> None:
    """The ward merges the cell's package and takes the petition into its own ledger."""
    from hoidesk.meetings.operations import RegisterForwarded
    from hoidesk.meetings.tables import ForwardedPetition

    received = _receive(here.ward, package)
    sent = ForwardedPetition.__table__  # type: ignore[attr-defined]
    with here.ward.read() as connection:
        forwarded = connection.execute(select(sent.c.id).where(sent.c.from_unit == CELL[1])).scalars().all()
    for id_ in forwarded:
        here.ward.run(RegisterForwarded(id=id_), source="demo")
    say(
        _("The ward received it: {new} new records, {conflicts} conflicts, and registered the petition.").format(
            new=number_words(received.counts.new), conflicts=received.counts.conflicts
        )
    )


def _ward_imports(ward: Book, say: Say) -> None:
    from hoidesk.places import resource
    from hoidesk.spreadsheets.check import read_spreadsheet
    from hoidesk.spreadsheets.plan import plan_import, refuse_again
    from hoidesk.text.dates import today

    for name in _FILES:
        reading = read_spreadsheet(resource("sample", name), today=today())
        with ward.read() as connection:
            plan = plan_import(connection, ward.unit, reading)
        refuse_again(plan)
        ward.run(plan.operation(), source="import")
        counts = plan.counts()
        say(
            _("The ward imported {file}: {new} new, {changed} changed, {bad} refused; one undo takes it back.").format(
                file=name, new=counts["new"], changed=counts["changed"], bad=counts["bad"]
            )
        )


def _ward_assesses(ward: Book, sample: Sample, say: Say) -> None:
    """Registration, one round for quarters, branches and associations, approval."""
    from hoidesk.sample import emulation, scoring

    sheets = emulation.publish_sheets(ward)
    registered = emulation.register_units(ward, sample, sheets)
    say(
        _("{count} units registered for emulation, with targets beside their known limitations.").format(
            count=len(registered)
        )
    )
    _round, ids = scoring.open_round(ward, sheets)
    scoring.score_themselves(ward, ids)
    say(
        _("{count} units scored themselves; what the register shows was proposed with its records.").format(
            count=len(ids)
        )
    )
    scoring.score_by_ward(ward, ids)
    scoring.decide_classes(ward, ids)
    scoring.approve_round(ward, ids)
    say(
        _("The ward scored beside them, computed the classes and approved {count} sheets, signed.").format(
            count=len(ids)
        )
    )


def _ward_forwards(ward: Book, say: Say) -> None:
    """Two open petitions that only the superior unit can answer go up."""
    from hoidesk.meetings.operations import ForwardPetition
    from hoidesk.meetings.tables import Petition

    t = Petition.__table__  # type: ignore[attr-defined]
    with ward.read() as connection:
        query = select(t.c.id).where(t.c.status == "registered", t.c.voided.is_(None))
        open_ = connection.execute(query.order_by(t.c.raised_on.desc(), t.c.number).limit(2)).scalars().all()
    for id_ in open_:
        ward.run(ForwardPetition(id=id_), source="demo")
    say(_("The ward forwarded {count} petitions to the superior unit.").format(count=len(open_)))


def _ward_reports(here: Offices, say: Say) -> tuple[UUID, Path]:
    """The officer's words, the issued report with its figures, and its files."""
    from hoidesk.book.operations import Operation
    from hoidesk.figures.operations import SaveReportedFigure
    from hoidesk.paper.operations import IssuePaper, SaveSectionText
    from hoidesk.paper.report import write_issued

    words: list[Operation] = [
        SaveSectionText(section=section, period_from=FIRST, period_to=LAST, text=text)
        for section, text in REPORT.items()
    ]
    here.ward.run_batch(words, label=SaveSectionText.label, source="demo")
    reported = REPORTED | {"window_from": FIRST, "window_to": LAST, "as_of": date(2026, 6, 15)}
    here.ward.run(SaveReportedFigure.parse(reported), source="demo")
    issue = IssuePaper(number=_NUMBER, issued_on=date(2026, 7, 2), period_from=FIRST, period_to=LAST)
    paper = here.ward.run(issue, source="demo").id
    report = write_issued(here.ward, paper, here.folder / "report.pdf")
    write_issued(here.ward, paper, here.folder / "report.docx")
    say(
        _("The ward issued the half-year report {number}: {pdf} and {docx}.").format(
            number=_NUMBER, pdf="report.pdf", docx="report.docx"
        )
    )
    return paper, report


def _district_answers(here: Offices, package: Exported, say: Say) -> Exported:
    """The superior unit merges, answers one petition, and sends answer and receipt in one package."""
    from hoidesk.meetings.operations import ReplyToPetition
    from hoidesk.meetings.tables import ForwardedPetition

    received = _receive(here.district, package)
    sent = ForwardedPetition.__table__  # type: ignore[attr-defined]
    with here.district.read() as connection:
        query = select(sent.c.id).where(sent.c.to_unit == DISTRICT[1], sent.c.voided.is_(None))
        first = connection.execute(query.order_by(sent.c.raised_on, sent.c.number)).scalars().first()
    if first is None:
        raise EnvError("demo.nothing", _("No petition reached the superior unit."))
    here.district.run(ReplyToPetition(forwarded_id=first, text=REPLY, number="214/MTTQ"), source="demo")
    answer = _export(here.district, here.stick, WARD_CODE)
    say(
        _("The superior unit received {new} new records, answered one petition and wrote answer and receipt.").format(
            new=number_words(received.counts.new)
        )
    )
    return answer


def _receipts_come_home(here: Offices, packages: dict[str, Exported], say: Say) -> None:
    """The ward takes receipt and answer; the cell gets its receipt too."""
    from hoidesk.meetings.operations import TakeReply
    from hoidesk.meetings.tables import PetitionReply

    received = _receive(here.ward, packages["district"])
    reply = PetitionReply.__table__  # type: ignore[attr-defined]
    with here.ward.read() as connection:
        replies = connection.execute(select(reply.c.id)).scalars().all()
    for id_ in replies:
        here.ward.run(TakeReply(reply_id=id_), source="demo")
    say(
        _("The ward received both: package {numbers} is acknowledged, {count} petition is answered.").format(
            numbers=", ".join(map(str, received.acknowledged)), count=len(replies)
        )
    )
    packages["receipt"] = _export(here.ward, here.stick, CELL[1])
    home = _receive(here.cell, packages["receipt"])
    say(
        _("The cell received its receipt: package {numbers} is acknowledged.").format(
            numbers=", ".join(map(str, home.acknowledged))
        )
    )


# The exchange


def _export(book: Book, stick: Path, unit: str | None = None) -> Exported:
    from hoidesk.exchange.export import export_package

    return export_package(book, stick, unit)


def _receive(book: Book, package: Exported) -> Received:
    """Merge one package; whatever is not merged stops the demo with the sentence of the refusal."""
    from hoidesk.exchange.receive import receive

    result = receive(book, [package.path]).results[0]
    if result.state != "merged":
        raise EnvError("demo.refused", result.sentence)
    return result


def _sent(sentence: str, package: Exported) -> str:
    return sentence.format(number=package.number, rows=number_words(package.rows))
