"""Icons: Lucide drawings (ISC licence) from resources/icons, in the colour of a role, drawn at twice the size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hoidesk.places import resource
from ui.theme import colours, em

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

__all__ = ["forget_icons", "icon", "pixmap", "pixmap_in"]


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _coloured(name: str, colour: str) -> bytes:
    return _drawing(name).replace("currentColor", colour).encode()


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, side: int) -> QPixmap:
    made = QPixmap(side * 2, side * 2)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_coloured(name, colour))).render(painter, QRectF(0, 0, side * 2, side * 2))
    painter.end()
    made.setDevicePixelRatio(2)
    return made


def pixmap(name: str, role: str = "text", size: float = 1.2) -> QPixmap:
    """The drawing ``name`` in the colour of ``role``, ``size`` em wide."""
    return _drawn(name, colours().role(role), em(size))


def pixmap_in(name: str, colour: str, size: float) -> QPixmap:
    """The drawing in a given ``#RRGGBB`` colour, for painters that already know it."""
    return _drawn(name, colour, em(size))


def icon(name: str, role: str = "text", size: float = 1.2) -> QIcon:
    """The same as a QIcon, for buttons and combo boxes."""
    # A class with hundreds of names that the first paint does not need.
    from PySide6.QtGui import QIcon

    return QIcon(pixmap(name, role, size))


def forget_icons() -> None:
    """Throw drawn pictures away: after a change of theme or text size they are not asked for again."""
    _drawn.cache_clear()
