"""Bad arguments on the command line: one sentence, status 3, and the books as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hoidesk.cli import main
from tests.bad_input.scene import PASSWORD, Scene

pytestmark = pytest.mark.threads


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "areas", "--as-of", "31/02/2026"),
        ("list", "areas", "--as-of", "hôm qua"),
        ("list", "areas", "--today", "2026/11/12"),
        ("figures", "--from", "31/02/2026", "--to", "30/6/2026"),
        ("figures", "--from", "1/1/2026", "--to", "31/6/2026"),
        ("figures", "--from", "30/6/2026", "--to", "1/1/2026"),
        ("figures", "--from", "1/1/2026", "--to", "30/6/2026", "--id", "không có"),
        ("export", "--for", "P99", "--to", "."),
        ("invite", "--unit", "../P05", "--out", "x.hdi"),
        ("ack", "12345"),
        ("ack", "không phải số"),
        ("undo", "--user", "không có ai"),
    ],
)
def test_arguments(
    scene: Scene,
    refused: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    sentence = refused(arguments[0], scene.ward, *arguments[1:])
    if "31/02/2026" in arguments:
        assert "31/02/2026" in sentence and "28" in sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "sổ", "areas", "--limit", "ba"), "--limit: ba không phải số nguyên"),
        (("list", "sổ", "areas", "--json=1"), "tham số này không nhận giá trị '1'"),
        (("list", "sổ", "areas", "--as-of"), "cần một giá trị"),
        (("undo", "sổ", "--re", "--us", "a", "--p"), "cần một giá trị"),
        (("receive", "sổ"), "còn thiếu tham số: TỆP"),
        (("report", "sổ", "half-year", "--o", "a.pdf", "--r", "6T", "--t", "1/1"), "chưa rõ, có thể là --today, --to"),
        (("user", "sổ", "đổi", "tên"), "không có lựa chọn 'đổi'"),
    ],
)
def test_wrong_use_is_told_in_the_language_of_the_user(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


_REPORT = ("--from", "1/1/2026", "--to", "30/6/2026", "--out")


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "{ward}", "--tier", "ward", "--code", "P05-2", "--name", "Phường"),
        ("new", "{tmp}/a.hoibook", "--tier", "ward", "--code", "../P05", "--name", "Phường"),
        ("new", "{tmp}/a.hoibook", "--tier", "ward", "--code", "P05-2", "--name", " \u200b "),
        ("new", "{ward}/book.db/a.hoibook", "--tier", "ward", "--code", "P05-2", "--name", "Phường"),
        ("restore", "{backup}", "--to", "{ward}"),
        ("salvage", "{ward}", "--to", "{cell}"),
        ("backup", "{ward}", "--to", "{ward}/book.db"),
        ("export", "{ward}", "--to", "{tmp}/none", "--for", "P05-2-03"),
        ("export", "{ward}", "--to", "{ward}/keys.json", "--for", "P05-2-03"),
        ("sheet", "{ward}", "--out", "{tmp}/none/sheet.pdf"),
        ("sheet", "{ward}", "--out", "{ward}"),
        ("sheet", "{ward}", "--out", "{ward}/book.db/sheet.pdf"),
        ("invite", "{ward}", "--unit", "P05-2-08", "--out", "{ward}/book.db/invite.hdi"),
        ("report", "{ward}", "half-year", *_REPORT, "{ward}/book.db/report.docx"),
        ("restore", "{backup}", "--to", "{ward}/book.db/a.hoibook"),
        ("invite", "{ward}", "--unit", "P05-2-08", "--out", "{tmp}/none/invite.hdi"),
        ("invite", "{ward}", "--unit", "P99", "--out", "{tmp}/invite.hdi"),
        ("invite", "{ward}", "--unit", "P05", "--out", "{tmp}/invite.hdi"),
        ("rekey", "{ward}"),
        ("rekey", "{ward}", "--out", "{ward}/book.db/request.hdr"),
        ("rekey", "{ward}", "--out", "{tmp}/none/request.hdr"),
        ("rekey", "{ward}", "--again", "--out", "{tmp}/request.hdr"),
        ("enrol", "{district}", "--invitation", "{invitation}", "--out", "{tmp}/request.hdi"),
        ("certify", "{ward}", "--request", "{request}", "--digits", "0000 0000", "--out", "{tmp}/certificate.hdi"),
        ("report", "{ward}", "half-year", *_REPORT, "{tmp}/report.txt"),
        ("report", "{ward}", "half-year", *_REPORT, "{tmp}/report"),
        ("report", "{ward}", "half-year", *_REPORT, "{tmp}/none/report.pdf"),
        ("report", "{ward}", "half-year", *_REPORT, "{ward}"),
        ("report", "{ward}", "không có", *_REPORT, "{tmp}/report.pdf"),
        ("report", "{ward}", "half-year", "--round", "không có", "--out", "{tmp}/report.pdf"),
        ("report", "{ward}", "half-year", "--from", "31/02/2026", "--to", "30/6/2026", "--out", "{tmp}/report.pdf"),
        ("user", "{ward}", "remove", "không có ai"),
        ("user", "{district}", "remove", "Bích"),
        ("user", "{district}", "add", "Bích", "--new-password-file", "{password}"),
        ("user", "{ward}", "add", "Mai", "--new-password-file", "{tmp}/none.txt"),
        ("receive", "{cell}", "{tmp}/none"),
        ("list", "{tmp}/none.hoibook", "areas"),
        ("undo", "{district}", "--redo"),
    ],
)
def test_places_and_names(
    scene: Scene, refused: Callable[..., str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Outputs that cannot be written, books that exist or do not, units and users that are none."""
    places = {
        "tmp": tmp_path,
        "ward": scene.ward,
        "cell": scene.cell,
        "district": scene.district,
        "backup": scene.files["ward.hoibackup"],
        "invitation": scene.files["invitation.hdi"],
        "request": scene.files["request.hdi"],
        "password": scene.files["password.txt"],
    }
    refused(*(argument.format(**places) for argument in arguments))
    assert list(tmp_path.iterdir()) == []
    assert {scene.dump(book) for book in (scene.ward, scene.cell)}  # both still open


@pytest.mark.parametrize(
    "odd", ["a\udc80b", "ố" * 5000, "'; DROP TABLE area;-- {0} %s %(x)s"], ids=["bytes", "long", "code"]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "{ward}", "areas", "--search", "{odd}"),
        ("list", "{ward}", "areas", "--as-of", "{odd}"),
        ("list", "{ward}", "areas", "--user", "{odd}"),
        ("list", "{ward}", "areas", "--today", "{odd}"),
        ("figures", "{ward}", "--from", "1/1/2026", "--to", "30/6/2026", "--id", "{odd}"),
        ("export", "{ward}", "--to", "{tmp}", "--for", "{odd}"),
        ("invite", "{ward}", "--unit", "{odd}", "--out", "{tmp}/invite.hdi"),
        ("report", "{ward}", "half-year", "--round", "{odd}", "--out", "{tmp}/report.pdf"),
        ("report", "{ward}", "{odd}", *_REPORT, "{tmp}/report.pdf"),
        ("user", "{ward}", "remove", "{odd}"),
        ("new", "{tmp}/a.hoibook", "--tier", "cell", "--code", "{odd}", "--name", "x"),
        ("ack", "{ward}", "{odd}"),
        ("inspect", "{tmp}/{odd}.hdk"),
        ("import", "{ward}", "{tmp}/{odd}.xlsx"),
        ("apply", "{ward}", "{tmp}/{odd}.jsonl"),
        ("restore", "{tmp}/{odd}", "--to", "{tmp}/b.hoibook"),
        ("sheet", "{ward}", "--out", "{tmp}/none/{odd}"),
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[-2:]),
)
def test_odd_characters_in_arguments(
    scene: Scene,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    odd: str,
) -> None:
    """Bytes that are no text, endless words and look-alike commands: a sentence, or an empty list."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    given = [a.format(ward=scene.ward, tmp=tmp_path, odd=odd) for a in arguments]
    before = scene.dump(scene.ward)
    status = main(given)
    said = capsys.readouterr().err.strip()
    assert status == 3 or (status == 0 and "--search" in arguments)
    assert status == 0 or len(said.splitlines()) == 1
    assert scene.dump(scene.ward) == before
    assert list(tmp_path.iterdir()) == []
