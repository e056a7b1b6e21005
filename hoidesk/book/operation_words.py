"""What ``hoidesk operations`` says about an operation and its fields, in the language in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hoidesk.language import N_, _, current_language

__all__ = ["CREATES", "SEEN", "field_meaning", "operation_meaning"]

CREATES: Final = N_("Leave out to create a record")
SEEN: Final = N_("Row clock that the change was based on")

# Fields of operations that are no column of a table, and so have no title of their own.
_FIELDS: Final = {
    "adopt": N_("Whether missing criteria sets are taken from the reference"),
    "answers": N_("Answers to the side conditions"),
    "approved_on": N_("Approved on"),
    "approver_post": N_("Post of the approver"),
    "approver_post_id": N_("Id of the approver's post"),
    "area_ids": N_("Ids of the areas"),
    "assessment_id": N_("Id of the assessment"),
    "assessment_ids": N_("Ids of the assessments"),
    "clock": N_("Clock of the write, in hexadecimal"),
    "cut_off": N_("Cut-off day"),
    "decided_class": N_("Decided class"),
    "duplicate": N_("Id of the duplicate"),
    "entry": N_("Number in the tray"),
    "evidence_from": N_("First day of the evidence"),
    "evidence_to": N_("Last day of the evidence"),
    "forwarded_id": N_("Id of the forwarded petition"),
    "forwarded_on": N_("Forwarded on"),
    "id": N_("Id of the record"),
    "items": N_("Lines, or codes of criteria"),
    "kept": N_("Id of the record that counts"),
    "minutes_number": N_("Number of the minutes"),
    "minutes_on": N_("Day of the minutes"),
    "one": N_("Id of the first record"),
    "other": N_("Id of the other record"),
    "record": N_("Id of the record"),
    "replace": N_("Whether filled cells are replaced as well"),
    "replied_on": N_("Replied on"),
    "replica": N_("Replica that wrote, in hexadecimal"),
    "reply_id": N_("Id of the reply"),
    "rows": N_("Rows of the file"),
    "scored_on": N_("Scored on"),
    "scores": N_("Scores by criterion"),
    "seen": SEEN,
    "self_due_on": N_("Self scores due on"),
    "sha256": N_("SHA-256 of the file"),
    "steps": N_("Steps that enter the rows"),
    "submitted_on": N_("Submitted on"),
    "take": N_("Which of the two values stands"),
    "to_unit": N_("Code of the receiving unit"),
    "unit_kind": N_("Kind of unit"),
    "values": N_("Settings by name"),
    "ward_due_on": N_("Scores of the office due on"),
    "withdrawn_on": N_("Withdrawn on"),
}


def operation_meaning(label: str, document: str | None) -> str:
    """What an operation does: the developers' sentence in English, the words of the button elsewhere."""
    return " ".join((document or "").split()) if current_language() == "en" else _(label)


def field_meaning(name: str, schema: Mapping[str, Any]) -> str:
    """What a field holds: its own words, the title of its column, or what is known of a field without one."""
    if "description" in schema:
        return _(str(schema["description"]))
    title = str(schema.get("title", ""))
    made_from_name = title == name.replace("_", " ").title()
    return _(_FIELDS[name]) if made_from_name and name in _FIELDS else _(title)
