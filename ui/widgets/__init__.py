"""The pieces every page is made of."""

from __future__ import annotations
