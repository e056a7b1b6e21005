"""Every stored column is shown by a form, a list or a paper: what is kept can be seen and corrected."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

from hoidesk.book.registry import registry
from ui.app import App
from ui.records.subject import Subject
from ui.shell.places import PLACES


def _of_subject(subject: Subject, shown: dict[str, set[str]]) -> None:
    columns = shown.setdefault(subject.table, set())
    for section in subject.sections:
        columns.update(section.columns)
    if subject.save:
        columns.add("voided")  # the form that sets a record aside asks for it
    columns.add("unit")  # every record panel says whose it is
    for child in subject.children:
        more = shown.setdefault(child.table, set())
        more.update(name for section in child.sections for name in section.columns)
        more.add(child.parent)


def shown_columns(app: App) -> dict[str, set[str]]:
    """What the pages of the window say they show, by table."""
    shown: dict[str, set[str]] = {}
    for place in PLACES:
        module = importlib.import_module(place.module)
        for name, made in vars(module).items():
            if name.startswith("subject") and inspect.isfunction(made):
                _of_subject(made(app), shown)
        for table, columns in getattr(module, "SHOWN", {}).items():
            shown.setdefault(table, set()).update(columns)
    return shown


def test_no_stored_column_is_hidden_from_people(app: App) -> None:
    shown = shown_columns(app)
    missing = [
        f"{stored.name}.{column.name}"
        for stored in registry().tables
        for column in stored.columns
        if column.name not in shown.get(stored.name, set()) and column.name not in ("unit", "voided")
    ]
    assert missing == []


def test_no_page_names_a_column_that_does_not_exist(app: App) -> None:
    for table, columns in shown_columns(app).items():
        stored = registry()[table]
        assert {name for name in columns if stored.column(name) is None} == set(), table


def _room(module: ModuleType) -> str:
    """The sources of the room that a page lives in and of what the core reads for it, without the claims."""
    path = Path(module.__file__ or "")
    core = path.parent.parent.parent / "hoidesk" / path.parent.name
    files = [path] if path.parent.name == "ui" else sorted(path.parent.glob("*.py"))
    files += [*core.rglob("*rows.py"), *core.glob("lists.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    whole = r"^SHOWN = \{[^\n]*\}$|^SHOWN = \{\n.*?^\}"
    return re.sub(whole, "", text, flags=re.MULTILINE | re.DOTALL)


def test_what_a_page_says_it_shows_is_used_in_its_room() -> None:
    """A list of shown columns is a claim: the code of the page must at least name each of them."""
    for place in PLACES:
        module = importlib.import_module(place.module)
        words = set(re.findall(r"\w+", _room(module)))
        for table, columns in getattr(module, "SHOWN", {}).items():
            assert set(columns) - words == set(), (place.module, table)
