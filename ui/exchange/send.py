"""Writing packages to a stick: the panel says no more than is known at that moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QWidget

from hoidesk.errors import Refusal
from hoidesk.language import _
from hoidesk.text.numbers import show_count
from ui.app import App
from ui.exchange.outlook import OutlookCard
from ui.exchange.places import PlaceChooser
from ui.exchange.sent import SentCard
from ui.exchange.usb import UsbPanel
from ui.exchange.words import peer_name
from ui.theme import em
from ui.widgets.boxes import Box, Card, Scroll, row
from ui.widgets.buttons import Button
from ui.widgets.fields import ComboField
from ui.widgets.labels import Label
from ui.widgets.messages import ProgressPanel

if TYPE_CHECKING:
    from hoidesk.exchange.outgoing import Outlook, Sent
    from hoidesk.exchange.rows import PeerRow

__all__ = ["SendPanel"]

_STEPS = ("collect", "write", "read", "twin")
_ALL = "*"


class SendPanel(Box):
    """Choose the unit and the stick, see what the package will hold, write, read back; ``leave`` goes to the board,
    ``sheet`` shows the sheet of a package."""

    def __init__(self, app: App, leave: Callable[[], None], sheet: Callable[[int], object]) -> None:
        super().__init__(gap=0.8)
        self._app = app
        self._ticket: Any = None
        self._busy = False
        self._step = 0
        self._peers: list[PeerRow] = []
        self.usb = UsbPanel()
        self.usb.hide()
        self.unit = ComboField(width=16)
        self.unit.currentIndexChanged.connect(lambda _index: self._look())
        self.place = PlaceChooser(app, writing=True)
        self.place.changed.connect(self._on_place)
        self.write = Button(
            lambda: _("Write the package"), kind="primary", icon="upload", key="Ctrl+Enter", click=self.start
        )
        self.leave = Button(lambda: _("Back"), key="Esc", click=leave)
        self._why = Label("", role="text2", wrap=True)
        self._left = Label("", role="text2", wrap=True)
        self.outlook = OutlookCard()
        self._choose = self._choice_cards()
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
        self.done = SentCard(app, leave, self._again, sheet)
        self._rest = QWidget()
        self.add(self.usb, self._choose, self.progress, self.done, self._rest)
        for place in (1, 3, 4):
            self.box.setStretch(place, 1)

    def _choice_cards(self) -> Box:
        foot = row(self._why, self.leave, self.write)
        foot.box.setStretch(0, 1)
        unit = Label(lambda: _("For"), bold=True)
        unit.setBuddy(self.unit)
        choose = Card(
            Label(lambda: _("Write a package"), size=1.21, bold=True),
            unit,
            row(self.unit, 1),
            Label(lambda: _("Where to"), bold=True),
            self.place,
            self._left,
            1,
            gap=0.6,
        )
        self._pair = row(choose, self.outlook, gap=0.8)
        self._pair.box.setStretch(0, 1)
        self._pair.box.setStretch(1, 1)
        cards = Box(Scroll(self._pair), Card(foot, margins=(1.1, 0.6, 1.1, 0.6)), gap=0.8)
        cards.box.setStretch(0, 1)
        return cards

    def set_narrow(self, on: bool) -> None:
        """One card below the other where there is no room side by side."""
        way = QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight
        self._pair.box.setDirection(way)

    def _show_only(self, *shown: QWidget) -> None:
        for widget in (self.usb, self._choose, self.progress, self.done, self._rest):
            widget.setVisible(widget in shown)

    # Choosing

    def begin(self, peers: list[PeerRow], chosen: PeerRow | None) -> None:
        """Show the panel for these units, at the chosen one or else the superior."""
        self._peers = peers
        names = [(p.unit, peer_name(p)) for p in peers]
        if len(peers) > 1:
            names.append((_ALL, _("All {n} units, one package each").format(n=len(peers))))
        blocked = self.unit.blockSignals(True)
        self.unit.fill(names)
        first = chosen or next((p for p in peers if p.relation == "superior"), peers[0] if peers else None)
        if first is not None:
            self.unit.choose(first.unit)
        self.unit.blockSignals(blocked)
        self._left.say("")
        self._show_only(self._choose)
        self.place.start()
        self._on_place()
        self._look()
        if self.place.chosen is None:
            self.place.focus_first()
        else:
            self.write.setFocus()

    @property
    def writing(self) -> bool:
        """Whether a package is being written now."""
        return self._busy

    def _units(self) -> list[str]:
        value = self.unit.value()
        return [p.unit for p in self._peers] if value == _ALL else [value] if value else []

    def _look(self) -> None:
        """Ask what the package would hold."""
        units = self._units()
        if not units:
            return

        def task(book: Any, _ticket: Any) -> list[Outlook]:
            from hoidesk.exchange.outgoing import outlooks

            return outlooks(book, units)

        def show(found: list[Outlook]) -> None:
            if [one.unit for one in found] == self._units():
                self.outlook.show_outlooks(found)

        self._app.work(self, task, show, lambda refusal: self._why.say(refusal.text), writes=False)

    def _on_place(self) -> None:
        ready = self.place.chosen is not None
        self.write.setEnabled(ready)
        self._why.say("" if ready else _("First choose the stick or a folder."))

    # Writing

    def start(self) -> None:
        """Write the package, or one for each unit."""
        folder, units = self.place.chosen, self._units()
        if folder is None or not units or self.writing:
            return
        self.place.stop()
        self.place.remember()
        # Nothing but the steps where the height is only just enough for them.
        shown = (self.usb, self.progress, *((self._rest,) if self.height() > em(30) else ()))
        self._show_only(*shown)
        self.progress.show_step(0)
        self.stop.setFocus()
        self._step = 0
        self._show_writing(units[0], folder)
        everybody = len(units) > 1

        def task(book: Any, ticket: Any) -> tuple[Sent, ...]:
            from hoidesk.exchange.export import export_package
            from hoidesk.exchange.outgoing import Sent, send_all

            def report(unit: str, step: str, done: int, total: int) -> None:
                if not ticket.cancelled:
                    ticket.progress(done, total, f"{step} {unit}")

            def cancelled() -> bool:
                return bool(ticket.cancelled)

            if everybody:
                return send_all(book, folder, units, progress=report, cancelled=cancelled)
            made = export_package(
                book, folder, units[0], progress=lambda *at: report(units[0], *at), cancelled=cancelled
            )
            return (Sent(made.unit, made.unit_name, "", made),)

        self._busy = True
        self._ticket = self._app.work(self, task, self._finish, self._fail, self._on_progress)

    def _show_writing(self, unit: str, folder: Path | None) -> None:
        name = next((peer_name(p) for p in self._peers if p.unit == unit), unit)
        self.usb.show_state(
            lambda: _("WRITING – DO NOT PULL THE USB STICK"),
            lambda: _("Package for {unit}, to {place}").format(unit=name, place=folder),
            "warn",
        )

    def _on_progress(self, done: int, total: int, step: str) -> None:
        name, _space, unit = step.partition(" ")
        if name in _STEPS:
            self._step = _STEPS.index(name)
        if len(self._units()) > 1 and name == "collect" and done == total:
            self._show_writing(unit, self.place.chosen)
        figure = show_count(done) if self._step == 0 else f"{100 * done // total if total else 0} %"
        self.progress.show_step(self._step, done, total, figure)

    def _finish(self, sent: tuple[Sent, ...]) -> None:
        self._busy = False
        self.progress.finish()
        written = [one.made for one in sent if one.made is not None]
        troubled = [one for one in sent if one.made is None and one.code != "send.nothing"]
        if troubled:
            self.usb.show_state(
                lambda: _("NOT ALL PACKAGES WERE WRITTEN"),
                lambda: _("{n} of {all} units: the list says why.").format(n=len(troubled), all=len(sent)),
                "bad",
            )
        elif len(written) == 1:
            made = written[0]
            self.usb.show_state(
                lambda: _("WRITTEN AND READ BACK RIGHT"),
                lambda: _("Package {number} for {unit}. The USB stick can be pulled.").format(
                    number=made.number, unit=made.unit_name
                ),
                "ok",
            )
        else:
            self.usb.show_state(
                lambda: _("WRITTEN AND READ BACK RIGHT"),
                lambda: _("{n} packages. The USB stick can be pulled.").format(n=len(written)),
                "ok",
            )
        self.done.show_sent(sent, small=self.height() < em(36))
        self._show_only(self.usb, self.done)
        # After the layout: the ring around the button is drawn where the button is.
        QTimer.singleShot(0, self.done.back.setFocus)

    def _fail(self, refusal: Refusal) -> None:
        self._busy = False
        self.progress.finish(failed_at=self._step)
        text = refusal.text
        self.usb.show_state(lambda: _("NOT WRITTEN – THE BOOK HAS NOT CHANGED"), text, "bad")
        self._show_only(self.usb, self._choose)
        self.place.start()
        self._on_place()
        self._say_left(self.place.chosen)
        self.write.setFocus()

    def _say_left(self, folder: Path | None) -> None:
        """What the stick holds after a failure, as far as it answers."""
        if folder is None:
            return

        def look(_ticket: Any) -> tuple[str, ...] | None:
            from hoidesk.exchange.outgoing import left_on

            return left_on(folder)

        def show(found: tuple[str, ...] | None) -> None:
            if found is None:
                self._left.say(_("The stick does not answer. What is half written on it has the ending .PAR."))
            elif found:
                names = ", ".join(found)
                self._left.say(
                    _("Unfinished on the stick: {names}. It is no package and can be deleted.").format(names=names)
                )
            else:
                self._left.say(_("Nothing unfinished lies on the stick."))

        self._app.lanes.free.submit(look, owner=self, done=show, failed=lambda _error: None)

    def _again(self) -> None:
        self.begin(self._peers, next((p for p in self._peers if p.unit == self.unit.value()), None))

    def cancel(self) -> None:
        """Stop writing; what was written so far is thrown away."""
        if self._busy and self._ticket is not None:
            self._ticket.cancel()
