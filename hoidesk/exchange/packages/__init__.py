"""The file ``.hdk``: written in one pass, proven before it is unpacked, read in a process of its own."""

from __future__ import annotations
