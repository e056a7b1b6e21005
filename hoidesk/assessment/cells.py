"""Cells as they are typed and stored: what may be written, by whom, while an assessment is in which state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel

from hoidesk.assessment.loading import Loaded, StoredCell, load
from hoidesk.assessment.reopening import reopened_lines
from hoidesk.assessment.rules import LAYERS, VALUE, Score, check_score
from hoidesk.assessment.sheet import Sheet
from hoidesk.book.settings import office_labels
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.text.nfc import clean
from hoidesk.text.numbers import Points

__all__ = ["CellWriter", "ScoreInput", "checked_score", "open_assessments"]

_CLEARED: Final = "cleared"
_ANSWERS: Final = (0, 100)
_MAX_TEXT: Final = 2000
_NO_CLASS: Final = {"computed_class": None, "decided_class": None, "difference_reason": None}


class ScoreInput(SQLModel):
    """One cell as it is typed: ``cell`` None empties it; ``points`` as text ("7,25") or whole hundredths.

    For a side condition the points are 100 (it holds) or 0 (it fails).
    """

    model_config = {"extra": "forbid"}

    item: str
    cell: str | None = VALUE
    points: Points | None = None
    text: str | None = None
    evidence: list[UUID] | None = None


def open_assessments(work: Work, ids: Sequence[UUID], layer: str) -> list[Loaded]:
    """The assessments, if this layer may still be written: UserError names the one that may not."""
    if layer not in LAYERS:
        raise UserError("score.layer", _("There is no such layer of scores."), field="layer")
    if layer != "self" and work.role is not Role.OFFICER:
        raise UserError("score.role", _("Only an officer scores for the office. Ask one to do it."), field="layer")
    found = load(work.connection, ids, office_labels(work.connection, work.unit.code))
    for id_ in ids:
        if id_ not in found:
            work.get("assessment", id_)  # says that it is not in the book
        state, name = found[id_].row["state"], found[id_].unit_name
        if state == "approved":
            raise UserError(
                "assessment.approved", _("{name} is approved; its scores no longer change.").format(name=name)
            )
        if layer == "self" and state != "open":
            raise UserError(
                "assessment.submitted",
                _("{name} has submitted its own scores; they stay as they are.").format(name=name),
            )
    return [found[id_] for id_ in ids]


def checked_score(sheet: Sheet, given: ScoreInput, old: StoredCell | None) -> Score:
    """The cell to store; UserError if the sheet does not allow it. A text that is not given stays."""
    text = (old.score.text if old else "") if given.text is None else clean(given.text)
    if len(text) > _MAX_TEXT:
        raise UserError(
            "field.too_long", _("“{field}” is too long. Shorten it.").format(field=_("Remark")), field="text"
        )
    cell = given.cell or VALUE
    if cell == VALUE and given.points is None:
        raise UserError("score.no_points", _("Type the points, or choose none happened."), field="points")
    score = Score(cell, (given.points or 0) if cell == VALUE else 0, text)
    if sheet.condition(given.item) is not None:
        if cell == VALUE and score.points not in _ANSWERS:
            raise UserError("score.answer", _("Answer a condition with yes or no."), field="points")
        return score
    try:
        item = sheet.item(given.item)
    except KeyError:
        raise UserError(
            "score.item", _("The sheet has no line “{item}”.").format(item=given.item), field="item"
        ) from None
    check_score(sheet, item, score)
    return score


class CellWriter:
    """Writes cells of one layer: changes the row that is there, also one that was emptied, and adds the rest."""

    def __init__(self, work: Work, layer: str, ids: Sequence[UUID]) -> None:
        self._work = work
        self._layer = layer
        t = work.table("score").table
        rows = work.connection.execute(
            select(t.c.id, t.c.assessment_id, t.c.item)
            .where(t.c.assessment_id.in_(ids), t.c.layer == layer)
            .order_by(t.c.id)
        )
        self._rows = {(row.assessment_id, row.item): row.id for row in rows}
        self._only = {id_: lines for id_ in ids if (lines := reopened_lines(work.connection, id_))}
        self._new: list[dict[str, Any]] = []
        self._touched: dict[UUID, set[str]] = {}

    def put(self, assessment: UUID, item: str, score: Score, evidence: Sequence[UUID] | None) -> None:
        """Write one cell; ``evidence`` None leaves what is named there."""
        self._refuse_closed(assessment, item)
        self._touched.setdefault(assessment, set()).add(item)
        values: dict[str, Any] = {"cell": score.cell, "points": score.points if score.cell == VALUE else None}
        values["text"] = score.text or None
        if evidence is not None:
            listed = [str(one) for one in dict.fromkeys(evidence)]
            values["evidence"] = json.dumps(listed, separators=(",", ":")) if listed else None
        row = self._rows.get((assessment, item))
        if row is not None:
            self._work.update("score", row, values | {"voided": None})
        else:
            self._new.append(
                {"evidence": None} | values | {"assessment_id": assessment, "item": item, "layer": self._layer}
            )

    def clear(self, assessment: UUID, item: str) -> None:
        """Empty one cell."""
        self._refuse_closed(assessment, item)
        self._touched.setdefault(assessment, set()).add(item)
        row = self._rows.get((assessment, item))
        if row is not None:
            self._work.update("score", row, {"voided": _CLEARED})

    def _refuse_closed(self, assessment: UUID, item: str) -> None:
        if item not in self._only.get(assessment, {item}):
            raise UserError(
                "score.closed",
                _("Only the lines named at the reopening may change. This line stays as it was approved."),
                field=item,
            )

    def finish(self, loaded: Sequence[Loaded]) -> None:
        """Write what is new; a class that was computed from other cells no longer holds, nor does a finished layer."""
        self._work.insert_many("score", self._new)
        if self._layer != "ward":
            return
        for one in loaded:
            touched = self._touched.get(one.id)
            if not touched:
                continue
            changes: dict[str, Any] = {"scorers": _with_scorer(one.row["scorers"], self._work.user)}
            finished = one.row["state"] in ("ward_scored", "proposed")
            if finished and any(one.sheet.condition(item) is None for item in touched):
                back = "self_submitted" if one.row["self_submitted_on"] else "open"
                changes |= {"state": back, "ward_scored_on": None} | _NO_CLASS
            elif one.row["state"] == "proposed":
                changes |= {"state": "ward_scored"} | _NO_CLASS
            self._work.update("assessment", one.id, changes)


def _with_scorer(stored: str | None, user: str) -> str:
    """The users of this book who scored for the office, as JSON."""
    present = json.loads(stored) if stored else []
    return json.dumps(sorted({*present, user}), ensure_ascii=False)
