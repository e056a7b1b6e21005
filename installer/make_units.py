"""Make resources/units/administrative_2025.json from the PyPI package vietnam-provinces (development only).

    pip download --no-deps vietnam-provinces==2025.10.1 --dest DIR
    python installer/make_units.py DIR/vietnam_provinces-2025.10.1-py3-none-any.whl

Only the names and codes that the statistics office publishes are kept; the wheel is read, not installed.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "resources" / "units" / "administrative_2025.json"
NESTED = "vietnam_provinces/data/nested-divisions.json"


def _name(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _province(text: str) -> str:
    """The full official name: the package leaves the word for a province away, but not the one for a city."""
    name = _name(text)
    return name if name.startswith("Thành phố ") else f"Tỉnh {name}"


def _communes(wards: list[dict[str, Any]]) -> list[list[str]]:
    return [[f"{one['code']:05d}", _name(one["name"])] for one in sorted(wards, key=lambda one: one["code"])]


def read_wheel(path: Path) -> dict[str, Any]:
    """The content of the resource: provinces with their communal units, codes padded as the office writes them."""
    with zipfile.ZipFile(path) as wheel:
        nested = json.loads(wheel.read(NESTED))
        init = wheel.read("vietnam_provinces/__init__.py").decode()
    version, day = (re.search(rf"^__{name}__ = '([^']+)'", init, re.MULTILINE) for name in ("version", "data_version"))
    if version is None or day is None:
        raise SystemExit(f"{path.name} does not say which version of the data it holds.")
    return {
        "source": "General Statistics Office of Viet Nam, danhmuchanhchinh.gso.gov.vn",
        "through": f"vietnam-provinces {version.group(1)} (PyPI)",
        "data_date": day.group(1),
        "in_force_from": "2025-07-01",
        "provinces": [
            [f"{one['code']:02d}", _province(one["name"]), _communes(one["wards"])]
            for one in sorted(nested, key=lambda one: one["code"])
        ],
    }


def main() -> None:
    """Write the resource, one province a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    content = read_wheel(parser.parse_args().wheel)
    provinces = content.pop("provinces")
    head = json.dumps(content, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in provinces)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(f'{head},\n "provinces": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
