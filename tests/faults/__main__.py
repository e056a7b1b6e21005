"""Faults in their long form: ``python -m tests.faults [crash] [power] [trips] [flips] [crowd]``; without a name, all.

Prints a line for each figure and each fault, and ends with status 1 when there was one. Takes about an hour on two
cores.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ["HOIDESK_TEST_CHEAP_KDF"] = "1"

from tests.faults.crash import points, try_point
from tests.faults.power import cut_power
from tests.faults.scene import ACTS, make_scene


def crash(place: Path) -> int:
    """Every call of an export and of a receive: killed there, or no room there."""
    scene, wrong = make_scene(place), 0
    for act in ACTS:
        found = list(points(act, scene))
        for point in found:
            if fault := try_point(point, scene):
                wrong += 1
                print(f"FAULT {point}: {fault}", flush=True)
        calls = collections.Counter(f"{p.what} {p.call}" for p in found)
        print(f"crash, {act}: {len(found)} points, {dict(sorted(calls.items()))}", flush=True)
    return wrong


def power(place: Path) -> int:
    """Cuts behind every step, with nothing and with parts of what was not flushed."""
    scene, wrong = make_scene(place), 0
    for act in ACTS:
        cuts = cut_power(act, scene, every=1 if act == "export" else 4, seeds=range(4))
        wrong += len(cuts.faults)
        print("\n".join(f"FAULT {fault}" for fault in cuts.faults))
        print(f"power, {act}: {cuts.tried} cuts, {cuts.states}", flush=True)
        careless = cut_power(act, scene, every=1000, seeds=range(4), careless=True)
        print(f"power, {act} without flushing: loss seen in {len(careless.faults)} of {careless.tried}", flush=True)
        wrong += not careless.faults
    return wrong


FAULTS: dict[str, Callable[[Path], int]] = {"crash": crash, "power": power}
for name in ("trips", "flips", "crowd"):
    if importlib.util.find_spec(f"tests.faults.{name}"):
        FAULTS[name] = importlib.import_module(f"tests.faults.{name}").long_form


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *FAULTS], help=" ".join(FAULTS))
    wrong = 0
    for name in parser.parse_args().names or list(FAULTS):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            for variable in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
                os.environ[variable] = str(home)
            wrong += FAULTS[name](Path(folder))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
