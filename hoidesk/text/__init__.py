"""Vietnamese text, days and numbers: reading what people type, showing what offices write.

Everything here is pure: no book, no clock of its own, no files. What a kept library does right is not rewritten;
sort order, folding, numbers in words, the lunar day and the old encodings are, because none does.
"""

from __future__ import annotations
