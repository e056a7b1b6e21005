"""Every single-byte flip, truncation and extension of a small package and of the three files of an enrolment.

A package is tried twice: as a stick spoils it, and as somebody changes it who makes checksums and layout right again,
so that label, content and seal have to be proven. Each change must be refused with a sentence of the right kind.
"""

from __future__ import annotations

import collections
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hoidesk.errors import EnvError
from hoidesk.exchange.packages import container
from hoidesk.exchange.packages.container import Reader, verify_package
from hoidesk.exchange.packages.ziplayout import MEMBERS
from hoidesk.exchange.trust.certificates import issue_certificate
from hoidesk.exchange.trust.enrolment import (
    check_own_certificate,
    make_certificate_file,
    make_invitation,
    make_request,
    read_certificate_file,
    read_invitation,
    read_request,
)
from hoidesk.exchange.trust.keys import UnitKeys
from tests.exchange.families import Unit, child, pack, root
from tests.exchange.parts import members_of, rebuilt

__all__ = ["Tally", "enrolment_files", "long_form", "spoilt_enrolment", "spoilt_package", "tampered_package"]

KINDS: Final = {
    "label.json": {
        "package.relabelled",
        "package.damaged",
        "package.newer",
        "package.other_recipient",
    },
    "payload.age": {"package.edited"},
    "seal.age": {"package.not_sealed_for_us", "package.edited"},
    "invitation": {"invitation.malformed", "invitation.newer", "invitation.forged", "invitation.too_large"},
    "request": {"request.malformed", "request.not_for_us"},
    "certificate": {"certificate.malformed", "certificate.newer", "certificate.too_large"},
}
"""What may be said of a change in each place."""


@dataclass
class Tally:
    """How many changes were tried, what was said how often, and which were wrong."""

    tried: int = 0
    codes: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: list[str] = field(default_factory=list)

    def judge(self, where: str, expected: Iterable[str], read: Callable[[], object]) -> None:
        """Try one change: it must be refused with one of the expected codes."""
        self.tried += 1
        try:
            read()
        except EnvError as refused:
            self.codes[refused.code] += 1
            if refused.code not in expected or not refused.text or "{" in refused.text:
                self.faults.append(f"{where}: {refused.code}: {refused.text}")
        except Exception as error:
            self.faults.append(f"{where}: {type(error).__name__}: {error}")
        else:
            self.faults.append(f"{where}: taken")


def flips(data: bytes, values: int) -> Iterator[tuple[int, bytes]]:
    """Each byte changed in ``values`` (1 to 255) other ways: first single bits, then all."""
    for at in range(len(data)):
        masks = [1 << (at + turn) % 8 for turn in range(min(values, 8))]
        masks += [m for m in range(1, 256) if m not in masks][: values - len(masks)]
        for mask in masks:
            changed = bytearray(data)
            changed[at] ^= mask
            yield at, bytes(changed)


def extensions(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What may come to stand before, behind and between: every single byte, junk, other layouts, itself."""
    for extra in (*(bytes([b]) for b in range(256)), b"PK\x05\x06", b"\x00" * 512, b"x" * 5000, data):
        yield f"{len(extra)} bytes behind", data + extra
        yield f"{len(extra)} bytes before", extra + data
    for at in range(0, len(data), max(1, len(data) // 200)):
        yield f"a byte put in at {at}", data[:at] + b"\n" + data[at:]


def spoilt_package(whole: bytes, values: int) -> Tally:
    """What a stick may do to a package: all of it is seen without any key."""
    tally = Tally()

    def read(data: bytes) -> Callable[[], object]:
        return lambda: container._check_whole(io.BytesIO(data))

    for at, data in flips(whole, values):
        tally.judge(f"package, byte {at}", {"package.damaged"}, read(data))
    for size in range(len(whole)):
        kind = "empty" if size == 0 else "foreign" if size < 4 else "damaged"
        tally.judge(f"package, cut to {size}", {f"package.{kind}"}, read(whole[:size]))
    for what, data in extensions(whole):
        tally.judge(f"package, {what}", {"package.damaged"}, read(data))
    return tally


def tampered_package(package: Path, reader: Reader, scratch: Path, values: int, step: int = 1) -> Tally:
    """What somebody may do who knows the format and has no keys: sums and layout are right again."""
    tally, parts = Tally(), members_of(package)
    for name in MEMBERS[:3]:
        whole = parts[name]
        changes = [(f"byte {at}", data) for at, data in flips(whole, values)]
        changes += [(f"cut to {size}", whole[:size]) for size in range(len(whole))]
        changes += list(extensions(whole)) if values > 1 else []
        for what, data in changes[::step]:
            path = rebuilt(scratch, parts | {name: data})
            tally.judge(f"{name}, {what}", KINDS[name], lambda path=path: verify_package(path, reader))  # type: ignore[misc]
    return tally


def enrolment_files(superior: Unit) -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Invitation, request and certificate, each with what reads it."""
    unit, title = f"{superior.code}-03", "Khu phố 3, Ô Chợ Dừa"
    invitation = make_invitation(superior.chain, superior.keys, unit=unit, name=title, scope="up-1")
    keys = UnitKeys.generate()
    request = make_request(superior.certificate, keys, unit=unit, name=title)
    certificate = issue_certificate(
        superior.certificate,
        superior.keys,
        unit=unit,
        name=title,
        keys=keys.public,
        scope="up-1",
        serial=1,
        link_secret=b"L" * 32,
    )
    above = read_invitation(invitation).superior.keys

    def take(data: bytes) -> None:
        check_own_certificate(read_certificate_file(data), unit=unit, keys=keys, superior=above)

    return {
        "invitation": (invitation, read_invitation),
        "request": (request, lambda data: read_request(data, superior.certificate, superior.keys)),
        "certificate": (make_certificate_file([certificate, *superior.chain]), take),
    }


def spoilt_enrolment(name: str, whole: bytes, read: Callable[[bytes], object], values: int, step: int = 1) -> Tally:
    """All changes of one of the three files."""
    tally = Tally()
    changes = [(f"byte {at}", data) for at, data in flips(whole, values)]
    changes += [(f"cut to {size}", whole[:size]) for size in range(len(whole))]
    changes += extensions(whole)
    for what, data in changes[::step]:
        tally.judge(f"{name}, {what}", KINDS[name], lambda data=data: read(data))  # type: ignore[misc]
    return tally


def long_form(place: Path) -> int:
    """Every other value of every byte where no key is needed, nine of each where one is."""
    district = root()
    ward = child(district, "Q5-2")
    package = pack(place, ward, district).path
    reader = Reader.of(district.code, [district.keys], ward.pin)
    tallies = {"package as a stick spoils it": spoilt_package(package.read_bytes(), 255)}
    tallies["package with sums made right"] = tampered_package(package, reader, place / "tampered.hdk", 9)
    for name, (whole, read) in enrolment_files(ward).items():
        tallies[name] = spoilt_enrolment(name, whole, read, 9)
    for name, tally in tallies.items():
        for fault in tally.faults:
            print(f"FAULT flips, {fault}", flush=True)
        print(f"flips, {name}: {tally.tried} changes, {dict(sorted(tally.codes.items()))}", flush=True)
    return sum(len(tally.faults) for tally in tallies.values())
