"""What can be done by key or menu, as data: the shortcut sheet, the key hints and the tests read this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hoidesk.language import N_

__all__ = ["ACTIONS", "GROUPS", "Act", "ActionSpec", "Handlers", "key_of"]


class Act(Enum):
    """Every act that has a key."""

    HELP = "help"
    SHORTCUTS = "shortcuts"
    SEARCH = "search"
    NAVIGATION = "navigation"
    EXCHANGE = "exchange"
    NEXT_PANE = "next_pane"
    PREVIOUS_PANE = "previous_pane"
    NEXT_TAB = "next_tab"
    BACK = "back"
    NEW = "new"
    EDIT = "edit"
    REMOVE = "remove"
    SAVE = "save"
    PRIMARY = "primary"
    UNDO = "undo"
    REDO = "redo"
    NEXT_PROBLEM = "next_problem"
    PREVIOUS_PROBLEM = "previous_problem"
    PREVIOUS_RECORD = "previous_record"
    NEXT_RECORD = "next_record"
    COPY_TABLE = "copy_table"
    PRINT = "print"
    LARGER = "larger"
    SMALLER = "smaller"
    NORMAL_SIZE = "normal_size"
    PAGE_1 = "page_1"
    PAGE_2 = "page_2"
    PAGE_3 = "page_3"
    PAGE_4 = "page_4"
    PAGE_5 = "page_5"
    PAGE_6 = "page_6"
    PAGE_7 = "page_7"
    PAGE_8 = "page_8"
    PAGE_9 = "page_9"


Handlers = dict[Act, Callable[[], object]]
"""What a page does for an act; an act that a page does not name belongs to the window or is at rest."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One act: its name on screen, its key (Qt's portable text) and the group of the shortcut sheet."""

    act: Act
    label: str
    keys: tuple[str, ...]
    group: str


GROUPS: Final[dict[str, str]] = {
    "move": N_("Move about"),
    "record": N_("Records"),
    "view": N_("View"),
    "help": N_("Help"),
}

ACTIONS: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(Act.SEARCH, N_("Search the whole book"), ("Ctrl+F",), "move"),
    ActionSpec(Act.NAVIGATION, N_("Show the menu"), ("F9",), "move"),
    *(
        ActionSpec(Act[f"PAGE_{number}"], N_("Open page {number}"), (f"Ctrl+{number}",), "move")
        for number in range(1, 10)
    ),
    ActionSpec(Act.EXCHANGE, N_("Send and receive"), ("Ctrl+G",), "move"),
    ActionSpec(Act.NEXT_PANE, N_("Next pane"), ("F6",), "move"),
    ActionSpec(Act.PREVIOUS_PANE, N_("Previous pane"), ("Shift+F6",), "move"),
    ActionSpec(Act.NEXT_TAB, N_("Next tab"), ("Ctrl+Tab",), "move"),
    ActionSpec(Act.BACK, N_("Back"), ("Esc",), "move"),
    ActionSpec(Act.NEXT_RECORD, N_("Next record"), ("Ctrl+Down",), "move"),
    ActionSpec(Act.PREVIOUS_RECORD, N_("Previous record"), ("Ctrl+Up",), "move"),
    ActionSpec(Act.NEXT_PROBLEM, N_("Next problem or empty cell"), ("F8",), "move"),
    ActionSpec(Act.PREVIOUS_PROBLEM, N_("Previous problem or empty cell"), ("Shift+F8",), "move"),
    ActionSpec(Act.NEW, N_("New record"), ("Ins",), "record"),
    ActionSpec(Act.EDIT, N_("Edit"), ("F2",), "record"),
    ActionSpec(Act.SAVE, N_("Save to the book"), ("Ctrl+S",), "record"),
    ActionSpec(Act.PRIMARY, N_("The page's main act"), ("Ctrl+Return", "Ctrl+Enter"), "record"),
    ActionSpec(Act.REMOVE, N_("Take out of the book"), ("Ctrl+Del",), "record"),
    ActionSpec(Act.UNDO, N_("Undo"), ("Ctrl+Z",), "record"),
    ActionSpec(Act.REDO, N_("Redo"), ("Ctrl+Y",), "record"),
    ActionSpec(Act.COPY_TABLE, N_("Copy the list for Excel"), ("Ctrl+Shift+C",), "record"),
    ActionSpec(Act.PRINT, N_("Print"), ("Ctrl+P",), "record"),
    ActionSpec(Act.LARGER, N_("Larger text"), ("Ctrl++", "Ctrl+="), "view"),
    ActionSpec(Act.SMALLER, N_("Smaller text"), ("Ctrl+-",), "view"),
    ActionSpec(Act.NORMAL_SIZE, N_("Text at 100 %"), ("Ctrl+0",), "view"),
    ActionSpec(Act.HELP, N_("Help for this page"), ("F1",), "help"),
    ActionSpec(Act.SHORTCUTS, N_("Keys"), ("Ctrl+/",), "help"),
)

_KEYS: Final = {spec.act: spec.keys[0] for spec in ACTIONS}


def key_of(act: Act) -> str:
    """The key of an act as it stands on buttons, for example ``Ctrl+Enter``."""
    return _KEYS[act].replace("Return", "Enter").replace("Down", "↓").replace("Up", "↑")
