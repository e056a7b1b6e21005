"""Writing a package to a stick: the panel says no more than is known at that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.numbers import show_count
from ui.app import App
from ui.exchange.places import PlaceChooser
from ui.exchange.usb import UsbPanel
from ui.exchange.words import size_words
from ui.theme import em
from ui.widgets.boxes import Box, Card, Scroll, column, row
from ui.widgets.buttons import Button
from ui.widgets.details import Detail, DetailRows
from ui.widgets.fields import ComboField
from ui.widgets.labels import Label
from ui.widgets.messages import ProgressPanel

if TYPE_CHECKING:
    from hoidesk.exchange.export import Exported
    from hoidesk.exchange.rows import PeerRow

__all__ = ["SendPanel"]

_STEPS = ("collect", "write", "read", "twin")


class SendPanel(Box):
    """Choose the unit and the stick, write, read back; ``leave`` goes back to the board."""

    def __init__(self, app: App, leave: Callable[[], None]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._ticket: Any = None
        self._busy = False
        self._step = 0
        self._peers: list[PeerRow] = []
        self.usb = UsbPanel()
        self.usb.hide()
        self.unit = ComboField()
        self.unit.setAccessibleName(_("Unit that gets the package"))
        self.place = PlaceChooser(app, writing=True)
        self.place.changed.connect(self._on_place)
        self.write = Button(
            lambda: _("Write the package"), kind="primary", icon="upload", key="Ctrl+Enter", click=self.start
        )
        self.leave = Button(lambda: _("Back"), key="Esc", click=leave)
        self._why = Label("", role="text2", wrap=True)
        foot = row(self._why, self.leave, self.write)
        foot.box.setStretch(0, 1)
        choose = Card(
            Label(lambda: _("Write a package"), size=1.21, bold=True),
            row(Label(lambda: _("For")), self.unit, 1),
            Label(lambda: _("Where to"), bold=True),
            self.place,
            foot,
            gap=0.8,
        )
        self._choose = Scroll(column(choose, 1))
        self.stop = Button(lambda: _("Stop writing"), icon="x", key="Esc", click=self.cancel)
        self.progress = ProgressPanel(
            (
                lambda: _("Collect the changes, close and sign the package"),
                lambda: _("Write to the stick"),
                lambda: _("Read back from the stick and compare"),
                lambda: _("Write a second copy into the folder HOIDESK"),
            ),
            stop=self.stop,
            meaning=lambda: _("Stopping is safe at any time: the book does not change, the package is written again."),
        )
        self.progress.hide()
        self._facts = DetailRows()
        self._back = Button(lambda: _("Back to the list"), kind="primary", key="Enter", click=leave)
        self._done = Card(
            Label(lambda: _("In the package"), size=1.21, bold=True),
            Scroll(self._facts),
            row(1, self._back),
            gap=0.6,
        )
        self._done.hide()
        self._done.content.box.setStretch(1, 1)
        self._rest = QWidget()
        self.add(self.usb, self._choose, self.progress, self._done, self._rest)
        for place in (1, 3, 4):
            self.box.setStretch(place, 1)

    def begin(self, peers: list[PeerRow], chosen: PeerRow | None) -> None:
        """Show the panel for these units, at the chosen one or else the superior."""
        self._peers = peers
        self.unit.fill([(p.unit, p.name or p.unit) for p in peers])
        first = chosen or next((p for p in peers if p.relation == "superior"), peers[0] if peers else None)
        if first is not None:
            self.unit.choose(first.unit)
        for widget, shown in (
            (self.usb, False),
            (self._choose, True),
            (self.progress, False),
            (self._done, False),
            (self._rest, False),
        ):
            widget.setVisible(shown)
        self.place.start()
        self._on_place()

    @property
    def writing(self) -> bool:
        """Whether a package is being written now."""
        return self._busy

    def _on_place(self) -> None:
        ready = self.place.chosen is not None
        self.write.setEnabled(ready)
        self._why.say("" if ready else _("First choose the stick or a folder."))

    def start(self) -> None:
        """Write the package."""
        folder, unit = self.place.chosen, self.unit.value()
        if folder is None or not unit or self.writing:
            return
        self.place.stop()
        self._choose.hide()
        # Nothing but the steps where the height is only just enough for them.
        self._rest.setVisible(self.height() > em(30))
        self.progress.show()
        self.progress.show_step(0)
        self.stop.setFocus()
        self._step = 0
        name = next((p.name for p in self._peers if p.unit == unit), unit)
        self.usb.show_state(
            lambda: _("WRITING – DO NOT PULL THE USB STICK"),
            lambda: _("Package for {unit}, to {place}").format(unit=name, place=folder),
            "warn",
        )

        def task(book: Any, ticket: Any) -> Exported:
            from hoidesk.exchange.export import export_package

            return export_package(
                book,
                folder,
                unit,
                progress=lambda step, done, total: None if ticket.cancelled else ticket.progress(done, total, step),
                cancelled=lambda: bool(ticket.cancelled),
            )

        self._busy = True
        self._ticket = self._app.work(self, task, self._finish, self._fail, self._on_progress)

    def _on_progress(self, done: int, total: int, step: str) -> None:
        if step in _STEPS:
            self._step = _STEPS.index(step)
        figure = show_count(done) if self._step == 0 else f"{100 * done // total if total else 0} %"
        self.progress.show_step(self._step, done, total, figure)

    def _finish(self, made: Exported) -> None:
        from hoidesk.exchange.keys import groups_of_four

        self._busy = False
        self.progress.finish()
        self.progress.hide()
        self.usb.show_state(
            lambda: _("WRITTEN AND READ BACK RIGHT"),
            lambda: _("Package {number} for {unit}. The USB stick can be pulled.").format(
                number=made.number, unit=made.unit_name
            ),
            "ok",
        )
        rows = [
            Detail(lambda: _("For"), made.unit_name),
            Detail(lambda: _("Number"), str(made.number)),
            Detail(lambda: _("File"), made.path.name),
            Detail(lambda: _("Size"), size_words(made.size)),
            *(Detail(label, show_count(count)) for label, count in made.counts.items()),
            Detail(lambda: _("Receipts in it"), show_count(made.receipts) if made.receipts else ""),
            Detail(lambda: _("Digits of the package"), groups_of_four(made.digits)),
        ]
        self._facts.show_rows(rows)
        self._done.show()
        self._rest.hide()
        # After the layout: the ring around the button is drawn where the button is.
        QTimer.singleShot(0, self._back.setFocus)

    def _fail(self, refusal: Refusal) -> None:
        self._busy = False
        self.progress.finish(failed_at=self._step)
        self.progress.hide()
        text = refusal.text
        self.usb.show_state(lambda: _("NOT WRITTEN – THE BOOK HAS NOT CHANGED"), text, "bad")
        self._rest.hide()
        self._choose.show()
        self.place.start()
        self._on_place()

    def cancel(self) -> None:
        """Stop writing; what was written so far is thrown away."""
        if self._busy and self._ticket is not None:
            self._ticket.cancel()
