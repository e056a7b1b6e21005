"""The file .hdk: every change of it is refused with the right kind of sentence, and nothing is taken over."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from hoidesk.errors import EnvError
from hoidesk.exchange.packages.canonical import canonical
from hoidesk.exchange.packages.container import Reader, check_whole, inspect_file, read_content, verify_package
from hoidesk.exchange.packages.envelope import read_seal, seal_bytes
from hoidesk.exchange.packages.stream import Row, Section
from hoidesk.exchange.trust.certificates import Pin
from hoidesk.exchange.trust.keys import UnitKeys

from .families import Unit, child, pack, root, sample_lines
from .parts import members_of, rebuilt


@pytest.fixture(scope="module")
def district() -> Unit:
    return root()


@pytest.fixture(scope="module")
def ward(district: Unit) -> Unit:
    return child(district, "Q5-2")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, ward: Unit, district: Unit) -> Path:
    return pack(tmp_path_factory.mktemp("package"), ward, district).path


def read_all(path: Path, reader: Unit, pins: dict[str, Pin]) -> list[tuple[str, Any]]:
    verified = verify_package(path, Reader.of(reader.code, [reader.keys], pins))
    seen: list[tuple[str, Any]] = []
    read_content(
        path, verified, identities=[reader.keys.identity], emit=lambda what, _line, value: seen.append((what, value))
    )
    return seen


def label_of(values: dict[str, Any]) -> bytes:
    return canonical(values) + b"\n"


def refused(path: Path, reader: Unit, pins: dict[str, Pin]) -> str:
    with pytest.raises(EnvError) as caught:
        read_all(path, reader, pins)
    assert caught.value.text and "{" not in caught.value.text
    return caught.value.code


def test_a_package_arrives_as_it_was_sent(package: Path, ward: Unit, district: Unit) -> None:
    seen = read_all(package, district, ward.pin)
    assert [what for what, _value in seen] == ["manifest", "section", "row", "row"]
    assert seen[1][1] == Section(20, (1, 4), "new", ("meeting", "unit", "held_on"))
    row = seen[3][1]
    assert isinstance(row, Row)
    assert row.values == ("Q5-2", "Họp tổ dân phố số 1")


def test_two_packages_of_one_content_share_no_cipher_bytes(tmp_path: Path, ward: Unit, district: Unit) -> None:
    one, two = pack(tmp_path, ward, district), pack(tmp_path, ward, district)
    assert members_of(one.path)["payload.age"] != members_of(two.path)["payload.age"]
    assert one.digits != two.digits


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"PK\x03\x04" + b"\x14" * 400, "Biên bản họp".encode(), b"\xff"])
def test_other_files_are_no_packages(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "P05-2-1.hdk"
    target.write_bytes(content)
    assert inspect_file(target).state == "foreign"


def test_an_ordinary_zip_of_the_same_members_is_refused(package: Path, tmp_path: Path) -> None:
    target = tmp_path / "repacked.hdk"
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members_of(package).items():
            archive.writestr(name, data)
    assert inspect_file(target).state == "damaged"


def test_inspect_tells_what_the_label_claims_without_keys(package: Path) -> None:
    inspection = inspect_file(package)
    assert inspection.state == "whole"
    assert inspection.label is not None
    assert (inspection.label.sender, inspection.label.recipient, inspection.label.number) == ("Q5-2", "Q5", 31)
    assert inspection.digits is not None and len(inspection.digits) == 22
    assert int(inspection.digits) % 97 == 1


def test_inspect_never_raises_for_what_is_no_file(tmp_path: Path) -> None:
    assert inspect_file(tmp_path).state == "unreadable"
    assert inspect_file(tmp_path / "không có").state == "unreadable"


def test_a_stranger_is_refused_and_never_decompressed(
    tmp_path: Path, district: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = root("X9", "Phường lạ")
    bomb = pack(tmp_path, other, district, lines=[b"0" * 50_000_000])
    monkeypatch.setattr(zstandard, "ZstdDecompressor", lambda **_: pytest.fail("decompressed"))
    assert refused(bomb.path, district, {}) == "package.stranger"


def test_a_bomb_of_an_enrolled_unit_stops_at_the_caps(tmp_path: Path, ward: Unit, district: Unit) -> None:
    one_line = pack(tmp_path, ward, district, lines=[b"0" * 50_000_000 + b"\n"])
    assert refused(one_line.path, district, ward.pin) == "package.malformed"
    inc = ["aa" * 16]
    head, row = sample_lines(inc, 1)
    many = pack(tmp_path, ward, district, lines=[head, row * 1_000_000], counts={"20": 1_000_000})
    assert refused(many.path, district, ward.pin) == "package.malformed"


def test_more_or_fewer_rows_than_the_signed_count_are_refused(tmp_path: Path, ward: Unit, district: Unit) -> None:
    lines = sample_lines(["aa" * 16], 3)
    for count in (2, 4):
        path = pack(tmp_path, ward, district, lines=lines, counts={"20": count}).path
        assert refused(path, district, ward.pin) == "package.malformed"


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 5000,
        b'["00"]\n',
        b'["' + b"00" * 16 + b'","1.0","a"]\n',
        b'["' + b"00" * 16 + b'","1.7","a","b"]\n',
        b'["' + b"00" * 16 + b'","0.0","a","b"]\n',
        b'["' + b"00" * 16 + b'","1.0","a",1.5]\n',
        b'["' + b"00" * 16 + b'","1.0","a",99999999999999999999]\n',
        b'["' + b"00" * 16 + b'","1.0","a",{"x":1}]\n',
        b'["' + b"00" * 16 + b'","1.0","a","' + b"x" * (1 << 20) + b'x"]\n',
        b'["' + b"00" * 16 + b'","1.0","a","\\ud800"]\n',
        b"\xff\xfe\n",
        b'{"c":[1,1],"k":"new","n":["a","b","c"],"t":20}\n',
        b'{"c":[1],"k":"new","n":["a","b"],"t":20,"x":1}\n',
        b'{"c":[],"k":"new","n":["a"],"t":20}\n',
    ],
)
def test_lines_that_break_a_rule_are_refused(tmp_path: Path, ward: Unit, district: Unit, line: bytes) -> None:
    opener = sample_lines(["aa" * 16], 0)[0]
    path = pack(tmp_path, ward, district, lines=[opener, line], counts={"20": 1}).path
    assert refused(path, district, ward.pin) == "package.malformed"


def test_a_package_for_somebody_else_is_refused(tmp_path: Path, package: Path, ward: Unit, district: Unit) -> None:
    neighbour = child(district, "Q5-3")
    assert refused(package, neighbour, ward.pin) == "package.other_recipient"
    renamed = json.loads(members_of(package)["label.json"])
    renamed["to"] = "Q5-3"
    parts = members_of(package) | {"label.json": label_of(renamed)}
    assert refused(rebuilt(tmp_path / "x", parts), neighbour, ward.pin) == "package.not_sealed_for_us"


def test_a_changed_label_is_refused(tmp_path: Path, package: Path, ward: Unit, district: Unit) -> None:
    label = json.loads(members_of(package)["label.json"])
    for change in ({"number": 32}, {"date": "2026-11-24"}, {"from": "Q5-9"}, {"kind": "full"}, {"id": "0" * 32}):
        parts = members_of(package) | {"label.json": label_of(label | change)}
        assert refused(rebuilt(tmp_path / "x", parts), district, ward.pin) == "package.relabelled"


def test_a_package_sealed_again_for_another_unit_is_refused(
    tmp_path: Path, package: Path, ward: Unit, district: Unit
) -> None:
    other = child(root(), "Q5-2")  # an office of another tree that happens to enrol the same ward
    parts = members_of(package)
    for name in ("payload.age", "seal.age"):
        opened = district.keys.open(parts[name])
        assert opened is not None
        parts[name] = other.certificate.keys.seal(opened)
    reader = Unit("Q5", other.keys, other.chain)
    assert refused(rebuilt(tmp_path / "x", parts), reader, ward.pin) == "package.readdressed"


def test_edited_content_is_refused(tmp_path: Path, package: Path, ward: Unit, district: Unit) -> None:
    parts = members_of(package)
    opened = district.keys.open(parts["payload.age"])
    assert opened is not None
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(opened).replace(b"Q5-2", b"Q5-3")
    parts["payload.age"] = district.certificate.keys.seal(zstandard.ZstdCompressor().compress(plain))
    assert refused(rebuilt(tmp_path / "x", parts), district, ward.pin) == "package.edited"


def test_a_payload_cut_at_an_age_chunk_is_refused(tmp_path: Path, ward: Unit, district: Unit) -> None:
    """age gives out the chunks before the missing one; nothing of them may be used."""
    rows = pack(tmp_path, ward, district, rows=40_000).path
    parts = members_of(rows)
    assert len(parts["payload.age"]) > 2 * 65552
    parts["payload.age"] = parts["payload.age"][: len(parts["payload.age"]) - 65552]
    assert refused(rebuilt(tmp_path / "x", parts), district, ward.pin) == "package.edited"


def test_the_seal_of_another_package_is_refused(tmp_path: Path, package: Path, ward: Unit, district: Unit) -> None:
    second = members_of(pack(tmp_path, ward, district, number=32).path)
    parts = members_of(package)
    assert refused(rebuilt(tmp_path / "x", parts | {"seal.age": second["seal.age"]}), district, ward.pin) == (
        "package.relabelled"
    )
    swapped = parts | {"payload.age": second["payload.age"]}
    assert refused(rebuilt(tmp_path / "y", swapped), district, ward.pin) == "package.edited"


def test_a_seal_signed_by_somebody_else_is_refused(tmp_path: Path, package: Path, ward: Unit, district: Unit) -> None:
    parts = members_of(package)
    opened = district.keys.open(parts["seal.age"])
    assert opened is not None
    seal, _line, _signature = read_seal(opened)
    forged = district.certificate.keys.seal(seal_bytes(seal, UnitKeys.generate()))
    assert refused(rebuilt(tmp_path / "x", parts | {"seal.age": forged}), district, ward.pin) == "package.bad_signature"


def test_a_newer_format_says_what_is_needed(tmp_path: Path, package: Path, district: Unit, ward: Unit) -> None:
    label = json.loads(members_of(package)["label.json"]) | {"version": 2, "colour": "đỏ"}
    path = rebuilt(tmp_path / "x", members_of(package) | {"label.json": label_of(label)})
    assert inspect_file(path).state == "newer"
    with pytest.raises(EnvError, match="2"):
        verify_package(path, Reader.of(district.code, [district.keys], ward.pin))


@pytest.mark.parametrize("day", ["\x1b[2J\x1b[31m.", "２０２６-11-23", "23/11/2026"])
def test_a_label_claims_nothing_but_a_day_as_its_date(tmp_path: Path, package: Path, day: str) -> None:
    """It is printed before anything is proven."""
    parts = members_of(package)
    label = json.loads(parts["label.json"]) | {"date": day}
    assert inspect_file(rebuilt(tmp_path / "x", parts | {"label.json": label_of(label)})).state == "damaged"


def test_a_cancelled_or_failed_export_leaves_no_file(tmp_path: Path, ward: Unit, district: Unit) -> None:
    def broken() -> Iterator[bytes]:
        yield sample_lines(["aa" * 16], 1)[0]
        raise KeyError("the book closed")

    with pytest.raises(KeyError):
        pack(tmp_path, ward, district, lines=broken(), name="x.hdk")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("age", "zstd", "unzip", "sha256sum")),
    reason="needs the programs age, zstd, unzip and sha256sum, which are not part of the project",
)
def test_standard_tools_open_a_package(tmp_path: Path, package: Path, district: Unit) -> None:
    key = tmp_path / "key.txt"
    key.touch(mode=0o600)
    key.write_text(district.keys.identity + "\n")

    def run(*command: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=tmp_path, check=False, env=os.environ)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("unzip", "-q", str(package))
    run("sha256sum", "-c", "SHA256SUMS")
    plain = run("zstd", "-dc", stdin=run("age", "-d", "-i", str(key), "payload.age"))
    manifest, opener, *rows = plain.decode("utf-8").splitlines()
    assert json.loads(manifest)["counts"] == {"20": len(rows)}
    assert json.loads(opener)["n"][0] == "meeting"
    assert json.loads(rows[0])[3] == "Họp tổ dân phố số 0"
    line = run("age", "-d", "-i", str(key), "seal.age").splitlines()[0]
    assert json.loads(line)["label"] == hashlib.sha256((tmp_path / "label.json").read_bytes()).hexdigest()


def test_check_whole_needs_no_keys_and_leaves_the_file_alone(package: Path) -> None:
    before = package.read_bytes()
    assert check_whole(package).label.id
    assert package.read_bytes() == before


def test_older_keys_still_open_what_was_on_its_way(tmp_path: Path, district: Unit, ward: Unit) -> None:
    path = pack(tmp_path, ward, district).path
    fresh, other = UnitKeys.generate(), UnitKeys.generate()
    verified = verify_package(path, Reader.of(district.code, [fresh, other, district.keys], ward.pin))
    assert verified.signer.unit == ward.code
    seen: list[str] = []
    identities = [keys.identity for keys in (fresh, other, district.keys)]
    read_content(path, verified, identities=identities, emit=lambda what, _line, _value: seen.append(what))
    assert seen == ["manifest", "section", "row", "row"]
    with pytest.raises(EnvError) as caught:
        verify_package(path, Reader.of(district.code, [fresh, other], ward.pin))
    assert caught.value.code == "package.not_sealed_for_us"
