"""What becomes of a package: is it the next one, whose word counts, which value wins, what waits."""

from __future__ import annotations
