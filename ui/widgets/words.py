"""Texts that follow the language: a string from the data, or a function that looks a message up when it is shown."""

from __future__ import annotations

from collections.abc import Callable

from hoidesk.language import _

__all__ = ["Words", "marked", "say"]

Words = str | Callable[[], str]
"""``lambda: _("Save")`` for a text of the program, a plain string for content."""


def say(words: Words) -> str:
    """The text in the language in use."""
    return words if isinstance(words, str) else words()


def marked(message: str) -> Words:
    """Words for a message that was marked with ``N_`` where it is declared as data."""
    return lambda: _(message)
