"""Merging, taking apart and erasing from the command line, as scripts and support do it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from hoidesk.associations.operations import SavePost
from hoidesk.cli import main

from .books import PASSWORD, WARD, meet, new_book, register


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ward's book in which a meeting was typed twice."""
    monkeypatch.setenv("HOIDESK_PASSWORD", PASSWORD)
    with new_book(tmp_path, WARD) as book:
        _area, association, branch = register(book)
        meet(book, branch)
        meet(book, branch)
        book.run(SavePost(association_id=association, title="Chủ tịch", holder="Lê Thị Hồng Gấm"))
        return book.folder


def listed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    assert main([*map(str, arguments), "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def apply(folder: Path, monkeypatch: pytest.MonkeyPatch, **operation: str) -> int:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(operation).encode()), "utf-8"))
    return main(["apply", str(folder), "-"])


def test_a_proposal_is_merged_and_taken_apart(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proposals = listed(capsys, "duplicates", folder)
    assert [(p["table"], p["reason"], p["state"]) for p in proposals] == [
        ("meeting", "day", "proposed"),
        ("petition", "text", "proposed"),
    ]
    one, other = proposals[0]["one"], proposals[0]["other"]
    assert proposals[0]["title"].startswith("05/11/2026") and proposals[0]["alias"] is None
    assert apply(folder, monkeypatch, op="duplicate.merge", table="meeting", duplicate=other, kept=one) == 0
    capsys.readouterr()
    assert [row["id"] for row in listed(capsys, "list", folder, "meetings")] == [one]
    figures = ("figures", folder, "--from", "2026-01-01", "--to", "2026-12-31", "--id", "meetings_held")
    assert [row["value"] for row in listed(capsys, *figures)] == [1]
    (decided,) = listed(capsys, "duplicates", folder, "--settled")
    assert decided["state"] == "merged"
    assert apply(folder, monkeypatch, op="duplicate.split", id=decided["alias"]) == 0
    capsys.readouterr()
    assert len(listed(capsys, "list", folder, "meetings")) == 2
    assert listed(capsys, "duplicates", folder, "--settled") == []


def test_personal_data_are_erased_by_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (post,) = listed(capsys, "list", folder, "posts")
    assert post["holder"] == "Lê Thị Hồng Gấm"
    assert apply(folder, monkeypatch, op="personal.erase", table="post", id=post["id"], reason=" ") == 3
    assert apply(folder, monkeypatch, op="personal.erase", table="post", id=post["id"], reason="Theo đề nghị") == 0
    capsys.readouterr()
    (post,) = listed(capsys, "list", folder, "posts")
    assert (post["title"], post["holder"]) == ("Chủ tịch", None)
    assert main(["undo", str(folder)]) == 0
    capsys.readouterr()
    assert [row["holder"] for row in listed(capsys, "list", folder, "posts")] in ([None], [])
