"""The words of the office on its papers: labels of tiers, letterhead, place, signer; from the settings of the book.

A paper is Vietnamese in whatever language the window is, so labels are taken as the office wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from hoidesk import presets
from hoidesk.book.settings import office_settings
from hoidesk.book.work import UnitIdentity
from hoidesk.figures.window import Window
from hoidesk.paper.model import Letterhead, LetterLine, SignatureBlock
from hoidesk.paper.placeholders import fill, small
from hoidesk.paper.words import NO_DATE, day_text, long_date

__all__ = ["Document", "Office", "office_of", "period_name"]

_FRONT: Final = "Ủy ban Mặt trận Tổ quốc Việt Nam"
_WORKING_COMMITTEE: Final = "Ban Công tác Mặt trận"
_FRONT_SUFFIX: Final = "-MTTQ-BTT"


@dataclass(frozen=True, slots=True)
class Document:
    """Number, day and signer of one paper; all of them may still be open."""

    number: str = ""
    issued_on: date | None = None
    signer_post: str = ""
    signer_name: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """The office whose book this is, and its settings with defaults filled in."""

    unit: UnitIdentity
    settings: Mapping[str, Any]

    def text(self, key: str) -> str:
        """A setting as text; "" where the office has not set it."""
        return str(self.settings.get(key) or "").strip()

    @property
    def name(self) -> str:
        """The office in a sentence."""
        body = _WORKING_COMMITTEE if self.unit.tier == "cell" else _FRONT
        return self.text("office.name") or f"{body} {small(self.unit.name)}"

    @property
    def place(self) -> str:
        """The place in front of the date: the name of the ward without the word for ward."""
        label = self.text("label.unit")
        name = self.unit.name
        bare = name[len(label) :].strip() if label and name.casefold().startswith(label.casefold()) else name
        return self.text("office.place") or bare

    @property
    def superior(self) -> str:
        """The superior unit that the report goes to."""
        return self.text("office.superior_name") or f"{_FRONT} {small(self.text('label.superior'))}"

    def labels(self) -> dict[str, str]:
        """Names of tiers, areas and scopes by placeholder."""
        out = {f"label.{name}": self.text(f"label.{name}") for name in ("superior", "unit", "area", "group")}
        out.update({f"scope.{one['id']}": str(one["vi"]) for one in presets.entries("scopes")})
        return {key: self._inserted(value) for key, value in out.items() if value}

    def _inserted(self, text: str) -> str:
        return fill(text, {f"label.{n}": self.text(f"label.{n}") for n in ("superior", "unit", "area", "group")})

    def words(self, window: Window, as_of: date, document: Document) -> dict[str, str]:
        """Every placeholder of the outline that is no figure."""
        symbol = self.text("office.symbol").removesuffix(_FRONT_SUFFIX)
        year = (document.issued_on or window.end).year
        dated = long_date(document.issued_on) if document.issued_on else NO_DATE.format(year=year)
        post = document.signer_post or self.text("signer.post")
        return self.labels() | {
            "period.name": period_name(window),
            "period.from": day_text(window.start),
            "period.to": day_text(window.end),
            "period.as_of": day_text(as_of),
            "office.name": self.name,
            "office.place": self.place,
            "office.place_caps": self.unit.name.upper(),
            "office.superior_name": self.superior,
            "office.party_committee": self.text("office.party_committee") or f"Đảng ủy {small(self.unit.name)}",
            **{
                f"office.{key}{suffix}": change(self.text(f"office.{key}"))
                for key in _OTHER_LETTERHEADS
                for suffix, change in (("", str), ("_caps", str.upper))
            },
            "doc.number": _number(document.number),
            "doc.symbol": symbol,
            "doc.date_long": dated,
            "signer.post": post,
            "signer.post_caps": post.upper(),
            "signer.name": document.signer_name or self.text("signer.name"),
        }

    def letterhead(self, words: Mapping[str, str]) -> Letterhead:
        """The letterhead that the office chose (settings key paper.letterhead), with its words in it."""
        chosen = self._preset()
        sides: dict[str, list[LetterLine]] = {"left": [], "right": []}
        place_date = ""
        for line in chosen["lines"]:
            text = fill(str(line["text"]), words).strip()
            if line["style"].startswith("italic"):
                place_date = text
            elif text:
                sides[line["side"]].append(_letter_line(text, line["style"], line["side"]))
        number = _number_line(str(chosen["number_line"]["pattern"]), words)
        return Letterhead(chosen["id"], tuple(sides["left"]), tuple(sides["right"]), number, place_date)

    def signature(self, words: Mapping[str, str]) -> SignatureBlock:
        """On whose behalf, which post, which name."""
        chosen = self._preset()
        lines = [fill(str(line["text"]), words) for line in chosen["signature"]]
        front = chosen["id"] == "state_front"
        collective = (self.text("signer.authority") if front else "") or lines[0]
        return SignatureBlock(tuple(line for line in (collective, *lines[1:-1]) if line), lines[-1])

    def _preset(self) -> Mapping[str, Any]:
        wanted = self.text("paper.letterhead")
        heads = presets.letterheads()
        return next((head for head in heads if head["id"] == wanted), heads[0])


_PERIODS: Final = {
    ((1, 1), (6, 30)): "6 tháng đầu năm",
    ((7, 1), (12, 31)): "6 tháng cuối năm",
    ((1, 1), (12, 31)): "năm",
}
_OTHER_LETTERHEADS: Final = (
    "party_superior",
    "party_issuer",
    "party_symbol",
    "party_collective",
    "youth_superior",
    "youth_issuer",
    "youth_collective",
)


def _number(number: str) -> str:
    """The number of a paper: under 10 with a leading zero, open as dots (Decree 30/2020, Annex I)."""
    return f"{int(number):02d}" if number.isdecimal() else number or "……"


def _number_line(pattern: str, words: Mapping[str, str]) -> str:
    """The line of number and symbol; a number typed with its symbol ("31/BC-MTTQ-BTT") stands as it was typed."""
    number = words["doc.number"]
    if "/" in number:
        return pattern.partition("{doc.number}")[0] + number
    return fill(pattern, words)


def _letter_line(text: str, style: str, side: str) -> LetterLine:
    rule = 0.0
    if style.endswith("rule_below"):
        # Under the motto the line is as long as the text, under the issuing body a third to a half of it.
        rule = 1.0 if side == "right" else 0.4
    motto = style.startswith("bold")
    return LetterLine(text, bold="bold" in style, size=13 if motto else 12, rule=rule)


def office_of(connection: Connection, unit: UnitIdentity) -> Office:
    """The office of the book with its settings."""
    return Office(unit, office_settings(connection, unit.code))


def period_name(window: Window) -> str:
    """The period in words: "6 tháng đầu năm 2026", "năm 2026", or its first and last day."""
    first, last = (window.start.month, window.start.day), (window.end.month, window.end.day)
    if window.start.year == window.end.year:
        name = _PERIODS.get((first, last))
        if name:
            return f"{name} {window.start.year}"
    return f"từ ngày {day_text(window.start)} đến ngày {day_text(window.end)}"
