"""Petitions that went up: what was sent to the superior unit, what subordinate units sent here, and the replies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hoidesk.language import _
from hoidesk.text.dates import show_day, today
from ui.app import App
from ui.records.cells import choice, day, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.reading import Loaded
from ui.records.subject import Child, Filter, Subject
from ui.shell.page import Desk, Page
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column

__all__ = ["ForwardedPage", "build", "subject"]


def _state(row: Any) -> Cell:
    if row["replied_on"] is not None:
        return Cell(_("Answered {day}").format(day=show_day(row["replied_on"])), icon="check", tone="ok")
    return Cell(_("No reply yet"), role="text2")


def _text(row: Any, app: App) -> Cell:
    way = f"{app.unit_name(row['from_unit'])} → {app.unit_name(row['to_unit'])}"
    return Cell(" ".join(str(row["text"]).split()), second=way)


def subject(app: App) -> Subject:
    """What the page of forwarded petitions lists and shows; they are written once and never changed."""

    def labels() -> Any:
        return app.labels

    return Subject(
        table="forwarded_petition",
        listing="forwarded_petitions",
        title=lambda: _("Forwarded petitions"),
        columns=(
            Column("text", lambda: _("Petition"), lambda row: _text(row, app)),
            Column("forwarded_on", lambda: _("Forwarded on"), day("forwarded_on"), width=8.8, sort="forwarded_on"),
            Column("state", lambda: _("State"), _state, width=14.2),
        ),
        sections=(
            Section(lambda: _("Petition"), ("number", "text", "theme", "raised_on", "petition_id")),
            Section(lambda: _("Way"), ("forwarded_on", "from_unit", "to_unit")),
        ),
        empty=(
            lambda: _("No petition was forwarded yet."),
            lambda: _("Open a petition and forward it; packages bring those of other units."),
        ),
        filters=(Filter("open", lambda: _("Without a reply"), lambda _on: {"open": True}),),
        name=lambda record: _("Petition {number}").format(number=record["number"]),
        subtitle=lambda record: record["theme"],
        row_height=3.2,
        children=(
            Child(
                "petition_reply",
                "petition_replies",
                lambda: _("Replies"),
                "forwarded_id",
                columns=(
                    Column("replied_on", lambda: _("Replied on"), day("replied_on"), width=7.6),
                    Column("text", lambda: _("Reply"), text("text")),
                    Column("status", lambda: _("Result"), choice("status", "reply_statuses", labels), width=8),
                ),
                sections=(Section(lambda: _("Reply"), ("text", "status", "replied_on", "number")),),
                save="petition.reply",
                new_label=lambda: _("Answer"),
                editable=False,
                defaults=lambda: {"status": "answered", "replied_on": show_day(today())},
            ),
        ),
    )


class ForwardedPage(SubjectPage):
    """The superior unit answers and registers; the unit that asked enters the reply into its ledger."""

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk, subject(app))
        own = app.book.unit.code if app.book is not None else ""
        take = Button(lambda: _("Enter the reply"), icon="check", click=self.take_reply)
        register = Button(lambda: _("Enter in the ledger"), icon="plus", click=self.register)
        self.panel.add_act(
            take, lambda record: record.values["from_unit"] == own and record.cells.get("replied_on") is not None
        )
        self.panel.add_act(register, lambda record: record.values["from_unit"] != own)
        self.take_button, self.register_button = take, register

    def take_reply(self) -> None:
        """Enter the newest reply into the ledger of petitions."""
        record = self.panel.record
        if record is not None:
            self.ask(lambda connection: _newest_reply(connection, record.id), self._take)

    def _take(self, reply: UUID | None) -> None:
        from hoidesk.book.operations import operations

        if reply is not None:
            operation = operations()["petition.take_reply"].parse({"reply_id": reply})
            self.app.write(self, operation, self._entered, self.fail)

    def register(self) -> None:
        """Enter a petition of a subordinate unit into this unit's own ledger."""
        from hoidesk.book.operations import operations

        record: Loaded | None = self.panel.record
        if record is not None:
            operation = operations()["petition.register_forwarded"].parse({"id": record.id})
            self.app.write(self, operation, self._entered, self.fail)

    def _entered(self, outcome: Any) -> None:
        self.desk.go("petitions", outcome.result)


def _newest_reply(connection: Any, forwarded: UUID) -> UUID | None:
    from hoidesk.lists.commands import listing

    found = listing("petition_replies").ids(connection, where={"forwarded_id": forwarded}, limit=1)
    return found[0] if found else None


def build(app: App, desk: Desk) -> Page:
    """The page of forwarded petitions."""
    return ForwardedPage(app, desk)
