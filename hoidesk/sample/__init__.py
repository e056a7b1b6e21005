"""The sample ward: an invented ward with half a year of work, written by the same operations as the window's.

Nothing in it is real; it is the same on every PC, since all that varies is drawn from the names of its own records.
"""

from __future__ import annotations
