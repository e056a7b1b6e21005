"""Operations: the only thing that writes.

The window, the command line, the importer and the demo run the same operations; undo, roles, errors and refresh live
here once. An operation is described by its class: name, label, fields. ``{"op": "meeting.save", …}`` as JSON is the
same operation.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import ValidationError, model_validator
from sqlmodel import SQLModel

from hoidesk.book.operation_words import CREATES, SEEN, field_meaning, operation_meaning
from hoidesk.book.records import Draft, Record
from hoidesk.book.slots import Role
from hoidesk.book.work import Work
from hoidesk.errors import UserError
from hoidesk.language import N_, _
from hoidesk.text.nfc import cleaned, quote

__all__ = ["Operation", "Save", "Step", "Void", "describe", "operations", "parse_operation"]

_KNOWN: Final[dict[str, type[Operation]]] = {}


class Operation(ABC):
    """One write, in one transaction; it either happens wholly or not at all.

    ``op``: its name for scripts. ``label``: its name for people (message id), used by undo. ``needs``: the least role.
    """

    op: ClassVar[str] = ""
    label: ClassVar[str] = ""
    needs: ClassVar[Role] = Role.OFFICER

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.op and "op" in vars(cls):
            if cls.op in _KNOWN and _KNOWN[cls.op].__qualname__ != cls.__qualname__:
                raise AssertionError(f"operation {cls.op} is declared twice")
            _KNOWN[cls.op] = cls

    @classmethod
    @abstractmethod
    def parse(cls, fields: Mapping[str, Any]) -> Operation:
        """The operation with these fields, as they come from JSON; UserError names the field at fault."""

    @classmethod
    @abstractmethod
    def fields(cls) -> dict[str, Any]:
        """The fields as a JSON schema's ``properties``."""

    @abstractmethod
    def apply(self, work: Work) -> Any:
        """Write inside the transaction of ``work`` and return the result."""

    def title(self, work: Work, result: Any) -> str:
        """What was written, for undo and history: the title of the saved record, as a rule."""
        return ""


class Step(SQLModel, Operation):
    """An operation whose fields are its own: ``class SubmitScores(Step): assessment_id: UUID; ...``."""

    model_config = {"extra": "forbid"}

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, values: Any) -> Any:
        return cleaned(values)

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Step:
        with field_errors(cls):
            return cls.model_validate(dict(fields))

    @classmethod
    def fields(cls) -> dict[str, Any]:
        return dict(cls.model_json_schema().get("properties", {}))


class Save(Operation):
    """Create a record, or change the given fields of one.

    ``SaveMeeting(branch_id=..., held_on=...)`` creates; ``SaveMeeting(id=ID, present=27)`` changes one field.
    ``seen`` is the row clock that the form was filled from: when somebody else changed one of the given fields since,
    the save is refused. Subclasses name ``draft`` and ``table`` and may override :meth:`check`.
    """

    draft: ClassVar[type[Draft]]
    table: ClassVar[type[Record]]
    needs: ClassVar[Role] = Role.SECRETARY

    def __init__(self, id: UUID | str | None = None, *, seen: int | None = None, **values: Any) -> None:
        self.id = _uuid(id)
        self.seen = seen
        self.values = values

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Save:
        known = cls.draft.model_fields.keys() | {"id", "seen"}
        for name in fields:
            if name not in known:
                raise UserError(
                    "field.unknown", _("There is no field “{field}”.").format(field=quote(name)), field=name
                )
        seen = fields.get("seen")
        if seen is not None and (type(seen) is not int or not 0 <= seen < 2**63):
            raise UserError("field.wrong", _("“{field}” cannot be read. Check what was typed.").format(field="seen"))
        return cls(**dict(fields))

    @classmethod
    def fields(cls) -> dict[str, Any]:
        own = {
            "id": {"type": "string", "format": "uuid", "default": None, "description": CREATES},
            "seen": {"type": "integer", "default": None, "description": SEEN},
        }
        return own | dict(cls.draft.model_json_schema().get("properties", {}))

    def check(self, work: Work, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """Checks that need the book; raises UserError. ``values`` is the whole record and may be completed."""

    def after(self, work: Work, id: UUID, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """What else the same act writes."""

    def apply(self, work: Work) -> UUID:
        name = str(self.table.__tablename__)
        fields = self.draft.model_fields.keys()
        if self.id is None:
            values = self._validated(self.values)
            self.check(work, values, None)
            id_ = work.insert(name, values)
            self.after(work, id_, values, None)
            return id_
        before = work.get(name, self.id)
        if self.seen is not None:
            work.not_changed_since(name, self.id, self.seen, self.values.keys())
        values = self._validated({k: v for k, v in before.items() if k in fields} | self.values)
        self.check(work, values, before)
        work.update(name, self.id, values)
        self.after(work, self.id, values, before)
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title(str(self.table.__tablename__), result)

    def _validated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        with field_errors(self.draft):
            draft = self.draft.model_validate(dict(values))
        return {name: getattr(draft, name) for name in type(draft).model_fields}


class Void(Step):
    """Set a record aside: it no longer counts, is found in the bin, and can come back."""

    op: ClassVar[str] = "record.void"
    label: ClassVar[str] = N_("Set aside")

    table: str
    id: UUID
    reason: str

    def apply(self, work: Work) -> UUID:
        if not self.reason.strip():
            raise UserError("void.no_reason", _("Type why this is set aside."), field="reason")
        work.get(self.table, self.id)
        work.update(self.table, self.id, {"voided": self.reason.strip()})
        return self.id


class Restore(Step):
    """Bring a record back that was set aside."""

    op: ClassVar[str] = "record.restore"
    label: ClassVar[str] = N_("Bring back")

    table: str
    id: UUID

    def apply(self, work: Work) -> UUID:
        work.get(self.table, self.id, voided=True)
        work.update(self.table, self.id, {"voided": None})
        return self.id

    def title(self, work: Work, result: Any) -> str:
        return work.title(self.table, self.id)


@contextmanager
def field_errors(model: type[SQLModel]) -> Iterator[None]:
    """Turn pydantic's complaints into one sentence about the first field at fault."""
    try:
        yield
    except ValidationError as error:
        raise _sentence(error, {name: _(field.title or name) for name, field in model.model_fields.items()}) from error


def _sentence(error: ValidationError, labels: Mapping[str, str]) -> UserError:
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"] if isinstance(part, str)]
    field = path[0] if path else None
    kind = first["type"]
    if "text" in first.get("ctx", {}):  # a reader of hoidesk.text already said what is wrong
        return UserError(kind, first["ctx"]["text"], field=field)
    name = labels.get(field or "", field or "")
    if kind == "missing":
        return UserError("field.missing", _("Fill in “{field}”.").format(field=name), field=field)
    if kind == "extra_forbidden":
        return UserError("field.unknown", _("There is no field “{field}”.").format(field=quote(name)), field=field)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        bound = next(iter(first.get("ctx", {}).values()), "")
        text = _("“{field}” is out of bounds; the limit is {bound}.").format(field=name, bound=bound)
        return UserError("field.bounds", text, field=field)
    if kind == "string_too_long":
        return UserError("field.too_long", _("“{field}” is too long. Shorten it.").format(field=name), field=field)
    return UserError(
        "field.wrong", _("“{field}” cannot be read. Check what was typed.").format(field=name), field=field
    )


def _uuid(value: UUID | str | None) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        text = _("“{value}” is not the id of a record.").format(value=quote(value))
        raise UserError("field.id", text, field="id") from None


def operations() -> dict[str, type[Operation]]:
    """Every operation of the program, by name; imports the operations of all rooms."""
    import importlib

    for room in OPERATION_ROOMS:
        importlib.import_module(room)
    return dict(sorted(_KNOWN.items()))


OPERATION_ROOMS: Final = (
    "hoidesk.book.settings",
    "hoidesk.units.operations",
    "hoidesk.associations.operations",
    "hoidesk.meetings.operations",
    "hoidesk.spreadsheets.operations",
    "hoidesk.emulation.operations",
    "hoidesk.assessment.operations",
    "hoidesk.figures.operations",
    "hoidesk.paper.operations",
    "hoidesk.exchange.operations",
    "hoidesk.exchange.decide.duplicate_operations",
    "hoidesk.exchange.decide.erasure_operations",
    "hoidesk.exchange.decide.set_aside",
    "hoidesk.exchange.details",
)


def parse_operation(text: str | Mapping[str, Any]) -> Operation:
    """The operation that a JSON object ``{"op": NAME, …}`` describes; UserError says what is wrong."""
    if isinstance(text, str):
        try:
            content = cleaned(json.loads(text))
        except (ValueError, RecursionError):
            raise UserError("op.json", _("This line is not a JSON object.")) from None
    else:
        content = cleaned(dict(text))
    if not isinstance(content, dict) or not isinstance(content.get("op"), str):
        raise UserError("op.no_name", _("This line names no operation; it needs {example}.").format(example='"op"'))
    name = content.pop("op")
    found = operations().get(name)
    if found is None:
        raise UserError("op.unknown", _("There is no operation “{name}”.").format(name=quote(name)), field="op")
    return found.parse(content)


def describe(found: Iterable[type[Operation]]) -> list[dict[str, Any]]:
    """Every operation as one flat object: name, meaning, least role, fields with their types."""
    return [
        {
            "name": op.op,
            "label": _(op.label),
            "meaning": operation_meaning(op.label, op.__doc__),
            "needs": op.needs.value,
            "fields": {name: _field(name, schema) for name, schema in op.fields().items()},
        }
        for op in found
    ]


def _field(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    types = [schema] if "type" in schema else list(schema.get("anyOf", []))
    words = [t.get("format", t.get("type", "")) for t in types if t.get("type") != "null"]
    optional = "default" in schema or any(t.get("type") == "null" for t in types)
    return {"type": " | ".join(words), "required": not optional, "meaning": field_meaning(name, schema)}
