"""What was written: counts that a person can recount, or one line a unit, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hoidesk.language import _, ngettext
from hoidesk.text.numbers import show_count
from ui.app import App
from ui.exchange.words import size_words
from ui.widgets.boxes import Card, Scroll
from ui.widgets.buttons import Button
from ui.widgets.details import Detail, DetailRows
from ui.widgets.flow import Flow
from ui.widgets.labels import Label

if TYPE_CHECKING:
    from hoidesk.exchange.export import Exported
    from hoidesk.exchange.outgoing import Sent

__all__ = ["SentCard"]


class SentCard(Card):
    """Facts of the package with its digits; the sheet is offered where the office uses it."""

    def __init__(
        self, app: App, leave: Callable[[], None], again: Callable[[], None], sheet: Callable[[int], object]
    ) -> None:
        super().__init__(gap=0.6)
        self._app = app
        self._number: int | None = None
        self.facts = DetailRows(label_width=13)
        self.back = Button(lambda: _("Back to the list"), kind="primary", key="Enter", click=leave)
        self.sheet = Button(
            lambda: _("Handover sheet (A5)"),
            icon="printer",
            click=lambda: sheet(self._number) if self._number is not None else None,
        )
        self.again = Button(lambda: _("Write another stick"), icon="plus", click=again)
        self._title = Label("", size=1.21, bold=True)
        self._hint = Label(
            lambda: _("Take the stick out as this PC asks for it: “Safely remove” first, then pull."),
            role="text2",
            wrap=True,
        )
        self.add(self._title, Scroll(self.facts), self._hint, Flow(self.back, self.sheet, self.again, gap=0.6))
        self.content.box.setStretch(1, 1)

    def show_sent(self, sent: Sequence[Sent], *, small: bool) -> None:
        """Show one package, or what became of several; in a ``small`` window without the hint."""
        single = sent[0].made if len(sent) == 1 else None
        self._number = single.number if single is not None else None
        self._hint.setVisible(not small)
        self._title.setVisible(not small)
        self._title.say((lambda: _("In the package")) if single is not None else (lambda: _("Packages written")))
        self.sheet.setVisible(single is not None and self._offered())
        if single is not None:
            self.facts.show_rows(_facts(single))
            return
        rows = []
        for one in sorted(sent, key=lambda s: s.made is not None):
            if one.made is not None:
                words = _written(one.made)
                rows.append(Detail(one.unit_name, words))
            else:
                role = "text2" if one.code == "send.nothing" else "bad"
                rows.append(Detail(one.unit_name, one.sentence, role=role))
        self.facts.show_rows(rows)

    def _offered(self) -> bool:
        from hoidesk.exchange.handing_over import sheet_offered

        book = self._app.book
        return book is not None and sheet_offered(self._app.office, book.unit.tier)


def _written(made: Exported) -> str:
    records = ngettext("{n} record", "{n} records", made.rows).format(n=show_count(made.rows))
    return _("Package {number}: {records}, {size}").format(
        number=made.number, records=records, size=size_words(made.size)
    )


def _facts(made: Exported) -> list[Detail]:
    from hoidesk.exchange.trust.keys import groups_of_four

    return [
        Detail(lambda: _("For"), made.unit_name),
        Detail(lambda: _("Number"), str(made.number)),
        Detail(lambda: _("Digits of the package"), groups_of_four(made.digits)),
        Detail(lambda: _("File"), made.path.name),
        Detail(lambda: _("Size"), size_words(made.size)),
        *(Detail(label, show_count(count)) for label, count in made.counts.items()),
        Detail(lambda: _("Receipts in it"), show_count(made.receipts) if made.receipts else ""),
    ]
