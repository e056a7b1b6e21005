"""A plain program that lists meetings: it opens the book with the same slot, through sqlmodel, and prints the page.

What somebody would write who knows the file and needs nothing else. Arguments: folder of the book, number of rows
(0 for all). The password is in HOIDESK_PASSWORD.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import sqlcipher3
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from sqlalchemy import create_engine, func
from sqlmodel import Field, Session, SQLModel, col, select


class Meeting(SQLModel, table=True):
    id: bytes = Field(primary_key=True)
    voided: str | None
    branch_id: bytes | None
    kind: str
    held_on: date
    invited: int | None
    present: int | None
    excused: int | None
    topic: str | None
    no_petition: bool
    source_channel: str
    entered_on_behalf: bool


class Title(SQLModel, table=True):
    __tablename__ = "search_text"
    rowid: int = Field(primary_key=True)
    tbl: int
    id: bytes
    title: str


class AgendaItem(SQLModel, table=True):
    __tablename__ = "agenda_item"
    id: bytes = Field(primary_key=True)
    voided: str | None
    meeting_id: bytes


class Petition(SQLModel, table=True):
    id: bytes = Field(primary_key=True)
    voided: str | None
    meeting_id: bytes | None


def _key(folder: Path) -> bytes:
    slot = json.loads((folder / "keys.json").read_bytes())["slots"][0]
    kdf = slot["kdf"]
    secret = argon2id.kdf(
        32,
        os.environ["HOIDESK_PASSWORD"].encode(),
        base64.b64decode(kdf["salt"]),
        opslimit=kdf["ops"],
        memlimit=kdf["memory"],
    )
    return SecretBox(secret).decrypt(base64.b64decode(slot["box"]))


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    key = _key(folder)

    def connect() -> Any:
        connection = sqlcipher3.connect(str(folder / "book.db"))
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return connection

    engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, creator=connect)
    items = select(func.count()).where(AgendaItem.meeting_id == Meeting.id, col(AgendaItem.voided).is_(None))
    raised = select(func.count()).where(Petition.meeting_id == Meeting.id, col(Petition.voided).is_(None))
    query = (
        select(
            Meeting.id,
            Meeting.held_on,
            Title.title,
            Meeting.kind,
            Meeting.invited,
            Meeting.present,
            Meeting.excused,
            Meeting.topic,
            items.correlate(Meeting).scalar_subquery(),
            raised.correlate(Meeting).scalar_subquery(),
            Meeting.no_petition,
            Meeting.source_channel,
            Meeting.entered_on_behalf,
        )  # type: ignore[call-overload]
        .outerjoin(Title, (Title.tbl == 11) & (Title.id == Meeting.branch_id))
        .where(col(Meeting.voided).is_(None))
        .order_by(col(Meeting.held_on).desc(), Meeting.id)
    )
    names = (
        "id held_on body kind invited present excused topic items petitions no_petition source_channel "
        "entered_on_behalf"
    )
    with Session(engine) as session:
        rows = session.exec(query.limit(count) if count else query).all()
    records = [dict(zip(names.split(), (row[0].hex(), *row[1:]), strict=True)) for row in rows]
    print(json.dumps(records, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
