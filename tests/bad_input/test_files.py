"""Bad input on the command line: one sentence, status 3, and the books as they were."""

from __future__ import annotations

import random
import unicodedata
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from hoidesk.cli import main
from tests.bad_input.scene import PASSWORD, Scene, flipped, truncated
from tests.vietnamese import PANGRAM, nfd

pytestmark = pytest.mark.threads


def _zip(**members: bytes) -> bytes:
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return memory.getvalue()


FOREIGN = {
    "nothing": b"",
    "text": "Kính gửi: Ban Thường trực\n".encode(),
    "old text": "KÝnh göi".encode("latin-1"),
    "zeros": bytes(4096),
    "picture": b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(2000),
    "zip": _zip(**{"a.txt": b"a"}),
    "zip in name only": b"PK\x03\x04" + random.Random(7).randbytes(3000),
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(900),
    "program": b"MZ" + random.Random(7).randbytes(3000),
    "old spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000),
    "JSON": b'{"format": 1, "slots": []}',
    "deep JSON": b"[" * 60_000,
    "PDF": b"%PDF-1.4\n%%EOF\n",
}

KIND = {
    "apply": "area.jsonl",
    "import": "associations.xlsx",
    "recover": "sheet.pdf",
    "restore": "ward.hoibackup",
    "enrol": "invitation.hdi",
    "certify": "request.hdi",
    "inspect": "to-cell.hdk",
    "receive": "to-cell.hdk",
}


def _command(scene: Scene, name: str, file: Path, tmp_path: Path) -> list[str | Path]:
    out = tmp_path / "out.hdi"
    commands: dict[str, list[str | Path]] = {
        "apply": ["apply", scene.ward, file],
        "import": ["import", scene.ward, file],
        "recover": ["recover", scene.ward, "--sheet", file, "--user", "Mai"],
        "restore": ["restore", file, "--to", tmp_path / "again.hoibook"],
        "enrol": ["enrol", scene.cell, "--invitation", file, "--out", out],
        "certify": ["certify", scene.district, "--request", file, "--digits", "1234 5678", "--out", out],
        "inspect": ["inspect", file],
        "receive": ["receive", scene.cell, file],
    }
    return commands[name]


def _nothing_made(tmp_path: Path, kept: Path) -> None:
    assert list(tmp_path.iterdir()) == [kept], "a refused command left something behind"


@pytest.mark.parametrize("command", KIND)
@pytest.mark.parametrize("foreign", FOREIGN)
def test_foreign_files(scene: Scene, refused: Callable[..., str], tmp_path: Path, command: str, foreign: str) -> None:
    """Files of another kind under the name that the command expects."""
    file = tmp_path / KIND[command]
    file.write_bytes(FOREIGN[foreign])
    refused(*_command(scene, command, file, tmp_path))
    _nothing_made(tmp_path, file)


@pytest.mark.parametrize("command", KIND)
def test_renamed_files(scene: Scene, refused: Callable[..., str], tmp_path: Path, command: str) -> None:
    """Every other file of the program, renamed to what the command expects."""
    for kind, path in scene.files.items():
        if kind == KIND[command] or (command in ("inspect", "receive") and kind.endswith(("hdk", "hdi"))):
            continue
        file = tmp_path / KIND[command]
        file.write_bytes(path.read_bytes())
        refused(*_command(scene, command, file, tmp_path))
        _nothing_made(tmp_path, file)


@pytest.mark.parametrize("command", sorted(set(KIND) - {"apply"}))
def test_truncated_files(scene: Scene, refused: Callable[..., str], tmp_path: Path, command: str) -> None:
    file = tmp_path / KIND[command]
    for cut in (truncated, lambda data: data[:-1], lambda data: data[:100]):
        if command == "recover" and cut is not truncated:
            continue  # the digits of the sheet may still be whole
        file.write_bytes(cut(scene.files[KIND[command]].read_bytes()))
        refused(*_command(scene, command, file, tmp_path))
        _nothing_made(tmp_path, file)


@pytest.mark.parametrize("command", ["restore", "enrol", "certify", "inspect", "receive"])
@pytest.mark.parametrize("place", [0.0, 0.1, 0.37, 0.5, 0.82, 0.999])
def test_one_flipped_bit(scene: Scene, refused: Callable[..., str], tmp_path: Path, command: str, place: float) -> None:
    file = tmp_path / KIND[command]
    file.write_bytes(flipped(place)(scene.files[KIND[command]].read_bytes()))
    refused(*_command(scene, command, file, tmp_path))
    _nothing_made(tmp_path, file)


@pytest.mark.parametrize("place", [0.0, 0.1, 0.37, 0.5, 0.82, 0.999])
@pytest.mark.parametrize("command", ["import", "recover"])
def test_a_flipped_bit_that_may_be_harmless(
    scene: Scene,
    refused: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    place: float,
) -> None:
    """A spreadsheet and a PDF hold bytes that mean nothing: then the file is read as if it were whole."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    file = tmp_path / KIND[command]
    file.write_bytes(flipped(place)(scene.files[KIND[command]].read_bytes()))
    arguments = _command(scene, command, file, tmp_path)
    arguments += ["--dry-run"] if command == "import" else []
    before = scene.dump(scene.ward)
    if main([str(a) for a in arguments]) != 0:
        refused(*arguments)
    assert scene.dump(scene.ward) == before
    _nothing_made(tmp_path, file)


@pytest.mark.parametrize("command", KIND)
def test_no_file_at_all(scene: Scene, refused: Callable[..., str], tmp_path: Path, command: str) -> None:
    missing = tmp_path / "không có.hdk"
    refused(*_command(scene, command, missing, tmp_path))
    folder = tmp_path / "thư mục.hdk"
    folder.mkdir()
    if command != "receive":  # which takes folders
        refused(*_command(scene, command, folder, tmp_path))


def test_a_package_for_somebody_else(scene: Scene, refused: Callable[..., str]) -> None:
    sentence = refused("receive", scene.cell, scene.files["to-district.hdk"])
    assert "P05" in sentence
    refused("receive", scene.district, scene.files["to-cell.hdk"])
    refused("inspect", scene.files["to-district.hdk"], "--book", scene.cell)


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_book_that_is_none(refused: Callable[..., str], tmp_path: Path, foreign: str) -> None:
    file = tmp_path / "ward.hoibook"
    file.write_bytes(FOREIGN[foreign])
    refused("list", file, "areas")
    folder = tmp_path / "other.hoibook"
    folder.mkdir()
    refused("list", folder, "areas")
    (folder / "book.db").write_bytes(FOREIGN[foreign])
    refused("list", folder, "areas")
    (folder / "keys.json").write_bytes(FOREIGN[foreign])
    for command in (["list", folder, "areas"], ["apply", folder, file], ["check", folder], ["undo", folder]):
        refused(*command)


@pytest.mark.parametrize("form", [nfd, lambda text: unicodedata.normalize("NFC", text)])
def test_a_password_in_either_normal_form(
    scene: Scene,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    form: Callable[[str], str],
) -> None:
    made, asked = tmp_path / "made.txt", tmp_path / "asked.txt"
    made.write_text(PANGRAM, encoding="utf-8")
    asked.write_text(form(PANGRAM) + "\r\n", encoding="utf-8")
    book = tmp_path / "x.hoibook"
    new = ["new", book, "--tier", "cell", "--code", "P05-2-04", "--name", nfd("Khu phố Đường Láng")]
    assert main([str(a) for a in (*new, "--password-file", made)]) == 0
    assert main([str(a) for a in ("list", book, "areas", "--password-file", asked)]) == 0
    monkeypatch.setenv("HOIDESK_PASSWORD", form(PASSWORD))
    assert main(["list", str(scene.ward), "areas"]) == 0
    monkeypatch.setenv("HOIDESK_PASSWORD", form(PASSWORD) + "x")
    capsys.readouterr()
    assert main(["list", str(scene.ward), "areas"]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe\x00", b"sai m\xe1\xba\xadt kh\xe1\xba\xa9u\n", random.Random(5).randbytes(5000)],
    ids=["empty", "UTF-16", "wrong", "noise"],
)
def test_a_password_file_that_is_none(scene: Scene, refused: Callable[..., str], tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "password.txt"
    file.write_bytes(data)
    refused("list", scene.ward, "areas", "--password-file", file)
    refused("apply", scene.ward, scene.files["area.jsonl"], "--password-file", file)
    refused("list", scene.ward, "areas", "--password-file", tmp_path / "none.txt")


def test_a_folder_with_all_kinds_of_files(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stick as it comes: receiving passes over what is no package, says a sentence of each other, and goes on."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    stick = tmp_path / "USB"
    stick.mkdir()
    for name, data in FOREIGN.items():
        (stick / f"{name}.hdk").write_bytes(data)
        (stick / name).write_bytes(data)
    (stick / "to-district.hdk").write_bytes(scene.files["to-district.hdk"].read_bytes())
    (stick / "half.hdk").write_bytes(truncated(scene.files["to-cell.hdk"].read_bytes()))
    before = scene.dump(scene.cell)
    assert main(["receive", str(scene.cell), str(stick)]) == 3
    shown = capsys.readouterr()
    (damaged,) = shown.err.strip().splitlines()
    assert damaged.startswith("half.hdk")
    (other,) = shown.out.strip().splitlines()
    assert other.startswith("to-district.hdk") and "P05" in other
    assert scene.dump(scene.cell) == before
