"""Send and receive: the board of units, and the panels that are opened from it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from hoidesk.language import _
from ui.actions import Act
from ui.app import App
from ui.exchange.board import BoardPanel
from ui.exchange.duplicates import DuplicatesPanel
from ui.exchange.enrol import EnrolPanel
from ui.exchange.packages import PackagesPanel
from ui.exchange.receipt import ReceiptPanel
from ui.exchange.receive import ReceivePanel
from ui.exchange.send import SendPanel
from ui.exchange.sheet import SheetPanel
from ui.exchange.tray import TrayPanel
from ui.exchange.words import peer_name
from ui.shell.page import Desk, Page
from ui.widgets.words import Words

__all__ = ["ExchangePage", "build"]

SHOWN = {
    "conflict": {
        "table_number", "record", "column_number", "value", "lost_clock", "lost_replica", "won_clock", "won_replica",
        "writer", "settled_on",
    },
    "alias": {"table_number", "duplicate", "kept", "different"},
    "erasure": {"table_number", "record", "columns", "ordered_on", "reason", "number"},
}  # fmt: skip
"""The columns that this page shows: both values with when and where each was written."""


class ExchangePage(Page):
    """One panel at a time; Esc goes back to the board, never while a stick is being written."""

    tables = frozenset({"alias", "conflict", "peer", "package_out", "package_in"})

    def __init__(self, app: App, desk: Desk) -> None:
        super().__init__(app, desk)
        self._stack = QStackedWidget()
        self.board = BoardPanel(app, self.open_panel, self._mend)
        self.send = SendPanel(app, self.to_board, self._open_sheet)
        self.receive = ReceivePanel(app, self.to_board, self.fail)
        self.enrol = EnrolPanel(app, self.to_board, self.fail, lambda: self.open_panel("receive"))
        self.receipt = ReceiptPanel(app, self.to_board, self.fail)
        self.packages = PackagesPanel(app, self.to_board, self.fail, self.open_panel, self._open_sheet)
        self.sheet = SheetPanel(app, self._leave_sheet, self.fail)
        self._before_sheet: QWidget = self.board
        self.tray = TrayPanel(app, self.to_board, self.fail, self.open_panel, self.refresh)
        self.duplicates = DuplicatesPanel(app, lambda: self.open_panel("tray"), self.fail, self.refresh)
        for panel in self._panels():
            self._stack.addWidget(panel)
        self.body.addWidget(self._stack, 1)
        self.handlers = {
            Act.PRIMARY: self._primary,
            Act.BACK: self._escape,
            Act.COPY_TABLE: self._copy,
            Act.PRINT: self._print,
        }
        app.language_changed.connect(self._touch)
        app.changed.connect(self._on_any_change)
        self.restyle()

    def _panels(self) -> tuple[QWidget, ...]:
        return (
            self.board,
            self.send,
            self.receive,
            self.enrol,
            self.receipt,
            self.tray,
            self.packages,
            self.sheet,
            self.duplicates,
        )

    def title(self) -> Words:
        """The words in the header."""
        return lambda: _("Send and receive")

    def refresh(self) -> None:
        """Read the board, and the tray where it is shown."""
        self.ask(_read_board, self._take)
        if self._stack.currentWidget() is self.tray:
            self.tray.reload()
        if self._stack.currentWidget() is self.duplicates:
            self.duplicates.reload()

    def _on_any_change(self, changes: Any) -> None:
        """What stands in the tray may be about a record of any table; an undo writes into it too."""
        if self.tray.isVisible() and self.app.book is not None and not changes.touches(*self.tables):
            self.tray.reload()

    def _take(self, answer: tuple[list[Any], int, Any, Any]) -> None:
        self.board.take(*answer)

    def enter(self) -> None:
        """Focus on the board."""
        if self._stack.currentWidget() is self.board:
            self.board.table.setFocus()

    def set_width_class(self, number: int) -> None:
        """Fewer columns and one card below the other in a narrow window."""
        super().set_width_class(number)
        for table in (self.board, self.receive.list, self.tray.table, self.packages, self.duplicates.table):
            table.set_width_class(number)
        for panel in (self.tray, self.send, self.receipt, self.duplicates):
            panel.set_narrow(number == 1)

    def show_only(self, what: str) -> None:
        """Open a panel by name."""
        self.open_panel(what)

    def open_panel(self, name: str) -> None:
        """Open "send", "receive", "enrol", "receipt", "packages", "tray" or "duplicates"."""
        self.message.say("")
        chosen = self.board.chosen
        if name == "send":
            self.send.begin(self.board.units, chosen)
        elif name == "receive":
            self.receive.begin()
        elif name == "enrol":
            self.enrol.begin()
        elif name == "tray":
            self.tray.begin()
        elif name == "duplicates":
            self.duplicates.begin()
        elif name == "receipt":
            peer = chosen or next(iter(self.board.units), None)
            if peer is None:
                return
            self.receipt.begin(peer.unit, peer_name(peer))
        elif name == "packages":
            if chosen is None:
                return
            self.packages.begin(chosen)
        self._stack.setCurrentWidget(getattr(self, name))

    def _open_sheet(self, number: int) -> None:
        current = self._stack.currentWidget()
        assert current is not None
        self._before_sheet = current
        self._stack.setCurrentWidget(self.sheet)
        self.sheet.begin(number)

    def _leave_sheet(self) -> None:
        self._stack.setCurrentWidget(self._before_sheet)

    def _mend(self) -> None:
        """Mend the book, then take what waited for that."""

        def task(book: Any, _ticket: Any) -> tuple[Any, int]:
            from hoidesk.exchange.merge.mending import mend
            from hoidesk.exchange.receive import receive_waiting

            mended = mend(book)
            return mended, sum(1 for one in receive_waiting(book) if one.state == "merged")

        def done(found: tuple[Any, int]) -> None:
            self.refresh()
            said = _("Mended. {n} of its own values go out again; packages that waited and were taken: {taken}.")
            self.message.say(said.format(n=found[0].restamped, taken=found[1]), "ok")

        self.app.work(self, task, done, self.fail)

    def to_board(self) -> None:
        """Back to the list of units, read anew."""
        self.message.say("")
        self.send.place.stop()
        self.receive.place.stop()
        self._stack.setCurrentWidget(self.board)
        self.refresh()
        self.board.table.setFocus()

    def _primary(self) -> None:
        current = self._stack.currentWidget()
        if current is self.board:
            if self.board.units:
                self.open_panel("send")
        elif current is self.send:
            self.send.start()
        elif current is self.packages:
            self.open_panel("send")
        elif current is self.receive:
            self.receive.receive()
        elif current is self.tray:
            self.tray.settle_current()
        elif current is self.enrol:
            self.enrol.primary()
        elif current is self.duplicates:
            self.duplicates.settle_current()

    def _print(self) -> None:
        if self._stack.currentWidget() is self.sheet:
            self.sheet.print_sheet()

    def _copy(self) -> None:
        if self._stack.currentWidget() is self.receive and self.receive.list.isVisible():
            self.receive.list.copy_shown()

    def _escape(self) -> None:
        if self.send.writing:
            self.send.cancel()
        elif self.receive.busy:
            self.receive.cancel()
        elif self._stack.currentWidget() is self.board:
            self.desk.back()
        elif self._stack.currentWidget() is self.tray:
            self.tray.back()
        elif self._stack.currentWidget() is self.duplicates:
            self.duplicates.back()
        elif self._stack.currentWidget() is self.sheet:
            self._leave_sheet()
        elif self._stack.currentWidget() is self.enrol:
            self.enrol.back()
        else:
            self.to_board()


def _read_board(connection: Any) -> tuple[list[Any], int, Any, Any]:
    from hoidesk.book.clock import now_utc
    from hoidesk.exchange.decide.tray import tray_count
    from hoidesk.exchange.merge.mending import need_of
    from hoidesk.exchange.rows import board

    offset = connection.exec_driver_sql("SELECT offset FROM clock_state").scalar_one()
    return board(connection), tray_count(connection), need_of(connection), now_utc(offset)


def build(app: App, desk: Desk) -> Page:
    """The page for the menu."""
    return ExchangePage(app, desk)
