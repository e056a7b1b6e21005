"""A full disk: one sentence, status 3, the book as it was, nothing half-written, and on with the work afterwards.

As root a small file system in memory is filled up. Where that is not allowed, the same commands run in a process whose
files may not grow, which is the nearest thing an ordinary user can have.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from hoidesk.cli import main
from tests.bad_input.scene import PASSWORD, Scene

pytestmark = [
    pytest.mark.threads,
    pytest.mark.skipif(os.name == "nt", reason="Windows has neither small file systems nor limits for a test to set"),
]

_KIB: Final = 1024
_SIZE: Final = 8 * 1024 * _KIB
_LIMITED: Final = (
    "import resource, sys; from hoidesk.cli import main; "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); sys.exit(main(sys.argv[1:]))"
)


class SmallDisk:
    """A small file system at ``folder``, or an ordinary folder where none can be mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
        self.real = (
            shutil.which("mount") is not None
            and not subprocess.run(["mount", *options], capture_output=True, check=False).returncode
        )

    def fill(self, left: int) -> None:
        """Leave about ``left`` bytes free."""
        if self.real:
            free = shutil.disk_usage(self.folder).free
            (self.folder / "photos.zip").write_bytes(bytes(max(0, free - left)))

    def empty(self) -> None:
        """Make room again."""
        (self.folder / "photos.zip").unlink(missing_ok=True)

    def run(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
        """Run a command while the disk is full; its status and what it says on standard error."""
        capsys.readouterr()
        if self.real:
            return main(arguments), capsys.readouterr().err
        done = subprocess.run([sys.executable, "-c", _LIMITED, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def close(self) -> None:
        """Take the file system away, also while some other program of the PC looks into it."""
        if self.real:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path / "disk")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)


def _quarters(folder: Path, count: int) -> Path:
    file = folder / "quarters.jsonl"
    lines = (
        {"op": "area.save", "code": f"P05-2-{n:04}", "name": f"Khu phố {n}", "remark": "Đường phố sạch đẹp. " * 100}
        for n in range(count)
    )
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return file


@pytest.mark.parametrize("left", [0, 60 * _KIB, 600 * _KIB])
def test_the_disk_of_the_book(
    scene: Scene, disk: SmallDisk, tmp_path: Path, capsys: pytest.CaptureFixture[str], left: int
) -> None:
    book = disk.folder / "ward.hoibook"
    shutil.copytree(scene.ward, book)
    before = scene.dump(book)
    many = ["apply", str(book), str(_quarters(tmp_path, 600)), "--atomic"]
    disk.fill(left)
    status, sentence = disk.run(many, capsys)
    assert status == 3
    assert len(sentence.strip().splitlines()) == 1 and sentence.strip().endswith("."), sentence
    assert "Error" not in sentence
    disk.empty()
    assert scene.dump(book) == before
    # The program goes on.
    assert main(["check", str(book)]) == 0
    assert main(many) == 0
    assert scene.dump(book)[1] == before[1] + 600


_TO_THE_DISK: Final[dict[str, Callable[[Scene, Path], list[str | Path]]]] = {
    "export": lambda scene, disk: ["export", scene.ward, "--to", disk],
    "backup": lambda scene, disk: ["backup", scene.ward, "--to", disk / "copies"],
    "sheet": lambda scene, disk: ["sheet", scene.ward, "--out", disk / "sheet.pdf"],
    "invite": lambda scene, disk: ["invite", scene.ward, "--unit", "P05-2-08", "--out", disk / "invite.hdi"],
    "restore": lambda scene, disk: ["restore", scene.files["ward.hoibackup"], "--to", disk / "again.hoibook"],
    "salvage": lambda scene, disk: ["salvage", scene.ward, "--to", disk / "saved.hoibook"],
    "new": lambda scene, disk: [
        *("new", disk / "new.hoibook", "--tier", "cell"),
        *("--code", "P05-2-07", "--name", "Khu phố 7"),
    ],
    "report pdf": lambda scene, disk: _report(scene, disk / "report.pdf"),
    "report docx": lambda scene, disk: _report(scene, disk / "report.docx"),
}


def _report(scene: Scene, out: Path) -> list[str | Path]:
    return ["report", scene.ward, "half-year", "--from", "1/1/2026", "--to", "30/6/2026", "--out", out]


@pytest.mark.parametrize("command", _TO_THE_DISK)
def test_the_disk_that_is_written_to(
    scene: Scene, disk: SmallDisk, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    before = scene.dump(scene.ward)
    disk.fill(0)
    arguments = [str(a) for a in _TO_THE_DISK[command](scene, disk.folder)]
    status, sentence = disk.run(arguments, capsys)
    assert status == 3, sentence
    assert len(sentence.strip().splitlines()) == 1 and sentence.strip().endswith("."), sentence
    assert "Error" not in sentence
    left = [path for path in disk.folder.rglob("*") if path.name != "photos.zip" and path.is_file()]
    assert left == [], "a refused command left something behind"
    assert scene.dump(scene.ward) == before
    disk.empty()
    if command != "export":  # which may wait for a receipt first
        assert main(arguments) == 0
