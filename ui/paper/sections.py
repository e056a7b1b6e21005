"""The officer's words: the sections of a report with what is missing, last period's words offered beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day
from ui.actions import Act
from ui.paper.panes import TwoPanes
from ui.paper.period import Period
from ui.widgets.boxes import Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.fields import FlagField, NoteField
from ui.widgets.labels import Label, Note
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.paper.half_year import SectionView
    from hoidesk.paper.rows import StoredText

__all__ = ["SectionsPanel"]


class SectionsPanel(TwoPanes):
    """``saved`` carries what is given to the operation that keeps the words of one section."""

    saved = Signal(object)
    outline_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._views: dict[str, SectionView] = {}
        self._stored: dict[str, StoredText] = {}
        self._period: Period | None = None
        self._shown = ""
        self._filling = False
        columns = (
            Column("title", lambda: _("Section"), _title),
            Column("state", lambda: _("Words"), _state, width=8.2),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Sections of the report"), row_height=2.3)
        self.table.current.connect(self._on_current)
        self.text = NoteField(lines=7)
        self.table.opened.connect(lambda _key: self.open_right(self.text))
        self._count = Note()
        self._title = Label("", bold=True, size=1.07, wrap=True)
        self._lead = Label("", role="text2", wrap=True)
        self.no_lead = FlagField()
        self._no_lead_label = Label(lambda: _("Without a lead sentence"), wrap=True)
        self._no_lead_label.setBuddy(self.no_lead)
        self._lead_source = NoteField(lines=3)
        self._lead_label = Label(lambda: _("Lead sentence; braces are filled with figures"), bold=True, wrap=True)
        self._lead_label.setBuddy(self._lead_source)
        self._text_label = Label(lambda: _("Own words"), bold=True)
        self._text_label.setBuddy(self.text)
        self._offer_label = Label("", bold=True, wrap=True)
        self._offered = Label("", role="text2", wrap=True)
        self.take_over = Button(lambda: _("Take these words over"), icon="copy", click=self._take_over)
        self._offer = Card(self._offer_label, self._offered, row(self.take_over, 1), gap=0.4)
        self.save_button = Button(lambda: _("Keep the words"), icon="check", key=Act.SAVE, click=self.save)
        self._lay_out()

    def _lay_out(self) -> None:
        flag = row(self.no_lead, self._no_lead_label, gap=0.4)
        flag.box.setStretch(1, 1)
        content = column(
            self._title, self._lead, self._text_label, self.text, row(1, self.save_button), self._offer,
            self._lead_label, self._lead_source, flag, 1, gap=0.5, margins=(1.1, 0.9, 1.1, 0.9),
        )  # fmt: skip
        self.outline_button = Button(lambda: _("Outline"), kind="quiet", icon="list", click=self.outline_asked.emit)
        top = row(self._count, self.outline_button, margins=(1.0, 0.3, 0.6, 0.2))
        top.box.setStretch(0, 1)
        left = Card(top, self.table, margins=(0, 0, 0, 0), gap=0)
        left.content.box.setStretch(1, 1)
        card = Card(Scroll(content), margins=(0, 0, 0, 0))
        self.set_panes(left, card)

    # -- showing

    def take(self, views: Sequence[SectionView], stored: dict[str, StoredText], period: Period) -> None:
        """Show the sections of a period; words that are being typed stay."""
        other = period != self._period
        typing = not other and self.dirty()
        self._period = period
        self._views = {one.id: one for one in views}
        self._stored = stored
        # A table with the focus chooses its first row by itself; here the first missing section is chosen.
        self._filling = True
        self.table.set_keys(list(self._views))
        self._filling = False
        missing = [one for one in views if one.missing]
        self._count.say(
            ngettext("{count} section has no words yet", "{count} sections have no words yet", len(missing)).format(
                count=len(missing)
            )
            if missing
            else _("Every section that needs words has some."),
            "warn" if missing else "ok",
        )
        if self._shown not in self._views:
            first = missing[0].id if missing else next(iter(self._views), "")
            self._shown = ""
            if first:
                self.table.choose(first)
                if self._shown != first:  # the table with the focus stood there already and told nothing
                    self._load(first)
        elif not typing:
            self._load(self._shown)

    def _on_current(self, key: str) -> None:
        if key != self._shown and not self._filling:
            self.save()
            self._load(key)

    def _load(self, key: str) -> None:
        self._shown = key
        view, stored = self._views[key], self._stored.get(key)
        self._title.say(f"{view.number} {view.title}".strip())
        self._lead.say(view.lead)
        self._lead.setVisible(bool(view.lead))
        self.text.setPlainText(view.text)
        self._lead_source.setPlainText(self._source(key))
        self.no_lead.setChecked(stored is not None and stored.no_lead)
        self.text.setAccessibleName(view.title)
        self._offer.setVisible(view.offered is not None and view.offered != view.text)
        if view.offered is not None and view.offered_period is not None:
            self._offer_label.say(
                _("Words of {first} to {last}").format(
                    first=show_day(view.offered_period.start), last=show_day(view.offered_period.end)
                )
            )
            self._offered.say(view.offered)

    def _source(self, key: str) -> str:
        stored = self._stored.get(key)
        return stored.lead if stored is not None and stored.lead is not None else self._views[key].lead_source

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._views.get(key) for key in keys])

    # -- writing

    def dirty(self) -> bool:
        """Whether words were typed that are not in the book."""
        view = self._views.get(self._shown)
        if view is None:
            return False
        stored = self._stored.get(self._shown)
        return (
            self.text.toPlainText().strip() != view.text.strip()
            or self._lead_source.toPlainText().strip() != self._source(self._shown).strip()
            or self.no_lead.isChecked() != (stored is not None and stored.no_lead)
        )

    def save(self) -> None:
        """Keep the words of the section that is shown."""
        if not self.dirty() or self._period is None:
            return
        lead = self._lead_source.toPlainText().strip()
        stored = self._stored.get(self._shown)
        changed = lead != self._source(self._shown).strip()
        given = {
            "section": self._shown,
            "period_from": self._period.first,
            "period_to": self._period.last,
            "text": self.text.toPlainText().strip(),
            "no_lead": self.no_lead.isChecked(),
            "lead": lead if changed else (stored.lead if stored is not None else None),
        }
        self.saved.emit(given)

    def _take_over(self) -> None:
        view = self._views.get(self._shown)
        if view is not None and view.offered is not None:
            self.text.setPlainText(view.offered)
            self.save()


def _title(view: SectionView) -> Cell:
    number = f"{view.number} " if view.number else ""
    return Cell(f"{number}{view.title}", bold=view.level == 1, indent=max(0, view.level - 1))


def _state(view: SectionView) -> Cell:
    if view.missing:
        return Cell(_("Missing"), icon="circle-alert", tone="bad")
    if view.text.strip():
        return Cell(_("Written"), icon="check", tone="ok")
    return Cell("")
