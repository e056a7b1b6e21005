"""The witness of a book: a small file outside its folder that remembers how far the book had come on this PC.

A book that is older than its witness was put back; one that opens in another place while the first still stands there
was copied, and one without a witness that was at home elsewhere came from another PC. Each begins a new life before
anything is written, so that two books never number their packages alike (package format, section 11). A whole disk
that was cloned brings its witness along: that is proven by the packages of others.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, text

from hoidesk.book.files import write_atomic
from hoidesk.language import _
from hoidesk.places import state_dir

__all__ = ["Sight", "look", "remember", "sentence"]

Sight = Literal["", "rewound", "copied", "moved"]
FOLDER: Final = "witness"
OPENED: Final = "opened"
HOME: Final = "home"


@dataclass(frozen=True, slots=True)
class _State:
    book: str
    inc: str
    seq: int
    opened: int
    home: str | None


def _state(connection: Connection) -> _State:
    facts = {r.name: r.value for r in connection.execute(text("SELECT name, value FROM book_info"))}
    clock = connection.execute(text("SELECT inc, seq FROM clock_state")).one()
    return _State(facts["book_id"], bytes(clock.inc).hex(), int(clock.seq), int(facts.get(OPENED, 0)), facts.get(HOME))


def _home(place: Path) -> str:
    """This PC and this folder, as a fingerprint: names of PCs and users do not belong into a book."""
    return hashlib.sha256(f"{uuid.getnode():x}|{place}".encode()).hexdigest()[:32]


def _file(book: str) -> Path:
    return state_dir() / FOLDER / f"{book}.json"


def _read(book: str) -> dict[str, Any]:
    """What this PC remembers, by place of the book; nothing when the file is missing or damaged."""
    try:
        found = json.loads(_file(book).read_bytes())
        return {
            str(place): {"inc": str(seen["inc"]), "seq": int(seen["seq"]), "opened": int(seen["opened"])}
            for place, seen in found.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _stands(place: str, database: str) -> bool:
    return (Path(place) / database).is_file()


def look(connection: Connection, folder: Path, database: str) -> Sight:
    """What the witness says of the book in ``folder``, which is being opened for writing."""
    place, state = folder.resolve(), _state(connection)
    seen = _read(state.book)
    here = seen.get(str(place))
    if here is None:
        alike = {p: s for p, s in seen.items() if s["inc"] == state.inc}
        if any(_stands(p, database) for p in alike):
            return "copied"
        # Moved within this PC: what is known of the old place holds for the new one.
        here = max(alike.values(), key=lambda s: s["seq"], default=None)
    if here is None:
        return "" if state.home is None or state.home == _home(place) else "moved"
    if here["inc"] == state.inc:
        return "rewound" if (state.seq, state.opened) < (here["seq"], here["opened"]) else ""
    others = [p for p, s in seen.items() if s["inc"] == state.inc and p != str(place)]
    return "copied" if any(_stands(p, database) for p in others) else ""


def remember(connection: Connection, folder: Path, database: str, *, opening: bool) -> None:
    """Write the witness as the book is now; a PC that cannot keep one has none, and the book opens all the same."""
    place = folder.resolve()
    if opening:
        opened = _state(connection).opened + 1
        for name, value in ((OPENED, str(opened)), (HOME, _home(place))):
            connection.execute(
                text("INSERT OR REPLACE INTO book_info(name, value) VALUES(:n, :v)"), {"n": name, "v": value}
            )
    state = _state(connection)
    seen = {p: s for p, s in _read(state.book).items() if _stands(p, database)}
    seen[str(place)] = {"inc": state.inc, "seq": state.seq, "opened": state.opened}
    try:
        _file(state.book).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(_file(state.book), json.dumps(seen).encode())
    except OSError:
        return


def sentence(sight: Sight) -> str:
    """What the user is told, once, after the book began a new life."""
    sentences = {
        "rewound": _("This book is older than when it was last open here: it was put back. It goes on as a new PC."),
        "copied": _("This book is a copy of one that still lies on this PC. The copy goes on as a PC of its own."),
        "moved": _("This book came from another PC or place. It goes on as a PC of its own, with full packages first."),
        "": "",
    }
    return sentences[sight]
