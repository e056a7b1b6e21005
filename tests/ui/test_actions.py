"""Keys, pages and icons are lists: nothing in them may clash or be missing."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from PySide6.QtGui import QKeySequence

import ui
from hoidesk.places import resource
from ui.actions import ACTIONS, GROUPS, Act, key_of
from ui.shell.desk import DeskWidget
from ui.shell.places import PLACES
from ui.shell.shortcuts import action_words


def test_every_act_has_one_entry_and_no_key_is_used_twice() -> None:
    assert {spec.act for spec in ACTIONS} == set(Act)
    assert len(ACTIONS) == len(set(Act))
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert all(count == 1 for count in keys.values()), keys
    assert all(keys_ and all(QKeySequence(k).toString() for k in keys_) for keys_ in (spec.keys for spec in ACTIONS))
    assert {spec.group for spec in ACTIONS} == set(GROUPS)


def test_keys_on_buttons_are_written_as_on_keyboards() -> None:
    assert key_of(Act.PRIMARY) == "Ctrl+Enter"
    assert key_of(Act.EDIT) == "F2"


def test_every_icon_that_is_named_is_shipped() -> None:
    root = Path(ui.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in root.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'icon="([a-z0-9-]+)"', text)}
    named |= {name for text in texts for name in re.findall(r'IconLabel\("([a-z0-9-]+)"', text)}
    named |= {one.icon for one in PLACES}
    assert len(named) > 15
    assert [name for name in sorted(named) if not resource("icons", f"{name}.svg").is_file()] == []


def test_the_sheet_of_keys_shows_every_act(desk: DeskWidget) -> None:
    from ui.widgets.labels import Label

    desk.go("shortcuts")
    shown = {label.text() for label in desk.page.findChildren(Label)}
    for spec in ACTIONS:
        assert action_words(spec) in shown, spec.act


def test_ctrl_and_a_number_opens_the_page_at_that_place(desk: DeskWidget) -> None:
    handlers = desk.handlers()
    for number, id_ in enumerate(desk.navigation.ids()[:6], start=1):
        handlers[Act[f"PAGE_{number}"]]()
        assert desk.current == id_
