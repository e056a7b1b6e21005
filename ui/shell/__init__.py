"""The frame around every page: menu, header, footer, search, keys."""

from __future__ import annotations
