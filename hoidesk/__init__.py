"""hoidesk: the desk of a ward Front office, without its window.

Everything the program knows and does. Nothing below this package imports PySide6 or ``ui``.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
