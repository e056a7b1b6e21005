"""The window: everything the user sees. It imports hoidesk; hoidesk never imports it."""

from __future__ import annotations
