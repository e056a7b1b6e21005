"""Receiving packages: look first, take all in one go, one result list."""

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
from ui.exchange.received_list import ReceivedList
from ui.exchange.received_words import counts_sentence
from ui.widgets.boxes import Box, Card, row
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.messages import ActionBar, ProgressPanel

if TYPE_CHECKING:
    from hoidesk.exchange.looking import Looked
    from hoidesk.exchange.received import Received, ReceiveResult

__all__ = ["ReceivePanel"]


class ReceivePanel(Box):
    """Choose a stick, a folder or files; see what each would do; take them; receipts go to the same place."""

    def __init__(self, app: App, leave: Callable[[], None], fail: Callable[[Refusal], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._fail_page = fail
        self._paths: list[Path] = []
        self._busy = False
        self._ticket: Any = None
        self.place = PlaceChooser(app, writing=False)
        self.place.changed.connect(lambda: self.look([self.place.chosen] if self.place.chosen else []))
        files = Button(lambda: _("Choose files"), icon="file-text", click=self._ask_files)
        self._choose = Card(
            Label(lambda: _("Receive packages"), size=1.21, bold=True),
            Label(lambda: _("Choose where the packages lie. They are looked at first; nothing is written."), wrap=True),
            self.place,
            row(files, 1, Button(lambda: _("Back"), key="Esc", click=leave)),
            gap=0.8,
        )
        self.stop_looking = Button(lambda: _("Stop looking"), icon="x", key="Esc", click=self.cancel)
        self.stop_taking = Button(lambda: _("Stop receiving"), icon="x", key="Esc", click=self.cancel)
        self.looking = ProgressPanel(
            (lambda: _("Look at each package: whole, from whom, for whom, what it would change"),),
            stop=self.stop_looking,
            meaning=lambda: _("Stopping changes nothing."),
        )
        self.taking = ProgressPanel(
            (lambda: _("Take the packages into the book"), lambda: _("Write the receipts")),
            stop=self.stop_taking,
            meaning=lambda: _("What was taken before stays in the book whole; the rest can be received again."),
        )
        self.list = ReceivedList(app)
        self.take = Button(
            lambda: _("Take into the book"), kind="primary", icon="download", key="Ctrl+Enter", click=self.receive
        )
        self.later = Button(lambda: _("Later"), key="Esc", click=leave)
        self.bar = ActionBar(self.later, self.take, lead="")
        self._bar = Card(self.bar, margins=(0, 0, 0, 0))
        self.add(self._choose, self.looking, self.taking, self.list, self._bar)
        # The card keeps its height: before anything is found nothing else fills the page.
        self._choose.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for panel in (self._choose, self.looking, self.taking):
            self.box.setAlignment(panel, Qt.AlignmentFlag.AlignTop)
        self.box.setStretch(3, 1)

    @property
    def rows(self) -> list[Received]:
        """The results that are shown."""
        return self.list.rows

    @property
    def busy(self) -> bool:
        """Whether packages are being looked at or taken now."""
        return self._busy

    def _show_only(self, *shown: Card | ProgressPanel | ReceivedList) -> None:
        for widget in (self._choose, self.looking, self.taking, self.list, self._bar):
            widget.setVisible(widget in shown)

    def begin(self) -> None:
        """Show the panel before anything is chosen."""
        self._paths = []
        self.list.show_results([], [], None, looked_only=True)
        self._show_only(self._choose)
        self.place.forget()
        self.place.start()
        self.place.focus_first()

    # Looking

    def look(self, paths: list[Path]) -> None:
        """Look at what lies there; nothing is written."""
        if not paths or self._busy:
            return
        self._paths = paths
        self.place.stop()
        self._show_only(self.looking)
        self.looking.show_step(0)
        self.stop_looking.setFocus()

        def task(book: Any, ticket: Any) -> Looked:
            from hoidesk.exchange.looking import preview_all

            return preview_all(book, paths, progress=_quietly(ticket), cancelled=lambda: bool(ticket.cancelled))

        self._busy = True
        self._ticket = self._app.work(self, task, self._looked, self._failed, self._on_looking, writes=False)

    def _on_looking(self, done: int, total: int, name: str) -> None:
        self.looking.show_step(0, done, total, _figure(done, total, name))

    def _looked(self, found: Looked) -> None:
        self._busy = False
        if any(one.state == "stopped" for one in found.results):
            self.begin()
            return
        self.list.show_results(found.results, found.warnings, found.changes, looked_only=True)
        self._show_only(self.list, self._bar)
        good = [r for r in found.results if r.state in ("merged", "waiting", "certificate")]
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
            self.later.setFocus()

    # Taking

    def receive(self) -> None:
        """Merge what was looked at and write the receipts beside it."""
        paths = self._paths
        if self._busy or not paths or not self.take.isVisible():
            return
        folder = _receipt_folder(paths[0])
        self._show_only(self.taking)
        self.taking.show_step(0)
        self.stop_taking.setFocus()

        def task(book: Any, ticket: Any) -> ReceiveResult:
            from hoidesk.exchange.receive import receive

            return receive(
                book,
                paths,
                receipts_to=folder,
                progress=_quietly(ticket),
                cancelled=lambda: bool(ticket.cancelled),
            )

        self._busy = True
        self._ticket = self._app.work(self, task, self._received, self._failed, self._on_taking)

    def _on_taking(self, done: int, total: int, name: str) -> None:
        self.taking.show_step(0 if name else 1, done, total, _figure(done, total, name))

    def _received(self, result: ReceiveResult) -> None:
        self._busy = False
        warnings = [*result.unwritten, *result.warnings]
        self.list.show_results(result.results, warnings, None, looked_only=False)
        self._show_only(self.list, self._bar)
        self.bar.say(" ".join(_outcome(result)))
        self.take.hide()
        self.later.say(lambda: _("Back to the list"))
        self.later.setFocus()

    def cancel(self) -> None:
        """Stop at the next row; whole packages that were taken stay."""
        if self._busy and self._ticket is not None:
            self._ticket.cancel()

    def _failed(self, refusal: Refusal) -> None:
        self._busy = False
        self.begin()
        if refusal.code != "receive.stopped":  # who stopped it knows
            self._fail_page(refusal)

    def _ask_files(self) -> None:
        found, _kind = QFileDialog.getOpenFileNames(self, _("Choose files"), str(Path.home()))
        if found:
            self.look([Path(name) for name in found])


def _receipt_folder(first: Path) -> Path:
    """Receipts go back on the stick that the packages came on, beside them and not into the folder of second copies."""
    folder = first if first.is_dir() else first.parent
    return folder.parent if folder.name == "HOIDESK" else folder


def _quietly(ticket: Any) -> Callable[[int, int, str], None]:
    """Progress for the screen; a stopped job notices it by its own question, between whole packages."""

    def report(done: int, total: int, name: str) -> None:
        if not ticket.cancelled:
            ticket.progress(done, total, name)

    return report


def _figure(done: int, total: int, name: str) -> str:
    return f"{name}  {done}/{total}".strip() if total else ""


def _outcome(result: ReceiveResult) -> list[str]:
    """What was done, in sentences for the bar."""
    taken = [r for r in result.results if r.state in ("merged", "certificate")]
    refused = [r for r in result.results if r.state == "refused"]
    left = [r for r in result.results if r.state == "stopped"]
    sentence = ngettext("{n} package was taken into the book.", "{n} packages were taken into the book.", len(taken))
    parts = [sentence.format(n=len(taken))]
    if left:
        parts.append(
            ngettext("Stopped: {n} was not reached.", "Stopped: {n} were not reached.", len(left)).format(n=len(left))
        )
    if refused:
        parts.append(ngettext("{n} was refused.", "{n} were refused.", len(refused)).format(n=len(refused)))
    if result.receipts:
        parts.append(_("The receipt lies beside the package; the stick can go back."))
    if result.backup is not None:
        parts.append(_("The book of before is kept as {name}.").format(name=result.backup.name))
    return parts


def _sum(counts: list[Any]) -> Any:
    from hoidesk.exchange.merge.frame import Counts

    totals: dict[str, int] = {}
    for one in counts:
        for name, value in one.as_dict().items():
            totals[name] = totals.get(name, 0) + value
    return Counts(**totals)
