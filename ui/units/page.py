"""Areas: quarters and the groups in them."""

from __future__ import annotations

from collections.abc import Mapping

from hoidesk.language import _
from ui.app import App
from ui.records.cells import choice_text, count, text
from ui.records.fields import Section
from ui.records.page import SubjectPage
from ui.records.subject import Child, Filter, Subject
from ui.records.tabbed import TabbedPage
from ui.shell.page import Desk, Page
from ui.units.clusters import ClustersPage
from ui.units.clusters import subject as subject_clusters
from ui.units.subordinates import subject as subject_units
from ui.widgets.cells import Column

__all__ = ["build", "subject", "subject_clusters", "subject_units"]


def subject(app: App) -> Subject:
    """What the page of areas lists, shows and edits."""

    return Subject(
        table="area",
        listing="areas",
        title=lambda: _("Areas"),
        columns=(
            Column("name", lambda: _("Name"), text("name"), sort="name"),
            Column("code", lambda: _("Code"), text("code", role="text2"), width=9, priority=2, sort="code"),
            Column("households", lambda: _("Households"), count("households"), width=6.5, right=True, priority=2),
            Column("branches", lambda: _("Branches"), count("branches"), width=6, right=True),
            Column("part_of", lambda: _("Part of"), text("part_of"), width=11, priority=3),
        ),
        sections=(
            Section(lambda: _("Area"), ("name", "kind", "code", "parent_id", "households")),
            Section(lambda: _("Dates"), ("effective_from", "effective_to", "old_unit_name")),
            Section(lambda: _("Remark"), ("remark",)),
        ),
        save="area.save",
        new_label=lambda: _("Add an area"),
        empty=(
            lambda: _("No area is recorded yet. Branches and meetings belong to areas."),
            lambda: _("Add the first area."),
        ),
        filters=(
            Filter(
                "quarter", lambda: choice_text("area_kinds", "quarter", app.labels), lambda day: {"kind": "quarter"}
            ),
            Filter("group", lambda: choice_text("area_kinds", "group", app.labels), lambda day: {"kind": "group"}),
        ),
        dated=True,
        subtitle=lambda record: f"{record['kind']}, {record['code']}",
        children=(
            Child(
                "branch",
                "branches",
                lambda: _("Branches"),
                "area_id",
                columns=(
                    Column("name", lambda: _("Branch"), text("name")),
                    Column("members", lambda: _("Members"), count("members"), width=7.4, right=True),
                ),
                place="branches",
            ),
            Child(
                "post",
                "posts",
                lambda: _("Posts"),
                "area_id",
                columns=(
                    Column("title", lambda: _("Post"), text("title")),
                    Column("holder", lambda: _("Office-holder"), text("holder"), width=12),
                ),
                sections=(
                    Section(lambda: _("Post"), ("title", "holder", "field_of_work", "held_from", "held_to", "phone")),
                ),
                save="post.save",
                new_label=lambda: _("Add a post"),
            ),
        ),
        read_back=_read_back,
        defaults=lambda: {"kind": "quarter", "code": f"{app.book.unit.code}-" if app.book is not None else ""},
    )


def _read_back(_values: Mapping[str, str], words: Mapping[str, str]) -> str:
    if not words["name"].strip():
        return ""
    said = _("{name}, {kind}, code {code}").format(name=words["name"], kind=words["kind"], code=words["code"])
    if words["households"].strip():
        said += "; " + _("{count} households").format(count=words["households"])
    return said + "."


def build(app: App, desk: Desk) -> Page:
    """The page of areas, with the units that have books of their own and the clusters of areas."""
    pages = (
        SubjectPage(app, desk, subject(app)),
        SubjectPage(app, desk, subject_units(app)),
        ClustersPage(app, desk),
    )
    return TabbedPage(app, desk, lambda: _("Areas"), pages)
