"""The window is painted before any library of the data is imported, and an argument never imports Qt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
HEAVY = ("sqlalchemy", "sqlmodel", "pydantic", "reportlab", "yaml", "alembic", "babel", "docxtpl", "pypdfium2")

PAINT = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.main import make_window
from ui.settings import SettingsFile
heavy = lambda: sorted(set(sys.argv[1].split(",")) & set(sys.modules))
application = QApplication([])
window = make_window(SettingsFile())
seen = []
def painted():
    seen.append(heavy())
    window.app.lanes.book.submit(lambda ticket: None, done=lambda nothing: finish())
def finish():
    seen.append("sqlalchemy" in sys.modules)
    window.close()
    application.quit()
# Connected before the loader's own slot would be enough only if the order were kept: the loader runs in a thread.
window.painted.disconnect()
window.painted.connect(painted)
from ui.main import _load
window.painted.connect(lambda: _load(window))
window.show()
QTimer.singleShot(60000, application.quit)
application.exec()
print(seen[0])
"""


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    done = _python("-c", PAINT, ",".join(HEAVY))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]", done.stdout


def test_main_alone_imports_neither_qt_nor_data() -> None:
    names = ",".join((*HEAVY, "PySide6"))
    done = _python("-c", "import sys, ui.main; print(sorted(set(sys.argv[1].split(',')) & set(sys.modules)))", names)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_an_argument_goes_to_the_command_line_without_qt() -> None:
    program = (
        "import sys\nfrom ui.main import run\n"
        "try:\n    run(['--version'])\nexcept SystemExit as end:\n    print('status', end.code)\n"
        "print('PySide6' in sys.modules)"
    )
    done = _python("-c", program)
    assert "status 0" in done.stdout
    assert done.stdout.strip().endswith("False"), done.stdout + done.stderr


@pytest.mark.threads
def test_the_window_opens_loads_and_closes_without_a_trace() -> None:
    program = (
        "import sys\nfrom PySide6.QtCore import QTimer\nfrom PySide6.QtWidgets import QApplication\n"
        "from ui.main import make_window\nfrom ui.settings import SettingsFile\n"
        "application = QApplication([])\nwindow = make_window(SettingsFile())\n"
        "ready = window.unlock.data_ready\n"
        "window.unlock.data_ready = lambda: (ready(), QTimer.singleShot(200, window.close))\n"
        "window.show()\nQTimer.singleShot(60000, lambda: sys.exit('late'))\n"
        "status = application.exec()\nwindow.app.quit()\nprint('ended', status)"
    )
    done = _python("-W", "error", "-c", program)
    assert done.stdout.strip() == "ended 0", done.stderr
    assert done.stderr.strip() in ("", "This plugin does not support propagateSizeHints()")


@on_linux
def test_without_a_display_one_sentence_is_told(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    done = subprocess.run(
        [sys.executable, "-m", "ui.main"],
        capture_output=True, text=True, timeout=120, check=False, env={**bare, "XDG_CONFIG_HOME": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "Máy này không có màn hình. Xin dùng lệnh; xem các lệnh bằng hoidesk --help.\n"
