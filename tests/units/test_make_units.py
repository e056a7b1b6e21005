"""The script that makes the list of administrative units keeps official codes and full names."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import make_units
import pytest

from tests.vietnamese import nfd


def wheel(folder: Path, init: str) -> Path:
    """A wheel with one province and two communal units, its names decomposed."""
    path = folder / "vietnam_provinces.whl"
    nested = [
        {
            "name": nfd("Cao Bằng"),
            "code": 4,
            "wards": [{"name": nfd("Xã Bảo Lâm"), "code": 1290}, {"name": nfd("Phường  Thục Phán"), "code": 1273}],
        },
        {"name": "Thành phố Hà Nội", "code": 1, "wards": []},
    ]
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("vietnam_provinces/data/nested-divisions.json", json.dumps(nested))
        made.writestr("vietnam_provinces/__init__.py", init)
    return path


def test_codes_are_padded_and_names_full_and_composed(tmp_path: Path) -> None:
    content = make_units.read_wheel(wheel(tmp_path, "__version__ = '2025.1'\n__data_version__ = '2025-10-18'\n"))
    assert content["provinces"] == [
        ["01", "Thành phố Hà Nội", []],
        ["04", "Tỉnh Cao Bằng", [["01273", "Phường Thục Phán"], ["01290", "Xã Bảo Lâm"]]],
    ]
    assert content["data_date"] == "2025-10-18" and "2025.1" in content["through"]


def test_a_wheel_without_a_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="version of the data"):
        make_units.read_wheel(wheel(tmp_path, ""))
