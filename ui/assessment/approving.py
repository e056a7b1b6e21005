"""Approving every decided sheet of a list in one act: the same post, day and minutes for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from hoidesk.text.dates import show_day, today
from ui.actions import Act
from ui.app import App
from ui.records.forms import FormPaper
from ui.records.values import day_echo
from ui.widgets.buttons import Button
from ui.widgets.form import FieldSpec, Form
from ui.widgets.labels import Label

__all__ = ["ApproveForm"]


class ApproveForm(FormPaper):
    """``approved`` once the sheets are approved."""

    approved = Signal()

    def __init__(self, app: App) -> None:
        self._app = app
        self._ids: list[UUID] = []
        form = Form(
            (
                FieldSpec("approver_post", lambda: _("Approved by (post)")),
                FieldSpec("approved_on", lambda: _("Approved on"), "day", echo=day_echo),
                FieldSpec("minutes_number", lambda: _("Number of the minutes")),
                FieldSpec("minutes_on", lambda: _("Minutes of"), "day", echo=day_echo),
            )
        )
        save = Button(lambda: _("Approve"), kind="primary", icon="check", key=Act.PRIMARY, click=self.approve)
        super().__init__(form, Label(lambda: _("Approve the sheets of this list"), size=1.21, bold=True), save)

    def begin(self, ids: Sequence[UUID], listed: int) -> None:
        """Begin for the decided sheets of a list of ``listed`` units."""
        self._ids = list(ids)
        self.message.say("")
        post = str(self._app.office.get("signer.post") or "")
        self.form.load({"approver_post": post, "approved_on": show_day(today())})
        count = len(self._ids)
        self.bar.say(
            ngettext(
                "{count} of {all} sheets has a decided class and is approved; it never changes afterwards.",
                "{count} of {all} sheets have a decided class and are approved; they never change afterwards.",
                count,
            ).format(count=count, all=listed)
        )
        self.form.focus_first()

    def approve(self) -> None:
        """Approve them."""
        from hoidesk.book.operations import operations

        self.form.clear_errors()
        given: dict[str, Any] = {name: text for name, text in self.form.values().items() if text.strip()}
        try:
            operation = operations()["assessment.approve"].parse({**given, "assessment_ids": self._ids})
        except Refusal as refusal:
            self.fail(refusal)
            return
        self._app.write(self, operation, lambda _outcome: self.approved.emit(), self.fail)
