"""Receiving packages: look first, take all in one go, one line a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSizePolicy

from hoidesk.errors import Refusal
from hoidesk.language import _, ngettext
from ui.app import App
from ui.exchange.places import PlaceChooser
from ui.exchange.words import counts_sentence, received_cell
from ui.widgets.boxes import Box, Card, row
from ui.widgets.buttons import Button
from ui.widgets.cells import Cell, Column
from ui.widgets.labels import Hairline, Label, Note
from ui.widgets.messages import ActionBar, ProgressPanel
from ui.widgets.model import Deliver
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from hoidesk.exchange.receive import Received, ReceiveResult

__all__ = ["ReceivePanel"]


class ReceivePanel(Box):
    """Choose a stick, a folder or files; see what each would do; take them; receipts go to the same place."""

    def __init__(self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self._paths: list[Path] = []
        self._rows: list[Received] = []
        self._looked_only = True
        self._busy = False
        self.place = PlaceChooser(app, writing=False)
        self.place.changed.connect(lambda: self.look([self.place.chosen] if self.place.chosen else []))
        files = Button(lambda: _("Choose files"), icon="file-text", click=self._ask_files)
        self._choose = Card(
            Label(lambda: _("Receive packages"), size=1.21, bold=True),
            self.place,
            row(files, 1, Button(lambda: _("Back"), key="Esc", click=leave)),
            gap=0.8,
        )
        self.progress = ProgressPanel((lambda: _("Check each package: whole, from whom, for whom"),))
        self.progress.hide()
        columns = (
            Column("state", lambda: _("Result"), lambda r: received_cell(r, looked_only=self._looked_only), 14.5),
            Column("from", lambda: _("From"), lambda r: Cell(r.unit_name or r.unit or "–"), 13, priority=2),
            Column("number", lambda: _("Number"), lambda r: Cell("" if r.number is None else str(r.number)), 6.4, True),
            Column("what", lambda: _("What it brings"), self._what),
        )
        self.table = TableView(columns, self._fetch, name=lambda: _("Packages found"), row_height=3.4)
        self._chip = Label("", role="text2")
        self._warning = Note(role="warn")
        self._warning.hide()
        head = row(
            Label(lambda: _("Packages found"), size=1.21, bold=True), 1, self._chip, margins=(1.0, 0.7, 1.0, 0.4)
        )
        self.take = Button(
            lambda: _("Take into the book"), kind="primary", icon="download", key="Ctrl+Enter", click=self.receive
        )
        self.later = Button(lambda: _("Later"), key="Esc", click=leave)
        self.bar = ActionBar(self.later, self.take, lead="")
        self._list = Card(head, self._warning, self.table, Hairline(), self.bar, margins=(0, 0, 0, 0), gap=0)
        self._list.content.box.setStretch(2, 1)
        self.add(self._choose, self.progress, self._list)
        # The card keeps its height: before anything is found nothing else fills the page.
        self._choose.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.box.setAlignment(self._choose, Qt.AlignmentFlag.AlignTop)
        self.box.setStretch(2, 1)

    def begin(self) -> None:
        """Show the panel before anything is chosen."""
        self._paths, self._rows = [], []
        self.table.set_keys([])
        self._choose.show()
        for widget in (self.progress, self._list):
            widget.hide()
        self.place.start()

    def look(self, paths: list[Path]) -> None:
        """Look at what lies there; nothing is written."""
        if not paths or self._busy:
            return
        self._paths = paths
        self.place.stop()
        self.progress.show()
        self.progress.show_step(0)

        def task(book: Any, ticket: Any) -> tuple[list[Received], tuple[str, ...]]:
            from hoidesk.exchange.looking import preview_all

            return preview_all(book, paths, progress=lambda done, total: ticket.progress(done, total))

        self._busy = True
        self._app.work(self, task, self._looked, self._failed, self._on_progress, writes=False)

    def _on_progress(self, done: int, total: int, _step: str) -> None:
        self.progress.show_step(0, done, total, f"{done}/{total}" if total else "")

    def _looked(self, found: tuple[list[Received], tuple[str, ...]]) -> None:
        self._busy = False
        self._show(list(found[0]), found[1], looked_only=True)
        good = [r for r in self._rows if r.state in ("merged", "waiting", "certificate")]
        self.take.setVisible(bool(good))
        self.later.say(lambda: _("Later"))
        if good:
            totals = _sum([r.counts for r in good])
            count = len(good)
            sentence = ngettext("Take {n} package: {what}.", "Take {n} packages: {what}.", count)
            self.bar.say(sentence.format(n=count, what=counts_sentence(totals)))
            self.take.setFocus()
        else:
            self.bar.say(_("There is nothing here to take into the book."))

    def _show(self, rows: list[Received], warnings: tuple[str, ...], *, looked_only: bool) -> None:
        self._rows, self._looked_only = rows, looked_only
        self.progress.hide()
        self._choose.hide()
        self._list.show()
        self._chip.say(_("Only looked at, nothing written to the book") if looked_only else _("Done"))
        self._warning.say(" ".join(warnings), "warn")
        self._warning.setVisible(bool(warnings))
        self.table.set_keys(list(range(len(rows))))
        self.table.ids.refresh_rows()
        self.table.choose_first()

    def receive(self) -> None:
        """Merge what was looked at and write the receipts beside it."""
        paths = self._paths
        if self._busy or not paths or not self.take.isVisible():
            return
        first = paths[0]
        folder = first if first.is_dir() else first.parent
        self.progress.show()
        self.progress.show_step(0)

        def task(book: Any, ticket: Any) -> ReceiveResult:
            from hoidesk.exchange.receive import receive

            return receive(book, paths, receipts_to=folder, progress=lambda done, total: ticket.progress(done, total))

        self._busy = True
        self._app.work(self, task, self._received, self._failed, self._on_progress)

    def _received(self, result: ReceiveResult) -> None:
        self._busy = False
        self._show(list(result.results), result.warnings, looked_only=False)
        taken = [r for r in result.results if r.state in ("merged", "certificate")]
        refused = [r for r in result.results if r.state == "refused"]
        sentence = ngettext(
            "{n} package was taken into the book.", "{n} packages were taken into the book.", len(taken)
        )
        parts = [sentence.format(n=len(taken))]
        if refused:
            parts.append(ngettext("{n} was refused.", "{n} were refused.", len(refused)).format(n=len(refused)))
        if result.receipts:
            parts.append(_("The receipt lies beside the package; the stick can go back."))
        self.bar.say(" ".join(parts))
        self.take.hide()
        self.later.say(lambda: _("Back to the list"))
        self.later.setFocus()

    def _failed(self, refusal: Refusal) -> None:
        self._busy = False
        self.begin()
        self._fail_page(refusal)

    def _what(self, one: Received) -> Cell:
        if one.state in ("merged", "waiting"):
            second = "; ".join(one.reasons[:2])
            if one.acknowledged:
                numbers = ", ".join(str(n) for n in one.acknowledged)
                second = _("Receipt for our package {numbers}").format(numbers=numbers) + (
                    f"; {second}" if second else ""
                )
            first = counts_sentence(one.counts) if one.state == "merged" else one.sentence
            return Cell(first, second=second or (one.sentence if one.state == "merged" else ""))
        return Cell(one.sentence, second=one.path.name)

    def _fetch(self, keys: list[Any], deliver: Deliver) -> None:
        deliver([self._rows[key] for key in keys])

    def _ask_files(self) -> None:
        found, _kind = QFileDialog.getOpenFileNames(self, _("Choose files"), str(Path.home()))
        if found:
            self.look([Path(name) for name in found])


def _sum(counts: list[Any]) -> Any:
    from hoidesk.exchange.frame import Counts

    totals: dict[str, int] = {}
    for one in counts:
        for name, value in one.as_dict().items():
            totals[name] = totals.get(name, 0) + value
    return Counts(**totals)
