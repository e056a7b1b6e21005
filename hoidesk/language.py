"""The language of the program: gettext with English message ids, Vietnamese and English catalogues.

The language belongs to the whole process, as gettext itself does; texts are looked up when they are shown, so a
switch shows at the next repaint.
"""

from __future__ import annotations

import gettext as _gettext
import string
from typing import Final

from hoidesk.places import catalogues

__all__ = ["LANGUAGES", "N_", "_", "current_language", "in_vietnamese", "ngettext", "use_language"]

LANGUAGES: Final = ("vi", "en")


class _Current:
    """The catalogue in use."""

    code: str = "vi"
    catalogue: _gettext.NullTranslations | None = None


def _load(code: str) -> _gettext.NullTranslations:
    # Read directly: the search of gettext imports the tables of all locales, which the first paint waits for.
    path = catalogues() / code / "LC_MESSAGES" / "hoidesk.mo"
    try:
        with path.open("rb") as file:
            return _gettext.GNUTranslations(file)
    except (OSError, ValueError):
        return _gettext.NullTranslations()


def _catalogue() -> _gettext.NullTranslations:
    if _Current.catalogue is None:
        _Current.catalogue = _load(_Current.code)
    return _Current.catalogue


def use_language(code: str) -> None:
    """Switch the language of the process to ``"vi"`` or ``"en"``; raises ValueError for another code."""
    if code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}")
    _Current.code = code
    _Current.catalogue = _load(code)


def current_language() -> str:
    """The code of the language in use."""
    return _Current.code


def _fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def _guarded(source: str, translated: str) -> str:
    """A translation that lost or gained a ``{field}`` would crash the sentence: then the source is shown."""
    try:
        return translated if _fields(translated) == _fields(source) else source
    except ValueError:
        return source


def _(message: str) -> str:
    """The text of ``message`` (English) in the language in use."""
    if not message:
        return ""
    return _guarded(message, _catalogue().gettext(message))


def ngettext(one: str, many: str, count: int) -> str:
    """The text for ``count`` things in the language in use."""
    return (
        _guarded(many, _catalogue().ngettext(one, many, count))
        if count != 1
        else _guarded(one, _catalogue().ngettext(one, many, count))
    )


def N_(message: str) -> str:
    """Mark ``message`` for translation and return it unchanged: for labels that are looked up later."""
    return message


def in_vietnamese(message: str) -> str:
    """The text of ``message`` in Vietnamese, whatever language is in use: office forms are in Vietnamese."""
    catalogue = _catalogue() if _Current.code == "vi" else _load("vi")
    return _guarded(message, catalogue.gettext(message))
