"""Set up hoidesk in a checkout, then run it or test it. Standard library only.

    python3 installer/bootstrap.py run [ARGUMENT ...]     the window, or the command line with these arguments
    python3 installer/bootstrap.py test [ARGUMENT ...]    the test suite; arguments go to pytest

Makes ``.venv`` beside this folder from the locked requirements (every download is checked against its hash),
compiles bytecode and catalogues, and on Debian installs the system libraries that Qt needs when it may. A second
start finds all that done and does nothing of it again.

Written so that an old Python still reads it far enough to say that it is too old.
"""

from __future__ import annotations

import argparse
import base64
import compileall
import ctypes
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
MARKER = VENV / "hoidesk-ready.json"
LOCKS = {
    "run": ROOT / "installer" / "requirements.lock",
    "test": ROOT / "installer" / "requirements-test.lock",
}
OLDEST = (3, 11)

# Shared library -> Debian packages that hold it, the newest name first (trixie renamed some for 64-bit time).
LIBRARIES = {
    "libGL.so.1": ("libgl1",),
    "libEGL.so.1": ("libegl1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
}
WINDOW_LIBRARIES = {
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
}

# Programs that the tests run packages and faults with -> Debian packages.
TEST_TOOLS: dict[str, tuple[str, ...]] = {
    "age": ("age",),
    "jq": ("jq",),
    "openssl": ("openssl",),
    "strace": ("strace",),
    "unzip": ("unzip",),
    "xxd": ("xxd",),
    "zstd": ("zstd",),
}

# loadfile keeps the tests of one file, and so its costly fixtures, in one process.
PYTEST = ("-q", "-n", "2", "--dist", "loadfile")


class CannotGoOn(Exception):
    """What is missing and what to do, in one sentence."""


def say(text: str) -> None:
    """One line about what is being done, on standard error: standard output belongs to the program."""
    print(text, file=sys.stderr, flush=True)


def has_display() -> bool:
    """Whether a window can be opened here."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def venv_python() -> Path:
    """The Python of the virtual environment."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def missing_libraries(wanted: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The Debian packages (each with its other names) of the shared libraries that cannot be loaded."""
    missing = []
    for library, packages in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(packages)
    return missing


def may_install() -> bool:
    """Whether this is Debian (or a relative of it) and we are root."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def _debian_name(names: tuple[str, ...]) -> str:
    for name in names[:-1]:
        shown = subprocess.run(["apt-cache", "show", name], capture_output=True, check=False)
        if shown.returncode == 0 and shown.stdout:
            return name
    return names[-1]


def install_packages(missing: list[tuple[str, ...]], what_for: str) -> None:
    """Install Debian packages, or say the one line that does; raises CannotGoOn if they cannot be installed here."""
    if not may_install():
        line = "sudo apt-get install -y --no-install-recommends " + " ".join(names[-1] for names in missing)
        raise CannotGoOn(f"{what_for} needs system packages that are missing. Please run, then start again:\n  {line}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, capture_output=True, check=False)
    names = [_debian_name(names) for names in missing]
    say("Installing system packages: " + " ".join(names))
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    done = subprocess.run(command, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        say(done.stdout)
        raise CannotGoOn("The system packages could not be installed. Please run by hand:\n  " + " ".join(command))


def check_python() -> None:
    """Refuse a Python that is too old, in one sentence."""
    if sys.version_info < OLDEST:
        here = ".".join(map(str, sys.version_info[:2]))
        raise CannotGoOn(f"hoidesk needs Python 3.11 or newer, this is {here}. Please install it and start again.")


def fingerprint(purpose: str) -> str:
    """What the virtual environment was made from: another lock, project file or place makes it stale."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCKS[purpose], ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready(purpose: str) -> bool:
    """Whether an earlier start already did everything for this purpose."""
    try:
        return bool(json.loads(MARKER.read_text("utf-8")).get(purpose) == fingerprint(purpose))
    except (OSError, ValueError, AttributeError):
        return False


def make_venv() -> None:
    """Make ``.venv`` unless a working one is there."""
    if venv_python().exists():
        works = subprocess.run([str(venv_python()), "-m", "pip", "--version"], capture_output=True, check=False)
        if works.returncode == 0:
            return
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        version = ".".join(map(str, sys.version_info[:2]))
        install_packages([(f"python{version}-venv", "python3-venv")], "The virtual environment")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        return
    venv.EnvBuilder(clear=True, with_pip=True).create(VENV)


def pip(*arguments: str) -> None:
    """Run the virtual environment's pip; raises CannotGoOn if it fails."""
    command = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise CannotGoOn("The packages could not be installed. Please see the lines above, mend it and start again.")


def project_wheel(folder: Path) -> Path:
    """A wheel that points to this checkout and brings the ``hoidesk`` command: it needs no build tool.

    It holds a path file, the project's name and version, and the entry point; pip makes the launcher for the
    system it runs on.
    """
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    name, version = project["name"], project["version"]
    info = f"{name}-{version}.dist-info"
    scripts = "".join(f"{command} = {target}\n" for command, target in project["scripts"].items())
    files = {
        # A path file is read in the encoding of the system, which on Windows loses Vietnamese letters; this is ASCII.
        f"{name}.pth": f"import sys; sys.path.append({str(ROOT)!a})\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: bootstrap\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{scripts}",
    }
    record = io.StringIO()
    for path, text in files.items():
        content = text.encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record.write(f"{path},sha256={digest},{len(content)}\n")
    record.write(f"{info}/RECORD,,\n")
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record.getvalue()}.items():
            archive.writestr(path, text)
    return wheel


def set_up(purpose: str) -> None:
    """Make the virtual environment for ``purpose`` ("run" or "test"), whole: a broken attempt leaves no marker."""
    import tempfile

    say("Setting up hoidesk; this takes some minutes the first time.")
    make_venv()
    MARKER.unlink(missing_ok=True)
    pip("install", "-q", "--require-hashes", "--no-deps", "-r", str(LOCKS[purpose]))
    with tempfile.TemporaryDirectory() as folder:
        wheel = project_wheel(Path(folder))
        pip("install", "-q", "--no-deps", "--no-index", "--force-reinstall", str(wheel))
    # pip leaves the bytecode out when PYTHONDONTWRITEBYTECODE is set; without it every start costs half a second more.
    script = "import compileall, sysconfig; compileall.compile_dir(sysconfig.get_path('purelib'), quiet=2, workers=0)"
    subprocess.run([str(venv_python()), "-c", script], check=False)
    done = {"run": fingerprint("run")}
    if purpose == "test":
        done["test"] = fingerprint("test")
    MARKER.write_text(json.dumps(done, indent=1) + "\n", "utf-8")


def refresh() -> None:
    """What may have changed since the last start: the project's own bytecode and catalogues."""
    if sysconfig.get_python_version() == _venv_version():
        for folder in ("hoidesk", "ui"):
            compileall.compile_dir(str(ROOT / folder), quiet=2)
    sources = [*(ROOT / "i18n").glob("*/LC_MESSAGES/*.po"), ROOT / "i18n" / "qtbase_vi.ts"]
    for source in filter(Path.exists, sources):
        target = source.with_suffix(".mo" if source.suffix == ".po" else ".qm")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            script = str(ROOT / "installer" / "catalogues.py")
            if subprocess.run([str(venv_python()), script, "compile"], stdout=sys.stderr, check=False).returncode:
                raise CannotGoOn("The texts of the window could not be compiled. Please see the lines above.")
            return


def _venv_version() -> str:
    for line in (VENV / "pyvenv.cfg").read_text("utf-8").splitlines():
        key, _, value = line.partition("=")
        if key.strip() in ("version", "version_info"):
            return ".".join(value.strip().split(".")[:2])
    return ""


def prepare(purpose: str) -> None:
    """Everything before the program itself may start."""
    check_python()
    if sys.platform.startswith("linux"):
        wanted = {**LIBRARIES, **(WINDOW_LIBRARIES if has_display() else {})}
        if missing := missing_libraries(wanted):
            install_packages(missing, "The window")
        if purpose == "test" and (tools := [p for tool, p in TEST_TOOLS.items() if shutil.which(tool) is None]):
            install_packages(tools, "The test suite")
    if not is_ready(purpose):
        set_up(purpose)
    refresh()


def call(arguments: list[str]) -> int:
    """Run the virtual environment's Python on ``arguments`` in the user's folder; returns its exit status."""
    child = subprocess.Popen([str(venv_python()), *arguments])
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the child got it as well and ends by itself, in its own way


def run(arguments: list[str]) -> int:
    """Open the window; without a display walk through the demo instead."""
    if not arguments and not has_display():
        say("There is no display here, so the demo is run instead of the window (hoidesk demo).")
        arguments = ["demo"]
    return call(["-P", "-m", "ui.main", *arguments])


def test(arguments: list[str]) -> int:
    """Run the test suite with the fixed options."""
    if not any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        arguments = [*PYTEST, *arguments]
    os.chdir(ROOT)
    return call(["-m", "pytest", *arguments])


def main(arguments: list[str]) -> int:
    """The command line; returns the exit status of what was started."""
    parser = argparse.ArgumentParser(description="Set up hoidesk in a checkout, then run it or test it.")
    parser.add_argument("command", choices=("run", "test"))
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="passed on")
    chosen = parser.parse_args(arguments)
    try:
        prepare(chosen.command)
    except CannotGoOn as reason:
        say(str(reason))
        return 1
    return run(chosen.rest) if chosen.command == "run" else test(chosen.rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
