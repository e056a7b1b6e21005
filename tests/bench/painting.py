"""The first paint of the program against that of a bare PySide6 window with a table.

Both are processes of their own, timed from their start to the word they print after the first paint event.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure

__all__ = ["measure"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_ROUNDS: Final = 20

_BARE: Final = """
import os, sys
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

class Model(QAbstractTableModel):
    def rowCount(self, parent=None): return 1000
    def columnCount(self, parent=None): return 6
    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return f"{index.row()} {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None

class View(QTableView):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)
        os._exit(0)

app = QApplication(sys.argv)
window = QMainWindow()
view = View()
view.setModel(Model())
window.setCentralWidget(view)
window.resize(1366, 740)
window.show()
app.exec()
"""

_OWN: Final = """
import os
from ui import main

make_window = main.make_window

def painted():
    print("painted", flush=True)
    os._exit(0)

def make(settings):
    window = make_window(settings)
    window.painted.connect(painted)
    return window

main.make_window = make
main.run([])
"""


def _seconds(script: str, home: str) -> float:
    environment = os.environ | {"HOME": home, "XDG_CONFIG_HOME": home, "PYTHONDONTWRITEBYTECODE": ""}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=_ROOT, env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        elapsed = time.perf_counter() - start
    assert line == b"painted\n", line
    return elapsed


def measure(_big: Path) -> list[Figure]:
    """The ratio of the lower quartiles: other work on the PC only adds."""
    times: dict[str, list[float]] = {"own": [], "bare": []}
    with tempfile.TemporaryDirectory() as home:
        for number in range(_ROUNDS + 1):
            for name, script in [("own", _OWN), ("bare", _BARE)][:: 1 if number % 2 else -1]:
                elapsed = _seconds(script, home)
                if number:  # the first round writes bytecode and warms the disk
                    times[name].append(elapsed)
    own, bare = (sorted(times[name])[_ROUNDS // 4] for name in ("own", "bare"))
    return [Figure("first paint", own / bare, 1.3, note=f"{own * 1000:.0f} ms against {bare * 1000:.0f} ms")]
