"""The approved values of an assessment as they were: canonical JSON, hashed and signed with the unit's key.

Whole numbers only, points in hundredths; ids of records and posts, never a name of a person and no remark.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from hoidesk.assessment.loading import Evaluation, Loaded
from hoidesk.assessment.rules import LAYERS, VALUE
from hoidesk.assessment.sheet import canonical_json
from hoidesk.assessment.totals import Total

__all__ = ["DOMAIN", "FORMAT", "assessed_values", "snapshot_hash", "snapshot_text", "values_of_snapshot"]

FORMAT: Final = "hoidesk-assessment-1"
DOMAIN: Final = b"hoidesk-approval-v1\n"
"""What the signature covers before the snapshot's bytes, so that it can never pass for another kind of signature."""


def _total(one: Total) -> dict[str, Any]:
    scaled = None if one.scaled is None else [one.scaled.numerator, one.scaled.denominator]
    return {
        "points": one.points,
        "bonus": one.bonus,
        "penalty": one.penalty,
        "maximum": one.maximum,
        "final": one.final,
        "scaled": scaled,
    }


def assessed_values(loaded: Loaded, evaluation: Evaluation) -> dict[str, Any]:
    """What was scored: every filled cell of every layer with its evidence, and the totals by layer."""
    layers = {}
    for layer in LAYERS:
        cells = loaded.cells[layer]
        if not cells:
            continue
        layers[layer] = {
            "cells": {
                item: {
                    "cell": one.score.cell,
                    "points": one.score.points if one.score.cell == VALUE else None,
                    "evidence": sorted(str(id_) for id_ in one.evidence),
                }
                for item, one in cells.items()
            },
            "total": _total(evaluation.totals[layer]),
        }
    return {"layers": layers, "conditions": dict(evaluation.answers)}


def snapshot_text(
    loaded: Loaded,
    evaluation: Evaluation,
    *,
    round_: Mapping[str, Any],
    revision: int,
    approved_on: date,
    approver_post: str | None,
    approver_post_id: UUID | None,
    minutes_number: str | None,
    minutes_on: date | None,
) -> str:
    """The canonical text that is hashed, signed and sent up."""
    row = loaded.row
    content = assessed_values(loaded, evaluation) | {
        "format": FORMAT,
        "assessment": str(loaded.id),
        "revision": revision,
        "unit": {"code": row["unit"], "kind": row["unit_kind"], "id": str(loaded.unit_id), "name": loaded.unit_name},
        "round": {
            "id": str(row["round_id"]),
            "year": round_["year"],
            "code": round_["code"],
            "evidence_from": loaded.evidence.first.isoformat(),
            "evidence_to": loaded.evidence.last.isoformat(),
            "cut_off": loaded.evidence.cut_off.isoformat(),
        },
        "criteria_set": {
            "id": str(row["criteria_set_id"]),
            "code": loaded.sheet_code,
            "version": loaded.sheet_version,
            "sha256": loaded.sheet_sha256,
            "maximum": loaded.sheet.max_total,
            "frame": None if loaded.frame is None else asdict(loaded.frame),
        },
        "computed_class": row["computed_class"],
        "decided_class": row["decided_class"],
        "difference_reason": row["difference_reason"],
        "not_rated_reason": row["not_rated_reason"],
        "approval": {
            "on": approved_on.isoformat(),
            "post": approver_post,
            "post_id": None if approver_post_id is None else str(approver_post_id),
            "minutes_number": minutes_number,
            "minutes_on": None if minutes_on is None else minutes_on.isoformat(),
        },
    }
    return canonical_json(content)


def snapshot_hash(text: str) -> str:
    """SHA-256 of a snapshot, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def values_of_snapshot(text: str) -> dict[str, Any]:
    """The part of a snapshot that :func:`assessed_values` gives, to compare with what the book says now."""
    content = json.loads(text)
    return {"layers": content["layers"], "conditions": content["conditions"]}
