"""The pages of the desk, as data: order, words, icons, and the module that builds each when it is first opened.

A module named here has ``build(app, desk) -> Page``.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Final, cast

from hoidesk.language import N_
from ui.app import App
from ui.shell.page import Desk, Page

__all__ = ["PLACES", "Place", "place"]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu; ``group`` separates entries by a space only. ``counted``: what its number counts."""

    id: str
    label: str
    icon: str
    group: int
    module: str
    counted: str = ""
    menu: bool = True

    def build(self, app: App, desk: Desk) -> Page:
        """Make the page."""
        return cast(Page, importlib.import_module(self.module).build(app, desk))


PLACES: Final[tuple[Place, ...]] = (
    Place("home", N_("Home"), "house", 0, "ui.home.page"),
    Place("meetings", N_("Meetings"), "calendar-check", 0, "ui.meetings.page", N_("{count} branches have not met")),
    Place(
        "petitions",
        N_("Petitions"),
        "message-square-text",
        0,
        "ui.meetings.petitions",
        N_("{count} petitions are open"),
    ),
    Place("forwarded", N_("Forwarded petitions"), "mail", 0, "ui.meetings.forwarded"),
    Place("associations", N_("Associations"), "users", 1, "ui.associations.page"),
    Place("branches", N_("Branches"), "building-2", 1, "ui.associations.branches"),
    Place("areas", N_("Areas"), "map-pin", 1, "ui.units.page"),
    Place("registrations", N_("Emulation"), "flag", 2, "ui.emulation.page", N_("{count} units have not registered")),
    Place("assessments", N_("Assessment"), "clipboard-check", 2, "ui.assessment.page", N_("{count} sheets are open")),
    Place("reports", N_("Reports"), "chart-column", 2, "ui.paper.page"),
    Place(
        "exchange",
        N_("Send and receive"),
        "arrow-left-right",
        3,
        "ui.exchange.page",
        N_("{count} packages and decisions wait"),
    ),
    Place("settings", N_("Settings"), "settings", 9, "ui.settings_page"),
    Place("approvals", N_("Approved sheets"), "circle-check", 2, "ui.assessment.approvals", menu=False),
    Place("criteria_sets", N_("Criteria sets"), "clipboard-check", 2, "ui.emulation.criteria", menu=False),
    Place("details", N_("Records sent whole"), "upload", 3, "ui.exchange.details", menu=False),
    Place("outlines", N_("Outlines of the report"), "list", 2, "ui.paper.outlines", menu=False),
    Place("import", N_("Import from Excel"), "upload", 1, "ui.spreadsheets.page", menu=False),
    Place("search", N_("Search"), "search", 9, "ui.shell.search", menu=False),
    Place("shortcuts", N_("Keys"), "list", 9, "ui.shell.shortcuts", menu=False),
    Place("help", N_("Help"), "circle-help", 9, "ui.shell.help", menu=False),
)

_BY_ID: Final = {one.id: one for one in PLACES}


def place(id_: str) -> Place:
    """The place with that id; KeyError for an unknown one."""
    return _BY_ID[id_]
