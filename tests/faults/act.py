"""``python -m tests.faults.act export|receive BOOK USB [--careless]``: one act on a book, to be interrupted.

Prints ``done`` when the act has returned. ``--careless`` switches the flushing of the database off: a harness that sees
no loss then is blind.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from hoidesk.book.folder import open_book
from hoidesk.errors import Refusal
from hoidesk.exchange.export import export_package
from hoidesk.exchange.packages.reading import open_here
from hoidesk.exchange.receive import receive


def main() -> int:
    """Run the act; 3 when it was refused, as the command line does."""
    act, book, usb = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    try:
        with open_book(book, password=os.environ["HOIDESK_PASSWORD"]) as opened:
            if "--careless" in sys.argv:
                assert opened._writer is not None
                with opened._writer.connect() as connection:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("PRAGMA synchronous = OFF")
            if act == "export":
                export_package(opened, usb)
            elif any(r.state == "refused" for r in receive(opened, [usb], opener=open_here).results):
                return 3
            with contextlib.suppress(OSError):  # the fault may strike this line
                os.write(1, b"done\n")
    except Refusal as refused:
        with contextlib.suppress(OSError):
            os.write(2, refused.text.encode())
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
