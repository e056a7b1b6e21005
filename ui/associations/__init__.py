"""Organisations and branches in the window."""

from __future__ import annotations
