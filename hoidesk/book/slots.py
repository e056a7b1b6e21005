"""The key of a book and the slots that open it.

A book is encrypted under one random key of 32 bytes. Each user has a slot: the same key, wrapped under a key made of
the user's password by Argon2id. A slot opens everything; its role prevents mistakes, not attackers. The slot file
lies beside the database, with a copy; it holds nothing that opens the book without a password.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from hoidesk.book.files import write_atomic
from hoidesk.errors import EnvError, UserError
from hoidesk.language import _
from hoidesk.text.nfc import clean_line, quote

__all__ = ["KEYS", "KEYS_COPY", "Role", "Slot", "load_slots", "make_slot", "open_slot", "store_slots"]

KEYS: Final = "keys.json"
KEYS_COPY: Final = "keys-copy.json"
_FORMAT: Final = 1
_MAX_BYTES: Final = 256 * 1024
# What a slot file may ask of this PC at most: a hostile one must not eat the memory.
_MAX_OPS: Final = 16
_MAX_MEMORY: Final = 1024 * 1024 * 1024
_OPS: Final = 3
_MEMORY: Final = 64 * 1024 * 1024
_CHEAP: Final = "HOIDESK_TEST_CHEAP_KDF"


class Role(StrEnum):
    """What a user may do: an officer everything, a secretary records, a viewer reads."""

    OFFICER = "officer"
    SECRETARY = "secretary"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Slot:
    """One user's slot: name, role, and the book's key wrapped under the password (``box``: nonce and secretbox)."""

    user: str
    role: Role
    ops: int
    memory: int
    salt: bytes
    box: bytes


def _derive(password: str, salt: bytes, ops: int, memory: int) -> bytes:
    from nacl.pwhash import argon2id

    # The same password typed with another keyboard arrives decomposed: NFC makes them one. Bytes of the environment
    # that are no UTF-8 arrive as surrogates: they make a wrong password, not a fault.
    secret = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    try:
        return argon2id.kdf(32, secret, salt, opslimit=ops, memlimit=memory)
    except RuntimeError as error:  # what nacl says when the memory cannot be had, and a crypto error by its class
        raise EnvError(
            "memory.full", _("This PC has too little free memory. Close other programs and try again.")
        ) from error


def _cost() -> tuple[int, int]:
    """Operations and bytes for a new slot. Tests make it cheap; the program that offices install never does."""
    cheap = os.environ.get(_CHEAP) == "1" and not getattr(sys, "frozen", False)
    return (1, 8192) if cheap else (_OPS, _MEMORY)


def make_slot(user: str, role: Role, password: str, key: bytes) -> Slot:
    """A slot for ``user`` that opens ``key`` (32 bytes) with ``password``; UserError for an empty name or password."""
    from nacl.secret import SecretBox

    user = clean_line(user)
    if not user:
        raise UserError("user.no_name", _("Type the name of the user."), field="user")
    if not password:
        raise UserError("user.no_password", _("Type a password."), field="password")
    ops, memory = _cost()
    salt = os.urandom(16)
    box = bytes(SecretBox(_derive(password, salt, ops, memory)).encrypt(key))
    return Slot(user, role, ops, memory, salt, box)


def open_slot(slot: Slot, password: str) -> bytes:
    """The book's key; EnvError ``password.wrong`` when the password does not fit."""
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        return bytes(SecretBox(_derive(password, slot.salt, slot.ops, slot.memory)).decrypt(slot.box))
    except CryptoError:
        raise EnvError(
            "password.wrong", _("The password is not right. Type it again; a wrong password never locks the book.")
        ) from None


def find_slot(slots: list[Slot], user: str) -> Slot:
    """The slot of ``user``; UserError when there is none."""
    wanted = clean_line(user)
    for slot in slots:
        if slot.user == wanted:
            return slot
    raise UserError("user.unknown", _("The book has no user “{user}”.").format(user=quote(wanted)), field="user")


def _to_json(slot: Slot) -> dict[str, Any]:
    return {
        "user": slot.user,
        "role": slot.role.value,
        "kdf": {"name": "argon2id", "ops": slot.ops, "memory": slot.memory, "salt": _text(slot.salt)},
        "box": _text(slot.box),
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_json(item: Any) -> Slot:
    kdf = item["kdf"]
    if kdf["name"] != "argon2id":
        raise ValueError("unknown key derivation")
    slot = Slot(
        user=str(item["user"]),
        role=Role(item["role"]),
        ops=int(kdf["ops"]),
        memory=int(kdf["memory"]),
        salt=base64.b64decode(kdf["salt"], validate=True),
        box=base64.b64decode(item["box"], validate=True),
    )
    if not (1 <= slot.ops <= _MAX_OPS and 8192 <= slot.memory <= _MAX_MEMORY):
        raise ValueError("key derivation out of bounds")
    if len(slot.salt) != 16 or len(slot.box) != 72:
        raise ValueError("slot of a wrong length")
    return slot


def parse_slots(data: bytes) -> list[Slot]:
    """The slots in the bytes of a slot file; ValueError when it is damaged."""
    if len(data) > _MAX_BYTES:
        raise ValueError("slot file too large")
    try:
        content = json.loads(data)
        if content["format"] != _FORMAT:
            raise ValueError("unknown format")
        slots = [_from_json(item) for item in content["slots"]]
    except (KeyError, TypeError, OverflowError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("damaged slot file") from error
    if not slots:
        raise ValueError("no slot")
    return slots


def load_slots(folder: Path) -> list[Slot]:
    """The slots of the book in ``folder``, from the file or its copy.

    Raises EnvError ``book.no_slots`` when both are missing and ``book.slots_damaged`` when neither can be read.
    """
    damaged = False
    for name in (KEYS, KEYS_COPY):
        try:
            return parse_slots((folder / name).read_bytes())
        except FileNotFoundError:
            continue
        except (ValueError, OSError):
            damaged = True
    if damaged:
        raise EnvError(
            "book.slots_damaged",
            _("The password file of the book is damaged. Open the book with its recovery sheet."),
        )
    raise EnvError(
        "book.no_slots", _("The password file of the book is missing. Open the book with its recovery sheet.")
    )


def dump_slots(slots: list[Slot]) -> bytes:
    """The bytes of a slot file."""
    return (json.dumps({"format": _FORMAT, "slots": [_to_json(s) for s in slots]}, ensure_ascii=False) + "\n").encode()


def store_slots(folder: Path, slots: list[Slot]) -> None:
    """Write the slot file and its copy, each atomically, the copy first: one good file exists at every moment."""
    data = dump_slots(slots)
    write_atomic(folder / KEYS_COPY, data)
    write_atomic(folder / KEYS, data)
