"""Two strict readers of the preset files: YAML 1.1 as PyYAML reads it, and the core schema of YAML 1.2."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from hoidesk.places import resource

FILES = sorted(resource("presets").glob("*.yaml"))


class Strict(yaml.SafeLoader):
    """YAML 1.1; refuses a key written twice, which PyYAML would let the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        assert not twice, f"{node.start_mark}: written twice: {twice}"
        return super().construct_mapping(node, deep)


class Core(Strict):
    """YAML 1.2 core schema: no yes/no, no sexagesimal numbers, no dates, no octal with a bare 0."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"null|Null|NULL|~|", "nN~"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
):
    for letter in [*first, ""] if tag == "null" else list(first):
        Core.yaml_implicit_resolvers.setdefault(letter, []).append(
            (f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"))
        )


def _decimal(loader: Core, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node), 10)


Core.add_constructor("tag:yaml.org,2002:int", _decimal)


def load(path: Path, loader: type[yaml.SafeLoader]) -> Any:
    """The file as the given reader understands it."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
