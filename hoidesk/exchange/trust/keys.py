"""The keys of a unit, its certificate and the chain above it (package format, sections 3 and 4).

A unit signs with Ed25519 and receives with an age X25519 identity. Both secrets live only inside the encrypted book.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

import nacl.exceptions
import nacl.signing
import pyrage

__all__ = [
    "PublicKeys",
    "UnitKeys",
    "check_receipt_digits",
    "contains",
    "groups_of_four",
    "new_link_secret",
    "package_digits",
    "receipt_digits",
    "valid_unit_code",
]

UNIT_DOMAIN: Final = b"hoidesk-unit-v1\n"
PACKAGE_DIGITS_DOMAIN: Final = b"hoidesk-package-digits-v1\n"
LINK_SECRET_BYTES: Final = 32


def valid_unit_code(code: str) -> bool:
    """Whether a unit code may stand in a certificate: 1 to 64 printable characters without outer spaces."""
    return 0 < len(code) <= 64 and code.isprintable() and code == code.strip()


def contains(subtree: str, code: str) -> bool:
    """Whether ``code`` lies in the subtree: the unit itself, or its code followed by ``-``."""
    return code == subtree or code.startswith(subtree + "-")


def groups_of_four(digits: str) -> str:
    """Digits for people: in groups of four, ``1234 5678 …``."""
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What others may know of a unit's keys.

    ``sign`` is the 32 byte Ed25519 key, ``age`` the recipient text ``age1…``.
    """

    sign: bytes
    age: str

    def fingerprint(self, code: str) -> str:
        """The unit's 24 decimal digits: SHA-256 over domain, both keys and the unit code, modulo 10^24."""
        digest = hashlib.sha256(UNIT_DOMAIN + self.sign + self.age.encode("ascii") + code.encode("utf-8")).digest()
        return f"{int.from_bytes(digest, 'big') % 10**24:024d}"

    def verifies(self, domain: bytes, line: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is this unit's over ``domain`` and ``line``."""
        try:
            nacl.signing.VerifyKey(self.sign).verify(domain + line, signature)
        except (nacl.exceptions.CryptoError, ValueError, TypeError):
            return False
        return True

    def well_formed(self) -> bool:
        """Whether both keys have the right shape."""
        try:
            pyrage.x25519.Recipient.from_str(self.age)
        except pyrage.RecipientError:
            return False
        return len(self.sign) == 32

    def seal(self, data: bytes) -> bytes:
        """``data`` as an age file that only this unit opens."""
        sealed: bytes = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(self.age)])
        return sealed


@dataclass(frozen=True, slots=True)
class UnitKeys:
    """The secret keys of a unit: 32 byte Ed25519 seed and age identity text. Never logged, never in an argument."""

    seed: bytes = field(repr=False)
    identity: str = field(repr=False)

    @classmethod
    def generate(cls) -> UnitKeys:
        """Fresh keys."""
        return cls(seed=secrets.token_bytes(32), identity=str(pyrage.x25519.Identity.generate()))

    @property
    def public(self) -> PublicKeys:
        """The public half."""
        recipient = pyrage.x25519.Identity.from_str(self.identity).to_public()
        return PublicKeys(sign=bytes(nacl.signing.SigningKey(self.seed).verify_key), age=str(recipient))

    def sign(self, domain: bytes, line: bytes) -> bytes:
        """64 byte Ed25519 signature over ``domain`` followed by ``line``."""
        return bytes(nacl.signing.SigningKey(self.seed).sign(domain + line).signature)

    def open(self, sealed: bytes) -> bytes | None:
        """The content of a small age file sealed to this unit, None when it is for others or damaged.

        Only for texts of at most some kilobytes: everything is held in memory.
        """
        try:
            opened: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(self.identity)])
        except (pyrage.DecryptError, OSError):
            return None
        return opened


def new_link_secret() -> bytes:
    """32 random bytes that a superior shares with one unit; keys the paper receipt."""
    return secrets.token_bytes(LINK_SECRET_BYTES)


def package_digits(sums: bytes) -> str:
    """20 digits and 2 check digits (ISO 7064 mod 97-10) of a package, from the bytes of its SHA256SUMS: 22 digits."""
    number = int.from_bytes(hashlib.sha256(PACKAGE_DIGITS_DOMAIN + sums).digest(), "big") % 10**20
    return f"{number:020d}{98 - number * 100 % 97:02d}"


def receipt_digits(link_secret: bytes, number: int, package_id: str, up_to: int) -> str:
    """The paper receipt: 10 digits of HMAC-SHA256 with the link secret over ``re|number|id|up to``."""
    message = f"re|{number}|{package_id}|{up_to}".encode("ascii")
    code = hmac.new(link_secret, message, hashlib.sha256).digest()
    return f"{int.from_bytes(code[:8], 'big') % 10**10:010d}"


def check_receipt_digits(typed: str, link_secret: bytes, number: int, package_id: str, up_to: int) -> bool:
    """Whether typed digits (spaces and dashes allowed) are the paper receipt for this package."""
    digits = "".join(c for c in typed if c not in " -.")
    return hmac.compare_digest(digits.encode(), receipt_digits(link_secret, number, package_id, up_to).encode())
