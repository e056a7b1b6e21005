"""The commands of enrolment as scripts use them: new keys after a theft, and another PC of a unit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoidesk.book.folder import open_book
from hoidesk.cli import main

from .books import CELL, DISTRICT, PASSWORD, WARD, count, new_book, register

pytestmark = pytest.mark.threads


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Folders of a district, a ward with records, its second PC, and a cell."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    found = {}
    for name, unit in (("district", DISTRICT), ("ward", WARD), ("second", WARD), ("cell", CELL)):
        with new_book(tmp_path, unit, name) as book:
            if name == "ward":
                register(book)
            found[name] = book.folder
    (tmp_path / "USB").mkdir()
    return found


def run(*arguments: str | Path) -> int:
    return main([str(a) for a in arguments])


def join(books: dict[str, Path], above: str, below: str, code: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Enrol by commands; gives what ``enrol`` printed."""
    usb = books["ward"].parent / "USB"
    assert run("invite", books[above], "--unit", code, "--out", usb / "a.hdi") == 0
    capsys.readouterr()
    assert run("enrol", books[below], "--invitation", usb / "a.hdi", "--out", usb / "b.hdr") == 0
    shown = capsys.readouterr().out
    two = " ".join(shown.split(": ")[1].split()[:2])
    assert run("certify", books[above], "--request", usb / "b.hdr", "--digits", two, "--out", usb / "c.hdc") == 0
    assert run("receive", books[below], usb / "c.hdc") == 0
    for name in ("a.hdi", "b.hdr", "c.hdc"):
        (usb / name).unlink()
    return shown


def serial(book: Path, capsys: pytest.CaptureFixture[str]) -> int:
    capsys.readouterr()
    assert run("identity", book, "--json") == 0
    return int(json.loads(capsys.readouterr().out)["serial"])


def test_a_ward_makes_new_keys_by_commands(books: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    usb = books["ward"].parent / "USB"
    assert run("rekey", books["ward"], "--out", usb / "x.hdr") == 3
    assert not (usb / "x.hdr").exists() and capsys.readouterr().err.count("\n") == 1
    join(books, "district", "ward", WARD[1], capsys)
    assert run("rekey", books["ward"]) == 3
    assert "--out" in capsys.readouterr().err
    assert run("rekey", books["ward"], "--again", "--out", usb / "x.hdr") == 3
    capsys.readouterr()
    assert run("rekey", books["ward"], "--out", usb / "x.hdr") == 0
    shown = capsys.readouterr().out
    assert run("rekey", books["ward"], "--again", "--out", usb / "x.hdr") == 0
    assert shown == capsys.readouterr().out
    two = " ".join(shown.splitlines()[0].split(": ")[1].split()[4:6])
    assert (
        run("certify", books["district"], "--request", usb / "x.hdr", "--digits", "0000 0000", "--out", usb / "y") == 3
    )
    assert run("certify", books["district"], "--request", usb / "x.hdr", "--digits", two, "--out", usb / "y.hdc") == 0
    assert run("receive", books["ward"], usb / "y.hdc") == 0
    assert serial(books["ward"], capsys) == 2
    assert run("export", books["ward"], "--to", usb) == 0
    assert run("receive", books["district"], usb) == 0


def test_a_district_without_a_superior_says_plainly_what_follows(
    books: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    usb = books["ward"].parent / "USB"
    join(books, "district", "ward", WARD[1], capsys)
    capsys.readouterr()
    assert run("rekey", books["district"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 3 and WARD[2] in shown[2]
    two = " ".join(shown[0].split(": ")[1].split()[2:4])
    assert run("invite", books["district"], "--unit", WARD[1], "--out", usb / "a.hdi") == 0
    answer: list[str | Path] = ["enrol", books["ward"], "--invitation", usb / "a.hdi", "--out", usb / "b.hdr"]
    capsys.readouterr()
    assert run(*answer) == 3
    assert DISTRICT[2] in capsys.readouterr().err
    assert run(*answer, "--digits", "1234 5678") == 3 and not (usb / "b.hdr").exists()
    assert run(*answer, "--digits", two) == 0


def test_a_second_pc_by_commands(books: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    usb = books["ward"].parent / "USB"
    shown = join(books, "ward", "second", WARD[1], capsys)
    assert shown.count("\n") == 2
    assert run("rekey", books["second"], "--out", usb / "x.hdr") == 3
    assert run("export", books["ward"], "--to", usb, "--for", WARD[1]) == 0
    assert run("receive", books["second"], usb) == 0
    with open_book(books["second"], password=PASSWORD) as book:
        assert count(book, "branch") == 1
    assert serial(books["second"], capsys) == serial(books["ward"], capsys)
    assert run("invite", books["second"], "--unit", "P05-9", "--out", usb / "a.hdi") == 3
    join(books, "second", "cell", CELL[1], capsys)
