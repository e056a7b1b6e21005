"""A small family of units with real keys, and packages between them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hoidesk.exchange.packages.stream import Manifest, Row, Section, Stamp, encode_row, encode_section
from hoidesk.exchange.packages.writing import Written, write_package
from hoidesk.exchange.trust.certificates import Certificate, Pin, issue_certificate, issue_root
from hoidesk.exchange.trust.keys import UnitKeys, new_link_secret

CLOCK = 1_795_000_000_000 << 16


@dataclass(frozen=True)
class Unit:
    """A unit with its keys and its chain."""

    code: str
    keys: UnitKeys
    chain: tuple[Certificate, ...]

    @property
    def certificate(self) -> Certificate:
        return self.chain[0]

    @property
    def pin(self) -> dict[str, Pin]:
        own = self.certificate
        return {self.code: Pin(sign=own.keys.sign, subtree=own.subtree, serial=own.serial)}


def root(code: str = "Q5", name: str = "Quận Đống Đa") -> Unit:
    keys = UnitKeys.generate()
    return Unit(code, keys, (issue_root(keys, unit=code, name=name),))


def child(superior: Unit, code: str, name: str = "Phường Ô Chợ Dừa", serial: int = 1) -> Unit:
    keys = UnitKeys.generate()
    certificate = issue_certificate(
        superior.certificate,
        superior.keys,
        unit=code,
        name=name,
        keys=keys.public,
        scope="up-1",
        serial=serial,
        link_secret=new_link_secret(),
    )
    return Unit(code, keys, (certificate, *superior.chain))


def sample_lines(incs: Sequence[str], rows: int = 2) -> list[bytes]:
    """One section of table 20 with columns 1 and 4."""
    numbers = {inc: i for i, inc in enumerate(incs)}
    stamp = Stamp(CLOCK, incs[0])
    lines = [encode_section(Section(20, (1, 4), "new", ("meeting", "unit", "held_on")))]
    for i in range(rows):
        row = Row(bytes([i // 256, i % 256]) * 8, stamp, (stamp, stamp), ("Q5-2", f"Họp tổ dân phố số {i}"))
        lines.append(encode_row(row, numbers))
    return lines


def pack(
    folder: Path,
    sender: Unit,
    recipient: Unit,
    *,
    number: int = 31,
    rows: int = 2,
    lines: Iterable[bytes] | None = None,
    counts: dict[str, int] | None = None,
    signer: UnitKeys | None = None,
    chain: Sequence[Certificate] | None = None,
    name: str | None = None,
) -> Written:
    """A package with sample rows, or with the given lines."""
    inc = "aa" * 16
    manifest = Manifest(
        id=secrets.token_hex(16),
        sender=sender.code,
        incarnation=inc,
        number=number,
        kind="changes",
        chain=[c.text for c in (chain or sender.chain)],
        ids=[],
        start=0,
        end=7,
        after=None,
        re={},
        receipts=[],
        vector={inc: f"{CLOCK:x}"},
        incs=[inc],
        scope="up-1",
        schema=1,
        program="0.1.0",
        at=CLOCK >> 16,
        counts=counts if counts is not None else {"20": rows},
    )
    return write_package(
        folder / (name or f"{sender.code}-1-{number}-{secrets.token_hex(3)}.hdk"),
        manifest=manifest,
        lines=sample_lines([inc], rows) if lines is None else lines,
        signer=signer or sender.keys,
        recipient=recipient.certificate,
        day="2026-11-23",
    )
