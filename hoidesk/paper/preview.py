"""PDF pages as pixels and as text, for the preview inside the program and for tests. No Qt here.

PDFium is not safe for threads: one lock stands around every call.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hoidesk.errors import EnvError
from hoidesk.language import _

__all__ = ["PageSize", "Pixels", "page_pixels", "page_sizes", "page_texts"]

_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture: width and height in pixels, ``rgba`` holds width × height × 4 bytes, rows from the top."""

    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class PageSize:
    """Size of a page in points (72 to the inch)."""

    width: float
    height: float


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    import pypdfium2

    with _lock:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            text = _("This is not a whole PDF file. Make the paper again.")
            raise EnvError("paper.pdf_damaged", text) from error
        try:
            yield document
        finally:
            document.close()


def page_sizes(pdf: bytes) -> tuple[PageSize, ...]:
    """The size of every page; raises EnvError for bytes that are no PDF."""
    with _opened(pdf) as document:
        sizes = (document.get_page_size(index) for index in range(len(document)))
        return tuple(PageSize(width, height) for width, height in sizes)


def page_pixels(pdf: bytes, index: int, scale: float = 1.0) -> Pixels:
    """Page ``index`` (from 0) at ``scale`` pixels a point; raises EnvError for bytes that are no PDF."""
    import pypdfium2.raw as raw

    with _opened(pdf) as document:
        page = document[index]
        bitmap = page.render(scale=scale, force_bitmap_format=raw.FPDFBitmap_BGRA, rev_byteorder=True)
        try:
            row = bitmap.width * 4
            data = bytes(bitmap.buffer)
            if bitmap.stride != row:
                data = b"".join(data[y * bitmap.stride : y * bitmap.stride + row] for y in range(bitmap.height))
            return Pixels(bitmap.width, bitmap.height, data)
        finally:
            bitmap.close()
            page.close()


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """The text of every page as a reader copies it out; raises EnvError for bytes that are no PDF."""
    with _opened(pdf) as document:
        return tuple(_page_text(document, index) for index in range(len(document)))


def _page_text(document: Any, index: int) -> str:
    page = document[index]
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded())
    finally:
        text.close()
        page.close()
