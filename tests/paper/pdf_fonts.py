"""Reads from a PDF which fonts it names and whether their files lie inside."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as raw


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Base font name -> embedded, over every text object of every page."""
    found: dict[str, bool] = {}
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=6):
                font = raw.FPDFTextObj_GetFont(thing.raw)
                size = raw.FPDFFont_GetBaseFontName(font, None, 0)
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFFont_GetBaseFontName(font, buffer, size)
                found[buffer.value.decode("utf-8", "replace")] = bool(raw.FPDFFont_GetIsEmbedded(font))
            page.close()
    finally:
        document.close()
    return found
