"""What is to be done now."""

from __future__ import annotations
