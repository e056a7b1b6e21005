"""The borders inside the project: what may import what, how long a file may be, and what the whole must pass."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"hoidesk", "ui", "resources", "i18n", "installer", "tests", "pyproject.toml", "README.md", "LICENSE"}
LONGEST = 400
DATA_LIBRARIES = {"sqlalchemy", "sqlmodel", "pydantic", "sqlcipher3", "alembic"}
HEAVY = {*DATA_LIBRARIES, "reportlab", "yaml", "babel", "docxtpl", "docx", "lxml", "xlsxwriter", "python_calamine",
         "pypdfium2", "PIL"}  # fmt: skip


def sources(*folders: str) -> list[Path]:
    """Every Python file below these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere below ``tree``, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno


def module_level(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The modules imported when the file is: not inside functions, not for the type checker alone."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(node)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            waiting += [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def run_python(code: str) -> str:
    """Standard output of a fresh interpreter that ran ``code`` in the checkout."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_knows_no_window() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in sources("hoidesk")
        for module, line in imports(parsed(path))
        if module.split(".")[0] in {"ui", "PySide6", "shiboken6"}
    ]
    assert found == []


def test_the_window_holds_no_data_library() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in sources("ui")
        for module, line in module_level(parsed(path))
        if module.split(".")[0] in DATA_LIBRARIES
    ]
    assert found == []


def test_every_module_of_the_core_imports_without_qt() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sources("hoidesk")
        if path.name != "__main__.py"
    ]
    assert len(modules) > 20
    code = f"""
import importlib, sys
for name in ("PySide6", "shiboken6", "ui"):
    sys.modules[name] = None
for name in {modules!r}:
    importlib.import_module(name)
print(sys.modules["PySide6"])
"""
    assert run_python(code).strip() == "None"


def test_nothing_heavy_before_the_first_paint() -> None:
    code = """
import json, sys
import ui.main
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.settings import SettingsFile

application = QApplication(["hoidesk"])
def painted(window):
    print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
    application.quit()
ui.main._load = painted
window = ui.main.make_window(SettingsFile())
window.show()
QTimer.singleShot(60_000, application.quit)
application.exec()
window.app.quit()
"""
    loaded = set(json.loads(run_python(code)))
    assert "PySide6" in loaded
    assert loaded & HEAVY == set()


def test_the_command_line_does_without_qt() -> None:
    code = (
        "import sys; sys.argv = ['hoidesk', '--help']\n"
        "try:\n    from ui.main import run; run()\nexcept SystemExit: pass\n"
        "print('PySide6' in sys.modules)"
    )
    assert run_python(code).splitlines()[-1] == "False"


@pytest.mark.parametrize("folder", ["hoidesk", "ui", "installer", "tests"])
def test_files_are_short(folder: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(folder)}
    assert lengths
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LONGEST} == {}


def test_the_top_level_is_the_agreed_one() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:  # an unpacked archive has no history; then the folder itself is looked at
        names = {path.name for path in ROOT.iterdir()} - {"build", "dist"}
    else:
        names = {name.split("/")[0] for name in tracked.stdout.split("\0") if name}
    assert {name for name in names if not name.startswith(".") and not name.endswith(".egg-info")} <= TOP_LEVEL


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the project."""
    kinds = {".py", ".md", ".yaml", ".toml", ".json", ".po", ".pot", ".ts", ".txt", ".lock", ".mako", ".ini"}
    for folder in sorted(TOP_LEVEL):
        start = ROOT / folder
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file() and path.suffix in kinds:
                yield path, path.read_text(encoding="utf-8")


def test_pages_that_are_named_exist() -> None:
    here = {path.name for folder in TOP_LEVEL for path in (ROOT / folder).rglob("*.md")} | {"README.md"}
    named = re.compile(r"(?<![\w*{}/.-])(?:[\w.-]+/)*([A-Za-z][\w-]*\.md)\b")
    lost = [f"{path.relative_to(ROOT)}: {name}" for path, text in texts() for name in named.findall(text)
            if name not in here]  # fmt: skip
    assert lost == []


def test_no_path_of_one_machine() -> None:
    # Tests make up homes to try paths with; anywhere else a home or a mount is a leftover of some machine.
    leftover = re.compile(r"(?<![\w.])/(?:home|root|work|Users|opt)/[\w.-]+")
    found = [
        f"{path.relative_to(ROOT)}: {hit}"
        for path, text in texts()
        if path.relative_to(ROOT).parts[0] != "tests"
        for hit in leftover.findall(text)
    ]
    assert found == []


def test_locks_name_no_address() -> None:
    for lock in sorted((ROOT / "installer").glob("*.lock")):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--(?:extra-)?index|--find-links| @ ", text), lock.name


def run_tool(*arguments: str) -> None:
    """Run a tool of the virtual environment over the project; its findings are the failure."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    run_tool("ruff", "check", "--no-cache", ".")


def test_the_code_is_formatted() -> None:
    run_tool("ruff", "format", "--check", "--no-cache", ".")


def test_mypy_finds_nothing() -> None:
    run_tool("mypy", "hoidesk", "ui", "installer")
