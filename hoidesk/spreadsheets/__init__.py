"""Office spreadsheets in: read, find the table, name its columns, check its rows, enter them as one batch.

The way of a file: :mod:`.guard` looks at its bytes, :mod:`.read` makes plain typed cells of it, :mod:`.detect` finds
the header and tells records from titles, groups, totals and signatures, :mod:`.columns` says what each column holds,
:mod:`.check` makes values of cells and names what cannot be read. :mod:`.plan` compares the result with the book.
"""

from __future__ import annotations
