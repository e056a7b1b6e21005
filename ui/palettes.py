"""Colours as roles: light, dark and high contrast.

Every pair that is used keeps 4.5 to 1 for text and 3 to 1 for edges (WCAG 2); a test computes it from these values.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal

__all__ = ["PALETTES", "THEMES", "Palette", "ThemeName", "Tone", "contrast"]

ThemeName = Literal["light", "dark", "contrast"]
Tone = Literal["bad", "warn", "ok", "neutral", "waiting"]
"""What a state means: overdue or refused, look again, proven, at rest, waits for the user."""

THEMES: Final[tuple[ThemeName, ...]] = ("light", "dark", "contrast")


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours as ``#RRGGBB``, named by role."""

    ground: str
    surface: str
    nav: str
    line: str
    control: str
    text: str
    text2: str
    accent: str
    on_accent: str
    selected: str
    on_selected: str
    bad: str
    bad_tint: str
    warn: str
    warn_tint: str
    ok: str
    ok_tint: str
    neutral: str
    neutral_tint: str
    edges: bool = False  # high contrast: tints vanish and edges carry the shape instead

    def tone(self, tone: Tone) -> tuple[str, str]:
        """Text colour and tint of a state."""
        match tone:
            case "bad":
                return self.bad, self.bad_tint
            case "warn":
                return self.warn, self.warn_tint
            case "ok":
                return self.ok, self.ok_tint
            case "waiting":
                return self.accent, self.surface
            case "neutral":
                return self.neutral, self.neutral_tint

    def role(self, name: str) -> str:
        """The colour of a role by its name; raises KeyError for an unknown one."""
        if name not in _ROLES:
            raise KeyError(name)
        return str(getattr(self, name))


_ROLES: Final = frozenset(field.name for field in fields(Palette) if field.name != "edges")

PALETTES: Final[dict[ThemeName, Palette]] = {
    "light": Palette(
        ground="#F3F5F7",
        surface="#FFFFFF",
        nav="#E8ECF1",
        line="#D3D9E1",
        control="#75808E",
        text="#1A1E24",
        text2="#48525F",
        accent="#1A5A9E",
        on_accent="#FFFFFF",
        selected="#E1ECF8",
        on_selected="#1A1E24",
        bad="#A3161C",
        bad_tint="#FBE8E8",
        warn="#7F4700",
        warn_tint="#FDF0D5",
        ok="#1B6534",
        ok_tint="#E3F3E8",
        neutral="#48525F",
        neutral_tint="#E8ECF1",
    ),
    "dark": Palette(
        ground="#15181C",
        surface="#1E2328",
        nav="#101317",
        line="#3A424C",
        control="#8792A0",
        text="#ECEFF3",
        text2="#B8C1CC",
        accent="#86B8F4",
        on_accent="#0C1A2B",
        selected="#263C57",
        on_selected="#FFFFFF",
        bad="#FFA19B",
        bad_tint="#40211F",
        warn="#F3C271",
        warn_tint="#3B2D13",
        ok="#8BD6A0",
        ok_tint="#1A3524",
        neutral="#B8C1CC",
        neutral_tint="#2B3139",
    ),
    "contrast": Palette(
        ground="#000000",
        surface="#000000",
        nav="#000000",
        line="#FFFFFF",
        control="#FFFFFF",
        text="#FFFFFF",
        text2="#FFFFFF",
        accent="#FFE500",
        on_accent="#000000",
        selected="#FFE500",
        on_selected="#000000",
        bad="#FFB3B3",
        bad_tint="#000000",
        warn="#FFD36B",
        warn_tint="#000000",
        ok="#9DFFB0",
        ok_tint="#000000",
        neutral="#FFFFFF",
        neutral_tint="#000000",
        edges=True,
    ),
}


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
