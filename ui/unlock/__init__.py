"""What stands before an open book: open one, make one, open one with its recovery sheet."""

from __future__ import annotations
