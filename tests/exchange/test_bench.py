"""The measurements of packages run through, on a small book; what they measure is not judged here."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoidesk.exchange import onefile


def test_the_measurements_of_packages_run_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.bench.exchange import Bench

    monkeypatch.setattr(onefile, "keep_before", onefile.keep_before)  # put back afterwards
    figures = Bench(tmp_path, 1_200).figures()
    assert len(figures) == 13 and all(figure.value >= 0 for figure in figures)
    assert {figure.unit for figure in figures} == {"times", "ms", "B", "MB"}
