"""``hoidesk demo``: a cell, a ward and a district through one half-year, by the operations of the window."""

from __future__ import annotations
