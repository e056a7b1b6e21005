"""What a measurement gives: a figure beside its limit."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; ``unit`` is "times" for a ratio of two things measured in the same run."""

    name: str
    value: float
    limit: float
    unit: str = "times"
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "kept" if self.kept else "MISSED"
        line = f"{self.name:58} {self.value:7.2f} {self.unit:5}  limit {self.limit:g}  {verdict}"
        return f"{line}\n    {self.note}" if self.note else line
