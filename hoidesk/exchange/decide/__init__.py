"""What a person has to know or decide: edits in two places, suggestions, duplicates, erasure; one tray for all."""

from __future__ import annotations
