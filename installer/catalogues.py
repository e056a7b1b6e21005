"""Catalogues of the program's texts: collect, merge, compile and check them.

    python installer/catalogues.py update [--prune]   collect texts from hoidesk/ and ui/ and merge them into i18n/
    python installer/catalogues.py add FILE.json      merge {"msgid": "translation"} or {"one||many": "translation"}
    python installer/catalogues.py compile            .po -> .mo and qtbase_vi.ts -> .qm, only what is older
    python installer/catalogues.py check              end with status 1 and name every text that is not translated

Needs Babel (and pyside6-lrelease for Qt's own texts), so it runs in the virtual environment. What it writes is the
same for the same input: sorted by text, no dates, no authors, no wrapped lines.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import string
import subprocess
import sys
import sysconfig
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("hoidesk", "ui")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
PLURALS = {"vi": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
PLURAL_MARK = "||"

MessageId = str | tuple[str, str]


@dataclass(slots=True)
class Text:
    """One text of the program: where it stands and what the developer says to the translator."""

    files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def i18n(root: Path) -> Path:
    """The folder of the catalogues below ``root``."""
    return root / "i18n"


def po_path(root: Path, language: str) -> Path:
    """The catalogue of one language."""
    return i18n(root) / language / "LC_MESSAGES" / "hoidesk.po"


def extract(root: Path) -> dict[MessageId, Text]:
    """All texts marked with ``_``, ``N_`` or ``ngettext`` in the sources, by message id."""
    texts: dict[MessageId, Text] = {}
    for source in SOURCES:
        if not (root / source).is_dir():
            continue
        found = extract_from_dir(
            root / source, keywords=KEYWORDS, comment_tags=("TR:",), strip_comment_tags=True,
            method_map=[("**.py", "python")], options_map={"**.py": {"encoding": "utf-8"}},
        )  # fmt: skip
        for filename, _line, message, comments, _context in found:
            if not message or (isinstance(message, tuple) and not message[0]):
                continue
            key: MessageId = message if isinstance(message, str) else (message[0], message[1])
            text = texts.setdefault(key, Text())
            text.files.add(f"{source}/{Path(filename).as_posix()}")
            text.notes += [note for note in comments if note not in text.notes]
    for key in [key for key in texts if not isinstance(key, str)]:
        # gettext files know one entry a singular: a text used with and without its plural is that one entry.
        if alone := texts.pop(key[0], None):
            texts[key].files |= alone.files
            texts[key].notes += [note for note in alone.notes if note not in texts[key].notes]
    return texts


def load(root: Path, language: str) -> dict[MessageId, str | tuple[str, ...]]:
    """The translations of one language that are not empty; an unsure ("fuzzy") one does not count."""
    return {key: string for key, (string, fuzzy) in _entries(root, language).items() if _filled(string) and not fuzzy}


def _entries(root: Path, language: str) -> dict[MessageId, tuple[str | tuple[str, ...], bool]]:
    path = po_path(root, language)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, ignore_obsolete=True)
    found: dict[MessageId, tuple[str | tuple[str, ...], bool]] = {}
    for message in catalogue:
        if message.id:
            key: MessageId = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
            text = message.string if isinstance(message.string, str) else tuple(message.string or ())
            found[key] = (text, message.fuzzy)
    return found


def _filled(text: str | tuple[str, ...]) -> bool:
    return bool(text) if isinstance(text, str) else bool(text) and all(text)


def _write(path: Path, content: bytes) -> None:
    """Replace ``path`` in one step, and only if something changed."""
    if not path.exists() or path.read_bytes() != content:
        _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _po_bytes(language: str, messages: list[Message], *, locations: bool) -> bytes:
    header = [
        'msgid ""',
        'msgstr ""',
        '"Project-Id-Version: hoidesk\\n"',
        *([f'"Language: {language}\\n"'] if language else []),
        *([f'"Plural-Forms: {PLURALS[language]}\\n"'] if language else []),
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    ]
    catalogue = Catalog(locale=language or None)
    for message in messages:
        catalogue[message.id] = message
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=True, sort_output=True, no_location=not locations,
             include_lineno=False)  # fmt: skip
    body = buffer.getvalue().strip(b"\n")
    return ("\n".join(header) + "\n").encode() + (b"\n" + body + b"\n" if body else b"")


def _empty(key: MessageId, language: str) -> str | tuple[str, ...]:
    if language == "en":
        return key
    return "" if isinstance(key, str) else ("",)


def save(root: Path, language: str, entries: dict[MessageId, str | tuple[str, ...]], texts: dict[MessageId, Text],
         fuzzy: set[MessageId]) -> None:  # fmt: skip
    """Write the catalogue of one language: every key of ``entries``, with the notes found in the sources."""
    messages = [
        Message(
            key if isinstance(key, str) else list(key),
            string if isinstance(string, str) else list(string),
            auto_comments=texts[key].notes if key in texts else (),
            flags={"fuzzy"} if key in fuzzy else (),
        )
        for key, string in entries.items()
    ]
    _write(po_path(root, language), _po_bytes(language, messages, locations=False))


def _merge(root: Path, language: str, texts: dict[MessageId, Text], *, prune: bool) -> None:
    old = _entries(root, language)
    entries: dict[MessageId, str | tuple[str, ...]] = {}
    for key in texts:
        kept = old.get(key)
        entries[key] = kept[0] if kept and language != "en" else _empty(key, language)
    if not prune:
        entries |= {key: text for key, (text, _fuzzy) in old.items() if key not in entries and _filled(text)}
    save(root, language, entries, texts, {key for key, (_text, fuzzy) in old.items() if fuzzy and key in entries})


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Only one process at a time changes the catalogues (on Windows nothing is locked: one developer, one machine)."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    i18n(root).mkdir(exist_ok=True)
    handle = os.open(i18n(root), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def update(root: Path, *, prune: bool = False) -> None:
    """Collect all texts and merge them into the template and both languages.

    Translations whose text is no longer used stay until ``prune``, because a text may come back tomorrow.
    """
    texts = extract(root)
    with locked(root):
        template = [
            Message(key if isinstance(key, str) else list(key), "" if isinstance(key, str) else ["", ""],
                    locations=[(name, 0) for name in sorted(text.files)], auto_comments=text.notes)
            for key, text in texts.items()
        ]  # fmt: skip
        _write(i18n(root) / "hoidesk.pot", _po_bytes("", template, locations=True))
        for language in PLURALS:
            _merge(root, language, texts, prune=prune)


def fields(text: str) -> set[str]:
    """The names of the ``{fields}`` in a text; raises ValueError for a stray brace."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def _percents(text: str) -> list[str]:
    """The ``%s`` and ``%(name)s`` of a text, in order of the alphabet: argparse and Qt fill those."""
    return sorted(re.findall(r"%(?:\(\w+\))?[srd]\b", text))


def fields_fault(key: MessageId, translated: str | tuple[str, ...]) -> str | None:
    """Why the ``{fields}`` or ``%s`` of a translation do not fit its text; None if they do."""
    parts = [key] if isinstance(key, str) else list(key)
    parts += [translated] if isinstance(translated, str) else list(translated)
    try:
        wanted = fields(parts[0])
        different = [part for part in parts[1:] if fields(part) != wanted]
    except ValueError as error:
        return f"stray brace ({error})"
    if not different:
        different = [part for part in parts[1:] if _percents(part) != _percents(parts[0])]
        wanted = set(_percents(parts[0]))
    return f"{different[0]!r} does not have the fields {sorted(wanted)}" if different else None


def add(root: Path, source: Path) -> list[str]:
    """Merge the translations of a JSON file into the catalogues; returns what was refused, one line each.

    The file is an object ``{"text": "translation"}``, for texts with a plural ``{"one||many": "translation"}``.
    Texts that are not (yet) in the sources are taken as well.
    """
    given = json.loads(source.read_text(encoding="utf-8"))
    if not isinstance(given, dict):
        return [f"{source}: not a JSON object"]
    refused: list[str] = []
    with locked(root):
        texts = extract(root)
        for language in PLURALS:
            old = _entries(root, language)
            entries = {key: text for key, (text, _fuzzy) in old.items()}
            fuzzy = {key for key, (_text, unsure) in old.items() if unsure}
            for msgid, msgstr in given.items():
                key = _key(msgid)
                new = _translation(key, msgstr, language)
                fault = "not a text" if new is None or not _filled(new) else fields_fault(key, new)
                if new is None or fault:
                    refused += [f"{msgid!r}: {fault}"] if language == "vi" else []
                    continue
                if language == "vi" and _filled(entries.get(key, "")) and entries[key] != new:
                    print(f"changed: {msgid!r}: {entries[key]!r} -> {new!r}")
                entries[key] = new
                fuzzy.discard(key)
            save(root, language, entries, texts, fuzzy)
        compile_all(root)
    return refused


def _key(msgid: str) -> MessageId:
    one, mark, many = msgid.partition(PLURAL_MARK)
    return (one, many) if mark else msgid


def _translation(key: MessageId, msgstr: object, language: str) -> str | tuple[str, ...] | None:
    if not isinstance(msgstr, str):
        return None
    if language == "en":
        return key
    text = unicodedata.normalize("NFC", msgstr)
    return text if isinstance(key, str) else (text,)


def compile_all(root: Path) -> list[Path]:
    """Compile every catalogue that is newer than its compiled file; returns what was written."""
    written: list[Path] = []
    for language in PLURALS:
        source = po_path(root, language)
        target = source.with_suffix(".mo")
        if source.exists() and _older(target, source):
            with source.open("rb") as file:
                catalogue = read_po(file, locale=language, ignore_obsolete=True)
            buffer = io.BytesIO()
            write_mo(buffer, catalogue)
            _replace(target, buffer.getvalue())
            written.append(target)
    source = i18n(root) / "qtbase_vi.ts"
    target = source.with_suffix(".qm")
    if source.exists() and _older(target, source):
        fresh = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        subprocess.run([_lrelease(), "-silent", str(source), "-qm", str(fresh)], check=True)
        os.replace(fresh, target)
        written.append(target)
    return written


def _older(target: Path, source: Path) -> bool:
    return not target.exists() or target.stat().st_mtime <= source.stat().st_mtime


def _lrelease() -> str:
    """The compiler of Qt's catalogues, called by its own path: its Python wrapper would import all of PySide6."""
    scripts = Path(sysconfig.get_path("scripts"))
    name = "lrelease.exe" if sys.platform == "win32" else "lrelease"
    packages = Path(sysconfig.get_path("purelib")) / "PySide6"
    for candidate in (packages / "Qt" / "libexec" / name, packages / name):
        if candidate.exists():
            return str(candidate)
    return str(scripts / "pyside6-lrelease")


def check(root: Path) -> list[str]:
    """What is wrong with the catalogues, one line each: untranslated, unsure, or with other fields than its text."""
    texts = extract(root)
    problems = []
    english, vietnamese = load(root, "en"), _entries(root, "vi")
    for key in sorted(texts, key=str):
        where = min(texts[key].files)
        translated, fuzzy = vietnamese.get(key, ("", False))
        if not _filled(translated):
            problems.append(f"{where}: {_shown(key)}: not translated")
        elif fuzzy:
            problems.append(f"{where}: {_shown(key)}: marked fuzzy")
        elif fault := fields_fault(key, translated):
            problems.append(f"{where}: {_shown(key)}: {fault}")
        if key not in english:
            problems.append(f"{where}: {_shown(key)}: missing in English, run update")
    return problems


def _shown(key: MessageId) -> str:
    text = key if isinstance(key, str) else PLURAL_MARK.join(key)
    return json.dumps(text, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Catalogues of the program's texts.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update").add_argument("--prune", action="store_true", help="drop unused translations")
    commands.add_parser("add").add_argument("file", type=Path)
    commands.add_parser("compile")
    commands.add_parser("check")
    chosen = parser.parse_args(arguments)
    problems: list[str] = []
    if chosen.command == "update":
        update(ROOT, prune=chosen.prune)
    elif chosen.command == "add":
        problems = add(ROOT, chosen.file)
    elif chosen.command == "compile":
        for path in compile_all(ROOT):
            print(path.relative_to(ROOT))
    else:
        problems = check(ROOT)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
