"""The home page: what must be done now at the left, the figures at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy

from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day, today
from ui.actions import Act
from ui.app import App
from ui.home.overview import Overview, chart_picture, overview
from ui.home.todo import GROUPS, Todo, todo
from ui.shell.page import Desk, Page
from ui.theme import colours, em
from ui.widgets.boxes import Box, Card, column, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column, GroupRow
from ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label, Note
from ui.widgets.messages import EmptyState
from ui.widgets.model import Deliver
from ui.widgets.table import TableView
from ui.widgets.words import Words

__all__ = ["HomePage", "build"]


class _Figure(Box):
    """One number with what it counts and what is missing."""

    def __init__(self) -> None:
        super().__init__(gap=0.05)
        self._small = False
        self._number = Label("", size=2.0, bold=True)
        self._of = Label("", role="text2", size=1.07)
        self._what = Label("", bold=True)
        self._rest = Label("", role="text2", size=0.93)
        top = row(self._number, self._of, 1, gap=0.4)
        top.box.setAlignment(self._of, Qt.AlignmentFlag.AlignBottom)
        self.add(top, self._what, self._rest)

    def show_figure(self, number: str, of: str, what: str, rest: str) -> None:
        self._number.say(number)
        self._of.say(of)
        self._what.say(what)
        self._rest.say(rest)
        self._rest.setVisible(not self._small)

    def set_small(self, on: bool) -> None:
        """A smaller number, and no line of what is missing, in a narrower window."""
        self._small = on
        self._rest.setVisible(not on)
        self._number.set_size(1.43 if on else 2.0)


class _Chart(QLabel):
    """The picture of the chart; drawn again when its room or the look changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(80)

    def show_pixels(self, pixels: Any) -> None:
        image = QImage(pixels.rgba, pixels.width, pixels.height, QImage.Format.Format_RGBA8888).copy()
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(2)
        self.setPixmap(picture)


class HomePage(Page):
    """Focus starts on the first thing that is due; Enter opens the place where it is done."""

    tables = frozenset(
        {
            "association", "branch", "area", "meeting", "petition", "registration", "assessment", "score", "approval",
            "petition_reply", "peer", "sent",
        }
    )  # fmt: skip

    def __init__(self, app: App, desk: Desk) -> None:
        self._todo: list[Todo] = []
        self._overview: Overview | None = None
        super().__init__(app, desk)
        columns = (
            Column("chip", lambda: _("When"), lambda one: Cell(one.chip, tone=one.tone, chip=True), width=10.6),
            Column("fact", lambda: _("What"), lambda one: Cell(one.fact, second=one.working)),
            Column(
                "act", lambda: _("Act"), lambda one: Cell(one.act, role="accent"), width=10.8, right=True, priority=3
            ),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("To do"), row_height=3.05)
        self.table.horizontalHeader().hide()
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self._count = Label("", role="text2")
        self.record_button = Button(
            lambda: _("Record a meeting"), kind="primary", icon="plus", key=Act.NEW, click=self._record
        )
        self._empty = EmptyState(
            lambda: _("Nothing is due today."),
            lambda: _("Record the meetings that were held, or open a page at the left."),
        )
        self._figures = [_Figure(), _Figure(), _Figure()]
        self._chart = _Chart()
        self._backup = Note(role="ok")
        self._folder = ElidedLabel("", size=1.0, role="text")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(60)
        self._timer.timeout.connect(self._draw_chart)
        self._lay_out()
        self.handlers = {Act.NEW: self._record}
        app.language_changed.connect(self._touch)
        self.restyle()

    def _lay_out(self) -> None:
        title = Label(lambda: _("To do"), size=1.21, bold=True)
        head = row(title, self._count, 1, self.record_button, margins=(1.0, 0.7, 0.8, 0.7))
        self._list = Card(head, self.table, self._empty, margins=(0, 0, 0, 0), gap=0)
        self._list.content.box.setStretch(1, 1)
        figures = Card(gap=0.5)
        for number, figure in enumerate(self._figures):
            figures.add(figure, Hairline() if number < 2 else None)
        chart = Card(Label(lambda: _("The last six months"), bold=True), self._chart, gap=0.4)
        chart.content.box.setStretch(1, 1)
        where = row(IconLabel("hard-drive"), self._folder, gap=0.4)
        where.box.setStretch(1, 1)
        place = Card(self._backup, where, gap=0.4, margins=(1.1, 0.8, 1.1, 0.8))
        self._side = column(figures, chart, place, gap=0.8)
        self._side.box.setStretch(1, 1)
        self._pane = QHBoxLayout()
        self._pane.addWidget(self._list, 1)
        self._pane.addWidget(self._side)
        self.body.addLayout(self._pane, 1)

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Home")

    # -- reading

    def refresh(self) -> None:
        """Count again."""
        book = self.app.book
        if book is None:
            return
        day = self.app.as_of or today()
        self.ask(lambda connection: (todo(connection, book, day), overview(connection, book, day)), self._take)

    def _take(self, answer: tuple[list[Todo], Overview]) -> None:
        self._todo, self._overview = answer
        keys: list[Any] = []
        for group, title in GROUPS():
            members = [number for number, one in enumerate(self._todo) if one.group == group]
            if members:
                keys += [GroupRow(f"{title} ({len(members)})"), *members]
        had_focus = self.table.hasFocus()
        self.table.set_keys(keys)
        self.table.setVisible(bool(self._todo))
        self._empty.setVisible(not self._todo)
        count = len(self._todo)
        self._count.say(
            ngettext("{count} thing, as of today", "{count} things, as of today", count).format(count=count)
            if self.app.as_of is None
            else ngettext("{count} thing, as of {day}", "{count} things, as of {day}", count).format(
                count=count, day=show_day(self.app.as_of)
            )
        )
        if had_focus or self.table.chosen is None:
            self.table.choose_first()
        self._show_figures(self._overview)
        self._timer.start()

    def _show_figures(self, found: Overview) -> None:
        first, second, third = self._figures
        first.show_figure(
            str(found.held),
            _("of {count} planned").format(count=found.planned),
            _("regular meetings held, due {month}/{year}").format(month=f"{found.month:02}", year=found.year),
            _("{count} still to be held").format(count=found.planned - found.held),
        )
        second.show_figure(
            str(found.registered),
            _("of {count} units").format(count=found.to_register),
            _("have registered for emulation in {year}").format(year=found.year),
            _("{count} still missing").format(count=found.to_register - found.registered),
        )
        third.show_figure(
            str(found.petitions),
            ngettext("petition", "petitions", found.petitions),
            _("open"),
            _("{count} overdue").format(count=found.petitions_late),
        )
        if found.backup:
            self._backup.say(_("Backed up {when}, opened and compared").format(when=found.backup), "ok")
        else:
            self._backup.say(_("No backup yet. Make one under Settings."), "warn")
        self._folder.say(_("The book lies in {path}").format(path=found.folder))

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._todo[key] for key in keys])

    # -- chart

    def _draw_chart(self) -> None:
        found, room = self._overview, self._chart.size()
        if found is None or room.width() < 80 or room.height() < 60 or not self._side.isVisible():
            return
        tokens = colours()
        look = {"text": tokens.text, "accent": tokens.accent, "surface": tokens.surface}
        width, height, size = room.width(), room.height(), em(0.86)
        self.app.lanes.free.submit(
            lambda _ticket: chart_picture(found, width_px=width, height_px=height, colours=look, size=size),
            owner=self._chart,
            done=self._chart.show_pixels,
        )
        months = ", ".join(
            f"{month}: {held}/{visits}"
            for month, held, visits in zip(found.months, found.meetings, found.visits, strict=True)
        )
        self._chart.setAccessibleName(_("Meetings and field visits by month: {months}").format(months=months))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the chart for its new room."""
        super().resizeEvent(event)
        self._timer.start()

    # -- acts

    def _open(self, key: int) -> None:
        one = self._todo[key]
        self.desk.go(one.place, one.record, one.only)

    def _clicked(self, index: Any) -> None:
        key = self.table.ids.key(index.row())
        if isinstance(key, int) and self.table.ids.columns[index.column()].id == "act":
            self._open(key)

    def _record(self) -> None:
        self.desk.go("meetings", None, "new")

    def enter(self) -> None:
        """Begin on the first thing that is due."""
        (self.table if self._todo else self.record_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_width_class(self, number: int) -> None:
        """Middle: figures as one-liners; narrow: the list alone."""
        super().set_width_class(number)
        self.table.set_width_class(number)
        self._side.setVisible(number > 1)
        for figure in self._figures:
            figure.set_small(number < 3)
        self._timer.start()

    def restyle(self) -> None:
        """Compute the width of the right column again."""
        super().restyle()
        if hasattr(self, "_pane"):
            self._pane.setSpacing(em(0.8))
            self._side.setFixedWidth(em(25.5))
            self._timer.start()


def build(app: App, desk: Desk) -> Page:
    """The home page."""
    return HomePage(app, desk)
