"""What became of received files: one line each, with a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from hoidesk.exchange.merge.frame import Counts
from hoidesk.exchange.packages.envelope import Label
from hoidesk.language import _

if TYPE_CHECKING:
    from hoidesk.exchange.export import Exported
    from hoidesk.exchange.merge.taking import Taken
    from hoidesk.exchange.packages.stream import Manifest

__all__ = ["ReceiveResult", "Received", "State", "labelled", "stopped", "taken_sentence", "told_apart"]

State = Literal["merged", "duplicate", "superseded", "waiting", "certificate", "other", "refused", "stopped"]
FOR_OTHERS: Final = frozenset(
    {
        "package.other_recipient",
        "package.own",
        "certificate.other_unit",
        "certificate.not_asked",
        "invitation.other_unit",
    }
)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file, with a sentence for people. ``number``, ``date`` and ``unit`` are the label's claims
    when the file was refused, or lies on the stick for somebody else (``other``). ``stopped``: not looked at, because
    receiving was stopped before it. ``receipt``: the ten digits to read out to the sender, where it has no other way
    to learn that its package arrived."""

    path: Path
    state: State
    sentence: str
    code: str = ""
    unit: str = ""
    unit_name: str = ""
    number: int | None = None
    kind: str = ""
    date: str = ""
    digits: str = ""
    counts: Counts = field(default_factory=Counts)
    reasons: tuple[str, ...] = ()
    acknowledged: tuple[int, ...] = ()
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """One line a file, the receipts that were written, sentences about receipts that could not be written, and signs
    of a worm on the stick. ``backup``: the copy of the book from before it, None when nothing was merged."""

    results: tuple[Received, ...]
    receipts: tuple[Exported, ...] = ()
    unwritten: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    backup: Path | None = None


def told_apart(received: Received, paths: Sequence[Path]) -> Received:
    """A file for somebody else that only lies on the same stick is no mistake; one that was named on purpose is."""
    if received.path not in paths and received.code in FOR_OTHERS:
        return replace(received, state="other")
    return received


def labelled(received: Received, label: Label | None) -> Received:
    """The same with what the label claims."""
    if label is None:
        return received
    return replace(received, unit=label.sender, number=label.number, kind=label.kind, date=label.date)


def stopped(path: Path) -> Received:
    """The line of a file that was not reached."""
    return Received(path, "stopped", _("Not taken: receiving was stopped before this file."), "receive.stopped")


def taken_sentence(taken: Taken, manifest: Manifest) -> str:
    """What became of a package, for people."""
    number, name = manifest.number, taken.peer.name
    if taken.state == "duplicate":
        return _("Package {number} of {unit} was taken over before. Nothing changed.").format(number=number, unit=name)
    if taken.state == "superseded":
        return _("A later package of {unit} contained package {number}. Nothing changed.").format(
            number=number, unit=name
        )
    if taken.state == "waiting":
        return _waiting_sentence(taken, number, name)
    if manifest.kind == "receipt":
        return _("Receipt of {unit} taken over.").format(unit=name)
    if taken.split:
        return _("{unit} goes on as a PC of its own; places that were written differently: {conflicts}.").format(
            unit=name, conflicts=taken.counts.conflicts
        )
    return _("Package {number} of {unit}: {new} new, {changed} changed, {conflicts} edited in two places.").format(
        number=number,
        unit=name,
        new=taken.counts.new,
        changed=taken.counts.changed,
        conflicts=taken.counts.conflicts,
    )


def _waiting_sentence(taken: Taken, number: int, name: str) -> str:
    if taken.why == "clock":
        return _("The PC of {unit} has a wrong date. The package waits; ask {unit} to confirm the date.").format(
            unit=name
        )
    if taken.why == "mend":
        sentence = _(
            "Package {number} of {unit} waits until this book is mended. Press “Mend the book” on the list of units."
        )
        return sentence.format(number=number, unit=name)
    if taken.missing is not None:
        return _("Package {number} of {unit} waits: package {missing} must come first.").format(
            number=number, unit=name, missing=taken.missing
        )
    return _("Package {number} of {unit} waits: an earlier package must come first.").format(number=number, unit=name)
