"""The set-up script: what it refuses, what it installs, when it is done, and that the locks fit the project."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import bootstrap
import pytest


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without a virtual environment, into which nothing may be installed."""
    root = tmp_path / "khu phố"
    (root / "installer").mkdir(parents=True)
    (root / "pyproject.toml").write_bytes((bootstrap.ROOT / "pyproject.toml").read_bytes())
    for lock in bootstrap.LOCKS.values():
        (root / "installer" / lock.name).write_text(f"# {lock.name}\n", encoding="utf-8")
    locks = {purpose: root / "installer" / lock.name for purpose, lock in bootstrap.LOCKS.items()}
    monkeypatch.setattr(bootstrap, "ROOT", root)
    monkeypatch.setattr(bootstrap, "VENV", root / ".venv")
    monkeypatch.setattr(bootstrap, "MARKER", root / ".venv" / "hoidesk-ready.json")
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    return root


def pins(path: Path) -> dict[str, str]:
    """Name and version of every line of a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", path.read_text("utf-8"), flags=re.MULTILINE))


def test_an_old_python_is_refused_in_one_sentence(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    assert bootstrap.main(["run"]) == 1
    said = capsys.readouterr()
    assert "needs Python 3.11 or newer" in said.err
    assert said.out == ""
    assert not (checkout / ".venv").exists()


def test_only_the_standard_library_is_needed() -> None:
    code = "import sys; sys.path.insert(0, 'installer'); import bootstrap; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=bootstrap.ROOT, capture_output=True, text=True,
                          check=True)  # fmt: skip
    foreign = {name.split(".")[0] for name in done.stdout.split()} - set(sys.stdlib_module_names)
    assert foreign - {"bootstrap", "__main__"} == set()


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = bootstrap.missing_libraries({"libno-such-thing.so.9": ("libno-such-thing9t64", "libno-such-thing9")})
    assert missing == [("libno-such-thing9t64", "libno-such-thing9")]
    monkeypatch.setattr(bootstrap, "may_install", lambda: False)
    with pytest.raises(bootstrap.CannotGoOn, match=r"sudo apt-get install -y .* libno-such-thing9$"):
        bootstrap.install_packages(missing, "The window")


def test_the_marker_holds_until_something_changes(checkout: Path) -> None:
    bootstrap.VENV.mkdir()
    assert not bootstrap.is_ready("run")
    bootstrap.MARKER.write_text(json.dumps({"run": bootstrap.fingerprint("run")}), encoding="utf-8")
    assert bootstrap.is_ready("run")
    assert not bootstrap.is_ready("test")
    with (checkout / "installer" / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("more\n")
    assert not bootstrap.is_ready("run")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "7"])
def test_a_damaged_marker_means_not_ready(checkout: Path, content: str) -> None:
    bootstrap.VENV.mkdir()
    bootstrap.MARKER.write_text(content, encoding="utf-8")
    assert not bootstrap.is_ready("run")


def test_a_failed_set_up_leaves_no_marker(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_arguments: str) -> None:
        raise bootstrap.CannotGoOn("no network")

    bootstrap.VENV.mkdir()
    bootstrap.MARKER.write_text(json.dumps({"run": bootstrap.fingerprint("run")}), encoding="utf-8")
    monkeypatch.setattr(bootstrap, "make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "pip", failing)
    with pytest.raises(bootstrap.CannotGoOn):
        bootstrap.set_up("run")
    assert not bootstrap.is_ready("run")


def test_the_project_is_installed_as_a_pointer(checkout: Path, tmp_path: Path) -> None:
    wheel = bootstrap.project_wheel(tmp_path)
    target = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    (found,) = importlib.metadata.distributions(path=[str(target)])
    assert found.version == tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    (command,) = found.entry_points
    assert (command.name, command.value) == ("hoidesk", "ui.main:run")
    code = f"import site, sys; site.addsitedir({str(target)!r}); print(ascii(sys.path[-1]))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True,
                          env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})  # fmt: skip
    assert done.stdout.strip() == ascii(str(checkout))
    listed = {str(file): file.hash for file in found.files or ()}
    assert set(listed) == {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert all(digest is not None or name.endswith("RECORD") for name, digest in listed.items())


@pytest.mark.parametrize(
    ("display", "given", "started"),
    [
        (False, [], ["demo"]),
        (True, [], []),
        (False, ["list", "Sổ phường.hoibook", "meetings"], ["list", "Sổ phường.hoibook", "meetings"]),
        (True, ["demo", "--dir", "x"], ["demo", "--dir", "x"]),
    ],
)
def test_run_opens_the_window_or_walks_through_the_demo(
    display: bool,
    given: list[str],
    started: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "has_display", lambda: display)

    def call(arguments: list[str]) -> int:
        calls.append(arguments)
        return 3

    monkeypatch.setattr(bootstrap, "call", call)
    assert bootstrap.run(given) == 3
    assert calls == [["-P", "-m", "ui.main", *started]]
    assert ("no display" in capsys.readouterr().err) == (not display and not given)


def test_the_status_of_the_child_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    assert bootstrap.call(["-c", "raise SystemExit(5)"]) == 5


def test_the_locks_fit_the_project() -> None:
    project = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text("utf-8"))
    run, test = pins(bootstrap.LOCKS["run"]), pins(bootstrap.LOCKS["test"])
    wanted = {re.split(r"[<>=~ ]", line)[0] for line in project["project"]["dependencies"]}
    assert wanted <= set(run)
    assert {re.split(r"[<>=~ ]", line)[0] for line in project["dependency-groups"]["dev"]} <= set(test)
    assert run.items() <= test.items()
    assert run["pyside6-essentials"] == run["shiboken6"] == "6.11.3"
