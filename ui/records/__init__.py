"""Lists, records and forms made from the description of a subject: one page for every kind of record."""

from __future__ import annotations
