"""What can go wrong, told apart by kind and code, never by text.

A :class:`Refusal` is shown to the user as it is: one sentence that says what is wrong and what to do. Anything else
that escapes is a fault of the program and is reported as such.
"""

from __future__ import annotations

__all__ = ["EnvError", "Refusal", "UserError"]


class Refusal(Exception):
    """Something was refused and nothing was changed; the text is already in the user's language.

    The command line prints the text on standard error and ends with status 3.
    """

    def __init__(self, code: str, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.field = field

    def __reduce__(self) -> tuple[object, tuple[object, ...], dict[str, object]]:
        # Refusals cross process borders (the package worker): keyword arguments do not survive plain pickling.
        return type(self), (self.code, self.text), {"field": self.field}


class UserError(Refusal):
    """The user's input: a field, an argument or a row. ``field`` names the field at fault."""


class EnvError(Refusal):
    """The world around the program: disk full, wrong password, damaged file, book in use, file from elsewhere."""
