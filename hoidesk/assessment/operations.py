"""What is written about rounds, scores and approvals."""

from __future__ import annotations

from hoidesk.assessment.cells import ScoreInput
from hoidesk.assessment.deciding import AnswerConditions, Approve, DecideClass, ProposeClass
from hoidesk.assessment.reopening import Reopen
from hoidesk.assessment.rounds import CompleteRound, MoveRoundDays, OpenRound
from hoidesk.assessment.scoring import (
    AcceptProposals,
    AgreeWithSelf,
    FinishScoring,
    NothingHappened,
    SetScores,
    SubmitSelf,
)

__all__ = [
    "AcceptProposals",
    "AgreeWithSelf",
    "AnswerConditions",
    "Approve",
    "CompleteRound",
    "DecideClass",
    "FinishScoring",
    "MoveRoundDays",
    "NothingHappened",
    "OpenRound",
    "ProposeClass",
    "Reopen",
    "ScoreInput",
    "SetScores",
    "SubmitSelf",
]
