"""The catalogue script: what it collects, how it merges, what it refuses and what it finds missing."""

from __future__ import annotations

import gettext
import json
import os
import string
import unicodedata
from pathlib import Path

import catalogues
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vietnamese import PANGRAM, any_form, lines, nfd

SOURCE = '''
"""A page."""
# TR: a button
SAVE = N_("Save to the book")
TWO = _("Row {row}:\\nno date")

def count(n):
    return ngettext("{n} row", "{n} rows", n) + _("{n} row")
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with four marked texts."""
    (tmp_path / "hoidesk").mkdir()
    (tmp_path / "hoidesk" / "page.py").write_text(SOURCE, encoding="utf-8")
    catalogues.update(tmp_path)
    return tmp_path


def given_file(project: Path, translations: object) -> Path:
    """A JSON file of translations."""
    path = project / "given.json"
    path.write_text(json.dumps(translations, ensure_ascii=False), encoding="utf-8")
    return path


def shown(project: Path, language: str) -> gettext.NullTranslations:
    """The compiled catalogue as the program reads it."""
    catalogues.compile_all(project)
    return gettext.translation("hoidesk", str(project / "i18n"), [language])


def test_every_marked_text_is_collected(project: Path) -> None:
    assert set(catalogues.extract(project)) == {"Save to the book", "Row {row}:\nno date", ("{n} row", "{n} rows")}
    template = (project / "i18n" / "hoidesk.pot").read_text(encoding="utf-8")
    assert "#. a button\n#: hoidesk/page.py\n" in template


def test_what_is_written_is_the_same_every_time(project: Path) -> None:
    files = sorted((project / "i18n").rglob("*.po*"))
    assert len(files) == 3
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
    catalogues.update(project)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
    assert not any(b"Date" in content or b"Translator" in content for content, _time in before.values())


def test_check_names_what_is_missing(project: Path) -> None:
    assert len(catalogues.check(project)) == 3
    refused = catalogues.add(
        project, given_file(project, {"Save to the book": "Ghi vào sổ", "{n} row||{n} rows": "{n} dòng"})
    )
    assert refused == []
    assert catalogues.check(project) == ['hoidesk/page.py: "Row {row}:\\nno date": not translated']


@pytest.mark.parametrize("wrong", ["Dòng {rows}: thiếu ngày", "Dòng: thiếu ngày", "Dòng {row", "", 7, None])
def test_a_translation_with_other_fields_is_refused(project: Path, wrong: object) -> None:
    refused = catalogues.add(project, given_file(project, {"Row {row}:\nno date": wrong, "Save to the book": "Ghi"}))
    assert len(refused) == 1
    assert "Row {row}" in refused[0]
    assert catalogues.load(project, "vi") == {"Save to the book": "Ghi"}


def test_a_broken_catalogue_does_not_pass(project: Path) -> None:
    catalogues.add(project, given_file(project, {"Row {row}:\nno date": "Dòng {row}: thiếu ngày"}))
    path = catalogues.po_path(project, "vi")
    path.write_text(path.read_text("utf-8").replace("Dòng {row}", "Dòng {hàng}"), encoding="utf-8")
    assert any("does not have the fields ['row']" in line for line in catalogues.check(project))


def test_a_fuzzy_translation_does_not_pass(project: Path) -> None:
    catalogues.add(project, given_file(project, {"Save to the book": "Ghi vào sổ"}))
    path = catalogues.po_path(project, "vi")
    marked = path.read_text("utf-8").replace('msgid "Save', '#, fuzzy\nmsgid "Save')
    path.write_text(marked, encoding="utf-8")
    catalogues.update(project)
    assert 'hoidesk/page.py: "Save to the book": marked fuzzy' in catalogues.check(project)
    catalogues.add(project, given_file(project, {"Save to the book": "Ghi vào sổ"}))
    assert not any("fuzzy" in line for line in catalogues.check(project))


def test_translations_survive_an_update_and_go_only_when_asked(project: Path) -> None:
    catalogues.add(project, given_file(project, {"Save to the book": "Ghi vào sổ", "Coming later": "Sẽ có"}))
    (project / "hoidesk" / "page.py").write_text('A = _("Coming later")\n', encoding="utf-8")
    catalogues.update(project)
    assert catalogues.load(project, "vi") == {"Save to the book": "Ghi vào sổ", "Coming later": "Sẽ có"}
    catalogues.update(project, prune=True)
    assert catalogues.load(project, "vi") == {"Coming later": "Sẽ có"}
    assert catalogues.check(project) == []


def test_the_program_reads_what_was_compiled(project: Path) -> None:
    translations = {"Save to the book": nfd(PANGRAM), "{n} row||{n} rows": "{n} dòng"}
    catalogues.add(project, given_file(project, translations))
    vietnamese = shown(project, "vi")
    assert vietnamese.gettext("Save to the book") == unicodedata.normalize("NFC", PANGRAM)
    assert {vietnamese.ngettext("{n} row", "{n} rows", n) for n in range(4)} == {"{n} dòng"}
    assert vietnamese.gettext("{n} row") == "{n} dòng"
    english = shown(project, "en")
    assert [english.ngettext("{n} row", "{n} rows", n) for n in (0, 1, 2)] == ["{n} rows", "{n} row", "{n} rows"]


def test_only_what_is_older_is_compiled_again(project: Path) -> None:
    catalogues.compile_all(project)
    for path in (project / "i18n").rglob("*.po"):
        os.utime(path, (1, 1))
    assert catalogues.compile_all(project) == []
    changed = catalogues.po_path(project, "vi")
    os.utime(changed, (1, 2**31))
    assert catalogues.compile_all(project) == [changed.with_suffix(".mo")]


def test_a_file_that_is_no_object_is_refused(project: Path) -> None:
    assert catalogues.add(project, given_file(project, ["Save"])) != []


def _plain(text: str) -> bool:
    return bool(text.strip()) and not set(text) & set("{}%")


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(string.printable, min_size=1).filter(_plain), any_form(lines()), max_size=5))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, translations: dict[str, str]) -> None:
    project = tmp_path_factory.mktemp("project")
    texts = {msgid.replace("\r", ""): text for msgid, text in translations.items() if "||" not in msgid}
    texts = {msgid: text for msgid, text in texts.items() if msgid}
    assert catalogues.add(project, given_file(project, texts)) == []
    assert catalogues.load(project, "vi") == {
        msgid: unicodedata.normalize("NFC", text) for msgid, text in texts.items()
    }


def test_the_catalogues_of_the_program_are_complete() -> None:
    assert catalogues.check(catalogues.ROOT) == []
