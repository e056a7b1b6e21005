"""Texts that follow the language: a string from the data, or a function that looks a message up when it is shown."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtGui import Qt

from hoidesk.language import _

__all__ = ["Words", "marked", "say", "tip"]

Words = str | Callable[[], str]
"""``lambda: _("Save")`` for a text of the program, a plain string for content."""


def say(words: Words) -> str:
    """The text in the language in use."""
    return words if isinstance(words, str) else words()


def tip(text: str) -> str:
    """``text`` as a tool tip. Qt reads whatever looks like markup as such there and would load the picture that the
    name of a file on a stick asks for."""
    return f"<span>{html.escape(text)}</span>" if Qt.mightBeRichText(text) else text


def marked(message: str) -> Words:
    """Words for a message that was marked with ``N_`` where it is declared as data."""
    return lambda: _(message)
