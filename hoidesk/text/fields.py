"""The bridge from readers that raise UserError to validated fields.

pydantic collects only ValueErrors, and adds the field's name to them; a refusal raised as it is would lose it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import PydanticCustomError

from hoidesk.errors import UserError

__all__ = ["as_field_error"]


def as_field_error(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``read`` as a pydantic validator: a UserError becomes the field's error with the same code and sentence."""

    def validated(value: Any) -> Any:
        try:
            return read(value)
        except UserError as refusal:
            # The sentence travels as a value: braces in it are the user's own and no template.
            raise PydanticCustomError(refusal.code, "{text}", {"text": refusal.text}) from None

    return validated
