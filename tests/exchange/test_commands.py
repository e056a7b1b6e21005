"""The commands, from enrolment to the acknowledged package, as scripts use them."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from hoidesk.book.dump import dump_sum
from hoidesk.book.folder import open_book
from hoidesk.cli import main
from hoidesk.exchange.receive import receive

from .books import CELL, PASSWORD, WARD, new_book, register

pytestmark = pytest.mark.threads


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOIDESK_PASSWORD", unicodedata.normalize("NFD", PASSWORD))
    with new_book(tmp_path, WARD) as book:
        register(book)
        return book.folder


@pytest.fixture
def cell(tmp_path: Path) -> Path:
    with new_book(tmp_path, CELL) as book:
        return book.folder


def run(*arguments: str | Path) -> int:
    return main([str(a) for a in arguments])


def enrolled(ward: Path, cell: Path, stick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stick.mkdir()
    assert run("invite", ward, "--unit", "P05-2-03", "--out", stick / "mời.hdi") == 0
    assert run("enrol", cell, "--invitation", stick / "mời.hdi", "--out", stick / "xin.hdi") == 0
    shown = capsys.readouterr().out
    assert run("identity", cell, "--json") == 0
    digits = json.loads(capsys.readouterr().out)["digits"]
    assert digits in shown
    two = " ".join(digits.split()[2:4])
    assert run("certify", ward, "--request", stick / "xin.hdi", "--digits", two, "--out", stick / "chứng.hdi") == 0
    (stick / "mời.hdi").unlink()
    (stick / "xin.hdi").unlink()
    capsys.readouterr()


def test_from_enrolment_to_the_receipt(
    ward: Path, cell: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "USB"
    enrolled(ward, cell, stick, capsys)
    assert run("export", ward, "--to", stick, "--for", "P05-2-03", "--json") == 0
    sent = json.loads(capsys.readouterr().out)
    assert (sent["rows"], sent["number"], sent["kind"]) == (3, 1, "full")
    assert run("receive", cell, stick, "--json") == 0
    results = json.loads(capsys.readouterr().out)
    assert [(r["state"], r["unit"]) for r in results] == [("certificate", "P05-2"), ("merged", "P05-2")]
    assert results[1]["new"] == 3
    assert run("receive", ward, stick, "--json") == 0
    results = json.loads(capsys.readouterr().out)
    assert {r["state"] for r in results if r["unit"] != "P05-2-03"} == {"other"}  # the ward's own files
    assert [(r["state"], r["acknowledged"]) for r in results if r["unit"] == "P05-2-03"] == [("merged", "1")]
    assert run("receive", ward, stick / "P05-2-1-1.hdk") == 3  # named on purpose: that is a mistake to be told


def test_a_receipt_is_not_left_beside_a_file_that_was_refused(
    ward: Path, cell: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick, elsewhere = tmp_path / "USB", tmp_path / "chỗ khác"
    enrolled(ward, cell, stick, capsys)
    assert run("export", ward, "--to", stick, "--for", "P05-2-03") == 0
    with open_book(cell, user=None, password=PASSWORD) as book:
        receive(book, [stick])  # merged, and no receipt written yet
    elsewhere.mkdir()
    (elsewhere / "thư.hdk").write_bytes(b"not a package")
    for wrong in (elsewhere / "thư.hdk", elsewhere / "không có.hdk"):
        assert run("receive", cell, wrong) == 3
        assert [path.name for path in elsewhere.iterdir()] == ["thư.hdk"]
    assert run("receive", cell, stick) == 0
    assert len(list(stick.glob("P05-2-03-*.hdk"))) == 1


def test_the_paper_receipt_moves_the_mark(
    ward: Path, cell: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from hoidesk.exchange.paper_receipt import paper_receipt

    stick = tmp_path / "USB"
    enrolled(ward, cell, stick, capsys)
    assert run("export", ward, "--to", stick, "--for", "P05-2-03") == 0
    assert run("receive", cell, stick) == 0
    with open_book(cell, password=PASSWORD) as book:
        digits = paper_receipt(book, "P05-2")
    wrong = f"{(int(digits) + 1) % 10**10:010d}"
    assert run("ack", ward, wrong) == 3
    assert run("ack", ward, "12345") == 3
    assert run("ack", ward, digits[:5], digits[5:]) == 0
    assert run("ack", ward, digits) == 3  # nothing waits any more
    for _attempt in range(5):
        assert run("ack", ward, wrong) == 3
    capsys.readouterr()
    assert run("ack", ward, wrong) == 3
    assert "USB" in capsys.readouterr().err


def test_inspect_without_and_with_a_book(
    ward: Path, cell: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "USB"
    enrolled(ward, cell, stick, capsys)
    assert run("receive", cell, stick) == 0
    assert run("export", ward, "--to", stick, "--for", "P05-2-03") == 0
    package = stick / "P05-2-1-1.hdk"
    capsys.readouterr()
    assert run("inspect", package, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["whole"], shown["claims_from"], shown["to"], shown["number"]) == (True, "P05-2", "P05-2-03", 1)
    assert "from_proven" not in shown
    assert run("inspect", package, "--book", cell, "--json") == 0
    proven = json.loads(capsys.readouterr().out)
    assert (proven["from_proven"], proven["new"]) == ("P05-2", 3)
    whole = package.read_bytes()
    for bad in (b"", whole[:-1], whole + b"\x00", b"PK" * 50):
        package.write_bytes(bad)
        capsys.readouterr()
        assert run("inspect", package) == 3
        printed = capsys.readouterr()
        assert printed.out == "" and len(printed.err.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["receive", "enrol", "certify"])
def test_foreign_files_are_refused_with_one_sentence_and_the_book_is_the_same(
    ward: Path, cell: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    enrolled(ward, cell, tmp_path / "USB", capsys)
    out = tmp_path / "out"
    arguments: dict[str, list[str | Path]] = {
        "receive": [],
        "enrol": ["--out", out, "--invitation"],
        "certify": ["--out", out, "--digits", "1234 5678", "--request"],
    }
    with open_book(ward, password=PASSWORD, writer=False) as book, book.read() as connection:
        before = dump_sum(connection)
    contents = [
        b"",
        b"\x00" * 100,
        b"{}",
        b"x" * 20_000,
        "Biên bản".encode(),
        b"age-encryption.org/v1\n",
        b"PK\x03\x04",
    ]
    for number, content in enumerate(contents):
        path = tmp_path / f"tệp lạ {number}"
        path.write_bytes(content)
        capsys.readouterr()
        assert run(command, ward, *arguments[command], path) == 3, content
        printed = capsys.readouterr()
        assert len(printed.err.strip().splitlines()) == 1 and not out.exists()
    assert run(command, ward, *arguments[command], tmp_path / "không có") == 3
    with open_book(ward, password=PASSWORD, writer=False) as book, book.read() as connection:
        assert dump_sum(connection) == before


def test_the_secret_key_is_shown_on_purpose_and_on_the_record(
    ward: Path, cell: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("identity", ward) == 3  # no keys yet
    enrolled(ward, cell, tmp_path / "USB", capsys)
    assert run("identity", ward) == 0
    assert "AGE-SECRET-KEY" not in capsys.readouterr().out
    assert run("identity", ward, "--reveal") == 0
    assert "AGE-SECRET-KEY" in capsys.readouterr().out
    with open_book(ward, password=PASSWORD, writer=False) as book, book.read() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM op ORDER BY id DESC LIMIT 1").scalar()
    assert kinds == "reveal"
