"""Qt's own words (menus of text fields, file dialogs) in Vietnamese: Qt ships none.

The catalogue i18n/qtbase_vi.ts is compiled to ``qtbase_vi.qm`` at set-up; without it Qt speaks English.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator

from hoidesk.language import current_language
from hoidesk.places import catalogues
from ui.app import App

__all__ = ["QtTexts", "install"]


class QtTexts(QObject):
    """Puts Qt's catalogue in or out when the language changes."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._translator = QTranslator(self)
        self._loaded = self._translator.load(str(catalogues() / "qtbase_vi.qm"))
        self._installed = False
        app.language_changed.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        """Follow the language in use."""
        vietnamese = current_language() == "vi"
        QLocale.setDefault(QLocale("vi_VN" if vietnamese else "en_GB"))
        wanted = self._loaded and vietnamese
        if wanted and not self._installed:
            QCoreApplication.installTranslator(self._translator)
        elif self._installed and not wanted:
            QCoreApplication.removeTranslator(self._translator)
        self._installed = wanted


def install(app: App) -> QtTexts:
    """Follow the language of ``app`` from now on."""
    return QtTexts(app)
