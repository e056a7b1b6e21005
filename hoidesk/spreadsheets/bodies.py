"""Names of quarters and branches as ledgers spell them: ``kp 5``, ``CCB KP.05``, ``BCTMT khu phố 3``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hoidesk.presets import entry
from hoidesk.spreadsheets.words import plain

__all__ = ["OF_AREA", "Body", "area_name", "branch_kind", "read_body"]

_AREA_WORDS: Final = (
    ("Khu phố", r"khu pho|k pho|kpho|kp"),
    ("Tổ dân phố", r"to dan pho|tdp"),
    ("Khối phố", r"khoi pho"),
    ("Khu dân cư", r"khu dan cu|kdc"),
    ("Khóm", r"khom"),
    ("Thôn", r"thon"),
    ("Ấp", r"ap"),
)
_NUMBER: Final = r"(?: so)? ?0*(\d{1,3}[a-d]?)\b"
_AREAS: Final = tuple((label, re.compile(rf"\b(?:{words}){_NUMBER}")) for label, words in _AREA_WORDS)
_BARE_NUMBER: Final = re.compile(r"^0*(\d{1,3}[a-d]?)$")
_OLD_UNIT: Final = re.compile(r"\(([^()]{3,60})\)")

_KINDS: Final = (
    ("former_youth_volunteers", r"thanh nien xung phong|\btnxp\b"),
    ("front_working_committee", r"cong tac mat tran|\bb?ctmt\b|cong tac mt|^(ban )?mat tran\b"),
    ("women", r"phu nu|\bpn\b|\blhpn\b"),
    ("veterans", r"cuu chien binh|\bccb\b"),
    ("youth", r"chi doan|thanh nien|\btncs\b|^doan\b"),
    ("farmers", r"nong dan|\bnd\b"),
    ("elderly", r"nguoi cao tuoi|\bnct\b"),
    ("red_cross", r"chu thap do|\bctd\b"),
    ("learning_promotion", r"khuyen hoc|\bkh\b"),
    ("former_teachers", r"cuu giao chuc|\bcgc\b"),
    ("agent_orange", r"da cam|dioxin"),
    ("disabled", r"khuyet tat|\bnkt\b"),
    ("trade_union", r"cong doan|nghiep doan"),
)
OF_AREA: Final = "area"
"""In the place of a kind: a meeting of the quarter itself, not of a branch in it."""
_OF_AREA: Final = re.compile(
    r"^(ban dieu hanh|hoi nghi nhan dan|hoi nghi dai bieu|nhan dan|khu pho|kp|to dan pho|tdp|khom|thon|khoi pho|ap)\b"
)
_BRANCH_KINDS: Final = tuple((kind, re.compile(words)) for kind, words in _KINDS)


@dataclass(frozen=True, slots=True)
class Body:
    """A branch as a cell names it; ``area`` when the cell holds the quarter too."""

    kind: str | None
    name: str
    area: str | None


def area_name(text: str, header: str = "") -> str | None:
    """The full name of a quarter, or None when ``text`` names none.

    A bare number takes the word of its column: ``5`` under ``Khu phố`` is ``Khu phố 5``. What stands in brackets (the
    former ward of a merged one) is kept.
    """
    bare = plain(_OLD_UNIT.sub(" ", text))
    old = _OLD_UNIT.search(text)
    suffix = f" ({old.group(1).strip()})" if old else ""
    for label, pattern in _AREAS:
        if match := pattern.search(bare):
            return f"{label} {match.group(1).upper()}{suffix}"
    if match := _BARE_NUMBER.match(bare):
        heading = plain(header)
        label = next((label for label, words in _AREA_WORDS if re.search(rf"\b(?:{words})\b", heading)), "Khu phố")
        return f"{label} {match.group(1).upper()}{suffix}"
    return None


def branch_kind(text: str) -> str | None:
    """The preset id of the kind of branch that ``text`` names, or None."""
    folded = plain(text)
    return next((kind for kind, pattern in _BRANCH_KINDS if pattern.search(folded)), None)


def read_body(text: str) -> Body:
    """Kind, name and quarter of a branch cell; a known kind takes the preset's name."""
    kind = branch_kind(text)
    area = area_name(text) if any(pattern.search(plain(text)) for _label, pattern in _AREAS) else None
    if kind is None and _OF_AREA.search(plain(text)):
        return Body(OF_AREA, " ".join(text.split()), area)
    return Body(kind, str(entry("branch_kinds", kind)["vi"]) if kind else " ".join(text.split()), area)
