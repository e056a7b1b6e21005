"""Search on 60,000 meetings in the core: a letter at most 20 ms, three letters and more at most 5 ms."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from hoidesk.book.folder import open_book
from hoidesk.book.search import search
from tests.bench.big_book import PASSWORD
from tests.bench.figures import Figure

__all__ = ["measure"]

_LETTERS: Final = ("d", "n", "k", "c", "2", "đ")
_WORDS: Final = ("duo", "đường", "nguyễn", "khu pho 3", "chi hoi khuyen hoc 12", "12/05", "nguyen van an", "zzz")
_ROUNDS: Final = 40


def measure(big: Path) -> list[Figure]:
    """Milliseconds of the slowest query of each kind, in all tables, 200 results at most.

    Of each query the lower quartile of its rounds counts: other work on the PC only adds.
    """
    with open_book(big, password=PASSWORD, writer=False) as book, book.read() as connection:

        def slowest(queries: tuple[str, ...]) -> float:
            typical = []
            for query in queries:
                rounds = []
                for _round in range(_ROUNDS):
                    start = time.perf_counter()
                    search(connection, query)
                    rounds.append(time.perf_counter() - start)
                typical.append(sorted(rounds)[_ROUNDS // 4])
            return max(typical) * 1000

        return [
            Figure("search, one letter", slowest(_LETTERS), 20, "ms"),
            Figure("search, three letters and more", slowest(_WORDS), 5, "ms"),
        ]
