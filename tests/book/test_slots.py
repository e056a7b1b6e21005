"""The slot file and the recovery digits are read as if a stranger had written them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoidesk.book.recovery import groups_of_key, key_of_groups, key_of_sheet
from hoidesk.book.slots import Role, dump_slots, make_slot, open_slot, parse_slots
from hoidesk.errors import EnvError, UserError

KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS)
def test_digits_spell_the_key(key: bytes) -> None:
    groups = groups_of_key(key)
    assert len(groups) == 17 and all(len(g) == 6 and g.isdigit() for g in groups)
    assert key_of_groups(groups) == key


@given(KEYS, st.integers(0, 16), st.integers(0, 5), st.integers(1, 9))
def test_every_wrong_digit_is_found_in_its_group(key: bytes, number: int, place: int, more: int) -> None:
    groups = groups_of_key(key)
    group = groups[number]
    groups[number] = group[:place] + str((int(group[place]) + more) % 10) + group[place + 1 :]
    with pytest.raises(UserError, match=str(number + 1)):
        key_of_groups(groups)


@given(KEYS, st.integers(0, 16), st.integers(0, 4))
def test_neighbours_that_changed_places_are_found(key: bytes, number: int, place: int) -> None:
    groups = groups_of_key(key)
    group = groups[number]
    if group[place] != group[place + 1]:
        groups[number] = group[:place] + group[place + 1] + group[place] + group[place + 2 :]
        with pytest.raises(UserError):
            key_of_groups(groups)


@given(KEYS, st.integers(0, 15), st.integers(0, 15))
def test_swapped_groups_never_give_a_wrong_key_silently(key: bytes, one: int, other: int) -> None:
    groups = groups_of_key(key)
    groups[one], groups[other] = groups[other], groups[one]
    try:
        found = key_of_groups(groups)
    except UserError as error:
        assert error.code == "recovery.total"
    else:
        # 16 bits of checksum: a swap slips through once in 65,536, but never against the last group.
        assert groups_of_key(found) == groups


def test_a_typed_sheet_is_read(tmp_path: Path) -> None:
    key = bytes(range(32))
    sheet = tmp_path / "phiếu.txt"
    sheet.write_text("Phiếu khôi phục\n" + "  ".join(groups_of_key(key)), encoding="utf-8")
    assert key_of_sheet(sheet) == key
    sheet.write_bytes(b"\x00\xff nothing")
    with pytest.raises(UserError):
        key_of_sheet(sheet)
    with pytest.raises(UserError):
        key_of_sheet(tmp_path / "none.txt")


def test_a_slot_opens_with_its_password_alone() -> None:
    key = bytes(32)
    slot = make_slot("Đặng Thị Ấu", Role.SECRETARY, "đường", key)
    assert open_slot(slot, "đường") == key
    with pytest.raises(EnvError):
        open_slot(slot, "duong")


HOSTILE = [
    b"",
    b"[]",
    b"{",
    b'{"format": 2, "slots": []}',
    b'{"format": 1, "slots": []}',
    b'{"format": 1, "slots": [{}]}',
    b"[" * 100_000,
    b"x" * 300_000,
    b"\xff\xfe",
]


@pytest.mark.parametrize("data", HOSTILE)
def test_a_damaged_slot_file_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse_slots(data)


@pytest.mark.parametrize(("field", "value"), [("ops", 10**9), ("memory", 2**40), ("memory", 1), ("salt", "AAAA")])
def test_a_slot_file_cannot_ask_for_the_whole_pc(field: str, value: object) -> None:
    content = json.loads(dump_slots([make_slot("a", Role.OFFICER, "a", bytes(32))]))
    content["slots"][0]["kdf"][field] = value
    with pytest.raises(ValueError):
        parse_slots(json.dumps(content).encode())


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_flipped_bit_never_crashes_the_reader(where: int, bit: int) -> None:
    slot = make_slot("a", Role.OFFICER, "a", bytes(32))
    data = bytearray(dump_slots([slot]))
    data[where % len(data)] ^= 1 << bit
    try:
        parse_slots(bytes(data))
    except ValueError:
        pass


def test_a_slot_file_with_endless_numbers_is_damaged() -> None:
    data = json.loads(dump_slots([make_slot("Bích", Role.OFFICER, "mật khẩu", b"k" * 32)]))
    for name in ("ops", "memory"):
        spoiled = json.loads(json.dumps(data))
        spoiled["slots"][0]["kdf"][name] = float("inf")
        with pytest.raises(ValueError):
            parse_slots(json.dumps(spoiled).encode())


def test_bytes_that_are_no_text_are_a_wrong_password() -> None:
    slot = make_slot("Bích", Role.OFFICER, "mật khẩu", b"k" * 32)
    with pytest.raises(EnvError) as caught:
        open_slot(slot, "m\udcff")
    assert caught.value.code == "password.wrong"


def test_too_little_memory_is_not_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    from nacl import exceptions
    from nacl.pwhash import argon2id

    slot = make_slot("Bích", Role.OFFICER, "mật khẩu", b"k" * 32)

    def full(*_args: object, **_more: object) -> bytes:
        raise exceptions.RuntimeError("Key derivation failed")

    monkeypatch.setattr(argon2id, "kdf", full)
    with pytest.raises(EnvError) as caught:
        open_slot(slot, "mật khẩu")
    assert caught.value.code == "memory.full"


def test_an_installed_program_never_makes_a_cheap_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_slot("a", Role.OFFICER, "a", bytes(32)).memory == 8192
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    slot = make_slot("a", Role.OFFICER, "a", bytes(32))
    assert slot.ops >= 3 and slot.memory >= 64 * 1024 * 1024
