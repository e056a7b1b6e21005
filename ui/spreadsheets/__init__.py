"""Spreadsheets come in: file, preview, one batch."""
