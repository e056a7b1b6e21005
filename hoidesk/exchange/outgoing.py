"""Before and after writing: what the next package would hold, several units in one go, what is left on a stick."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text

from hoidesk.book.book import Book
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import Refusal
from hoidesk.exchange.export import Exported, export_package, planned
from hoidesk.exchange.merge.skew import labelled
from hoidesk.exchange.packages.envelope import Kind
from hoidesk.exchange.state import require_role
from hoidesk.exchange.stick import PARTIAL, TWIN_FOLDER, Cancelled
from hoidesk.language import N_, _

__all__ = ["Outlook", "Sent", "left_on", "outlooks", "replaced_by", "send_all"]

Progress = Callable[[str, int, int], None]
HOPELESS = frozenset({"stick.gone", "stick.full", "stick.read_only", "stick.broken", "export.no_folder"})
"""What one package failed of, the others would fail of too."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next package for a unit would hold. ``counts``: label of a table → rows; ``replaces``: the package that
    it contains, because no receipt for that came."""

    unit: str
    unit_name: str
    kind: Kind
    rows: int
    receipts: int
    replaces: int | None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing new to say."""
        return not self.rows and not self.receipts


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one unit's package among several; ``made`` is None when it was not written."""

    unit: str
    unit_name: str
    sentence: str
    made: Exported | None = None
    code: str = ""


class _Over(Exception):
    """Ends a look: its transaction is rolled back."""


@contextmanager
def _looking(book: Book) -> Iterator[Work]:
    """A transaction that is rolled back: the views of a scope can be made in it."""
    with contextlib.suppress(_Over), book.transaction(N_("Write a package"), "exchange") as work:
        yield work
        raise _Over


def outlooks(book: Book, units: Sequence[str]) -> list[Outlook]:
    """What the next package for each of these units would hold; nothing is written."""
    require_role(book, Role.OFFICER, Role.SECRETARY)
    found: list[Outlook] = []
    with _looking(book) as work:
        for unit in units:
            peer, plan, kind, receipts = planned(work, unit)
            labels = labelled(work.registry, plan.counts)
            replaces = replaced_by(work.connection, peer.unit)
            found.append(Outlook(peer.unit, peer.name, kind, plan.rows, receipts, replaces, labels))
    return found


def replaced_by(connection: Connection, unit: str, number: int | None = None) -> int | None:
    """The package of this book that a package contains because no receipt for it had come; None if there is none.

    Without ``number`` the package that would be written now is meant.
    """
    return connection.execute(
        text(
            "SELECT max(o.number) FROM package_out o JOIN clock_state s ON s.inc = o.inc LEFT JOIN package_out n "
            "ON n.inc = o.inc AND n.number = :n WHERE o.unit = :u AND o.delivered_at IS NOT NULL "
            "AND o.kind <> 'receipt' AND (n.number IS NULL OR o.number < n.number) "
            "AND (o.acked_at IS NULL OR (n.number IS NOT NULL AND o.acked_at > n.at))"
        ),
        {"u": unit, "n": number},
    ).scalar()


def send_all(
    book: Book,
    folder: Path,
    units: Sequence[str],
    *,
    progress: Callable[[str, str, int, int], None] = lambda _unit, _step, _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Sent, ...]:
    """Write one package each for several units to a stick, and say for each what became of it.

    A unit for which there is nothing new gets none. A stick that is gone, full or broken ends the round; the others
    are named as not written. ``progress(unit, step, done, all)`` with the steps of :func:`export_package`.
    """
    results: list[Sent] = []
    ended = ""
    for one in outlooks(book, units):
        if ended or cancelled():
            why = ended or _("Not written: it was stopped before this unit.")
            results.append(Sent(one.unit, one.unit_name, why, code="send.stopped"))
            continue
        if one.empty:
            results.append(Sent(one.unit, one.unit_name, _("There is nothing new for it."), code="send.nothing"))
            continue
        try:
            made = export_package(
                book,
                folder,
                one.unit,
                progress=partial(progress, one.unit),
                cancelled=cancelled,
            )
        except Refusal as refused:
            results.append(Sent(one.unit, one.unit_name, refused.text, code=refused.code))
            if refused.code in HOPELESS or isinstance(refused, Cancelled):
                ended = _("Not written: the round ended before this unit.")
            continue
        results.append(Sent(one.unit, one.unit_name, _("Written and read back right."), made))
    return tuple(results)


def left_on(folder: Path) -> tuple[str, ...] | None:
    """Unfinished files that an interrupted writing left on a stick; None when the stick does not answer."""
    try:
        if not folder.is_dir():
            return None
        found = [path.name for path in folder.glob(f"*{PARTIAL}")]
        return tuple(sorted({*found, *(path.name for path in (folder / TWIN_FOLDER).glob(f"*{PARTIAL}"))}))
    except OSError:
        return None
