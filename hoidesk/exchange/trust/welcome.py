"""One act for the officer who certifies: the certificate and the first package lie on the stick that brought the
request, so that one visit is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hoidesk.book.files import write_atomic
from hoidesk.errors import EnvError, Refusal
from hoidesk.exchange.export import Exported, export_package
from hoidesk.exchange.state import JOINING, get_fact, load_chain, load_keys, peers, superior_of
from hoidesk.exchange.trust.enrol import Certified, certify
from hoidesk.exchange.trust.rekey import keys_waiting
from hoidesk.language import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hoidesk.book.book import Book

__all__ = ["Standing", "Welcomed", "standing", "store_file", "welcome"]

CERTIFICATE: Final = "{unit}-chung-nhan.hdc"


@dataclass(frozen=True, slots=True)
class Welcomed:
    """A certificate on the stick, and the first package beside it; without one ``trouble`` says why."""

    certified: Certified
    path: Path
    package: Exported | None
    trouble: str


def store_file(path: Path, data: bytes) -> None:
    """Write an enrolment file and read it back; raises EnvError ``out.failed``."""
    try:
        write_atomic(path, data)
        whole = path.read_bytes() == data
    except OSError:
        whole = False
    if not whole:
        raise EnvError("out.failed", _("{path} cannot be written. Choose another place.").format(path=path))


def welcome(
    book: Book, request: bytes, digits: str, folder: Path, *, progress: Callable[[str, int, int], None] | None = None
) -> Welcomed:
    """Certify the unit of a request and write its certificate and first package to ``folder``.

    Raises what certifying raises; a package that the stick refuses does not take the certificate back.
    """
    certified = certify(book, request, digits)
    path = folder / CERTIFICATE.format(unit=certified.unit)
    store_file(path, certified.file)
    try:
        package = export_package(book, folder, certified.unit, progress=progress)
    except Refusal as refused:
        return Welcomed(certified, path, None, refused.text)
    return Welcomed(certified, path, package, "")


@dataclass(frozen=True, slots=True)
class Standing:
    """What enrolment has reached in this book: the unit's ``digits`` in use and those of new keys that wait for a
    certificate (empty if none), the superior's name, the subordinates' names, whether the unit has another PC, and
    whether this PC waits for the unit's keys."""

    code: str
    name: str
    digits: str
    waiting: str
    superior: str
    below: tuple[str, ...]
    sibling: bool
    joining: bool


def standing(connection: Connection, code: str, name: str) -> Standing:
    """How far this book is enrolled."""
    keys, waiting, above = load_keys(connection), keys_waiting(connection), superior_of(connection)
    known = peers(connection)
    return Standing(
        code=code,
        name=name,
        digits=keys.public.fingerprint(code) if keys is not None and load_chain(connection) else "",
        waiting=waiting.public.fingerprint(code) if waiting is not None and above is not None else "",
        superior=above.name if above is not None else "",
        below=tuple(p.name or p.unit for p in known if p.relation == "subordinate"),
        sibling=any(p.relation == "sibling" for p in known),
        joining=get_fact(connection, JOINING) is not None,
    )
