"""Emulation clusters of a year and the areas in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import today
from ui.actions import Act
from ui.app import App
from ui.records.cells import count, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import list_ids, list_rows, options
from ui.records.subject import Child, Filter, Subject
from ui.shell.page import Desk
from ui.widgets.boxes import Card, Scroll, column
from ui.widgets.buttons import Button, FilterChip
from ui.widgets.cells import Cell, Column
from ui.widgets.labels import Hairline, Label
from ui.widgets.messages import ActionBar, MessageLine

__all__ = ["ClustersPage", "subject"]

USUAL = (3, 4)
"""A cluster has three or four adjacent areas as a rule; another size is told, not refused."""


def subject(app: App) -> Subject:
    """The clusters of the years."""
    return Subject(
        table="cluster",
        listing="clusters",
        title=lambda: _("Clusters"),
        columns=(
            Column("name", lambda: _("Cluster"), text("name"), sort="name"),
            Column("year", lambda: _("Year"), lambda row: Cell(str(row["year"])), width=4.6, right=True, sort="year"),
            Column("members", lambda: _("Areas"), count("members"), width=6.4, right=True),
            Column("size", lambda: _("Size of the cluster"), _size, width=9.6, priority=2),
        ),
        sections=(Section(lambda: _("Cluster"), ("year", "name")),),
        save="cluster.save",
        new_label=lambda: _("Add a cluster"),
        empty=(
            lambda: _("No cluster is recorded yet. A cluster joins areas that lie side by side."),
            lambda: _("Add the first cluster of this year."),
        ),
        filters=(Filter("year", lambda: _("This year"), lambda on: {"year": on.year}),),
        subtitle=lambda record: str(record.values["year"]),
        tables=frozenset({"cluster_member", "area"}),
        defaults=lambda: {"year": str(today().year)},
        children=(
            Child(
                "cluster_member",
                "cluster_members",
                lambda: _("Areas"),
                "cluster_id",
                columns=(Column("area", lambda: _("Area"), text("area")),),
                sections=(Section(lambda: _("Areas"), ("area_id",)),),
            ),
        ),
    )


def _size(row: Any) -> Cell:
    if row["members"] in USUAL:
        return Cell("")
    return Cell(_("Not 3 or 4"), chip=True, tone="warn", icon="triangle-alert")


class MembersForm(QWidget):
    """Every area as a choice; chosen ones are in the cluster."""

    saved = Signal()
    left = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._cluster: UUID | None = None
        self._name = ""
        self.choices: dict[str, FilterChip] = {}
        self._column = column(gap=0.4)
        self._heading = Label("", size=1.21, bold=True, wrap=True)
        self.message = MessageLine()
        save = Button(lambda: _("Save to the book"), kind="primary", icon="check", key=Act.SAVE, click=self.save)
        self.bar = ActionBar(Button(lambda: _("Back"), key=Act.BACK, click=self.left.emit), save)
        paper = column(self._heading, self.message, self._column, 1, gap=0.8, margins=(1.6, 1.0, 1.6, 1.0))
        card = Card(Scroll(paper), Hairline(), self.bar, margins=(0, 0, 0, 0), gap=0)
        card.content.box.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def begin(self, cluster: UUID, name: str) -> None:
        """Choose the areas of a cluster."""
        self._cluster, self._name = cluster, name
        self._heading.say(lambda: _("Areas of {name}").format(name=name))
        self.message.say("")

        def query(connection: Any) -> tuple[list[tuple[str, str]], set[str]]:
            where = {"cluster_id": cluster}
            ids = list_ids(
                connection, "cluster_members", as_of=None, where=where, text="", order=None, descending=False
            )
            chosen = {row["area"] for row in list_rows(connection, "cluster_members", ids) if row is not None}
            return options(connection, "area"), chosen

        self._app.read(self, query, self._take, self._fail)

    def _take(self, answer: tuple[list[tuple[str, str]], set[str]]) -> None:
        areas, chosen = answer
        self._column.clear()
        self.choices = {}
        for value, words in areas:
            chip = FilterChip(words, click=lambda _on: self._say())
            chip.setChecked(words in chosen)
            self.choices[value] = chip
            self._column.add(chip)
        self._say()

    def _say(self) -> None:
        number = sum(chip.isChecked() for chip in self.choices.values())
        said = ngettext("{name}: {count} area.", "{name}: {count} areas.", number).format(name=self._name, count=number)
        if number not in USUAL:
            said += " " + _("A cluster has 3 or 4 areas as a rule.")
        self.bar.say(said)

    def save(self) -> None:
        """Save the choice."""
        from hoidesk.book.operations import operations

        chosen = [value for value, chip in self.choices.items() if chip.isChecked()]
        given = {"id": self._cluster, "area_ids": chosen}
        self._app.write(
            self, operations()["cluster.members"].parse(given), lambda _outcome: self.saved.emit(), self._fail
        )

    def _fail(self, refusal: Refusal) -> None:
        self.message.say(refusal.text)


class ClustersPage(SubjectPage):
    """The areas of a cluster are chosen together, since an area is in one cluster a year."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        self._members: MembersForm | None = None
        self.panel.add_act(
            Button(lambda: _("Choose the areas"), icon="map-pin", click=self.choose), lambda record: True
        )

    def choose(self) -> None:
        """Open the choice of areas for the cluster that is shown."""
        record = self.panel.record
        if record is None:
            return
        if self._members is None:
            self._members = MembersForm(self.app)
            self.add_view(self._members)
            self._members.left.connect(self.to_browse)
            self._members.saved.connect(self.to_browse)
        self.show_view(self._members)
        self._members.begin(record.id, record["name"])

    def save(self) -> None:
        """Ctrl+S in either form."""
        if self._members is not None and self.view() is self._members:
            self._members.save()
        else:
            super().save()

    def back(self) -> None:
        """Esc leaves the choice."""
        if self._members is not None and self.view() is self._members:
            self.to_browse()
        else:
            super().back()
