"""The log of the window: a rotating file, 5 times 1 MB, with operation names, counts and error codes only.

Never a value of a record, a name or a password: what is written here may be handed to a stranger who helps.
"""

from __future__ import annotations

import contextlib
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from hoidesk.places import log_dir

__all__ = ["start_log", "stop_log"]

_BYTES: Final = 1_000_000
_OLDER: Final = 4


def start_log(folder: Path | None = None) -> RotatingFileHandler | None:
    """Write the log of this program from now on; None on a PC that does not let us write it."""
    place = folder or log_dir()
    handler = None
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            place / "hoidesk.log", maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger = logging.getLogger("hoidesk")
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        # A frozen window has no place to print to.
        logger.propagate = False
    return handler


def stop_log(handler: RotatingFileHandler | None) -> None:
    """Close the log: before the process ends."""
    if handler is not None:
        logger = logging.getLogger("hoidesk")
        logger.removeHandler(handler)
        logger.propagate = True
        handler.close()
