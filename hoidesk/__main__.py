"""``python -m hoidesk``: the command line alone."""

from __future__ import annotations

import sys

from hoidesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
