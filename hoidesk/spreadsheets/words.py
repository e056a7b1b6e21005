"""The words of offices: what headers, groups, totals, signatures and answers look like.

Every pattern is matched against folded text (no accents, no case) with punctuation made into single spaces. A header
of several rows is one line, its parts joined by `` | `` from the top down. Within one kind the first rule that
matches a header decides, so the narrower rule stands above the wider one.
"""

from __future__ import annotations

import re
from typing import Final

from hoidesk.text.fold import fold

__all__ = [
    "AS_OF",
    "CHOICE_FIELDS",
    "GROUP_NUMBER",
    "HEADERS",
    "NAMES_A_PERSON",
    "NO",
    "NOT_TAKEN",
    "PARTY",
    "REQUIRED",
    "SIGNATURE",
    "SIGNED_ON",
    "TICKS",
    "TITLES",
    "TOTAL",
    "TYPES",
    "YES",
    "plain",
]

_NOT_WORD: Final = re.compile(r"[^0-9a-z|+]+")


def plain(text: str) -> str:
    """``text`` folded, with every run of other characters made one space."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


def _rules(*rules: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((field, re.compile(pattern)) for field, pattern in rules)


_ORDINAL: Final = ("ordinal", r"^(stt|tt|so tt|so thu tu|no|s t t)$")
_REMARK: Final = ("remark", r"^(ghi chu|chu thich|nhan xet|ghi chu khac)\b")
_DECISION: Final = r"(\bqd\b|quyet dinh|thanh lap|giay phep|cho phep)"
_HEAD: Final = r"(dung dau|chu tich|truong (hoi|ban)|hoi truong|chu nhiem|lanh dao|phu trach|dai dien)"
_PHONE: Final = r"(dien thoai|\bsdt\b|so dt\b|^dt$|\| dt$|di dong|lien lac|lien he|phone|mobile|hotline)"
_AREA: Final = (
    r"(khu pho|\bkp\b|to dan pho|\btdp\b|\bkhom\b|\bthon\b|khoi pho|khu dan cu|\bkdc\b|dia ban|khu vuc|^ap$|^to$|^ban$)"
)

HEADERS: Final[dict[str, tuple[tuple[str, re.Pattern[str]], ...]]] = {
    "associations": _rules(
        _ORDINAL,
        ("skip", r"(tang giam|so (luong )?(chi|phan|to|clb) ?hoi|^chi hoi$|kinh phi|xep loai|cong khai)"),
        ("phone", _PHONE),
        (
            "party_members",
            r"^(so|tong so|sl|so luong) (dang vien|dv)\b|^dang vien$|(to chuc dang|chi bo).*\| (so )?(dang vien|dv)$",
        ),
        ("party", r"(to chuc (co so )?dang|\bchi bo\b|dang bo|^tinh trang dang|^dang \|)"),
        ("legacy_specific", r"(dac thu)"),
        ("entrusted", r"(giao nhiem vu|giao nv|duoc giao|dang nn giao|nha nuoc giao)"),
        ("joined", r"(\btang\b|ket nap|phat trien moi|hoi vien moi)"),
        ("left", r"(\bgiam\b|ra khoi hoi|xoa ten|chuyen di)"),
        ("last_congress", r"dai hoi.*(\bgan|truoc|vua|lan cuoi|da to chuc)|(gan nhat|da to chuc).*dai hoi"),
        ("next_congress", r"dai hoi.*(ke tiep|tiep theo|\btoi\b|du kien|lan sau|ke hoach)|(du kien|ke hoach).*dai hoi"),
        ("skip", r"(nhiem ky|dai hoi)"),
        (
            "licensing_authority",
            r"(co quan|cap|don vi) (cho phep|cap phep|ban hanh|ra quyet dinh|quyet dinh|ky|thanh lap)",
        ),
        ("managing_body", r"(co quan|don vi|cap) (quan ly|chu quan)"),
        ("statute_number", r"^(?!.*thanh lap).*(dieu le.*\bso\b|\bso\b.*dieu le)"),
        ("skip", r"^(?!.*thanh lap).*dieu le"),
        ("decision", rf"{_DECISION}.*\bso\b.*\bngay\b|\bso\b.*\bngay\b.*{_DECISION}"),
        ("decision_date", rf"(\bngay\b|thoi gian|\bnam\b).*{_DECISION}|{_DECISION}.*(\bngay\b|thoi gian|\bnam\b)"),
        ("decision_number", rf"\bso\b.*{_DECISION}|{_DECISION}.*(\bso\b|so hieu|ky hieu)"),
        ("decision", _DECISION),
        ("head_title", r"(chuc danh|chuc vu)"),
        ("head", rf"{_HEAD}|ho (va )?ten|^nguoi dung ten"),
        ("type", r"(loai hinh|loai hoi|phan loai|nhom hoi|^loai$|tinh chat)"),
        ("scope", r"pham vi"),
        ("headquarters", r"(tru so|dia chi|noi dat|noi sinh hoat)"),
        ("members", r"(hoi vien|thanh vien|\bhv\b|so nguoi|quan so)"),
        _REMARK,
        (
            "name",
            r"^(ten|hoi|hoi quan chung|ten (cac )?(hoi|to chuc|don vi|clb|doan the|hiep hoi)\b.*|ten goi.*|"
            r"to chuc( hoi)?|don vi|hoi doan the|cac hoi|hoi to chuc)$|\| (ten|ten hoi|ten to chuc)$",
        ),
    ),
    "meetings": _rules(
        _ORDINAL,
        ("phone", _PHONE),
        (
            "absent",
            r"vang.*(khong (co )?(ly do|phep|ld)|\bkp\b|\bkld\b)|"
            r"\| (khong phep|khong (co )?(ly do|ld))$|^khong (phep|ly do)$",
        ),
        ("excused", r"vang.*(ly do|phep|\bld\b|\bcp\b|\| co)|^(co phep|co ly do|co ld)$"),
        ("attendance", r"(co mat|du hop|tham du|du|hien dien) (tren )?(tong so|trieu tap|si so|ts|so moi)"),
        ("present", r"(co mat|du hop|tham du|tham gia|hien dien|\bdu\b(?! kien)|thuc te)"),
        ("absent_all", r"\bvang\b"),
        ("petition", r"(kien nghi|de xuat|de nghi|y kien|phan anh)"),
        ("decision", r"(ket luan|nghi quyet|thong nhat|ket qua)"),
        ("agenda", r"(noi dung|chu de|chuyen de|van de|trich yeu)"),
        (
            "invited",
            r"(tong so|trieu tap|duoc moi|giay moi|si so|phai du|quan so|hoi vien|\bhv\b|\bts\b|^(so )?moi$|\| moi$)",
        ),
        ("chair", r"(chu tri|chu toa|nguoi dieu hanh)"),
        ("secretary", r"(thu ky|nguoi ghi)"),
        ("place", r"(dia diem|noi hop|noi sinh hoat|noi to chuc)"),
        ("meeting_kind", r"(hinh thuc|loai (cuoc )?(hop|sinh hoat)|loai hinh)"),
        ("starts", r"^gio\b|bat dau"),
        ("ends", r"ket thuc"),
        ("skip", r"ngay (ghi|lap|vao so|gui|nop)"),
        ("month", r"^thang$|\| thang$"),
        ("held_on", r"(\bngay\b|thoi gian|thoi diem|ngay thang)"),
        ("branch", r"^(ten )?(loai )?(chi hoi|chi doan|don vi|to chuc|hoi|doan the|ban nganh|chi to hoi)\b"),
        ("area", _AREA),
        _REMARK,
    ),
    "branches": _rules(
        _ORDINAL,
        ("phone", _PHONE),
        ("rhythm", r"(lich|dinh ky|che do|nhip|thoi gian) ?(sinh hoat|hop)?"),
        ("branch", r"^(ten )?(chi hoi|chi doan|don vi|to chuc)\b(?! truong)"),
        ("head", rf"{_HEAD}|chi hoi truong|bi thu|truong|ho (va )?ten"),
        ("members", r"(hoi vien|thanh vien|\bhv\b|so nguoi)"),
        ("area", _AREA),
        _REMARK,
    ),
}
"""Header rules of each kind of list. ``skip`` marks a column that is known and not taken over."""

REQUIRED: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "associations": (
        frozenset({"name"}),
        frozenset({"type", "decision", "decision_number", "members", "party", "entrusted", "next_congress", "head"}),
    ),
    "meetings": (
        frozenset({"held_on"}),
        frozenset({"branch", "area"}),
        frozenset({"present", "invited", "attendance", "agenda"}),
    ),
    "branches": (frozenset({"branch"}), frozenset({"area"}), frozenset({"members", "rhythm", "head"})),
}
"""A header is of a kind when every set has a field in it."""

NOT_TAKEN: Final = re.compile(
    r"(ngay sinh|nam sinh|sinh nam|gioi tinh|\bnu\b|\| nam$|dan toc|ton giao|cccd|cmnd|can cuoc|que quan|ngay vao dang|"
    r"trinh do|(dung dau|chu tich).*(dang vien|dia chi|email)|\bemail\b|chu ky|ky ten|danh sach vang|ho ten .*vang)"
)
"""Headers about persons that the program has no place for."""

TITLES: Final[dict[str, re.Pattern[str]]] = {
    "associations": re.compile(r"(danh sach|thong ke|bieu|tong hop).*\b(hoi|hoi quan chung|to chuc hoi)\b"),
    "meetings": re.compile(r"(sinh hoat|so hop|cuoc hop|lich hop|theo doi hop)"),
    "branches": re.compile(r"(chi hoi|chi doan)"),
}

TOTAL: Final = re.compile(
    r"^(tong cong|tong so|tong hop|tong|cong|cong don|luy ke)\b(?! (doan|dong|ty|tac|nghiep|vien|chuc|giao|chung|hoi))"
)
GROUP_NUMBER: Final = re.compile(r"^([ivx]{1,5}|[a-h]|\d{1,2}) (?=\D)")
SIGNATURE: Final = re.compile(
    r"^(nguoi lap( bieu)?|nguoi tong hop|nguoi bao cao|lap bieu|ke toan|thu truong|tm|t m|kt|tl|xac nhan|noi nhan|"
    r"thu ky|chu toa|ky ghi ro|ky va|ky ten|ban thuong truc|ghi chu|luu y|chu thich)\b|"
    r"\bngay \d{1,2} thang \d{1,2} nam \d{4}$|\bngay thang nam( 20)?\d*$"
)
"""Where a table has ended: signatures, the place and day beside them, notes."""

_DAY: Final = r"(\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s*thang\s*\d{1,2}\s*nam\s*\d{4})"
AS_OF: Final = re.compile(rf"(?:den|het|thoi diem)\s*(?:het\s*)?(?:ngay\s*)?:?\s*{_DAY}")
"""The day of the figures in a title, matched against folded text with its punctuation; group 1 is the day."""
SIGNED_ON: Final = re.compile(rf"ngay\s*{_DAY}")
"""The day of signing in a letterhead or a signature block."""

YES: Final = frozenset("x co v 1 + y yes true dung dat roi da xx".split())
TICKS: Final = frozenset("\u2713\u2714\u221a\u2611\u00d7\u00fe")
NO: Final = frozenset("khong k ko 0 no false chua n kh chua co khong co".split()) | {"chua co", "khong co", ""}

PARTY: Final = (
    ("none", re.compile(r"^(khong|chua|ko|k|0|no)\b|^$")),
    ("joint", re.compile(r"(ghep|chung|lien chi|sinh hoat cung)")),
    ("unknown", re.compile(r"(khong ro|chua ro|dang ra soat)")),
    ("own", re.compile(r"(rieng|doc lap|chi bo|dang bo|^co\b|^x$|^1$|^own$|to chuc dang)")),
)
"""Party organisation status by words; ``unknown`` is looked for first."""

TYPES: Final = (
    ("political_social", re.compile(r"(chinh tri|\bct ?xh\b)")),
    ("economic_association", re.compile(r"(hiep hoi|kinh te|doanh nghiep)")),
    ("social_fund", re.compile(r"\bquy\b")),
    ("charitable_humanitarian", re.compile(r"(nhan dao|tu thien)")),
    ("social_professional", re.compile(r"(nghe nghiep|\bnn\b|\bxhnn\b)")),
)
"""Type of association by words; other words are kept as they are, beside the type ``other``."""

NAMES_A_PERSON: Final = re.compile(rf"{_HEAD}|\bho (va )?ten\b|\bten\b")
"""A column of phones that holds the name as well: the name is taken from it."""
CHOICE_FIELDS: Final = frozenset({"party", "type", "entrusted"})
"""Fields that may be spread over several columns, each with an ``x`` under the answer that holds."""
