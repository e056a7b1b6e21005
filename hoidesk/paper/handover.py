"""The handover sheet of a package: one A5 page, cover and record in one. Optional; nothing in the program needs it.

It is an office form, so its words are Vietnamese in every language of the program. It shows what the label of the
package shows anyway, and counts that a person can recount; nothing of the content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoidesk.paper.words import count_text, day_text

__all__ = ["Handover", "handover_pdf"]


@dataclass(frozen=True, slots=True)
class Handover:
    """What stands on the sheet.

    ``counts`` are pairs of a Vietnamese word and a number ("Buổi sinh hoạt", 12). ``digits`` are those of the package,
    the same on both screens. ``replaces`` is the number of an unacknowledged package that this one contains. ``qr`` is
    the text of the code: what the label of the package says anyway. The box for the paper receipt is always empty: its
    digits are the receiver's proof.
    """

    from_name: str
    to_name: str
    number: int
    file_name: str
    size: int
    made_on: date
    replaces: int | None = None
    counts: tuple[tuple[str, int], ...] = ()
    digits: str = ""
    qr: str = ""


def handover_pdf(sheet: Handover) -> bytes:
    """The sheet as PDF, A5: from, to, number, counts, digits, QR code, three signatures, box for the paper receipt."""
    from reportlab.platypus import Spacer

    from hoidesk.paper.fonts import MM
    from hoidesk.paper.pdf_table import layout_table
    from hoidesk.paper.small_sheet import boxed, facts, qr_code, sheet_pdf, sheet_width, text

    width = sheet_width(a5=True)
    side = 30.0 if sheet.qr else 0.0
    room = width - side * MM
    top: list[object] = [facts(_lines(sheet), room, 31 * MM)]
    if sheet.qr:
        top.append(qr_code(sheet.qr, side))
    content = [
        text("BIÊN BẢN GIAO NHẬN GÓI DỮ LIỆU", "title"),
        text(f"Gói số {sheet.number}, lập ngày {day_text(sheet.made_on)}", "subtitle"),
        layout_table([top], [room, side * MM] if sheet.qr else [width]),
        Spacer(1, 5),
    ]
    if sheet.counts:
        rows = [[text(name), text(count_text(number), "center")] for name, number in sheet.counts]
        head = [text("Trong gói có", "value"), text("Số lượng", "center_bold")]
        content.append(boxed([head, *rows], [width * 0.75, width * 0.25], 1.5))
    content += [Spacer(1, 6), *_digits(sheet.digits), _receipt_box(width), Spacer(1, 8), _signatures(width)]
    return sheet_pdf(content, title=f"Biên bản giao nhận gói số {sheet.number}", a5=True)


def _lines(sheet: Handover) -> Sequence[tuple[str, str]]:
    lines = [("Bên giao", sheet.from_name), ("Bên nhận", sheet.to_name), ("Tên tệp", sheet.file_name)]
    if sheet.replaces is not None:
        lines.append(("Thay cho gói số", str(sheet.replaces)))
    lines.append(("Dung lượng", f"{count_text(sheet.size)} byte"))
    return lines


def _digits(digits: str) -> Sequence[Any]:
    from reportlab.platypus import Spacer

    from hoidesk.paper.small_sheet import text

    if not digits:
        return ()
    grouped = " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
    return (text("Dãy số của gói (hai bên so trên màn hình)", "center"), text(grouped, "digits"), Spacer(1, 4))


def _receipt_box(width: float) -> Any:
    from hoidesk.paper.small_sheet import boxed, text

    left = [text("Mã biên nhận, bên nhận ghi vào đây", "center"), text("…… …… ……", "digits")]
    right = [text("Nhận ngày", "center"), text("…… / …… / ………", "center")]
    return boxed([[left, right]], [width * 0.62, width * 0.38], 4)


def _signatures(width: float) -> Any:
    from hoidesk.paper.pdf_table import layout_table
    from hoidesk.paper.small_sheet import text

    names = ("Bên giao", "Người chuyển", "Bên nhận")
    row = [[text(name, "center_bold"), text("(ký, ghi rõ chức danh)", "center")] for name in names]
    return layout_table([row, [""] * 3], [width / 3] * 3, [("BOTTOMPADDING", (0, 1), (-1, 1), 40)])
