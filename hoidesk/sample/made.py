"""What the sample consists of once it is in a book."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

__all__ = ["Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """The ids of what was made, in the order of :mod:`hoidesk.sample.content`."""

    areas: list[UUID]
    associations: dict[str, UUID]
    branches: list[UUID]
    meetings: list[UUID]
