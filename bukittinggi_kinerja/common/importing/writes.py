"""What an import wrote, so that it can be compared and taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

#: Stamped by the database at each write, so they say nothing of the content.
STAMPS = frozenset({"updated_at"})
#: Where people are kept.
PERSON = "employees.employee"

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """One row of the database; ``before`` None: the import made it. ``label`` names it to people, ``line`` is where it came from."""

    model: str
    pk: int
    before: Facts | None
    after: Facts
    line: int = 0
    label: str = ""

    @classmethod
    def made(cls, row: models.Model, *, line: int = 0, label: str = "") -> Written:
        """A row that was created, with all its values."""
        return cls(row._meta.label_lower, row.pk, None, facts_of(row), line, label)

    @classmethod
    def changed(cls, row: models.Model, before: Mapping[str, Any], *, line: int = 0, label: str = "") -> Written:
        """A row whose fields were set; ``before`` is what ``facts_of(row, fields)`` said earlier."""
        return cls(row._meta.label_lower, row.pk, dict(before), facts_of(row, tuple(before)), line, label)


def facts_of(row: models.Model, fields: Sequence[str] | None = None) -> Facts:
    """Values of these fields (all but key and stamps) as JSON can hold them; keys are names of fields, a relation is its id."""
    chosen = [row._meta.get_field(name) for name in fields] if fields is not None else _content(type(row))
    return {one.name: _plain(one, row) for one in chosen}  # type: ignore[arg-type]


def value_of(field: models.Field[Any, Any], plain: Any) -> Any:
    """The value that ``facts_of`` wrote down."""
    return None if plain is None else field.to_python(plain)


def model_of(label: str) -> type[models.Model]:
    return apps.get_model(label)


def people_of(label: str, rows: Collection[int]) -> set[int]:
    """Keys of the people that these rows are about; none for rows that hang on another row of the same import."""
    if label == PERSON:
        return set(rows)
    model = model_of(label)
    if all(field.name != "employee" for field in model._meta.concrete_fields):
        return set()
    found = model._base_manager.filter(pk__in=rows, employee__isnull=False)  # noqa: SLF001
    return set(found.values_list("employee", flat=True))


@cache
def _content(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [one for one in model._meta.concrete_fields if not one.primary_key and one.name not in STAMPS]


def _plain(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = getattr(row, field.attname)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return field.value_to_string(row)
