"""The page of the package format is true: its vectors hold, and its recipe works with the tools that it names."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hoidesk.exchange.merge.conflicts import conflict_id
from hoidesk.exchange.packages import stream
from hoidesk.exchange.packages.canonical import canonical
from hoidesk.exchange.packages.container import Reader, inspect_file
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.packages.stream import Row, Section, Stamp, encode_row, encode_section
from hoidesk.exchange.trust.certificates import Pin, read_certificate
from hoidesk.exchange.trust.keys import UnitKeys, groups_of_four, receipt_digits
from hoidesk.places import resource

PAGE = resource("docs", "package-format.md")
TOOLS = ("unzip", "sha256sum", "age", "zstd", "jq", "xxd", "openssl")


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    found = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    vectors: dict[str, Any] = json.loads(found.group(1))
    return vectors


@pytest.fixture(scope="module")
def package(vectors: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vector") / "P05-2-1-31.hdk"
    path.write_bytes(base64.b64decode("".join(vectors["package"]["base64"])))
    return path


def keys_of(vectors: dict[str, Any], unit: str) -> UnitKeys:
    return UnitKeys(bytes.fromhex(vectors[unit]["seed"]), vectors[unit]["identity"])


def test_canonical_text(vectors: dict[str, Any]) -> None:
    assert canonical(vectors["canonical"]["value"]).decode() == vectors["canonical"]["text"]


@pytest.mark.parametrize("unit", ["district", "ward"])
def test_keys_and_digits(vectors: dict[str, Any], unit: str) -> None:
    vector, public = vectors[unit], keys_of(vectors, unit).public
    assert (public.sign.hex(), public.age) == (vector["sign"], vector["age"])
    assert public.fingerprint(vector["unit"]) == vector["fingerprint"]


def test_certificates(vectors: dict[str, Any]) -> None:
    district, ward = (read_certificate(vectors[u]["certificate"]) for u in ("district", "ward"))
    assert district.is_root and district.signed_by(district.keys) and ward.signed_by(district.keys)
    assert keys_of(vectors, "ward").open(ward.link) == bytes.fromhex(vectors["ward"]["link_secret"])


def test_paper_receipt_and_conflict(vectors: dict[str, Any]) -> None:
    receipt = vectors["paper_receipt"]
    secret = bytes.fromhex(vectors["ward"]["link_secret"])
    assert receipt_digits(secret, receipt["number"], receipt["id"], receipt["up_to"]) == receipt["digits"]
    one = vectors["conflict"]
    lost = Stamp(int(one["clock"], 16), one["replica"])
    assert conflict_id(one["table"], bytes.fromhex(one["record"]), one["column"], lost).hex() == one["id"]


def test_the_package_is_read_and_its_lines_written_again(vectors: dict[str, Any], package: Path) -> None:
    assert inspect_file(package).digits == vectors["package"]["digits"]
    district, ward = keys_of(vectors, "district"), read_certificate(vectors["ward"]["certificate"])
    pins = {"P05-2": Pin(ward.keys.sign, "P05-2", 1)}
    opened = open_here(package, Reader.of("P05", [district], pins))
    numbers = {inc: n for n, inc in enumerate(opened.manifest.incs)}
    lines: list[str] = []
    last: Section | None = None
    for section, row in opened.rows():
        assert isinstance(row, Row)
        if section is not last:
            lines.append(encode_section(section).decode())
            last = section
        lines.append(encode_row(row, numbers).decode())
    assert lines == vectors["lines"]


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS),
    reason=f"the recipe of the page needs {', '.join(TOOLS)}, which are not part of the project",
)
def test_the_recipe_of_the_page_opens_the_package(vectors: dict[str, Any], package: Path, tmp_path: Path) -> None:
    found = re.search(r"```\n(unzip .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    shutil.copy(package, tmp_path / package.name)
    (tmp_path / "key.txt").write_text(vectors["district"]["identity"] + "\n")
    done = subprocess.run(
        ["sh", "-ec", found.group(1)], cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "Verified Successfully" in done.stdout
    assert '["P05-2-03","2026-11-05",24]' in done.stdout
    content = (tmp_path / "content.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    assert content[1:] == vectors["lines"]


def test_the_page_names_the_caps_and_domains_of_the_program(vectors: dict[str, Any]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for domain in ("package", "certificate", "invitation", "request", "unit", "package-digits", "conflict"):
        assert f"hoidesk-{domain}-v1" in page
    assert (stream.MAX_MANIFEST, stream.MAX_LINE, stream.MAX_STRING) == (1 << 20, 16 << 20, 1 << 20)
    assert f"nesting {stream.MAX_NESTING}" in page and f"at most {stream.MAX_RATIO} times" in page
    assert len(groups_of_four(vectors["ward"]["fingerprint"]).split()) == 6
