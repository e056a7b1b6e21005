"""Packages by stick: keys, enrolment, scopes, the file ``.hdk``, merging, receipts and the stick itself.

The format is described for a second implementation in resources/docs/package-format.md; the section numbers in this
room's docstrings are those of that page.
"""

from __future__ import annotations
