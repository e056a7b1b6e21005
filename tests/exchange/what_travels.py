"""What may leave an office, written down by hand: every table and column with its direction, and for which units.

Read against the list of the design. Up by default: the register with posts; dated figures, with
meetings and their attendance by branch; registrations; approved assessments; forwarded petitions; the figures of
issued papers. Not up: minutes, other petitions, remarks, drafts, names and phones. A list of directive documents goes
up too, but has no table yet. A new column stands in none of these lines until somebody decides about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOT: Final = "not down"
ITS_UNIT: Final = "down to the unit it belongs to, and those between"
EVERYBODY: Final = "down from a unit to everybody below it"
AS_RECORD: Final = "as the record and the field that it is about"


@dataclass(frozen=True)
class Rule:
    """Whether the rows go up, to whom they go down, which columns travel and which stay in the office."""

    up: bool
    down: str
    goes: str
    stays: str


TRAVELS: Final = {
    # Issued from above: frozen below. Unit codes are for the unit and those below it; neighbours do not see them.
    "unit": Rule(False, ITS_UNIT, "tier code name", ""),
    "criteria_set": Rule(True, EVERYBODY, "code version year unit_kind title state content content_sha256", ""),
    "round": Rule(False, EVERYBODY, "year code name evidence_from evidence_to cut_off self_due_on ward_due_on", ""),
    "round_sheet": Rule(False, EVERYBODY, "round_id unit_kind criteria_set_id", ""),
    "outline": Rule(False, EVERYBODY, "code version title content content_sha256", ""),
    "petition_reply": Rule(False, ITS_UNIT, "forwarded_id replied_on number text status", ""),
    "cluster": Rule(False, EVERYBODY, "year name", ""),
    "cluster_member": Rule(False, ITS_UNIT, "cluster_id area_id", ""),
    # The register: organisations and posts, without remarks, names and phones.
    "area": Rule(
        True, ITS_UNIT, "kind parent_id code name old_unit_name households effective_from effective_to", "remark"
    ),
    "association": Rule(
        True,
        EVERYBODY,
        "kind name short_name type scope entrusted_from entrusted_to legacy_specific managing_body "
        "managing_department managing_level founding_number founded_on licensing_authority statute_number "
        "statute_approved_on statute_followed executive_from executive_to term_from term_to last_congress_on "
        "next_congress_on postponed_to headquarters ended_on suspended_from suspended_to",
        "remark",
    ),
    "branch": Rule(
        True,
        ITS_UNIT,
        "association_id area_id kind name founded_on ended_on rhythm meeting_day consolidate_from consolidate_to "
        "consolidate_reason",
        "remark",
    ),
    "post": Rule(
        True, ITS_UNIT, "association_id branch_id area_id title field_of_work held_from held_to", "holder phone"
    ),
    # Dated figures: counts, never what was said.
    "membership": Rule(True, ITS_UNIT, "association_id branch_id as_of members joined left source_note", ""),
    "party_status": Rule(
        True,
        ITS_UNIT,
        "association_id status status_from status_to joint_with established_on rules_issued_on rules_reviewed_on "
        "party_members members_as_of caucus",
        "",
    ),
    "meeting": Rule(
        True,
        ITS_UNIT,
        "branch_id association_id area_id kind held_on invited present excused no_petition recorded_on source_channel "
        "entered_on_behalf",
        "starts ends place topic chair_post chair_name secretary_post secretary_name remark",
    ),
    "reported_figure": Rule(True, ITS_UNIT, "figure dimensions window_from window_to as_of value kind source", ""),
    # Minutes and petitions stay; a forwarded petition is a row of its own.
    "agenda_item": Rule(False, NOT, "", "meeting_id position agenda_kind outcome text responsible_post due_on done_on"),
    "petition": Rule(
        False,
        NOT,
        "",
        "number meeting_id branch_id association_id area_id raised_on registered_on theme text addressee_kind "
        "addressee status forwarded_on reply_due_on answered_on answer read_back_on read_back_meeting_id closed_on",
    ),
    "forwarded_petition": Rule(
        True, ITS_UNIT, "text theme raised_on forwarded_on from_unit to_unit number", "petition_id"
    ),
    # Registrations with targets and known limitations.
    "registration": Rule(
        True,
        ITS_UNIT,
        "year unit_kind area_id branch_id association_id criteria_set_id title_targeted due_on submitted_on "
        "withdrawn_on",
        "agreed_meeting_id remark",
    ),
    "target": Rule(
        True,
        ITS_UNIT,
        "registration_id position item text target_value target_unit due_on evidence_expected result_value "
        "confirmed_on",
        "",
    ),
    "limitation": Rule(
        True,
        ITS_UNIT,
        "unit_kind area_id branch_id association_id registration_id code text remedy remedy_due_on opened_on closed_on",
        "",
    ),
    # Assessments: drafts and scores stay, what was approved goes up, and that it was opened again.
    "criteria_draft": Rule(False, NOT, "", "code version year unit_kind title content content_sha256"),
    "assessment": Rule(
        False,
        NOT,
        "",
        "round_id unit_kind area_id branch_id association_id criteria_set_id state self_submitted_on ward_scored_on "
        "computed_class decided_class difference_reason not_rated_reason remark scorers",
    ),
    "score": Rule(False, NOT, "", "assessment_id item layer cell points text evidence"),
    "approval": Rule(
        True,
        NOT,
        "revision snapshot snapshot_sha256 signature approved_on approver_post approver_post_id minutes_number "
        "minutes_on unit_kind area_id branch_id association_id year round_code cut_off computed_class decided_class "
        "chain",
        "assessment_id",
    ),
    "reopening": Rule(True, NOT, "approval_id reopened_on reason lines post", "assessment_id"),
    # Papers: what was printed as numbers, not the words.
    "paper": Rule(
        True,
        NOT,
        "kind title number issued_on period_from period_to as_of signer_post outline_version figures",
        "signer_name body",
    ),
    "section_text": Rule(False, NOT, "", "outline section period_from period_to text lead no_lead"),
    "setting": Rule(False, NOT, "", "key value"),
    # What exchange itself keeps.
    "conflict": Rule(
        True,
        AS_RECORD,
        "table_number record column_number value lost_clock lost_replica won_clock won_replica writer settled_on",
        "",
    ),
    "alias": Rule(True, AS_RECORD, "table_number duplicate kept different", ""),
    "erasure": Rule(True, ITS_UNIT, "table_number record columns ordered_on reason number", ""),
}


def below(unit: str, of: str) -> bool:
    """Whether a unit is ``of`` or lies below it."""
    return unit == of or unit.startswith(f"{of}-")


def may_see(sender: str, receiver: str, table: str, column: str, unit: str) -> bool:
    """Whether a package may carry a column of a record of ``unit``; the columns that say whose it is and why it was
    set aside go with every row that travels."""
    rule = TRAVELS[table]
    if sender == receiver:
        return True
    travelling = column in rule.goes.split() or (bool(rule.goes) and column in ("id", "unit", "voided"))
    if not travelling:
        return False
    if below(sender, receiver):  # up
        return rule.up and below(unit, sender)
    if rule.down == EVERYBODY:
        return below(unit, receiver) or below(receiver, unit)
    return rule.down == ITS_UNIT and below(unit, receiver)
