"""The short form of the flips; ``python -m tests.faults flips`` tries every value of every byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoidesk.exchange.packages.container import Reader
from tests.exchange.families import Unit, child, pack, root
from tests.faults.flips import enrolment_files, flips, spoilt_enrolment, spoilt_package, tampered_package


@pytest.fixture(scope="module")
def district() -> Unit:
    return root()


def test_flips_turn_every_byte_as_often_as_asked() -> None:
    assert {at for at, _data in flips(b"abc", 1)} == {0, 1, 2}
    assert {data for _at, data in flips(b"a", 255)} == {bytes([b]) for b in range(256) if b != ord("a")}


def test_whatever_a_stick_does_to_a_package_is_called_damage(district: Unit, tmp_path: Path) -> None:
    whole = pack(tmp_path, child(district, "Q5-2"), district).path.read_bytes()
    tally = spoilt_package(whole, 1)
    assert tally.faults == []
    assert tally.codes["package.damaged"] > 2 * len(whole)


def test_whatever_is_changed_without_keys_is_refused_although_the_sums_are_right(
    district: Unit, tmp_path: Path
) -> None:
    ward = child(district, "Q5-2")
    package = pack(tmp_path, ward, district).path
    reader = Reader.of(district.code, [district.keys], ward.pin)
    tally = tampered_package(package, reader, tmp_path / "tampered.hdk", 1, step=3)
    assert tally.faults == []
    assert {"package.relabelled", "package.edited", "package.not_sealed_for_us"} <= tally.codes.keys()


@pytest.mark.parametrize("name", ["invitation", "request", "certificate"])
def test_whatever_is_done_to_a_file_of_an_enrolment_is_refused(name: str, district: Unit) -> None:
    whole, read = enrolment_files(child(district, "Q5-2"))[name]
    read(whole)
    tally = spoilt_enrolment(name, whole, read, 1, step=3)
    assert tally.faults == [] and tally.tried > 500
