"""Where things lie on this PC, and where the program's own data files are.

The only user of platformdirs. Resources and catalogues lie beside the packages in a checkout and in a frozen build,
and inside the installed distribution in a wheel.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["books_dir", "cache_dir", "catalogues", "config_dir", "log_dir", "resource", "state_dir"]

_APP: Final = "hoidesk"


@cache
def _root() -> Path:
    """The folder that holds resources/ and i18n/."""
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen)] if frozen else []
    here = Path(__file__).resolve().parent
    candidates += [here.parent, Path(sys.prefix) / "share" / _APP]
    for candidate in candidates:
        if (candidate / "resources").is_dir():
            return candidate
    return here.parent


def resource(*parts: str) -> Path:
    """The path of a shipped data file, for example ``resource("fonts", "Tinos-Regular.ttf")``."""
    return _root().joinpath("resources", *parts)


def catalogues() -> Path:
    """The folder of the gettext catalogues."""
    return _root() / "i18n"


def config_dir() -> Path:
    """The folder of this PC's settings (language, text size, last book)."""
    import platformdirs

    return Path(platformdirs.user_config_dir(_APP, appauthor=False))


def state_dir() -> Path:
    """The folder of witness files and of crash reports: outside every book."""
    import platformdirs

    return Path(platformdirs.user_data_dir(_APP, appauthor=False))


def log_dir() -> Path:
    """The folder of the rotating log."""
    import platformdirs

    return Path(platformdirs.user_log_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """The folder of things that may be thrown away: the spool of packages."""
    import platformdirs

    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def books_dir() -> Path:
    """The folder that is proposed for a new book: the user's documents."""
    import platformdirs

    return Path(platformdirs.user_documents_dir()) / "hoidesk"
