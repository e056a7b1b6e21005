"""A whole office made by chance: every table that figures read, with gaps, odd dates and records set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hoidesk import presets
from hoidesk.assessment.tables import Approval, Assessment, Round, RoundSheet, StoredScore
from hoidesk.associations.tables import Association, Membership, PartyStatus, Post
from hoidesk.emulation.tables import Cluster, ClusterMember, CriteriaSet, Limitation, Registration, Target
from hoidesk.figures.slots import RHYTHMS
from hoidesk.meetings.tables import AgendaItem, Meeting, Petition
from hoidesk.units.tables import Area
from tests.figures.desk import Desk

__all__ = ["Office"]

CLASSES = ("EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED", "NOT_RATED")


@dataclass
class Office:
    """Fills a desk; the same seed makes the same office."""

    desk: Desk
    seed: int
    areas: list[UUID] = field(default_factory=list)
    associations: list[UUID] = field(default_factory=list)
    branches: list[UUID] = field(default_factory=list)
    meetings: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._register()
        self._meetings()
        self._emulation()
        self._assessment()

    def day(self) -> date:
        """A day around 2026."""
        return date(2025, 3, 1) + timedelta(days=self.random.randrange(600))

    def maybe(self, value: Any, chance: float = 0.5) -> Any:
        """The value, or nothing."""
        return value if self.random.random() < chance else None

    def one(self, name: str) -> str:
        """An id out of a preset list."""
        return self.random.choice(list(presets.choices(name)))

    def life(self) -> tuple[date | None, date | None]:
        """First and last day, either unknown."""
        since = self.maybe(self.day(), 0.7)
        until = self.maybe((since or date(2025, 6, 1)) + timedelta(days=self.random.randrange(1, 500)), 0.25)
        return since, until

    def body(self) -> dict[str, UUID | None]:
        """One of branch, association and area."""
        chosen = self.random.choice(("branch_id", "association_id", "area_id"))
        ids = {"branch_id": self.branches, "association_id": self.associations, "area_id": self.areas}
        return {name: self.random.choice(found) if name == chosen else None for name, found in ids.items()}

    def about(self) -> dict[str, Any]:
        """A unit: its kind and the one id."""
        ids = self.body()
        kind = next(name.removesuffix("_id") for name, id_ in ids.items() if id_ is not None)
        return {"unit_kind": kind, **ids}

    def _register(self) -> None:
        for n in range(4):
            since, until = self.life()
            self.areas.append(self.desk.area(f"Khu phố {n + 1}", effective_from=since, effective_to=until))
        group = self.desk.add(Area, kind="group", code="t", name="Tổ 1", parent_id=self.random.choice(self.areas))
        for n in range(5):
            self.associations.append(self._association(n))
        for n in range(12):
            since, until = self.life()
            values = {
                "association_id": self.maybe(self.random.choice(self.associations)),
                "founded_on": since,
                "ended_on": until,
                "rhythm": self.random.choice([*RHYTHMS, "unset"]),
                "consolidate_from": self.maybe(self.day()),
                "consolidate_to": self.maybe(self.day()),
                "voided": self.maybe("ghi nhầm", 0.1),
            }
            area = group if n == 0 else self.random.choice(self.areas)
            self.branches.append(self.desk.branch(area, self.one("branch_kinds"), **values))
        for _n in range(14):
            owner = self.random.choice((("association_id", self.associations), ("branch_id", self.branches)))
            who = {owner[0]: self.random.choice(owner[1])}
            self.desk.add(Membership, as_of=self.day(), members=self.random.randrange(80), **who)
        for association in self.associations:
            self._party(association)

    def _association(self, n: int) -> UUID:
        since, until = self.life()
        return self.desk.add(
            Association,
            name=f"Hội Đông y {n}",
            kind=self.random.choice(("association", "association", "association", "mass_org")),
            type=self.maybe(self.one("association_types"), 0.8),
            scope=self.maybe(self.one("scopes"), 0.8),
            entrusted_from=self.maybe(self.day()),
            entrusted_to=self.maybe(self.day(), 0.2),
            managing_body=self.maybe("UBND"),
            managing_department=self.maybe("Phòng"),
            managing_level=self.maybe("own_level"),
            founded_on=since,
            ended_on=until,
            statute_approved_on=self.maybe(self.day()),
            executive_from=self.maybe(self.day()),
            term_from=self.maybe(self.day()),
            term_to=self.maybe(self.day()),
            last_congress_on=self.maybe(self.day()),
            suspended_from=self.maybe(self.day(), 0.2),
        )

    def _party(self, association: UUID) -> None:
        self.desk.add(
            PartyStatus,
            association_id=association,
            status=self.one("party_statuses"),
            status_from=self.maybe(self.day()),
            joint_with=self.maybe("Chi bộ khu phố 3"),
            rules_issued_on=self.maybe(self.day()),
            rules_reviewed_on=self.maybe(self.day()),
            party_members=self.maybe(self.random.randrange(40)),
            members_as_of=self.maybe(self.day()),
            caucus=self.random.random() < 0.3,
        )
        self.desk.add(Post, title="Chủ tịch", association_id=association, field_of_work=self.maybe("Tổ chức"))

    def _meetings(self) -> None:
        for _n in range(70):
            kind = "regular" if self.random.random() < 0.5 else self.one("meeting_kinds")
            meeting = self.desk.add(
                Meeting,
                **self.body(),
                kind=kind,
                held_on=self.day(),
                invited=self.maybe(self.random.randrange(50), 0.8),
                present=self.maybe(self.random.randrange(50), 0.8),
                recorded_on=self.maybe(self.day()),
                source_channel=self.one("source_channel"),
                voided=self.maybe("ghi nhầm", 0.1),
            )
            self.meetings.append(meeting)
            if self.random.random() < 0.3:
                self.desk.add(
                    AgendaItem,
                    meeting_id=meeting,
                    agenda_kind=self.random.choice(("dissemination", "other")),
                    outcome=self.random.choice(("note", "decision")),
                    text="Dọn vệ sinh ngõ hẻm",
                    due_on=self.maybe(self.day(), 0.8),
                    done_on=self.maybe(self.day()),
                )
        for _n in range(15):
            self.desk.add(
                Petition,
                **self.body(),
                raised_on=self.day(),
                registered_on=self.maybe(self.day()),
                theme=self.one("petition_themes"),
                text="Thoát nước",
                status=self.one("petition_statuses"),
                forwarded_on=self.maybe(self.day()),
                reply_due_on=self.maybe(self.day()),
                answered_on=self.maybe(self.day()),
                read_back_on=self.maybe(self.day()),
                read_back_meeting_id=self.maybe(self.random.choice(self.meetings)),
                closed_on=self.maybe(self.day(), 0.2),
            )

    def _emulation(self) -> None:
        for year in (2025, 2026):
            cluster = self.desk.add(Cluster, year=year, name="Cụm 1")
            for area in self.random.sample(self.areas, self.random.randrange(1, 4)):
                self.desk.add(ClusterMember, cluster_id=cluster, area_id=area)
        self.criteria = self.desk.add(
            CriteriaSet,
            code="a",
            version="1",
            year=2026,
            unit_kind="area",
            title="Mẫu",
            content="{}",
            content_sha256="0",
        )
        for _n in range(16):
            registration = self.desk.add(
                Registration,
                **self.about(),
                year=self.random.choice((2025, 2026, 2026)),
                criteria_set_id=self.maybe(self.criteria),
                due_on=self.maybe(self.day()),
                submitted_on=self.maybe(self.day(), 0.8),
                withdrawn_on=self.maybe(self.day(), 0.2),
            )
            self.desk.add(
                Target,
                registration_id=registration,
                item=self.maybe("q1"),
                text="Hẻm sạch",
                target_value=self.maybe(self.random.randrange(5)),
                result_value=self.maybe(self.random.randrange(5)),
                due_on=self.maybe(self.day()),
                confirmed_on=self.maybe(self.day()),
            )
            self.desk.add(
                Limitation,
                **self.about(),
                registration_id=self.maybe(registration),
                code=self.maybe(self.one("limitation_codes")),
                text="Thiếu chỗ họp",
                remedy=self.maybe("Kiến nghị"),
                remedy_due_on=self.maybe(self.day()),
                opened_on=self.maybe(self.day()),
                closed_on=self.maybe(self.day()),
            )

    def _assessment(self) -> None:
        for code, cut_off in (("6T", date(2026, 6, 15)), ("NAM", date(2026, 12, 1))):
            round_id = self.desk.add(
                Round, year=2026, code=code, name=code, evidence_from=date(2026, 1, 1), evidence_to=cut_off,
                cut_off=cut_off, self_due_on=self.maybe(self.day()),
            )  # fmt: skip
            for kind in self.random.sample(("area", "branch", "association"), 2):
                self.desk.add(RoundSheet, round_id=round_id, unit_kind=kind, criteria_set_id=self.criteria)
            for _n in range(8):
                assessment = self.desk.add(
                    Assessment, **self.about(), round_id=round_id, criteria_set_id=self.criteria,
                    self_submitted_on=self.maybe(self.day()),
                )  # fmt: skip
                self.desk.add(
                    StoredScore, assessment_id=assessment, item="a", layer=self.one("score_layers"),
                    cell=self.one("score_cells"), text=self.maybe("Biên bản"), evidence=self.maybe('["x"]'),
                )  # fmt: skip
                self.desk.add(
                    Approval, **self.about(), year=2026, round_code=code, cut_off=cut_off, snapshot="{}",
                    snapshot_sha256="0", approved_on=self.day(), revision=self.random.randrange(1, 4),
                    computed_class=self.random.choice(CLASSES), decided_class=self.random.choice(CLASSES),
                )  # fmt: skip
