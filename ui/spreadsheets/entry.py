"""The button that leads from a list to its import."""

from __future__ import annotations

from hoidesk.language import _
from ui.shell.page import Desk
from ui.widgets.buttons import Button

__all__ = ["import_button"]


def import_button(desk: Desk) -> Button:
    """Opens the page of imports."""
    return Button(lambda: _("Import from Excel"), kind="quiet", icon="upload", click=lambda: desk.go("import"))
