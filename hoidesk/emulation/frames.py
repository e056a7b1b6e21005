"""A criteria set with own criteria on a frame from above: what the frame fixes, what may be added, what is wrong.

Pure decisions over the content of sheets. A frame allows own criteria by ``local_frame``: at most ``max_items`` of them
with at most ``max_points`` together; ``inside_total`` says whether they enlarge the total or are given beside it. They
stand in one group of their own at the end; everything else is the frame, unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hoidesk.assessment.sheet import canonical_json, exact, hundredths
from hoidesk.assessment.words import points_words
from hoidesk.errors import UserError
from hoidesk.language import _, ngettext

__all__ = [
    "LOCAL",
    "Frame",
    "LocalFrame",
    "frame_faults",
    "frame_of",
    "local_frame",
    "with_criterion",
    "without_criterion",
]

LOCAL: Final = "local"
"""The id of the group of own criteria."""
OWN_WORDS: Final = ("vi", "en", "label", "version", "notice", "frame")
"""What a set on a frame may say in its own words."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The published set that another one is built on: its id, code and version, and the fingerprint of its content."""

    id: str
    code: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """How many own criteria a frame allows, with how many points together (hundredths)."""

    max_items: int
    max_points: int
    inside_total: bool


def _loaded(content: str | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        found = json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def frame_of(content: str | Mapping[str, Any]) -> Frame | None:
    """The frame that a sheet names, None for a sheet of its own."""
    named = _loaded(content).get("frame")
    if not isinstance(named, dict):
        return None
    return Frame(*(str(named.get(key, "")) for key in ("id", "code", "version", "sha256")))


def local_frame(content: str | Mapping[str, Any]) -> LocalFrame | None:
    """What a sheet allows to be added to it; None when it allows nothing, or cannot be read."""
    allowed = _loaded(content).get("local_frame")
    if not isinstance(allowed, dict):
        return None
    try:
        found = LocalFrame(int(allowed["max_items"]), hundredths(allowed["max_points"]), bool(allowed["inside_total"]))
    except (KeyError, TypeError, ValueError):
        return None
    return found if found.max_items > 0 and found.max_points > 0 else None


# --- building


def _plain(points: int) -> int | str:
    """Points as a sheet writes them: a whole number, else a decimal text."""
    return points // 100 if points % 100 == 0 else f"{points / 100:.2f}"


def _group(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next((group for group in content["groups"] if group.get("id") == LOCAL), None)


def _points(group: Mapping[str, Any] | None) -> int:
    """The points of all own criteria together."""
    if group is None:
        return 0
    return sum(_weight(group, criterion) for criterion in group["criteria"])


def _weight(group: Mapping[str, Any], criterion: Mapping[str, Any]) -> int:
    if group["role"] == "points":
        return hundredths(criterion["max"])
    return sum(hundredths(item["ceiling"]) for item in criterion["items"])


def with_criterion(
    frame: Mapping[str, Any], content: Mapping[str, Any], text: str, points: int, evidence: str = ""
) -> dict[str, Any]:
    """The content with one more own criterion at the end; points in hundredths. UserError without a ``local_frame``."""
    allowed = local_frame(frame)
    if allowed is None:
        raise UserError("frame.closed", _("This frame allows no criteria of one's own."))
    group = _group(content)
    criteria = [] if group is None else list(group["criteria"])
    taken = {criterion["id"] for criterion in criteria}
    number = next(n for n in range(1, len(criteria) + 2) if f"{LOCAL}_{n}" not in taken)
    item: dict[str, Any] = {"id": f"{LOCAL}_{number}a", "vi": text, "source": LOCAL}
    if evidence:
        item |= {"evidence": evidence, "evidence_required": True}
    if allowed.inside_total:
        item |= {"kind": "judgement", "max": _plain(points), "text_required": True}
    else:
        item |= {"kind": "bonus_with_ceiling", "answer": "manual", "max": 0, "ceiling": _plain(points)}
    criteria.append(
        {"id": f"{LOCAL}_{number}", "number": f"R{number}", "vi": text, "max": item["max"], "items": [item]}
    )
    return _with_local(frame, content, allowed, criteria)


def without_criterion(frame: Mapping[str, Any], content: Mapping[str, Any], criterion: str) -> dict[str, Any]:
    """The content without one of its own criteria; UserError when it is none of them."""
    allowed, group = local_frame(frame), _group(content)
    criteria = [] if group is None else [one for one in group["criteria"] if one["id"] != criterion]
    if allowed is None or group is None or len(criteria) == len(group["criteria"]):
        raise UserError("frame.not_own", _("Only criteria of this office's own can be taken out."), field="criterion")
    return _with_local(frame, content, allowed, criteria)


def _with_local(
    frame: Mapping[str, Any], content: Mapping[str, Any], allowed: LocalFrame, criteria: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    role = "points" if allowed.inside_total else "bonus"
    group: dict[str, Any] = {
        "id": LOCAL,
        "number": "R",
        "vi": "Tiêu chí riêng của đơn vị",
        "role": role,
        "criteria": list(criteria),
    }
    group["max"] = _plain(_points(group)) if allowed.inside_total else 0
    groups = [one for one in content["groups"] if one["id"] != LOCAL]
    built = dict(content) | {"groups": [*groups, group] if criteria else groups}
    key = "max_total" if allowed.inside_total else "bonus_ceiling"
    built[key] = _plain(hundredths(frame.get(key, 0)) + _points(group))
    return built


# --- judging


def _ids(content: Mapping[str, Any]) -> Iterator[str]:
    for group in content["groups"]:
        yield str(group["id"])
        for criterion in group["criteria"]:
            yield str(criterion["id"])
            yield from (str(item["id"]) for item in criterion["items"])
    yield from (str(one["id"]) for one in content.get("classes", {}).get("side_conditions", ()))


def _fixed(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the frame fixes; numbers in one spelling."""
    kept = {key: value for key, value in content.items() if key not in OWN_WORDS}
    kept["groups"] = [group for group in content["groups"] if group.get("id") != LOCAL]
    for key in ("max_total", "bonus_ceiling"):
        kept[key] = hundredths(content.get(key, 0))
    return kept


def frame_faults(frame: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    """What is wrong with a set that names ``frame``, one sentence each; empty when it keeps within the frame."""
    try:
        return _faults(frame, content)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return [_("This criteria set cannot be read. Ask the unit that issued it to send it again.")]


def _faults(frame: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    faults = []
    group = _group(content)
    allowed = local_frame(frame) or LocalFrame(0, 0, False)
    points, count = _points(group), 0 if group is None else len(group["criteria"])
    expected = _fixed(frame)
    expected["max_total" if allowed.inside_total else "bonus_ceiling"] += points
    if canonical_json(_fixed(content)) != canonical_json(expected):
        faults.append(_("Something of the frame was changed or taken out. Only own criteria may be added."))
    if group is not None and content["groups"][-1] is not group:
        faults.append(_("Own criteria stand in one group at the end of the sheet."))
    if group is not None and group["role"] != ("points" if allowed.inside_total else "bonus"):
        faults.append(_("Own criteria are not counted in the way that the frame says."))
    if count > allowed.max_items:
        words = ngettext(
            "The frame allows {most} own criterion; there are {count}.",
            "The frame allows {most} own criteria; there are {count}.",
            allowed.max_items,
        )
        faults.append(words.format(most=allowed.max_items, count=count))
    if points > allowed.max_points:
        words = _("The frame allows {most} points for own criteria; they have {points}.")
        faults.append(words.format(most=points_words(allowed.max_points), points=points_words(points)))
    if group is not None and any(_weight(group, one) <= 0 or not str(one["vi"]).strip() for one in group["criteria"]):
        faults.append(_("Each own criterion needs a text and points above nothing."))
    if group is not None and any(exact(item.get("max", 0)) < 0 for one in group["criteria"] for item in one["items"]):
        faults.append(_("Own criteria never take points off."))
    ids = list(_ids(content))
    if len(ids) != len(set(ids)):
        faults.append(_("An own criterion has an id that the frame uses. Take it out and add it again."))
    return faults
