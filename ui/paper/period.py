"""The period of a report: a round of assessment, or any first and last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from hoidesk.errors import UserError
from hoidesk.language import _
from hoidesk.text.dates import parse_day, show_day, today
from ui.widgets.boxes import Box
from ui.widgets.fields import ComboField, LineField, mark_wrong
from ui.widgets.labels import Label

if TYPE_CHECKING:
    from hoidesk.assessment.rows import RoundRow

__all__ = ["Period", "PeriodBar"]


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a report and the day of its moment figures; None is the last day."""

    first: date
    last: date
    as_of: date | None = None


def last_half_year(day: date) -> Period:
    """The half-year that ended last."""
    if day.month > 6:
        return Period(date(day.year, 1, 1), date(day.year, 6, 30))
    return Period(date(day.year - 1, 7, 1), date(day.year - 1, 12, 31))


class PeriodBar(Box):
    """``changed`` once the days can be read; ``refused`` carries the sentence when they cannot."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__(vertical=False, gap=0.5)
        self._rounds: Sequence[RoundRow] = ()
        self._period = last_half_year(today())
        self.choice = ComboField(width=12)
        self.first = LineField(width=7.2)
        self.last = LineField(width=7.2)
        self.as_of = LineField(width=7.2)
        self._as_of_label = Label(lambda: _("As of"), role="text2")
        self.add(
            self.choice, self.first, Label("–", role="text2"), self.last, self._as_of_label, self.as_of, 1,
        )  # fmt: skip
        for field in (self.first, self.last, self.as_of):
            field.editingFinished.connect(self._typed)
        self.choice.activated.connect(self._chosen)
        self._show()

    @property
    def period(self) -> Period:
        """The period that is set."""
        return self._period

    def set_rounds(self, rounds: Sequence[RoundRow]) -> None:
        """Offer the rounds of the book; the names for screen readers follow the language with it."""
        self._rounds = rounds
        items = [(one.id.hex, one.name) for one in rounds]
        blocked = self.choice.blockSignals(True)
        self.choice.fill([*items, ("", _("Other period"))])
        self._match()
        self.choice.blockSignals(blocked)
        self.choice.setAccessibleName(_("Round"))
        self.first.setAccessibleName(_("First day"))
        self.last.setAccessibleName(_("Last day"))
        self.as_of.setAccessibleName(_("As of"))

    def set_period(self, period: Period) -> None:
        """Set other days."""
        self._period = period
        self._show()
        self._match()
        self.changed.emit()

    def _show(self) -> None:
        self.first.setText(show_day(self._period.first))
        self.last.setText(show_day(self._period.last))
        self.as_of.setText(show_day(self._period.as_of or self._period.last))

    def _match(self) -> None:
        found = [one for one in self._rounds if (one.evidence_from, one.evidence_to) == self._days()]
        self.choice.choose(found[0].id.hex if found else "")

    def _days(self) -> tuple[date, date]:
        return self._period.first, self._period.last

    def _chosen(self, _place: int) -> None:
        found = next((one for one in self._rounds if one.id.hex == self.choice.value()), None)
        if found is not None:
            self.set_period(Period(found.evidence_from, found.evidence_to, found.cut_off))
        else:
            self.first.setFocus()

    def _typed(self) -> None:
        days = []
        for field in (self.first, self.last, self.as_of):
            try:
                days.append(parse_day(field.text(), today()))
            except UserError as error:
                mark_wrong(field, True)
                self.refused.emit(error.text)
                return
            mark_wrong(field, False)
        period = Period(days[0], days[1], days[2])
        if period.last < period.first:
            mark_wrong(self.last, True)
            self.refused.emit(_("The last day lies before the first day."))
            return
        moved = self._days() != (period.first, period.last)
        if moved and days[2] == (self._period.as_of or self._period.last):
            period = Period(days[0], days[1], days[1])
        if period != Period(*self._days(), self._period.as_of or self._period.last):
            self.set_period(period)

    def set_narrow(self, on: bool) -> None:
        """Without the as-of day in a narrow window; it stays as it is set."""
        self._as_of_label.setVisible(not on)
        self.as_of.setVisible(not on)
