"""What the next package would hold, shown before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hoidesk.language import _, ngettext
from hoidesk.text.numbers import show_count
from ui.widgets.boxes import Card, Scroll
from ui.widgets.details import Detail, DetailRows
from ui.widgets.labels import Label

if TYPE_CHECKING:
    from hoidesk.exchange.outgoing import Outlook

__all__ = ["OutlookCard"]


class OutlookCard(Card):
    """Counts that a person can recount, and which package this one replaces; for several units one line each."""

    def __init__(self) -> None:
        super().__init__(gap=0.6)
        self._facts = DetailRows(label_width=13)
        self._note = Label("", role="text2", wrap=True)
        self.add(
            Label(lambda: _("The package will hold"), size=1.21, bold=True),
            Scroll(self._facts),
            self._note,
        )
        self.content.box.setStretch(1, 1)
        self.found: list[Outlook] = []

    def show_outlooks(self, found: Sequence[Outlook]) -> None:
        """Show one package, or one line for each of several."""
        self.found = list(found)
        if len(self.found) == 1:
            self._show_one(self.found[0])
        else:
            self._show_many()

    def _show_one(self, one: Outlook) -> None:
        rows = [
            Detail(lambda: _("Instead of"), _package(one.replaces)),
            *(Detail(label, show_count(count)) for label, count in one.counts.items()),
            Detail(lambda: _("Receipts in it"), show_count(one.receipts) if one.receipts else ""),
        ]
        self._facts.show_rows(rows)
        if one.empty:
            self._note.say(_("Nothing new since the last receipt. A package can be written all the same."))
        elif one.kind == "full":
            self._note.say(_("Everything that this unit may see: no receipt of it is here yet."))
        elif one.replaces is not None:
            self._note.say(
                _("No receipt for package {number} came, so this one holds its content too.").format(
                    number=one.replaces
                )
            )
        else:
            self._note.say("")

    def _show_many(self) -> None:
        written = [one for one in self.found if not one.empty]
        rows = []
        for one in written:
            records = ngettext("{n} record", "{n} records", one.rows).format(n=show_count(one.rows))
            receipts = _("{n} receipts").format(n=one.receipts) if one.receipts else ""
            instead = _("instead of package {number}").format(number=one.replaces) if one.replaces else ""
            rows.append(Detail(one.unit_name, ", ".join(part for part in (records, receipts, instead) if part)))
        self._facts.show_rows(rows)
        left = len(self.found) - len(written)
        said = ngettext("One package each for {n} unit.", "One package each for {n} units.", len(written))
        rest = ngettext("For {n} there is nothing new.", "For {n} there is nothing new.", left).format(n=left)
        self._note.say(f"{said.format(n=len(written))} {rest if left else ''}".strip())


def _package(number: int | None) -> str:
    return "" if number is None else _("Package {number}").format(number=number)
