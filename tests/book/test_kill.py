"""A program that is killed while it writes loses nothing that it had acknowledged."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from hoidesk.book.book import Book
from hoidesk.book.check import check_book
from hoidesk.book.folder import open_book
from tests.book.books import PASSWORD

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX systems")
@pytest.mark.parametrize("acknowledged", [1, 2, 5, 9, 17])
def test_killed_after_some_acknowledged_writes(
    book: Book, ids: dict[str, UUID], tmp_path: Path, acknowledged: int
) -> None:
    lines = [
        json.dumps(
            {
                "op": "meeting.record",
                "meeting": {"branch_id": str(ids["branch"]), "held_on": f"{day % 28 + 1}/6/2026", "invited": day},
                "items": [{"text": f"Nội dung {day}"}],
                "petitions": [{"text": f"Kiến nghị {day}"}],
            }
        )
        for day in range(400)
    ]
    operations = tmp_path / "operations.jsonl"
    operations.write_text("\n".join(lines), encoding="utf-8")
    folder = book.folder
    book.close()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "hoidesk", "apply", str(folder), str(operations)],
        env=os.environ | {"HOIDESK_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline())["result"] for _n in range(acknowledged)]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    told += [json.loads(line)["result"] for line in rest.splitlines() if line.endswith("}")]
    with open_book(folder, password=PASSWORD) as again, again.read() as connection:
        assert check_book(connection) == []
        kept = {UUID(bytes=i) for i in connection.execute(text("SELECT id FROM meeting")).scalars()}
        assert {UUID(i) for i in told} <= kept
        # Never half a meeting: each has its one item and its one petition.
        for child in ("agenda_item", "petition"):
            counts = connection.execute(text(f"SELECT meeting_id, count(*) FROM {child} GROUP BY meeting_id")).all()
            assert len(counts) == len(kept) and all(n == 1 for _id, n in counts)
